//! Responses count for the people they stand for: in the score, live and recomputed, and in estimates, which are
//! those of R's `survey` over the synthetic sample that the estimator of files is checked with.

#![expect(
    clippy::float_arithmetic,
    clippy::indexing_slicing,
    reason = "a test compares estimates with R's, and may panic"
)]

use std::collections::BTreeMap;

use cchc_proto::{
    common::v1::Decimal,
    reporting::v1::{
        GetSurveyEstimatesRequest, Layer, SurveyEstimates, SurveyFigure,
        survey_estimates::Weighting, survey_figure::Remark,
    },
    source::v1::Event,
    survey::{
        events::v1::{ResponsesTallied, SurveyOpened, responses_tallied},
        v1::{Cluster, Question, SamplePlan, Survey, question::Kind, sample_plan::Stratum},
    },
};
use cchc_testkit::{assert_refused, event_of, request};
use serde_json::Value;
use tonic::{Code, Status};

use crate::{
    province::{PLAN, registry},
    verify::{verify, world_with},
    world::World,
};

pub(crate) const SURVEY: &str = "S-5";
pub(crate) const NODE: &str = "PAR-2018/3";

/// One commune: its district and code, what a response weighs, how many satisfied of how many answered.
type Told<'a> = (&'a str, &'a str, Option<&'a str>, i64, i64);

fn opened(clusters: Vec<Cluster>, strata: Vec<Stratum>) -> Event {
    let question = Question {
        code: "Q1".to_owned(),
        text: "Ông/bà có hài lòng không?".to_owned(),
        kind: Kind::Likert5.into(),
        node_id: NODE.to_owned(),
        ..Question::default()
    };
    event_of(&SurveyOpened {
        survey: Some(Survey {
            code: SURVEY.to_owned(),
            plan_code: PLAN.to_owned(),
            province_code: "22".to_owned(),
            title: "Khảo sát có trọng số".to_owned(),
            minimum_cell: 10,
            release_after: 10,
            questions: vec![question],
            clusters,
            sample_plan: (!strata.is_empty())
                .then(|| SamplePlan { strata, ..SamplePlan::default() }),
            ..Survey::default()
        }),
    })
}

fn cluster((stratum, code, weight, ..): &Told<'_>) -> Cluster {
    Cluster {
        stratum_code: (*stratum).to_owned(),
        cluster_code: (*code).to_owned(),
        wanted_count: 1,
        base_weight: weight.map(|value| Decimal { value: value.to_owned() }),
        population_count: None,
    }
}

/// Counts to add of one commune, by answer from 1 to 5 after the silent ones.
fn tallied(stratum: &str, cluster: &str, counts: [i64; 6]) -> Event {
    let [silent, given @ ..] = counts;
    event_of(&ResponsesTallied {
        survey_code: SURVEY.to_owned(),
        response_count: counts.iter().sum(),
        tallies: vec![responses_tallied::Tally {
            question_code: "Q1".to_owned(),
            stratum_code: stratum.to_owned(),
            cluster_code: cluster.to_owned(),
            satisfied_count: given[3] + given[4],
            valid_count: given.iter().sum(),
            not_answered_count: silent,
            counts: counts.into_iter().chain([0, 0]).collect(),
        }],
        ..ResponsesTallied::default()
    })
}

