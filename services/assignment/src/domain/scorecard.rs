//! What stands against a unit under a plan: what it owes and how that stands, and what the days that passed say of
//! its tasks. Derived on each day; told, and kept as told, whenever it comes out otherwise than it was told last.

use std::collections::BTreeMap;

use cchc_core::{PlanCode, TaskNumber, UnitCode};
use cchc_scoring::catalogue::{Task, Unit};
use serde::{Deserialize, Serialize};
use time::Date;

use super::{
    obligation::{
        Obligation,
        standing::{ReportStanding, Rules},
    },
    reminder::{Subject, Time, Watched, times},
};

/// What stands against a unit.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scorecard {
    /// Every periodic report it owes, by last day.
    pub(crate) reports: Vec<ReportStanding>,
    /// Its tasks of which days that passed say something, in the order of the plan.
    #[serde(default)]
    pub(crate) tasks: Vec<TaskStanding>,
}

/// What the days that have passed say of a task of a unit. What its state alone says is told with each step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TaskStanding {
    pub(crate) task: TaskNumber,
    pub(crate) state: TaskState,
    /// Of what recurs: times that passed undone; otherwise 0.
    pub(crate) missed: u32,
    /// The last day that passed undone, the first of several; of what is completed the last of all.
    pub(crate) since: Date,
}

/// How a task stands by the days that have passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum TaskState {
    /// Done once, not done, and its last day has passed.
    Overdue,
    /// It recurs, and one of its times has passed undone: that is not made up for.
    Missed,
    /// It recurs, and each of its times has passed and was done.
    Completed,
}

/// A scorecard as it was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) plan: PlanCode,
    pub(crate) unit: UnitCode,
    pub(crate) version: i64,
    pub(crate) scorecard: Scorecard,
}

/// Derives the scorecards of units from what they owe, which comes by last day, and from what they were assigned.
pub(crate) fn derive(
    rules: &Rules<'_>,
    owed: &[Obligation],
    assigned: &[Watched],
    units: &BTreeMap<UnitCode, Unit>,
) -> BTreeMap<UnitCode, Scorecard> {
    let mut all: BTreeMap<UnitCode, Scorecard> = BTreeMap::new();
    for of in owed {
        let unit = &of.key.unit;
        let standing = rules.standing(of, units.get(unit));
        all.entry(unit.clone()).or_default().reports.push(standing);
    }
    for task in &rules.plan.tasks {
        let times = times(rules.plan, task, rules.moves, rules.calendar);
        for of in assigned.iter().filter(|of| is_of(of, task)) {
            if let Some(standing) = standing(task, &times, of, rules.today) {
                all.entry(of.unit.clone()).or_default().tasks.push(standing);
            }
        }
    }
    all
}

fn is_of(watched: &Watched, task: &Task) -> bool {
    matches!(&watched.subject, Subject::Assignment(_, number) if *number == task.number)
}

