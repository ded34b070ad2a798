//! Versions and facts in the words of the contract. Lists and events show a version alike.

use cchc_core::PlanCode;
use cchc_proto::{
    assignment::{
        events::v1::{
            AppraisalDecided, AssessmentSubmitted, AssignmentProgressed, AssignmentReassigned,
            CampaignSet, EntryMoved, MeasurementRecorded, NoticeAcknowledged, NoticesRaised,
            PlanExpanded,
        },
        v1 as pb,
    },
    convert::timestamp,
};

pub(crate) use super::render_obligation::{obligations_opened, report_filed, scorecard_changed};
use crate::domain::{
    appraisal::Appraisal,
    assessment::Assessment,
    assignment::{Assignment, Move, State},
    campaign::{Standing, entry::Entry},
    evidence::CitedDocument,
    measurement::{Content, Measurement},
    reminder::{Notice, Subject},
};

pub(crate) fn plan_expanded(plan: &PlanCode, assignments: &[Assignment]) -> PlanExpanded {
    PlanExpanded {
        plan_code: plan.to_string(),
        assignments: assignments.iter().map(Into::into).collect(),
    }
}

pub(crate) fn assignment_progressed(assignment: &Assignment) -> AssignmentProgressed {
    AssignmentProgressed { assignment: Some(assignment.into()) }
}

/// One move; an export tells one side alone.
pub(crate) fn assignment_reassigned(
    from: Option<&Assignment>,
    to: Option<&Assignment>,
) -> AssignmentReassigned {
    let plan = from.or(to).map(|assignment| assignment.plan.to_string());
    AssignmentReassigned {
        plan_code: plan.unwrap_or_default(),
        from: from.map(Into::into),
        to: to.map(Into::into),
    }
}

pub(crate) fn measurement_recorded(measurement: &Measurement) -> MeasurementRecorded {
    MeasurementRecorded { measurement: Some(measurement.into()) }
}

pub(crate) fn assessment_submitted(assessment: &Assessment) -> AssessmentSubmitted {
    AssessmentSubmitted { assessment: Some(assessment.into()) }
}

pub(crate) fn appraisal_decided(appraisal: &Appraisal) -> AppraisalDecided {
    AppraisalDecided {
        plan_code: appraisal.plan.to_string(),
        node_id: appraisal.node.to_string(),
        appraisal: Some(appraisal.into()),
    }
}

pub(crate) fn notices_raised(plan: &PlanCode, notices: &[Notice]) -> NoticesRaised {
    NoticesRaised { plan_code: plan.to_string(), notices: notices.iter().map(Into::into).collect() }
}

pub(crate) fn notice_acknowledged(notice: &Notice) -> NoticeAcknowledged {
    NoticeAcknowledged { notice: Some(notice.into()) }
}

pub(crate) fn campaign_set(standing: &Standing) -> CampaignSet {
    CampaignSet { campaign: Some(standing.into()) }
}

pub(crate) fn entry_moved(plan: &PlanCode, entry: &Entry) -> EntryMoved {
    EntryMoved { plan_code: plan.to_string(), entry: Some(entry.into()) }
}

impl From<&Notice> for pb::Notice {
    fn from(notice: &Notice) -> Self {
        let (said, subject) = (notice.acknowledgement.as_ref(), &notice.key.subject);
        Self {
            notice_id: notice.id.to_string(),
            assignment_id: subject
                .assignment()
                .map_or_else(String::new, |assignment| assignment.to_string()),
            obligation_id: subject
                .obligation()
                .map_or_else(String::new, |obligation| obligation.to_string()),
            plan_code: notice.plan.to_string(),
            task_number: match subject {
                Subject::Assignment(_, task) => task.to_string(),
                Subject::Obligation(..) => String::new(),
            },
            unit_code: notice.unit.to_string(),
            occurrence: notice.key.occurrence.to_string(),
            last_date: Some(notice.last_date.into()),
            audience: pb::Audience::from(notice.key.audience).into(),
            working_days: notice.key.working_days.into(),
            recipient_unit_code: notice.recipient.unit.to_string(),
            officer: notice.recipient.officer.clone(),
            raise_date: Some(notice.raise_date.into()),
            digest_id: notice.digest.to_string(),
            send_date: Some(notice.send_date.into()),
            acknowledge_time: said.map(|said| timestamp(said.at)),
            acknowledger: said.map(|said| said.by.clone()).unwrap_or_default(),
            note: said.map(|said| said.note.clone()).unwrap_or_default(),
        }
    }
}

