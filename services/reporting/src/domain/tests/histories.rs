//! The live rollup is the recomputation (P2): whatever corrections, retractions, repeats and orders a
//! history has. `Live` takes the steps of `app::learn` on maps instead of tables.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;

use cchc_core::{IndexCode, UnitCode};
use proptest::prelude::*;

use super::sample::{appraised, assessed, chosen, closed, facts, measured, opened, scope, tallied};
use crate::domain::{
    canon::{self, Lines},
    catalogue::{Edition, Scope},
    fact::{Fact, Measurement, MeasurementKey, supersedes},
    facts::{Facts, Reports, Sums},
    rollup,
    sheet::Sheet,
};

struct Live<'a> {
    scope: &'a Scope,
    facts: Facts,
    sums: Sums,
    sheets: BTreeMap<IndexCode, Sheet>,
}

impl<'a> Live<'a> {
    fn new(scope: &'a Scope) -> Self {
        let (facts, sums) = (Facts::default(), Sums::default());
        let sheets = facts.sheets(scope, &sums);
        Self { scope, facts, sums, sheets }
    }

    fn learn(&mut self, fact: Fact) {
        match &fact {
            Fact::Measured(new) => {
                let old = self.facts.measurements.get(&new.key);
                if supersedes(new.version, old.map(|old| old.version)) {
                    self.move_sums(new);
                }
            }
            Fact::Tallied { survey, counts, .. } => {
                for (question, _, answers) in counts {
                    let key = (survey.clone(), question.clone());
                    self.sums.questions.entry(key).or_default().add(answers);
                }
            }
            _ => {}
        }
        let touched = touched(&fact);
        self.facts.learn(fact);
        for edition in &self.scope.indices {
            let index = &edition.index;
            let sheet = self.sheets.get_mut(&index.code).unwrap();
            for node in edition.scored() {
                if touched.contains(&node.code.as_str()) {
                    let known = self.facts.known(self.scope, &self.sums, index, node);
                    sheet.rescore(&edition.tree, &node.code, known.leaf(node));
                }
            }
        }
    }

    fn move_sums(&mut self, new: &Measurement) {
        let MeasurementKey { unit, variable: code, period } = &new.key;
        let mut before: BTreeMap<UnitCode, Reports> = BTreeMap::new();
        for (key, known) in self.facts.measurements.iter().filter(|(key, _)| key.variable == *code)
        {
            if let Some(reported) = known.reported {
                before.entry(key.unit.clone()).or_default().insert(key.period, reported);
            }
        }
        let mut after = before.clone();
        let own = after.entry(unit.clone()).or_default();
        match new.reported {
            Some(reported) => own.insert(*period, reported),
            None => own.remove(period),
        };
        // Only of those whose reports are said to bear on it: what is looked at must be enough.
        let kin = self.scope.kin(unit);
        let of = |known: &BTreeMap<UnitCode, Reports>, one: &UnitCode| {
            let is_looked_at = one == unit || kin.contains(one);
            known.get(one).filter(|_| is_looked_at).cloned().unwrap_or_default()
        };
        for (Edition { index, .. }, variable) in self.scope.counting(unit, code) {
            let (was, is) = (|unit: &_| of(&before, unit), |unit: &_| of(&after, unit));
            let moved = self.scope.moved((index, variable), &[unit].into(), was, is);
            let sum = self.sums.variables.entry((index.code.clone(), code.clone())).or_default();
            *sum = *sum + moved;
        }
    }

    fn scored(&self) -> Lines {
        canon::scored(&rollup::indices(self.scope, &self.sheets, &self.facts.beside(self.scope)))
    }
}

fn touched(fact: &Fact) -> &'static [&'static str] {
    match fact {
        Fact::Measured(new) if new.key.variable.as_str() == "SHARE" => &["2.1"],
        Fact::Measured(new) if new.key.variable.as_str() == "QUARTERLY" => &["5"],
        Fact::Measured(new) if new.key.variable.as_str() == "STOCK" => &["6"],
        Fact::Measured(new) if new.key.variable.as_str() == "GROWING" => &["7"],
        Fact::Measured(_) => &["2.2"],
        Fact::Assessed(_) | Fact::Appraised(_) => &["1"],
        Fact::SurveyOpened(_) | Fact::Tallied { .. } | Fact::SurveyClosed(_) => &["3", "8"],
        _ => &[],
    }
}

fn live(history: &[Fact]) -> (Lines, Sums) {
    let scope = scope();
    let mut live = Live::new(&scope);
    history.iter().cloned().for_each(|fact| live.learn(fact));
    (live.scored(), live.sums)
}

fn recomputed(history: &[Fact]) -> (Lines, Sums) {
    let scope = scope();
    let facts = facts(history.iter().cloned());
    let sums = facts.sums(&scope);
    let sheets = facts.sheets(&scope, &sums);
    let beside = facts.beside(&scope);
    (canon::scored(&rollup::indices(&scope, &sheets, &beside)), sums)
}

