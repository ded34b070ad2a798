//! The blunt test of the promise that PostgreSQL is the only record: JetStream's store is deleted in
//! mid-run, and the rollup is still the recomputation.

use harness::{
    World,
    calls::{index_of, measurement, value},
};

/// Communes of the first three districts, from the plan's own list of units.
fn communes() -> Vec<String> {
    let path = harness::repository().join("deploy/plans/quang-ninh-2018/units.csv");
    let units = std::fs::read_to_string(path).unwrap();
    units
        .lines()
        .filter(|line| line.contains(",commune,"))
        .map(|line| line.split(',').next().unwrap().to_owned())
        .take(60)
        .collect()
}

#[tokio::test]
async fn the_whole_store_of_the_bus_may_be_deleted_in_mid_run() {
    let mut world = World::start().await;
    world.calls().load_plan().await;
    let communes = communes();

    for (count, commune) in communes.iter().enumerate() {
        if count == 20 {
            world.bus.kill_and_forget();
        }
        if count == 40 {
            world.bus.start().await;
        }
        let rows = vec![
            measurement(commune, "COMMUNE-OFFICIALS", "18", "20"),
            measurement(commune, "RECEPTIONS", "50", "52"),
        ];
        let receipt = world.calls().measure(&world.people.agency(commune), rows).await.unwrap();
        assert_eq!(receipt.accepted_count, 2, "{receipt:?}");
    }
    world.calls().settle().await;

    let verified = world.calls().verify().await;
    assert!(verified.fact_count > 120, "{}", verified.fact_count);
    let rollup = world.calls().rollup().await;
    let promises = &index_of(&rollup, "QN-2018").nodes;
    let officials = promises.iter().find(|n| n.node_id == "QN-2018/4").unwrap();
    assert_eq!(officials.coverage.unwrap().reported_count, 60);
    assert_eq!(officials.coverage.unwrap().expected_count, 186);
    assert!(!officials.layers[0].is_complete, "126 communes have not reported");
    assert_ne!(value(officials.layers[0].so_far.as_ref()), "—");
}
