//! Rules in the words of an official: one wording for the screen, the command line and the explanation
//! of a score.

mod english;

use cchc_core::Decimal;

pub use english::rule_en;

use crate::{
    figure::vietnamese,
    rule::{AnswerOption, Band, Bound, Condition, FormulaCase, Rule, State, Step, Term},
};

/// A rule, in Vietnamese.
#[must_use]
pub fn rule(rule: &Rule) -> String {
    match rule {
        Rule::Assessed => {
            "Điểm do đơn vị tự đánh giá hoặc cơ quan thẩm định xác định, có tài liệu kiểm chứng"
                .to_owned()
        }
        Rule::YesNo => "Đạt: điểm tối đa; không đạt: 0 điểm".to_owned(),
        Rule::States { states } => {
            format!("Điểm theo kết quả xác định: {}", joined(states, state))
        }
        Rule::Conjunction { conditions, .. } => format!(
            "Điểm tối đa khi đạt tất cả các điều kiện, nếu không 0 điểm: {}",
            joined(conditions, condition)
        ),
        Rule::Formula { variables, cases } => {
            format!(
                "Điểm theo công thức: {}; trong đó {}",
                joined(cases, case),
                joined(variables, term)
            )
        }
        Rule::Share => "Điểm bằng tỷ lệ phần trăm đạt được nhân với điểm tối đa".to_owned(),
        Rule::Linear { target, floor, ceiling } => linear(*target, *floor, *ceiling),
        Rule::Bands { bands } => {
            format!("Điểm theo mức tỷ lệ: {}", joined(bands, band))
        }
        Rule::CountSteps { steps } => format!("Điểm theo số lượng: {}", ladder(steps, "từ", "")),
        Rule::GrowthSteps { steps } => {
            format!("Điểm theo mức tăng so với năm trước: {}", ladder(steps, "tăng từ", "%"))
        }
        Rule::Satisfaction => {
            "Tỷ lệ câu trả lời hài lòng và rất hài lòng nhân với điểm tối đa".to_owned()
        }
        Rule::Options { options } => format!(
            "Điểm tối đa nhân với giá trị bình quân của các phương án trả lời: {}",
            joined(options, answer)
        ),
        Rule::External { index, bands } if bands.is_empty() => {
            format!("Giá trị {index} đã công bố (%) nhân với điểm tối đa")
        }
        Rule::External { index, bands } => {
            format!("Điểm theo giá trị {index} đã công bố: {}", joined(bands, band))
        }
        Rule::Bonus { each, cap } => {
            let cap = cap.map_or_else(String::new, |cap| format!(", tối đa {}", vietnamese(cap)));
            format!("Cộng {} điểm cho mỗi đơn vị đếm{cap}", vietnamese(each))
        }
        Rule::Deduction { each, cap } => {
            let cap =
                cap.map_or_else(String::new, |cap| format!(", trừ tối đa {}", vietnamese(cap)));
            format!("Điểm tối đa, trừ {} điểm cho mỗi đơn vị đếm{cap}", vietnamese(each))
        }
    }
}

fn joined<T>(parts: &[T], word: impl Fn(&T) -> String) -> String {
    parts.iter().map(word).collect::<Vec<_>>().join("; ")
}

fn state(state: &State) -> String {
    format!("{}: {} điểm", state.title, vietnamese(state.points))
}

fn condition(condition: &Condition) -> String {
    match &condition.when {
        Some(when) => format!("{} [{when}]", condition.title),
        None => condition.title.clone(),
    }
}

fn case(case: &FormulaCase) -> String {
    let when = case.when.as_ref().map_or_else(String::new, |when| format!("{when}: "));
    format!("{} [{when}{}]", case.text, case.points)
}

fn term(term: &Term) -> String {
    format!("{} = {}", term.name, term.title)
}

fn answer(answer: &AnswerOption) -> String {
    format!("{} ({}): {}%", answer.option, answer.title, figure(answer.percent))
}

fn linear(target: Decimal, floor: Option<Decimal>, ceiling: Option<Decimal>) -> String {
    let below =
        floor.map_or_else(String::new, |floor| format!("; dưới {}%: 0 điểm", figure(floor)));
    let of = ceiling.map_or_else(String::new, |_| format!(" so với {}%", figure(target)));
    let full = figure(ceiling.unwrap_or(target));
    format!("Từ {full}% trở lên: điểm tối đa; thấp hơn: tính theo tỷ lệ{of}{below}")
}

fn band(band: &Band) -> String {
    let from = |bound: &Bound| {
        let word = if bound.inclusive { "từ" } else { "trên" };
        format!("{word} {}%", figure(bound.percent))
    };
    let to = |bound: &Bound, is_alone: bool| match (bound.inclusive, is_alone) {
        (true, true) => format!("không quá {}%", figure(bound.percent)),
        (true, false) => format!("đến {}%", figure(bound.percent)),
        (false, _) => format!("dưới {}%", figure(bound.percent)),
    };
    let range = match (&band.from, &band.to) {
        (Some(low), Some(high)) => format!("{} {}", from(low), to(high, false)),
        (Some(low), None) => from(low),
        (None, Some(high)) => to(high, true),
        (None, None) => "mọi tỷ lệ".to_owned(),
    };
    format!("{range}: {} điểm", vietnamese(band.points))
}

fn ladder(steps: &[Step], from: &str, unit: &str) -> String {
    let step = |step: &Step| {
        format!("{from} {}{unit}: {} điểm", figure(step.at_least), vietnamese(step.points))
    };
    let mut steps: Vec<String> = steps.iter().map(step).collect();
    steps.push("thấp hơn: 0 điểm".to_owned());
    steps.join("; ")
}

fn figure(value: Decimal) -> String {
    vietnamese(value.normalize())
}

#[cfg(test)]
mod tests;
