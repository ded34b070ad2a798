//! Faults of a rule in the words of whoever writes editions.

use cchc_core::Refusal;

use super::RuleFault;
use crate::figure::vietnamese as comma;

pub(super) fn vietnamese(fault: &RuleFault) -> String {
    use RuleFault as F;
    match fault {
        F::Empty => "quy tắc chấm điểm chưa có mức nào".to_owned(),
        F::PercentOutOfRange { percent } => format!(
            "tỷ lệ {}% ngoài phạm vi cho phép (từ 0 đến dưới 100000, tối đa 9 chữ số thập phân)",
            comma(percent)
        ),
        F::MaximumUnknown => "quy tắc cần điểm tối đa nhưng chưa có điểm tối đa".to_owned(),
        F::StepsUnsorted { before, after } => {
            let (before, after) = (comma(before), comma(after));
            format!("các mức phải tăng dần: mức {after} đứng sau mức {before}")
        }
        F::CountNegative { at_least } => {
            format!("số lượng tối thiểu {} không được âm", comma(at_least))
        }
        F::PointsAboveMaximum { points, max } => {
            format!("điểm {} vượt điểm tối đa {}", comma(points), comma(max))
        }
        F::MaximumUnattainable { best, max } => {
            let (best, max) = (comma(best), comma(max));
            format!("mức cao nhất chỉ cho {best} điểm, không đạt được điểm tối đa {max}")
        }
        F::TargetUnattainable { .. }
        | F::FloorAboveTarget { .. }
        | F::BandBackwards { .. }
        | F::BandGap { .. }
        | F::BandsOverlap { .. }
        | F::CeilingNeverBinds { .. }
        | F::NothingInProportion { .. } => of_shares(fault),
        F::StateTwice { .. }
        | F::StatesAlike { .. }
        | F::OptionTwice { .. }
        | F::OptionOutOfRange { .. }
        | F::NoOptionGivesAll { .. }
        | F::CapNeverBinds { .. }
        | F::CapOfNothing
        | F::EachWorthless
        | F::Unbounded => of_choices(fault),
        F::Expression { .. }
        | F::NameInvalid { .. }
        | F::NameTwice { .. }
        | F::VariableTwice { .. }
        | F::VariableUnused { .. }
        | F::ConditionsMixed
        | F::ConditionCertain { .. }
        | F::NoOtherwise
        | F::CaseUnreachable { .. } => of_formulas(fault),
        F::NotApplicableWithoutShare
        | F::RenormalisedWithoutSurvey
        | F::MeasureMismatch { .. }
        | F::VariableUndefined { .. }
        | F::SourceMismatch => of_nodes(fault),
    }
}

fn of_shares(fault: &RuleFault) -> String {
    use RuleFault as F;
    match fault {
        F::TargetUnattainable { target } => {
            format!("mức đạt điểm tối đa {}% phải lớn hơn 0 và không quá 100%", comma(target))
        }
        F::FloorAboveTarget { floor, target } => {
            let (floor, target) = (comma(floor), comma(target));
            format!("mức tối thiểu {floor}% cao hơn mức đạt điểm tối đa {target}%")
        }
        F::BandBackwards { from, to } => {
            format!("mức từ {}% đến {}% không chứa tỷ lệ nào", comma(from), comma(to))
        }
        F::BandGap { from, to } => {
            let (from, to) = (comma(from), comma(to));
            format!("chưa có mức điểm cho tỷ lệ trong khoảng từ {from}% đến {to}%")
        }
        F::BandsOverlap { at } => format!("hai mức điểm cùng chứa tỷ lệ {}%", comma(at)),
        F::CeilingNeverBinds { ceiling, target } => {
            let (ceiling, target) = (comma(ceiling), comma(target));
            format!(
                "mức trần {ceiling}% không thấp hơn mức tính tỷ lệ {target}% nên không có tác dụng"
            )
        }
        F::NothingInProportion { floor, ceiling } => {
            let (floor, ceiling) = (comma(floor), comma(ceiling));
            format!(
                "không có khoảng tính theo tỷ lệ giữa mức tối thiểu {floor}% và mức trần {ceiling}%"
            )
        }
        _ => String::new(),
    }
}

fn of_choices(fault: &RuleFault) -> String {
    use RuleFault as F;
    match fault {
        F::StateTwice { title } => format!("“{title}” bị lặp"),
        F::StatesAlike { title, other, points } => {
            let points = comma(points);
            format!(
                "“{title}” và “{other}” cùng cho {points} điểm nên không phân biệt được theo điểm"
            )
        }
        F::OptionTwice { option } => format!("phương án trả lời “{option}” bị lặp"),
        F::OptionOutOfRange { option, percent } => {
            format!("phương án trả lời “{option}” ứng với {}%, phải từ 0 đến 100%", comma(percent))
        }
        F::NoOptionGivesAll { best } => format!(
            "phương án trả lời tốt nhất chỉ ứng với {}%, không đạt được điểm tối đa",
            comma(best)
        ),
        F::CapNeverBinds { cap, max } => {
            let (cap, max) = (comma(cap), comma(max));
            format!("mức giới hạn {cap} điểm không có tác dụng khi điểm tối đa là {max}")
        }
        F::CapOfNothing => "mức giới hạn 0 điểm thì không trừ được điểm nào".to_owned(),
        F::EachWorthless => "0 điểm cho mỗi đơn vị đếm thì không thay đổi gì".to_owned(),
        F::Unbounded => {
            "phải có mức giới hạn hoặc điểm tối đa để điểm không tăng vô hạn".to_owned()
        }
        _ => String::new(),
    }
}

