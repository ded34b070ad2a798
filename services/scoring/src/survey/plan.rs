//! How many to ask, where, and whether it will be enough: the plan of a sample as data.
//!
//! **How many.** n = N / (1 + N·e²) for a margin e in a population of N (Yamane 1967, as Vietnamese survey plans
//! state it), times the design effect, since communes are asked and not single people. Rounded **up**, as
//! one less would miss the margin, and never more than N. Each stratum then has a quota: as many as
//! every other, in proportion to its people by largest remainders, or as the plan gives it.
//!
//! **Whether it will be enough.** A pace says which part of its quota a stratum should have by the end of a day:
//! a straight line over the fieldwork, or through the points the plan declares. At that pace what has come
//! foretells what will have come at the end; all in whole numbers, so that nobody's rounding decides it.

mod check;
mod pace;

use std::cmp::Reverse;

use cchc_core::{Decimal, UnitCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::{
    check::Sampled,
    pace::{Outlook, PacePoint, Window},
};

/// The plan of a sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SamplePlan {
    /// The margin of error e that the whole sample is to keep, as a part: `0.05` is five per cent. Absent
    /// where every quota is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<cchc_core::DecimalForm>")]
    pub margin: Option<Decimal>,
    /// How many times as many are asked as in a simple sample, from 1; 1 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<cchc_core::DecimalForm>")]
    pub design_effect: Option<Decimal>,
    /// How the sample is shared among the strata.
    pub allocation: Allocation,
    /// The strata: districts, in the order in which remainders are given away.
    pub strata: Vec<PlannedStratum>,
    /// Which part of each quota should have come by when; a straight line over the fieldwork when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pace: Vec<PacePoint>,
}

/// How a sample is shared among its strata.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Allocation {
    /// As many in each.
    Equal,
    /// In proportion to their people.
    Proportional,
    /// As the plan gives it.
    Given,
}

/// A stratum: a district whose communes are drawn from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlannedStratum {
    /// The district.
    pub code: UnitCode,
    /// People it has whom the survey is about.
    pub population: i64,
    /// Communes it has, of which some are drawn: the finite population of the first stage.
    pub communes: i32,
    /// Responses wanted, where they are given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota: Option<i32>,
}

impl SamplePlan {
    /// People in all strata.
    #[must_use]
    pub fn population(&self) -> i64 {
        self.strata.iter().map(|stratum| stratum.population).sum()
    }

    /// Responses that the margin asks for; nothing where the plan has none.
    #[must_use]
    pub fn required(&self) -> Option<i64> {
        let effect = self.design_effect.unwrap_or(Decimal::ONE);
        required(self.population(), self.margin?, effect)
    }

    /// The quota of each stratum, in their order; nothing where it is neither given nor follows.
    #[must_use]
    pub fn quotas(&self) -> Option<Vec<i64>> {
        let shares: Vec<i64> = match self.allocation {
            Allocation::Given => {
                return self.strata.iter().map(|stratum| stratum.quota.map(Into::into)).collect();
            }
            Allocation::Equal => vec![1; self.strata.len()],
            Allocation::Proportional => self.strata.iter().map(|of| of.population).collect(),
        };
        allocate(self.required()?, &shares)
    }
}

/// Responses wanted of a population for a margin: n = N / (1 + N·e²) times the design effect, rounded up, at
/// most all. Nothing when a number leaves its range.
#[must_use]
pub fn required(population: i64, margin: Decimal, effect: Decimal) -> Option<i64> {
    let people = Decimal::from(population);
    let whole = people.checked_mul(margin.checked_mul(margin)?)?.checked_add(Decimal::ONE)?;
    let exact = people.checked_mul(effect)?.checked_div(whole)?;
    i64::try_from(exact.ceil().min(people)).ok()
}

/// Shares a number in proportion, by largest remainders; of equal ones the first in order gets the unit.
/// Nothing when there is nothing to share by.
#[must_use]
pub fn allocate(total: i64, shares: &[i64]) -> Option<Vec<i64>> {
    let whole: i128 = shares.iter().map(|share| i128::from(*share)).sum();
    if whole <= 0 {
        return None;
    }
    let part = |share: &i64| i128::from(*share) * i128::from(total);
    let mut parts: Vec<i64> = shares
        .iter()
        .map(|share| i64::try_from(part(share).checked_div(whole)?).ok())
        .collect::<Option<_>>()?;
    let left = usize::try_from(total - parts.iter().sum::<i64>()).ok()?;
    let mut by_remainder: Vec<usize> = (0..shares.len()).collect();
    let remainder = |at: &usize| shares.get(*at).map_or(0, |share| part(share) % whole);
    by_remainder.sort_by_key(|at| Reverse(remainder(at)));
    for at in by_remainder.into_iter().take(left) {
        if let Some(part) = parts.get_mut(at) {
            *part += 1;
        }
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use proptest::prelude::*;

    use super::*;

    fn wanted(population: i64, margin: &str, effect: &str) -> i64 {
        required(population, margin.parse().unwrap(), effect.parse().unwrap()).unwrap()
    }

    #[test]
    fn as_many_are_asked_as_the_margin_takes_rounded_up() {
        // 1000 / (1 + 1000 × 0.0025) = 285.71…; of a million 399.84.
        assert_eq!(wanted(1000, "0.05", "1"), 286);
        assert_eq!(wanted(1_000_000, "0.05", "1"), 400);
        assert_eq!(wanted(1_000_000, "0.05", "1.5"), 600);
        assert_eq!(wanted(1200, "0.05", "1"), 300, "what is whole is not rounded");
        assert_eq!(wanted(50, "0.01", "2"), 50, "never more than there are");
    }

    #[test]
    fn remainders_go_to_the_largest_and_then_in_order() {
        assert_eq!(allocate(10, &[1, 1, 1]), Some(vec![4, 3, 3]));
        assert_eq!(allocate(10, &[50, 30, 21]), Some(vec![5, 3, 2]));
        assert_eq!(allocate(7, &[0, 3, 1]), Some(vec![0, 5, 2]));
        assert_eq!(allocate(7, &[]), None);
    }

    proptest! {
        #[test]
        fn every_response_is_shared_out_once(
            total in 0..100_000_i64, shares in proptest::collection::vec(1..1_000_000_i64, 1..20)
        ) {
            let parts = allocate(total, &shares).unwrap();

            prop_assert_eq!(parts.iter().sum::<i64>(), total);
            let whole: i64 = shares.iter().sum();
            for (part, share) in parts.iter().zip(&shares) {
                let exact = i128::from(*share) * i128::from(total);
                prop_assert!((i128::from(*part) * i128::from(whole) - exact).abs() < i128::from(whole));
            }
        }

        #[test]
        fn a_smaller_margin_never_asks_fewer(
            population in 1..10_000_000_i64, margin in 1..50_i64, effect in 10..40_i64
        ) {
            let n = |margin: i64| required(
                population, Decimal::new(margin, 2), Decimal::new(effect, 1)
            ).unwrap();

            prop_assert!(n(margin) >= n(margin + 1));
            prop_assert!((1..=population).contains(&n(margin)));
        }
    }
}
