//! Rules and figures in the words of an official.

use cchc_core::Decimal;
use cchc_scoring::{
    figure::vietnamese,
    rule::{Band, Bound, Rule, Step},
    survey::Tally,
};

use super::fact::Reported;

/// A rule, in Vietnamese.
pub(crate) fn rule(rule: &Rule) -> String {
    match rule {
        Rule::Assessed => {
            "Điểm do đơn vị tự đánh giá hoặc cơ quan thẩm định xác định, có tài liệu kiểm chứng"
                .to_owned()
        }
        Rule::Share => "Điểm bằng tỷ lệ phần trăm đạt được nhân với điểm tối đa".to_owned(),
        Rule::Linear { target, floor } => linear(*target, *floor),
        Rule::Bands { bands } => {
            let bands: Vec<String> = bands.iter().map(band).collect();
            format!("Điểm theo mức tỷ lệ: {}", bands.join("; "))
        }
        Rule::CountSteps { steps } => format!("Điểm theo số lượng: {}", ladder(steps, "từ", "")),
        Rule::GrowthSteps { steps } => {
            format!("Điểm theo mức tăng so với năm trước: {}", ladder(steps, "tăng từ", "%"))
        }
    }
}

/// A sum, in Vietnamese.
pub(crate) const SUM: &str = "Tổng điểm các mục thành phần";

fn linear(target: Decimal, floor: Option<Decimal>) -> String {
    let below =
        floor.map_or_else(String::new, |floor| format!("; dưới {}%: 0 điểm", figure(floor)));
    format!("Từ {}% trở lên: điểm tối đa; thấp hơn: tính theo tỷ lệ{below}", figure(target))
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

/// The figures of a report: a part of a whole, or a count.
pub(crate) fn reported(reported: Reported) -> String {
    let numerator = vietnamese(reported.numerator);
    match reported.denominator {
        Some(denominator) => format!("{numerator}/{}", vietnamese(denominator)),
        None => numerator,
    }
}

/// Answers to a question.
pub(crate) fn tally(tally: Tally) -> String {
    format!("{}/{} câu trả lời được tính là đạt", tally.satisfied, tally.valid)
}

/// Answers too few to be shown.
pub(crate) const WITHHELD: &str = "không hiển thị vì ít câu trả lời";

fn figure(value: Decimal) -> String {
    vietnamese(value.normalize())
}
