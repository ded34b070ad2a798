//! Clients, services, PostgreSQL and NATS are killed at random while responses come in; `cchc bench kill`
//! does it and counts afterwards. A few rounds here; a hundred by hand.

use harness::binary;

#[test]
fn nothing_acknowledged_is_lost_whatever_is_killed() {
    let ended = std::process::Command::new(binary("cchc"))
        .args(["--json", "bench", "kill", "--rounds", "6", "--clients", "2"])
        .output()
        .unwrap();

    let said = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{said}{}", String::from_utf8_lossy(&ended.stderr));
    assert!(said.contains(r#""findings": []"#), "{said}");
    assert!(!said.contains(r#""acknowledged": 0,"#), "clients pushed meanwhile: {said}");
}
