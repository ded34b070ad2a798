//! The points that a rule can give at all: what a what-if may lift a node to.
//!
//! A node in bands does not rise by a hundredth; it stands in its band until the next one is reached.

use cchc_core::{Decimal, Points};

use super::{Band, Rule, Step};

/// Multiples of a bonus or a deduction that are told apart; beyond, any points up to the maximum.
const MOST_MULTIPLES: usize = 200;

/// The points that a rule can give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attainable {
    /// These and none between them, from the fewest to the most.
    Only(Vec<Points>),
    /// Any from nothing to so many.
    UpTo(Points),
    /// No more can be said, since the node's maximum is unknown.
    Unknown,
}

impl Attainable {
    /// The most points; nothing where they are unknown.
    #[must_use]
    pub fn most(&self) -> Option<Points> {
        match self {
            Self::Only(points) => points.last().copied(),
            Self::UpTo(most) => Some(*most),
            Self::Unknown => None,
        }
    }
}

impl Rule {
    /// The points that the rule can give on a node of such a maximum, whatever is reported.
    #[must_use]
    pub fn attainable(&self, max: Option<Points>) -> Attainable {
        let possible = self.verdicts(max);
        if !possible.is_empty() {
            return only(possible.into_iter().map(|verdict| verdict.points), max);
        }
        let any = max.map_or(Attainable::Unknown, Attainable::UpTo);
        let of_bands = |bands: &[Band]| only(bands.iter().map(|band| band.points), max);
        let of_steps = |steps: &[Step]| {
            // Below the first step there is nothing.
            only(steps.iter().map(|step| step.points).chain([Points::ZERO]), max)
        };
        match self {
            Self::Bands { bands } => of_bands(bands),
            Self::External { bands, .. } if !bands.is_empty() => of_bands(bands),
            Self::CountSteps { steps } | Self::GrowthSteps { steps } => of_steps(steps),
            Self::Conjunction { .. } => {
                max.map_or(Attainable::Unknown, |max| Attainable::Only(vec![Points::ZERO, max]))
            }
            Self::Bonus { each, cap } => match smaller(*cap, max) {
                Some(most) => multiples(*each, most, |taken| taken),
                None => Attainable::Unknown,
            },
            Self::Deduction { each, cap } => match max {
                Some(max) => {
                    let most = smaller(*cap, Some(max)).unwrap_or(max);
                    multiples(*each, most, |taken| Points::nearest(max.get() - taken.get()))
                }
                None => Attainable::Unknown,
            },
            _ => any,
        }
    }
}

fn smaller(one: Option<Points>, other: Option<Points>) -> Option<Points> {
    one.into_iter().chain(other).min()
}

/// Each so many times, up to the most, as the points that are left of it.
fn multiples(each: Points, most: Points, points: impl Fn(Points) -> Points) -> Attainable {
    if each == Points::ZERO {
        return Attainable::Only(vec![points(Points::ZERO)]);
    }
    let times = (0..=MOST_MULTIPLES).map(|n| each.get().checked_mul(Decimal::from(n)));
    let below = times.flatten().map(Points::nearest).take_while(|taken| *taken < most);
    let taken: Vec<Points> = below.collect();
    if taken.len() > MOST_MULTIPLES {
        return Attainable::UpTo(points(Points::ZERO).max(points(most)));
    }
    only(taken.into_iter().chain([most]).map(points), None)
}

