//! What appraisals do, and which are not taken.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use serde_json::{Value, json};
use time::macros::{date, datetime};
use uuid::Uuid;

use super::*;

fn assessment(version: i64) -> Assessment {
    Assessment {
        id: Uuid::from_u128(7).into(),
        plan: "QN-2018".parse().unwrap(),
        node: "PAR-2018/3".parse().unwrap(),
        unit: "22-VPUBND".parse().unwrap(),
        version,
        points: "12".parse().unwrap(),
        evidence: vec!["Báo cáo 15/BC-UBND".to_owned()],
        explanation: String::new(),
        documents: Vec::new(),
        assessor: "cán bộ".to_owned(),
        at: datetime!(2018-12-10 00:00 UTC),
    }
}

fn row(points: &str, reason: &str) -> Judgement {
    let Assessment { plan, node, unit, .. } = assessment(2);
    let (points, reason) = (points.parse().unwrap(), Text::new(reason).unwrap());
    Judgement { plan, node, unit, assessment_version: 2, points, reason, documents: Vec::new() }
}

fn decide(
    row: &Judgement,
    assessment: Option<&Assessment>,
    present: Option<&Appraisal>,
) -> Result<Change<Appraisal>, Violations> {
    let stamp = Stamp::of("hội đồng", date!(2018 - 12 - 20));
    row.decide(assessment, Some(&node(&json!({ "kind": "assessed" }))), present, &stamp)
}

fn node(rule: &Value) -> Node {
    serde_json::from_value(json!({
        "code": "3", "title": "", "title_en": "", "max": "14.5", "source": "self-assessed",
        "rule": rule, "lead": "22-VPUBND",
    }))
    .unwrap()
}

#[test]
fn appraisers_too_give_the_points_of_a_state() {
    let node = node(&json!({ "kind": "yes-no" }));
    let given = |points| {
        let stamp = Stamp::of("hội đồng", date!(2018 - 12 - 20));
        row(points, "Thiếu minh chứng").decide(Some(&assessment(2)), Some(&node), None, &stamp)
    };

    assert!(given("14.5").is_ok());
    assert!(given("0").is_ok());
    assert_eq!(reasons(given("7")), ["POINTS_OF_NO_STATE"]);
}

fn reasons<T: std::fmt::Debug>(refused: Result<T, Violations>) -> Vec<&'static str> {
    refused.unwrap_err().as_slice().iter().map(|violation| violation.reason).collect()
}

#[test]
fn agreeing_needs_no_reason_and_differing_does() {
    let known = assessment(2);

    assert!(matches!(decide(&row("12.0", ""), Some(&known), None), Ok(Change::First(_))));
    assert_eq!(reasons(decide(&row("11", ""), Some(&known), None)), ["REASON_MISSING"]);
    assert!(decide(&row("11", "Thiếu minh chứng"), Some(&known), None).is_ok());
}

#[test]
fn only_the_version_that_is_present_is_appraised() {
    for present in [1, 3] {
        let refused = decide(&row("12", ""), Some(&assessment(present)), None);
        assert_eq!(reasons(refused), ["ASSESSMENT_CHANGED"]);
    }
    assert_eq!(reasons(decide(&row("12", ""), None, None)), ["ASSESSMENT_NOT_FOUND"]);
    let above = decide(&row("15", "Thưởng"), Some(&assessment(2)), None);
    assert_eq!(reasons(above), ["POINTS_ABOVE_MAXIMUM"]);
}

#[test]
fn a_second_appraisal_is_a_version_beside_the_first() {
    let known = assessment(2);
    let Ok(Change::First(first)) = decide(&row("12", ""), Some(&known), None) else {
        panic!("it is new")
    };

    let same = decide(&row("12", ""), Some(&known), Some(&first));
    let second = decide(&row("11", "Phúc tra"), Some(&known), Some(&first));

    assert_eq!(same, Ok(Change::Same));
    assert!(matches!(second, Ok(Change::Next(second)) if second.version == 2));
}
