//! A sample as it was drawn, and how many people each response stands for.
//!
//! **Weights are constant within a commune**, so that counts stay whole numbers of people and weights meet
//! them only when somebody reads: a correction moves a count by one, whatever it weighs. A commune's weight is
//!
//! - its *base weight*, where the survey gives one: the inverse of the probability of selection; or
//! - where it gives populations instead, (N / n) · (M / m): communes of the district over those of them that
//!   have answered so far, times people of the commune over responses so far. R's `survey` makes the same
//!   weights of `fpc = ~N + M`, and the estimator of files does, too. A commune or a person that has not
//!   answered is so made up for by its neighbours, as long as nothing better is known.
//!
//! Rounded to nine places once, half away from zero, for points and standard errors alike.

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::{ClusterCode, Decimal, StratumCode};
use rust_decimal::RoundingStrategy;
use serde::{Deserialize, Serialize};

/// Places of a weight.
const PLACES: u32 = 9;

/// A sample as it was drawn: communes within districts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drawn {
    /// The communes drawn.
    pub clusters: BTreeMap<ClusterCode, DrawnCluster>,
    /// Communes that each district has, where that is known.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub communes: BTreeMap<StratumCode, i64>,
}

/// A commune that was drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawnCluster {
    /// Its district.
    pub stratum: StratumCode,
    /// How many people a response stands for, above 0; absent where that is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_weight: Option<Decimal>,
    /// People whom the survey is about; absent where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub population: Option<i64>,
}

/// Weights by commune.
pub type Weights = BTreeMap<ClusterCode, Decimal>;

impl Drawn {
    /// Whether its responses weigh differently: otherwise every one counts as one.
    #[must_use]
    pub fn is_weighted(&self) -> bool {
        self.is_finite() || self.has(|cluster| cluster.base_weight.is_some())
    }

    /// Whether the size of everything is known that was drawn from: only then is a sample of half the
    /// population more than a sample of as many in an endless one.
    #[must_use]
    pub fn is_finite(&self) -> bool {
        let is_known = |cluster: &DrawnCluster| {
            cluster.population.is_some() && self.communes.contains_key(&cluster.stratum)
        };
        self.has(is_known)
    }

    /// Whether something holds of every commune, and there are any.
    fn has(&self, holds: impl Fn(&DrawnCluster) -> bool) -> bool {
        !self.clusters.is_empty() && self.clusters.values().all(holds)
    }

    /// The districts in which communes were drawn.
    #[must_use]
    pub fn strata(&self) -> BTreeSet<&StratumCode> {
        self.clusters.values().map(|cluster| &cluster.stratum).collect()
    }

    /// The weight of a response in each commune that has any, given how many each has.
    #[must_use]
    pub fn weights(&self, responses: &BTreeMap<ClusterCode, i64>) -> Weights {
        let answering = self.clusters.iter().filter_map(|(code, cluster)| {
            let count = responses.get(code).copied().filter(|count| *count > 0)?;
            Some((code, cluster, count))
        });
        let mut communes: BTreeMap<&StratumCode, i64> = BTreeMap::new();
        for (_, cluster, _) in answering.clone() {
            *communes.entry(&cluster.stratum).or_default() += 1;
        }
        let weight = |(code, cluster, count): (&ClusterCode, &DrawnCluster, i64)| {
            let drawn = communes.get(&cluster.stratum).copied().unwrap_or_default();
            Some((code.clone(), self.weight(cluster, drawn, count)?))
        };
        answering.filter_map(weight).collect()
    }

    fn weight(&self, cluster: &DrawnCluster, drawn: i64, count: i64) -> Option<Decimal> {
        if !self.is_weighted() {
            return Some(Decimal::ONE);
        }
        if let Some(given) = cluster.base_weight {
            return Some(given);
        }
        let communes = Decimal::from(*self.communes.get(&cluster.stratum)?);
        let people = Decimal::from(cluster.population?);
        let asked = Decimal::from(drawn).checked_mul(count.into())?;
        let weight = communes.checked_mul(people)?.checked_div(asked)?;
        Some(weight.round_dp_with_strategy(PLACES, RoundingStrategy::MidpointAwayFromZero))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use serde_json::json;

    use super::*;

    fn drawn(clusters: &serde_json::Value, communes: &serde_json::Value) -> Drawn {
        serde_json::from_value(json!({ "clusters": clusters, "communes": communes })).unwrap()
    }

    fn weights(of: &Drawn, responses: &[(&str, i64)]) -> Vec<(String, String)> {
        let responses = responses.iter().map(|(code, count)| (code.parse().unwrap(), *count));
        let weights = of.weights(&responses.collect());
        weights.into_iter().map(|(code, weight)| (code.to_string(), weight.to_string())).collect()
    }

    fn pair(code: &str, weight: &str) -> (String, String) {
        (code.to_owned(), weight.to_owned())
    }

    #[test]
    fn populations_make_weights_of_what_has_answered_so_far() {
        let of = drawn(
            &json!({
                "06649": { "stratum": "193", "population": 5227 },
                "06652": { "stratum": "193", "population": 3000 },
                "06700": { "stratum": "194", "population": 1000 },
            }),
            &json!({ "193": 9, "194": 4 }),
        );

        assert!(of.is_weighted() && of.is_finite());
        // 9/2 · 5227/40, 9/2 · 3000/7; then one commune of two has answered: 9/1 · 5227/40.
        assert_eq!(
            weights(&of, &[("06649", 40), ("06652", 7), ("06700", 0)]),
            [pair("06649", "588.0375"), pair("06652", "1928.571428571")]
        );
        assert_eq!(weights(&of, &[("06649", 40), ("06652", -1)]), [pair("06649", "1176.075")]);
    }

    #[test]
    fn a_weight_that_is_given_goes_before_populations() {
        let of = drawn(
            &json!({ "06649": { "stratum": "193", "base_weight": "12.5", "population": 5227 } }),
            &json!({ "193": 9 }),
        );

        assert_eq!(weights(&of, &[("06649", 3)]), [pair("06649", "12.5")]);
    }

    #[test]
    fn without_either_every_response_counts_as_one() {
        let clusters = json!({
            "06649": { "stratum": "193", "population": 5227 }, "06652": { "stratum": "193" },
        });
        let of = drawn(&clusters, &json!({ "193": 9 }));

        assert!(!of.is_weighted() && !of.is_finite());
        assert!(!Drawn::default().is_weighted());
        assert_eq!(
            weights(&of, &[("06649", 3), ("06652", 1), ("99999", 4)]),
            [pair("06649", "1"), pair("06652", "1")]
        );
    }
}
