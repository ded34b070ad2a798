//! What stands against each unit: how its periodic reports stand, as assignment tells it, and how completely and
//! timely it reports, which follows from that and from nothing else.

use cchc_core::{Decimal, Period, PlanCode, TaskNumber, UnitCode};
use cchc_scoring::{catalogue::Rounding, tree::display};
use serde::{Deserialize, Serialize};
use time::Date;

/// What stands against a unit under a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scorecard {
    pub(crate) plan: PlanCode,
    pub(crate) unit: UnitCode,
    pub(crate) version: i64,
    pub(crate) content: Content,
}

/// What a scorecard says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Content {
    /// Every periodic report the unit owes, by last day.
    pub(crate) reports: Vec<ReportStanding>,
    /// Its tasks of which days that have passed say something, in the order of the plan.
    #[serde(default)]
    pub(crate) tasks: Vec<TaskStanding>,
}

/// What the days that have passed say of a task of a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TaskStanding {
    pub(crate) task: TaskNumber,
    pub(crate) state: TaskState,
    /// Of what recurs: times that have passed undone.
    pub(crate) missed: i32,
    /// The last day that passed undone, the first of several; of what is completed the last of all.
    pub(crate) since: Option<Date>,
}

/// How a task stands by the days that have passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum TaskState {
    /// Done once, not done, and its last day has passed.
    Overdue,
    /// It recurs, and one of its times has passed undone.
    Missed,
    /// It recurs, and each of its times has passed and was done.
    Completed,
}

impl TaskState {
    /// The word of a line that is compared.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Missed => "missed",
            Self::Completed => "completed",
        }
    }
}

/// How a periodic report stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReportStanding {
    pub(crate) period: Period,
    pub(crate) state: ReportState,
    /// The last day on which it is in time, where that is known.
    pub(crate) last_date: Option<Date>,
    /// Working days after the last day on which it was filed; 0 unless late.
    pub(crate) late_days: i32,
    /// Date and number of the document that stands.
    pub(crate) document: Option<(Date, String)>,
}

/// The word for how a report stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ReportState {
    Open,
    InTime,
    Late,
    Missing,
    NotOwed,
    Undecided,
}

impl ReportState {
    /// The word of a line that is compared.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::InTime => "in time",
            Self::Late => "late",
            Self::Missing => "missing",
            Self::NotOwed => "not owed",
            Self::Undecided => "undecided",
        }
    }

    /// The words for an official.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Open => "chưa đến hạn",
            Self::InTime => "đúng hạn",
            Self::Late => "muộn",
            Self::Missing => "chưa gửi, quá hạn",
            Self::NotOwed => "không xét",
            Self::Undecided => "chưa rõ (thiếu lịch làm việc)",
        }
    }
}

/// How completely and how timely a unit reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Punctuality {
    pub(crate) in_time: i32,
    pub(crate) late: i32,
    /// Working days by which they were late, added up.
    pub(crate) late_days: i32,
    pub(crate) missing: i32,
    pub(crate) open: i32,
    pub(crate) undecided: i32,
}

impl Punctuality {
    /// Counts reports.
    pub(crate) fn of(reports: &[ReportStanding]) -> Self {
        let mut counted = Self::default();
        for report in reports {
            let count = match report.state {
                ReportState::InTime => &mut counted.in_time,
                ReportState::Late => &mut counted.late,
                ReportState::Missing => &mut counted.missing,
                ReportState::Open => &mut counted.open,
                ReportState::Undecided => &mut counted.undecided,
                ReportState::NotOwed => continue,
            };
            *count = count.saturating_add(1);
            counted.late_days = counted.late_days.saturating_add(report.late_days);
        }
        counted
    }

    /// Reports that are to be judged at all.
    pub(crate) fn owed(self) -> i32 {
        self.judged() + self.open + self.undecided
    }

    /// Filed of those filed or missing, in per cent; absent while there are none.
    pub(crate) fn completeness(self) -> Option<Decimal> {
        percent(self.in_time + self.late, self.judged())
    }

    /// Filed in time of those filed or missing, in per cent; absent while there are none.
    pub(crate) fn timeliness(self) -> Option<Decimal> {
        percent(self.in_time, self.judged())
    }

    fn judged(self) -> i32 {
        self.in_time + self.late + self.missing
    }
}

/// To two places, half up: shortened once, for reading.
fn percent(part: i32, whole: i32) -> Option<Decimal> {
    let share = (Decimal::from(part) * Decimal::ONE_HUNDRED).checked_div(Decimal::from(whole))?;
    Some(display(share, 2, Rounding::HalfUp).normalize())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    fn stands(state: ReportState, late_days: i32) -> ReportStanding {
        let period = "2018-6M".parse().unwrap();
        ReportStanding { period, state, last_date: None, late_days, document: None }
    }

    #[test]
    fn completeness_and_timeliness_are_of_what_was_filed_or_is_missing() {
        use ReportState::{InTime, Late, Missing, NotOwed, Open, Undecided};
        let reports = [
            stands(NotOwed, 0),
            stands(InTime, 0),
            stands(Late, 3),
            stands(Missing, 0),
            stands(Open, 0),
            stands(Undecided, 0),
        ];

        let counted = Punctuality::of(&reports);

        assert_eq!((counted.owed(), counted.late_days), (5, 3));
        assert_eq!(counted.completeness().unwrap().to_string(), "66.67");
        assert_eq!(counted.timeliness().unwrap().to_string(), "33.33");
    }

    #[test]
    fn before_anything_is_due_neither_is_known() {
        let counted = Punctuality::of(&[stands(ReportState::Open, 0)]);

        assert_eq!((counted.completeness(), counted.timeliness()), (None, None));
        assert_eq!(counted.owed(), 1);
    }
}
