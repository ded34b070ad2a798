//! How many people responses stand for: said of every commune or of none, and told with the survey.

use cchc_proto::{
    common::v1::Decimal,
    survey::v1::{
        SamplePlan, Survey,
        sample_plan::{Allocation, Stratum},
    },
};
use tonic::Status;
use tonic_types::StatusExt as _;

use crate::field::{Field, survey};

fn weight(value: &str) -> Decimal {
    Decimal { value: value.to_owned() }
}

fn plan(population: i64) -> SamplePlan {
    let stratum = |code: &str, quota| Stratum {
        stratum_code: code.to_owned(),
        population,
        commune_count: 9,
        quota: Some(quota),
    };
    SamplePlan {
        allocation: Allocation::Given.into(),
        strata: vec![stratum("193", 60), stratum("194", 40)],
        ..SamplePlan::default()
    }
}

fn refused(status: &Status) -> Vec<(String, String)> {
    let details = status.get_error_details();
    let violations = details.bad_request().unwrap().field_violations.iter();
    violations.map(|v| (v.field.clone(), v.reason.clone())).collect()
}

fn expect(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(path, reason)| (format!("survey.{path}"), (*reason).to_owned())).collect()
}

#[tokio::test]
async fn weights_and_populations_are_of_every_commune_or_of_none() {
    let field = Field::new().await;
    let mut faulty = survey();
    faulty.clusters[0].base_weight = Some(weight("12.5"));
    faulty.clusters[1].population_count = Some(10);

    let refusal = field.open_survey(faulty).await.unwrap_err();

    assert_eq!(
        refused(&refusal),
        expect(&[
            ("clusters[0].population_count", "POPULATION_MISSING"),
            ("clusters[1].base_weight", "WEIGHT_MISSING"),
            ("clusters[1].wanted_count", "WANTED_ABOVE_POPULATION"),
            ("clusters[2].base_weight", "WEIGHT_MISSING"),
            ("clusters[2].population_count", "POPULATION_MISSING"),
            ("sample_plan", "POPULATION_WITHOUT_PLAN"),
        ])
    );
    field.running.stop().await;
}

#[tokio::test]
async fn weights_and_populations_are_within_reason() {
    let field = Field::new().await;
    let mut beyond = survey();
    beyond.clusters[0].base_weight = Some(weight("1000000.1"));
    beyond.clusters[1].base_weight = Some(weight("0"));
    beyond.clusters[2].population_count = Some(0);
    let mut crowded = Survey { sample_plan: Some(plan(179)), ..survey() };
    crowded.clusters.iter_mut().for_each(|cluster| cluster.population_count = Some(90));

    let beyond = field.open_survey(beyond).await.unwrap_err();
    let crowded = field.open_survey(crowded).await.unwrap_err();

    assert_eq!(
        refused(&beyond),
        expect(&[
            ("clusters[0].base_weight", "OUT_OF_RANGE"),
            ("clusters[1].base_weight", "OUT_OF_RANGE"),
            ("clusters[2].population_count", "OUT_OF_RANGE"),
        ])
    );
    let path = "sample_plan.strata[0].population";
    assert_eq!(refused(&crowded), expect(&[(path, "POPULATION_ABOVE_STRATUM")]));
    field.running.stop().await;
}

#[tokio::test]
async fn how_a_sample_was_drawn_can_be_read_again() {
    let field = Field::new().await;
    let mut drawn = Survey { sample_plan: Some(plan(180)), ..survey() };
    for (cluster, value) in drawn.clusters.iter_mut().zip(["392.025", "1", "0.5"]) {
        (cluster.base_weight, cluster.population_count) = (Some(weight(value)), Some(90));
    }

    let opened = field.open_survey(drawn.clone()).await.unwrap();

    assert_eq!(Survey { state: 0, ..opened.clone() }, drawn);
    assert_eq!(field.progress().await.survey, Some(opened));
    field.running.stop().await;
}
