//! How long it takes to score a whole country: 63 provinces, an index of 200 leaves on three levels.
//!
//! `cargo bench -p cchc-scoring --bench roll_up`. The goal is under 10 ms on one core for
//! `apply every rule and recompute 63 provinces`. `one leaf changes` scores as many nodes as the leaf has
//! ancestors and itself, which is printed.

#![expect(clippy::unwrap_used, reason = "a bench may panic")]
#![expect(clippy::print_stdout, reason = "a count is part of what is shown")]

use std::hint::black_box;

use cchc_core::{Decimal, NodeCode, Points, Quantity};
use cchc_scoring::{
    catalogue::{Index, Node},
    rule::Input,
    tree::{Layer, LayerScores, Score, Scores, Tree},
};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use serde_json::{Value, json};

const PROVINCES: i64 = 63;
/// Eight dimensions of five criteria of five leaves.
const SHAPE: [i64; 3] = [8, 5, 5];

fn node(code: &str, rule: &Value) -> Value {
    json!({ "code": code, "title": "t", "title_en": "t", "max": "2", "source": "administrative",
            "rule": rule, "variable": "SHARE" })
}

fn index() -> Index {
    let linear = json!({ "kind": "linear", "target": "95", "floor": "50" });
    let [dimensions, criteria, leaves] = SHAPE;
    let mut nodes = vec![node("0", &Value::Null)];
    for dimension in 1..=dimensions {
        nodes.push(node(&format!("{dimension}"), &Value::Null));
        for criterion in 1..=criteria {
            nodes.push(node(&format!("{dimension}.{criterion}"), &Value::Null));
            nodes.extend(
                (1..=leaves).map(|leaf| node(&format!("{dimension}.{criterion}.{leaf}"), &linear)),
            );
        }
    }
    serde_json::from_value(json!({
        "code": "PAR-2018", "year": 2018, "family": "PAR INDEX", "title": "t", "title_en": "t",
        "unit": "điểm", "provenance": "own", "reference": "r", "nodes": nodes
    }))
    .unwrap()
}

fn leaves(index: &Index) -> Vec<&Node> {
    index.nodes.iter().filter(|node| node.rule.is_some()).collect()
}

/// What a province reports: another share for every leaf.
fn input(province: i64, leaf: usize) -> Input {
    let part = (province * 37 + i64::try_from(leaf).unwrap() * 13) % 101;
    let quantity = |value: i64| Quantity::new(Decimal::from(value)).unwrap();
    Input::Ratio { numerator: quantity(part), denominator: quantity(101) }
}

fn given(points: Option<Points>) -> LayerScores {
    LayerScores::default().with(Layer::SelfAssessed, points.map_or(Score::UNKNOWN, Score::complete))
}

/// The leaves of a province, scored by their rules.
fn scored<'a>(leaves: &[&'a Node], province: i64) -> Vec<(&'a NodeCode, LayerScores)> {
    let leaves = leaves.iter().enumerate().map(|(at, node)| {
        let points = node.rule.as_ref().unwrap().evaluate(*node, &input(province, at)).points;
        (&node.code, given(points))
    });
    leaves.collect()
}

fn roll_up(tree: &Tree, given: &[(&NodeCode, LayerScores)]) -> Scores {
    tree.roll_up(given.iter().map(|(code, given)| (*code, given)))
}

fn whole(scores: &Scores) -> Points {
    let (_, whole) = scores.iter().next().unwrap();
    whole.estimate.unwrap().score.points.unwrap()
}

fn benches(c: &mut Criterion) {
    let index = index();
    let leaves = leaves(&index);
    assert_eq!(leaves.len(), 200);
    let tree = Tree::of(&index);
    let provinces: Vec<_> = (0..PROVINCES).map(|province| scored(&leaves, province)).collect();

    c.bench_function("read the shape of an index", |b| b.iter(|| Tree::of(black_box(&index))));
    c.bench_function("recompute 63 provinces", |b| {
        b.iter(|| provinces.iter().map(|given| whole(&roll_up(&tree, black_box(given)))).max());
    });
    c.bench_function("apply every rule and recompute 63 provinces", |b| {
        let score = |province| whole(&roll_up(&tree, &scored(&leaves, province)));
        b.iter(|| (0..PROVINCES).map(|province| score(black_box(province))).max());
    });

    let scores = roll_up(&tree, provinces.first().unwrap());
    let leaf: NodeCode = "4.3.2".parse().unwrap();
    let new = given(Some("1.25".parse().unwrap()));
    let again = tree.change(&mut scores.clone(), &leaf, new);
    println!("one leaf of {} nodes changes: {} are scored again", index.nodes.len(), again.len());
    c.bench_function("one leaf changes", |b| {
        b.iter_batched_ref(
            || scores.clone(),
            |scores| tree.change(scores, black_box(&leaf), new),
            BatchSize::SmallInput,
        );
    });
}

criterion_group!(all, benches);
criterion_main!(all);
