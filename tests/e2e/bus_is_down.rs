//! The bus is away: pushes are taken, the rollup moves on through replays, and nothing is counted
//! twice when it is back.

use harness::{
    World,
    calls::{assessment, node_of, value},
};

#[tokio::test]
async fn the_rollup_moves_while_the_bus_is_away_and_counts_once_when_it_is_back() {
    let mut world = World::start().await;
    world.calls().load_plan().await;
    world.bus.kill();
    let agency = world.people.agency("22-SNV");

    let receipt =
        world.calls().assess(&agency, vec![assessment("PAR-2018/1", "22-SNV", "9.5")]).await;
    assert_eq!(receipt.unwrap().accepted_count, 1, "a push needs no bus");
    world.calls().settle().await;
    let without_bus = world.calls().rollup().await;
    world.bus.start().await;
    let second = vec![assessment("PAR-2018/4", "22-SNV", "9")];
    assert_eq!(world.calls().assess(&agency, second).await.unwrap().accepted_count, 1);
    world.calls().settle().await;
    let with_bus = world.calls().rollup().await;

    let points = |rollup, node| value(node_of(rollup, node).layers[0].points.as_ref()).to_owned();
    assert_eq!(points(&without_bus, "PAR-2018/1"), "9.5");
    assert_eq!(points(&with_bus, "PAR-2018/1"), "9.5");
    assert_eq!(points(&with_bus, "PAR-2018/4"), "9");
    world.calls().verify().await;
}
