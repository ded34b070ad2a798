//! The tables after long histories: the live rollup is the recomputation, bit for bit (P2), whatever
//! order, portions and corrections the facts came in.

use cchc_proto::source::v1::Event;
use proptest::{
    prelude::*,
    strategy::{Strategy, ValueTree as _},
    test_runner::TestRunner,
};

use crate::{
    province::{
        appraised, assessed, closed, done, expanded, measured, opened, registry, registry_later,
        tallied,
    },
    verify::{verify, world_with},
    world::World,
};

/// What a year brings: by producer, in the order in which each told it.
#[derive(Debug)]
struct Year {
    registry: Vec<Event>,
    assignment: Vec<Event>,
    survey: Vec<Event>,
    /// Which producer is heard next, and how many of its events.
    turns: Vec<(usize, usize)>,
}

fn reports(unit: &'static str) -> impl Strategy<Value = Vec<Event>> {
    let version = (0_u32..100, 0_u32..100, prop::bool::weighted(0.15));
    proptest::collection::vec(version, 0..12).prop_map(move |versions| {
        let told = |(version, (part, more, retracted)): (i64, (u32, u32, bool))| {
            let (part, whole) = (format!("{part}.125"), (part + more + 1).to_string());
            measured(unit, version, (!retracted).then_some((part.as_str(), whole.as_str())))
        };
        (1..).zip(versions).map(told).collect()
    })
}

fn judgements() -> impl Strategy<Value = Vec<Event>> {
    let points = || proptest::collection::vec(0_u32..10, 0..6);
    (points(), points()).prop_map(|(own, found)| {
        let own = (1..).zip(own).map(|(version, points)| assessed(version, &points.to_string()));
        let found = (1..)
            .zip(found)
            .map(|(version, points)| appraised(version, version, &format!("{points}.5")));
        own.chain(found).collect()
    })
}

fn answers() -> impl Strategy<Value = Vec<Event>> {
    let question = prop::sample::select(vec!["Q1", "Q2", "Q3"]);
    let cluster = prop::sample::select(vec!["06649", "06652", "06655"]);
    let count = (question, cluster, 0_i64..9, 0_i64..9);
    let release = proptest::collection::vec(count, 1..5).prop_map(|counts| {
        let counts = counts.into_iter().map(|(of, at, yes, no)| (of, at, yes, yes + no));
        tallied(&counts.collect::<Vec<_>>())
    });
    (proptest::collection::vec(release, 0..15), any::<bool>()).prop_map(|(releases, is_over)| {
        [opened()].into_iter().chain(releases).chain(is_over.then(closed)).collect()
    })
}

fn year() -> impl Strategy<Value = Year> {
    let told =
        (reports("193"), reports("194"), judgements()).prop_flat_map(|(one, other, said)| {
            let tasks = [expanded(), done("193", 3), done("194", 20)];
            Just(one.into_iter().chain(other).chain(said).chain(tasks).collect::<Vec<_>>())
                .prop_shuffle()
        });
    let turns = proptest::collection::vec((0_usize..3, 1_usize..9), 0..30);
    (told, answers(), turns).prop_map(|(assignment, survey, turns)| Year {
        registry: registry().into_iter().chain(registry_later()).collect(),
        assignment,
        survey,
        turns,
    })
}

async fn hear(world: &World, year: &Year) {
    let mut left = [
        ("registry", year.registry.clone()),
        ("assignment", year.assignment.clone()),
        ("survey", year.survey.clone()),
    ];
    let everything_else = [(0, usize::MAX), (1, usize::MAX), (2, usize::MAX)];
    for (at, count) in year.turns.iter().copied().chain(everything_else) {
        if let Some((producer, events)) = left.get_mut(at) {
            let next = events.drain(..count.min(events.len())).collect();
            world.hear(producer, next).await;
        }
    }
}

#[tokio::test]
async fn the_tables_hold_what_a_recomputation_gives() {
    let mut chance = TestRunner::deterministic();
    for _ in 0..8 {
        let year = year().new_tree(&mut chance).unwrap().current();
        let stored = [
            ("registry", year.registry.clone()),
            ("assignment", year.assignment.clone()),
            ("survey", year.survey.clone()),
        ];
        let world = world_with(stored).await;

        hear(&world, &year).await;

        let found = verify(&world).await.unwrap();
        assert_eq!(found.differences, []);
        assert_eq!(found.live_checksum, world.rollup().await.checksum);
    }
}
