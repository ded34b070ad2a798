//! Which notices a task gives rise to on a day, whoever it binds: computed once for all its units.

use std::collections::BTreeSet;

use cchc_core::{Period, WindowStart};
use cchc_scoring::{
    calendar::{
        Calendar, Obligation, Occurrence, OccurrenceName, YearUnknown, obligations, occurrences,
    },
    catalogue::{Plan, Task},
};
use time::{Date, Duration};

use super::{Policy, Step};

/// A step that is to be raised on a day, of one time a task falls due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ripe {
    pub(crate) occurrence: OccurrenceName,
    /// Days on which doing it counts for this time; absent of what is done once.
    pub(crate) window: Option<(Date, Date)>,
    /// The last day on which it is in time.
    pub(crate) last: Date,
    /// The day on which the step's time came.
    pub(crate) since: Date,
    pub(crate) step: Step,
}

/// What a task gives rise to, and years without which that cannot be said.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Timetable {
    pub(crate) ripe: Vec<Ripe>,
    pub(crate) unknown_years: BTreeSet<i32>,
}

/// Says which notices about a task are to be raised on a day, if they were not before.
///
/// A reminder before the last day or on it is worth nothing later; an escalation is raised late rather than
/// never, but no more than the policy's days to catch up: a plan of years ago that is loaded today
/// troubles nobody.
pub(crate) fn timetable(
    plan: &Plan,
    task: &Task,
    policy: &Policy,
    calendar: &Calendar,
    today: Date,
) -> Timetable {
    let steps = policy.steps(task);
    if steps.is_empty() {
        return Timetable::default();
    }
    let times = times(plan, task, policy.moves_to_working_day, calendar);
    table_of(&times, steps, policy, calendar, today)
}

/// The same for one periodic report of a plan.
pub(crate) fn report_timetable(
    (plan, time): (&Plan, &Time),
    policy: &Policy,
    calendar: &Calendar,
    today: Date,
) -> Timetable {
    let terms = plan.report_cycle.as_ref().and_then(|cycle| cycle.terms.as_ref());
    let steps = terms.map_or(&[] as &[Step], |terms| policy.steps_of(terms.mode));
    table_of(std::slice::from_ref(time), steps, policy, calendar, today)
}

fn table_of(
    times: &[Time],
    steps: &[Step],
    policy: &Policy,
    calendar: &Calendar,
    today: Date,
) -> Timetable {
    let mut table = Timetable::default();
    for time in times {
        if let Err(unknown) = ripen(&mut table, time, steps, policy, calendar, today) {
            table.unknown_years.insert(unknown.year);
        }
    }
    table
}

/// One time a task falls due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Time {
    pub(crate) name: OccurrenceName,
    /// Days on which doing it counts for this time; absent of what is done once.
    pub(crate) window: Option<(Date, Date)>,
    /// The last day as the plan has it.
    pub(crate) stated_last: Date,
    /// The last day on which it is in time, where it can be known.
    pub(crate) last: Result<Date, YearUnknown>,
}

/// Lists the times a task falls due in the plan's year, from the day on which the plan can have been issued.
///
/// A last day that moves to a working day takes the window with it: the reception of a Thursday in Tết that is
/// held on the Monday after counts for its own week, and not for the week of that Monday too.
pub(crate) fn times(plan: &Plan, task: &Task, moves: bool, calendar: &Calendar) -> Vec<Time> {
    let mut free = None;
    let time = |occurrence: Occurrence| {
        let stated_last = occurrence.last;
        let last = if moves { calendar.on_or_after(stated_last) } else { Ok(stated_last) };
        let end = occurrence.end.max(last.unwrap_or(stated_last));
        let first = free.map_or(occurrence.first, |free| occurrence.first.max(free));
        free = end.next_day();
        let is_once = occurrence.name == OccurrenceName::once();
        let window = (!is_once).then_some((first, end));
        Time { name: occurrence.name, window, stated_last, last }
    };
    occurrences_of(plan, task).into_iter().map(time).collect()
}

/// Lists when the periodic reports of a plan fall due, without those due before it can have been issued.
pub(crate) fn report_times(plan: &Plan, moves: bool, calendar: &Calendar) -> Vec<(Period, Time)> {
    let Some((cycle, terms)) =
        plan.report_cycle.as_ref().and_then(|cycle| Some((cycle, cycle.terms.as_ref()?)))
    else {
        return Vec::new();
    };
    let reports = obligations(&cycle.periods, terms).into_iter();
    reports
        .filter(|report| plan.issued_from.is_none_or(|from| report.last_due >= from))
        .map(|Obligation { period, last_due: stated_last, .. }| {
            let last = if moves { calendar.on_or_after(stated_last) } else { Ok(stated_last) };
            let name = OccurrenceName::of_period(period);
            (period, Time { name, window: None, stated_last, last })
        })
        .collect()
}

fn occurrences_of(plan: &Plan, task: &Task) -> Vec<Occurrence> {
    let (first, last) = Period::whole(plan.year).days(WindowStart::CALENDAR);
    let first = plan.issued_from.map_or(first, |issued| issued.max(first));
    match (task.recurrence, task.due) {
        (Some(recurrence), _) => occurrences(recurrence, task.weekday, first, last),
        (None, Some(due)) => {
            let last = due.last_day();
            vec![Occurrence { name: OccurrenceName::once(), first: last, last, end: last }]
        }
        (None, None) => Vec::new(),
    }
}

fn ripen(
    table: &mut Timetable,
    time: &Time,
    steps: &[Step],
    policy: &Policy,
    calendar: &Calendar,
    today: Date,
) -> Result<(), YearUnknown> {
    let furthest = steps.iter().map(|step| step.working_days.unsigned_abs()).max().unwrap_or(0);
    // Four calendar days hold one working day at least, but for Tết, which takes nine.
    let reach = Duration::days(i64::from(furthest) * 4 + 20 + i64::from(policy.catch_up_days));
    if time.stated_last < today - reach || time.stated_last > today + reach {
        return Ok(());
    }
    let last = time.last?;
    for step in steps {
        if let Some(since) = ripe_since(*step, last, policy, calendar, today)? {
            let (occurrence, window) = (time.name.clone(), time.window);
            table.ripe.push(Ripe { occurrence, window, last, since, step: *step });
        }
    }
    Ok(())
}

/// Since when a step is ripe, if it is on a day.
fn ripe_since(
    step: Step,
    last: Date,
    policy: &Policy,
    calendar: &Calendar,
    today: Date,
) -> Result<Option<Date>, YearUnknown> {
    let days = u32::from(step.working_days.unsigned_abs());
    let (since, is_ripe) = match step.working_days {
        ..0 => {
            let since = calendar.subtract(last, days)?;
            (since, (since..=last).contains(&today))
        }
        0 => (last, today == last),
        1.. if today <= last => return Ok(None),
        1.. => {
            let grace = u32::from(policy.grace_working_days);
            // Only as far as today: a year to come need not be known.
            let passed = calendar.working_days(last, today)?;
            if passed < grace + days {
                return Ok(None);
            }
            let since = calendar.add(last, grace + days)?;
            (since, today - since <= catch_up(policy))
        }
    };
    Ok(is_ripe.then_some(since))
}

fn catch_up(policy: &Policy) -> Duration {
    Duration::days(policy.catch_up_days.into())
}
