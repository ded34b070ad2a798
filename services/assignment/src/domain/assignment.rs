//! One task as it binds one unit, and how far the unit says it is.
//!
//! Every report and every step ([`step`]) is a version that says where the assignment stands from then on.
//! Whether it is late follows from its date and the day it was done, and is for readers to say.

pub(crate) mod reassign;
pub(crate) mod step;

use cchc_core::{
    AssignmentId, Collector, PlanCode, Refusal, TaskNumber, Text, UnitCode, Violations, civil_date,
};
use time::{Date, OffsetDateTime};

use super::{
    change::{Change, Stamp},
    expansion::assignment_id,
};

/// One task of a plan as it binds one unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Assignment {
    pub(crate) id: AssignmentId,
    pub(crate) plan: PlanCode,
    pub(crate) task: TaskNumber,
    pub(crate) unit: UnitCode,
    /// The last day on which it is in time.
    pub(crate) last_date: Option<Date>,
    /// Whether it is asked for rather than ordered.
    pub(crate) is_requested: bool,
    /// Whether the task comes up again and again: a confirmation then does not end it.
    pub(crate) is_recurring: bool,
    /// The newest report, or the assigning itself.
    pub(crate) progress: Progress,
}

/// A version of how far an assignment is; version 1 is the assigning itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Progress {
    pub(crate) version: i64,
    /// Where the assignment stands from this version on.
    pub(crate) state: State,
    pub(crate) percent: Percent,
    pub(crate) done_date: Option<Date>,
    /// The officer of the unit who answers for it; empty while nobody was named.
    pub(crate) officer: String,
    pub(crate) note: String,
    /// Nobody for the assigning.
    pub(crate) reporter: Option<String>,
    pub(crate) at: OffsetDateTime,
    /// The decision that made this version by moving the assignment, if one did.
    pub(crate) moved: Option<Move>,
}

/// A decision that moved an assignment from one unit to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Move {
    pub(crate) from: UnitCode,
    pub(crate) to: UnitCode,
    /// Number and date of the document that decides it.
    pub(crate) document: (String, Date),
}

/// Where an assignment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// The unit has been given it.
    Assigned,
    /// The unit is at work.
    InProgress,
    /// The unit says it is done.
    Submitted,
    /// The unit has taken it on and not begun.
    Accepted,
    /// Whoever watches over the plan agrees that it is done.
    Confirmed,
    /// Whoever watches over the plan does not agree.
    Returned,
    /// Another unit has it now.
    Reassigned,
}

impl State {
    const ALL: [Self; 7] = [
        Self::Assigned,
        Self::InProgress,
        Self::Submitted,
        Self::Accepted,
        Self::Confirmed,
        Self::Returned,
        Self::Reassigned,
    ];

    /// The word in the database.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Assigned => "assigned",
            Self::InProgress => "in-progress",
            Self::Submitted => "submitted",
            Self::Accepted => "accepted",
            Self::Confirmed => "confirmed",
            Self::Returned => "returned",
            Self::Reassigned => "reassigned",
        }
    }

    /// Reads the word in the database.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Whether the unit has nothing left to do unless it is told so.
    pub(crate) const fn is_done(self) -> bool {
        matches!(self, Self::Submitted | Self::Confirmed)
    }

    const fn english(self) -> &'static str {
        match self {
            Self::InProgress => "in progress",
            other => other.as_str(),
        }
    }

    const fn vietnamese(self) -> &'static str {
        match self {
            Self::Assigned => "đã giao",
            Self::InProgress => "đang thực hiện",
            Self::Submitted => "đã báo cáo hoàn thành",
            Self::Accepted => "đã tiếp nhận",
            Self::Confirmed => "đã xác nhận hoàn thành",
            Self::Returned => "bị trả lại",
            Self::Reassigned => "đã chuyển cho đơn vị khác",
        }
    }
}

/// How far, in per cent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Percent(u8);

impl Percent {
    pub(crate) const ZERO: Self = Self(0);

    /// Takes 0 to 100.
    pub(crate) fn new(percent: i32) -> Result<Self, ProgressRefusal> {
        match u8::try_from(percent) {
            Ok(percent @ 0..=100) => Ok(Self(percent)),
            _ => Err(ProgressRefusal::PercentOutOfRange),
        }
    }

    pub(crate) const fn get(self) -> u8 {
        self.0
    }

    const fn is_all(self) -> bool {
        self.0 == 100
    }
}

impl Assignment {
    /// Says where it stands.
    pub(crate) const fn state(&self) -> State {
        self.progress.state
    }

    /// The unit that has it now, where it was moved away.
    fn moved_to(&self) -> Option<&UnitCode> {
        let moved = self.progress.moved.as_ref()?;
        (self.state() == State::Reassigned).then_some(&moved.to)
    }
}

/// A unit says how far it is.
#[derive(Debug, Clone)]
pub(crate) struct ProgressReport {
    pub(crate) plan: PlanCode,
    pub(crate) task: TaskNumber,
    pub(crate) unit: UnitCode,
    pub(crate) percent: Percent,
    pub(crate) done_date: Option<Date>,
    pub(crate) note: Text<0, 2000>,
}

