//! Publications: what is asked for, what is recorded of one, who may see it, and what was revised since.

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::{Actor, Decimal, NodeId, PlanCode, Points, Role, UnitCode};
use cchc_scoring::{
    rank::Standing,
    tree::{Layer, Score},
    verdict::Verdict,
};
use time::OffsetDateTime;

use super::rollup::{NodeRollup, Rollup};

/// What somebody wants to publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wish {
    pub(crate) plan: PlanCode,
    pub(crate) title: String,
    pub(crate) reason: String,
    /// The document it goes with, as officials cite it; may be empty.
    pub(crate) document: String,
    /// The instant it is as of; nothing for the live rollup.
    pub(crate) as_of: Option<OffsetDateTime>,
    pub(crate) embargo_end: Option<OffsetDateTime>,
    /// The checksum of the rollup that was read and is meant.
    pub(crate) etag: String,
}

/// The act of publishing: what is signed beside the rollup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Act {
    pub(crate) plan: PlanCode,
    /// 1, 2, 3 … within the plan.
    pub(crate) number: i32,
    pub(crate) title: String,
    pub(crate) reason: String,
    pub(crate) document: String,
    pub(crate) publisher: String,
    pub(crate) unit: UnitCode,
    pub(crate) publish_time: OffsetDateTime,
    pub(crate) embargo_end: Option<OffsetDateTime>,
    pub(crate) key_id: String,
}

/// What is known of a publication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Publication {
    pub(crate) act: Act,
    /// The checksum of the frozen rollup.
    pub(crate) rollup_checksum: String,
    /// SHA-256 of the signed bytes, in hexadecimal.
    pub(crate) content_checksum: String,
    pub(crate) withdrawal: Option<Withdrawal>,
}

/// That a publication was withdrawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Withdrawal {
    pub(crate) reason: String,
    pub(crate) actor: String,
    pub(crate) unit: UnitCode,
    pub(crate) time: OffsetDateTime,
}

impl Wish {
    /// Whether its embargo would be over before it begins.
    pub(crate) fn is_embargo_over(&self, now: OffsetDateTime) -> bool {
        self.embargo_end.is_some_and(|end| end <= now)
    }

    /// The act under its number, by an actor at an instant, with a key.
    pub(crate) fn act(
        self,
        number: i32,
        (by, now): (&Actor, OffsetDateTime),
        key_id: String,
    ) -> Act {
        let Self { plan, title, reason, document, embargo_end, .. } = self;
        Act {
            plan,
            number,
            title,
            reason,
            document,
            publisher: by.subject.clone(),
            unit: by.unit.clone(),
            publish_time: now,
            embargo_end,
            key_id,
        }
    }
}

/// Who looks at publications of a plan, and when: an embargo binds all but those who publish for the
/// province.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader {
    is_publisher: bool,
    now: OffsetDateTime,
}

impl Reader {
    /// Somebody who looks at a province's publications.
    pub(crate) fn new(actor: &Actor, province: &UnitCode, now: OffsetDateTime) -> Self {
        let is_publisher = actor.has(Role::RollupPublisher) && actor.unit == *province;
        Self { is_publisher, now }
    }

    /// The end of the embargo that keeps what a publication says from this reader; nothing when it does
    /// not.
    pub(crate) fn waits_for(self, publication: &Publication) -> Option<OffsetDateTime> {
        publication.act.embargo_end.filter(|end| !self.is_publisher && *end > self.now)
    }
}

/// A score as it is stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Given {
    /// Unknown while anything below it is.
    pub(crate) points: Option<Decimal>,
    pub(crate) so_far: Decimal,
    pub(crate) is_complete: bool,
    /// Maximum that is out of the denominator.
    pub(crate) excluded: Decimal,
}

/// What is said of a node that a correction may change.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Statement {
    /// The best available score.
    pub(crate) estimate: Option<Given>,
    pub(crate) layers: BTreeMap<Layer, Given>,
    pub(crate) points_verdict: Option<Verdict>,
    pub(crate) rank_verdict: Option<Verdict>,
    pub(crate) standing: Option<Standing>,
}

/// A node with what is said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StatedNode {
    pub(crate) id: NodeId,
    pub(crate) title: String,
    pub(crate) depth: usize,
    pub(crate) max: Option<Decimal>,
    pub(crate) target: Option<Decimal>,
    pub(crate) says: Statement,
}

/// A node of which something else is said now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Revision {
    pub(crate) id: NodeId,
    pub(crate) title: String,
    /// Nothing where the node was not part of the publication.
    pub(crate) published: Option<Statement>,
    /// Nothing where the node is no part of the plan any more.
    pub(crate) present: Option<Statement>,
}

