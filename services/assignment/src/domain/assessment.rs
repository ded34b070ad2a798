//! What a unit gave itself for a node it leads, with the documents that show it.
//!
//! Only nodes whose rule takes what a person finds are assessed: everything else follows from what was
//! measured or asked, and nobody may give themselves that. Where the rule knows a few states, the points
//! are those of one of them: they say which.

use cchc_core::{
    AssessmentId, CampaignCode, Collector, NodeId, PlanCode, Points, Refusal, Text, UnitCode,
    Violations,
};
use cchc_scoring::{
    catalogue::Node,
    figure::vietnamese,
    rule::{Rule, Verdict},
};
use time::OffsetDateTime;

use super::{
    campaign::Standing,
    change::{Change, Stamp},
    evidence::CitedDocument,
};

/// What is assessed: a node under a plan.
pub(crate) type Subject = (PlanCode, NodeId);

/// A version of a self-assessment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Assessment {
    pub(crate) id: AssessmentId,
    pub(crate) plan: PlanCode,
    pub(crate) node: NodeId,
    pub(crate) unit: UnitCode,
    pub(crate) version: i64,
    pub(crate) points: Points,
    pub(crate) evidence: Vec<String>,
    pub(crate) explanation: String,
    /// Documents attached in a campaign, as they were then.
    pub(crate) documents: Vec<CitedDocument>,
    pub(crate) assessor: String,
    pub(crate) at: OffsetDateTime,
}

impl Assessment {
    pub(crate) fn subject(&self) -> Subject {
        (self.plan.clone(), self.node.clone())
    }
}

/// A unit assesses itself.
#[derive(Debug, Clone)]
pub(crate) struct SelfAssessment {
    pub(crate) plan: PlanCode,
    pub(crate) node: NodeId,
    pub(crate) unit: UnitCode,
    pub(crate) points: Points,
    pub(crate) evidence: Vec<Text<1, 500>>,
    pub(crate) explanation: Text<0, 4000>,
    /// Documents attached in a campaign; none where it is pushed.
    pub(crate) documents: Vec<CitedDocument>,
}

/// A self-assessment is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AssessmentRefusal {
    /// No such plan, or its indices have no such node.
    #[error("node {node} does not stand in the indices of plan {plan}")]
    NodeNotFound {
        /// The plan named.
        plan: PlanCode,
        /// The node named.
        node: NodeId,
    },
    /// Its score follows from something else.
    #[error("node {0} is not scored by assessed points")]
    NodeNotAssessed(NodeId),
    /// Another unit answers for it.
    #[error("unit {unit} does not lead node {node}")]
    UnitNotLead {
        /// The unit named.
        unit: UnitCode,
        /// The node named.
        node: NodeId,
    },
    /// More than the node can give.
    #[error("must be at most the node's maximum {maximum}, not {points}")]
    PointsAboveMaximum {
        /// As sent.
        points: Points,
        /// Most points the node gives.
        maximum: Points,
    },
    /// Points between two states.
    #[error("{points} are the points of no state of the rule; possible are {}", english(possible))]
    PointsOfNoState {
        /// As sent.
        points: Points,
        /// What the rule knows.
        possible: Vec<Verdict>,
    },
    /// Points that nothing supports.
    #[error("a document or an explanation is required")]
    EvidenceMissing,
    /// A campaign with its windows stands over it.
    #[error("node {node} is assessed and appraised in campaign {campaign}")]
    NodeInCampaign {
        /// The node named.
        node: NodeId,
        /// The campaign.
        campaign: CampaignCode,
    },
}

impl Refusal for AssessmentRefusal {
    fn reason(&self) -> &'static str {
        match self {
            Self::NodeNotFound { .. } => "NODE_NOT_FOUND",
            Self::NodeNotAssessed(_) => "NODE_NOT_ASSESSED",
            Self::UnitNotLead { .. } => "UNIT_NOT_LEAD",
            Self::PointsAboveMaximum { .. } => "POINTS_ABOVE_MAXIMUM",
            Self::PointsOfNoState { .. } => "POINTS_OF_NO_STATE",
            Self::EvidenceMissing => "EVIDENCE_MISSING",
            Self::NodeInCampaign { .. } => "NODE_IN_CAMPAIGN",
        }
    }

    fn vietnamese(&self) -> String {
        match self {
            Self::NodeNotFound { plan, node } => {
                format!("tiêu chí {node} không có trong các bộ chỉ số của kế hoạch {plan}")
            }
            Self::NodeNotAssessed(node) => {
                format!("tiêu chí {node} không thuộc diện tự đánh giá, chấm điểm")
            }
            Self::UnitNotLead { unit, node } => {
                format!("đơn vị {unit} không phải là đơn vị chủ trì tiêu chí {node}")
            }
            Self::PointsAboveMaximum { points, maximum } => {
                format!("điểm {points} vượt quá điểm tối đa {maximum} của tiêu chí")
            }
            Self::PointsOfNoState { points, possible } => {
                let possible: Vec<String> = possible.iter().map(Verdict::vietnamese).collect();
                format!(
                    "{} điểm không ứng với mức nào của tiêu chí; các mức: {}",
                    vietnamese(points),
                    possible.join("; ")
                )
            }
            Self::EvidenceMissing => {
                "phải có tài liệu kiểm chứng hoặc nội dung giải trình".to_owned()
            }
            Self::NodeInCampaign { node, campaign } => {
                format!("tiêu chí {node} được tự chấm và thẩm định trong đợt đánh giá {campaign}")
            }
        }
    }
}

