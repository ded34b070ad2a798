//! A rule on several variables, and nodes that leave the denominator: live, explained and verified.

use cchc_proto::{common::v1::Decimal, source::v1::Event};
use cchc_scoring::catalogue::Index;
use serde_json::{Value, json};

use crate::{
    province::{index, measured_of, registry_of},
    verify::{verify, world_with},
};

/// The province's index with a formula over two shares, an item that may not arise and a survey that
/// may not be held.
fn edition() -> Index {
    let mut edition = serde_json::to_value(index()).unwrap();
    let mut node = |at: usize, changes: Value| {
        let node = edition.pointer_mut(&format!("/nodes/{at}")).unwrap().as_object_mut().unwrap();
        node.extend(changes.as_object().unwrap().clone());
    };
    node(
        1,
        json!({ "source": "administrative", "variable": "LATE", "rule":
        { "kind": "linear", "target": "100" }, "not_applicable": "out-of-denominator" }),
    );
    node(3, json!({ "survey_not_held": "renormalise" }));
    let term = |name: &str, variable: &str| {
        json!({ "name": name, "variable": variable, "measure": "share", "title": name,
                "title_en": name })
    };
    node(
        2,
        json!({ "rule": { "kind": "formula",
        "variables": [term("a", "HEALTH-INSURANCE"), term("b", "ON-TIME")],
        "cases": [
            { "text": "cùng đạt", "text_en": "both", "when": "a >= 90% and b >= 90%", "points": "maximum" },
            { "text": "còn lại", "text_en": "otherwise", "points": "(a + b) / 2 * maximum" }] } }),
    );
    edition.pointer_mut("/nodes/2").unwrap().as_object_mut().unwrap().remove("variable");
    let variable = |code: &str| {
        json!({ "code": code, "title": code, "title_en": code, "measure": "share", "numerator": "a",
                "denominator": "b", "reporters": { "kinds": ["district"] } })
    };
    edition
        .pointer_mut("/variables")
        .unwrap()
        .as_array_mut()
        .unwrap()
        .extend([variable("LATE"), variable("ON-TIME")]);
    serde_json::from_value(edition).unwrap()
}

fn reports() -> Vec<Event> {
    vec![
        measured_of("LATE", "193", 1, Some(("0", "0"))),
        measured_of("LATE", "194", 1, Some(("0", "0"))),
        measured_of("HEALTH-INSURANCE", "193", 1, Some(("95", "100"))),
        measured_of("HEALTH-INSURANCE", "194", 1, Some(("85", "100"))),
        measured_of("ON-TIME", "193", 1, Some(("80", "100"))),
        measured_of("ON-TIME", "194", 1, Some(("100", "100"))),
        measured_of("ON-TIME", "194", 2, Some(("80", "100"))),
    ]
}

fn value(decimal: Option<&Decimal>) -> &str {
    decimal.map_or("", |decimal| decimal.value.as_str())
}

#[tokio::test]
async fn a_formula_needs_every_variable_and_moves_with_each() {
    let stored =
        [("registry", registry_of(&edition())), ("assignment", reports()), ("survey", vec![])];
    let world = world_with(stored).await;
    world.hear("registry", registry_of(&edition())).await;
    let mut reports = reports();
    let last = reports.split_off(4);

    world.hear("assignment", reports).await;
    let some = world.node("PAR-2018/2").await;
    world.hear("assignment", last).await;
    let all = world.node("PAR-2018/2").await;

    assert_eq!(some.note, "Còn 2/4 số liệu chưa được báo cáo.");
    assert!(some.estimate.unwrap().points.is_none(), "one of two variables is no figure");
    let estimate = all.estimate.unwrap();
    assert_eq!((value(estimate.points.as_ref()), estimate.is_complete), ("8.5", true));
    assert_eq!(all.coverage.unwrap().reported_count, 4);
    let explained = world.explain("PAR-2018/2").await.unwrap();
    assert!(explained.is_reproduced);
    let layer = explained.layers.first().unwrap();
    let cited: Vec<&str> = layer.facts.iter().map(|fact| fact.value.as_str()).collect();
    assert_eq!(
        cited,
        [
            "HEALTH-INSURANCE: 95/100",
            "HEALTH-INSURANCE: 85/100",
            "ON-TIME: 80/100",
            "ON-TIME: 80/100"
        ]
    );
    assert_eq!(layer.steps.last().unwrap().what_en, "applied: otherwise [] (a + b) / 2 * maximum");
}

#[tokio::test]
async fn what_did_not_arise_or_was_not_asked_leaves_the_denominator_for_all_to_see() {
    let stored =
        [("registry", registry_of(&edition())), ("assignment", reports()), ("survey", vec![])];
    let world = world_with(stored).await;
    world.hear("registry", registry_of(&edition())).await;
    world.hear("assignment", reports()).await;

    let (late, survey) = (world.node("PAR-2018/1").await, world.node("PAR-2018/3").await);
    let whole = world.node("PAR-2018/0").await;

    assert_eq!(late.note, "Không phát sinh.");
    assert_eq!(value(late.estimate.unwrap().excluded_max.as_ref()), "10");
    assert_eq!(survey.note, "Không khảo sát: không tính vào tổng điểm tối đa.");
    let estimate = whole.estimate.unwrap();
    assert_eq!(value(estimate.points.as_ref()), "8.5");
    assert_eq!(value(estimate.excluded_max.as_ref()), "15");
    assert_eq!(value(estimate.ratio_percent.as_ref()), "85.00");
    assert_eq!(value(estimate.renormalised_points.as_ref()), "21.25");
    assert!(!estimate.is_complete, "somebody may still ask");
    assert_eq!(value(whole.gap.as_ref()), "1.75");
    assert_eq!(
        whole.note,
        "Không tính 15 điểm tối đa của các mục không phát sinh, không khảo sát."
    );
    let explained = world.explain("PAR-2018/1").await.unwrap();
    assert!(explained.is_reproduced);
    assert_eq!(value(explained.layers.first().unwrap().excluded_max.as_ref()), "10");
}

#[tokio::test]
async fn formulas_and_exclusions_recompute_to_the_same_scores() {
    let stored =
        [("registry", registry_of(&edition())), ("assignment", reports()), ("survey", vec![])];
    let world = world_with(stored).await;
    world.hear("registry", registry_of(&edition())).await;
    world.hear("assignment", reports()).await;

    let found = verify(&world).await.unwrap();

    assert_eq!(found.differences, []);
    assert_eq!(found.live_checksum, found.recomputed_checksum);
}
