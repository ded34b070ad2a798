//! An assignment or a periodic report as entries of an iCalendar feed (RFC 5545): what the calendar of a unit or an officer shows.
//!
//! One entry for each time it falls due, on its last day, all day long. What is overdue stays in the feed and
//! says so; what is done stays and says so. An entry keeps its name (`UID`) for good, and whenever it says
//! something else its `SEQUENCE` is higher.

use cchc_core::Period;
use cchc_scoring::{
    calendar::{Calendar, YearUnknown},
    catalogue::{Plan, Task},
};
use time::{Date, Duration, OffsetDateTime};

use super::reminder::{Audience, Policy, Step, Time, Watched, at_minute, times};

/// Days before the last day on which the calendar rings, where the province has no policy.
const RINGS_BEFORE: u32 = 5;
/// The minute of the day at which it then rings: eight o'clock.
const RINGS_AT: u16 = 8 * 60;

/// How an entry stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Its last day has not passed.
    Open,
    /// Its last day has passed and it is not done.
    Overdue,
    /// It is done.
    Done,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Names it for good.
    pub(crate) uid: String,
    /// Goes up whenever the entry says something else.
    pub(crate) sequence: i64,
    pub(crate) title: String,
    /// Where the plan demands it.
    pub(crate) reference: String,
    pub(crate) last: Date,
    pub(crate) standing: Standing,
    /// When the calendar rings; never for what is done or overdue.
    pub(crate) rings: Vec<OffsetDateTime>,
    /// When the assignment became what it is.
    pub(crate) changed: OffsetDateTime,
}

/// How deadlines are read: the policy of the plan's province, the holidays, and how often either was loaded.
#[derive(Debug)]
pub(crate) struct Rules<'a> {
    pub(crate) policy: Option<&'a Policy>,
    pub(crate) calendar: &'a Calendar,
    pub(crate) revision: i64,
    pub(crate) today: Date,
}

/// Lists the entries of an assignment, in the order of their days.
pub(crate) fn entries(plan: &Plan, task: &Task, watched: &Watched, rules: &Rules) -> Vec<Entry> {
    let moves = rules.policy.is_some_and(|policy| policy.moves_to_working_day);
    let of = Of {
        title: format!("{} {}", task.number, task.title),
        reference: format!("{}, {}", plan.code, task.reference),
        steps: rules.policy.map(|policy| policy.steps(task)),
    };
    times(plan, task, moves, rules.calendar)
        .into_iter()
        .filter_map(|time| entry(&of, watched, rules, &time))
        .collect()
}

/// The entry of a periodic report, where it falls due under the plan at all.
pub(crate) fn report_entry(
    (plan, period, time): (&Plan, Period, &Time),
    watched: &Watched,
    rules: &Rules,
) -> Option<Entry> {
    let cycle = plan.report_cycle.as_ref()?;
    let mode = cycle.terms.as_ref()?.mode;
    let of = Of {
        title: format!("Báo cáo cải cách hành chính kỳ {period}"),
        reference: format!("{}, {}", plan.code, cycle.reference),
        steps: rules.policy.map(|policy| policy.steps_of(mode)),
    };
    entry(&of, watched, rules, time)
}

/// What entries are of.
struct Of<'a> {
    title: String,
    reference: String,
    /// The policy's, where the province has one.
    steps: Option<&'a [Step]>,
}

fn entry(of: &Of, watched: &Watched, rules: &Rules, time: &Time) -> Option<Entry> {
    // Where the holidays of a year are not known, the day stays as the plan has it.
    let last = time.last.unwrap_or(time.stated_last);
    if !watched.owes(time.window, last) {
        return None;
    }
    let standing = if watched.is_done(time.window) {
        Standing::Done
    } else if last < rules.today {
        Standing::Overdue
    } else {
        Standing::Open
    };
    let rings = if standing == Standing::Open { rings(of, rules, last) } else { Vec::new() };
    Some(Entry {
        uid: format!("{}-{}", watched.subject.id(), time.name),
        // Each part only grows: a version that turns overdue says something else without another version.
        sequence: watched.version * 2 + i64::from(standing == Standing::Overdue) + rules.revision,
        title: of.title.clone(),
        reference: of.reference.clone(),
        last,
        standing,
        rings,
        changed: watched.changed,
    })
}

/// When the policy reminds the officer, before the last day or on it.
fn rings(of: &Of, rules: &Rules, last: Date) -> Vec<OffsetDateTime> {
    let Some((policy, steps)) = rules.policy.zip(of.steps) else {
        return vec![at_minute(last - Duration::days(RINGS_BEFORE.into()), RINGS_AT)];
    };
    let before =
        steps.iter().filter(|step| step.audience == Audience::Officer && step.working_days <= 0);
    before
        .map(|step| {
            let days = u32::from(step.working_days.unsigned_abs());
            let day = rules.calendar.subtract(last, days);
            // Rather a day early than not at all where the holidays are not known.
            let day = day.unwrap_or_else(|YearUnknown { .. }| last - Duration::days(days.into()));
            policy.send_time(day)
        })
        .collect()
}
