//! Where a node starts from and how far a target wants it to come: what the plan states first, and only
//! what it leaves open is computed.

use cchc_core::{Decimal, NodeCode, Points};

use crate::catalogue::{Baseline, Composition, IncreaseUnit, Index, Plan, Target};

/// By whose word a node started from where it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BaselineBasis {
    /// The plan states it.
    Stated,
    /// The stated target less the stated movement.
    Implied,
    /// The index's owner published it.
    Published,
    /// The sum of its children's baselines, all of which are known.
    Computed,
}

/// Where a node started from: by the plan's own words, failing these as published, and failing that, for
/// a sum, what its children give.
#[must_use]
pub fn start(plan: &Plan, index: &Index, node: &NodeCode) -> Option<(Points, BaselineBasis)> {
    let id = index.id(node);
    let baseline = plan.baseline(&id);
    let target = plan.target(&id);
    by_own_word(baseline, target, index.is_in_percent())
        .or_else(|| Some((baseline?.published?, BaselineBasis::Published)))
        .or_else(|| Some((sum_of_children(plan, index, node)?, BaselineBasis::Computed)))
}

/// Where a node started from, by the plan's own words alone: as stated, or the target less the movement.
#[must_use]
pub fn by_own_word(
    baseline: Option<&Baseline>,
    target: Option<&Target>,
    is_in_percent: bool,
) -> Option<(Points, BaselineBasis)> {
    let stated = baseline.and_then(|baseline| baseline.stated);
    stated
        .map(|points| (points, BaselineBasis::Stated))
        .or_else(|| Some((implied(target?, is_in_percent)?, BaselineBasis::Implied)))
}

fn implied(target: &Target, is_in_percent: bool) -> Option<Points> {
    let by = movement(target, None, is_in_percent)?;
    Points::new(target.direction.improve(target.points?.get(), -by)).ok()
}

fn sum_of_children(plan: &Plan, index: &Index, node: &NodeCode) -> Option<Points> {
    let is_sum = index.node(node)?.composition == Composition::Sum && index.has_children(node);
    let parts = index.children(node).map(|child| start(plan, index, &child.code));
    let parts = parts.map(|part| part.map(|(points, _)| points.get()));
    let sum: Decimal = is_sum.then_some(parts.collect::<Option<Vec<_>>>()?)?.into_iter().sum();
    Points::new(sum).ok()
}

/// The stated movement in units of the index; nothing where the plan does not say of what. "Up 3.4 %" of
/// a percentage is read as percentage points, with a finding; "up 3.4 %" of points says nothing.
#[must_use]
pub fn movement(target: &Target, start: Option<Decimal>, is_in_percent: bool) -> Option<Decimal> {
    let by = target.increase?.get();
    match target.increase_unit {
        IncreaseUnit::Points | IncreaseUnit::PercentagePoints => Some(by),
        IncreaseUnit::Percent => is_in_percent.then_some(by),
        IncreaseUnit::Relative => start?.checked_mul(by)?.checked_div(Decimal::ONE_HUNDRED),
    }
}

/// The figure to reach: the stated points, or, where only a movement is promised, the start moved so far.
#[must_use]
pub fn wanted(target: &Target, start: Option<Decimal>, is_in_percent: bool) -> Option<Decimal> {
    let moved = || {
        let start = start?;
        Some(target.direction.improve(start, movement(target, Some(start), is_in_percent)?))
    };
    target.points.map(Points::get).or_else(moved)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use serde_json::{Value, json};

    use super::*;

    fn target(figures: &Value) -> Target {
        let mut target = json!({ "node": "T-2018/0", "reference": "" });
        target.as_object_mut().unwrap().extend(figures.as_object().unwrap().clone());
        serde_json::from_value(target).unwrap()
    }

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn points_alone_are_wanted_as_stated() {
        let target = target(&json!({ "points": "92.28", "increase": "2.83" }));

        assert_eq!(wanted(&target, None, false), Some(decimal("92.28")));
    }

    #[test]
    fn a_movement_alone_is_counted_from_the_start() {
        let up = target(&json!({ "increase": "0.5" }));
        let down = target(&json!({ "increase": "0.5", "direction": "down" }));
        let relative = target(&json!({ "increase": "30", "increase_unit": "relative" }));
        let start = Some(decimal("8"));

        assert_eq!(wanted(&up, start, false), Some(decimal("8.5")));
        assert_eq!(wanted(&down, start, false), Some(decimal("7.5")));
        assert_eq!(wanted(&relative, start, false), Some(decimal("10.4")));
        assert_eq!(wanted(&up, None, false), None);
    }

    #[test]
    fn per_cent_of_points_says_nothing_and_of_a_percentage_percentage_points() {
        let target = target(&json!({ "increase": "3.4", "increase_unit": "percent" }));

        assert_eq!(movement(&target, Some(decimal("90")), false), None);
        assert_eq!(movement(&target, Some(decimal("90")), true), Some(decimal("3.4")));
    }

    #[test]
    fn a_start_is_stated_then_implied_then_published_then_the_sum_of_the_parts() {
        let index: Index = serde_json::from_value(json!({
            "code": "T-2018", "year": 2018, "family": "", "title": "", "title_en": "",
            "unit": "điểm", "provenance": "own", "reference": "",
            "nodes": [
                { "code": "0", "title": "", "title_en": "", "source": "children" },
                { "code": "1", "title": "", "title_en": "", "source": "external" },
                { "code": "2", "title": "", "title_en": "", "source": "external" },
                { "code": "3", "title": "", "title_en": "", "source": "external" }
            ]
        }))
        .unwrap();
        let mut plan: Plan = serde_json::from_value(json!({
            "code": "QN-2018", "province": "22", "year": 2018, "title": "", "title_en": "",
            "reference": "",
            "baselines": [
                { "node": "T-2018/1", "year": 2017, "stated": "1", "published": "9", "reference": "" },
                { "node": "T-2018/2", "year": 2017, "published": "2.5", "reference": "" }
            ],
            "targets": [
                { "node": "T-2018/3", "points": "4", "increase": "1", "direction": "down",
                  "reference": "" }
            ]
        }))
        .unwrap();
        let of = |plan: &Plan, code: &str| {
            let found = start(plan, &index, &code.parse().unwrap());
            found.map(|(points, basis)| (points.to_string(), basis))
        };

        assert_eq!(of(&plan, "1"), Some(("1".to_owned(), BaselineBasis::Stated)));
        assert_eq!(of(&plan, "2"), Some(("2.5".to_owned(), BaselineBasis::Published)));
        assert_eq!(of(&plan, "3"), Some(("5".to_owned(), BaselineBasis::Implied)));
        assert_eq!(of(&plan, "0"), Some(("8.5".to_owned(), BaselineBasis::Computed)));
        plan.baselines.pop();
        assert_eq!(of(&plan, "0"), None, "a sum over an unknown part is unknown");
    }
}