impl From<&Assignment> for pb::Assignment {
    fn from(assignment: &Assignment) -> Self {
        let progress = &assignment.progress;
        Self {
            assignment_id: assignment.id.to_string(),
            plan_code: assignment.plan.to_string(),
            task_number: assignment.task.to_string(),
            unit_code: assignment.unit.to_string(),
            state: pb::assignment::State::from(assignment.state()).into(),
            percent_done: progress.percent.get().into(),
            last_date: assignment.last_date.map(Into::into),
            done_date: progress.done_date.map(Into::into),
            is_requested: assignment.is_requested,
            version: progress.version,
            update_time: Some(timestamp(progress.at)),
            officer: progress.officer.clone(),
            reassignment: progress.moved.as_ref().map(Into::into),
        }
    }
}

impl From<&Move> for pb::Reassignment {
    fn from(moved: &Move) -> Self {
        let (number, date) = &moved.document;
        Self {
            from_unit_code: moved.from.to_string(),
            to_unit_code: moved.to.to_string(),
            document_number: number.clone(),
            document_date: Some((*date).into()),
        }
    }
}

impl From<State> for pb::assignment::State {
    fn from(state: State) -> Self {
        match state {
            State::Assigned => Self::Assigned,
            State::InProgress => Self::InProgress,
            State::Submitted => Self::Submitted,
            State::Accepted => Self::Accepted,
            State::Confirmed => Self::Confirmed,
            State::Returned => Self::Returned,
            State::Reassigned => Self::Reassigned,
        }
    }
}

impl From<&Measurement> for pb::Measurement {
    fn from(measurement: &Measurement) -> Self {
        let (numerator, denominator) = match measurement.content {
            Content::Reported { numerator, denominator } => (Some(numerator), denominator),
            Content::Retracted => (None, None),
        };
        Self {
            measurement_id: measurement.id.to_string(),
            unit_code: measurement.key.unit.to_string(),
            variable_code: measurement.key.variable.to_string(),
            period: measurement.key.period.to_string(),
            version: measurement.version,
            numerator: numerator.map(Into::into),
            denominator: denominator.map(Into::into),
            is_retracted: measurement.content == Content::Retracted,
            evidence: measurement.evidence.clone(),
            reporter: measurement.reporter.clone(),
            record_time: Some(timestamp(measurement.at)),
        }
    }
}

impl From<&Assessment> for pb::Assessment {
    fn from(assessment: &Assessment) -> Self {
        Self {
            assessment_id: assessment.id.to_string(),
            plan_code: assessment.plan.to_string(),
            node_id: assessment.node.to_string(),
            unit_code: assessment.unit.to_string(),
            version: assessment.version,
            points: Some(assessment.points.into()),
            evidence: assessment.evidence.clone(),
            explanation: assessment.explanation.clone(),
            assessor: assessment.assessor.clone(),
            submit_time: Some(timestamp(assessment.at)),
            documents: assessment.documents.iter().map(Into::into).collect(),
            appraisal: None,
        }
    }
}

impl From<&CitedDocument> for pb::CitedDocument {
    fn from(document: &CitedDocument) -> Self {
        Self {
            evidence_id: document.id.to_string(),
            version: document.version,
            name: document.name.clone(),
            document_number: document.number.clone(),
            document_date: document.date.map(Into::into),
            sha256: document.sha256.as_str().to_owned(),
        }
    }
}

impl From<&Appraisal> for pb::Appraisal {
    fn from(appraisal: &Appraisal) -> Self {
        Self {
            appraisal_id: appraisal.id.to_string(),
            assessment_version: appraisal.assessment_version,
            points: Some(appraisal.points.into()),
            reason: appraisal.reason.clone(),
            appraiser: appraisal.appraiser.clone(),
            decide_time: Some(timestamp(appraisal.at)),
            documents: appraisal.documents.iter().map(Into::into).collect(),
            version: appraisal.version,
        }
    }
}
