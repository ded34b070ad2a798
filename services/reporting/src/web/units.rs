//! The scoreboard in the words and figures of a page.

use cchc_core::{Decimal, NodeId, Points, VIETNAM};
use cchc_scoring::figure::vietnamese;
use time::{Date, macros::format_description};

use super::view::UNKNOWN;
use crate::domain::{
    scoreboard::{Scoreboard, UnitRow},
    scorecard::{ReportStanding, ReportState},
};

/// The page of the units.
pub(super) struct UnitsView {
    pub(super) plan: String,
    pub(super) title: String,
    pub(super) unit: String,
    pub(super) revision: i64,
    pub(super) updated: String,
    pub(super) rows: Vec<RowView>,
}

pub(super) struct RowView {
    pub(super) code: String,
    pub(super) name: String,
    /// Reports that are late, missing or undecided, one a line.
    pub(super) reports: Vec<String>,
    pub(super) assignments: i64,
    pub(super) submitted: i64,
    pub(super) late: i64,
    pub(super) overdue: i64,
    pub(super) at_risk: u32,
    pub(super) outstanding: u32,
    /// Of both those for which the plan states no expected points.
    pub(super) unstated: u32,
    /// Points expected of both, a node a line.
    pub(super) expected: Vec<String>,
    /// Tasks in which it takes part beside those bound.
    pub(super) beside: usize,
    pub(super) owed: i32,
    pub(super) in_time: i32,
    pub(super) reports_late: i32,
    pub(super) missing: i32,
    pub(super) completeness: String,
    pub(super) timeliness: String,
}

impl UnitsView {
    pub(super) fn of(board: &Scoreboard) -> Self {
        let local = board.update_time.to_offset(VIETNAM);
        let form = format_description!("[hour]:[minute]:[second] [day]/[month]/[year]");
        Self {
            plan: board.plan.to_string(),
            title: board.title.clone(),
            unit: board.unit_name.clone(),
            revision: board.revision,
            updated: local.format(&form).unwrap_or_default(),
            rows: board.rows.iter().map(row).collect(),
        }
    }
}

fn row(row: &UnitRow) -> RowView {
    let (tasks, reports) = (row.tasks, row.punctuality);
    RowView {
        code: row.unit.to_string(),
        name: row.name.clone(),
        reports: row.content.reports.iter().filter_map(report).collect(),
        assignments: tasks.assignments,
        submitted: tasks.submitted,
        late: tasks.late,
        overdue: tasks.overdue,
        at_risk: row.work.undelivered.at_risk_tasks,
        outstanding: row.work.undelivered.outstanding_tasks,
        unstated: row.work.undelivered.unstated_tasks,
        expected: row.work.at_nodes.iter().map(expected).collect(),
        beside: row.beside,
        owed: reports.owed(),
        in_time: reports.in_time,
        reports_late: reports.late,
        missing: reports.missing,
        completeness: percent(reports.completeness()),
        timeliness: percent(reports.timeliness()),
    }
}

/// Such as `PAR-2018/7: 0,25 điểm dự kiến có nguy cơ, 0,5 chưa đến hạn`.
fn expected((node, (at_risk, outstanding)): (&NodeId, &(Points, Points))) -> String {
    let (at_risk, outstanding) = (vietnamese(at_risk.get()), vietnamese(outstanding.get()));
    format!("{node}: {at_risk} điểm dự kiến có nguy cơ, {outstanding} chưa đến hạn")
}

fn percent(share: Option<Decimal>) -> String {
    share.map_or_else(|| UNKNOWN.to_owned(), vietnamese)
}

/// Such as `2018-6M: muộn 3 ngày làm việc, 15/BC ngày 20/06/2018 (hạn 15/06/2018)`; nothing where nothing is amiss.
fn report(of: &ReportStanding) -> Option<String> {
    let day = |day: Date| format!("{:02}/{:02}/{}", day.day(), u8::from(day.month()), day.year());
    let late = match of.state {
        ReportState::Open | ReportState::InTime | ReportState::NotOwed => return None,
        ReportState::Late => format!(" {} ngày làm việc", of.late_days),
        ReportState::Missing | ReportState::Undecided => String::new(),
    };
    let document = of.document.as_ref();
    let document = document
        .map_or_else(String::new, |(date, number)| format!(", {number} ngày {}", day(*date)));
    let last = of.last_date.map_or_else(String::new, |last| format!(" (hạn {})", day(last)));
    Some(format!("{}: {}{late}{document}{last}", of.period, of.state.label()))
}
