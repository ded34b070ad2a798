//! What a plan expects of work that is not delivered yet: how many tasks, and how many points, node by node.
//!
//! A task is delivered assignment by assignment: of 0.5 points expected of a task that binds fourteen districts, of
//! which three have not done it, 0.5 × 3/14 are missing. The quotient is brought to nine places once, as points of a
//! leaf are; sums of such shares are then exact in any order. Points that nobody stated are not zero: they are not
//! added, and their tasks are counted.

use std::collections::BTreeMap;

use cchc_core::{Decimal, NodeCode, Points, TaskNumber};

use crate::catalogue::{Composition, Index, Plan, Task};

/// How an assignment that is not delivered stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// "Nguy cơ": its last day has passed, of what recurs one of its times passed undone, or it was returned.
    AtRisk,
    /// "Chưa đến hạn": it is open, and nothing of the kind is the case.
    Outstanding,
}

/// How the assignments of a task stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Work {
    /// Assignments that count, delivered or not; without those that another unit has now.
    pub bound: u32,
    /// Of them those at risk.
    pub at_risk: u32,
    /// Of them those outstanding.
    pub outstanding: u32,
}

impl Work {
    /// Adds an assignment: delivered where no class is given.
    pub fn add(&mut self, class: Option<Class>) {
        self.bound = self.bound.saturating_add(1);
        let count = match class {
            None => return,
            Some(Class::AtRisk) => &mut self.at_risk,
            Some(Class::Outstanding) => &mut self.outstanding,
        };
        *count = count.saturating_add(1);
    }
}

/// Tasks that are not delivered, and what is expected of what is missing of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Undelivered {
    /// Tasks of which an assignment is at risk.
    pub at_risk_tasks: u32,
    /// Tasks of which assignments are open and none is at risk.
    pub outstanding_tasks: u32,
    /// Of both together those of which nobody stated points here.
    pub unstated_tasks: u32,
    /// Points expected of assignments at risk; absent where none are stated.
    pub at_risk: Option<Points>,
    /// Points expected of assignments that are outstanding; absent where none are stated.
    pub outstanding: Option<Points>,
}

impl Undelivered {
    /// Whether everything is delivered.
    #[must_use]
    pub const fn is_nothing(&self) -> bool {
        self.at_risk_tasks == 0 && self.outstanding_tasks == 0
    }

    /// Takes in a task, with the points expected of all of it.
    fn take(&mut self, work: Work, expected: Option<Points>) {
        if work.at_risk > 0 {
            self.at_risk_tasks = self.at_risk_tasks.saturating_add(1);
        } else if work.outstanding > 0 {
            self.outstanding_tasks = self.outstanding_tasks.saturating_add(1);
        } else {
            return;
        }
        let Some(expected) = expected else {
            self.unstated_tasks = self.unstated_tasks.saturating_add(1);
            return;
        };
        let add = |sum: Option<Points>, count| {
            let share = share(expected, count, work.bound).get();
            Some(Points::nearest(sum.unwrap_or_default().get() + share))
        };
        self.at_risk = add(self.at_risk, work.at_risk);
        self.outstanding = add(self.outstanding, work.outstanding);
    }

    /// The same with no more points than can still be gained; what is at risk comes first.
    #[must_use]
    pub fn at_most(self, gain: Option<Points>) -> Self {
        let Some(gain) = gain else { return self };
        let at_risk = self.at_risk.map(|points| points.min(gain));
        let left = Points::nearest(gain.get() - at_risk.unwrap_or_default().get());
        Self { at_risk, outstanding: self.outstanding.map(|points| points.min(left)), ..self }
    }
}

/// The part of a task's points that falls to some of the units it binds, to nine places.
#[must_use]
pub fn share(points: Points, part: u32, bound: u32) -> Points {
    let share = (points.get() * Decimal::from(part)).checked_div(Decimal::from(bound));
    share.map_or(Points::ZERO, Points::nearest)
}

/// The points that a plan expects of a task at a node: as stated for it, or else, for a sum, what is stated for the
/// nodes below it; nothing where nothing is.
#[must_use]
pub fn expected(task: &Task, index: &Index, node: &NodeCode) -> Option<Points> {
    if let Some(stated) = task.expects(&index.id(node)) {
        return Some(stated);
    }
    if index.node(node)?.composition != Composition::Sum {
        return None;
    }
    let below = index.children(node).filter_map(|child| expected(task, index, &child.code));
    let below: Vec<Decimal> = below.map(Points::get).collect();
    (!below.is_empty()).then(|| Points::nearest(below.into_iter().sum()))
}

