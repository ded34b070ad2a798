//! What the figure of a variable is made of, unit by unit, in figures that add up to it.
//!
//! A share over units is the sum of numerators over the sum of denominators, so a unit's part of it is told in what is
//! added up: its numerator and its denominator. What the figure is short of a share that is wanted is told in
//! numerators, too: with a share of `level` wanted, a unit is short of `level × its denominator − its numerator`, and the
//! units together are short of exactly `level × Σ denominators − Σ numerators`. Shares themselves are never averaged, and a
//! unit of which nothing is known is named and counts for nothing.

use std::cmp::Reverse;

use cchc_core::{Decimal, Points, UnitCode, VariableCode};
use cchc_scoring::{
    catalogue::{Index, Measure, Node, Variable},
    variable::Sum,
};

use super::{catalogue::Scope, cite, ground::Grounds, sum, waterfall};

/// What the figure of a variable is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct VariableParts {
    pub(crate) variable: VariableCode,
    pub(crate) title: String,
    pub(crate) numerator: Decimal,
    /// Nothing for a count.
    pub(crate) denominator: Option<Decimal>,
    /// The share in per cent that the units must reach together for the node's target.
    pub(crate) level: Option<Decimal>,
    /// What the numerator is short of it; negative when exceeded.
    pub(crate) missing: Option<Decimal>,
    /// Those that are short of most first, then those of which nothing is known.
    pub(crate) units: Vec<UnitPart>,
}

/// What a unit brings to the figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UnitPart {
    pub(crate) unit: UnitCode,
    pub(crate) name: String,
    /// Nothing while nothing of it counts.
    pub(crate) figure: Option<UnitFigure>,
}

/// A unit's figure of the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UnitFigure {
    pub(crate) numerator: Decimal,
    /// Nothing for a count.
    pub(crate) denominator: Option<Decimal>,
    /// Whether its reports reach the end of the year.
    pub(crate) is_whole: bool,
    /// What its numerator is short of the share that is wanted of all; negative when it has more.
    pub(crate) missing: Option<Decimal>,
}

/// What units bring to the variables that a node rests on.
pub(crate) fn of(
    scope: &Scope,
    (index, node): (&Index, &Node),
    grounds: &Grounds,
) -> Vec<VariableParts> {
    let variables = grounds.reports.keys().filter_map(|code| index.variable(code));
    variables.map(|variable| parts(scope, (index, node), variable, grounds)).collect()
}

fn parts(
    scope: &Scope,
    (index, node): (&Index, &Node),
    variable: &Variable,
    grounds: &Grounds,
) -> VariableParts {
    let level = level(scope, (index, node), variable);
    let told = grounds.reports.get(&variable.code).map(Vec::as_slice).unwrap_or_default();
    let by_unit = cite::by_unit(told);
    let known = |unit: &UnitCode| by_unit.get(unit).cloned().unwrap_or_default();
    let reporters = scope.reporters(&index.code, &variable.code).keys();
    let mut units: Vec<UnitPart> = reporters
        .map(|unit| UnitPart {
            unit: unit.clone(),
            name: scope.name_of(unit).to_owned(),
            figure: scope
                .figure((index, variable), unit, known)
                .and_then(|of| figure(of.sum, of.reaches_the_end, variable.measure, level)),
        })
        .collect();
    units.sort_by_key(|unit| {
        let by = unit.figure.map(|figure| figure.missing.unwrap_or(figure.numerator));
        (unit.figure.is_none(), Reverse(by))
    });
    let figures = || units.iter().filter_map(|unit| unit.figure);
    VariableParts {
        variable: variable.code.clone(),
        title: variable.title.clone(),
        numerator: figures().map(|of| of.numerator).sum::<Decimal>().normalize(),
        denominator: (variable.measure != Measure::Count)
            .then(|| figures().filter_map(|of| of.denominator).sum::<Decimal>().normalize()),
        level,
        missing: level.map(|_| figures().filter_map(|of| of.missing).sum::<Decimal>().normalize()),
        units,
    }
}

/// The share that the units must reach together for the node's target, where its rule is on that alone.
fn level(scope: &Scope, (index, node): (&Index, &Node), variable: &Variable) -> Option<Decimal> {
    if node.variable.as_ref() != Some(&variable.code) || variable.measure != Measure::Share {
        return None;
    }
    if scope.plan.target(&index.id(&node.code)).is_some_and(|of| !of.direction.is_up()) {
        return None;
    }
    let wanted = waterfall::promised(scope, index, node);
    let wanted = wanted.and_then(|wanted| Points::new(wanted).ok());
    node.rule.as_ref()?.level(wanted, node.max)
}

fn figure(
    sum: Sum,
    is_whole: bool,
    measure: Measure,
    level: Option<Decimal>,
) -> Option<UnitFigure> {
    if sum::is_nothing(&sum) {
        return None;
    }
    let missing = level.and_then(|level| {
        let wanted = level.checked_mul(sum.denominator)?.checked_div(Decimal::ONE_HUNDRED)?;
        Some((wanted - sum.numerator).normalize())
    });
    Some(UnitFigure {
        numerator: sum.numerator,
        denominator: (measure != Measure::Count).then_some(sum.denominator),
        is_whole,
        missing,
    })
}
