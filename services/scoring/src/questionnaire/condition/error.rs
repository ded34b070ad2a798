//! What can be wrong with a condition, and where in its text.

use cchc_core::Refusal;

use super::{DEEPEST, MOST_CHARACTERS};

/// A condition that cannot be used, and the first place where that shows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at character {}: {fault}", start + 1)]
pub struct ConditionError {
    /// Characters before the place.
    pub start: usize,
    /// What is wrong there.
    pub fault: ConditionFault,
}

/// What is wrong at a place of a condition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConditionFault {
    /// More text than any form needs.
    #[error("at most {MOST_CHARACTERS} characters are allowed")]
    TooLong,
    /// Brackets in brackets without end.
    #[error("at most {DEEPEST} levels of brackets and 'not' are allowed")]
    TooDeep,
    /// A character that the language does not have.
    #[error("{0:?} is no part of a condition")]
    Character(char),
    /// Digits that are no exact number.
    #[error("{0:?} is no number; write 12.25 with a point, without grouping")]
    Number(String),
    /// No code of a question between the braces.
    #[error("{0:?} is no code of a question")]
    Code(String),
    /// A text without its second quotation mark.
    #[error("the text has no end")]
    Open,
    /// A function of the standard that is not understood here.
    #[error("the function {0} is not available; use and, or, not(), selected() and comparisons")]
    Function(String),
    /// Something else should stand here.
    #[error("expected {expected}, found {found}")]
    Unexpected {
        /// What may stand here.
        expected: &'static str,
        /// What stands here.
        found: String,
    },
    /// A question that the form does not have.
    #[error("there is no question {0}")]
    QuestionUnknown(String),
    /// A question that is asked later.
    #[error("the question {0} is asked later, so its answer is not known yet")]
    Forward(String),
    /// A question whose own condition leads back here.
    #[error("whether the question {0} is asked depends on this one in turn")]
    Circle(String),
    /// `.` where there is no answer to speak of.
    #[error("'.' stands for the answer of a constraint; name a question here")]
    NoAnswer,
    /// A text that is no answer of the question.
    #[error("{name:?} is no answer of the question {question}")]
    AnswerUnknown {
        /// The question.
        question: String,
        /// The text.
        name: String,
    },
    /// Two values that cannot be compared so.
    #[error("the question {0} cannot be compared so")]
    Incomparable(String),
    /// Two fixed values.
    #[error("a comparison needs a question on one side")]
    NoQuestion,
}

impl Refusal for ConditionError {
    fn reason(&self) -> &'static str {
        use ConditionFault as F;
        match self.fault {
            F::TooLong
            | F::TooDeep
            | F::Character(_)
            | F::Number(_)
            | F::Code(_)
            | F::Open
            | F::Function(_)
            | F::Unexpected { .. }
            | F::NoAnswer
            | F::NoQuestion => "CONDITION_INVALID",
            F::QuestionUnknown(_) => "CONDITION_QUESTION_UNKNOWN",
            F::Forward(_) => "CONDITION_FORWARD",
            F::Circle(_) => "CONDITION_CIRCULAR",
            F::AnswerUnknown { .. } => "CONDITION_ANSWER_UNKNOWN",
            F::Incomparable(_) => "CONDITION_INCOMPARABLE",
        }
    }

    fn vietnamese(&self) -> String {
        use ConditionFault as F;
        let what = match &self.fault {
            F::TooLong => format!("điều kiện có tối đa {MOST_CHARACTERS} ký tự"),
            F::TooDeep => format!("có tối đa {DEEPEST} lớp ngoặc và not"),
            F::Character(c) => format!("ký tự “{c}” không dùng được trong điều kiện"),
            F::Number(text) => {
                format!("“{text}” không phải là số; viết 12.25, không phân nhóm hàng nghìn")
            }
            F::Code(text) => format!("“{text}” không phải là mã câu hỏi"),
            F::Open => "chuỗi ký tự thiếu dấu nháy đóng".to_owned(),
            F::Function(name) => format!(
                "chưa dùng được hàm {name}; hãy dùng and, or, not(), selected() và phép so sánh"
            ),
            F::Unexpected { expected, found } => {
                format!("ở đây cần {}, không phải {}", shown(expected), shown(found))
            }
            F::QuestionUnknown(code) => format!("không có câu hỏi {code}"),
            F::Forward(code) => format!("câu hỏi {code} đứng sau nên chưa có câu trả lời"),
            F::Circle(code) => format!("câu hỏi {code} lại phụ thuộc vào chính câu này"),
            F::NoAnswer => {
                "dấu '.' chỉ dùng trong ràng buộc của câu trả lời; ở đây hãy ghi mã câu hỏi"
                    .to_owned()
            }
            F::AnswerUnknown { question, name } => {
                format!("“{name}” không phải là phương án trả lời của câu hỏi {question}")
            }
            F::Incomparable(code) => format!("không so sánh câu hỏi {code} như vậy được"),
            F::NoQuestion => "phép so sánh phải có một vế là câu hỏi".to_owned(),
        };
        format!("ký tự thứ {}: {what}", self.start + 1)
    }
}

/// What may stand at a place, in Vietnamese.
fn shown(text: &str) -> String {
    match text {
        "a value" => "một giá trị".to_owned(),
        "a comparison" => "phép so sánh".to_owned(),
        "'and', 'or' or the end" => "“and”, “or” hoặc hết điều kiện".to_owned(),
        "the end" => "hết điều kiện".to_owned(),
        other => format!("“{other}”"),
    }
}
