//! What a plan promises for a node: points, a share, a movement, a place; for whom, for which year, and
//! which way is better.

use cchc_core::{Decimal, NodeId, Points, UnitCode, Year};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is promised for a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// The node.
    pub node: NodeId,
    /// The unit that is to reach it by itself; absent for the province as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitCode>,
    /// The year it is promised for; absent for the year of the plan. A plan of 2018 may promise
    /// something for 2020: that is not judged in 2018.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<Year>,
    /// Which way is better.
    #[serde(default, skip_serializing_if = "Direction::is_up")]
    pub direction: Direction,
    /// The score to reach, or, where down is better, not to exceed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<Points>,
    /// The stated movement from the baseline in the target's direction: an increase, or, where down is
    /// better, a decrease. Without points it is a promise of its own, judged against the baseline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub increase: Option<Points>,
    /// What the increase is counted in; an increase of a percentage written `%` is ambiguous.
    #[serde(default)]
    pub increase_unit: IncreaseUnit,
    /// The stated share of the node's maximum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ratio: Option<StatedRatio>,
    /// The place to reach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<RankTarget>,
    /// What a heading over this item says of the place, where it says something else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heading_rank: Option<RankTarget>,
    /// Where the plan states it.
    pub reference: String,
}

impl Target {
    /// Whether it is promised for the province as a whole in a year, given the year of its plan.
    #[must_use]
    pub fn is_for_all(&self, planned: Year) -> bool {
        self.unit.is_none() && self.is_for(planned)
    }

    /// Whether it is promised for the year its plan is made for.
    #[must_use]
    pub fn is_for(&self, planned: Year) -> bool {
        self.year.is_none_or(|year| year == planned)
    }
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// More is better; nearly everything.
    #[default]
    Up,
    /// Less is better: late dossiers, requests to complete one.
    Down,
}

impl Direction {
    /// Whether more is better.
    #[must_use]
    pub const fn is_up(&self) -> bool {
        matches!(self, Self::Up)
    }

    /// Whether a figure keeps a promise of another one.
    #[must_use]
    pub fn keeps(self, figure: Decimal, wanted: Decimal) -> bool {
        match self {
            Self::Up => figure >= wanted,
            Self::Down => figure <= wanted,
        }
    }

    /// Moves a figure so far to the better.
    #[must_use]
    pub fn improve(self, figure: Decimal, by: Decimal) -> Decimal {
        match self {
            Self::Up => figure + by,
            Self::Down => figure - by,
        }
    }
}

/// What an increase is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum IncreaseUnit {
    /// Points of the index.
    #[default]
    Points,
    /// Percentage points.
    PercentagePoints,
    /// Written `%` of a figure that is itself a percentage: points or relative, the text does not say.
    Percent,
    /// Per cent of the baseline, and the text says so: 30 % more of 10 is 13.
    Relative,
}

/// A percentage that a plan states beside its points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatedRatio {
    /// Per cent of the maximum, as written.
    #[schemars(with = "cchc_core::DecimalForm")]
    pub percent: Decimal,
    /// The rule by which it should have been shortened.
    #[serde(default)]
    pub rounding: Rounding,
}

/// How a figure is shortened for display.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Rounding {
    /// Half away from zero: 94.2857 is 94.29.
    #[default]
    HalfUp,
    /// Cut off: 94.2857 is 94.28.
    Truncate,
}

/// A share of answers that a plan quotes, together with what it makes of everybody else.
///
/// A survey has those who do not know, too. Where the two shares leave no room for them, they were
/// counted as having said the opposite, which nobody did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuotedShare {
    /// The node it speaks of.
    pub node: NodeId,
    /// Per cent who answered so, as written.
    #[schemars(with = "cchc_core::DecimalForm")]
    pub percent: Decimal,
    /// Per cent that the plan states of all others, as written.
    #[schemars(with = "cchc_core::DecimalForm")]
    pub rest_percent: Decimal,
    /// What the plan says of these others, in Vietnamese.
    pub rest_reading: String,
    /// Per cent who did not know or did not answer; absent when not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<cchc_core::DecimalForm>")]
    pub unanswered_percent: Option<Decimal>,
    /// Where the plan states it.
    pub reference: String,
}

/// A place to reach among the provinces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RankTarget {
    /// Exactly this place.
    Exact(u16),
    /// This place or better.
    Top(u16),
    /// This PAPI quartile group (1 is the highest) or better.
    Group(u8),
    /// A PAPI group together with a size that is not the group's: "15 of 63, upper middle".
    GroupOf {
        /// The group, 1 the highest.
        group: u8,
        /// The stated size.
        size: u16,
    },
    /// The leading group, with no number: cannot be judged without one.
    Leading,
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn the_provinces_own_promise_names_no_unit_and_no_other_year() {
        let planned = Year::new(2018).unwrap();
        let target = |unit: Option<&str>, year: Option<i32>| -> Target {
            serde_json::from_value(serde_json::json!({
                "node": "T-2018/0", "reference": "", "unit": unit, "year": year,
            }))
            .unwrap()
        };

        for (unit, year, is_for_all, is_for) in [
            (None, None, true, true),
            (None, Some(2018), true, true),
            (None, Some(2020), false, false),
            (Some("22-SNV"), None, false, true),
            (Some("22-SNV"), Some(2020), false, false),
        ] {
            let target = target(unit, year);

            let found = (target.is_for_all(planned), target.is_for(planned));
            assert_eq!(found, (is_for_all, is_for), "{unit:?} {year:?}");
        }
    }
}
