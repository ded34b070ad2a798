//! What a leaf's score still lacks, as data beside the score and as a sentence for a reader.

use cchc_core::Points;
use cchc_scoring::figure::vietnamese;
use serde::{Deserialize, Serialize};

/// Why a leaf has no score, or not its last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum Remark {
    /// Nothing is missing.
    Complete,
    /// Nothing says how it is scored.
    NoRule,
    /// Only the owner of the index can say.
    PublishedLater,
    /// It takes its points from another index, which is not published for the year or not part of the
    /// plan.
    OtherIndexLater,
    /// The owner of the index published its results without this figure.
    NotPublished,
    /// The lead unit has not assessed itself.
    NotAssessed,
    /// Nobody has appraised what the lead unit gave itself.
    NotAppraised,
    /// The appraisers saw an earlier self-assessment than the present one.
    AppraisedEarlier {
        /// The version they saw.
        seen: i64,
        /// The present version.
        present: i64,
    },
    /// How many have reported.
    Reports {
        /// Units that have.
        reported: i64,
        /// Units whose reports count and do not reach the end of the year.
        #[serde(default, skip_serializing_if = "is_zero")]
        partial: i64,
        /// Units that must.
        expected: i64,
        /// Whether a share of nothing was asked for.
        is_undefined: bool,
    },
    /// How many reports have come of those that must, each unit once for each of several variables.
    SeveralReports {
        /// Reports that have.
        reported: i64,
        /// Reports that count and do not reach the end of the year.
        #[serde(default, skip_serializing_if = "is_zero")]
        partial: i64,
        /// Reports that must.
        expected: i64,
        /// Whether a share of nothing was asked for.
        is_undefined: bool,
    },
    /// What its share is taken of did not arise, so far as units have reported, and the edition says
    /// what then.
    NotApplicable {
        /// Units that have reported.
        reported: i64,
        /// Units whose reports count and do not reach the end of the year.
        #[serde(default, skip_serializing_if = "is_zero")]
        partial: i64,
        /// Units that must.
        expected: i64,
    },
    /// Nobody was asked, and the edition then takes it out of the denominator.
    NotSurveyed,
    /// The survey did not tell how many gave each answer.
    NoOptionCounts,
    /// Some answers are none of those that the rule weighs.
    AnswersUnweighed,
    /// No survey asks about it.
    NotAsked,
    /// Nobody has answered yet.
    NotAnswered,
    /// So few have answered that one of them could be known.
    Withheld {
        /// Answers from which on it is shown.
        minimum: u32,
    },
    /// Answers are still coming in.
    SurveyOpen,
}

impl Remark {
    /// Units that have reported, and that must.
    pub(crate) const fn coverage(&self) -> Option<(i64, i64)> {
        match self {
            Self::Reports { reported, expected, .. }
            | Self::SeveralReports { reported, expected, .. }
            | Self::NotApplicable { reported, expected, .. } => Some((*reported, *expected)),
            _ => None,
        }
    }

    /// The sentence for a reader; empty when nothing is missing.
    pub(crate) fn note(&self) -> String {
        match *self {
            Self::Complete => String::new(),
            Self::NoRule => "Chưa có quy tắc chấm điểm.".to_owned(),
            Self::PublishedLater => {
                "Chỉ có điểm khi cơ quan chủ trì bộ chỉ số công bố kết quả.".to_owned()
            }
            Self::OtherIndexLater => {
                "Chưa có kết quả công bố của bộ chỉ số mà mục này lấy điểm theo.".to_owned()
            }
            Self::NotPublished => "Kết quả công bố không nêu số liệu của mục này.".to_owned(),
            Self::NotAssessed => "Đơn vị chủ trì chưa tự đánh giá.".to_owned(),
            Self::NotAppraised => "Chưa được thẩm định.".to_owned(),
            Self::AppraisedEarlier { seen, present } => format!(
                "Kết quả thẩm định ứng với bản tự đánh giá lần {seen}; bản hiện tại là lần {present}."
            ),
            Self::Reports { reported, partial, expected, is_undefined } => {
                reports_note("đơn vị chưa báo cáo", (reported, partial, expected), is_undefined)
            }
            Self::SeveralReports { reported, partial, expected, is_undefined } => reports_note(
                "số liệu chưa được báo cáo",
                (reported, partial, expected),
                is_undefined,
            ),
            Self::NotApplicable { reported, partial, expected } => {
                let missing =
                    reports_note("đơn vị chưa báo cáo", (reported, partial, expected), false);
                format!("Không phát sinh. {missing}").trim_end().to_owned()
            }
            Self::NotSurveyed => "Không khảo sát: không tính vào tổng điểm tối đa.".to_owned(),
            Self::NoOptionCounts => {
                "Khảo sát chưa cung cấp số đếm theo từng phương án trả lời.".to_owned()
            }
            Self::AnswersUnweighed => {
                "Có câu trả lời ngoài các phương án của quy tắc nên chưa tính được điểm.".to_owned()
            }
            Self::NotAsked => "Chưa có khảo sát cho mục này.".to_owned(),
            Self::NotAnswered => "Chưa có câu trả lời khảo sát nào.".to_owned(),
            Self::Withheld { minimum } => {
                format!("Có dưới {minimum} câu trả lời nên chưa hiển thị kết quả khảo sát.")
            }
            Self::SurveyOpen => "Khảo sát chưa kết thúc, kết quả còn thay đổi.".to_owned(),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_zero(count: &i64) -> bool {
    *count == 0
}

fn reports_note(
    what: &str,
    (reported, partial, expected): (i64, i64, i64),
    is_undefined: bool,
) -> String {
    let missing = expected - reported - partial;
    let mut sentences = Vec::new();
    if expected == 0 {
        sentences.push("Không có đơn vị nào phải báo cáo.".to_owned());
    } else if missing > 0 {
        sentences.push(format!("Còn {missing}/{expected} {what}."));
    }
    if partial > 0 {
        sentences.push(format!("Có {partial}/{expected} số liệu chưa đủ cả năm."));
    }
    if is_undefined {
        sentences.push("Mẫu số bằng 0 nên chưa tính được tỷ lệ.".to_owned());
    }
    sentences.join(" ")
}

/// What a sum lacks: parts without a score.
pub(crate) fn sum_note(unknown: usize, parts: usize) -> String {
    if unknown == 0 {
        return String::new();
    }
    format!("Còn {unknown}/{parts} mục thành phần chưa có điểm.")
}

/// What a sum leaves out of its denominator; nothing when it leaves out nothing.
pub(crate) fn excluded_note(excluded: Points) -> String {
    if excluded == Points::ZERO {
        return String::new();
    }
    let excluded = vietnamese(excluded);
    format!("Không tính {excluded} điểm tối đa của các mục không phát sinh, không khảo sát.")
}
