//! What the appraisers made of a self-assessment. It stands beside it: the two are layers of one score,
//! and neither replaces the other.
//!
//! An appraisal is bound to the version that was read, so that a unit that corrects itself meanwhile is
//! never judged on figures nobody saw.

use cchc_core::{
    AppraisalId, Collector, NodeId, PlanCode, Points, Refusal, Text, UnitCode, Violations,
};
use cchc_scoring::catalogue::Node;
use time::OffsetDateTime;

use super::{
    assessment::{Assessment, Subject, check_points},
    change::{Change, Stamp},
    evidence::CitedDocument,
};

/// A version of an appraisal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Appraisal {
    pub(crate) id: AppraisalId,
    pub(crate) plan: PlanCode,
    pub(crate) node: NodeId,
    pub(crate) version: i64,
    /// The version of the self-assessment that was read.
    pub(crate) assessment_version: i64,
    pub(crate) points: Points,
    pub(crate) reason: String,
    /// Documents attached in a campaign, as they were when it was decided.
    pub(crate) documents: Vec<CitedDocument>,
    pub(crate) appraiser: String,
    pub(crate) at: OffsetDateTime,
}

impl Appraisal {
    pub(crate) fn subject(&self) -> Subject {
        (self.plan.clone(), self.node.clone())
    }
}

/// An appraiser decides.
#[derive(Debug, Clone)]
pub(crate) struct Judgement {
    pub(crate) plan: PlanCode,
    pub(crate) node: NodeId,
    /// The unit that assessed itself.
    pub(crate) unit: UnitCode,
    pub(crate) assessment_version: i64,
    pub(crate) points: Points,
    pub(crate) reason: Text<0, 4000>,
    /// Documents attached in a campaign; none where it is pushed.
    pub(crate) documents: Vec<CitedDocument>,
}

/// An appraisal is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AppraisalRefusal {
    /// Nobody assessed themselves for it.
    #[error("there is no self-assessment of node {node} under plan {plan}")]
    AssessmentNotFound {
        /// The plan named.
        plan: PlanCode,
        /// The node named.
        node: NodeId,
    },
    /// The unit has assessed itself anew.
    #[error("version {present} of the self-assessment is present, not {read}; read it again")]
    AssessmentChanged {
        /// The version that was read.
        read: i64,
        /// The version that is present.
        present: i64,
    },
    /// Points taken or given without a word.
    #[error("is required where the points differ from the {assessed} of the self-assessment")]
    ReasonMissing {
        /// What the unit gave itself.
        assessed: Points,
    },
}

impl Refusal for AppraisalRefusal {
    fn reason(&self) -> &'static str {
        match self {
            Self::AssessmentNotFound { .. } => "ASSESSMENT_NOT_FOUND",
            Self::AssessmentChanged { .. } => "ASSESSMENT_CHANGED",
            Self::ReasonMissing { .. } => "REASON_MISSING",
        }
    }

    fn vietnamese(&self) -> String {
        match self {
            Self::AssessmentNotFound { plan, node } => {
                format!("chưa có kết quả tự đánh giá tiêu chí {node} theo kế hoạch {plan}")
            }
            Self::AssessmentChanged { read, present } => format!(
                "kết quả tự đánh giá hiện ở phiên bản {present}, không phải phiên bản {read}; hãy xem \
                 lại trước khi thẩm định"
            ),
            Self::ReasonMissing { assessed } => {
                format!("phải nêu lý do khi điểm thẩm định khác điểm tự đánh giá ({assessed} điểm)")
            }
        }
    }
}

impl Judgement {
    pub(crate) fn subject(&self) -> Subject {
        (self.plan.clone(), self.node.clone())
    }

    /// Decides what the judgement does to the appraisal before.
    pub(crate) fn decide(
        &self,
        assessment: Option<&Assessment>,
        node: Option<&Node>,
        present: Option<&Appraisal>,
        stamp: &Stamp,
    ) -> Result<Change<Appraisal>, Violations> {
        let mut c = Collector::new();
        if let Some(node) = node {
            check_points(&mut c, self.points, node);
        }
        match assessment {
            None => {
                let (plan, node) = self.subject();
                c.refuse_because("node_id", &AppraisalRefusal::AssessmentNotFound { plan, node });
            }
            Some(assessment) => self.check_read(&mut c, assessment),
        }
        c.finish(Some(()))?;
        Ok(match present {
            None => Change::First(self.version(1, stamp)),
            Some(was) if self.is_same(was) => Change::Same,
            Some(was) => Change::Next(self.version(was.version + 1, stamp)),
        })
    }

    fn check_read(&self, c: &mut Collector, assessment: &Assessment) {
        let (read, present) = (self.assessment_version, assessment.version);
        if read != present {
            let refusal = AppraisalRefusal::AssessmentChanged { read, present };
            c.refuse_because("assessment_version", &refusal);
        } else if self.points != assessment.points && self.reason.as_str().is_empty() {
            let refusal = AppraisalRefusal::ReasonMissing { assessed: assessment.points };
            c.refuse_because("reason", &refusal);
        }
    }

    fn is_same(&self, was: &Appraisal) -> bool {
        (was.assessment_version, was.points, was.reason.as_str(), &was.documents)
            == (self.assessment_version, self.points, self.reason.as_str(), &self.documents)
    }

    fn version(&self, version: i64, stamp: &Stamp) -> Appraisal {
        Appraisal {
            id: stamp.id.into(),
            plan: self.plan.clone(),
            node: self.node.clone(),
            version,
            assessment_version: self.assessment_version,
            points: self.points,
            reason: self.reason.to_string(),
            documents: self.documents.clone(),
            appraiser: stamp.by.clone(),
            at: stamp.at,
        }
    }
}

#[cfg(test)]
mod tests;
