//! What self-assessments do, and which are not taken.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use serde_json::json;
use time::macros::date;

use super::*;

fn node(rule: &serde_json::Value) -> Node {
    serde_json::from_value(json!({
        "code": "3", "title": "", "title_en": "", "max": "14.5", "source": "self-assessed",
        "rule": rule, "lead": "22-VPUBND",
    }))
    .unwrap()
}

fn assessed() -> Node {
    node(&json!({ "kind": "assessed" }))
}

fn row(points: &str) -> SelfAssessment {
    SelfAssessment {
        plan: "QN-2018".parse().unwrap(),
        node: "PAR-2018/3".parse().unwrap(),
        unit: "22-VPUBND".parse().unwrap(),
        points: points.parse().unwrap(),
        evidence: vec![Text::new("Báo cáo 15/BC-UBND").unwrap()],
        explanation: Text::new("").unwrap(),
        documents: Vec::new(),
    }
}

fn stamp() -> Stamp {
    Stamp::of("cán bộ", date!(2018 - 12 - 15))
}

fn reasons<T: std::fmt::Debug>(refused: Result<T, Violations>) -> Vec<&'static str> {
    refused.unwrap_err().as_slice().iter().map(|violation| violation.reason).collect()
}

#[test]
fn a_unit_may_give_itself_everything_the_node_has_and_no_more() {
    let node = assessed();

    assert!(matches!(row("14.5").decide(Some(&node), None, &stamp()), Ok(Change::First(_))));
    assert_eq!(
        reasons(row("14.500000001").decide(Some(&node), None, &stamp())),
        ["POINTS_ABOVE_MAXIMUM"]
    );
}

#[test]
fn points_need_a_document_or_an_explanation() {
    let mut bare = row("10");
    bare.evidence.clear();
    let mut explained = bare.clone();
    explained.explanation = Text::new("Không phát sinh văn bản").unwrap();
    let node = assessed();

    assert_eq!(reasons(bare.decide(Some(&node), None, &stamp())), ["EVIDENCE_MISSING"]);
    assert!(explained.decide(Some(&node), None, &stamp()).is_ok());
}

#[test]
fn only_the_lead_assesses_only_what_is_assessed() {
    let mut other = row("15");
    other.unit = "22-STP".parse().unwrap();
    let share = node(&json!({ "kind": "share" }));

    assert_eq!(
        reasons(other.decide(Some(&share), None, &stamp())),
        ["NODE_NOT_ASSESSED", "UNIT_NOT_LEAD", "POINTS_ABOVE_MAXIMUM"]
    );
    assert_eq!(reasons(row("1").decide(None, None, &stamp())), ["NODE_NOT_FOUND"]);
}

#[test]
fn other_points_or_documents_are_a_new_version() {
    let node = assessed();
    let Ok(Change::First(first)) = row("10").decide(Some(&node), None, &stamp()) else {
        panic!("it is new")
    };
    let mut more = row("10");
    more.evidence.push(Text::new("Quyết định 16").unwrap());

    assert_eq!(row("10.0").decide(Some(&node), Some(&first), &stamp()), Ok(Change::Same));
    for changed in [row("11"), more] {
        let next = changed.decide(Some(&node), Some(&first), &stamp());
        assert!(matches!(next, Ok(Change::Next(next)) if next.version == 2));
    }
}

#[test]
fn points_between_two_states_are_refused_and_the_states_named() {
    let node = node(&json!({ "kind": "states", "states": [
        { "title": "kịp thời", "title_en": "in time", "points": "14.5" },
        { "title": "không kịp thời", "title_en": "late", "points": "0.5" },
        { "title": "không ban hành", "title_en": "not issued", "points": "0" },
    ] }));

    let refused = row("1").decide(Some(&node), None, &stamp()).unwrap_err();

    assert!(row("0.5").decide(Some(&node), None, &stamp()).is_ok());
    let [violation] = refused.as_slice() else { panic!("{refused:?}") };
    assert_eq!((violation.path.as_str(), violation.reason), ("points", "POINTS_OF_NO_STATE"));
    assert_eq!(
        violation.vietnamese,
        "1 điểm không ứng với mức nào của tiêu chí; các mức: kịp thời: 14,5; không kịp thời: 0,5; \
         không ban hành: 0"
    );
    assert_eq!(
        violation.english,
        "1 are the points of no state of the rule; possible are in time: 14.5; late: 0.5; not \
         issued: 0"
    );
    assert_eq!(reasons(row("15").decide(Some(&node), None, &stamp())), ["POINTS_ABOVE_MAXIMUM"]);
}
