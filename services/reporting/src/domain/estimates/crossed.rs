//! Districts by the answers to a domain: women and men of each district, age bands of each.
//!
//! A cell is estimated within its district as a part is within the province: communes in which nobody of the part
//! answered stay, with nothing. What may be shown is decided question by question over the whole table, whose margins
//! are the figures of districts and of parts: these are shown or withheld already, and what the cells withhold
//! among themselves changes nothing of it (`cchc_scoring::survey::suppress`).

use std::collections::BTreeSet;

use cchc_core::{QuestionCode, StratumCode};
use cchc_scoring::survey::suppress::{Cell, CountTable};

use super::{ByCommune, Estimated, Of, Sample, parts::part};
use crate::domain::by_domain::{Domain, DomainAnswer};

/// A table of districts by the answers to a domain.
pub(super) struct Crossed<'a> {
    pub(super) domain: &'a Domain,
    /// The questions that the figures are of.
    pub(super) questions: &'a [&'a QuestionCode],
    /// The figures of districts and of parts, among others.
    pub(super) figures: &'a [Estimated],
}

impl Crossed<'_> {
    fn is_shown(&self, of: &Of) -> bool {
        self.figures.iter().any(|figure| figure.of == *of && figure.shown.is_some())
    }
}

impl Sample<'_> {
    /// The figures of every district by the answers to a domain; `known` is what is known of each answer.
    pub(super) fn cross(
        &self,
        crossed: &Crossed<'_>,
        known: &[ByCommune],
        estimate: impl Fn(&ByCommune, Of, bool) -> Estimated,
    ) -> Vec<Estimated> {
        let districts: Vec<Of> =
            self.survey.drawn.strata().into_iter().map(|stratum| self.district(stratum)).collect();
        let rows: Vec<bool> = districts.iter().map(|of| crossed.is_shown(of)).collect();
        let withheld: Option<Vec<BTreeSet<Cell>>> = crossed
            .questions
            .iter()
            .map(|asked| self.withheld(asked, crossed.domain, &rows))
            .collect();
        let mut figures = Vec::new();
        for (row, district) in districts.into_iter().enumerate() {
            for (column, (answer, known)) in crossed.domain.answers.iter().zip(known).enumerate() {
                let cell = (row, column);
                let is_open = withheld.iter().flatten().all(|cells| !cells.contains(&cell));
                let part = part(crossed.domain, answer);
                let is_shown = withheld.is_some()
                    && is_open
                    && crossed.is_shown(&part)
                    && crossed.is_shown(&district);
                let of = Of { district: district.district.clone(), ..part };
                figures.push(estimate(known, of, is_shown));
            }
        }
        figures
    }

    /// The cells to withhold of one question, given which districts are shown; nothing where none may be shown.
    fn withheld(
        &self,
        question: &QuestionCode,
        domain: &Domain,
        rows: &[bool],
    ) -> Option<BTreeSet<Cell>> {
        let table = CountTable::new(&self.people(question, domain)?)?;
        let (bottom, right) = (table.height().checked_sub(1)?, table.width().checked_sub(1)?);
        let closed = |shown: &[bool]| -> Vec<usize> {
            (0..).zip(shown).filter(|(_, shown)| !**shown).map(|(at, _)| at).collect()
        };
        let of_rows = closed(rows).into_iter().map(|row| (row, right));
        let columns = closed(&self.parts_shown(question, domain));
        let of_columns = columns.into_iter().map(|column| (bottom, column));
        let margins = of_rows.chain(of_columns).collect();
        table.withheld_beside(&margins, self.survey.minimum_cell.into())
    }

    /// How many answered a question in each district, by their answer to a domain, at the end those who gave none;
    /// nothing while a withdrawal has overtaken what it withdraws.
    fn people(&self, question: &QuestionCode, domain: &Domain) -> Option<Vec<Vec<u64>>> {
        let drawn = &self.survey.drawn;
        let row = |stratum: &StratumCode| {
            let within = drawn.clusters.iter().filter(|(_, of)| of.stratum == *stratum);
            let communes: Vec<_> = within.map(|(code, _)| code).collect();
            let of_part = |answer: &DomainAnswer| -> i64 {
                let told = communes.iter();
                let told = told.filter_map(|at| self.answers(domain, answer, (question, at)));
                told.map(|answers| answers.tally.valid).sum()
            };
            let told = communes.iter().filter_map(|at| self.told_of(question, at));
            let whole: i64 = told.map(|answers| answers.tally.valid).sum();
            let mut parts: Vec<i64> = domain.answers.iter().map(of_part).collect();
            parts.push(whole - parts.iter().sum::<i64>());
            parts.into_iter().map(|count| u64::try_from(count).ok()).collect()
        };
        drawn.strata().into_iter().map(row).collect()
    }
}