impl From<Score> for Given {
    fn from(score: Score) -> Self {
        Self {
            points: score.points.map(Points::get),
            so_far: score.so_far.get(),
            is_complete: score.complete,
            excluded: score.excluded.get(),
        }
    }
}

/// What a rollup says of its nodes, in their order.
pub(crate) fn stated(rollup: &Rollup) -> Vec<StatedNode> {
    rollup.indices.iter().flat_map(|index| &index.nodes).map(stated_node).collect()
}

fn stated_node(node: &NodeRollup) -> StatedNode {
    let layers = Layer::ALL.into_iter();
    StatedNode {
        id: node.id.clone(),
        title: node.title.clone(),
        depth: node.depth,
        max: node.max.map(Points::get),
        target: node.target.map(Points::get),
        says: Statement {
            estimate: node.estimate.map(|estimate| estimate.score.into()),
            layers: layers
                .filter_map(|layer| Some((layer, node.layers.get(layer)?.into())))
                .collect(),
            points_verdict: node.verdicts.points.map(|judgement| judgement.verdict),
            rank_verdict: node.verdicts.rank.map(|judgement| judgement.verdict),
            standing: node.standing,
        },
    }
}

/// The nodes of which something else is said: those of the publication in their order, then those that it
/// did not have.
pub(crate) fn revisions(published: &[StatedNode], present: &[StatedNode]) -> Vec<Revision> {
    let now: BTreeMap<&NodeId, &StatedNode> = present.iter().map(|node| (&node.id, node)).collect();
    let known: BTreeSet<&NodeId> = published.iter().map(|node| &node.id).collect();
    let kept = published.iter().map(|node| (node, Some(&node.says), now.get(&node.id).copied()));
    let added = present.iter().filter(|node| !known.contains(&node.id));
    let kept = kept.map(|(node, was, is)| (node, was, is.map(|is| &is.says)));
    kept.chain(added.map(|node| (node, None, Some(&node.says))))
        .filter(|(_, was, is)| was != is)
        .map(|(node, was, is)| Revision {
            id: node.id.clone(),
            title: node.title.clone(),
            published: was.cloned(),
            present: is.cloned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use time::{Duration, OffsetDateTime};

    use super::*;

    fn node(id: &str, points: Option<i64>) -> StatedNode {
        let given = Given {
            points: points.map(Decimal::from),
            so_far: Decimal::from(points.unwrap_or_default()),
            is_complete: points.is_some(),
            excluded: Decimal::ZERO,
        };
        StatedNode {
            id: id.parse().unwrap(),
            title: id.to_owned(),
            depth: 1,
            max: None,
            target: None,
            says: Statement { estimate: Some(given), ..Statement::default() },
        }
    }

    #[test]
    fn what_changed_appeared_or_went_is_named_and_nothing_else() {
        let published = [node("P-2018/1", Some(9)), node("P-2018/2", None), node("P-2018/3", None)];
        let present =
            [node("P-2018/4", None), node("P-2018/3", Some(2)), node("P-2018/1", Some(9))];

        let found = revisions(&published, &present);

        let named: Vec<_> = found
            .iter()
            .map(|of| (of.id.to_string(), of.published.is_some(), of.present.is_some()))
            .collect();
        let expected =
            [("P-2018/2", true, false), ("P-2018/3", true, true), ("P-2018/4", false, true)];
        assert_eq!(named, expected.map(|(id, was, is)| (id.to_owned(), was, is)));
        assert_eq!(revisions(&published, &published), []);
    }

    #[test]
    fn an_embargo_binds_all_but_those_who_publish_for_the_province_and_ends() {
        let now = OffsetDateTime::UNIX_EPOCH;
        let province: UnitCode = "22".parse().unwrap();
        let actor = |unit: &str, role| Actor {
            subject: "ai-do".to_owned(),
            unit: unit.parse().unwrap(),
            roles: [role].into(),
        };
        let wish = Wish {
            plan: "QN-2018".parse().unwrap(),
            title: "Số liệu".to_owned(),
            reason: "Báo cáo quý".to_owned(),
            document: String::new(),
            as_of: None,
            embargo_end: Some(now + Duration::HOUR),
            etag: String::new(),
        };
        let by = actor("22", Role::RollupPublisher);
        let publication = Publication {
            act: wish.act(1, (&by, now), "k".to_owned()),
            rollup_checksum: String::new(),
            content_checksum: String::new(),
            withdrawal: None,
        };
        let waits = |actor: &Actor, at| Reader::new(actor, &province, at).waits_for(&publication);

        assert_eq!(waits(&by, now), None);
        assert!(waits(&actor("22", Role::Operator), now).is_some());
        assert!(waits(&actor("193", Role::RollupPublisher), now).is_some());
        assert_eq!(waits(&actor("22", Role::Operator), now + Duration::HOUR), None);
    }
}
