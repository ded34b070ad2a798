//! Who is reminded of what, and when: before the last day, on it, and after it from the officer to the head
//! of the unit, the unit that watches over the plan, and the Chairman.
//!
//! A notice is about one *time* an assignment falls due and one step of the policy. It is raised once:
//! its key is the time, the audience and the working day, and nothing else, so that no restart and no
//! second instance raises it again. Decision 0027.

mod decide;
mod policy;
mod timetable;

use cchc_core::{AssignmentId, ObligationId, Period, PlanCode, TaskNumber, UnitCode};
use cchc_scoring::calendar::OccurrenceName;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

pub(crate) use decide::{Due, Held, Known, Sending, Watched, decide};
pub(crate) use policy::{MOST_STEPS, Policy, Step, at_minute};
pub(crate) use timetable::{
    Ripe, Time, Timetable, report_times, report_timetable, times, timetable,
};

/// Who is reminded, from the nearest to the highest.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Audience {
    /// The officer who answers for it, or the unit while nobody was named.
    Officer,
    /// The head of the unit.
    Head,
    /// The unit that watches over the plan.
    Steering,
    /// The Chairman of the province.
    Chairman,
}

impl Audience {
    const ALL: [Self; 4] = [Self::Officer, Self::Head, Self::Steering, Self::Chairman];

    /// The word in the database.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Officer => "officer",
            Self::Head => "head",
            Self::Steering => "steering",
            Self::Chairman => "chairman",
        }
    }

    /// Reads the word in the database.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|audience| audience.as_str() == word)
    }
}

/// What falls due, whoever owes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Matter {
    /// A task of the plan.
    Task(TaskNumber),
    /// The periodic report on a period.
    Report(Period),
}

/// What a unit is reminded of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Subject {
    /// A task as it binds the unit.
    Assignment(AssignmentId, TaskNumber),
    /// A periodic report that the unit owes.
    Obligation(ObligationId, Period),
}

impl Subject {
    /// What falls due.
    pub(crate) fn matter(&self) -> Matter {
        match self {
            Self::Assignment(_, task) => Matter::Task(task.clone()),
            Self::Obligation(_, period) => Matter::Report(*period),
        }
    }

    /// The id of the assignment or of the obligation.
    pub(crate) const fn id(&self) -> Uuid {
        match self {
            Self::Assignment(id, _) => id.as_uuid(),
            Self::Obligation(id, _) => id.as_uuid(),
        }
    }

    /// The assignment, if it is one.
    pub(crate) const fn assignment(&self) -> Option<AssignmentId> {
        match self {
            Self::Assignment(id, _) => Some(*id),
            Self::Obligation(..) => None,
        }
    }

    /// The obligation, if it is one.
    pub(crate) const fn obligation(&self) -> Option<ObligationId> {
        match self {
            Self::Assignment(..) => None,
            Self::Obligation(id, _) => Some(*id),
        }
    }
}

/// Names a notice for good: one time that something falls due to a unit, and one step of the policy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NoticeKey {
    pub(crate) subject: Subject,
    pub(crate) occurrence: OccurrenceName,
    /// Working days after the last day; below zero before it.
    pub(crate) working_days: i16,
    pub(crate) audience: Audience,
}

/// Who gets notices together: one digest for each recipient and day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Recipient {
    pub(crate) unit: UnitCode,
    pub(crate) audience: Audience,
    /// Empty for the unit itself.
    pub(crate) officer: String,
}

/// A notice as it was raised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    pub(crate) id: Uuid,
    pub(crate) key: NoticeKey,
    pub(crate) plan: PlanCode,
    pub(crate) unit: UnitCode,
    /// The last day on which it is in time.
    pub(crate) last_date: Date,
    pub(crate) recipient: Recipient,
    pub(crate) raise_date: Date,
    pub(crate) digest: Uuid,
    pub(crate) send_date: Date,
    pub(crate) acknowledgement: Option<Acknowledgement>,
}

/// Somebody read a notice and acts on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Acknowledgement {
    pub(crate) by: String,
    pub(crate) note: String,
    pub(crate) at: OffsetDateTime,
}

#[cfg(test)]
mod tests;
