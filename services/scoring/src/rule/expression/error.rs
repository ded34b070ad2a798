//! What can be wrong with an expression, and where in its text.

use cchc_core::Refusal;

use super::{DEEPEST, MOST_CHARACTERS, ValueKind};

/// An expression that cannot be used, and the first place where that shows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at character {}: {fault}", start + 1)]
pub struct ExpressionError {
    /// Characters before the place.
    pub start: usize,
    /// Characters before the end of the place; not before `start`.
    pub end: usize,
    /// What is wrong there.
    pub fault: ExpressionFault,
}

/// What is wrong at a place of an expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExpressionFault {
    /// More text than any edition needs.
    #[error("at most {MOST_CHARACTERS} characters are allowed")]
    TooLong,
    /// Brackets in brackets without end.
    #[error("at most {DEEPEST} levels of brackets, signs and 'not' are allowed")]
    TooDeep,
    /// A character that the language does not have.
    #[error("{0:?} is no part of an expression")]
    Character(char),
    /// Digits that are no exact number.
    #[error("{0:?} is no number; write 12.25 with a point, without grouping")]
    Number(String),
    /// Something else should stand here.
    #[error("expected {expected}, found {found}")]
    Unexpected {
        /// What may stand here.
        expected: &'static str,
        /// What stands here.
        found: String,
    },
    /// A name that the rule does not define.
    #[error("{0:?} is neither a variable of the rule nor maximum or point")]
    NameUnknown(String),
    /// Two values that cannot be put together so.
    #[error("{left} {word} {right} has no meaning")]
    KindsMixed {
        /// What stands before.
        left: ValueKind,
        /// The operation as it is written.
        word: &'static str,
        /// What stands after.
        right: ValueKind,
    },
    /// A value of another sort than is wanted.
    #[error("must be {wanted}, not {found}")]
    KindWrong {
        /// What is wanted.
        wanted: ValueKind,
        /// What it is.
        found: ValueKind,
    },
}

impl Refusal for ExpressionError {
    fn reason(&self) -> &'static str {
        match self.fault {
            ExpressionFault::NameUnknown(_) => "EXPRESSION_NAME_UNKNOWN",
            ExpressionFault::KindsMixed { .. } | ExpressionFault::KindWrong { .. } => {
                "EXPRESSION_UNITS"
            }
            _ => "EXPRESSION_INVALID",
        }
    }

    fn vietnamese(&self) -> String {
        format!("tại ký tự {}: {}", self.start + 1, self.fault.vietnamese())
    }
}

impl ExpressionFault {
    fn vietnamese(&self) -> String {
        match self {
            Self::TooLong => format!("biểu thức không được quá {MOST_CHARACTERS} ký tự"),
            Self::TooDeep => format!("không được lồng quá {DEEPEST} lớp ngoặc"),
            Self::Character(found) => format!("ký tự {found:?} không dùng được trong biểu thức"),
            Self::Number(text) => {
                format!("{text:?} không phải là số; hãy viết 12.25, không dùng dấu phân nhóm")
            }
            Self::Unexpected { found, .. } => format!("không thể có {found:?} ở vị trí này"),
            Self::NameUnknown(name) => {
                format!(
                    "{name:?} không phải là biến của quy tắc, cũng không phải maximum hay point"
                )
            }
            Self::KindsMixed { left, word, right } => {
                format!(
                    "không thể tính hoặc so sánh {} {word} {}",
                    left.vietnamese(),
                    right.vietnamese()
                )
            }
            Self::KindWrong { wanted, found } => {
                format!("phải là {}, không phải là {}", wanted.vietnamese(), found.vietnamese())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_in_both_languages_what_it_found() {
        let (ratio, count) = (ValueKind::Ratio, ValueKind::Count);
        for (fault, said, said_en) in [
            (
                ExpressionFault::KindsMixed { left: ratio, word: "+", right: count },
                "tại ký tự 3: không thể tính hoặc so sánh tỷ lệ phần trăm + số lượng",
                "at character 3: a percentage + a count has no meaning",
            ),
            (
                ExpressionFault::KindWrong { wanted: ValueKind::Points, found: ratio },
                "tại ký tự 3: phải là điểm, không phải là tỷ lệ phần trăm",
                "at character 3: must be points, not a percentage",
            ),
            (
                ExpressionFault::KindWrong {
                    wanted: ValueKind::Condition,
                    found: ValueKind::Number,
                },
                "tại ký tự 3: phải là điều kiện, không phải là số không có đơn vị",
                "at character 3: must be a condition, not a number",
            ),
            (
                ExpressionFault::NameUnknown("x".to_owned()),
                "tại ký tự 3: \"x\" không phải là biến của quy tắc, cũng không phải maximum hay point",
                "at character 3: \"x\" is neither a variable of the rule nor maximum or point",
            ),
            (
                ExpressionFault::Number("1,5".to_owned()),
                "tại ký tự 3: \"1,5\" không phải là số; hãy viết 12.25, không dùng dấu phân nhóm",
                "at character 3: \"1,5\" is no number; write 12.25 with a point, without grouping",
            ),
            (
                ExpressionFault::TooLong,
                "tại ký tự 3: biểu thức không được quá 500 ký tự",
                "at character 3: at most 500 characters are allowed",
            ),
            (
                ExpressionFault::TooDeep,
                "tại ký tự 3: không được lồng quá 32 lớp ngoặc",
                "at character 3: at most 32 levels of brackets, signs and 'not' are allowed",
            ),
        ] {
            let error = ExpressionError { start: 2, end: 5, fault };

            assert_eq!(error.vietnamese(), said);
            assert_eq!(error.to_string(), said_en);
        }
    }
}