fn english(possible: &[Verdict]) -> String {
    let possible: Vec<String> = possible.iter().map(Verdict::english).collect();
    possible.join("; ")
}

/// Refuses points that the node cannot give; a maximum that nobody published bounds nothing.
pub(crate) fn check_points(c: &mut Collector, points: Points, node: &Node) {
    if let Some(maximum) = node.max.filter(|maximum| points > *maximum) {
        c.refuse_because("points", &AssessmentRefusal::PointsAboveMaximum { points, maximum });
        return;
    }
    let possible = node.rule.as_ref().map(|rule| rule.verdicts(node.max)).unwrap_or_default();
    if !possible.is_empty() && possible.iter().all(|verdict| verdict.points != points) {
        c.refuse_because("points", &AssessmentRefusal::PointsOfNoState { points, possible });
    }
}

/// Refuses what a campaign stands over: its windows, its lock and its reasons would otherwise be passed by.
pub(crate) fn check_free(
    campaigns: &[Standing],
    (plan, node): &Subject,
    unit: &UnitCode,
) -> Result<(), Violations> {
    let Some(over) = campaigns.iter().map(|of| &of.campaign).find(|campaign| {
        campaign.plan == *plan && campaign.index == node.index && campaign.units.contains(unit)
    }) else {
        return Ok(());
    };
    let (node, campaign) = (node.clone(), over.code.clone());
    let mut c = Collector::new();
    c.refuse_because("node_id", &AssessmentRefusal::NodeInCampaign { node, campaign });
    c.finish(Some(()))
}

impl SelfAssessment {
    pub(crate) fn subject(&self) -> Subject {
        (self.plan.clone(), self.node.clone())
    }

    /// Decides what the self-assessment does to the one before.
    pub(crate) fn decide(
        &self,
        node: Option<&Node>,
        present: Option<&Assessment>,
        stamp: &Stamp,
    ) -> Result<Change<Assessment>, Violations> {
        let mut c = Collector::new();
        match node {
            None => {
                let (plan, node) = self.subject();
                c.refuse_because("node_id", &AssessmentRefusal::NodeNotFound { plan, node });
            }
            Some(node) => self.check_node(&mut c, node),
        }
        if self.evidence.is_empty() && self.explanation.as_str().is_empty() {
            c.refuse_because("evidence", &AssessmentRefusal::EvidenceMissing);
        }
        c.finish(Some(()))?;
        Ok(match present {
            None => Change::First(self.version(1, stamp)),
            Some(was) if self.is_same(was) => Change::Same,
            Some(was) => Change::Next(self.version(was.version + 1, stamp)),
        })
    }

    fn check_node(&self, c: &mut Collector, node: &Node) {
        if !node.rule.as_ref().is_some_and(Rule::is_assessed) {
            c.refuse_because("node_id", &AssessmentRefusal::NodeNotAssessed(self.node.clone()));
        }
        if node.lead.as_ref() != Some(&self.unit) {
            let (unit, node) = (self.unit.clone(), self.node.clone());
            c.refuse_because("unit_code", &AssessmentRefusal::UnitNotLead { unit, node });
        }
        check_points(c, self.points, node);
    }

    fn is_same(&self, was: &Assessment) -> bool {
        was.points == self.points
            && was.explanation == self.explanation.as_str()
            && was.documents == self.documents
            && was.evidence.iter().map(String::as_str).eq(self.evidence.iter().map(Text::as_str))
    }

    fn version(&self, version: i64, stamp: &Stamp) -> Assessment {
        Assessment {
            id: stamp.id.into(),
            plan: self.plan.clone(),
            node: self.node.clone(),
            unit: self.unit.clone(),
            version,
            points: self.points,
            evidence: self.evidence.iter().map(ToString::to_string).collect(),
            explanation: self.explanation.to_string(),
            documents: self.documents.clone(),
            assessor: stamp.by.clone(),
            at: stamp.at,
        }
    }
}

#[cfg(test)]
mod tests;
