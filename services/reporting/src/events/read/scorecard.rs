//! What stands against a unit, from the contract.

use cchc_core::Collector;
use cchc_proto::{
    assignment::{
        events::v1::ScorecardChanged,
        v1::{self as pb, report_standing::State},
    },
    convert::{self, choice, optional_date},
};

use super::version;
use crate::domain::{
    fact::Fact,
    scorecard::{Content, ReportStanding, ReportState, Scorecard, TaskStanding, TaskState},
};

pub(super) fn changed(c: &mut Collector, told: ScorecardChanged) -> Option<Fact> {
    let plan = c.parse("plan_code", &told.plan_code);
    let unit = c.parse("unit_code", &told.unit_code);
    let version = version(c, told.version);
    let reports = c.each("reports", told.reports, report);
    let tasks = c.each("tasks", told.tasks, task);
    let content = Content { reports: reports?, tasks: tasks? };
    Some(Fact::Carded(Scorecard { plan: plan?, unit: unit?, version: version?, content }))
}

#[expect(clippy::needless_pass_by_value, reason = "a reader takes its message")]
fn task(c: &mut Collector, told: pb::TaskStanding) -> Option<TaskStanding> {
    let task = c.parse("task_number", &told.task_number);
    let state = choice(c, "state", told.state, |state| match state {
        pb::task_standing::State::Unspecified => None,
        pb::task_standing::State::Overdue => Some(TaskState::Overdue),
        pb::task_standing::State::Missed => Some(TaskState::Missed),
        pb::task_standing::State::Completed => Some(TaskState::Completed),
    });
    let missed = convert::whole(c, "missed_count", told.missed_count, 0..=i32::MAX);
    let since = optional_date(c, "since_date", told.since_date);
    Some(TaskStanding { task: task?, state: state?, missed: missed?, since: since? })
}

fn report(c: &mut Collector, told: pb::ReportStanding) -> Option<ReportStanding> {
    let period = c.parse("period", &told.period);
    let state = choice(c, "state", told.state, |state| match state {
        State::Unspecified => None,
        State::Open => Some(ReportState::Open),
        State::InTime => Some(ReportState::InTime),
        State::Late => Some(ReportState::Late),
        State::Missing => Some(ReportState::Missing),
        State::NotOwed => Some(ReportState::NotOwed),
        State::Undecided => Some(ReportState::Undecided),
    });
    let last_date = optional_date(c, "last_date", told.last_date);
    let days = told.late_working_day_count;
    let late_days = convert::whole(c, "late_working_day_count", days, 0..=i32::MAX);
    let date = optional_date(c, "document_date", told.document_date);
    Some(ReportStanding {
        period: period?,
        state: state?,
        last_date: last_date?,
        late_days: late_days?,
        document: date?.map(|date| (date, told.document_number)),
    })
}
