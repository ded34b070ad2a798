//! An agency's system that is not ours: Python, made only from the contracts.

use std::process::Command;

use harness::World;

#[tokio::test]
async fn a_python_client_made_from_the_contracts_pushes_and_watches() {
    let world = World::start().await;
    world.calls().load_plan().await;
    let python = std::env::var("CCHC_TEST_PYTHON").unwrap_or_else(|_| {
        panic!("CCHC_TEST_PYTHON must name a Python with grpcio and grpcio-tools: run tests/run")
    });

    let output = Command::new(python)
        .arg(harness::repository().join("tests/python/agency.py"))
        .arg(harness::repository().join("proto"))
        .args([world.address("assignment"), world.address("reporting")])
        .args([world.people.agency("193"), world.people.agency("22-SNV"), world.people.leader()])
        .output()
        .unwrap();

    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    for line in [
        "measurement accepted",
        "self-assessment accepted",
        "refused on another agency's unit: UNIT_NOT_YOURS",
        "the rollup changed",
    ] {
        assert!(said.contains(line), "{line:?} is missing in:\n{said}");
    }
}
