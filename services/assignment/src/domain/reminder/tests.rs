//! Which notices are raised on which day, and who hears of them when.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use cchc_core::{Collector, civil_date};
use cchc_scoring::{
    calendar::{Calendar, CalendarYear},
    catalogue::Plan,
};
use serde_json::json;
use time::{
    Date, Duration, OffsetDateTime,
    macros::{date, datetime},
};
use uuid::Uuid;

use super::*;
use crate::domain::assignment::State;

fn calendar() -> Calendar {
    let year = |year: i32| -> CalendarYear {
        serde_json::from_value(json!({ "year": year, "source": "mẫu thử", "off": [
            { "date": format!("{year}-07-04"), "name": "Ngày nghỉ" },
        ] }))
        .unwrap()
    };
    Calendar::new(&[year(2018), year(2019)])
}

fn policy() -> Policy {
    serde_json::from_value(json!({
        "province": "22", "steering": "22-SNV", "grace_working_days": 0,
        "moves_to_working_day": true, "send_from_minute": 450, "quiet_from_minute": 1020,
        "sends_on_days_off": false, "catch_up_days": 30, "acknowledgement_working_days": 5,
        "ordered": [
            { "working_days": -5, "audience": "officer" },
            { "working_days": 0, "audience": "officer" },
            { "working_days": 1, "audience": "officer" },
            { "working_days": 5, "audience": "head" },
            { "working_days": 10, "audience": "steering" },
            { "working_days": 20, "audience": "chairman" },
        ],
        "requested": [{ "working_days": -5, "audience": "officer" }],
        "weekly": [{ "working_days": 1, "audience": "officer" }],
    }))
    .unwrap()
}

fn plan(task: &serde_json::Value) -> Plan {
    let mut whole =
        json!({ "number": "19.1", "title": "", "reference": "", "binds": { "units": ["193"] } });
    whole.as_object_mut().unwrap().extend(task.as_object().unwrap().clone());
    serde_json::from_value(json!({
        "code": "QN-2018", "province": "22", "year": 2018, "title": "", "title_en": "",
        "reference": "", "tasks": [whole],
    }))
    .unwrap()
}

/// Due before 30 June 2018: the last day is Friday 29 June.
fn dated() -> Plan {
    plan(&json!({ "due": { "date": "2018-06-30", "inclusive": false } }))
}

fn watched() -> Watched {
    Watched {
        subject: Subject::Assignment(Uuid::from_u128(7).into(), "19.1".parse().unwrap()),
        unit: "193".parse().unwrap(),
        version: 1,
        changed: datetime!(2018-06-28 03:00 UTC),
        state: State::Assigned,
        held: vec![Held::since(date!(2018 - 06 - 28))],
        received: None,
        officer: String::new(),
        done_dates: Vec::new(),
    }
}

fn ripe(plan: &Plan, policy: &Policy, today: Date) -> Vec<Ripe> {
    let table = timetable(plan, &plan.tasks[0], policy, &calendar(), today);
    assert!(table.unknown_years.is_empty());
    table.ripe
}

/// Lets every day of a stretch pass, and says what was raised on which.
fn run(plan: &Plan, mut watched: impl FnMut(Date) -> Watched, from: Date, to: Date) -> Vec<String> {
    let (policy, mut known, mut all) = (policy(), Known::default(), Vec::new());
    let mut today = from;
    while today <= to {
        let ripe = ripe(plan, &policy, today);
        for due in decide(&watched(today), &ripe, &known, &policy, &calendar(), today) {
            let Recipient { unit, audience, .. } = &due.recipient;
            all.push(format!("{today} {} {} {}", due.key.occurrence, unit, audience.as_str()));
            known.raised.insert(due.key);
        }
        today += Duration::days(1);
    }
    all
}

#[test]
fn an_overdue_task_climbs_from_the_officer_to_the_chairman_by_working_days() {
    let raised = run(&dated(), |_| watched(), date!(2018 - 06 - 01), date!(2018 - 12 - 31));

    // 4 July is a day off: the fifth working day after 29 June is 9 July, not 6 July.
    assert_eq!(
        raised,
        [
            "2018-06-22 once 193 officer",
            "2018-06-29 once 193 officer",
            "2018-07-02 once 193 officer",
            "2018-07-09 once 193 head",
            "2018-07-16 once 22-SNV steering",
            "2018-07-30 once 22 chairman",
        ]
    );
}

#[test]
fn what_is_done_in_time_is_reminded_of_before_and_never_after() {
    let done = |today: Date| Watched {
        state: if today < date!(2018 - 06 - 25) { State::Assigned } else { State::Submitted },
        ..watched()
    };

    let raised = run(&dated(), done, date!(2018 - 06 - 01), date!(2018 - 12 - 31));

    assert_eq!(raised, ["2018-06-22 once 193 officer"]);
}

