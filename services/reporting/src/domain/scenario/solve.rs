//! From a scenario to what it comes to.

use std::collections::BTreeMap;

use cchc_core::{Decimal, NodeCode, NodeId, Points};
use cchc_scoring::{
    catalogue::{Direction, Node},
    rule::Attainable,
    tree::{LayerScores, Score},
    what_if::{self, Candidate, Effort, Lift, Proposal},
};

use super::{
    Goal, Kept, Lifted, Proposed, Scenario, ScenarioError, Solution, Supposed, Why,
    check::check,
    leaves::{Leaf, counting, is_published},
};
use crate::domain::{
    catalogue::{Edition, Scope},
    sheet::Sheet,
};

/// Solves a scenario for a node, from the scores of its index.
pub(crate) fn solve(
    scope: &Scope,
    (edition, node): (&Edition, &Node),
    sheet: &Sheet,
    scenario: &Scenario,
) -> Result<Solution, ScenarioError> {
    let id = edition.index.id(&node.code);
    let all = counting(edition, sheet, &node.code, &Supposed::default());
    let supposed = check(scenario, &id, &all)?;
    let asked =
        Asked { scope, edition, node, leaves: counting(edition, sheet, &node.code, &supposed) };
    let is_out = |code: &NodeCode| sheet.scores.get(code).is_some_and(is_published);
    if is_out(&node.code) || asked.sums().any(is_out) {
        return Err(ScenarioError::AlreadyPublished(id));
    }
    let (mut candidates, mut kept) = (Vec::new(), Vec::new());
    let otherwise = scenario.default_effort.unwrap_or(Effort::ONE);
    for leaf in &asked.leaves {
        match leaf.candidate(&supposed, otherwise, scenario.last_day) {
            Ok(candidate) => candidates.push(candidate),
            Err(why) => kept.push(asked.kept(leaf, why)),
        }
    }
    let wanted = wanted(scope, &id, scenario)?;
    let from = asked.score(&BTreeMap::new());
    let goal = match wanted {
        Wanted::Points(points) => what_if::Goal::Gain(from.short_of(points, node.max)),
        Wanted::Effort(effort) => what_if::Goal::Within(effort),
    };
    let proposal = what_if::solve(&candidates, goal)?;
    if let Some(proposal) = &proposal {
        let is_lifted = |leaf: &&Leaf<'_>| {
            let code = &leaf.node.code;
            candidates.iter().any(|candidate| candidate.node == *code)
                && !proposal.lifts.iter().any(|lift| lift.node == *code)
        };
        kept.extend(
            asked.leaves.iter().filter(is_lifted).map(|leaf| asked.kept(leaf, Why::NotChosen)),
        );
        kept.sort_by(|one, other| one.node.cmp(&other.node));
    }
    let proposed = proposal.map(|proposal| asked.proposed(&candidates, goal, &proposal));
    Ok(Solution {
        node: id,
        title: node.title.clone(),
        from: asked.told(from),
        wanted: match wanted {
            Wanted::Points(points) => Some(points),
            Wanted::Effort(_) => None,
        },
        most: asked.told(asked.score(&highest(&candidates))),
        proposed: proposed.transpose()?,
        kept,
    })
}

enum Wanted {
    Points(Points),
    Effort(Decimal),
}

fn wanted(scope: &Scope, id: &NodeId, scenario: &Scenario) -> Result<Wanted, ScenarioError> {
    match scenario.goal {
        Some(Goal::Reach(points)) => Ok(Wanted::Points(points)),
        Some(Goal::Within(effort)) => Ok(Wanted::Effort(effort)),
        None => {
            let target = scope.plan.target(id);
            let no_target = || ScenarioError::NoTarget(id.clone());
            let target = target.ok_or_else(no_target)?;
            if target.direction == Direction::Down {
                return Err(ScenarioError::LessIsBetter(id.clone()));
            }
            target.points.map(Wanted::Points).ok_or_else(no_target)
        }
    }
}

fn highest(candidates: &[Candidate]) -> BTreeMap<NodeCode, Points> {
    let lifted = |candidate: &Candidate| {
        Some((candidate.node.clone(), Attainable::most(&candidate.attainable)?))
    };
    candidates.iter().filter_map(lifted).collect()
}

/// What is asked about.
struct Asked<'a> {
    scope: &'a Scope,
    edition: &'a Edition,
    node: &'a Node,
    leaves: Vec<Leaf<'a>>,
}

impl Asked<'_> {
    /// The sums between the leaves and the node.
    fn sums(&self) -> impl Iterator<Item = &NodeCode> {
        let top = &self.node.code;
        let sums = self.edition.index.nodes.iter().map(|node| &node.code);
        sums.filter(move |code| code.is_below(top) && self.edition.tree.adds_up(code))
    }

    /// The node's score with some leaves lifted.
    fn score(&self, lifted: &BTreeMap<NodeCode, Points>) -> Score {
        let given = self.leaves.iter().map(|leaf| {
            let code = &leaf.node.code;
            (code.clone(), leaf.given(lifted.get(code).copied()))
        });
        let given: BTreeMap<NodeCode, LayerScores> = given.collect();
        let scores = self.edition.tree.roll_up(&given);
        let estimate = scores.get(&self.node.code).and_then(|score| score.estimate);
        estimate.map_or(Score::complete(Points::ZERO), |estimate| estimate.score)
    }

    /// The points as a target is compared with them.
    fn told(&self, score: Score) -> Points {
        score.renormalised(self.node.max).unwrap_or(score.so_far)
    }

    fn proposed(
        &self,
        candidates: &[Candidate],
        goal: what_if::Goal,
        proposal: &Proposal,
    ) -> Result<Proposed, ScenarioError> {
        let lifted = proposal.lifts.iter().map(|lift| (lift.node.clone(), lift.to)).collect();
        let lifts = proposal.lifts.iter().filter_map(|lift| {
            let leaf = self.leaves.iter().find(|leaf| leaf.node.code == lift.node)?;
            let worth = what_if::worth(candidates, goal, proposal, &lift.node);
            Some(worth.map(|worth| self.lifted(leaf, lift, worth)))
        });
        let lifts = lifts.collect::<Result<_, _>>()?;
        let to = self.told(self.score(&lifted));
        Ok(Proposed { lifts, effort: proposal.effort, to })
    }

    fn lifted(&self, leaf: &Leaf<'_>, lift: &Lift, worth: Option<Decimal>) -> Lifted {
        let node = leaf.node;
        let name = node.lead.as_ref().map_or("", |lead| self.scope.name_of(lead));
        Lifted {
            node: self.edition.index.id(&lift.node),
            title: node.title.clone(),
            lead: node.lead.clone(),
            lead_name: name.to_owned(),
            from: lift.from,
            is_unknown: leaf.is_unknown(),
            to: lift.to,
            effort: lift.effort,
            worth,
        }
    }

    fn kept(&self, leaf: &Leaf<'_>, why: Why) -> Kept {
        Kept {
            node: self.edition.index.id(&leaf.node.code),
            title: leaf.node.title.clone(),
            points: (!leaf.is_unknown()).then(|| leaf.points()),
            why,
        }
    }
}
