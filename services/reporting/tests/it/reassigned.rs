//! An assignment that moves to another unit: counted once, with the unit that has it, live and recomputed.

use cchc_proto::{
    assignment::{
        events::v1::AssignmentReassigned,
        v1::{Assignment, Reassignment, assignment::State},
    },
    source::v1::Event,
};
use cchc_testkit::event_of;

use crate::{
    province::{PLAN, assignment, assignment_of, registry, survey},
    scoreboard::scoreboard,
    verify::{verify, world_with},
    world::World,
};

/// What the district has not done, and a commune has now.
fn sides() -> [Assignment; 2] {
    let reassignment = Some(Reassignment {
        from_unit_code: "194".to_owned(),
        to_unit_code: "06649".to_owned(),
        document_number: "12/QĐ-UBND".to_owned(),
        document_date: None,
    });
    let (mut from, mut to) = (assignment_of("194"), assignment_of("06649"));
    (from.state, from.version) = (State::Reassigned.into(), 2);
    (from.reassignment, to.reassignment) = (reassignment.clone(), reassignment);
    [from, to]
}

fn told(from: Option<Assignment>, to: Option<Assignment>) -> Event {
    event_of(&AssignmentReassigned { plan_code: PLAN.to_owned(), from, to })
}

fn moved() -> Event {
    let [from, to] = sides();
    told(Some(from), Some(to))
}

#[tokio::test]
async fn a_moved_assignment_counts_with_the_unit_that_has_it() {
    let world = World::full().await;
    let before = world.rollup().await.tasks.unwrap();

    world.hear("assignment", vec![moved()]).await;
    let after = world.rollup().await.tasks.unwrap();
    let board = scoreboard(&world, "22", &world.viewer()).await.unwrap();

    assert_eq!(before, after, "neither lost nor counted twice");
    let of = |unit: &str| {
        let row = board.rows.iter().find(|row| row.unit_code == unit);
        row.map(|row| row.assignment_count)
    };
    assert_eq!((of("194"), of("06649")), (None, Some(1)));
}

#[tokio::test]
async fn a_recomputation_from_both_sides_apart_has_the_same_assignments() {
    let [from, to] = sides();
    let apart = [told(Some(from), None), told(None, Some(to))];
    let stored = assignment().into_iter().chain(apart).collect::<Vec<_>>();
    let stored = [("registry", registry()), ("assignment", stored), ("survey", survey())];
    let world = world_with(stored).await;
    world.hear_all().await;
    world.hear("assignment", vec![moved()]).await;

    let equal = verify(&world).await.unwrap();
    let tamper = "update reporting.assignments set state = 'assigned' where unit_code = '194'";
    sqlx::raw_sql(tamper).execute(world.pool()).await.unwrap();
    let tampered = verify(&world).await.unwrap();

    assert_eq!(equal.differences, []);
    let what: Vec<&str> = tampered.differences.iter().map(|of| of.what.as_str()).collect();
    assert!(what.iter().any(|what| what.starts_with("assignment ")), "{what:?}");
}
