//! Where the counts of a survey stand in the row of a cluster.
//!
//! First the cells of all questions, one behind the other. Behind them stands, for every answer to a domain of the
//! survey, a block with the cells of those questions that count for a node, and then one with those of numbers. Whatever keeps, compares, erases or exports
//! counts does so with those by domain without knowing of them; a survey without domains has the rows it
//! always had.

use cchc_scoring::{
    questionnaire::{Question, Scale},
    survey::{domains::Domain, moments},
};

/// Bytes of a number behind the answers of a stored response.
const NUMBER_WIDTH: usize = 8;

/// Where the counts of each question stand in the row of a cluster, one cell behind the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layout {
    /// The cells of all questions, and behind them those of each answer to each domain.
    cells: Vec<Cell>,
    /// Where the limbs of each question of a number begin, in their order.
    limbs: Vec<usize>,
    width: usize,
    /// Questions: the first of the cells.
    questions: usize,
    domains: Vec<Blocks>,
}

/// The place of one question, among all responses or those of a domain's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cell {
    scale: Scale,
    start: usize,
    of: Of,
    /// Place of the question among those of a number.
    slot: Option<usize>,
}

/// What a cell counts: the answers to a question, of all responses or of those that answer a domain so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Of {
    /// Place of the question in the survey.
    pub(crate) question: usize,
    /// Place of the domain in the survey, and its answer from 1; nothing for all responses.
    pub(crate) domain: Option<(usize, u8)>,
}

/// The cells of a domain: a block for each answer of its question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Blocks {
    /// Place of the question that is the domain.
    question: usize,
    scale: Scale,
    /// The first cell of the block of answer 1.
    first: usize,
    /// Cells of a block: the questions that are told.
    length: usize,
}

impl Layout {
    /// Lays out the counts of questions in their order, and by domain of those that are told.
    pub(crate) fn of(questions: &[Question], domains: &[Domain]) -> Self {
        let (mut cells, mut limbs, mut width) = (Vec::with_capacity(questions.len()), vec![], 0);
        for (question, scale) in questions.iter().map(Question::scale).enumerate() {
            let slot = scale.is_number().then_some(limbs.len());
            cells.push(Cell { scale, start: width, of: Of { question, domain: None }, slot });
            if scale.is_number() {
                limbs.push(width + scale.first_limb());
            }
            width += scale.width();
        }
        let told = questions.iter().zip(&cells).filter(|(of, _)| of.is_told());
        let (numbers, others): (Vec<Cell>, Vec<Cell>) =
            told.map(|(_, cell)| *cell).partition(|cell| cell.scale.is_number());
        let mut layout =
            Self { cells, limbs, width, questions: questions.len(), domains: Vec::new() };
        // Numbers last: the rows of surveys from before they were told are the beginnings of theirs.
        for told in [others, numbers].iter().filter(|told| !told.is_empty()) {
            for (place, domain) in domains.iter().enumerate() {
                // Every domain is a question of its survey: that was checked when it opened.
                if let Some(at) = questions.iter().position(|of| of.code == domain.question) {
                    layout.split((place, at), told);
                }
            }
        }
        layout
    }

    /// Adds the cells of a domain: place of the domain, and of its question.
    fn split(&mut self, (domain, question): (usize, usize), told: &[Cell]) {
        let Some(scale) = self.cells.get(question).map(|cell| cell.scale) else { return };
        let (first, length) = (self.cells.len(), told.len());
        self.domains.push(Blocks { question, scale, first, length });
        for answer in 1..=scale.highest() {
            for cell in told {
                let of = Of { domain: Some((domain, answer)), ..cell.of };
                self.cells.push(Cell { start: self.width, of, ..*cell });
                self.width += cell.scale.width();
            }
        }
    }

    /// Bytes of a stored response: one a question, and its numbers.
    pub(crate) const fn response_width(&self) -> usize {
        self.questions + NUMBER_WIDTH * self.limbs.len()
    }

    /// Numbers of a row.
    pub(super) const fn width(&self) -> usize {
        self.width
    }

    /// Where in the row the cell at a place begins, if it is of so many numbers.
    pub(super) fn start_of(&self, place: usize, width: usize) -> Option<usize> {
        let cell = self.cells.get(place).filter(|cell| cell.scale.width() == width);
        cell.map(|cell| cell.start)
    }

    /// What the cell at a place counts.
    pub(crate) fn cell_at(&self, place: usize) -> Option<Of> {
        self.cells.get(place).map(|cell| cell.of)
    }

    /// The place of the cell that counts something.
    pub(crate) fn place_of(&self, of: Of) -> Option<usize> {
        self.cells.iter().position(|cell| cell.of == of)
    }

    /// The cells of a cluster's counts in order, with what they count: questions first, then by domain.
    pub(crate) fn cells<'a>(
        &'a self,
        counts: &'a [i64],
    ) -> impl Iterator<Item = (Of, Scale, &'a [i64])> {
        self.cells.iter().map(|cell| (cell.of, cell.scale, cell.counts(counts)))
    }

    /// Responses of a cluster: every one answers its first question or leaves it open.
    pub(crate) fn responses(&self, counts: &[i64]) -> i64 {
        let Some(first) = self.cells.first() else { return 0 };
        counts.iter().take(first.scale.first_limb()).sum()
    }

    /// Counts a response as it is stored so many times in the row of its cluster.
    pub(super) fn shift(&self, counts: &mut [i64], answers: &[u8], times: i64) {
        let (questions, _) = self.cells.split_at_checked(self.questions).unwrap_or_default();
        for (cell, answer) in questions.iter().zip(answers) {
            if let Some(count) = counts.get_mut(cell.start + cell.scale.place(*answer)) {
                *count += times;
            }
        }
        let numbers = answers.get(self.questions..).unwrap_or_default();
        let numbers = numbers.as_chunks::<NUMBER_WIDTH>().0;
        for (start, bytes) in self.limbs.iter().zip(numbers) {
            // Where none was given there are zeros, which add nothing.
            if let Some(limbs) = counts.get_mut(*start..start + moments::LIMBS) {
                moments::count(limbs, i64::from_be_bytes(*bytes), times);
            }
        }
        for domain in &self.domains {
            self.shift_domain(counts, domain, answers, numbers, times);
        }
    }

    /// Counts a response where those stand that give its answer to a domain; one without an answer stands
    /// nowhere.
    fn shift_domain(
        &self,
        counts: &mut [i64],
        domain: &Blocks,
        answers: &[u8],
        numbers: &[[u8; NUMBER_WIDTH]],
        times: i64,
    ) {
        let answer = answers.get(domain.question).copied().unwrap_or_default();
        if !(1..=domain.scale.highest()).contains(&answer) {
            return;
        }
        let first = domain.first + usize::from(answer - 1) * domain.length;
        for cell in self.cells.get(first..first + domain.length).unwrap_or_default() {
            let answer = answers.get(cell.of.question).copied().unwrap_or_default();
            if let Some(count) = counts.get_mut(cell.start + cell.scale.place(answer)) {
                *count += times;
            }
            let number = cell.slot.and_then(|slot| numbers.get(slot));
            let start = cell.start + cell.scale.first_limb();
            if let Some((bytes, limbs)) = number.zip(counts.get_mut(start..start + moments::LIMBS))
            {
                moments::count(limbs, i64::from_be_bytes(*bytes), times);
            }
        }
    }
}

impl Cell {
    fn counts(self, counts: &[i64]) -> &[i64] {
        counts.get(self.start..self.start + self.scale.width()).unwrap_or_default()
    }
}