fn told(communes: &[Told<'_>]) -> Vec<Event> {
    let opened = opened(communes.iter().map(cluster).collect(), Vec::new());
    let tallies = communes.iter().map(|(stratum, code, _, satisfied, valid)| {
        tallied(stratum, code, [2, 0, valid - satisfied, 0, *satisfied, 0])
    });
    std::iter::once(opened).chain(tallies).collect()
}

const COMMUNES: [Told<'static>; 3] = [
    ("193", "06649", Some("30"), 10, 20),
    ("193", "06652", Some("10"), 20, 20),
    ("193", "06655", Some("12.5"), 12, 16),
];

pub(crate) async fn estimates(world: &World, survey: &str) -> Result<SurveyEstimates, Status> {
    crossed(world, survey, "").await
}

/// Estimates, with every district by the answers to a domain.
pub(crate) async fn crossed(
    world: &World,
    survey: &str,
    domain: &str,
) -> Result<SurveyEstimates, Status> {
    let asked = GetSurveyEstimatesRequest {
        plan_code: PLAN.to_owned(),
        survey_code: survey.to_owned(),
        crossed_domain_code: domain.to_owned(),
    };
    let reply = world.client().get_survey_estimates(request(asked, &world.viewer())).await?;
    Ok(reply.into_inner().estimates.unwrap())
}

fn number(value: Option<&Decimal>) -> f64 {
    value.unwrap().value.parse().unwrap()
}

pub(crate) fn assert_near(found: Option<&Decimal>, expected: f64) {
    let found = number(found);
    // Nine places are told.
    assert!((found - expected).abs() < 1.1e-9, "{found} is not {expected}");
}

async fn survey_points(world: &World) -> String {
    let node = world.node(NODE).await;
    let layer = node.layers.iter().find(|score| score.layer() == Layer::Survey).unwrap();
    layer.points.as_ref().unwrap().value.clone()
}

#[tokio::test]
async fn a_response_counts_for_the_people_it_stands_for() {
    let world = World::new().await;
    world.hear("registry", registry()).await;

    world.hear("survey", told(&COMMUNES)).await;

    // (30 · 10 + 10 · 20 + 12.5 · 12) / (30 · 20 + 10 · 20 + 12.5 · 16) = 0.65, of five points.
    assert_eq!(survey_points(&world).await, "3.25");
    let explained = world.explain(NODE).await.unwrap();
    assert!(explained.is_reproduced);
    let steps: Vec<&str> = explained.layers[0].steps.iter().map(|step| &step.value[..]).collect();
    // 65 % of the 56 who answered.
    assert_eq!(steps[..3], ["36.4", "56", "65"]);
    let facts: Vec<&str> = explained.layers[0].facts.iter().map(|fact| &fact.value[..]).collect();
    assert_eq!(facts[0], "10/20 câu trả lời được tính là đạt; mỗi phiếu đại diện cho 30 người");
}

#[tokio::test]
async fn without_weights_every_response_counts_as_one() {
    let world = World::new().await;
    world.hear("registry", registry()).await;

    world.hear("survey", told(&COMMUNES.map(|of| (of.0, of.1, None, of.3, of.4)))).await;

    let found = estimates(&world, SURVEY).await.unwrap();
    assert_eq!(survey_points(&world).await, "3.75");
    assert_eq!((found.weighting(), found.is_finite), (Weighting::None, false));
    assert_near(found.statistics[0].figures[0].value.as_ref(), 42.0 / 56.0);
}

#[tokio::test]
async fn a_recomputation_weighs_the_same_and_finds_another_weight() {
    let stored = [("registry", registry()), ("assignment", vec![]), ("survey", told(&COMMUNES))];
    let world = world_with(stored).await;
    world.hear("registry", registry()).await;
    world.hear("survey", told(&COMMUNES)).await;

    let equal = verify(&world).await.unwrap();
    let tamper = r#"update reporting.surveys
                    set drawn = jsonb_set(drawn, '{clusters,06649,base_weight}', '"31"')"#;
    sqlx::raw_sql(tamper).execute(world.pool()).await.unwrap();
    let tampered = verify(&world).await.unwrap();

    assert_eq!(equal.differences, []);
    let found: Vec<&str> = tampered.differences.iter().map(|one| &one.what[..]).collect();
    assert_eq!(found, ["drawn S-5/06649"]);
}

/// The synthetic sample: by commune its district, the weight, sizes of district and commune, and the counts of
/// an item's answers.
struct Synthetic {
    district: String,
    weight: String,
    communes: i32,
    people: i64,
    counts: [i64; 6],
}

pub(crate) fn reference(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../cchc/tests/data/survey");
    std::fs::read_to_string(format!("{folder}/{name}")).unwrap()
}

fn synthetic() -> BTreeMap<String, Synthetic> {
    let text = reference("sipas_a.csv");
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header = lines.next().unwrap();
    let place = |name: &str| header.iter().position(|column| *column == name).unwrap();
    let mut communes = BTreeMap::new();
    for row in lines {
        let cell = |name: &str| row[place(name)];
        let of = communes.entry(cell("commune").to_owned()).or_insert_with(|| Synthetic {
            district: cell("district").to_owned(),
            weight: cell("weight").to_owned(),
            communes: cell("fpc_commune").parse().unwrap(),
            people: cell("fpc_adult").parse().unwrap(),
            counts: [0; 6],
        });
        of.counts[cell("q01").parse::<usize>().unwrap_or(0)] += 1;
    }
    communes
}

/// What R found of the item, by the name of the case.
pub(crate) fn case(id: &str) -> Value {
    let read: Value = serde_json::from_str(&reference("sipas_a_shared.json")).unwrap();
    let cases = read["cases"].as_array().unwrap();
    cases.iter().find(|case| case["id"] == id).unwrap()["result"].clone()
}

async fn of_synthetic(has_populations: bool) -> SurveyEstimates {
    let world = World::new().await;
    world.hear("registry", registry()).await;
    let communes = synthetic();
    let cluster = |(code, of): (&String, &Synthetic)| Cluster {
        stratum_code: of.district.clone(),
        cluster_code: code.clone(),
        wanted_count: 1,
        base_weight: (!has_populations).then(|| Decimal { value: of.weight.clone() }),
        population_count: has_populations.then_some(of.people),
    };
    let sizes = communes.values().map(|of| (&of.district, of.communes));
    let strata = sizes.collect::<BTreeMap<_, _>>().into_iter().map(|(code, communes)| Stratum {
        stratum_code: code.clone(),
        commune_count: communes,
        ..Stratum::default()
    });
    let strata = strata.filter(|_| has_populations).collect();
    let mut told = vec![opened(communes.iter().map(cluster).collect(), strata)];
    told.extend(communes.iter().map(|(code, of)| tallied(&of.district, code, of.counts)));
    world.hear("survey", told).await;
    estimates(&world, SURVEY).await.unwrap()
}

fn assert_figure(found: &SurveyFigure, expected: &Value) {
    let of = |key: &str| expected[key].as_f64().unwrap();
    assert_near(found.value.as_ref(), of("estimate"));
    assert_near(found.standard_error.as_ref(), of("se"));
}

#[tokio::test]
async fn estimates_with_base_weights_are_those_of_r() {
    let found = of_synthetic(false).await;

    assert_eq!((found.weighting(), found.is_finite), (Weighting::BaseWeight, false));
    assert_eq!(found.silent_cluster_count, 0);
    let statistic = &found.statistics[0];
    let (province, districts) = statistic.figures.split_first().unwrap();
    assert_figure(province, &case("sipas_a_item_q01")[0]);
    assert_eq!(province.degrees_of_freedom, 28);
    let logit = case("sipas_a_item_xlogit_q01");
    assert_near(province.low.as_ref(), logit["ci"][0].as_f64().unwrap());
    assert_near(province.high.as_ref(), logit["ci"][1].as_f64().unwrap());
    for (district, expected) in
        districts.iter().zip(case("sipas_a_by_district_q01").as_array().unwrap())
    {
        assert_eq!(district.stratum_code, expected["name"].as_str().unwrap());
        assert_figure(district, expected);
        assert_eq!(district.degrees_of_freedom, 2);
    }
    assert_eq!(districts.len(), 14);
}

#[tokio::test]
async fn populations_make_weights_and_errors_of_two_stages_as_in_r() {
    let found = of_synthetic(true).await;

    assert_eq!((found.weighting(), found.is_finite), (Weighting::Population, true));
    assert_figure(&found.statistics[0].figures[0], &case("sipas_a_item_fpc2_q01")[0]);
}

#[tokio::test]
async fn few_answers_are_withheld_with_what_would_give_them_away() {
    let world = World::new().await;
    world.hear("registry", registry()).await;
    let communes = [
        ("193", "06649", None, 10, 20),
        ("194", "06652", None, 3, 4),
        ("195", "06655", None, 12, 16),
        ("196", "06658", None, 20, 40),
    ];

    world.hear("survey", told(&communes)).await;

    let found = estimates(&world, SURVEY).await.unwrap();
    let figures = &found.statistics[0].figures;
    let shown = |figure: &SurveyFigure| (figure.stratum_code.clone(), figure.answer_count);
    let district = |code: &str, answers| (code.to_owned(), answers);
    assert_eq!(
        figures.iter().map(shown).collect::<Vec<_>>(),
        [
            district("", Some(80)),
            district("193", Some(20)),
            district("194", None),
            district("195", None),
            district("196", Some(40)),
        ]
    );
    assert_eq!(figures[2].remarks, [i32::from(Remark::Withheld)]);
    assert_eq!((figures[2].value.as_ref(), figures[2].low.as_ref()), (None, None));
    let cautions = [Remark::FewAnswers, Remark::NoStandardError].map(i32::from);
    assert_eq!(figures[1].remarks, cautions);
    assert_eq!(figures[0].remarks, [i32::from(Remark::NoStandardError)]);
    assert_eq!(figures[1].stratum_name, "Thành phố Hạ Long");
}

#[tokio::test]
async fn a_survey_that_the_plan_does_not_have_is_not_found() {
    let world = World::full().await;

    let refused = estimates(&world, "S-9").await.unwrap_err();

    assert_refused(&refused, Code::NotFound, "SURVEY_NOT_FOUND");
}
