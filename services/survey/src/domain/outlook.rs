//! How the strata of a survey stand against their quotas, and when that is told: when a stratum will miss its
//! quota at the present pace, once, and again only after it was on its way.

use std::collections::BTreeMap;

use cchc_core::UnitCode;
use cchc_scoring::survey::plan::{Outlook, Window};
use time::Date;

use super::survey::Survey;

/// How a stratum stood when that was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Foreseen {
    pub(crate) stratum: UnitCode,
    /// 1, 2, 3 … for each time it was foreseen otherwise than before.
    pub(crate) version: i32,
    /// The day on which it was foreseen.
    pub(crate) day: Date,
    pub(crate) outlook: Outlook,
}

/// Responses by the place of their cluster.
pub(crate) type ByCluster = BTreeMap<i16, i64>;

impl Survey {
    /// How every stratum stands on a day, in the order of the plan, or of the clusters where there is none:
    /// then a stratum wants what its clusters want.
    pub(crate) fn outlooks(&self, stored: &ByCluster, today: Date) -> Vec<(UnitCode, Outlook)> {
        let mut strata: BTreeMap<&UnitCode, (i64, i64)> = BTreeMap::new();
        for (place, cluster) in (0_i16..).zip(&self.clusters) {
            let (wanted, have) = strata.entry(&cluster.stratum).or_default();
            *wanted += i64::from(cluster.wanted_count);
            *have += stored.get(&place).copied().unwrap_or_default();
        }
        let quotas: Vec<(&UnitCode, i64)> = match &self.sample {
            Some(plan) => {
                let quotas = plan.quotas().unwrap_or_default();
                plan.strata.iter().map(|stratum| &stratum.code).zip(quotas).collect()
            }
            None => strata.iter().map(|(stratum, (wanted, _))| (*stratum, *wanted)).collect(),
        };
        let pace = self.sample.as_ref().map(|plan| plan.pace.as_slice()).unwrap_or_default();
        let window = Window { open: self.open_date, close: self.close_date };
        let outlook = |(stratum, quota): (&UnitCode, i64)| {
            let have = strata.get(stratum).map_or(0, |(_, have)| *have);
            (stratum.clone(), window.outlook(pace, (quota, have), today))
        };
        quotas.into_iter().map(outlook).collect()
    }
}

/// What is to be told of strata that stand so, after what was told of them last.
pub(crate) fn to_tell(
    outlooks: Vec<(UnitCode, Outlook)>,
    last: &BTreeMap<UnitCode, Foreseen>,
    day: Date,
) -> Vec<Foreseen> {
    let changed = outlooks.into_iter().filter_map(|(stratum, outlook)| {
        let last = last.get(&stratum);
        let would_miss = last.is_some_and(|last| last.outlook.will_miss());
        let version = last.map_or(0, |last| last.version) + 1;
        (outlook.will_miss() != would_miss).then_some(Foreseen { stratum, version, day, outlook })
    });
    changed.collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use serde_json::json;
    use time::macros::date;

    use super::*;

    fn survey(sample: &serde_json::Value) -> Survey {
        serde_json::from_value(json!({
            "code": "S", "plan": "QN-2018", "province": "22", "title": "Khảo sát",
            "instrument": "provincial", "open_date": "2018-06-01", "close_date": "2018-06-10",
            "minimum_cell": 10, "release_after": 10, "sample": sample,
            "questions": [{ "code": "Q1", "text": "Hài lòng?", "kind": "likert5" }],
            "clusters": [
                { "stratum": "193", "commune": "06649", "wanted_count": 60 },
                { "stratum": "193", "commune": "06652", "wanted_count": 40 },
                { "stratum": "194", "commune": "06709", "wanted_count": 50 }
            ],
        }))
        .unwrap()
    }

    fn planned() -> Survey {
        survey(&json!({ "allocation": "given", "strata": [
            { "code": "193", "population": 9000, "communes": 20, "quota": 100 },
            { "code": "194", "population": 3000, "communes": 17, "quota": 40 }
        ]}))
    }

    fn told(survey: &Survey, stored: [i64; 3], day: Date, last: &[Foreseen]) -> Vec<Foreseen> {
        let stored = (0..).zip(stored).collect();
        let last = last.iter().map(|one| (one.stratum.clone(), one.clone())).collect();
        to_tell(survey.outlooks(&stored, day), &last, day)
    }

    #[test]
    fn a_stratum_without_a_plan_wants_what_its_communes_want() {
        let stored = ByCluster::from([(0, 5), (1, 6), (2, 7)]);

        let outlooks = survey(&json!(null)).outlooks(&stored, date!(2018 - 06 - 01));

        let counts: Vec<_> = outlooks.iter().map(|(_, at)| (at.quota, at.stored)).collect();
        assert_eq!(counts, [(100, 11), (50, 7)]);
    }

    #[test]
    fn a_shortfall_is_told_once_and_again_only_after_it_was_over() {
        let (survey, mut all) = (planned(), Vec::new());
        let mut heard = Vec::new();
        for (day, stored) in [
            (date!(2018 - 06 - 01), [0, 0, 0]),
            (date!(2018 - 06 - 02), [6, 4, 3]),
            (date!(2018 - 06 - 03), [6, 4, 9]),
            (date!(2018 - 06 - 04), [20, 10, 11]),
            (date!(2018 - 06 - 05), [30, 30, 12]),
            (date!(2018 - 06 - 11), [50, 49, 40]),
        ] {
            let told = told(&survey, stored, day, &all);
            heard.push(
                told.iter()
                    .map(|of| (of.stratum.to_string(), of.version, of.outlook.will_miss()))
                    .collect::<Vec<_>>(),
            );
            all.retain(|old: &Foreseen| told.iter().all(|new| new.stratum != old.stratum));
            all.extend(told);
        }

        let of = |stratum: &str, version, misses| (stratum.to_owned(), version, misses);
        assert_eq!(
            heard,
            [
                vec![],
                vec![of("194", 1, true)],
                vec![of("193", 1, true), of("194", 2, false)],
                vec![of("193", 2, false), of("194", 3, true)],
                vec![],
                vec![of("193", 3, true), of("194", 4, false)],
            ]
        );
    }
}
