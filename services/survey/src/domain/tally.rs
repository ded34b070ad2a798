//! Counting answers, exactly. Sums are whole numbers that differences are added to, so any order, any
//! batching and any repetition of parts gives the same figures as one count of everything.

use std::collections::{BTreeMap, BTreeSet};

use cchc_scoring::{questionnaire::Scale, survey::Tally};

use super::change::{Change, Content};

/// Counts by cluster and question; both by their places in the survey.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Sums {
    pub(crate) response_count: i64,
    clusters: BTreeMap<i16, Vec<Tally>>,
}

/// Refused rows of a survey, or by how many there are more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Parked {
    /// Rows that wait for somebody to look at.
    pub(crate) waiting: i64,
    /// Rows that were dropped or have expired.
    pub(crate) given_up: i64,
}

impl Sums {
    /// Starts the sums of responses whose answers are counted already.
    pub(crate) fn of(response_count: i64) -> Self {
        Self { response_count, ..Self::default() }
    }

    /// Counts one response; answers were checked and are as many as questions.
    pub(crate) fn count(&mut self, scales: &[Scale], cluster: i16, answers: &[u8]) {
        self.shift(scales, cluster, answers, 1);
    }

    /// Counts a response no longer.
    pub(crate) fn uncount(&mut self, scales: &[Scale], cluster: i16, answers: &[u8]) {
        self.shift(scales, cluster, answers, -1);
    }

    /// Counts a change in the place of what held before.
    pub(crate) fn replace(&mut self, scales: &[Scale], change: &Change, before: Option<&Content>) {
        if let Some(before) = before {
            self.uncount(scales, change.cluster, &before.answers);
        }
        if let Some(content) = &change.content {
            self.count(scales, change.cluster, &content.answers);
        }
    }

    fn shift(&mut self, scales: &[Scale], cluster: i16, answers: &[u8], times: i64) {
        self.response_count += times;
        let cells = self.cells(cluster, scales.len());
        for ((cell, scale), answer) in cells.iter_mut().zip(scales).zip(answers) {
            let Tally { satisfied, valid, not_answered } = scale.tally(*answer);
            let (satisfied, valid) = (satisfied * times, valid * times);
            add(cell, Tally { satisfied, valid, not_answered: not_answered * times });
        }
    }

    /// Adds counts of one cluster, one tally a question.
    pub(crate) fn add_cluster(&mut self, cluster: i16, tallies: &[Tally]) {
        for (cell, tally) in self.cells(cluster, tallies.len()).iter_mut().zip(tallies) {
            add(cell, *tally);
        }
    }

    /// Adds counts of one question of so many in one cluster.
    pub(crate) fn add_cell(
        &mut self,
        cluster: i16,
        question: usize,
        questions: usize,
        tally: Tally,
    ) {
        if let Some(cell) = self.cells(cluster, questions).get_mut(question) {
            add(cell, tally);
        }
    }

    /// Adds everything that other sums hold.
    pub(crate) fn add(&mut self, other: &Self) {
        self.response_count += other.response_count;
        for (cluster, tallies) in other.clusters() {
            self.add_cluster(cluster, tallies);
        }
    }

    /// Takes away everything that other sums hold.
    pub(crate) fn subtract(&mut self, other: &Self) {
        self.response_count -= other.response_count;
        for (cluster, tallies) in other.clusters() {
            for (cell, tally) in self.cells(cluster, tallies.len()).iter_mut().zip(tallies) {
                let Tally { satisfied, valid, not_answered } = *tally;
                let (satisfied, valid) = (-satisfied, -valid);
                add(cell, Tally { satisfied, valid, not_answered: -not_answered });
            }
        }
    }

    /// The same of some questions, by their places; of the others nothing.
    pub(crate) fn of_questions(&self, is_one: impl Fn(usize) -> bool) -> Self {
        let mut some = Self::of(self.response_count);
        for (cluster, tallies) in self.clusters() {
            for (place, tally) in tallies.iter().enumerate().filter(|(place, _)| is_one(*place)) {
                some.add_cell(cluster, place, tallies.len(), *tally);
            }
        }
        some
    }

    /// Whether these count the same; a cluster that one of them does not know counts nothing there.
    pub(crate) fn is_as(&self, other: &Self) -> bool {
        self.response_count == other.response_count && self.differences(other).is_empty()
    }

