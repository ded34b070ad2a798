//! Everything or nothing: all reports complete *and* in time give the points, one that is not gives none.
//!
//! The derivation names each condition with whether it holds, since "not met" alone helps nobody to meet
//! it next year. Conditions are either all judged by a person, who then says yes or no to the whole, or
//! all read off the figures.

use std::collections::BTreeSet;

use cchc_core::{Decimal, Points};

use super::{
    Condition, Input, RuleFault, Term, ValueKind,
    expression::{is_certain, truth},
    fault,
    values::{Figures, Vocabulary, undefined},
};
use crate::derivation::Steps;

/// Whether a person judges the conditions.
pub(super) fn is_judged(conditions: &[Condition]) -> bool {
    conditions.iter().all(|condition| condition.when.is_none())
}

pub(super) fn evaluate(
    terms: &[Term],
    conditions: &[Condition],
    max: Option<Points>,
    input: &Input,
    steps: &mut Steps,
) -> Option<Points> {
    let figures = Figures::of(Vocabulary { terms, max }, input, steps)?;
    let mut holds = true;
    for Condition { title, title_en, when } in conditions {
        let when = when.as_ref()?;
        match truth(when.tree(), &figures) {
            Ok(true) => {
                steps.add(format!("Đạt: {title}"), format!("met: {title_en}"), Decimal::ONE);
            }
            Ok(false) => {
                holds = false;
                steps.add(
                    format!("Không đạt: {title}"),
                    format!("not met: {title_en}"),
                    Decimal::ZERO,
                );
            }
            Err(cause) => {
                undefined(cause, when, steps);
                return None;
            }
        }
    }
    let points = if holds { max? } else { Points::ZERO };
    steps.add("Điểm khi xét tất cả các điều kiện", "points by all conditions", points.get());
    Some(points)
}

pub(super) fn check(
    terms: &[Term],
    conditions: &[Condition],
    max: Option<Points>,
) -> Vec<RuleFault> {
    let mut faults: Vec<RuleFault> = fault::needs_maximum(max).collect();
    if conditions.is_empty() {
        faults.push(RuleFault::Empty);
    }
    let mut seen = BTreeSet::new();
    for Condition { title, .. } in conditions {
        if !seen.insert(title) {
            faults.push(RuleFault::StateTwice { title: title.clone() });
        }
    }
    let written = || conditions.iter().filter_map(|condition| condition.when.as_ref());
    if !is_judged(conditions) && written().count() < conditions.len() {
        faults.push(RuleFault::ConditionsMixed);
    }
    let vocabulary = Vocabulary { terms, max };
    faults.extend(vocabulary.check(written().map(|when| (when, ValueKind::Condition))));
    let of_name = |name: &str| vocabulary.range(name);
    faults.extend(written().filter_map(|when| {
        let text = when.to_string();
        is_certain(when.tree(), &of_name).map(|holds| RuleFault::ConditionCertain { text, holds })
    }));
    faults
}
