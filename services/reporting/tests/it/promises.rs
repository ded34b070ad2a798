//! Promises beside the points of the year: another year's, and units' own.

use cchc_proto::reporting::v1::{OtherTarget, Verdict};
use serde_json::json;

use crate::{
    province::{assignment, measured, registry_promising, survey},
    verify::{verify, world_with},
    world::World,
};

const NODE: &str = "PAR-2018/2";

async fn world() -> World {
    let promise = |whose: serde_json::Value| {
        let mut target = json!({ "node": NODE, "points": "9.5", "reference": "r" });
        target.as_object_mut().unwrap().extend(whose.as_object().unwrap().clone());
        target
    };
    let more = [
        promise(json!({ "year": 2020, "points": "10" })),
        promise(json!({ "unit": "193" })),
        promise(json!({ "unit": "194" })),
    ];
    let told = registry_promising(&more);
    let stored = [("registry", told.clone()), ("assignment", assignment()), ("survey", survey())];
    let world = world_with(stored).await;
    world.hear("registry", told).await;
    world.hear("assignment", assignment()).await;
    world.hear("survey", survey()).await;
    world
}

async fn others(world: &World) -> Vec<(String, String, Verdict)> {
    let say = |other: OtherTarget| {
        let verdict = other.points_verdict();
        let year = other.target.unwrap().year;
        let whose = if year == 0 { other.unit_name } else { year.to_string() };
        (whose, other.points.map(|points| points.value).unwrap_or_default(), verdict)
    };
    world.node(NODE).await.other_targets.into_iter().map(say).collect()
}

#[tokio::test]
async fn another_years_target_is_shown_and_not_judged_and_a_units_own_is_by_its_own_report() {
    let world = world().await;

    let node = world.node(NODE).await;

    // 95 of 100 are the 95 % that full points ask for; 45 of 50 are 90 % and fall short.
    let (own, short) = ("Thành phố Hạ Long".to_owned(), "Thành phố Móng Cái".to_owned());
    assert_eq!(
        others(&world).await,
        [
            ("2020".to_owned(), String::new(), Verdict::Unspecified),
            (own, "10".to_owned(), Verdict::Met),
            (short, "9.473684211".to_owned(), Verdict::Missed),
        ]
    );
    assert_eq!(node.target.unwrap().value, "9", "the province's own target of the year");
    assert_eq!(node.points_verdict, i32::from(Verdict::Met));
}

#[tokio::test]
async fn a_units_own_score_moves_with_its_report_and_is_verified() {
    let world = world().await;
    let before = world.rollup().await;

    world.hear("assignment", vec![measured("194", 2, None)]).await;
    let silent = others(&world).await;
    world.hear("assignment", vec![measured("194", 3, Some(("45", "50")))]).await;

    assert_eq!(silent[2].2, Verdict::NotAssessable, "what was taken back says nothing");
    assert_eq!(others(&world).await[2].2, Verdict::Missed);
    let after = world.rollup().await;
    assert_eq!(after.revision, before.revision + 2);
    assert_eq!(after.checksum, before.checksum);
    let differences = verify(&world).await.unwrap().differences;
    let what: Vec<&str> = differences.iter().map(|d| d.what.as_str()).collect();
    assert_eq!(what, ["measurement 194 HEALTH-INSURANCE 2018"], "only its version is newer");
}
