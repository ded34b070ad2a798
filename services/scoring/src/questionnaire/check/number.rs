//! What must hold of a question that is answered by a number: bounds that can be kept, and no node, since there is
//! no share of satisfied answers. What its numbers come to is a mean, in the unit it names.

use cchc_core::{Collector, Decimal};

use crate::questionnaire::{MOST_PLACES, MOST_UNIT_CHARACTERS, Question, QuestionKind, Range};

/// The largest number that may be answered, either way.
const LARGEST: i64 = 1_000_000_000_000;

/// Refuses what is wrong with a number, and what only a number has of any other question.
pub(super) fn check(c: &mut Collector, question: &Question) {
    let is_number = question.kind == QuestionKind::Number;
    match (is_number, &question.range) {
        (true, None) => c.refuse(
            "range",
            "RANGE_MISSING",
            "a number needs its bounds",
            "câu hỏi dạng số phải có giới hạn",
        ),
        (true, Some(range)) if !range.is_usable() => c.refuse(
            "range",
            "RANGE_INVALID",
            format!("must rise, with at most {MOST_PLACES} places as stated, within ±{LARGEST}"),
            format!("giới hạn phải tăng dần, đúng số chữ số thập phân đã nêu (tối đa {MOST_PLACES}), trong phạm vi ±{LARGEST}"),
        ),
        (false, Some(_)) => c.refuse(
            "range",
            "RANGE_UNEXPECTED",
            "only a number has bounds",
            "chỉ câu hỏi dạng số mới có giới hạn",
        ),
        (true, Some(_)) | (false, None) => {}
    }
    check_unit(c, question, is_number);
    if is_number && question.node.is_some() {
        c.refuse(
            "node_id",
            "NODE_UNEXPECTED",
            "a number counts for no node; it has no share of satisfied answers",
            "câu hỏi dạng số không tính cho mục nào vì không có tỷ lệ hài lòng",
        );
    }
}

fn check_unit(c: &mut Collector, question: &Question, is_number: bool) {
    let unit = &question.number_unit;
    if !is_number && !unit.is_empty() {
        c.refuse(
            "number_unit",
            "UNIT_UNEXPECTED",
            "only a number is in a unit",
            "chỉ câu hỏi dạng số mới có đơn vị tính",
        );
    }
    if unit.chars().count() > MOST_UNIT_CHARACTERS || unit.trim() != unit {
        c.refuse(
            "number_unit",
            "UNIT_INVALID",
            format!("must have at most {MOST_UNIT_CHARACTERS} characters and no blank at its ends"),
            format!("có tối đa {MOST_UNIT_CHARACTERS} ký tự, không có khoảng trắng ở hai đầu"),
        );
    }
}

impl Range {
    /// A number in units of the last place; nothing when it has more places than that.
    #[must_use]
    pub fn unit(&self, number: Decimal) -> Option<i64> {
        let factor = Decimal::from(10_u64.checked_pow(self.places)?);
        let scaled = number.checked_mul(factor)?;
        if scaled.fract().is_zero() { i64::try_from(scaled).ok() } else { None }
    }

    fn is_usable(&self) -> bool {
        let largest = Decimal::from(LARGEST);
        let is_near = |number: Decimal| number.abs() <= largest && self.unit(number).is_some();
        self.places <= MOST_PLACES
            && self.least <= self.most
            && is_near(self.least)
            && is_near(self.most)
    }
}