#[test]
fn what_is_returned_after_its_last_day_is_overdue_at_once() {
    let returned = |today: Date| Watched {
        state: if today < date!(2018 - 07 - 11) { State::Submitted } else { State::Returned },
        ..watched()
    };

    let raised = run(&dated(), returned, date!(2018 - 06 - 23), date!(2018 - 07 - 15));

    assert_eq!(raised, ["2018-07-11 once 193 officer", "2018-07-11 once 193 head"]);
}

#[test]
fn a_clock_that_stood_still_reminds_of_nothing_past_and_escalates_late() {
    let raised = run(&dated(), |_| watched(), date!(2018 - 07 - 12), date!(2018 - 07 - 20));

    assert_eq!(
        raised,
        [
            "2018-07-12 once 193 officer",
            "2018-07-12 once 193 head",
            "2018-07-16 once 22-SNV steering",
        ],
        "no reminder of a day that has passed"
    );
}

#[test]
fn a_plan_of_years_ago_troubles_nobody() {
    let raised = run(&dated(), |_| watched(), date!(2019 - 03 - 01), date!(2019 - 03 - 31));

    assert_eq!(raised, [] as [String; 0]);
}

#[test]
fn an_acknowledgement_holds_back_what_follows_for_as_long_as_declared() {
    let (policy, calendar) = (policy(), calendar());
    let time = (watched().subject, OccurrenceName::once());
    let known = Known { acknowledged: [(time, date!(2018 - 07 - 10))].into(), ..Known::default() };
    let on = |policy: &Policy, today: Date| {
        let ripe = ripe(&dated(), policy, today);
        decide(&watched(), &ripe, &known, policy, &calendar, today).len()
    };
    let for_good = Policy { acknowledgement_working_days: None, ..policy.clone() };

    assert_eq!(on(&policy, date!(2018 - 07 - 16)), 0, "four working days later");
    assert_eq!(on(&policy, date!(2018 - 07 - 17)), 3, "five: officer, head, steering");
    assert_eq!(on(&for_good, date!(2018 - 07 - 17)), 0);
}

#[test]
fn a_request_is_reminded_of_and_never_escalated() {
    let asked = plan(&json!({
        "due": { "date": "2018-06-30", "inclusive": false }, "mode": "requested",
    }));

    let raised = run(&asked, |_| watched(), date!(2018 - 06 - 01), date!(2018 - 12 - 31));

    assert_eq!(raised, ["2018-06-22 once 193 officer"]);
}

#[test]
fn a_missed_week_is_not_made_up_for_by_the_next() {
    let weekly = plan(&json!({ "recurrence": "weekly", "weekday": "thursday" }));
    // Thursdays 5, 12 and 19 July: the second was missed.
    let receptions = |_| Watched {
        state: State::Submitted,
        done_dates: vec![date!(2018 - 07 - 05), date!(2018 - 07 - 19)],
        ..watched()
    };

    let raised = run(&weekly, receptions, date!(2018 - 07 - 05), date!(2018 - 07 - 24));

    assert_eq!(raised, ["2018-07-05 2018-W26 193 officer", "2018-07-13 2018-W28 193 officer"]);
}

#[test]
fn a_reception_that_moved_into_the_next_week_counts_for_its_own_alone() {
    let weekly = plan(&json!({ "recurrence": "weekly", "weekday": "wednesday" }));
    // Wednesday 4 July is off, and with 5 and 6 July the reception moves to Monday 9 July.
    let year: CalendarYear = serde_json::from_value(json!({
        "year": 2018, "source": "mẫu thử", "off": [
            { "date": "2018-07-04", "name": "Ngày nghỉ" },
            { "date": "2018-07-05", "name": "Ngày nghỉ" },
            { "date": "2018-07-06", "name": "Ngày nghỉ" },
        ],
    }))
    .unwrap();
    let calendar = Calendar::new(&[year]);

    let times = times(&weekly, &weekly.tasks[0], true, &calendar);

    let windows: Vec<(Date, Date)> = times.iter().filter_map(|time| time.window).collect();
    let moved = (date!(2018 - 07 - 02), date!(2018 - 07 - 09));
    let next = (date!(2018 - 07 - 10), date!(2018 - 07 - 15));
    assert!(windows.windows(2).any(|pair| pair == [moved, next]), "{windows:?}");
}

#[test]
fn nobody_is_reminded_of_a_reception_before_it_was_their_task() {
    let weekly = plan(&json!({ "recurrence": "weekly", "weekday": "thursday" }));
    let late = |_| Watched { held: vec![Held::since(date!(2018 - 07 - 13))], ..watched() };

    let raised = run(&weekly, late, date!(2018 - 07 - 06), date!(2018 - 07 - 20));

    assert_eq!(raised, ["2018-07-20 2018-W29 193 officer"]);
}

