//! Which answers of a question say something, and which of them count: two numbers a question, because
//! it is asked of every answer that comes.

use super::{Question, QuestionKind};
use crate::survey::Tally;

/// The answers of one question as they are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// The highest answer; whatever is above it says nothing (not known, not applicable).
    highest: u8,
    /// Bit by bit, from answer 0, whether it counts.
    counting: u64,
}

impl Scale {
    pub(super) fn of(question: &Question) -> Self {
        let top = |highest: u8, lowest_counting: u8| Self {
            highest,
            counting: (lowest_counting..=highest).map(bit).sum(),
        };
        match question.kind {
            QuestionKind::Likert5 => top(5, 4),
            QuestionKind::Likert4 => top(4, 3),
            QuestionKind::Likert3 => top(3, 3),
            QuestionKind::YesNo => Self { highest: 2, counting: bit(1) },
            QuestionKind::Number => Self { highest: 1, counting: 0 },
            QuestionKind::SingleChoice => Self {
                highest: u8::try_from(question.options.len()).unwrap_or(u8::MAX),
                counting: (1_u8..)
                    .zip(&question.options)
                    .filter(|(_, option)| option.counts == Some(true))
                    .map(|(answer, _)| bit(answer))
                    .sum(),
            },
        }
    }

    /// The highest answer; 0 means not answered.
    #[must_use]
    pub const fn highest(self) -> u8 {
        self.highest
    }

    /// What one answer counts for.
    #[must_use]
    pub const fn tally(self, answer: u8) -> Tally {
        if answer == 0 || answer > self.highest {
            return Tally { satisfied: 0, valid: 0, not_answered: 1 };
        }
        let is_counting = self.counting & bit(answer) != 0;
        Tally { satisfied: is_counting as i64, valid: 1, not_answered: 0 }
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

    #[test]
    fn the_upper_answers_count_and_what_says_nothing_is_no_answer() {
        for (kind, satisfied) in [
            ("likert5", vec![0, 0, 0, 0, 1, 1]),
            ("likert4", vec![0, 0, 0, 1, 1]),
            ("likert3", vec![0, 0, 0, 1]),
            ("yes-no", vec![0, 1, 0]),
            ("single-choice", vec![0, 1, 0, 1]),
            ("number", vec![0, 0]),
        ] {
            let scale = scale(kind);

            let counted = (0..=scale.highest()).map(|answer| scale.tally(answer).satisfied);
            assert_eq!(counted.collect::<Vec<_>>(), satisfied, "{kind}");
            for silent in [0, scale.highest() + 1, 254, 255] {
                let tally = scale.tally(silent);
                assert_eq!((tally.valid, tally.not_answered), (0, 1), "{kind} {silent}");
            }
            assert_eq!((scale.tally(1).valid, scale.tally(1).not_answered), (1, 0));
        }
    }
}