/// Every version of one report: corrected a few times, perhaps taken back between.
fn report() -> impl Strategy<Value = Vec<Fact>> {
    let unit = prop::sample::select(vec!["193", "194", "195", "199", "213", "22-SNV", "999"]);
    let period = prop::sample::select(vec![
        "2018", "2018", "2018-Q1", "2018-Q2", "2018-Q3", "2018-Q4", "2018-6M", "2018-9M", "2017",
    ]);
    let variable = prop::sample::select(vec!["SHARE", "COUNT", "QUARTERLY", "STOCK", "GROWING"]);
    let version = (0_u32..200, 0_u32..200, prop::bool::weighted(0.2));
    let versions = proptest::collection::vec(version, 1..4);
    (unit, variable, period, versions).prop_map(|(unit, variable, period, versions)| {
        let is_share = ["SHARE", "GROWING"].contains(&variable);
        let value = |(numerator, more, retracted): (u32, u32, bool)| match (retracted, is_share) {
            (true, _) => "retracted".to_owned(),
            (false, true) => format!("{numerator}.5/{}", numerator + more),
            (false, false) => numerator.to_string(),
        };
        let versions = (1..).zip(versions.into_iter().map(value));
        versions
            .map(|(version, value)| measured(unit, variable, period, (version, &value)))
            .collect()
    })
}

fn assessments() -> impl Strategy<Value = Vec<Fact>> {
    let points = || proptest::collection::vec(0_u32..12, 0..4);
    (points(), points()).prop_map(|(own, found)| {
        let own =
            (1..).zip(own).map(|(v, points)| assessed("T-2018/1", (v, &format!("{points}.25"))));
        let found =
            (1..).zip(found).map(|(v, points)| appraised("T-2018/1", v, (v, &points.to_string())));
        own.chain(found).collect()
    })
}

type Count = (&'static str, &'static str, i64, i64);

fn counts() -> impl Strategy<Value = Vec<Count>> {
    let question = prop::sample::select(vec!["Q1", "Q2", "Q9"]);
    let cluster = prop::sample::select(vec!["06649", "06652", "06655"]);
    let count = (question, cluster, 0_i64..8, 0_i64..8)
        .prop_map(|(question, cluster, yes, no)| (question, cluster, yes, yes + no));
    proptest::collection::vec(count, 0..12)
}

/// Facts in any order; one key appears once with all its versions, since a version is one content.
pub(super) fn history() -> impl Strategy<Value = Vec<Fact>> {
    let reports = proptest::collection::vec(report(), 0..40).prop_map(|reports| {
        let mut seen = std::collections::BTreeSet::new();
        let mut first = |facts: &Vec<Fact>| match facts.first() {
            Some(Fact::Measured(new)) => seen.insert(new.key.clone()),
            _ => false,
        };
        reports.into_iter().filter(|facts| first(facts)).flatten().collect::<Vec<_>>()
    });
    let is_closed = any::<bool>();
    let choices = proptest::collection::vec([-2_i64..9, 0_i64..9, 0_i64..9, 0_i64..9], 0..6);
    (reports, assessments(), (counts(), choices), is_closed).prop_flat_map(
        |(reports, said, (counts, choices), is_closed)| {
            let tallies = counts.into_iter().map(|count| tallied(&[count]));
            let tallies = tallies.chain(choices.into_iter().map(|given| chosen("06649", given)));
            let end = is_closed.then(closed);
            let all: Vec<Fact> = reports
                .into_iter()
                .chain(said)
                .chain([opened()])
                .chain(tallies)
                .chain(end)
                .collect();
            Just(all).prop_shuffle()
        },
    )
}

proptest! {
    #[test]
    fn live_is_recomputed(history in history()) {
        let ((live, sums), (recomputed, again)) = (live(&history), recomputed(&history));

        prop_assert_eq!(canon::differences(&live, &recomputed), vec![]);
        prop_assert_eq!(canon::sums(&sums), canon::sums(&again));
    }

    #[test]
    fn order_and_repeats_do_not_matter(
        (history, shuffled) in history().prop_flat_map(|all| {
            let versioned = all.iter().filter(|fact| !matches!(fact, Fact::Tallied { .. }));
            let twice: Vec<Fact> = all.iter().chain(versioned).cloned().collect();
            (Just(all), Just(twice).prop_shuffle())
        })
    ) {
        prop_assert_eq!(live(&history), live(&shuffled));
    }

    #[test]
    fn answers_may_come_in_any_portions(counts in counts()) {
        let one_by_one: Vec<Fact> =
            [opened()].into_iter().chain(counts.iter().map(|count| tallied(&[*count]))).collect();

        prop_assert_eq!(live(&one_by_one), live(&[tallied(&counts), opened()]));
    }
}
