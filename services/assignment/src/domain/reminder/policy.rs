//! How a province reminds and escalates: data that an operator loads, checked when it is read.

use std::collections::BTreeSet;

use cchc_core::{Collector, UnitCode};
use cchc_scoring::catalogue::{Mode, Recurrence, Task};
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime, Time};

use super::Audience;

/// Steps of one kind of task.
pub(crate) const MOST_STEPS: usize = 20;

/// How a province reminds. Minutes are of the day in Viet Nam.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Policy {
    pub(crate) province: UnitCode,
    /// The unit that watches over the plan.
    pub(crate) steering: UnitCode,
    pub(crate) grace_working_days: u8,
    pub(crate) moves_to_working_day: bool,
    pub(crate) send_from_minute: u16,
    pub(crate) quiet_from_minute: u16,
    pub(crate) sends_on_days_off: bool,
    pub(crate) catch_up_days: u16,
    /// For how long an acknowledgement holds back what follows; absent for good.
    pub(crate) acknowledgement_working_days: Option<u16>,
    pub(crate) ordered: Vec<Step>,
    pub(crate) requested: Vec<Step>,
    pub(crate) weekly: Vec<Step>,
}

/// One notice that is raised about every time a task falls due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    /// Working days after the last day; below zero before it, 0 on it.
    pub(crate) working_days: i16,
    pub(crate) audience: Audience,
}

impl Policy {
    /// The steps for a task. What recurs every week has steps of its own: as many notices as for a plan's
    /// dated tasks would be noise.
    pub(crate) fn steps(&self, task: &Task) -> &[Step] {
        match (task.recurrence, task.mode) {
            (Some(Recurrence::Weekly), _) => &self.weekly,
            (_, mode) => self.steps_of(mode),
        }
    }

    /// The steps for what does not recur every week, such as periodic reports.
    pub(crate) fn steps_of(&self, mode: Mode) -> &[Step] {
        match mode {
            Mode::Ordered => &self.ordered,
            Mode::Requested => &self.requested,
        }
    }

    /// Finds everything that cannot be in a policy whose fields are in range.
    pub(crate) fn check(&self, c: &mut Collector) {
        if self.quiet_from_minute <= self.send_from_minute {
            c.refuse(
                "quiet_from_minute",
                "OUT_OF_RANGE",
                "must be after send_from_minute",
                "phải sau giờ bắt đầu gửi",
            );
        }
        let lists = [
            ("ordered_steps", &self.ordered),
            ("requested_steps", &self.requested),
            ("weekly_steps", &self.weekly),
        ];
        for (field, steps) in lists {
            let mut seen = BTreeSet::new();
            for (index, step) in steps.iter().enumerate() {
                if !seen.insert(*step) {
                    let field = format!("{field}[{index}]");
                    c.refuse(
                        &field,
                        "DUPLICATE",
                        "stands in the list before",
                        "đã có trong danh sách",
                    );
                }
            }
        }
    }

    /// The instant of a day from which digests are sent.
    pub(crate) fn send_time(&self, day: Date) -> OffsetDateTime {
        at_minute(day, self.send_from_minute)
    }

    /// Whether nothing more is sent on a day.
    pub(crate) fn is_quiet(&self, now: OffsetDateTime, day: Date) -> bool {
        now >= at_minute(day, self.quiet_from_minute)
    }
}

/// A minute of a day in Viet Nam.
pub(crate) fn at_minute(day: Date, minute: u16) -> OffsetDateTime {
    let midnight = day.with_time(Time::MIDNIGHT).assume_offset(cchc_core::VIETNAM);
    (midnight + time::Duration::minutes(minute.into())).to_offset(time::UtcOffset::UTC)
}
