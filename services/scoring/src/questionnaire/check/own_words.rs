//! What must hold of a question that is answered in one's own words: nobody has to, nothing counts it, and it
//! is not long.

use cchc_core::Collector;

use super::{Question, QuestionKind};
use crate::questionnaire::free_text::{MOST_CHARACTERS, MOST_TEXTS};

pub(super) fn check(c: &mut Collector, question: &Question) {
    if question.kind != QuestionKind::Text {
        if question.most_characters.is_some() {
            c.refuse(
                "most_characters",
                "LENGTH_UNEXPECTED",
                "only a text has a length",
                "chỉ câu hỏi tự do mới có độ dài tối đa",
            );
        }
        return;
    }
    if question.text_length().is_some_and(|most| !(1..=MOST_CHARACTERS).contains(&most)) {
        c.refuse(
            "most_characters",
            "OUT_OF_RANGE",
            format!("must be 1 to {MOST_CHARACTERS}"),
            format!("phải từ 1 đến {MOST_CHARACTERS}"),
        );
    }
    if question.is_required {
        c.refuse(
            "is_required",
            "TEXT_REQUIRED",
            "nobody can be made to write something",
            "câu hỏi tự do không được bắt buộc trả lời",
        );
    }
    if question.constraint.is_some() {
        c.refuse(
            "constraint",
            "TEXT_UNBOUND",
            "a text is bound by its length alone",
            "câu hỏi tự do chỉ giới hạn bằng độ dài",
        );
    }
    if question.node.is_some() {
        c.refuse(
            "node_id",
            "NODE_UNEXPECTED",
            "a text counts for no node",
            "câu hỏi tự do không tính cho mục nào",
        );
    }
    for (field, is_offered) in [
        ("offers_dont_know", question.offers_dont_know),
        ("offers_not_applicable", question.offers_not_applicable),
    ] {
        if is_offered {
            c.refuse(
                field,
                "SILENCE_UNEXPECTED",
                "whoever has nothing to say leaves a text empty",
                "câu hỏi tự do không có phương án này; không trả lời thì để trống",
            );
        }
    }
}

/// A form asks for figures; a few questions beside them may be open.
pub(super) fn check_count(c: &mut Collector, questions: &[Option<&Question>]) {
    let texts = questions.iter().flatten().filter(|q| q.kind == QuestionKind::Text).count();
    if texts > MOST_TEXTS {
        c.refuse(
            "questions",
            "TEXTS_TOO_MANY",
            format!("has {texts} questions of a text where at most {MOST_TEXTS} are taken"),
            format!("có {texts} câu hỏi tự do, chỉ nhận tối đa {MOST_TEXTS}"),
        );
    }
}
