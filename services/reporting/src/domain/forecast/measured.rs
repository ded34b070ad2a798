//! Nodes on what units report: which units are in, how far the year has come, and what earlier years did.
//!
//! Figures come from the reports by the functions that score them; to look at an earlier window, later reports
//! are left out.

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::{Decimal, UnitCode, VariableCode, Year};
use cchc_scoring::{
    catalogue::{Index, Measure, Node, Variable},
    forecast::{
        Distribution, Unknown, as_counted, as_reported, real,
        reports::{self, Moves},
        through,
    },
    rule::Terms,
    variable::{Collected, Owed, Sum, collect},
};

use crate::domain::{
    catalogue::Scope,
    facts::{Facts, Reports},
};

/// Units from which on others are judged by them.
const ENOUGH: usize = 3;

/// What each unit has reported of each variable, of all years.
pub(super) struct Reported(BTreeMap<(UnitCode, VariableCode), Reports>);

impl Reported {
    pub(super) fn of(facts: &Facts) -> Self {
        Self(facts.reports())
    }

    /// The points that a node may come to by what units have reported.
    pub(super) fn forecast(
        &self,
        scope: &Scope,
        index: &Index,
        node: &Node,
    ) -> Result<Distribution, Unknown> {
        let rule = node.rule.as_ref().ok_or(Unknown::NoMaximum)?;
        let mut variables = node.variables().filter_map(|code| index.variable(code));
        let (Some(variable), None) = (variables.next(), variables.next()) else {
            return Err(Unknown::SeveralVariables);
        };
        let measure = rule.measure().ok_or(Unknown::SeveralVariables)?;
        let so_far = Window { of: self, scope, index, variable, measure }.so_far()?;
        let moves = if measure == Measure::Count { Moves::Up } else { Moves::Around };
        let figures = reports::forecast(&so_far, moves)?.distribution();
        let most = (measure == Measure::Share).then_some(Decimal::ONE);
        let figures = figures.within(Decimal::ZERO, most);
        let terms = Terms::from(node);
        let points = match measure {
            Measure::Count => through(rule, terms, &figures, as_counted),
            Measure::Share | Measure::Growth => through(rule, terms, &figures, as_reported),
        };
        points.ok_or(Unknown::NoMaximum)
    }

    /// The reports of a unit that end no later than a quarter of their year.
    fn until(&self, unit: &UnitCode, variable: &Variable, quarter: u8) -> Reports {
        let of = (unit.clone(), variable.code.clone());
        let reports = self.0.get(&of).into_iter().flatten();
        let ended = reports.filter(|(period, _)| period.quarters().1 <= quarter);
        ended.map(|(period, reported)| (*period, *reported)).collect()
    }

    /// The years before one of which anything of a variable was reported.
    fn years_before(&self, variable: &Variable, year: Year) -> BTreeSet<Year> {
        let of = self.0.iter().filter(|((_, code), _)| *code == variable.code);
        let years = of.flat_map(|(_, reports)| reports.keys().map(|period| period.year()));
        years.filter(|of| *of < year).collect()
    }
}

/// The reports of a variable in the year of an index.
struct Window<'a> {
    of: &'a Reported,
    scope: &'a Scope,
    index: &'a Index,
    variable: &'a Variable,
    measure: Measure,
}