fn of_formulas(fault: &RuleFault) -> String {
    use RuleFault as F;
    match fault {
        F::Expression { text, error } => format!("biểu thức “{text}”: {}", error.vietnamese()),
        F::NameInvalid { name } => format!(
            "“{name}” không phải là tên biến: bắt đầu bằng chữ thường không dấu, tiếp theo là chữ \
             thường không dấu, chữ số hoặc _, tối đa 32 ký tự, không trùng từ của biểu thức"
        ),
        F::NameTwice { name } => format!("tên biến “{name}” bị lặp"),
        F::VariableTwice { variable } => format!("số liệu {variable} bị lặp"),
        F::VariableUnused { name } => format!("không có biểu thức nào dùng biến “{name}”"),
        F::ConditionsMixed => {
            "hoặc mọi điều kiện đều có biểu thức, hoặc không điều kiện nào có".to_owned()
        }
        F::ConditionCertain { text, holds: true } => {
            format!("điều kiện “{text}” luôn đúng với mọi số liệu")
        }
        F::ConditionCertain { text, holds: false } => {
            format!("điều kiện “{text}” không bao giờ đúng")
        }
        F::NoOtherwise => {
            "trường hợp cuối phải không có điều kiện, để số liệu nào cũng có trường hợp áp dụng"
                .to_owned()
        }
        F::CaseUnreachable { text } => {
            format!("không có số liệu nào rơi vào trường hợp “{text}”")
        }
        _ => String::new(),
    }
}