fn only(points: impl Iterator<Item = Points>, max: Option<Points>) -> Attainable {
    let capped = points.map(|points| max.map_or(points, |max| points.min(max)));
    let mut points: Vec<Points> = capped.collect();
    points.sort_unstable();
    points.dedup();
    Attainable::Only(points)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use serde_json::{Value, json};

    use super::*;

    fn of(rule: Value, max: Option<&str>) -> Attainable {
        let rule: Rule = serde_json::from_value(rule).unwrap();
        rule.attainable(max.map(|max| max.parse().unwrap()))
    }

    fn only(points: &[&str]) -> Attainable {
        Attainable::Only(points.iter().map(|points| points.parse().unwrap()).collect())
    }

    #[test]
    fn bands_steps_and_states_give_what_they_name_and_nothing_between() {
        let bound =
            |percent: &str, inclusive| json!({ "percent": percent, "inclusive": inclusive });
        let bands = json!({ "kind": "bands", "bands": [
            { "to": bound("90", false), "points": "0" },
            { "from": bound("90", true), "to": bound("100", false), "points": "0.5" },
            { "from": bound("100", true), "points": "1" },
        ] });
        let steps = json!({ "kind": "count-steps", "steps": [
            { "at_least": "1", "points": "0.5" }, { "at_least": "2", "points": "1" } ] });
        let states = json!({ "kind": "states", "states": [
            { "title": "kịp thời", "title_en": "in time", "points": "1" },
            { "title": "muộn", "title_en": "late", "points": "0.5" } ] });

        assert_eq!(of(bands, Some("1")), only(&["0", "0.5", "1"]));
        assert_eq!(of(steps, Some("1")), only(&["0", "0.5", "1"]));
        assert_eq!(of(states, Some("1")), only(&["0.5", "1"]));
        assert_eq!(of(json!({ "kind": "yes-no" }), Some("2")), only(&["0", "2"]));
    }

    #[test]
    fn conditions_that_must_all_hold_give_all_or_nothing() {
        let term = json!({ "name": "n", "variable": "REPORTS", "measure": "count",
                           "title": "báo cáo", "title_en": "reports" });
        let rule = json!({ "kind": "conjunction", "variables": [term], "conditions": [
            { "title": "đủ", "title_en": "complete", "when": "n >= 4" } ] });

        assert_eq!(of(rule.clone(), Some("1.5")), only(&["0", "1.5"]));
        assert_eq!(of(rule, None), Attainable::Unknown);
    }

    #[test]
    fn another_index_gives_its_bands_or_without_any_its_share() {
        let bound = |inclusive| json!({ "percent": "90", "inclusive": inclusive });
        let bands = json!([
            { "to": bound(false), "points": "0.5" }, { "from": bound(true), "points": "1" } ]);
        let banded = json!({ "kind": "external", "index": "SIPAS", "bands": bands });
        let in_proportion = json!({ "kind": "external", "index": "SIPAS" });

        assert_eq!(of(banded, Some("1")), only(&["0.5", "1"]));
        assert_eq!(of(in_proportion, Some("1")), Attainable::UpTo("1".parse().unwrap()));
    }

    #[test]
    fn what_moves_freely_goes_up_to_its_maximum_where_that_is_known() {
        for kind in ["assessed", "share", "satisfaction"] {
            let rule = json!({ "kind": kind });
            assert_eq!(of(rule.clone(), Some("8")), Attainable::UpTo("8".parse().unwrap()));
            assert_eq!(of(rule, None), Attainable::Unknown, "{kind}");
        }
    }

    #[test]
    fn bonuses_and_deductions_come_in_multiples_up_to_their_cap() {
        let bonus = json!({ "kind": "bonus", "each": "0.4", "cap": "1" });
        let deduction = json!({ "kind": "deduction", "each": "0.5", "cap": "1" });
        let fine = json!({ "kind": "bonus", "each": "0.001" });

        assert_eq!(of(bonus, Some("3")), only(&["0", "0.4", "0.8", "1"]));
        assert_eq!(of(deduction, Some("3")), only(&["2", "2.5", "3"]));
        assert_eq!(of(fine, Some("3")), Attainable::UpTo("3".parse().unwrap()));
    }

    #[test]
    fn so_many_multiples_are_told_apart_and_one_more_makes_them_free() {
        let bonus = |cap: &str| of(json!({ "kind": "bonus", "each": "0.01", "cap": cap }), None);

        let Attainable::Only(points) = bonus("2") else { panic!("{:?}", bonus("2")) };
        assert_eq!(points.len(), MOST_MULTIPLES + 1, "none, and up to 200 times 0.01");
        assert_eq!(bonus("2.005"), Attainable::UpTo("2.005".parse().unwrap()));
    }
}
