//! Every number explains itself.

use cchc_proto::{
    assignment::{
        events::v1::{AppraisalDecided, AssessmentSubmitted},
        v1::CitedDocument,
    },
    common::v1::Date,
    reporting::v1::Layer,
    source::v1::Event,
};
use cchc_testkit::{assert_refused, event_of};
use tonic::Code;

use crate::{
    province::{PLAN, appraisal_of, assessment_of, assignment, registry, survey},
    verify::{verify, world_with},
    world::World,
};

#[tokio::test]
async fn a_measured_score_names_its_reports_with_their_events() {
    let world = World::full().await;

    let explained = world.explain("PAR-2018/2").await.unwrap();

    assert!(explained.is_reproduced);
    let [layer] = explained.layers.as_slice() else { panic!("one layer: {explained:?}") };
    assert_eq!(layer.points.as_ref().unwrap().value, "9.824561404");
    assert!(layer.rule.contains("95%"), "{}", layer.rule);
    assert!(!layer.steps.is_empty());
    let facts: Vec<_> = layer
        .facts
        .iter()
        .map(|fact| (fact.unit_name.as_str(), fact.version, fact.value.as_str(), fact.sequence))
        .collect();
    assert_eq!(
        facts,
        [("Thành phố Hạ Long", 2, "95/100", 6), ("Thành phố Móng Cái", 1, "45/50", 4)]
    );
    assert!(
        layer.facts.iter().all(|fact| fact.producer == "assignment" && !fact.event_id.is_empty())
    );
}

#[tokio::test]
async fn an_assessed_score_shows_both_sides() {
    let world = World::full().await;

    let explained = world.explain("PAR-2018/1").await.unwrap();

    assert!(explained.is_reproduced);
    let said: Vec<_> = explained
        .layers
        .iter()
        .flat_map(|layer| layer.facts.iter().map(|fact| (layer.layer(), fact.value.as_str())))
        .collect();
    assert_eq!(
        said,
        [
            (Layer::Self_, "9,25 điểm"),
            (Layer::Appraised, "8,75 điểm, cho bản tự đánh giá lần 1: thiếu tài liệu kiểm chứng")
        ]
    );
}

#[tokio::test]
async fn small_cells_of_a_survey_are_not_told() {
    let world = World::full().await;

    let explained = world.explain("PAR-2018/3").await.unwrap();

    let [layer] = explained.layers.as_slice() else { panic!("one layer: {explained:?}") };
    assert_eq!((layer.layer(), layer.fact_count), (Layer::Survey, 4));
    let shown: Vec<_> =
        layer.facts.iter().map(|fact| (fact.fact_id.as_str(), fact.value.as_str())).collect();
    let withheld = "không hiển thị vì ít câu trả lời";
    // Two of three in Hà Khẩu would name people; with it goes the next smallest cell.
    assert!(shown.contains(&("S-2018/Q2/06655", withheld)), "{shown:?}");
    assert_eq!(shown.iter().filter(|(_, value)| *value == withheld).count(), 2, "{shown:?}");
}

#[tokio::test]
async fn a_sum_names_its_parts() {
    let world = World::full().await;

    let explained = world.explain("PAR-2018/0").await.unwrap();

    assert!(explained.is_reproduced);
    let parts: Vec<_> = explained
        .parts
        .iter()
        .map(|part| {
            (part.node_id.as_str(), part.points.as_ref().unwrap().value.as_str(), part.basis())
        })
        .collect();
    assert_eq!(
        parts,
        [
            ("PAR-2018/1", "8.75", Layer::Appraised),
            ("PAR-2018/2", "9.824561404", Layer::Self_),
            ("PAR-2018/3", "3.75", Layer::Survey),
        ]
    );
}

#[tokio::test]
async fn a_node_the_plan_does_not_have_is_not_found() {
    let world = World::full().await;

    let refused = world.explain("PAR-2018/9").await.unwrap_err();

    assert_refused(&refused, Code::NotFound, "NODE_NOT_FOUND");
}

fn document(version: i64) -> CitedDocument {
    CitedDocument {
        evidence_id: "01903f6e-0000-7000-8000-000000000009".to_owned(),
        version,
        name: "Báo cáo quý IV.pdf".to_owned(),
        document_number: "15/BC-SNV".to_owned(),
        document_date: Some(Date { year: 2018, month: 11, day: 2 }),
        sha256: "ab".repeat(32),
    }
}

/// The self-assessment and the appraisal of a campaign, which cite documents.
fn told() -> [Event; 2] {
    let assessed = cchc_proto::assignment::v1::Assessment {
        documents: vec![document(1)],
        ..assessment_of(3, "9.25")
    };
    let decided = cchc_proto::assignment::v1::Appraisal {
        documents: vec![document(2)],
        ..appraisal_of(2, 3, "9")
    };
    [
        event_of(&AssessmentSubmitted { assessment: Some(assessed) }),
        event_of(&AppraisalDecided {
            plan_code: PLAN.to_owned(),
            node_id: "PAR-2018/1".to_owned(),
            appraisal: Some(decided),
        }),
    ]
}

#[tokio::test]
async fn a_score_of_a_campaign_names_its_documents_down_to_their_bytes() {
    let world = World::full().await;
    world.hear("assignment", told().to_vec()).await;

    let explained = world.explain("PAR-2018/1").await.unwrap();

    let cited =
        explained.layers.iter().map(|layer| (layer.layer(), layer.facts[0].documents.clone()));
    assert_eq!(
        cited.collect::<Vec<_>>(),
        [(Layer::Self_, vec![document(1)]), (Layer::Appraised, vec![document(2)])]
    );
    assert!(explained.is_reproduced);
}

#[tokio::test]
async fn a_document_that_was_tampered_with_is_found() {
    let all: Vec<Event> = assignment().into_iter().chain(told()).collect();
    let stored = [("registry", registry()), ("assignment", all.clone()), ("survey", survey())];
    let world = world_with(stored).await;
    world.hear("registry", registry()).await;
    world.hear("assignment", all).await;
    world.hear("survey", survey()).await;

    let equal = verify(&world).await.unwrap();
    let tamper = "update reporting.appraisals
                  set documents = jsonb_set(documents, '{0,sha256}', to_jsonb(repeat('cd', 32)))";
    sqlx::raw_sql(tamper).execute(world.pool()).await.unwrap();
    let tampered = verify(&world).await.unwrap();

    assert_eq!(equal.differences, []);
    let [one] = tampered.differences.as_slice() else { panic!("one: {tampered:?}") };
    assert_eq!(one.what, "appraisal PAR-2018/1");
    assert!(one.recomputed.contains(&"ab".repeat(32)), "{}", one.recomputed);
}

#[tokio::test]
async fn a_document_without_a_hash_is_parked() {
    let world = World::full().await;
    let before = world.explain("PAR-2018/1").await.unwrap();
    let unhashed = CitedDocument { sha256: "x".to_owned(), ..document(1) };
    let assessed = cchc_proto::assignment::v1::Assessment {
        documents: vec![unhashed],
        ..assessment_of(3, "9.5")
    };

    let event = event_of(&AssessmentSubmitted { assessment: Some(assessed) });
    world.hear("assignment", vec![event]).await;

    assert_eq!(world.explain("PAR-2018/1").await.unwrap(), before);
}
