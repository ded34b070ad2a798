//! Which points may be given for a node, by the unit and by the appraiser alike.

use cchc_core::{Collector, Points};
use cchc_scoring::{catalogue::Node, rule::Attainable};

use super::ScoringRefusal;
use crate::domain::assessment;

/// The points that a node's rule can give, where they are few; empty where any up to the maximum are.
pub(crate) fn possible_points(node: &Node) -> Vec<Points> {
    match node.rule.as_ref().map(|rule| rule.attainable(node.max)) {
        Some(Attainable::Only(points)) => points,
        Some(Attainable::UpTo(_) | Attainable::Unknown) | None => Vec::new(),
    }
}

/// Refuses points that the node cannot give.
pub(super) fn check_points(c: &mut Collector, points: Points, node: &Node) {
    let before = c.is_clean();
    assessment::check_points(c, points, node);
    let possible = possible_points(node);
    if before && c.is_clean() && !possible.is_empty() && !possible.contains(&points) {
        c.refuse_because("points", &ScoringRefusal::PointsNotAttainable { points, possible });
    }
}
