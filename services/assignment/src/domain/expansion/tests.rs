//! Expansion of small plans, and of the plan that is deployed.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{collections::BTreeSet, fs, path::PathBuf};

use serde::Deserialize;
use serde_json::json;
use time::macros::{date, datetime};

use super::*;

const AT: OffsetDateTime = datetime!(2018-06-01 00:00 UTC);

fn units() -> Vec<Unit> {
    serde_json::from_value(json!([
        { "code": "22", "kind": "province", "name": "Tỉnh" },
        { "code": "22-SNV", "parent": "22", "kind": "department", "name": "Sở Nội vụ" },
        { "code": "194", "parent": "22", "kind": "district", "name": "Móng Cái" },
        { "code": "193", "parent": "22", "kind": "district", "name": "Hạ Long" },
        { "code": "195", "parent": "22", "kind": "district", "name": "Giải thể", "valid_to": "2018-01-01" },
    ]))
    .unwrap()
}

fn plan(tasks: &serde_json::Value) -> Plan {
    serde_json::from_value(json!({
        "code": "QN-2018", "province": "22", "year": 2018,
        "title": "", "title_en": "", "reference": "", "tasks": tasks,
    }))
    .unwrap()
}

fn task(number: &str, binds: &serde_json::Value) -> serde_json::Value {
    json!({ "number": number, "title": "", "reference": "", "binds": binds })
}

fn bound(assignments: &[Assignment]) -> Vec<(&str, &str)> {
    assignments.iter().map(|a| (a.task.as_str(), a.unit.as_str())).collect()
}

#[test]
fn every_task_binds_each_unit_it_means_and_never_the_province() {
    let plan = plan(&json!([
        task("1.10", &json!({ "kinds": ["district", "province"] })),
        task("2", &json!({ "units": ["22-SNV", "22"] })),
    ]));

    let assignments = expand(&plan, &units(), &Moves::default(), AT).unwrap();

    assert_eq!(bound(&assignments), [("1.10", "193"), ("1.10", "194"), ("2", "22-SNV")]);
}

/// In this plan two districts become one on 1 July.
fn merger() -> Vec<Unit> {
    serde_json::from_value(json!([
        { "code": "22", "kind": "province", "name": "Tỉnh" },
        { "code": "201", "parent": "22", "kind": "district", "name": "Cũ một", "valid_to": "2018-07-01" },
        { "code": "202", "parent": "22", "kind": "district", "name": "Cũ hai", "valid_to": "2018-07-01" },
        { "code": "203", "parent": "22", "kind": "district", "name": "Mới", "valid_from": "2018-07-01" },
    ]))
    .unwrap()
}

#[test]
fn who_takes_the_place_of_a_body_is_given_what_it_had_by_decision_and_not_what_was_moved_away() {
    let plan = plan(&json!([
        task("1", &json!({ "units": ["201"] })),
        task("2", &json!({ "units": ["202"] })),
        task("3", &json!({ "units": ["202"] })),
    ]));
    let mut units = merger();
    for unit in &mut units {
        if unit.valid_to.is_some() {
            unit.successors = serde_json::from_value(json!([{ "code": "203" }])).unwrap();
        }
    }
    let at = |number: &str, unit: &str| (number.parse().unwrap(), unit.parse().unwrap());
    let (away, come) = (BTreeSet::from([at("1", "201")]), BTreeSet::from([at("2", "201")]));

    let before = expand(&plan, &units, &Moves::default(), AT).unwrap();
    let moved = expand(&plan, &units, &Moves { away, come }, AT).unwrap();

    let expected =
        [("1", "201"), ("1", "203"), ("2", "202"), ("2", "203"), ("3", "202"), ("3", "203")];
    assert_eq!(bound(&before), expected);
    assert_eq!(bound(&moved), [("2", "202"), ("2", "203"), ("3", "202"), ("3", "203")]);
}

#[test]
fn a_task_binds_those_that_exist_on_its_last_day() {
    let due = |number: &str, day: &str| {
        let mut task = task(number, &json!({ "kinds": ["district"] }));
        task["due"] = json!({ "date": day, "inclusive": false });
        task
    };
    let plan = plan(&json!([
        due("1", "2018-07-01"),
        due("2", "2018-07-02"),
        task("3", &json!({ "kinds": ["district"] })),
    ]));

    let assignments = expand(&plan, &merger(), &Moves::default(), AT).unwrap();

    // "Before 1 July" is 30 June, the last day of the old ones.
    let expected =
        [("1", "201"), ("1", "202"), ("2", "203"), ("3", "201"), ("3", "202"), ("3", "203")];
    assert_eq!(bound(&assignments), expected);
}

