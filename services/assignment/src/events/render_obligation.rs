//! Periodic reports and scorecards in the words of the contract.

use cchc_core::PlanCode;
use cchc_proto::{
    assignment::{
        events::v1::{ObligationsOpened, ReportFiled, ScorecardChanged},
        v1 as pb,
    },
    convert::timestamp,
};

use crate::domain::{
    obligation::{
        Content, Filed, Obligation,
        standing::{ReportStanding, State},
    },
    scorecard::{TaskStanding, TaskState, Told},
};

pub(crate) fn obligations_opened(plan: &PlanCode, owed: &[Obligation]) -> ObligationsOpened {
    ObligationsOpened {
        plan_code: plan.to_string(),
        obligations: owed.iter().map(Into::into).collect(),
    }
}

pub(crate) fn report_filed(owed: &Obligation) -> ReportFiled {
    ReportFiled { obligation: Some(owed.into()) }
}

pub(crate) fn scorecard_changed(told: &Told) -> ScorecardChanged {
    ScorecardChanged {
        plan_code: told.plan.to_string(),
        unit_code: told.unit.to_string(),
        version: told.version,
        reports: told.scorecard.reports.iter().map(Into::into).collect(),
        tasks: told.scorecard.tasks.iter().map(Into::into).collect(),
    }
}

impl From<&TaskStanding> for pb::TaskStanding {
    fn from(standing: &TaskStanding) -> Self {
        let state = match standing.state {
            TaskState::Overdue => pb::task_standing::State::Overdue,
            TaskState::Missed => pb::task_standing::State::Missed,
            TaskState::Completed => pb::task_standing::State::Completed,
        };
        Self {
            task_number: standing.task.to_string(),
            state: state.into(),
            missed_count: i32::try_from(standing.missed).unwrap_or(i32::MAX),
            since_date: Some(standing.since.into()),
        }
    }
}

impl From<&Obligation> for pb::Obligation {
    fn from(owed: &Obligation) -> Self {
        let filing = owed.filing.as_ref();
        let withdrawal = filing.and_then(|filing| match &filing.content {
            Content::Withdrawn { reason } => Some(reason.clone()),
            Content::Filed(_) => None,
        });
        Self {
            obligation_id: owed.id.to_string(),
            plan_code: owed.key.plan.to_string(),
            period: owed.key.period.to_string(),
            unit_code: owed.key.unit.to_string(),
            first_date: Some(owed.data.0.into()),
            end_date: Some(owed.data.1.into()),
            last_date: Some(owed.last_date.into()),
            ministry_last_date: Some(owed.ministry_last_date.into()),
            is_requested: owed.is_requested,
            filed: owed.filed().map(Into::into),
            version: owed.version(),
            actor: filing.map(|filing| filing.actor.clone()).unwrap_or_default(),
            update_time: filing.map(|filing| timestamp(filing.at)),
            withdrawal_reason: withdrawal.unwrap_or_default(),
        }
    }
}

impl From<&Filed> for pb::FiledReport {
    fn from(filed: &Filed) -> Self {
        Self {
            document_number: filed.number.clone(),
            document_date: Some(filed.date.into()),
            evidence_id: filed.evidence.map_or_else(String::new, |(id, _)| id.to_string()),
            evidence_version: filed.evidence.map_or(0, |(_, version)| version),
            note: filed.note.clone(),
        }
    }
}

impl From<&ReportStanding> for pb::ReportStanding {
    fn from(standing: &ReportStanding) -> Self {
        let document = standing.document.as_ref();
        Self {
            period: standing.period.to_string(),
            state: pb::report_standing::State::from(standing.state).into(),
            last_date: standing.last_date.map(Into::into),
            late_working_day_count: i32::try_from(standing.late_days).unwrap_or(i32::MAX),
            document_date: document.map(|(date, _)| (*date).into()),
            document_number: document.map(|(_, number)| number.clone()).unwrap_or_default(),
        }
    }
}

impl From<State> for pb::report_standing::State {
    fn from(state: State) -> Self {
        match state {
            State::Open => Self::Open,
            State::InTime => Self::InTime,
            State::Late => Self::Late,
            State::Missing => Self::Missing,
            State::NotOwed => Self::NotOwed,
            State::Undecided => Self::Undecided,
        }
    }
}
