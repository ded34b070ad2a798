//! What a gap is made of, child by child, and a variable's figure, unit by unit: tables whose last line is the sum.

use cchc_proto::reporting::v1::{
    Explanation, GapPart, UnitPart, VariableParts, Waterfall,
    gap_part::{Kind, Reference},
};

use super::wording;
use crate::{
    error::CliError,
    output::{Output, align_right},
    say::Lang,
};

/// Units printed of a variable; `--json` has them all.
const UNITS: usize = 30;

/// Prints what an explanation says of its node's gap and of its variables.
pub(super) fn print(explanation: &Explanation, output: &Output) -> Result<(), CliError> {
    if let Some(waterfall) = &explanation.waterfall {
        print_waterfall(waterfall, output)?;
    }
    explanation.variables.iter().try_for_each(|variable| print_variable(variable, output))
}

fn print_waterfall(of: &Waterfall, output: &Output) -> Result<(), CliError> {
    let lang = output.lang();
    let figure = |value| wording::stated(value, lang);
    let (wanted, has) = (figure(of.wanted.as_ref()), figure(of.has.as_ref()));
    let at_most = if of.is_known { "" } else { "≤ " };
    let gap = figure(of.gap.as_ref());
    output.line(match lang {
        Lang::Vi => format!("\nCòn thiếu {at_most}{gap}: cần {wanted}, đang có {has}"),
        Lang::En => format!("\nGap {at_most}{gap}: {wanted} wanted, {has} there"),
    })?;
    let mut table = output.table(match lang {
        Lang::Vi => ["Mục", "Nội dung", "Cần", "Đang có", "Phần còn thiếu"],
        Lang::En => ["Node", "Title", "Wanted", "Has", "Part of the gap"],
    });
    for part in &of.parts {
        table.add_row(gap_row(part, lang));
    }
    table.add_row([String::new(), lang.t("Cộng", "Sum").to_owned(), wanted, has, gap]);
    align_right(&mut table, 2..5);
    output.line(table)
}

fn gap_row(part: &GapPart, lang: Lang) -> [String; 5] {
    let figure = |value| wording::stated(value, lang);
    let title = match part.kind() {
        Kind::NotAllotted => lang
            .t("Chỉ tiêu chung khác tổng chỉ tiêu các mục", "target allotted to no child")
            .to_owned(),
        Kind::OtherFigure => lang
            .t("Số công bố chung khác tổng các mục", "the whole was published otherwise")
            .to_owned(),
        Kind::Scaled => {
            lang.t("Quy đổi phần không phát sinh", "scaled to the whole maximum").to_owned()
        }
        Kind::Child | Kind::Unspecified => part.title.clone(),
    };
    let wanted = match part.reference() {
        Reference::Baseline => format!("[{}]", figure(part.wanted.as_ref())),
        Reference::Target | Reference::Unspecified => figure(part.wanted.as_ref()),
    };
    let gap = figure(part.gap.as_ref());
    let gap = if part.is_known {
        gap
    } else {
        format!("≤ {gap} ({})", lang.t("chưa biết", "unknown"))
    };
    [part.node_id.clone(), title, wanted, figure(part.has.as_ref()), gap]
}

fn print_variable(of: &VariableParts, output: &Output) -> Result<(), CliError> {
    let lang = output.lang();
    let figure = |value| wording::stated(value, lang);
    output.line(format_args!("\n{} – {}", of.variable_code, of.title))?;
    if let Some(level) = &of.level_percent {
        let (level, missing) = (figure(Some(level)), figure(of.missing.as_ref()));
        output.line(match lang {
            Lang::Vi => format!("  Cần đạt {level} %: tử số còn thiếu {missing}"),
            Lang::En => format!("  {level} % wanted: the numerator is short of {missing}"),
        })?;
    }
    let mut table = output.table(match lang {
        Lang::Vi => ["Đơn vị", "Tên", "Tử số", "Mẫu số", "Còn thiếu", ""],
        Lang::En => ["Unit", "Name", "Numerator", "Denominator", "Short of", ""],
    });
    for unit in of.units.iter().take(UNITS) {
        table.add_row(unit_row(unit, lang));
    }
    let left = of.units.len().saturating_sub(UNITS);
    if left > 0 {
        let more = lang.t("đơn vị khác", "more units");
        table.add_row([String::new(), format!("… {left} {more}")]);
    }
    let sum = [&of.numerator, &of.denominator, &of.missing].map(|of| figure(of.as_ref()));
    let [numerator, denominator, missing] = sum;
    let all = lang.t("Cộng", "Sum").to_owned();
    table.add_row([String::new(), all, numerator, denominator, missing]);
    align_right(&mut table, 2..5);
    output.line(table)
}

fn unit_row(unit: &UnitPart, lang: Lang) -> [String; 6] {
    let figure = |value| wording::stated(value, lang);
    let note = match (&unit.numerator, unit.is_whole) {
        (None, _) => lang.t("chưa báo cáo", "not reported"),
        (Some(_), false) => lang.t("chưa đủ năm", "part of the year"),
        (Some(_), true) => "",
    };
    [
        unit.unit_code.clone(),
        unit.unit_name.clone(),
        figure(unit.numerator.as_ref()),
        figure(unit.denominator.as_ref()),
        figure(unit.missing.as_ref()),
        note.to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use cchc_proto::common::v1::Decimal;

    use super::*;
    use crate::output::Memory;

    fn number(text: &str) -> Decimal {
        Decimal { value: text.to_owned() }
    }

    #[test]
    fn the_unknown_is_named_and_the_parts_stand_above_their_sum() {
        let child = |node_id: &str, gap: &str, is_known| GapPart {
            kind: Kind::Child.into(),
            node_id: node_id.to_owned(),
            gap: Some(number(gap)),
            is_known,
            ..GapPart::default()
        };
        let beside = GapPart {
            kind: Kind::NotAllotted.into(),
            gap: Some(number("-1.1")),
            is_known: true,
            ..GapPart::default()
        };
        let waterfall = Waterfall {
            gap: Some(number("5.15")),
            parts: vec![child("P-2018/1", "0.25", true), child("P-2018/2", "6", false), beside],
            ..Waterfall::default()
        };
        let unit = UnitPart { unit_code: "193".to_owned(), ..UnitPart::default() };
        let variable = VariableParts { units: vec![unit], ..VariableParts::default() };
        let of = Explanation {
            waterfall: Some(waterfall),
            variables: vec![variable],
            ..Explanation::default()
        };
        let memory = Memory::default();

        print(&of, &Output::to(Lang::Vi, false, memory.clone())).unwrap();

        let text = memory.text();
        let expected = [
            "Còn thiếu ≤ 5,15",
            "≤ 6 (chưa biết)",
            "Chỉ tiêu chung khác tổng chỉ tiêu các mục",
            "-1,1",
            "chưa báo cáo",
        ];
        for said in expected {
            assert!(text.contains(said), "{said}: {text}");
        }
    }
}
