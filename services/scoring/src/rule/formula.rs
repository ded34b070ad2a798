//! Points by the first case that applies, each with its wording, its condition and its expression.
//!
//! The last case has no condition, so that every figure has a case; what a case gives is held between
//! zero and the maximum. The form is that of the provinces' own systems of self-assessment: variables
//! with titles, and a list of formulas of which one is chosen. There the person chooses, here the
//! condition does, so that the same figures always give the same points.

use cchc_core::{Decimal, Points};
use num_rational::BigRational;

use super::{
    FormulaCase, Input, RuleFault, Term, ValueKind,
    expression::{Expression, is_certain, number, range, truth},
    values::{Figures, Vocabulary, exact, nearest, undefined},
};
use crate::derivation::Steps;

pub(super) fn evaluate(
    terms: &[Term],
    cases: &[FormulaCase],
    max: Option<Points>,
    input: &Input,
    steps: &mut Steps,
) -> Option<Points> {
    let figures = Figures::of(Vocabulary { terms, max }, input, steps)?;
    for FormulaCase { text, text_en, when, points } in cases {
        let applies = when.as_ref().map_or(Ok(true), |when| truth(when.tree(), &figures));
        match applies {
            Ok(false) => continue,
            Ok(true) => {}
            Err(cause) => {
                undefined(cause, when.as_ref().unwrap_or(points), steps);
                return None;
            }
        }
        return match number(points.tree(), &figures) {
            Ok(value) => {
                let given = nearest(&value)?;
                let condition = when.as_ref().map_or("", Expression::as_str);
                steps.add(
                    format!("Áp dụng: {text} [{condition}] {points}"),
                    format!("applied: {text_en} [{condition}] {points}"),
                    given.get(),
                );
                Some(given)
            }
            Err(cause) => {
                undefined(cause, points, steps);
                None
            }
        };
    }
    steps.add("Không có trường hợp nào áp dụng", "no case applies", Decimal::ZERO);
    None
}

pub(super) fn check(terms: &[Term], cases: &[FormulaCase], max: Option<Points>) -> Vec<RuleFault> {
    let mut faults = Vec::new();
    let Some(last) = cases.last() else { return vec![RuleFault::Empty] };
    if last.when.is_some() {
        faults.push(RuleFault::NoOtherwise);
    }
    let vocabulary = Vocabulary { terms, max };
    let expressions = cases.iter().flat_map(|case| {
        let when = case.when.as_ref().map(|when| (when, ValueKind::Condition));
        when.into_iter().chain([(&case.points, ValueKind::Points)])
    });
    faults.extend(vocabulary.check(expressions));
    let reached = reachable(vocabulary, cases, &mut faults);
    faults.extend(max.and_then(|max| unattainable(vocabulary, &reached, max)));
    faults
}

/// The cases that some figures can reach; the others are faults.
fn reachable<'a>(
    vocabulary: Vocabulary<'_>,
    cases: &'a [FormulaCase],
    faults: &mut Vec<RuleFault>,
) -> Vec<&'a FormulaCase> {
    let of_name = |name: &str| vocabulary.range(name);
    let mut reached: Vec<&FormulaCase> = Vec::new();
    let mut is_decided = false;
    for case in cases {
        let when = case.when.as_ref();
        let certain = when.map_or(Some(true), |when| is_certain(when.tree(), &of_name));
        let stood_before = reached.iter().any(|before| before.when.as_ref() == when);
        if is_decided || certain == Some(false) || (when.is_some() && stood_before) {
            faults.push(RuleFault::CaseUnreachable { text: case.text.clone() });
            continue;
        }
        is_decided = certain == Some(true);
        reached.push(case);
    }
    reached
}

/// Whether even the best case stays below the maximum.
fn unattainable(
    vocabulary: Vocabulary<'_>,
    cases: &[&FormulaCase],
    max: Points,
) -> Option<RuleFault> {
    let of_name = |name: &str| vocabulary.range(name);
    let most = cases.iter().map(|case| range(case.points.tree(), &of_name).most);
    let most: Option<Vec<BigRational>> = most.collect();
    let best = most?.into_iter().max()?;
    let best = (best < exact(max.get())).then(|| nearest(&best)).flatten()?;
    Some(RuleFault::MaximumUnattainable { best, max })
}

#[cfg(test)]
mod tests;
