//! A rule of options is scored from how many gave each answer, live, recomputed and explained alike.

use cchc_proto::{
    reporting::v1::Layer,
    source::v1::Event,
    survey::{
        events::v1::{ResponsesTallied, SurveyClosed, SurveyOpened, responses_tallied},
        v1::{Choice, Question, Survey, question::Kind},
    },
};
use cchc_scoring::catalogue::{Index, Node};
use cchc_testkit::event_of;
use serde_json::json;

use crate::{
    province::{PLAN, index, registry_of},
    verify::{verify, world_with},
    world::World,
};

const SURVEY: &str = "S-4";

/// The index with a node of four options.
fn with_options() -> Index {
    let option = |(option, percent): (&str, &str)| json!({ "option": option, "title": option, "title_en": option, "percent": percent });
    let options = [("A", "100"), ("B", "60"), ("C", "20"), ("D", "0")].map(option);
    let node: Node = serde_json::from_value(json!({
        "code": "4", "title": "Phương án", "title_en": "Options", "max": "5", "source": "survey",
        "rule": { "kind": "options", "options": options }
    }))
    .unwrap();
    let mut index = index();
    index.nodes.push(node);
    index
}

fn opened() -> Event {
    let choice = |code: &str| Choice {
        code: code.to_owned(),
        text: format!("Phương án {code}"),
        ..Choice::default()
    };
    let question = Question {
        code: "Q4".to_owned(),
        text: "Ông/bà thấy thế nào?".to_owned(),
        kind: Kind::SingleChoice.into(),
        node_id: "PAR-2018/4".to_owned(),
        options: ["A", "B", "C", "D"].map(choice).into(),
        offers_dont_know: true,
        ..Question::default()
    };
    event_of(&SurveyOpened {
        survey: Some(Survey {
            code: SURVEY.to_owned(),
            plan_code: PLAN.to_owned(),
            province_code: "22".to_owned(),
            title: "Khảo sát".to_owned(),
            minimum_cell: 10,
            release_after: 10,
            questions: vec![question],
            ..Survey::default()
        }),
    })
}

/// Counts to add of one commune: A to D, and "không biết".
fn chosen(cluster: &str, [a, b, c, d]: [i64; 4], unknown: i64) -> Event {
    event_of(&ResponsesTallied {
        survey_code: SURVEY.to_owned(),
        response_count: a + b + c + d + unknown,
        tallies: vec![responses_tallied::Tally {
            question_code: "Q4".to_owned(),
            stratum_code: "193".to_owned(),
            cluster_code: cluster.to_owned(),
            satisfied_count: 0,
            valid_count: a + b + c + d,
            not_answered_count: unknown,
            counts: vec![0, a, b, c, d, 0, unknown],
        }],
        ..ResponsesTallied::default()
    })
}

fn closed() -> Event {
    event_of(&SurveyClosed { survey_code: SURVEY.to_owned() })
}

fn told() -> Vec<Event> {
    // The third takes back what the first told too much.
    let counts = [
        chosen("06649", [12, 4, 1, 0], 3),
        chosen("06652", [0, 6, 4, 2], 0),
        chosen("06649", [-2, 2, 0, 0], 0),
    ];
    std::iter::once(opened()).chain(counts).chain([closed()]).collect()
}

fn layer_points(node: &cchc_proto::reporting::v1::NodeRollup) -> Option<String> {
    let layers = node.layers.iter().find(|score| score.layer() == Layer::Survey)?;
    layers.points.as_ref().map(|points| points.value.clone())
}

#[tokio::test]
async fn answers_are_weighed_and_the_explanation_shows_how_many_gave_each() {
    let world = World::new().await;
    world.hear("registry", registry_of(&with_options())).await;

    world.hear("survey", told()).await;

    let node = world.node("PAR-2018/4").await;
    // (10 × 100 + 12 × 60 + 5 × 20) of 29 × 100, of five points.
    assert_eq!(layer_points(&node).as_deref(), Some("3.137931034"));
    assert_eq!(node.note, "");
    let explained = world.explain("PAR-2018/4").await.unwrap();
    assert!(explained.is_reproduced);
    let layer = &explained.layers[0];
    let steps: Vec<&str> = layer.steps.iter().map(|step| &step.value[..]).collect();
    assert_eq!(steps, ["10", "12", "5", "2", "62.75862069", "3.137931034"]);
    let cells: Vec<&str> = layer.facts.iter().map(|fact| &fact.value[..]).collect();
    assert_eq!(
        cells,
        [
            "số câu trả lời theo phương án A: 10, B: 6, C: 1",
            "số câu trả lời theo phương án B: 6, C: 4, D: 2",
        ]
    );
}

#[tokio::test]
async fn a_recomputation_weighs_the_same_answers() {
    let registry = registry_of(&with_options());
    let stored = [("registry", registry.clone()), ("assignment", vec![]), ("survey", told())];
    let world = world_with(stored).await;
    world.hear("registry", registry).await;
    world.hear("survey", told()).await;

    let equal = verify(&world).await.unwrap();
    let tamper = "update reporting.question_sums set counts[2] = 9; \
                  update reporting.tallies set counts[3] = 7 where cluster_code = '06652'";
    sqlx::raw_sql(tamper).execute(world.pool()).await.unwrap();
    let tampered = verify(&world).await.unwrap();

    assert_eq!(equal.differences, []);
    let found: Vec<&str> = tampered.differences.iter().map(|one| &one.what[..]).collect();
    assert_eq!(found, ["sum S-4/Q4", "tally S-4/Q4/06652"]);
}