    /// The clusters touched, by place, with one tally a question.
    pub(crate) fn clusters(&self) -> impl Iterator<Item = (i16, &[Tally])> {
        self.clusters.iter().map(|(cluster, tallies)| (*cluster, tallies.as_slice()))
    }

    /// Where other sums differ: the cluster, the question's place, and the counts of both. A cluster
    /// that one of them does not know counts nothing there.
    pub(crate) fn differences(&self, other: &Self) -> Vec<(i16, usize, Tally, Tally)> {
        let places: BTreeSet<i16> =
            self.clusters.keys().chain(other.clusters.keys()).copied().collect();
        let count = |sums: &Self, cluster: i16| sums.clusters.get(&cluster).map_or(0, Vec::len);
        let cell = |sums: &Self, cluster: i16, question: usize| {
            let tallies = sums.clusters.get(&cluster);
            tallies.and_then(|tallies| tallies.get(question)).copied().unwrap_or_default()
        };
        let cells = places.into_iter().flat_map(|cluster| {
            let questions = count(self, cluster).max(count(other, cluster));
            (0..questions).map(move |question| {
                (cluster, question, cell(self, cluster, question), cell(other, cluster, question))
            })
        });
        cells.filter(|(_, _, own, theirs)| own != theirs).collect()
    }

    fn cells(&mut self, cluster: i16, questions: usize) -> &mut [Tally] {
        self.clusters.entry(cluster).or_insert_with(|| vec![Tally::default(); questions])
    }
}

/// Counts of people stay far below the range of the numbers that hold them.
const fn add(cell: &mut Tally, tally: Tally) {
    cell.satisfied += tally.satisfied;
    cell.valid += tally.valid;
    cell.not_answered += tally.not_answered;
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use proptest::prelude::*;

    use cchc_scoring::questionnaire::QuestionKind;
    use serde_json::json;

    use super::*;

    const KINDS: [QuestionKind; 3] =
        [QuestionKind::Likert5, QuestionKind::YesNo, QuestionKind::Likert5];

    fn scales() -> [Scale; 3] {
        KINDS.map(|kind| {
            let question =
                json!({ "code": "Q", "text": "?", "kind": kind, "node": "SIPAS-2018/1" });
            serde_json::from_value::<cchc_scoring::questionnaire::Question>(question)
                .unwrap()
                .scale()
        })
    }

    fn responses() -> impl Strategy<Value = Vec<(i16, [u8; 3])>> {
        let answers = (0..=5_u8, 0..=2_u8, 0..=5_u8).prop_map(|(a, b, c)| [a, b, c]);
        proptest::collection::vec((0..4_i16, answers), 0..60)
    }

    fn count(responses: &[(i16, [u8; 3])]) -> Sums {
        let mut sums = Sums::default();
        for (cluster, answers) in responses {
            sums.count(&scales(), *cluster, answers);
        }
        sums
    }

    /// Counts the plain way: one pass a cell.
    fn recount(responses: &[(i16, [u8; 3])], cluster: i16, question: usize) -> Tally {
        let given: Vec<u8> =
            responses.iter().filter(|(at, _)| *at == cluster).map(|(_, a)| a[question]).collect();
        let number_of = |is: &dyn Fn(u8) -> bool| {
            i64::try_from(given.iter().filter(|answer| is(**answer)).count()).unwrap_or(-1)
        };
        Tally {
            satisfied: match KINDS[question] {
                QuestionKind::YesNo => number_of(&|answer| answer == 1),
                _ => number_of(&|answer| answer == 4 || answer == 5),
            },
            valid: number_of(&|answer| answer != 0),
            not_answered: number_of(&|answer| answer == 0),
        }
    }

    proptest! {
        #[test]
        fn sums_equal_a_recount_of_every_cell(responses in responses()) {
            let sums = count(&responses);

            for (cluster, tallies) in sums.clusters() {
                for (question, tally) in tallies.iter().enumerate() {
                    prop_assert_eq!(*tally, recount(&responses, cluster, question));
                    prop_assert!(tally.is_settled());
                }
            }
        }

        #[test]
        fn any_order_and_any_batching_give_the_same_sums(
            (responses, shuffled) in responses()
                .prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
            size in 1..20_usize,
        ) {
            let mut batched = Sums::default();
            for batch in shuffled.chunks(size) {
                batched.add(&count(batch));
            }

            prop_assert_eq!(batched, count(&responses));
        }
    }
}