/// What is not delivered of the work that serves a node or anything below it, before it is held against what can
/// still be gained ([`Undelivered::at_most`]).
#[must_use]
pub fn at_node(
    plan: &Plan,
    (index, node): (&Index, &NodeCode),
    work: &BTreeMap<TaskNumber, Work>,
) -> Undelivered {
    let id = index.id(node);
    let mut found = Undelivered::default();
    for task in plan.tasks.iter().filter(|task| task.serves(&id)) {
        if let Some(work) = work.get(&task.number) {
            found.take(*work, expected(task, index, node));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn index() -> Index {
        serde_json::from_value(json!({
            "code": "T-2018", "year": 2018, "family": "T", "title": "", "title_en": "", "unit": "điểm",
            "provenance": "own", "reference": "",
            "nodes": [
                { "code": "0", "title": "", "title_en": "", "max": "10", "source": "children" },
                { "code": "1", "title": "", "title_en": "", "max": "6", "source": "children" },
                { "code": "1.1", "title": "", "title_en": "", "max": "6", "source": "self-assessed" },
                { "code": "2", "title": "", "title_en": "", "max": "4", "source": "self-assessed" },
            ],
        }))
        .unwrap()
    }

    fn plan() -> Plan {
        let task = |number: &str, nodes: &[&str], expected: &[(&str, &str)]| {
            let expected: Vec<_> = expected
                .iter()
                .map(|(node, points)| json!({ "node": node, "points": points }))
                .collect();
            json!({ "number": number, "title": "", "reference": "", "binds": { "kinds": ["district"] },
                    "nodes": nodes, "expected_points": expected })
        };
        serde_json::from_value(json!({
            "code": "QN-2018", "province": "22", "year": 2018, "title": "", "title_en": "", "reference": "",
            "tasks": [
                task("1", &["T-2018/1.1"], &[("T-2018/1.1", "0.5")]),
                task("2", &["T-2018/1", "T-2018/1.1"], &[("T-2018/1", "0.3"), ("T-2018/1.1", "0.2")]),
                task("3", &["T-2018/1.1", "T-2018/2"], &[("T-2018/2", "1")]),
            ],
        }))
        .unwrap()
    }

    fn at(node: &str, work: &[(&str, Work)]) -> Undelivered {
        let work = work.iter().map(|(task, work)| (task.parse().unwrap(), *work)).collect();
        at_node(&plan(), (&index(), &node.parse().unwrap()), &work)
    }

    const fn work(bound: u32, at_risk: u32, outstanding: u32) -> Work {
        Work { bound, at_risk, outstanding }
    }

    fn points(text: &str) -> Points {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_missing_of_a_task_is_the_share_of_the_units_that_have_not_done_it() {
        let found = at("1.1", &[("1", work(14, 3, 2)), ("3", work(1, 0, 1))]);

        assert_eq!(found.at_risk, Some(points("0.107142857")));
        assert_eq!(found.outstanding, Some(points("0.071428571")));
        assert_eq!((found.at_risk_tasks, found.outstanding_tasks, found.unstated_tasks), (1, 1, 1));
    }

    #[test]
    fn a_sum_takes_what_is_stated_for_itself_and_else_what_is_stated_below_it() {
        let all = [("1", work(1, 1, 0)), ("2", work(1, 1, 0)), ("3", work(2, 0, 1))];

        assert_eq!(at("1.1", &all).at_risk, Some(points("0.7")));
        assert_eq!(at("1", &all).at_risk, Some(points("0.8")), "0.5 from below, and 0.3 as stated");
        assert_eq!(at("0", &all).at_risk, Some(points("0.8")));
        assert_eq!(at("0", &all).outstanding, Some(points("0.5")));
        assert_eq!(at("1", &all).unstated_tasks, 1, "task 3 states nothing there");
    }

    #[test]
    fn where_nothing_is_stated_nothing_is_known() {
        let found = at("1.1", &[("3", work(2, 1, 1))]);

        assert_eq!((found.at_risk, found.outstanding), (None, None));
        assert_eq!((found.at_risk_tasks, found.unstated_tasks), (1, 1));
        assert!(at("1.1", &[("3", work(2, 0, 0))]).is_nothing());
    }

    #[test]
    fn no_more_is_at_risk_than_can_still_be_gained() {
        let found = at("1.1", &[("1", work(1, 1, 0)), ("2", work(1, 0, 1))]);

        let little = found.at_most(Some(points("0.6")));
        assert_eq!(
            (little.at_risk, little.outstanding),
            (Some(points("0.5")), Some(points("0.1")))
        );
        let less = found.at_most(Some(points("0.4")));
        assert_eq!((less.at_risk, less.outstanding), (Some(points("0.4")), Some(points("0"))));
        assert_eq!(found.at_most(None), found);
    }

    proptest! {
        #[test]
        fn the_units_shares_make_the_whole_but_for_the_ninth_place(
            millis in 0_u32..100_000, bound in 1_u32..300, part in 0_u32..300,
        ) {
            let part = part.min(bound);
            let whole = Points::nearest(Decimal::new(millis.into(), 3));
            let (some, rest) = (share(whole, part, bound), share(whole, bound - part, bound));

            let off = (some.get() + rest.get() - whole.get()).abs();
            prop_assert!(off <= Decimal::new(1, 9), "{off}");
            prop_assert!(some <= whole && rest <= whole);
        }
    }
}
