//! What brought a movement about: which definitions are others, and what was said otherwise.

use std::collections::BTreeMap;

use cchc_core::Points;
use cchc_scoring::{figure::vietnamese, variable::Reported};

use crate::domain::{
    catalogue::{Edition, Scope},
    facts::Facts,
    recorded::Recorded,
    words,
};

/// Corrections named; more are counted.
const MOST: usize = 200;

/// What brought a movement about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Changes {
    /// Definitions that are others than before.
    pub(crate) defined: Vec<Defined>,
    /// The first of the corrections.
    pub(crate) corrected: Vec<Corrected>,
    pub(crate) corrected_count: usize,
    /// Reports, self-assessments, appraisals and published tables that are new.
    pub(crate) new_count: usize,
}

/// A definition that is another than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Defined {
    /// `plan`, `index`, `unit` or `survey`.
    pub(crate) kind: &'static str,
    pub(crate) code: String,
}

/// What had been said before and is said otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Corrected {
    /// `measurement`, `assessment`, `appraisal` or `results`.
    pub(crate) kind: &'static str,
    /// What it is about: unit, variable and period, or a node, or an index.
    pub(crate) about: String,
    /// In the words of an official; empty when it had been taken back, or is.
    pub(crate) from: String,
    pub(crate) to: String,
}

/// What lies between two states of a plan.
pub(super) fn between(
    (scope_before, before): (&Scope, &Recorded),
    (scope_after, after): (&Scope, &Recorded),
) -> Changes {
    let (then, now) =
        (before.facts.clone().within(scope_before), after.facts.clone().within(scope_after));
    let spoken_of = |scope: &Scope, recorded: &Recorded| {
        let mut results = recorded.results.clone();
        results.retain(|code, _| scope.edition(code).is_some());
        results
    };
    let (results, results_now) = (spoken_of(scope_before, before), spoken_of(scope_after, after));
    let mut corrected = said_otherwise(&then, &now);
    corrected.extend(other("results", (&results, &results_now), ToString::to_string, |of| {
        format!("lần công bố {}", of.revision)
    }));
    let corrected_count = corrected.len();
    corrected.truncate(MOST);
    Changes {
        defined: defined_otherwise((scope_before, &then), (scope_after, &now)),
        corrected,
        corrected_count,
        new_count: added(&then.measurements, &now.measurements)
            + added(&then.assessments, &now.assessments)
            + added(&then.appraisals, &now.appraisals)
            + added(&results, &results_now),
    }
}

fn said_otherwise(then: &Facts, now: &Facts) -> Vec<Corrected> {
    let points = |points: Points| format!("{} điểm", vietnamese(points));
    let mut corrected = other(
        "measurement",
        (&then.measurements, &now.measurements),
        |key| format!("{} {} {}", key.unit, key.variable, key.period),
        |said| {
            said.reported.map_or_else(String::new, |reported: Reported| words::reported(reported))
        },
    );
    corrected.extend(other(
        "assessment",
        (&then.assessments, &now.assessments),
        |key| key.node.to_string(),
        |said| points(said.points),
    ));
    corrected.extend(other(
        "appraisal",
        (&then.appraisals, &now.appraisals),
        |key| key.node.to_string(),
        |said| points(said.points),
    ));
    corrected
}

fn other<K: Ord, T: PartialEq>(
    kind: &'static str,
    (then, now): (&BTreeMap<K, T>, &BTreeMap<K, T>),
    about: impl Fn(&K) -> String,
    words: impl Fn(&T) -> String,
) -> Vec<Corrected> {
    let both = then.iter().filter_map(|(key, then)| Some((key, then, now.get(key)?)));
    both.filter(|(_, then, now)| then != now)
        .map(|(key, then, now)| Corrected {
            kind,
            about: about(key),
            from: words(then),
            to: words(now),
        })
        .collect()
}

fn added<K: Ord, T>(then: &BTreeMap<K, T>, now: &BTreeMap<K, T>) -> usize {
    now.keys().filter(|key| !then.contains_key(*key)).count()
}

fn defined_otherwise(
    (before, then): (&Scope, &Facts),
    (after, now): (&Scope, &Facts),
) -> Vec<Defined> {
    let plan = (before.plan != after.plan)
        .then(|| Defined { kind: "plan", code: after.plan.code.to_string() });
    let editions = |scope: &Scope| -> BTreeMap<String, _> {
        let of = |Edition { index, .. }: &Edition| (index.code.to_string(), index.clone());
        scope.indices.iter().map(of).collect()
    };
    let units = |scope: &Scope| -> BTreeMap<String, _> {
        scope.units.iter().map(|(code, unit)| (code.to_string(), unit.clone())).collect()
    };
    // A survey that was opened since is no other definition of an earlier one.
    let surveys = |facts: &Facts| -> BTreeMap<String, _> {
        let opened_before =
            facts.surveys.iter().filter(|(code, _)| then.surveys.contains_key(*code));
        opened_before.map(|(code, survey)| (code.to_string(), survey.clone())).collect()
    };
    let mut defined: Vec<Defined> = plan.into_iter().collect();
    defined.extend(differing("index", &editions(before), &editions(after)));
    defined.extend(differing("unit", &units(before), &units(after)));
    defined.extend(differing("survey", &surveys(then), &surveys(now)));
    defined
}

/// What is on one side only, or otherwise on both.
fn differing<T: PartialEq>(
    kind: &'static str,
    then: &BTreeMap<String, T>,
    now: &BTreeMap<String, T>,
) -> Vec<Defined> {
    let all: std::collections::BTreeSet<&String> = then.keys().chain(now.keys()).collect();
    let others = all.into_iter().filter(|code| then.get(*code) != now.get(*code));
    others.map(|code| Defined { kind, code: code.clone() }).collect()
}
