//! Responses that quality rules flag and exclude stand beside a survey's figures, live and recomputed.

use cchc_proto::{
    reporting::v1::FlaggedResponses,
    source::v1::Event,
    survey::{
        events::v1::{ResponsesTallied, responses_tallied::Flagged},
        v1::QualityFlag,
    },
};
use cchc_testkit::event_of;

use crate::{
    province::{assignment, registry, survey},
    verify::{verify, world_with},
    world::World,
};

const SAME: QualityFlag = QualityFlag::SameRespondent;
const CODE: QualityFlag = QualityFlag::CodeReused;

/// Responses that bear flags more, or fewer: the flag, how many bear it, how many of them do not count.
fn moved(excluded_count: i64, flags: &[(QualityFlag, i64, i64)]) -> Event {
    let flagged = |(flag, flagged_count, excluded_count): &(QualityFlag, i64, i64)| Flagged {
        flag: (*flag).into(),
        flagged_count: *flagged_count,
        excluded_count: *excluded_count,
    };
    event_of(&ResponsesTallied {
        survey_code: "S-2018".to_owned(),
        flags: flags.iter().map(flagged).collect(),
        excluded_count,
        ..ResponsesTallied::default()
    })
}

#[tokio::test]
async fn what_does_not_count_stands_beside_the_nodes_the_survey_asks_about() {
    let world = World::full().await;
    let before = (world.rollup().await, world.node("PAR-2018/3").await);

    let moves =
        vec![moved(4, &[(SAME, 4, 4), (CODE, 6, 1)]), moved(-1, &[(SAME, -1, -1), (CODE, -6, -1)])];
    world.hear("survey", moves).await;

    let (after, node) = (world.rollup().await, world.node("PAR-2018/3").await);
    assert_eq!(node.excluded_response_count, 3);
    let same = FlaggedResponses { flag: SAME.into(), flagged_count: 3, excluded_count: 3 };
    assert_eq!(node.flagged_responses, [same]);
    let sentences = "Có 3 phiếu không được tính theo quy tắc chất lượng. \
                     Phiếu bị gắn cờ: một người trả lời nhiều lần (3).";
    assert_eq!(node.note, format!("{} {sentences}", before.1.note).trim());
    assert_eq!((&node.layers, &node.estimate), (&before.1.layers, &before.1.estimate));
    assert!(after.revision > before.0.revision);
    assert_ne!(after.checksum, before.0.checksum, "what is shown is within the checksum");
    assert_eq!(world.node("PAR-2018/1").await.excluded_response_count, 0);
}

#[tokio::test]
async fn a_recomputation_counts_them_too() {
    let told = |moves: Vec<Event>| survey().into_iter().chain(moves).collect::<Vec<_>>();
    let stored = told(vec![moved(3, &[(SAME, 3, 3)])]);
    let stored = [("registry", registry()), ("assignment", assignment()), ("survey", stored)];
    let world = world_with(stored).await;
    world.hear("registry", registry()).await;
    world.hear("assignment", assignment()).await;
    let moves = vec![moved(5, &[(SAME, 5, 5)]), moved(-2, &[(SAME, -2, -2)])];
    world.hear("survey", told(moves)).await;

    let equal = verify(&world).await.unwrap();
    let tamper = "update reporting.flagged set excluded_count = 4 where flag = 0";
    sqlx::raw_sql(tamper).execute(world.pool()).await.unwrap();
    let tampered = verify(&world).await.unwrap();

    assert_eq!(equal.differences, []);
    let found: Vec<&str> = tampered.differences.iter().map(|one| &one.what[..]).collect();
    assert!(found.contains(&"flagged S-2018"), "{found:?}");
    assert!(found.contains(&"flagged PAR-2018/3"), "{found:?}");
}