/// What the days that have passed say of a task of a unit; nothing where they say nothing, and where the holidays of
/// the year are not known: what is not known is not held against anybody.
fn standing(task: &Task, times: &[Time], watched: &Watched, today: Date) -> Option<TaskStanding> {
    let owed = |time: &&Time| watched.owes(time.window, time.last.unwrap_or(time.stated_last));
    let owed: Vec<&Time> = times.iter().filter(owed).collect();
    let undone = owed.iter().filter(|time| !watched.is_done(time.window));
    let passed = undone.filter_map(|time| time.last.ok()).filter(|last| *last < today);
    let passed: Vec<Date> = passed.collect();
    let of = |state, missed, since| {
        Some(TaskStanding { task: task.number.clone(), state, missed, since })
    };
    match (passed.iter().min(), task.recurrence) {
        (Some(since), None) => of(TaskState::Overdue, 0, *since),
        (Some(since), Some(_)) => {
            of(TaskState::Missed, u32::try_from(passed.len()).unwrap_or(u32::MAX), *since)
        }
        (None, None) => None,
        (None, Some(_)) => {
            let lasts: Option<Vec<Date>> = owed.iter().map(|time| time.last.ok()).collect();
            let end = lasts?.into_iter().max().filter(|last| *last < today)?;
            of(TaskState::Completed, 0, end)
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use cchc_scoring::{
        calendar::{Calendar, CalendarYear},
        catalogue::Plan,
    };
    use serde_json::json;
    use time::macros::{date, datetime};
    use uuid::Uuid;

    use super::*;
    use crate::domain::{assignment::State, reminder::Held};

    fn plan(task: &serde_json::Value) -> Plan {
        let mut whole =
            json!({ "number": "1", "title": "", "reference": "", "binds": { "units": ["193"] } });
        whole.as_object_mut().unwrap().extend(task.as_object().unwrap().clone());
        serde_json::from_value(json!({
            "code": "QN-2018", "province": "22", "year": 2018, "title": "", "title_en": "",
            "reference": "", "tasks": [whole],
        }))
        .unwrap()
    }

    fn watched(state: State, done_dates: Vec<Date>) -> Watched {
        Watched {
            subject: Subject::Assignment(Uuid::from_u128(7).into(), "1".parse().unwrap()),
            unit: "193".parse().unwrap(),
            version: 2,
            changed: datetime!(2018-02-01 03:00 UTC),
            state,
            held: vec![Held::since(date!(2018 - 01 - 01))],
            received: None,
            officer: String::new(),
            done_dates,
        }
    }

    fn card(
        plan: &Plan,
        years: &[CalendarYear],
        watched: Watched,
        today: Date,
    ) -> Option<TaskStanding> {
        let calendar = Calendar::new(years);
        let rules = Rules { plan, calendar: &calendar, moves: true, today };
        let mut all = derive(&rules, &[], &[watched], &BTreeMap::new());
        all.remove(&"193".parse().unwrap()).and_then(|mut card| card.tasks.pop())
    }

    /// Monday 2 July 2018 is off in this calendar.
    fn years() -> Vec<CalendarYear> {
        let of = |year: i32| {
            json!({ "year": year, "source": "mẫu thử",
                    "off": [{ "date": format!("{year}-07-02"), "name": "Nghỉ" }] })
        };
        serde_json::from_value(json!([of(2018), of(2019)])).unwrap()
    }

    #[test]
    fn what_is_done_once_is_overdue_after_its_last_working_day_and_no_longer_once_it_is_done() {
        let plan = plan(&json!({ "due": { "date": "2018-06-30", "inclusive": true } }));
        let on = |today, state| {
            card(&plan, &years(), watched(state, Vec::new()), today).map(|of| (of.state, of.since))
        };

        // Saturday 30 June moves to Tuesday 3 July.
        let last = date!(2018 - 07 - 03);
        assert_eq!(on(last, State::InProgress), None);
        let overdue = Some((TaskState::Overdue, last));
        assert_eq!(on(date!(2018 - 07 - 04), State::InProgress), overdue);
        assert_eq!(on(date!(2018 - 07 - 04), State::Returned), overdue);
        assert_eq!(on(date!(2018 - 07 - 04), State::Submitted), None);
    }

    #[test]
    fn a_time_that_passed_undone_stays_missed_and_all_done_is_completed_when_the_year_is_over() {
        let plan = plan(&json!({ "recurrence": "quarterly" }));
        let on = |today, done: &[Date]| {
            card(&plan, &years(), watched(State::Submitted, done.to_vec()), today)
        };
        let done = [date!(2018 - 02 - 10), date!(2018 - 05 - 10), date!(2018 - 08 - 10)];
        let last = date!(2018 - 11 - 10);

        assert_eq!(on(date!(2018 - 10 - 05), &done), None, "the last quarter is still to come");
        let missed = on(date!(2018 - 10 - 05), &done[..1]).unwrap();
        assert_eq!((missed.state, missed.missed), (TaskState::Missed, 2));
        assert_eq!(missed.since, date!(2018 - 07 - 03), "the first, on its working day");
        let all: Vec<Date> = done.into_iter().chain([last]).collect();
        let completed = on(date!(2019 - 01 - 03), &all).unwrap();
        assert_eq!((completed.state, completed.missed), (TaskState::Completed, 0));
    }

    #[test]
    fn in_a_year_without_holidays_nothing_is_held_against_anybody() {
        let plan = plan(&json!({ "due": { "date": "2018-06-30", "inclusive": true } }));

        let found = card(&plan, &[], watched(State::Assigned, Vec::new()), date!(2018 - 12 - 01));

        assert_eq!(found, None);
    }
}
