//! A year of the province from its plan to the rollup: loaded, pushed by agencies, appraised, asked,
//! and compared with the recomputation.

use cchc_proto::reporting::v1::{BaselineBasis, Layer, Verdict};
use harness::{
    World,
    calls::{appraisal, assessment, clusters, index_of, node_of, responses, value},
};
use tonic::Code;

#[tokio::test]
async fn the_plan_stands_in_the_rollup_exactly_as_stated() {
    let world = World::start().await;
    world.calls().load_plan().await;

    let rollup = world.calls().rollup().await;

    let par = node_of(&rollup, "PAR-2018/0");
    assert_eq!(value(par.baseline.as_ref()), "89.45");
    assert_eq!(par.baseline_basis(), BaselineBasis::Stated);
    assert_eq!(value(par.target.as_ref()), "92.28");
    assert_eq!(value(par.max.as_ref()), "100");
    assert_eq!(par.computed_target, None, "the eight dimensions add up exactly");
    let dimensions = index_of(&rollup, "PAR-2018").nodes.iter().filter(|n| n.depth == 1);
    assert_eq!(dimensions.count(), 8);
    assert_eq!(value(node_of(&rollup, "SIPAS-2018/0").target.as_ref()), "95");
    let papi = node_of(&rollup, "PAPI-2018/0");
    assert_eq!(value(papi.target.as_ref()), "39", "what is stated stays as stated");
    assert_eq!(value(papi.computed_target.as_ref()), "40.1", "what it adds up to stands beside");
    assert!(papi.finding_kinds.iter().any(|kind| kind == "sum-of-targets"), "{papi:?}");
    assert_eq!(papi.points_verdict(), Verdict::NotAssessable);
    let tasks = rollup.tasks.unwrap();
    assert_eq!((tasks.task_count, tasks.assignment_count), (62, 713));
    world.calls().verify().await;
}

#[tokio::test]
async fn layers_stand_side_by_side_and_the_best_one_makes_the_estimate() {
    let world = World::start().await;
    world.calls().load_plan().await;
    let leads = [
        ("1", "22-SNV", "10"),
        ("2", "22-STP", "9"),
        ("3", "22-VPUBND", "14.5"),
        ("4", "22-SNV", "9.5"),
        ("5", "22-SNV", "14"),
        ("6", "22-STC", "6.6"),
        ("7", "22-STTTT", "14"),
        ("8", "22-SNV", "15.5"),
    ];

    for (node, unit, points) in leads {
        let row = assessment(&format!("PAR-2018/{node}"), unit, points);
        let receipt = world.calls().assess(&world.people.agency(unit), vec![row]).await.unwrap();
        assert_eq!(receipt.accepted_count, 1, "{node}: {receipt:?}");
    }
    world.calls().settle().await;
    let assessed = world.calls().rollup().await;
    let cut = vec![appraisal("PAR-2018/1", "9.5"), appraisal("PAR-2018/7", "13.5")];
    world.calls().appraise(&world.people.appraiser(), cut).await.unwrap();
    world.calls().settle().await;
    let appraised = world.calls().rollup().await;

    let estimate = |rollup, node| {
        let estimate = node_of(rollup, node).estimate.clone().unwrap();
        (estimate.basis(), value(estimate.points.as_ref()).to_owned())
    };
    assert_eq!(estimate(&assessed, "PAR-2018/0"), (Layer::Self_, "93.1".to_owned()));
    assert_eq!(node_of(&assessed, "PAR-2018/0").points_verdict(), Verdict::Met);
    assert_eq!(estimate(&appraised, "PAR-2018/1"), (Layer::Appraised, "9.5".to_owned()));
    assert_eq!(estimate(&appraised, "PAR-2018/0"), (Layer::Unspecified, "92.1".to_owned()));
    assert_eq!(node_of(&appraised, "PAR-2018/0").points_verdict(), Verdict::Missed);
    assert_eq!(value(node_of(&appraised, "PAR-2018/0").gap.as_ref()), "0.18");
    let selves = &node_of(&appraised, "PAR-2018/1").layers;
    assert_eq!(value(selves[0].points.as_ref()), "10", "the self-assessment is still there");
    world.calls().verify().await;
}

#[tokio::test]
async fn explanations_are_for_those_whose_province_it_is() {
    let world = World::start().await;
    world.calls().load_plan().await;
    let ask = cchc_proto::reporting::v1::ExplainScoreRequest {
        plan_code: "QN-2018".to_owned(),
        node_id: "PAR-2018/1".to_owned(),
        as_of_time: None,
    };
    let row = assessment("PAR-2018/1", "22-SNV", "9.5");
    world.calls().assess(&world.people.agency("22-SNV"), vec![row]).await.unwrap();
    world.calls().settle().await;

    let explained = world
        .calls()
        .rollups()
        .explain_score(cchc_testkit::request(ask.clone(), &world.people.leader()))
        .await
        .unwrap()
        .into_inner()
        .explanation
        .unwrap();
    let commune = world.people.token("xa", "06649", &[cchc_core::Role::RollupViewer]);
    let refused = world.calls().rollups().explain_score(cchc_testkit::request(ask, &commune)).await;

    assert!(explained.is_reproduced);
    assert_eq!(explained.layers[0].facts[0].unit_code, "22-SNV");
    assert_eq!(explained.layers[0].facts[0].producer, "assignment");
    assert_eq!(refused.unwrap_err().code(), Code::PermissionDenied);
}

#[tokio::test]
async fn a_survey_counts_in_groups_and_is_final_once_it_is_closed() {
    let world = World::start().await;
    world.calls().load_plan().await;
    let (district, communes) = clusters().remove(0);
    let collector = world.people.collector(&district);
    let survey = |rollup| {
        let layers = node_of(rollup, "SIPAS-2018/0").layers.clone();
        layers.first().map(|layer| (value(layer.points.as_ref()).to_owned(), layer.is_complete))
    };

    world.calls().ingest(&collector, responses(&communes[0], 9)).await.unwrap();
    world.calls().settle().await;
    let held = world.calls().rollup().await;
    world.calls().ingest(&collector, responses(&communes[1], 7)).await.unwrap();
    world.calls().settle().await;
    let released = world.calls().rollup().await;
    world.calls().close_survey();
    world.calls().settle().await;
    let closed = world.calls().rollup().await;

    assert_eq!(survey(&held), None, "nine responses are too few to be told");
    // 12 of the 14 who answered the general question are satisfied.
    assert_eq!(survey(&released), Some(("85.714285714".to_owned(), false)));
    assert_eq!(survey(&closed), Some(("85.714285714".to_owned(), true)));
    world.calls().verify().await;
}