impl Window<'_> {
    fn so_far(&self) -> Result<reports::SoFar, Unknown> {
        let reporters = self.scope.reporters(&self.index.code, &self.variable.code);
        let figures: BTreeMap<&UnitCode, Collected> =
            reporters.keys().filter_map(|unit| Some((unit, self.figure(unit, 4)?))).collect();
        let is_own = |figure: &&Collected| !figure.used.is_empty() || !figure.reaches_the_end;
        let expected = figures.values().filter(is_own).count();
        let quarter = reached(&figures, expected).ok_or(Unknown::NothingYet)?;
        let units: Vec<&UnitCode> = figures
            .iter()
            .filter(|(_, figure)| last(figure).is_some_and(|end| end >= quarter))
            .map(|(unit, _)| *unit)
            .collect();
        let at = |end: u8| {
            let all = over(&units, |unit| self.figure(unit, end));
            all.filter(|(_, reached)| *reached == end)
        };
        let now: Vec<Sum> =
            units.iter().filter_map(|unit| Some(self.figure(unit, quarter)?.sum)).collect();
        let quarters: Option<Vec<f64>> = (1..=quarter).map(|end| self.value(at(end)?.0)).collect();
        let years = self.of.years_before(self.variable, self.index.year);
        let earlier = years.into_iter().filter_map(|year| self.earlier(year, quarter));
        Ok(reports::SoFar {
            units: now.iter().map(|sum| self.pair(*sum)).collect(),
            expected,
            is_whole_year: quarter == 4,
            earlier: earlier.collect(),
            quarters: quarters.unwrap_or_default(),
        })
    }

    /// A unit's figure of the year, were the year to end with a quarter.
    fn figure(&self, unit: &UnitCode, end: u8) -> Option<Collected> {
        let of = |unit: &UnitCode| self.of.until(unit, self.variable, end);
        self.scope.figure((self.index, self.variable), unit, of)
    }

    /// An earlier year at the end of a quarter and at its end, over the units of which both are known.
    fn earlier(&self, year: Year, quarter: u8) -> Option<(f64, f64)> {
        let mut pairs = Vec::new();
        for unit in self.scope.units.values() {
            let Some(owed) = Owed::of(self.variable, year, unit) else { continue };
            let of = |end| {
                let reports = self.of.until(&unit.code, self.variable, end);
                collect(self.variable, year, owed, &reports)
            };
            let (window, end) = (of(quarter), of(4));
            if last(&window) == Some(quarter) && end.reaches_the_end {
                pairs.push((window.sum, end.sum));
            }
        }
        let (window, end) =
            pairs.into_iter().reduce(|one, other| (one.0 + other.0, one.1 + other.1))?;
        Some((self.value(window)?, self.value(end)?))
    }

    fn pair(&self, sum: Sum) -> (f64, f64) {
        match self.measure {
            Measure::Count => (real(sum.numerator), 1.0),
            Measure::Share | Measure::Growth => (real(sum.numerator), real(sum.denominator)),
        }
    }

    fn value(&self, sum: Sum) -> Option<f64> {
        match self.measure {
            Measure::Count => Some(real(sum.numerator)),
            Measure::Share | Measure::Growth => {
                sum.numerator.checked_div(sum.denominator).map(real)
            }
        }
    }
}

/// What some units come to, and the quarter that all of them have reached; nothing unless all of them report.
fn over(units: &[&UnitCode], figure: impl Fn(&UnitCode) -> Option<Collected>) -> Option<(Sum, u8)> {
    let mut all = (Sum::default(), 4);
    for unit in units {
        let figure = figure(unit)?;
        all = (all.0 + figure.sum, all.1.min(last(&figure)?));
    }
    (!units.is_empty()).then_some(all)
}

/// The quarter that a unit's reports reach; nothing where none counts.
fn last(figure: &Collected) -> Option<u8> {
    figure.used.last().map(|period| period.quarters().1)
}

/// The latest quarter that enough units have reached to judge the others by: all, or a few.
fn reached(figures: &BTreeMap<&UnitCode, Collected>, expected: usize) -> Option<u8> {
    let enough = ENOUGH.min(expected).max(1);
    let count = |quarter: u8| {
        figures.values().filter(|figure| last(figure).is_some_and(|end| end >= quarter)).count()
    };
    (1..=4)
        .rev()
        .find(|quarter| count(*quarter) >= enough)
        .or_else(|| (1..=4).rev().find(|quarter| count(*quarter) > 0))
}
