//! Two editions, and every way in which they may differ.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn node(code: &str, title: &str, max: &str) -> Value {
    json!({
        "code": code, "title": title, "title_en": title, "max": max, "source": "self-assessed",
        "rule": { "kind": "assessed" },
    })
}

fn edition(nodes: &[Value]) -> Index {
    serde_json::from_value(json!({
        "code": "T-2018", "year": 2018, "family": "T", "title": "T", "title_en": "T",
        "unit": "điểm", "provenance": "own", "reference": "mẫu thử", "nodes": nodes,
        "variables": [{
            "code": "DOSSIERS", "title": "Hồ sơ", "title_en": "Dossiers", "measure": "count",
            "numerator": "Số hồ sơ", "reporters": { "kinds": ["commune"] },
        }],
    }))
    .unwrap()
}

fn before() -> Index {
    let nodes = [
        node("0", "Cả chỉ số", "6"),
        node("1", "Chỉ đạo", "1"),
        node("2", "Thể chế", "2"),
        node("3", "Thủ tục", "3"),
    ];
    edition(&nodes)
}

/// Old place, new place and changed fields of each node.
fn changes(from: &Index, to: &Index) -> Vec<(String, String, Vec<NodeField>)> {
    let place = |node: Option<Node>| node.map(|n| n.code.to_string()).unwrap_or_default();
    let nodes = diff(from, to).nodes.into_iter();
    nodes.map(|node| (place(node.from), place(node.to), node.fields)).collect()
}

fn change(from: &str, to: &str, fields: &[NodeField]) -> (String, String, Vec<NodeField>) {
    (from.to_owned(), to.to_owned(), fields.to_vec())
}

#[test]
fn an_edition_does_not_differ_from_itself() {
    assert!(diff(&before(), &before()).is_empty());
}

#[test]
fn an_edition_differs_as_soon_as_one_thing_does() {
    let (mut retitled, mut shorter, mut counted) = (before(), before(), before());
    "U".clone_into(&mut retitled.title);
    shorter.nodes.pop();
    counted.variables.clear();

    for other in [retitled, shorter, counted] {
        assert!(!diff(&before(), &other).is_empty());
    }
}

#[test]
fn what_is_new_gone_moved_and_renamed_is_told_apart() {
    let nodes = [
        node("0", "Cả chỉ số", "6"),
        node("1", "Công tác chỉ đạo", "1"),
        node("2", "Thủ  Tục", "2.5"),
        node("4", "Tài chính công", "2.5"),
    ];

    let expected = [
        change("1", "1", &[NodeField::Title, NodeField::TitleEn]),
        change("2", "", &[]),
        change("3", "2", &[NodeField::Code, NodeField::Title, NodeField::TitleEn, NodeField::Max]),
        change("", "4", &[]),
    ];
    assert_eq!(changes(&before(), &edition(&nodes)), expected);
}

#[test]
fn a_title_that_stands_twice_does_not_say_which_node_has_moved() {
    let mut one = before();
    let mut other = before();
    for index in [&mut one, &mut other] {
        "Thể chế".clone_into(&mut index.nodes[3].title);
    }
    other.nodes[2].code = "5".parse().unwrap();
    other.nodes[3].code = "6".parse().unwrap();

    let expected =
        [change("2", "", &[]), change("3", "", &[]), change("", "5", &[]), change("", "6", &[])];
    assert_eq!(changes(&one, &other), expected);
}

#[test]
fn every_field_of_a_node_is_compared() {
    let mut other = before();
    other.nodes[1] = serde_json::from_value(json!({
        "code": "9", "title": "chỉ đạo", "title_en": "Steering", "max": "0.5",
        "composition": "own", "source": "survey", "rule": { "kind": "share" },
        "variable": "DOSSIERS", "lead": "22-SNV", "coordinating": ["22-STC"], "reference": "A.II",
        "evidence": "Kế hoạch", "periods": ["quarter", "year"],
        "not_applicable": "full-marks", "survey_not_held": "renormalise",
    }))
    .unwrap();

    assert_eq!(changes(&before(), &other), [change("1", "9", &NodeField::ALL)]);
}

#[test]
fn every_field_of_the_index_and_of_a_variable_is_compared() {
    let mut other = before();
    let value = json!({
        "code": "U-2019", "year": 2019, "family": "U", "title": "U", "title_en": "U", "unit": "%",
        "provenance": "official", "reference": "khác", "nodes": before().nodes,
        "letters": [{ "letter": "A", "at_least": "80" }],
        "variables": [{
            "code": "DOSSIERS", "title": "Tỷ lệ", "title_en": "Share", "measure": "share",
            "numerator": "Đúng hạn", "denominator": "Tất cả", "reporters": { "units": ["22"] },
            "collection": "latest", "window_start_day": 15, "missing": "withheld",
        }],
    });
    other.clone_from(&serde_json::from_value(value).unwrap());

    let found = diff(&before(), &other);

    assert_eq!(found.fields, IndexField::ALL);
    assert_eq!(found.variables[0].fields, VariableField::ALL);
    assert_eq!(found.nodes, []);
}

#[test]
fn a_variable_that_came_or_went_is_told() {
    let mut other = before();
    other.variables[0].code = "REPLIES".parse().unwrap();

    let found = diff(&before(), &other).variables;

    let codes: Vec<_> = found
        .iter()
        .map(|v| (v.from.as_ref().map(|v| v.code.as_str()), v.to.as_ref().map(|v| v.code.as_str())))
        .collect();
    assert_eq!(codes, [(Some("DOSSIERS"), None), (None, Some("REPLIES"))]);
}

fn any_edition() -> impl Strategy<Value = Index> {
    let one = ("[1-6]", "[abc]", 1_u32..4);
    proptest::collection::btree_map("[1-6]", one, 0..6).prop_map(|nodes| {
        let nodes: Vec<Value> = nodes
            .into_iter()
            .map(|(code, (_, title, max))| node(&code, &title, &max.to_string()))
            .collect();
        edition(&nodes)
    })
}

proptest! {
    #[test]
    fn every_node_of_both_sides_is_accounted_for_once(one in any_edition(), other in any_edition()) {
        let found = diff(&one, &other).nodes;

        let same = one.nodes.iter().filter(|node| other.nodes.contains(node)).count();
        let from = found.iter().filter(|node| node.from.is_some()).count();
        let to = found.iter().filter(|node| node.to.is_some()).count();
        prop_assert_eq!(from + same, one.nodes.len());
        prop_assert_eq!(to + same, other.nodes.len());
    }

    #[test]
    fn looked_at_from_the_other_side_the_same_nodes_differ(
        one in any_edition(), other in any_edition()
    ) {
        let count = |diff: EditionDiff| {
            (diff.nodes.len(), diff.nodes.iter().filter(|n| !n.fields.is_empty()).count())
        };

        prop_assert_eq!(count(diff(&one, &other)), count(diff(&other, &one)));
    }
}
