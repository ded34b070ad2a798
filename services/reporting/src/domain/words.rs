//! Rules and figures in the words of an official.

pub(crate) use cchc_scoring::words::rule;
use cchc_scoring::{figure::vietnamese, survey::Tally};

use super::fact::Reported;

/// A sum, in Vietnamese.
pub(crate) const SUM: &str = "Tổng điểm các mục thành phần";

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
