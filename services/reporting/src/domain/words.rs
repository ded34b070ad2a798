//! Rules and figures in the words of an official.

use cchc_core::{Decimal, Period};
pub(crate) use cchc_scoring::words::{rule, rule_en};
use cchc_scoring::{
    catalogue::{Unit, Variable},
    figure::vietnamese,
    survey::Tally,
    variable::{Collection, Reported},
};
use time::Date;

use super::answers::ByName;

/// A sum, in Vietnamese and in English.
pub(crate) const SUM: (&str, &str) = ("Tổng điểm các mục thành phần", "The sum of its parts");

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

/// How many people each response stands for; empty where every one counts as one.
pub(crate) fn weight(weight: Option<Decimal>) -> String {
    weight.map_or_else(String::new, |weight| {
        format!("; mỗi phiếu đại diện cho {} người", vietnamese(weight.normalize()))
    })
}

/// How many gave each answer.
pub(crate) fn by_name(counts: &ByName) -> String {
    let counts: Vec<String> =
        counts.iter().map(|(name, count)| format!("{name}: {count}")).collect();
    format!("số câu trả lời theo phương án {}", counts.join(", "))
}

/// A figure that the owner of the index published, in Vietnamese and in English.
pub(crate) const PUBLISHED: (&str, &str) = (
    "Lấy đúng số liệu cơ quan chủ trì bộ chỉ số công bố",
    "The figure as the owner of the index published it",
);

/// Answers too few to be shown.
pub(crate) const WITHHELD: &str = "không hiển thị vì ít câu trả lời";

/// Which window a report covers, and that another took its place; empty where only whole years count.
pub(crate) fn standing(period: Period, variable: &Variable, is_used: bool) -> String {
    if variable.collection == Collection::WholeYear {
        return String::new();
    }
    let (first, last) = period.days(variable.window_start_day);
    let window = format!("; kỳ {period}, từ {} đến {}", day(first), day(last));
    if is_used {
        window
    } else {
        window + "; không tính vì kỳ khác thay thế hoặc chưa nối liền"
    }
}

/// That a report stands for a unit merged into its own as well.
pub(crate) fn includes(before: &Unit, end: Date) -> String {
    format!("; gồm cả {} ({}), kết thúc từ {}", before.name, before.code, day(end))
}

/// That a unit is no more, and who took its place.
pub(crate) fn no_more(unit: &Unit, end: Date) -> String {
    let heirs: Vec<&str> = unit.successors.iter().map(|heir| heir.code.as_str()).collect();
    let end = day(end);
    match heirs.as_slice() {
        [] => format!("; đơn vị kết thúc từ {end}"),
        _ => format!("; đơn vị kết thúc từ {end}, kế thừa bởi {}", heirs.join(", ")),
    }
}

fn day(day: Date) -> String {
    format!("{:02}/{:02}/{}", day.day(), u8::from(day.month()), day.year())
}