#[test]
fn an_assignment_is_the_same_however_often_a_plan_is_expanded() {
    let plan = plan(&json!([task("1", &json!({ "kinds": ["district"] }))]));
    let mut backwards = units();
    backwards.reverse();

    let once = expand(&plan, &units(), &Moves::default(), AT).unwrap();
    let again = expand(&plan, &backwards, &Moves::default(), AT).unwrap();

    assert_eq!(once, again);
    let ids: BTreeSet<_> = once.iter().map(|a| a.id).collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(
        ids.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["c2739d31-a8f4-5105-84f9-7c66512bd01a", "e1bbb70e-42dd-5b75-abec-3ac73fa9c0ee"],
        "the ids are promised for ever"
    );
}

#[test]
fn the_last_day_is_the_day_itself_or_the_one_before() {
    let dated = |inclusive: bool| {
        let mut task = task("1", &json!({ "units": ["22-SNV"] }));
        task["due"] = json!({ "date": "2018-06-30", "inclusive": inclusive });
        expand(&plan(&json!([task])), &units(), &Moves::default(), AT)
            .unwrap()
            .first()
            .unwrap()
            .last_date
    };

    assert_eq!(dated(true), Some(date!(2018 - 06 - 30)));
    assert_eq!(dated(false), Some(date!(2018 - 06 - 29)));
}

#[test]
fn a_plan_waits_for_its_units() {
    let tasks = json!([task("1", &json!({ "units": ["22-SYT"] }))]);

    let without_province = expand(&plan(&tasks), &[], &Moves::default(), AT);
    let without_unit = expand(&plan(&tasks), &units(), &Moves::default(), AT);

    assert_eq!(without_province, Err(ExpansionError::ProvinceUnknown("22".parse().unwrap())));
    let (task, unit) = ("1".parse().unwrap(), "22-SYT".parse().unwrap());
    assert_eq!(without_unit, Err(ExpansionError::UnitUnknown { task, unit }));
}

#[derive(Deserialize)]
struct Tasks {
    tasks: Vec<Task>,
}

fn deployed() -> (Plan, Vec<Unit>) {
    let folder =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../deploy/plans/quang-ninh-2018");
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let mut plan: Plan = toml::from_str(&read("plan.toml")).unwrap();
    plan.tasks = toml::from_str::<Tasks>(&read("tasks.toml")).unwrap().tasks;
    let units = csv::Reader::from_path(folder.join("units.csv"))
        .unwrap()
        .deserialize()
        .collect::<Result<_, _>>()
        .unwrap();
    (plan, units)
}

#[test]
fn a_task_given_by_name_is_done_by_whoever_stands_in_that_place_on_its_last_day() {
    let mut units = merger();
    for unit in units.iter_mut().filter(|unit| unit.valid_to.is_some()) {
        let heir = json!([{ "code": "203" }]);
        unit.successors = serde_json::from_value(heir).unwrap();
    }
    let due = |number: &str, day: &str| {
        let mut task = task(number, &json!({ "units": ["201", "202"] }));
        task["due"] = json!({ "date": day, "inclusive": true });
        task
    };
    let plan = plan(&json!([due("1", "2018-06-30"), due("2", "2018-07-01")]));

    let assignments = expand(&plan, &units, &Moves::default(), AT).unwrap();

    assert_eq!(bound(&assignments), [("1", "201"), ("1", "202"), ("2", "203")]);
}

#[test]
fn the_deployed_plan_binds_all_bodies_of_the_province() {
    let (plan, units) = deployed();

    let assignments = expand(&plan, &units, &Moves::default(), AT).unwrap();

    let of = |task: &str| assignments.iter().filter(|a| a.task.as_str() == task).count();
    assert_eq!(plan.tasks.len(), 62);
    assert_eq!((of("19.1"), of("20.1"), of("1.1"), of("21")), (14, 186, 1, 1));
    assert_eq!(assignments.len(), 713);
    let ids: BTreeSet<_> = assignments.iter().map(|a| a.id).collect();
    assert_eq!(ids.len(), 713, "each has an id of its own");
    let asked: Vec<_> = assignments.iter().filter(|a| a.is_requested).collect();
    assert_eq!(asked.len(), 1);
    assert!(assignments.iter().all(|a| a.unit != plan.province && a.progress.version == 1));
}
