//! Counting answers, exactly. Sums are whole numbers that differences are added to, so any order, any
//! batching and any repetition of parts gives the same figures as one count of everything.
//!
//! A response is counted in one pass: one addition an answer, at the place of its cluster's row that the
//! [`Layout`] says. Everything else (shares, option counts, means) is read from these counts.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Change, Content};
pub(crate) use super::layout::{Layout, Of};

/// Counts by cluster, by its place in the survey, and by question as the layout of the survey has it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Sums {
    pub(crate) response_count: i64,
    clusters: BTreeMap<i16, Vec<i64>>,
}

/// A cell in which two sums differ: cluster, place of the cell in the layout, and the counts of both.
pub(crate) type Difference = (i16, usize, Vec<i64>, Vec<i64>);

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

    /// Counts one response; answers were checked and are as they are stored.
    pub(crate) fn count(&mut self, layout: &Layout, cluster: i16, answers: &[u8]) {
        self.shift(layout, cluster, answers, 1);
    }

    /// Counts a response no longer.
    pub(crate) fn uncount(&mut self, layout: &Layout, cluster: i16, answers: &[u8]) {
        self.shift(layout, cluster, answers, -1);
    }

    /// Counts a change in the place of what held before.
    pub(crate) fn replace(&mut self, layout: &Layout, change: &Change, before: Option<&Content>) {
        if let Some(before) = before {
            self.uncount(layout, change.cluster, &before.answers);
        }
        if let Some(content) = &change.content {
            self.count(layout, change.cluster, &content.answers);
        }
    }

    fn shift(&mut self, layout: &Layout, cluster: i16, answers: &[u8], times: i64) {
        self.response_count += times;
        layout.shift(self.row(cluster, layout.width()), answers, times);
    }

    /// Adds counts of one cluster.
    pub(crate) fn add_cluster(&mut self, cluster: i16, counts: &[i64]) {
        for (sum, count) in self.row(cluster, counts.len()).iter_mut().zip(counts) {
            *sum += count;
        }
    }

    /// Adds the cell at a place in one cluster; says whether there is a cell of that width.
    pub(crate) fn add_cell(
        &mut self,
        layout: &Layout,
        (cluster, place): (i16, usize),
        counts: &[i64],
    ) -> bool {
        let Some(start) = layout.start_of(place, counts.len()) else { return false };
        let row = self.row(cluster, layout.width()).iter_mut().skip(start);
        for (sum, count) in row.zip(counts) {
            *sum += count;
        }
        true
    }

    /// Notes that a cluster is spoken of, even where nothing is counted.
    pub(crate) fn touch(&mut self, layout: &Layout, cluster: i16) {
        self.row(cluster, layout.width());
    }

    /// Adds everything that other sums hold.
    pub(crate) fn add(&mut self, other: &Self) {
        self.response_count += other.response_count;
        for (cluster, counts) in other.clusters() {
            self.add_cluster(cluster, counts);
        }
    }

    /// Takes away everything that other sums hold.
    pub(crate) fn subtract(&mut self, other: &Self) {
        self.response_count -= other.response_count;
        for (cluster, counts) in other.clusters() {
            for (sum, count) in self.row(cluster, counts.len()).iter_mut().zip(counts) {
                *sum -= count;
            }
        }
    }

    /// The same of some questions, by their places; of the others nothing.
    pub(crate) fn of_questions(&self, layout: &Layout, is_one: impl Fn(usize) -> bool) -> Self {
        let mut some = Self::of(self.response_count);
        for (cluster, counts) in self.clusters() {
            for (place, (of, _, cell)) in layout.cells(counts).enumerate() {
                if is_one(of.question) {
                    some.add_cell(layout, (cluster, place), cell);
                }
            }
        }
        some
    }

    /// Whether these count the same; a cluster that one of them does not know counts nothing there.
    pub(crate) fn is_as(&self, layout: &Layout, other: &Self) -> bool {
        self.response_count == other.response_count && self.differences(layout, other).is_empty()
    }

    /// The clusters touched, by place, with their counts.
    pub(crate) fn clusters(&self) -> impl Iterator<Item = (i16, &[i64])> {
        self.clusters.iter().map(|(cluster, counts)| (*cluster, counts.as_slice()))
    }

    /// Where other sums differ. A cluster that one of them does not know counts nothing there.
    pub(crate) fn differences(&self, layout: &Layout, other: &Self) -> Vec<Difference> {
        let places: BTreeSet<i16> =
            self.clusters.keys().chain(other.clusters.keys()).copied().collect();
        let row = |sums: &Self, cluster: i16| {
            let mut row = sums.clusters.get(&cluster).cloned().unwrap_or_default();
            row.resize(layout.width(), 0);
            row
        };
        let mut differences = Vec::new();
        for cluster in places {
            let (own, theirs) = (row(self, cluster), row(other, cluster));
            let pairs = layout.cells(&own).zip(layout.cells(&theirs));
            let pairs = pairs.map(|((.., own), (.., theirs))| (own, theirs));
            for (place, (own, theirs)) in pairs.enumerate().filter(|(_, (a, b))| a != b) {
                differences.push((cluster, place, own.to_vec(), theirs.to_vec()));
            }
        }
        differences
    }

    /// The row of a cluster, of so many numbers at least: one that was stored before more was counted is shorter.
    fn row(&mut self, cluster: i16, width: usize) -> &mut [i64] {
        let row = self.clusters.entry(cluster).or_default();
        if row.len() < width {
            row.resize(width, 0);
        }
        row
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use proptest::prelude::*;

    use cchc_scoring::{
        questionnaire::{Question, Scale},
        survey::{Tally, domains::Domain, moments},
    };
    use serde_json::json;

    use super::*;

    /// The bytes of answers that say something; a number has none of its own.
    const HIGHEST: [u8; 4] = [5, 2, 3, 1];

    fn layout() -> Layout {
        let options = [("a", true), ("b", false), ("c", true)]
            .map(|(code, counts)| json!({ "code": code, "text": code, "counts": counts }));
        let questions = [
            json!({ "code": "A", "text": "?", "kind": "likert5", "node": "SIPAS-2018/1" }),
            json!({ "code": "B", "text": "?", "kind": "yes-no" }),
            json!({ "code": "C", "text": "?", "kind": "single-choice", "options": options }),
            json!({ "code": "D", "text": "?", "kind": "number", "node": "SIPAS-2018/2",
                    "range": { "least": "-1000000000000", "most": "1000000000000", "places": 4 } }),
        ];
        let questions: Vec<Question> =
            serde_json::from_value(serde_json::Value::Array(questions.into())).unwrap();
        let domains = ["B", "C"].map(|code| json!({ "question": code }));
        let domains: Vec<Domain> =
            serde_json::from_value(serde_json::Value::Array(domains.into())).unwrap();
        Layout::of(&questions, &domains)
    }

    type Given = ([u8; 4], i64);

    /// Commune, answers, and the number where one was given.
    fn responses() -> impl Strategy<Value = Vec<(i16, Given)>> {
        let answer = |place: usize| prop_oneof![4 => 0..=HIGHEST[place], 1 => Just(Scale::DONT_KNOW), 1 => Just(254_u8)];
        let number = -10_000_000_000_000_000_i64..=10_000_000_000_000_000;
        let given = ([answer(0), answer(1), answer(2), answer(3)], number)
            .prop_map(|(answers, number)| (answers, if answers[3] == 1 { number } else { 0 }));
        proptest::collection::vec((0..4_i16, given), 0..60)
    }

    fn stored((answers, number): &Given) -> Vec<u8> {
        answers.iter().copied().chain(number.to_be_bytes()).collect()
    }

    fn count(responses: &[(i16, Given)]) -> Sums {
        let (mut sums, layout) = (Sums::default(), layout());
        for (cluster, given) in responses {
            sums.count(&layout, *cluster, &stored(given));
        }
        sums
    }

    /// Counts the plain way: one pass a count.
    fn recount(responses: &[(i16, Given)], cluster: i16, question: usize) -> (Vec<i64>, Tally) {
        let given: Vec<u8> = responses
            .iter()
            .filter(|(at, _)| *at == cluster)
            .map(|(_, (answers, _))| answers[question])
            .collect();
        let number_of = |is: &dyn Fn(u8) -> bool| {
            i64::try_from(given.iter().filter(|answer| is(**answer)).count()).unwrap()
        };
        let answers = (0..=HIGHEST[question]).chain([254, 255]);
        let counts = answers.map(|answer| number_of(&|given| given == answer)).collect();
        let tally = Tally {
            satisfied: match question {
                0 => number_of(&|answer| answer == 4 || answer == 5),
                1 => number_of(&|answer| answer == 1),
                2 => number_of(&|answer| answer == 1 || answer == 3),
                _ => 0,
            },
            valid: number_of(&|answer| (1..=5).contains(&answer)),
            not_answered: number_of(&|answer| [0, 254, 255].contains(&answer)),
        };
        (counts, tally)
    }

    proptest! {
        #[test]
        fn sums_equal_a_recount_of_every_answer(responses in responses()) {
            let (sums, layout) = (count(&responses), layout());

            for (cluster, counts) in sums.clusters() {
                for (question, (_, scale, cell)) in layout.cells(counts).take(4).enumerate() {
                    let (counted, tally) = recount(&responses, cluster, question);
                    prop_assert_eq!(&cell[..scale.first_limb()], counted.as_slice());
                    prop_assert_eq!(scale.tally(cell), tally);
                }
                let all = responses.iter().filter(|(at, _)| *at == cluster);
                prop_assert_eq!(layout.responses(counts), i64::try_from(all.count()).unwrap());
            }
        }

        #[test]
        fn numbers_are_added_up_where_they_were_given(responses in responses()) {
            let (sums, layout) = (count(&responses), layout());

            for (cluster, counts) in sums.clusters() {
                let (_, scale, cell) = layout.cells(counts).nth(3).unwrap();
                let mut limbs = [0; moments::LIMBS];
                let given = responses.iter().filter(|(at, (a, _))| *at == cluster && a[3] == 1);
                for (_, (_, number)) in given {
                    moments::count(&mut limbs, *number, 1);
                }
                prop_assert_eq!(&cell[scale.first_limb()..], limbs.as_slice());
            }
        }

        #[test]
        fn a_domain_counts_those_alone_who_gave_its_answer(responses in responses()) {
            let (sums, layout) = (count(&responses), layout());

            for (cluster, counts) in sums.clusters() {
                let mut seen = 0;
                for (of, _, cell) in layout.cells(counts) {
                    let Some((domain, answer)) = of.domain else { continue };
                    let in_domain = |(at, (answers, _)): &&(i16, Given)| {
                        *at == cluster && answers[domain + 1] == answer
                    };
                    let alone: Vec<_> = responses.iter().filter(in_domain).copied().collect();
                    let counted = count(&alone);
                    let row = counted.clusters().next().map(|(_, row)| row.to_vec());
                    let whole = row.as_deref().and_then(|row| layout.cells(row).nth(of.question));
                    let expected = whole.map_or(vec![0; cell.len()], |(_, _, cell)| cell.to_vec());
                    prop_assert_eq!(cell, expected.as_slice());
                    seen += 1;
                }
                // Two questions that are told, by two answers and by three.
                prop_assert_eq!(seen, 2 * (2 + 3));
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

        #[test]
        fn what_is_counted_no_longer_leaves_nothing_behind(
            responses in responses(), more in responses()
        ) {
            let layout = layout();
            let mut sums = count(&responses);
            sums.add(&count(&more));
            for (cluster, given) in &more {
                sums.uncount(&layout, *cluster, &stored(given));
            }

            prop_assert!(sums.is_as(&layout, &count(&responses)));
        }
    }
}
