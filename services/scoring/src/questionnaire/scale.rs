//! Which answers of a question say something, which of them count, and where each is counted: a few numbers
//! a question, because it is asked of every answer that comes.

use super::{Question, QuestionKind};
use crate::survey::{Tally, counts::SILENT_PLACES, moments::LIMBS};

/// The answers of one question as they are counted.
///
/// An answer is one byte here: 0 is not answered, [`Scale::NOT_APPLICABLE`] and [`Scale::DONT_KNOW`] stand
/// for themselves, anything else is the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// The highest answer; whatever is above it says nothing (not known, not applicable).
    highest: u8,
    is_number: bool,
    /// Bit by bit, from answer 0, whether it counts.
    counting: u64,
}

impl Scale {
    /// The byte of the answer "not applicable".
    pub const NOT_APPLICABLE: u8 = 254;
    /// The byte of the answer "don't know".
    pub const DONT_KNOW: u8 = 255;

    pub(super) fn of(question: &Question) -> Self {
        let of = |highest: u8, counting: u64| Self { highest, is_number: false, counting };
        let top = |highest: u8, lowest_counting: u8| {
            of(highest, (lowest_counting..=highest).map(bit).sum())
        };
        match question.kind {
            QuestionKind::Likert5 => top(5, 4),
            QuestionKind::Likert4 => top(4, 3),
            QuestionKind::Likert3 => top(3, 3),
            QuestionKind::YesNo => of(2, bit(1)),
            QuestionKind::Number => Self { highest: 1, is_number: true, counting: 0 },
            // Counted is that somebody wrote something.
            QuestionKind::Text => of(1, 0),
            QuestionKind::SingleChoice => of(
                u8::try_from(question.options.len()).unwrap_or(u8::MAX),
                (1_u8..)
                    .zip(&question.options)
                    .filter(|(_, option)| option.counts == Some(true))
                    .map(|(answer, _)| bit(answer))
                    .sum(),
            ),
        }
    }

    /// The highest answer; 0 means not answered.
    #[must_use]
    pub const fn highest(self) -> u8 {
        self.highest
    }

    /// Whether numbers are added up beside the counts.
    #[must_use]
    pub const fn is_number(self) -> bool {
        self.is_number
    }

    /// Numbers of a cell of [`crate::survey::counts`].
    #[must_use]
    pub const fn width(self) -> usize {
        self.first_limb() + if self.is_number { LIMBS } else { 0 }
    }

    /// The place of a cell at which the limbs of a number begin.
    #[must_use]
    pub const fn first_limb(self) -> usize {
        self.highest as usize + SILENT_PLACES
    }

    /// The place of a cell at which an answer is counted; one that the question does not offer is none.
    #[must_use]
    pub const fn place(self, answer: u8) -> usize {
        match answer {
            Self::NOT_APPLICABLE => self.highest as usize + 1,
            Self::DONT_KNOW => self.highest as usize + 2,
            _ if answer <= self.highest => answer as usize,
            _ => 0,
        }
    }

    /// What a cell comes to: answers that count, that say something, and that do not.
    #[must_use]
    pub fn tally(self, cell: &[i64]) -> Tally {
        let mut tally = Tally::default();
        for (place, count) in (0_usize..self.first_limb()).zip(cell) {
            if place == 0 || place > usize::from(self.highest) {
                tally.not_answered += count;
            } else {
                tally.valid += count;
                let is_counting = u32::try_from(place).is_ok_and(|place| self.counts(place));
                tally.satisfied += if is_counting { *count } else { 0 };
            }
        }
        tally
    }

    const fn counts(self, answer: u32) -> bool {
        matches!(self.counting.checked_shr(answer), Some(bits) if bits & 1 == 1)
    }
}

/// The bit of an answer; no question offers more than there are.
const fn bit(answer: u8) -> u64 {
    if answer < 64 { 1 << answer } else { 0 }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use serde_json::json;

    use super::*;

    fn scale(kind: &str) -> Scale {
        let options = ["a", "b", "c"]
            .map(|code| json!({ "code": code, "text": code, "counts": code != "b" }));
        let question = json!({ "code": "Q", "text": "?", "kind": kind, "options": options });
        serde_json::from_value::<Question>(question).unwrap().scale()
    }

    fn tally(scale: Scale, answer: u8) -> Tally {
        let mut cell = vec![0; scale.width()];
        cell[scale.place(answer)] += 1;
        scale.tally(&cell)
    }

    #[test]
    fn the_upper_answers_count_and_what_says_nothing_is_no_answer() {
        for (kind, satisfied) in [
            ("likert5", vec![0, 0, 0, 0, 1, 1]),
            ("likert4", vec![0, 0, 0, 1, 1]),
            ("likert3", vec![0, 0, 0, 1]),
            ("yes-no", vec![0, 1, 0]),
            ("single-choice", vec![0, 1, 0, 1]),
            ("number", vec![0, 0]),
            ("text", vec![0, 0]),
        ] {
            let scale = scale(kind);

            let counted = (0..=scale.highest()).map(|answer| tally(scale, answer).satisfied);
            assert_eq!(counted.collect::<Vec<_>>(), satisfied, "{kind}");
            for silent in [0, scale.highest() + 1, Scale::NOT_APPLICABLE, Scale::DONT_KNOW] {
                let tally = tally(scale, silent);
                assert_eq!((tally.valid, tally.not_answered), (0, 1), "{kind} {silent}");
            }
            assert_eq!((tally(scale, 1).valid, tally(scale, 1).not_answered), (1, 0));
        }
    }

    #[test]
    fn every_answer_has_a_place_of_its_own() {
        let scale = scale("single-choice");

        let places = [0, 1, 2, 3, Scale::NOT_APPLICABLE, Scale::DONT_KNOW, 4];

        assert_eq!(places.map(|answer| scale.place(answer)), [0, 1, 2, 3, 4, 5, 0]);
        assert_eq!(scale.width(), 6);
        assert_eq!(self::scale("number").width(), 4 + LIMBS);
        assert_eq!(["number", "likert5"].map(|kind| self::scale(kind).is_number()), [true, false]);
    }
}
