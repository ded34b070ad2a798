//! Producers know nothing of each other: what is heard first does not matter.

use cchc_proto::source::v1::Event;

use crate::{
    province::{assignment, registry, survey},
    world::World,
};

async fn checksum_after(order: Vec<(&str, Vec<Event>)>) -> String {
    let world = World::new().await;
    for (producer, events) in order {
        world.hear(producer, events).await;
    }
    world.rollup().await.checksum
}

#[tokio::test]
async fn facts_may_come_before_the_plan_that_makes_them_count() {
    let plan_first =
        vec![("registry", registry()), ("assignment", assignment()), ("survey", survey())];
    let plan_last =
        vec![("survey", survey()), ("assignment", assignment()), ("registry", registry())];

    assert_eq!(checksum_after(plan_first).await, checksum_after(plan_last).await);
}

#[tokio::test]
async fn producers_may_take_turns_and_repeat_themselves() {
    let straight =
        vec![("registry", registry()), ("assignment", assignment()), ("survey", survey())];
    let (mut told, mut answers) = (assignment(), survey());
    let (late, later) = (told.split_off(4), answers.split_off(2));
    let mut backwards = late.clone();
    backwards.reverse();
    let in_turns = vec![
        ("assignment", told.clone()),
        ("survey", answers),
        ("registry", registry()),
        ("assignment", backwards),
        ("survey", later),
        ("assignment", told),
        ("assignment", late),
        ("registry", registry()),
    ];

    assert_eq!(checksum_after(straight).await, checksum_after(in_turns).await);
}

#[tokio::test]
async fn producers_may_be_heard_at_the_same_time() {
    let one_by_one = World::full().await;
    for _ in 0..4 {
        let at_once = World::new().await;

        tokio::join!(
            at_once.hear("assignment", assignment()),
            at_once.hear("registry", registry()),
            at_once.hear("survey", survey()),
        );

        assert_eq!(at_once.rollup().await.checksum, one_by_one.rollup().await.checksum);
    }
}
