//! Answers to a question, as the survey told them: three sums, and how many gave each answer.

use std::collections::BTreeMap;

use cchc_scoring::survey::{Tally, counts};

/// Answers to one question in one cluster, or over all of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Answers {
    pub(crate) tally: Tally,
    /// How many gave each answer, as [`counts`] lays them out; empty where that was not told.
    pub(crate) counts: Vec<i64>,
}

/// How many gave each answer, by the answer's name.
pub(crate) type ByName = BTreeMap<String, u64>;

impl Answers {
    /// Adds others. Counts are bounded when they are read, so that no sum leaves its range.
    pub(crate) fn add(&mut self, other: &Self) {
        self.tally = self.tally.checked_add(other.tally).unwrap_or(self.tally);
        counts::add(&mut self.counts, &other.counts);
    }

    /// Whether nobody has answered or left anything open, or all of it was taken back.
    pub(crate) fn is_nothing(&self) -> bool {
        self.tally == Tally::default() && self.counts.iter().all(|count| *count == 0)
    }

    /// How many gave each answer; `names` are those of the answers in order. Nothing when that was not
    /// told of every answer that says something.
    pub(crate) fn by_name(&self, names: &[String]) -> Option<ByName> {
        if self.is_nothing() {
            return Some(ByName::new());
        }
        let counts = counts::by_name(&self.counts, names)?;
        let told = counts.values().try_fold(0_u64, |sum, count| sum.checked_add(*count))?;
        (u64::try_from(self.tally.valid).ok() == Some(told)).then_some(counts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(valid: i64, counts: &[i64]) -> Answers {
        let tally = Tally { satisfied: 0, valid, not_answered: 1 };
        Answers { tally, counts: counts.to_vec() }
    }

    #[test]
    fn answers_that_were_told_in_part_are_not_known_by_name() {
        let names = ["A", "B"].map(str::to_owned);
        let mut some = answers(5, &[1, 2, 3, 0, 0]);

        let whole = some.by_name(&names);
        some.add(&answers(4, &[]));

        assert_eq!(whole, Some(ByName::from([("A".to_owned(), 2), ("B".to_owned(), 3)])));
        assert_eq!(some.by_name(&names), None);
        assert_eq!(some.by_name(&[]), None);
        assert_eq!(Answers::default().by_name(&names), Some(ByName::new()));
    }
}
