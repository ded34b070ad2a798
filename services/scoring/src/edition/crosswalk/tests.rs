//! A sound crosswalk, and each way of spoiling it.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use serde_json::{Value, json};

use super::*;
use crate::edition::sample::{crosswalk, edition};

fn before() -> Index {
    edition(2017, &[("0", "14"), ("1", "5"), ("2", "4"), ("3", "2"), ("4", "2"), ("5", "1")])
}

fn after() -> Index {
    edition(2018, &[("0", "14"), ("1", "5"), ("2", "3"), ("3", "4"), ("6", "1"), ("7", "1")])
}

fn sound() -> Value {
    json!([
        { "kind": "same", "from": ["0"], "to": ["0"] },
        { "kind": "same", "from": ["1"], "to": ["1"] },
        { "kind": "rescaled", "from": ["2"], "to": ["2"] },
        { "kind": "merged", "from": ["3", "4"], "to": ["3"] },
        { "kind": "split", "from": ["5"], "to": ["6", "7"] },
    ])
}

fn faults_between(from: &Index, to: &Index, links: &Value) -> Vec<String> {
    let found = check_crosswalk(&crosswalk(2017, links), from, to);
    found.into_iter().map(|fault| format!("{} {}", fault.path, fault.reason)).collect()
}

fn faults(links: &Value) -> Vec<String> {
    faults_between(&before(), &after(), links)
}

#[test]
fn a_crosswalk_that_speaks_of_every_node_once_can_be_published() {
    assert_eq!(faults(&sound()), [] as [&str; 0]);
}

#[test]
fn what_is_left_out_twice_said_or_unknown_is_refused_together() {
    let mut links = sound();
    links[1] = json!({ "kind": "same", "from": ["9"], "to": ["0"] });

    let expected = [
        "links[1].from_node_codes[0] NODE_UNKNOWN",
        "links NODE_LEFT_OUT",
        "links[1].to_node_codes[0] DUPLICATE",
        "links NODE_LEFT_OUT",
    ];
    assert_eq!(faults(&links), expected);
}

#[test]
fn each_kind_takes_its_own_number_of_nodes() {
    for kind in LinkKind::ALL {
        let kind = serde_json::to_value(kind).unwrap();
        let links = json!([{ "kind": kind, "from": ["1", "2"], "to": ["1", "2"] }]);

        assert!(faults(&links).contains(&"links[0] LINK_SIDES".to_owned()), "{kind}");
    }
    let dropped_and_new =
        json!([{ "kind": "dropped", "from": ["1"] }, { "kind": "new", "to": ["1"] }]);
    assert!(!faults(&dropped_and_new).concat().contains("LINK_SIDES"));
}

#[test]
fn a_scale_that_changed_is_not_the_same_and_one_that_did_not_is_not_rescaled() {
    let mut links = sound();
    links[1]["kind"] = json!("rescaled");
    links[2]["kind"] = json!("same");

    assert_eq!(faults(&links), ["links[1] LINK_SCALE_UNCHANGED", "links[2] LINK_SCALE_CHANGED"]);
}

#[test]
fn rescaling_takes_two_known_maxima() {
    let mut from = before();
    from.nodes[2].max = None;

    assert_eq!(faults_between(&from, &after(), &sound()), ["links[2] LINK_SCALE_UNKNOWN"]);
}

#[test]
fn nodes_on_one_side_do_not_lie_above_each_other() {
    let to = edition(2018, &[("0", "1"), ("1", "1"), ("1.1", "1")]);
    let from = edition(2017, &[("0", "1"), ("1", "1")]);
    let links = json!([
        { "kind": "same", "from": ["0"], "to": ["0"] },
        { "kind": "split", "from": ["1"], "to": ["1", "1.1"] },
    ]);

    assert_eq!(faults_between(&from, &to, &links), ["links[1] LINK_NESTED"]);
}

#[test]
fn editions_of_other_indices_and_of_other_times_are_not_connected() {
    let mut other = before();
    "PAPI".clone_into(&mut other.family);

    let found = faults_between(&after(), &other, &json!([]));

    assert_eq!(found[..2], ["to_index_code FAMILIES_DIFFER", "to_index_code EDITION_NOT_LATER"]);
}
