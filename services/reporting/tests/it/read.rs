//! What the rollup shows.

use cchc_core::Role;
use cchc_proto::reporting::v1::{BaselineBasis, Layer, NodeRollup, Verdict};
use cchc_testkit::assert_refused;
use tonic::Code;

use crate::{
    province::{PLAN, measured, opened, registry, tallied},
    world::World,
};

fn points(node: &NodeRollup, layer: Layer) -> Option<String> {
    let score = node.layers.iter().find(|score| score.layer() == layer)?;
    Some(score.points.clone().map(|points| points.value).unwrap_or_default())
}

#[tokio::test]
async fn every_layer_stands_beside_baseline_and_target() {
    let world = World::full().await;

    let rollup = world.rollup().await;

    assert_eq!((rollup.province_name.as_str(), rollup.year), ("Tỉnh Quảng Ninh", 2018));
    let one = world.node("PAR-2018/1").await;
    assert_eq!(points(&one, Layer::Self_).as_deref(), Some("9.25"));
    assert_eq!(points(&one, Layer::Appraised).as_deref(), Some("8.75"));
    assert_eq!(one.estimate.unwrap().basis(), Layer::Appraised);
    assert_eq!(one.baseline.unwrap().value, "7.5");
    assert_eq!(one.baseline_basis, i32::from(BaselineBasis::Implied));
    assert_eq!(
        (one.gap.unwrap().value.as_str(), one.points_verdict),
        ("0.25", Verdict::Missed.into())
    );
    assert_eq!(one.lead_unit_name, "Sở Nội vụ");
    assert!(one.note.contains("lần 1"), "{}", one.note);
    // 140 of 150 are 93.33 %, of 95 % for ten points.
    let two = world.node("PAR-2018/2").await;
    assert_eq!(points(&two, Layer::Self_).as_deref(), Some("9.824561404"));
    assert_eq!(two.coverage.map(|c| (c.reported_count, c.expected_count)), Some((2, 2)));
    let three = world.node("PAR-2018/3").await;
    assert_eq!(points(&three, Layer::Survey).as_deref(), Some("3.75"));
    let whole = world.node("PAR-2018/0").await;
    let estimate = whole.estimate.unwrap();
    assert_eq!(estimate.points.clone().unwrap().value, "22.324561404");
    assert_eq!((estimate.basis(), estimate.is_complete), (Layer::Unspecified, true));
    assert_eq!(estimate.ratio_percent.unwrap().value, "89.30");
    assert_eq!(whole.computed_target.unwrap().value, "22");
    assert!(whole.finding_kinds.contains(&"sum-of-targets".to_owned()));
    assert_eq!(whole.rank_verdict, i32::from(Verdict::NotAssessable));
}

#[tokio::test]
async fn tasks_are_late_after_their_day_and_overdue_when_not_done() {
    let world = World::full().await;

    let tasks = world.rollup().await.tasks.unwrap();

    assert_eq!((tasks.task_count, tasks.assignment_count), (1, 2));
    assert_eq!((tasks.submitted_count, tasks.late_count, tasks.overdue_count), (1, 1, 1));
}

#[tokio::test]
async fn what_is_missing_is_said_and_not_taken_for_nothing() {
    let world = World::new().await;
    world.hear("registry", registry()).await;
    world.hear("assignment", vec![measured("193", 1, Some(("90", "100")))]).await;
    world.hear("survey", vec![opened(), tallied(&[("Q1", "06649", 9, 9)])]).await;

    let (two, three) = (world.node("PAR-2018/2").await, world.node("PAR-2018/3").await);
    let whole = world.node("PAR-2018/0").await;

    assert_eq!(two.note, "Còn 1/2 đơn vị chưa báo cáo.");
    assert!(!two.estimate.unwrap().is_complete);
    assert_eq!(three.note, "Có dưới 10 câu trả lời nên chưa hiển thị kết quả khảo sát.");
    assert_eq!(three.estimate, None);
    assert_eq!(whole.note, "Còn 2/3 mục thành phần chưa có điểm.");
    assert_eq!(whole.estimate.unwrap().points, None);
    assert_eq!(whole.points_verdict, i32::from(Verdict::NotAssessable));
}

#[tokio::test]
async fn a_revision_is_one_change_and_names_one_checksum() {
    let world = World::full().await;
    let before = world.rollup().await;

    world.hear("assignment", vec![measured("194", 1, Some(("1", "50")))]).await;
    let same = world.rollup().await;
    world.hear("assignment", vec![measured("194", 2, Some(("46", "50")))]).await;
    let after = world.rollup().await;

    // A version that is not newer moves the watermark and nothing else.
    assert_eq!((same.revision, &same.checksum), (before.revision, &before.checksum));
    assert_ne!(same.watermarks, before.watermarks);
    assert_eq!(after.revision, before.revision + 1);
    assert_ne!(after.checksum, before.checksum);
}

#[tokio::test]
async fn what_cannot_be_read_is_parked_and_the_rest_goes_on() {
    let world = World::full().await;

    let good = measured("194", 2, Some(("50", "50")));
    world.hear("assignment", vec![measured("193", 0, Some(("1", "1"))), good]).await;
    let rollup = world.rollup().await;

    let heard = rollup.watermarks.iter().find(|of| of.producer == "assignment").unwrap();
    assert_eq!((heard.sequence, heard.parked_count), (10, 1));
    assert_eq!(points(&world.node("PAR-2018/2").await, Layer::Self_).as_deref(), Some("10"));
}

#[tokio::test]
async fn a_plan_nobody_published_is_not_found() {
    let world = World::new().await;

    let refused = world.get(&world.viewer(), PLAN).await.unwrap_err();
    let unreadable = world.get(&world.viewer(), "qn 2018").await.unwrap_err();

    assert_refused(&refused, Code::NotFound, "PLAN_NOT_FOUND");
    assert_refused(&unreadable, Code::InvalidArgument, "INVALID_REQUEST");
}

#[tokio::test]
async fn another_province_does_not_see_it() {
    let world = World::full().await;
    let stranger = world.bench.token("stranger", "24", &[Role::RollupViewer]);
    let district = world.bench.token("district", "193", &[Role::RollupViewer]);

    let refused = world.get(&stranger, PLAN).await.unwrap_err();
    let shown = world.get(&district, PLAN).await;

    assert_refused(&refused, Code::PermissionDenied, "UNIT_NOT_YOURS");
    assert!(shown.is_ok());
}
