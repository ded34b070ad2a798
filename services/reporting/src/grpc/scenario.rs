//! Scenarios and what they come to, as the contract has them.

use cchc_core::{Collector, Decimal, NodeId, Points};
use cchc_proto::{
    convert::{list, optional_date, optional_decimal, optional_part, points, quantity},
    reporting::v1::{self as pb, kept::Reason},
};
use cchc_scoring::{catalogue::Rounding, tree::display, what_if::Effort};

use crate::domain::scenario::{Goal, Kept, Lifted, NodeEffort, Scenario, Solution, Why};

/// Nodes that a scenario may speak of; an index has a few hundred.
const MOST_NODES: usize = 2000;
/// Places that an effort is told with.
const PLACES: u32 = 9;

/// Reads a scenario; without one, what a scenario says that says nothing.
pub(super) fn scenario(c: &mut Collector, message: Option<pb::Scenario>) -> Option<Scenario> {
    let Some(message) = message else { return Some(Scenario::default()) };
    c.at("scenario", |c| {
        let pb::Scenario {
            goal,
            default_effort,
            efforts,
            locked_node_ids,
            assumptions,
            last_date,
        } = message;
        let goal = optional_part(c, "", goal, read_goal);
        let default_effort = optional_part(c, "default_effort", default_effort, effort);
        let efforts = list(c, "efforts", MOST_NODES, efforts, node_effort);
        let locked = list(c, "locked_node_ids", MOST_NODES, locked_node_ids, |c, id: String| {
            c.parse("", &id)
        });
        let assumptions = list(c, "assumptions", MOST_NODES, assumptions, assumption);
        let last_day = optional_date(c, "last_date", last_date);
        Some(Scenario {
            goal: goal?,
            default_effort: default_effort?,
            efforts: efforts?,
            locked: locked?,
            assumptions: assumptions?,
            last_day: last_day?,
        })
    })
}

fn read_goal(c: &mut Collector, goal: pb::scenario::Goal) -> Option<Goal> {
    match goal {
        pb::scenario::Goal::ReachPoints(wanted) => {
            points(c, "reach_points", Some(wanted)).map(Goal::Reach)
        }
        pb::scenario::Goal::WithinEffort(most) => {
            quantity(c, "within_effort", Some(most)).map(|most| Goal::Within(most.get()))
        }
    }
}

fn effort(c: &mut Collector, message: pb::Effort) -> Option<Effort> {
    let pb::Effort { fixed, per_point } = message;
    let fixed = optional_decimal(c, "fixed", fixed);
    let per_point = optional_decimal(c, "per_point", per_point);
    Some(Effort {
        fixed: fixed?.unwrap_or(Decimal::ZERO),
        per_point: per_point?.unwrap_or(Decimal::ZERO),
    })
}

fn node_effort(c: &mut Collector, message: pb::NodeEffort) -> Option<NodeEffort> {
    let pb::NodeEffort { node_id, effort: said, ready_date } = message;
    let node = c.parse("node_id", &node_id);
    let said = optional_part(c, "effort", said, effort);
    let ready = optional_date(c, "ready_date", ready_date);
    Some(NodeEffort { node: node?, effort: said?, ready: ready? })
}

fn assumption(c: &mut Collector, message: pb::Assumption) -> Option<(NodeId, Points)> {
    let pb::Assumption { node_id, points: supposed } = message;
    let node = c.parse("node_id", &node_id);
    let supposed = points(c, "points", supposed);
    node.zip(supposed)
}

/// Renders what a scenario comes to.
pub(super) fn solution(revision: i64, solution: Solution) -> pb::Solution {
    let is_reachable = solution.proposed.is_some();
    let (lifts, effort, to) = solution.proposed.map_or((Vec::new(), None, None), |proposed| {
        (proposed.lifts, Some(shown(proposed.effort)), Some(proposed.to.into()))
    });
    pb::Solution {
        node_id: solution.node.to_string(),
        title: solution.title,
        revision,
        from_points: Some(solution.from.into()),
        wanted_points: solution.wanted.map(Into::into),
        most_points: Some(solution.most.into()),
        is_reachable,
        lifts: lifts.into_iter().map(lift).collect(),
        effort,
        to_points: to,
        kept: solution.kept.into_iter().map(kept).collect(),
    }
}

fn lift(lifted: Lifted) -> pb::Lift {
    pb::Lift {
        node_id: lifted.node.to_string(),
        title: lifted.title,
        lead_unit_code: lifted.lead.map_or_else(String::new, |lead| lead.to_string()),
        lead_unit_name: lifted.lead_name,
        from_points: Some(lifted.from.into()),
        is_unknown: lifted.is_unknown,
        to_points: Some(lifted.to.into()),
        effort: Some(shown(lifted.effort)),
        worth: lifted.worth.map(shown),
    }
}

fn kept(kept: Kept) -> pb::Kept {
    let reason = match kept.why {
        Why::NotChosen => Reason::NotChosen,
        Why::Survey => Reason::Survey,
        Why::External => Reason::External,
        Why::AtMaximum => Reason::AtMaximum,
        Why::MaximumUnknown => Reason::MaximumUnknown,
        Why::Excluded => Reason::Excluded,
        Why::TooLate => Reason::TooLate,
        Why::Locked => Reason::Locked,
        Why::Assumed => Reason::Assumed,
    };
    pb::Kept {
        node_id: kept.node.to_string(),
        title: kept.title,
        points: kept.points.map(Into::into),
        reason: reason.into(),
    }
}

fn shown(value: Decimal) -> cchc_proto::common::v1::Decimal {
    display(value, PLACES, Rounding::HalfUp).normalize().into()
}
