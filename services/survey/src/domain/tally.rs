//! Counting answers, exactly. Sums are whole numbers that differences are added to, so any order, any
//! batching and any repetition of parts gives the same figures as one count of everything.
//!
//! A response is counted in one pass: one addition an answer, at the place of its cluster's row that the
//! [`Layout`] says. Everything else (shares, option counts, means) is read from these counts.

use std::collections::{BTreeMap, BTreeSet};

use cchc_scoring::{
    questionnaire::{Question, Scale},
    survey::moments,
};

use super::change::{Change, Content};

/// Bytes of a number behind the answers of a stored response.
pub(crate) const NUMBER_WIDTH: usize = 8;

/// Where the counts of each question stand in the row of a cluster, one cell behind the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layout {
    cells: Vec<Cell>,
    /// Where the limbs of each question of a number begin, in their order.
    limbs: Vec<usize>,
    width: usize,
}

/// The place of one question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cell {
    scale: Scale,
    start: usize,
}

/// Counts by cluster, by its place in the survey, and by question as the layout of the survey has it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Sums {
    pub(crate) response_count: i64,
    clusters: BTreeMap<i16, Vec<i64>>,
}

/// A cell in which two sums differ: cluster, question, and the counts of both.
pub(crate) type Difference = (i16, usize, Vec<i64>, Vec<i64>);

/// Refused rows of a survey, or by how many there are more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Parked {
    /// Rows that wait for somebody to look at.
    pub(crate) waiting: i64,
    /// Rows that were dropped or have expired.
    pub(crate) given_up: i64,
}

impl Layout {
    /// Lays out the counts of questions in their order.
    pub(crate) fn of(questions: &[Question]) -> Self {
        let (mut cells, mut limbs, mut width) = (Vec::with_capacity(questions.len()), vec![], 0);
        for scale in questions.iter().map(Question::scale) {
            cells.push(Cell { scale, start: width });
            if scale.is_number() {
                limbs.push(width + scale.first_limb());
            }
            width += scale.width();
        }
        Self { cells, limbs, width }
    }

    /// Bytes of a stored response: one a question, and its numbers.
    pub(crate) const fn response_width(&self) -> usize {
        self.cells.len() + NUMBER_WIDTH * self.limbs.len()
    }

    /// The questions with their cells of a cluster's counts, in order.
    pub(crate) fn cells<'a>(
        &'a self,
        counts: &'a [i64],
    ) -> impl Iterator<Item = (Scale, &'a [i64])> {
        self.cells.iter().map(|cell| (cell.scale, cell.of(counts)))
    }

    /// Responses of a cluster: every one answers its first question or leaves it open.
    pub(crate) fn responses(&self, counts: &[i64]) -> i64 {
        let Some(first) = self.cells.first() else { return 0 };
        counts.iter().take(first.scale.first_limb()).sum()
    }

    fn shift(&self, counts: &mut [i64], answers: &[u8], times: i64) {
        for (cell, answer) in self.cells.iter().zip(answers) {
            if let Some(count) = counts.get_mut(cell.start + cell.scale.place(*answer)) {
                *count += times;
            }
        }
        let numbers = answers.get(self.cells.len()..).unwrap_or_default();
        for (start, bytes) in self.limbs.iter().zip(numbers.as_chunks::<NUMBER_WIDTH>().0) {
            // Where none was given there are zeros, which add nothing.
            if let Some(limbs) = counts.get_mut(*start..start + moments::LIMBS) {
                moments::count(limbs, i64::from_be_bytes(*bytes), times);
            }
        }
    }
}

impl Cell {
    fn of(self, counts: &[i64]) -> &[i64] {
        counts.get(self.start..self.start + self.scale.width()).unwrap_or_default()
    }
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
        layout.shift(self.row(cluster, layout.width), answers, times);
    }

    /// Adds counts of one cluster.
    pub(crate) fn add_cluster(&mut self, cluster: i16, counts: &[i64]) {
        for (sum, count) in self.row(cluster, counts.len()).iter_mut().zip(counts) {
            *sum += count;
        }
    }

    /// Adds the cell of one question in one cluster; says whether the question has such cells.
    pub(crate) fn add_cell(
        &mut self,
        layout: &Layout,
        (cluster, question): (i16, usize),
        counts: &[i64],
    ) -> bool {
        let cell = layout.cells.get(question).filter(|cell| cell.scale.width() == counts.len());
        let Some(Cell { start, .. }) = cell else { return false };
        let row = self.row(cluster, layout.width).iter_mut().skip(*start);
        for (sum, count) in row.zip(counts) {
            *sum += count;
        }
        true
    }

    /// Notes that a cluster is spoken of, even where nothing is counted.
    pub(crate) fn touch(&mut self, layout: &Layout, cluster: i16) {
        self.row(cluster, layout.width);
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
            for (place, (_, cell)) in layout.cells(counts).enumerate().filter(|(at, _)| is_one(*at))
            {
                some.add_cell(layout, (cluster, place), cell);
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
        let nothing = vec![0; layout.width];
        let row = |sums: &Self, cluster: i16| {
            sums.clusters.get(&cluster).cloned().unwrap_or_else(|| nothing.clone())
        };
        let mut differences = Vec::new();
        for cluster in places {
            let (own, theirs) = (row(self, cluster), row(other, cluster));
            let pairs = layout.cells.iter().map(|cell| (cell.of(&own), cell.of(&theirs)));
            for (question, (own, theirs)) in pairs.enumerate().filter(|(_, (a, b))| a != b) {
                differences.push((cluster, question, own.to_vec(), theirs.to_vec()));
            }
        }
        differences
    }

    fn row(&mut self, cluster: i16, width: usize) -> &mut [i64] {
        self.clusters.entry(cluster).or_insert_with(|| vec![0; width])
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use proptest::prelude::*;

    use cchc_scoring::survey::Tally;
    use serde_json::json;

    use super::*;

    /// The bytes of answers that say something; a number has none of its own.
    const HIGHEST: [u8; 4] = [5, 2, 3, 1];

    fn layout() -> Layout {
        let options = [("a", true), ("b", false), ("c", true)]
            .map(|(code, counts)| json!({ "code": code, "text": code, "counts": counts }));
        let questions = [
            json!({ "code": "A", "text": "?", "kind": "likert5" }),
            json!({ "code": "B", "text": "?", "kind": "yes-no" }),
            json!({ "code": "C", "text": "?", "kind": "single-choice", "options": options }),
            json!({ "code": "D", "text": "?", "kind": "number",
                    "range": { "least": "-1000000000000", "most": "1000000000000", "places": 4 } }),
        ];
        let questions: Vec<Question> =
            serde_json::from_value(serde_json::Value::Array(questions.into())).unwrap();
        Layout::of(&questions)
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
                for (question, (scale, cell)) in layout.cells(counts).enumerate() {
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
                let (scale, cell) = layout.cells(counts).nth(3).unwrap();
                let mut limbs = [0; moments::LIMBS];
                let given = responses.iter().filter(|(at, (a, _))| *at == cluster && a[3] == 1);
                for (_, (_, number)) in given {
                    moments::count(&mut limbs, *number, 1);
                }
                prop_assert_eq!(&cell[scale.first_limb()..], limbs.as_slice());
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