/// A progress report is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ProgressRefusal {
    /// The task does not bind the unit, or there is no such task or plan.
    #[error("task {task} of plan {plan} does not bind unit {unit}")]
    AssignmentNotFound {
        /// The plan named.
        plan: PlanCode,
        /// The task named.
        task: TaskNumber,
        /// The unit named.
        unit: UnitCode,
    },
    /// Not a part of a whole.
    #[error("must be 0 to 100")]
    PercentOutOfRange,
    /// Done, but when?
    #[error("is required with 100 per cent: the day it was done")]
    DateMissing,
    /// Nothing is done tomorrow.
    #[error("must not be after today, {today}")]
    DateInFuture {
        /// The day in Viet Nam.
        today: Date,
    },
    /// A day of completion for what is not complete.
    #[error("must be absent below 100 per cent")]
    DateUnexpected,
    /// Somebody has agreed that it is done, once and for all.
    #[error("is confirmed: an appraiser may return it with a reason")]
    Confirmed,
    /// A decision gave it to another unit.
    #[error("was moved to unit {to}, which reports on it now")]
    Reassigned {
        /// The unit that has it.
        to: UnitCode,
    },
}

impl Refusal for ProgressRefusal {
    fn reason(&self) -> &'static str {
        match self {
            Self::AssignmentNotFound { .. } => "ASSIGNMENT_NOT_FOUND",
            Self::PercentOutOfRange => "PERCENT_OUT_OF_RANGE",
            Self::DateMissing => "DATE_MISSING",
            Self::DateInFuture { .. } => "DATE_IN_FUTURE",
            Self::DateUnexpected => "DATE_INVALID",
            Self::Confirmed => "ASSIGNMENT_CONFIRMED",
            Self::Reassigned { .. } => "ASSIGNMENT_REASSIGNED",
        }
    }

    fn vietnamese(&self) -> String {
        match self {
            Self::AssignmentNotFound { plan, task, unit } => {
                format!("nhiệm vụ {task} của kế hoạch {plan} không giao cho đơn vị {unit}")
            }
            Self::PercentOutOfRange => "tỷ lệ hoàn thành phải từ 0 đến 100".to_owned(),
            Self::DateMissing => "báo cáo hoàn thành 100% phải ghi ngày hoàn thành".to_owned(),
            Self::DateInFuture { today } => format!(
                "ngày hoàn thành không được sau ngày hôm nay ({:02}/{:02}/{})",
                today.day(),
                u8::from(today.month()),
                today.year()
            ),
            Self::DateUnexpected => "chưa hoàn thành 100% thì không ghi ngày hoàn thành".to_owned(),
            Self::Confirmed => {
                "nhiệm vụ đã được xác nhận hoàn thành; cơ quan thẩm định có thể trả lại, nêu lý do"
                    .to_owned()
            }
            Self::Reassigned { to } => {
                format!("nhiệm vụ đã chuyển cho đơn vị {to}, nay do đơn vị đó báo cáo")
            }
        }
    }
}

impl ProgressReport {
    /// Names the assignment reported on.
    pub(crate) fn assignment_id(&self) -> AssignmentId {
        assignment_id(&self.plan, &self.task, &self.unit)
    }

    /// Decides what the report does to the assignment.
    pub(crate) fn decide(
        &self,
        present: Option<&Assignment>,
        stamp: &Stamp,
    ) -> Result<Change<Assignment>, Violations> {
        let mut c = Collector::new();
        self.check_date(&mut c, civil_date(stamp.at));
        if present.is_none() {
            let (plan, task, unit) = (self.plan.clone(), self.task.clone(), self.unit.clone());
            let refusal = ProgressRefusal::AssignmentNotFound { plan, task, unit };
            c.refuse_because("task_number", &refusal);
        }
        if present.is_some_and(|of| of.state() == State::Confirmed && !of.is_recurring) {
            c.refuse_because("task_number", &ProgressRefusal::Confirmed);
        }
        if let Some(to) = present.and_then(Assignment::moved_to) {
            c.refuse_because("task_number", &ProgressRefusal::Reassigned { to: to.clone() });
        }
        let present = c.finish(present)?;
        let was = &present.progress;
        let is_first = was.version == 1;
        let state = if self.percent.is_all() { State::Submitted } else { State::InProgress };
        let is_same = (was.state, was.percent, was.done_date, was.note.as_str())
            == (state, self.percent, self.done_date, self.note.as_str());
        if is_same {
            return Ok(Change::Same);
        }
        let progress = Progress {
            version: was.version + 1,
            state,
            percent: self.percent,
            done_date: self.done_date,
            officer: was.officer.clone(),
            note: self.note.to_string(),
            reporter: Some(stamp.by.clone()),
            at: stamp.at,
            moved: None,
        };
        let next = Assignment { progress, ..present.clone() };
        Ok(if is_first { Change::First(next) } else { Change::Next(next) })
    }

    fn check_date(&self, c: &mut Collector, today: Date) {
        let refusal = match self.done_date {
            None if self.percent.is_all() => ProgressRefusal::DateMissing,
            Some(_) if !self.percent.is_all() => ProgressRefusal::DateUnexpected,
            Some(day) if day > today => ProgressRefusal::DateInFuture { today },
            _ => return,
        };
        c.refuse_because("done_date", &refusal);
    }
}

#[cfg(test)]
mod tests;
