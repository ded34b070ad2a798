//! Work that is not delivered, and what the plan expects of it: at nodes and of units, live and recomputed.

use cchc_proto::{
    assignment::{
        events::v1::{AssignmentProgressed, PlanExpanded, ScorecardChanged},
        v1::{Assignment, TaskStanding, assignment::State, task_standing},
    },
    common::v1::{Date, Decimal},
    reporting::v1::{ExpectedAtNode, Undelivered},
    source::v1::Event,
};
use cchc_testkit::event_of;
use serde_json::{Value, json};

use crate::{
    province::{PLAN, assignment, assignment_of, registry_with_tasks, survey},
    scoreboard::scoreboard,
    verify::{verify, world_with},
    world::World,
};

/// A task of both districts with expected points, coordinated by the department, and one of the department without.
fn tasks(points: &str) -> Value {
    json!([
        { "number": "1.1", "title": "Việc", "reference": "r", "binds": { "kinds": ["district"] },
          "nodes": ["PAR-2018/1"], "coordinating": { "units": ["22-SNV"] },
          "expected_points": [{ "node": "PAR-2018/1", "points": points }] },
        { "number": "1.2", "title": "Việc khác", "reference": "r", "binds": { "units": ["22-SNV"] },
          "nodes": ["PAR-2018/3"] },
    ])
}

/// What assignment tells in the province, and the task of the department.
fn told() -> Vec<Event> {
    let other = Assignment {
        assignment_id: "01903f6e-0000-7000-8000-0000000000ff".to_owned(),
        task_number: "1.2".to_owned(),
        last_date: None,
        ..assignment_of("22-SNV")
    };
    let other = PlanExpanded { plan_code: PLAN.to_owned(), assignments: vec![other] };
    assignment().into_iter().chain([event_of(&other)]).collect()
}

fn overdue(unit: &str, version: i64) -> Event {
    let since_date = Some(Date { year: 2018, month: 6, day: 14 });
    let state = task_standing::State::Overdue.into();
    let task_number = "1.1".to_owned();
    event_of(&ScorecardChanged {
        plan_code: PLAN.to_owned(),
        unit_code: unit.to_owned(),
        version,
        reports: Vec::new(),
        tasks: vec![TaskStanding { task_number, state, missed_count: 0, since_date }],
    })
}

/// Somebody does not agree that a district has done it.
fn returned(unit: &str) -> Event {
    let (state, version) = (State::Returned.into(), 3);
    let assignment = Some(Assignment { state, version, ..assignment_of(unit) });
    event_of(&AssignmentProgressed { assignment })
}

async fn world(points: &str) -> World {
    let world = World::new().await;
    world.hear("registry", registry_with_tasks(&tasks(points))).await;
    world.hear("assignment", told()).await;
    world.hear("survey", survey()).await;
    world
}

fn number(text: &str) -> Decimal {
    Decimal { value: text.to_owned() }
}

fn open(tasks: [i32; 3], at_risk: Option<Decimal>, outstanding: Option<Decimal>) -> Undelivered {
    Undelivered {
        at_risk_task_count: tasks[0],
        outstanding_task_count: tasks[1],
        unstated_task_count: tasks[2],
        at_risk_points: at_risk,
        outstanding_points: outstanding,
    }
}

#[tokio::test]
async fn what_is_outstanding_turns_into_risk_as_days_pass_and_work_is_returned() {
    let world = world("0.5").await;
    let at = async |node: &str| world.node(node).await.undelivered;

    // One of the two districts has done it.
    let first = at("PAR-2018/1").await.unwrap();
    world.hear("assignment", vec![overdue("194", 1)]).await;
    let late = at("PAR-2018/1").await.unwrap();
    world.hear("assignment", vec![returned("193")]).await;
    let (node, whole) = (at("PAR-2018/1").await.unwrap(), at("PAR-2018/0").await.unwrap());

    assert_eq!(first, open([0, 1, 0], Some(number("0")), Some(number("0.25"))));
    assert_eq!(late, open([1, 0, 0], Some(number("0.25")), Some(number("0"))));
    assert_eq!(node, open([1, 0, 0], Some(number("0.5")), Some(number("0"))));
    assert_eq!(
        whole,
        open([1, 1, 1], Some(number("0.5")), Some(number("0"))),
        "1.2 states nothing"
    );
    assert_eq!(at("PAR-2018/3").await.unwrap(), open([0, 1, 1], None, None), "not zero");
    assert_eq!(at("PAR-2018/2").await, None);
}

#[tokio::test]
async fn no_more_is_at_risk_at_a_node_than_it_can_still_gain() {
    let world = world("4").await;
    world.hear("assignment", vec![overdue("194", 1)]).await;

    let node = world.node("PAR-2018/1").await;

    let has = node.estimate.unwrap().points.unwrap();
    assert_eq!((has.value.as_str(), node.max), ("8.75", Some(number("10"))));
    assert_eq!(node.undelivered.unwrap().at_risk_points, Some(number("1.25")), "not 2");
}

#[tokio::test]
async fn a_unit_stands_with_its_share_and_with_what_it_takes_part_in() {
    let world = world("0.5").await;
    world.hear("assignment", vec![overdue("194", 1)]).await;

    let board = scoreboard(&world, "22", &world.viewer()).await.unwrap();

    let of = |unit: &str| board.rows.iter().find(|row| row.unit_code == unit).unwrap();
    let (node_id, zero) = ("PAR-2018/1".to_owned(), Some(number("0")));
    let share =
        ExpectedAtNode { node_id, at_risk_points: Some(number("0.25")), outstanding_points: zero };
    assert_eq!(of("194").expected_at_nodes, [share]);
    assert_eq!(of("194").undelivered, Some(open([1, 0, 0], None, None)));
    assert_eq!((of("193").undelivered.as_ref(), of("193").beside_task_count), (None, 0));
    assert_eq!(of("22-SNV").undelivered, Some(open([0, 1, 1], None, None)));
    assert_eq!(of("22-SNV").beside_task_count, 1);
}

#[tokio::test]
async fn a_recomputation_has_the_same_work_and_the_checksum_is_of_scores_alone() {
    let stored = told().into_iter().chain([overdue("194", 1)]).collect::<Vec<_>>();
    let registry = registry_with_tasks(&tasks("0.5"));
    let stored = [("registry", registry.clone()), ("assignment", stored), ("survey", survey())];
    let world = world_with(stored).await;
    world.hear("registry", registry).await;
    world.hear("assignment", told()).await;
    world.hear("survey", survey()).await;
    let before = world.rollup().await.checksum;
    world.hear("assignment", vec![overdue("194", 1)]).await;

    let equal = verify(&world).await.unwrap();
    let tamper = r"update reporting.scorecards set document = jsonb_set(document, '{tasks}', '[]')";
    sqlx::raw_sql(tamper).execute(world.pool()).await.unwrap();
    let tampered = verify(&world).await.unwrap();

    assert_eq!(equal.differences, []);
    assert_eq!(equal.live_checksum, before, "a day that passes is no score");
    let what: Vec<&str> = tampered.differences.iter().map(|of| of.what.as_str()).collect();
    let expected = ["scorecard QN-2018 194", "undelivered PAR-2018/0", "undelivered PAR-2018/1"];
    assert_eq!(what, expected);
}