#[test]
fn of_what_recurs_each_time_is_of_the_unit_that_had_it_on_its_last_day() {
    let weekly = plan(&json!({ "recurrence": "weekly", "weekday": "thursday" }));
    // Moved away on Friday 13 July and back on Thursday 26 July.
    let (left, back) = (date!(2018 - 07 - 13), date!(2018 - 07 - 26));
    let first = Held { from: date!(2018 - 07 - 01), until: Some(left) };
    let gave = |_| Watched { held: vec![first, Held::since(back)], ..watched() };
    let got = |_| Watched { held: vec![Held { from: left, until: Some(back) }], ..watched() };

    let (from, to) = (date!(2018 - 07 - 06), date!(2018 - 07 - 30));
    let (of_first, of_other) = (run(&weekly, gave, from, to), run(&weekly, got, from, to));

    let weeks = |raised: &[String]| -> Vec<String> {
        raised.iter().map(|line| line.split(' ').nth(1).unwrap().to_owned()).collect()
    };
    assert_eq!(weeks(&of_first), ["2018-W27", "2018-W28", "2018-W30"]);
    assert_eq!(weeks(&of_other), ["2018-W29"]);
}

#[test]
fn who_gets_an_overdue_task_hears_all_of_it_and_those_above_only_what_is_new() {
    // Overdue since 29 June; steering was told on 16 July of the unit that had it.
    let got = date!(2018 - 07 - 20);
    let received = |_| Watched { held: vec![Held::since(got)], received: Some(got), ..watched() };
    let moved = |_| Watched {
        state: State::Reassigned,
        held: vec![Held { from: date!(2018 - 06 - 28), until: Some(got) }],
        ..watched()
    };

    let raised = run(&dated(), received, got, date!(2018 - 12 - 31));
    let silent = run(&dated(), moved, got, date!(2018 - 12 - 31));

    let expected =
        ["2018-07-20 once 193 officer", "2018-07-20 once 193 head", "2018-07-30 once 22 chairman"];
    assert_eq!(raised, expected);
    assert_eq!(silent, [] as [String; 0]);
}

#[test]
fn a_named_officer_gets_what_is_for_the_officer_and_nothing_else() {
    let policy = policy();
    let named = Watched { officer: "chuyen-vien".to_owned(), ..watched() };
    let today = date!(2018 - 07 - 09);
    let ripe = ripe(&dated(), &policy, today);

    let due = decide(&named, &ripe, &Known::default(), &policy, &calendar(), today);

    let officers: Vec<(Audience, &str)> =
        due.iter().map(|due| (due.key.audience, due.recipient.officer.as_str())).collect();
    assert_eq!(officers, [(Audience::Officer, "chuyen-vien"), (Audience::Head, "")]);
}

#[test]
fn without_the_holidays_of_a_year_nothing_is_counted_in_it_and_the_year_is_named() {
    let plan = plan(&json!({ "due": { "date": "2018-12-28", "inclusive": true } }));
    let known: CalendarYear =
        serde_json::from_value(json!({ "year": 2018, "source": "mẫu thử" })).unwrap();
    let calendar = Calendar::new(&[known]);
    let on = |today: Date| timetable(&plan, &plan.tasks[0], &policy(), &calendar, today);

    let (before, after) = (on(date!(2018 - 12 - 28)), on(date!(2019 - 01 - 04)));

    assert_eq!(before.ripe.len(), 2);
    assert_eq!((after.ripe.len(), after.unknown_years), (0, [2019].into()));
}

fn sending<'a>(policy: &'a Policy, calendar: &'a Calendar, now: OffsetDateTime) -> Sending<'a> {
    Sending { policy, calendar, now, today: civil_date(now) }
}

#[test]
fn a_digest_waits_for_the_morning_of_a_day_that_is_worked() {
    let (policy, calendar) = (policy(), calendar());
    let on = |now: OffsetDateTime, is_sent: bool| {
        let sending = sending(&policy, &calendar, now);
        let day = sending.day(is_sent);
        (day, sending.time(day))
    };

    // 00:05, 10:00 and 20:00 in Viet Nam on Friday 29 June; 7:30 there is 0:30 in UTC.
    let early = on(datetime!(2018-06-28 17:05 UTC), false);
    let at_work = on(datetime!(2018-06-29 03:00 UTC), false);
    let again = on(datetime!(2018-06-29 03:00 UTC), true);
    let late = on(datetime!(2018-06-29 13:00 UTC), false);

    assert_eq!(early, (date!(2018 - 06 - 29), datetime!(2018-06-29 00:30 UTC)));
    assert_eq!(at_work, (date!(2018 - 06 - 29), datetime!(2018-06-29 03:00 UTC)));
    assert_eq!(again, (date!(2018 - 07 - 02), datetime!(2018-07-02 00:30 UTC)));
    assert_eq!(late, again);
}

#[test]
fn a_policy_whose_parts_do_not_go_together_is_refused_with_all_of_them() {
    let mut wrong = policy();
    wrong.quiet_from_minute = 400;
    wrong.ordered.push(wrong.ordered[0]);
    let mut c = Collector::new();

    wrong.check(&mut c);

    let refusal = c.finish(Some(())).unwrap_err();
    let found: Vec<(&str, &str)> =
        refusal.as_slice().iter().map(|v| (v.path.as_str(), v.reason)).collect();
    assert_eq!(found, [("quiet_from_minute", "OUT_OF_RANGE"), ("ordered_steps[6]", "DUPLICATE")]);
}