fn of_nodes(fault: &RuleFault) -> String {
    use RuleFault as F;
    match fault {
        F::NotApplicableWithoutShare => {
            "chỉ quy tắc theo tỷ lệ do đơn vị báo cáo mới có trường hợp không phát sinh".to_owned()
        }
        F::RenormalisedWithoutSurvey => {
            "chỉ quy tắc theo kết quả khảo sát mới tính lại được khi không khảo sát".to_owned()
        }
        F::MeasureMismatch { variable } => {
            format!("quy tắc không dùng được với loại số liệu của {variable}")
        }
        F::VariableUndefined { variable } => {
            format!("số liệu {variable} chưa được định nghĩa trong bộ chỉ số")
        }
        F::SourceMismatch => "quy tắc không dùng được với nguồn chấm điểm của mục".to_owned(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use cchc_core::{Decimal, Fault as _, Points};

    use super::{super::super::expression::Expression, RuleFault as F, *};

    fn all_say<const N: usize>(said: [(F, &str); N]) {
        for (fault, vietnamese) in said {
            assert_eq!(fault.vietnamese(), vietnamese);
        }
    }

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn points(text: &str) -> Points {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_wrong_with_any_rule_is_said_with_its_figures() {
        all_say([
            (F::Empty, "quy tắc chấm điểm chưa có mức nào"),
            (
                F::PercentOutOfRange { percent: number("-0.5") },
                "tỷ lệ -0,5% ngoài phạm vi cho phép (từ 0 đến dưới 100000, tối đa 9 chữ số thập phân)",
            ),
            (F::MaximumUnknown, "quy tắc cần điểm tối đa nhưng chưa có điểm tối đa"),
            (
                F::StepsUnsorted { before: number("70"), after: number("60.5") },
                "các mức phải tăng dần: mức 60,5 đứng sau mức 70",
            ),
            (F::CountNegative { at_least: number("-2") }, "số lượng tối thiểu -2 không được âm"),
            (
                F::PointsAboveMaximum { points: points("2.5"), max: points("2") },
                "điểm 2,5 vượt điểm tối đa 2",
            ),
            (
                F::MaximumUnattainable { best: points("1.5"), max: points("2") },
                "mức cao nhất chỉ cho 1,5 điểm, không đạt được điểm tối đa 2",
            ),
        ]);
    }

    #[test]
    fn what_is_wrong_with_shares_is_said_with_its_ends() {
        let (from, to) = (number("60.5"), number("70"));
        all_say([
            (
                F::TargetUnattainable { target: number("101") },
                "mức đạt điểm tối đa 101% phải lớn hơn 0 và không quá 100%",
            ),
            (
                F::FloorAboveTarget { floor: to, target: from },
                "mức tối thiểu 70% cao hơn mức đạt điểm tối đa 60,5%",
            ),
            (F::BandBackwards { from: to, to: from }, "mức từ 70% đến 60,5% không chứa tỷ lệ nào"),
            (F::BandGap { from, to }, "chưa có mức điểm cho tỷ lệ trong khoảng từ 60,5% đến 70%"),
            (F::BandsOverlap { at: to }, "hai mức điểm cùng chứa tỷ lệ 70%"),
            (
                F::CeilingNeverBinds { ceiling: to, target: from },
                "mức trần 70% không thấp hơn mức tính tỷ lệ 60,5% nên không có tác dụng",
            ),
            (
                F::NothingInProportion { floor: from, ceiling: to },
                "không có khoảng tính theo tỷ lệ giữa mức tối thiểu 60,5% và mức trần 70%",
            ),
        ]);
    }

    #[test]
    fn what_is_wrong_with_choices_and_adjustments_names_them() {
        let (title, other) = ("kịp thời".to_owned(), "đúng hạn".to_owned());
        let option = || "A".to_owned();
        all_say([
            (F::StateTwice { title: title.clone() }, "“kịp thời” bị lặp"),
            (
                F::StatesAlike { title, other, points: points("0.5") },
                "“kịp thời” và “đúng hạn” cùng cho 0,5 điểm nên không phân biệt được theo điểm",
            ),
            (F::OptionTwice { option: option() }, "phương án trả lời “A” bị lặp"),
            (
                F::OptionOutOfRange { option: option(), percent: number("100.5") },
                "phương án trả lời “A” ứng với 100,5%, phải từ 0 đến 100%",
            ),
            (
                F::NoOptionGivesAll { best: number("60") },
                "phương án trả lời tốt nhất chỉ ứng với 60%, không đạt được điểm tối đa",
            ),
            (
                F::CapNeverBinds { cap: points("3"), max: points("2.5") },
                "mức giới hạn 3 điểm không có tác dụng khi điểm tối đa là 2,5",
            ),
            (F::CapOfNothing, "mức giới hạn 0 điểm thì không trừ được điểm nào"),
            (F::EachWorthless, "0 điểm cho mỗi đơn vị đếm thì không thay đổi gì"),
            (F::Unbounded, "phải có mức giới hạn hoặc điểm tối đa để điểm không tăng vô hạn"),
        ]);
    }

    #[test]
    fn what_is_wrong_with_formulas_names_variables_and_cases() {
        let (name, text) = (|| "n".to_owned(), || "n >= 0".to_owned());
        let error = "n >".parse::<Expression>().unwrap_err();
        let of_expression = format!("biểu thức “n >”: {}", error.vietnamese());
        all_say([
            (F::Expression { text: "n >".to_owned(), error }, of_expression.as_str()),
            (
                F::NameInvalid { name: "Max".to_owned() },
                "“Max” không phải là tên biến: bắt đầu bằng chữ thường không dấu, tiếp theo là chữ \
                 thường không dấu, chữ số hoặc _, tối đa 32 ký tự, không trùng từ của biểu thức",
            ),
            (F::NameTwice { name: name() }, "tên biến “n” bị lặp"),
            (F::VariableTwice { variable: "LETTERS".parse().unwrap() }, "số liệu LETTERS bị lặp"),
            (F::VariableUnused { name: name() }, "không có biểu thức nào dùng biến “n”"),
            (
                F::ConditionsMixed,
                "hoặc mọi điều kiện đều có biểu thức, hoặc không điều kiện nào có",
            ),
            (
                F::ConditionCertain { text: text(), holds: true },
                "điều kiện “n >= 0” luôn đúng với mọi số liệu",
            ),
            (
                F::ConditionCertain { text: text(), holds: false },
                "điều kiện “n >= 0” không bao giờ đúng",
            ),
            (
                F::NoOtherwise,
                "trường hợp cuối phải không có điều kiện, để số liệu nào cũng có trường hợp áp dụng",
            ),
            (
                F::CaseUnreachable { text: "muộn".to_owned() },
                "không có số liệu nào rơi vào trường hợp “muộn”",
            ),
        ]);
    }

    #[test]
    fn what_is_wrong_with_a_rule_on_its_node_says_what_it_takes() {
        let variable = || "DOSSIERS".parse().unwrap();
        all_say([
            (
                F::NotApplicableWithoutShare,
                "chỉ quy tắc theo tỷ lệ do đơn vị báo cáo mới có trường hợp không phát sinh",
            ),
            (
                F::RenormalisedWithoutSurvey,
                "chỉ quy tắc theo kết quả khảo sát mới tính lại được khi không khảo sát",
            ),
            (
                F::MeasureMismatch { variable: variable() },
                "quy tắc không dùng được với loại số liệu của DOSSIERS",
            ),
            (
                F::VariableUndefined { variable: variable() },
                "số liệu DOSSIERS chưa được định nghĩa trong bộ chỉ số",
            ),
            (F::SourceMismatch, "quy tắc không dùng được với nguồn chấm điểm của mục"),
        ]);
    }
}
