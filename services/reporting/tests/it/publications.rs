//! Publications: frozen, numbered, signed; and what became of them.

use cchc_core::Role;
use cchc_kit::signing::PublicKey;
use cchc_proto::{
    convert::timestamp,
    reporting::v1::{
        GetPublicationResponse, Publication, PublicationContent, PublishRollupRequest, Rollup,
        Statement,
    },
};
use cchc_testkit::{assert_refused, violations_of};
use futures::future::join_all;
use prost::Message as _;
use time::{Duration, OffsetDateTime};
use tonic::Code;
use uuid::Uuid;

use crate::{
    press::Press,
    province::{PLAN, assessed},
};

/// What is published, as it is cited.
pub fn asked(etag: &str) -> PublishRollupRequest {
    PublishRollupRequest {
        request_id: Uuid::now_v7().to_string(),
        plan_code: PLAN.to_owned(),
        title: "Số liệu sáu tháng".to_owned(),
        reason: "Phiên họp thường kỳ".to_owned(),
        document_number: "Báo cáo số 12/BC-SNV".to_owned(),
        as_of_time: None,
        embargo_end_time: None,
        etag: etag.to_owned(),
    }
}

fn content(of: &GetPublicationResponse) -> PublicationContent {
    PublicationContent::decode(of.content.as_slice()).unwrap()
}

fn named(of: &GetPublicationResponse) -> Vec<&str> {
    of.revisions.iter().map(|revision| revision.node_id.as_str()).collect()
}

#[tokio::test]
async fn what_is_published_is_the_rollup_that_was_read_signed() {
    let press = Press::new().await;
    let live = press.world.rollup().await;

    let made = press.publish(asked(&live.checksum)).await.unwrap();
    let got = press.get(&press.viewer(), 1).await.unwrap();

    assert_eq!((made.number, made.publisher.as_str()), (1, "cong-bo"));
    assert_eq!(got.publication.as_ref(), Some(&made));
    assert_eq!(named(&got), [] as [&str; 0]);
    let key = PublicKey::from_pem(&got.public_key).unwrap();
    assert_eq!(key.id(), made.key_id);
    assert!(key.has_signed(&got.content, &got.signature));
    let signed = content(&got);
    let rollup = signed.rollup.unwrap();
    let timeless = |mut rollup: Rollup| {
        rollup.watermarks.iter_mut().for_each(|mark| mark.apply_time = None);
        rollup
    };
    assert_eq!(rollup, timeless(live.clone()));
    assert_eq!((signed.number, signed.document_number.as_str()), (1, "Báo cáo số 12/BC-SNV"));
    assert_eq!(press.cited().await, 1);
    let proof = press.verify(1).await.unwrap();
    assert!(proof.is_signature_valid && proof.is_reproduced);
    assert_eq!((proof.recomputed_rollup_checksum, proof.fact_count), (live.checksum, 15));
}

#[tokio::test]
async fn a_later_correction_changes_nothing_of_it_and_shows_beside_it() {
    let press = Press::new().await;
    let live = press.world.rollup().await;
    press.publish(asked(&live.checksum)).await.unwrap();
    let before = press.get(&press.viewer(), 1).await.unwrap();

    press.world.hear("assignment", vec![assessed(3, "8")]).await;
    let after = press.get(&press.viewer(), 1).await.unwrap();

    assert_eq!((&after.content, &after.signature), (&before.content, &before.signature));
    assert_eq!(named(&after), ["PAR-2018/0", "PAR-2018/1"]);
    let layers =
        |of: &Option<Statement>| of.as_ref().unwrap().layers[0].points.clone().unwrap().value;
    let revision = &after.revisions[1];
    assert_eq!(
        (layers(&revision.published), layers(&revision.present)),
        ("9.25".to_owned(), "8".to_owned())
    );
    assert_eq!(press.cited().await, 0);
    assert!(press.verify(1).await.unwrap().is_reproduced);
}

#[tokio::test]
async fn the_rollup_of_an_instant_is_published_and_recomputed_as_of_it() {
    let press = Press::new().await;
    let instant = OffsetDateTime::now_utc();
    let past = press.world.as_of(instant).await.unwrap();
    let of_the_past =
        PublishRollupRequest { as_of_time: Some(timestamp(instant)), ..asked(&past.checksum) };

    press.publish(of_the_past).await.unwrap();

    let got = press.get(&press.viewer(), 1).await.unwrap();
    assert_eq!(content(&got).rollup, Some(past));
    let proof = press.verify(1).await.unwrap();
    assert!(proof.is_signature_valid && proof.is_reproduced);
    let ahead = Some(timestamp(OffsetDateTime::now_utc() + Duration::HOUR));
    let ahead = PublishRollupRequest { as_of_time: ahead, ..asked("x") };
    assert_refused(
        &press.publish(ahead).await.unwrap_err(),
        Code::FailedPrecondition,
        "TIME_IN_FUTURE",
    );
}

#[tokio::test]
async fn what_looking_back_shows_is_not_changed_by_what_is_published_later() {
    let press = Press::new().await;
    let instant = Some(OffsetDateTime::now_utc());
    let before = press.answer(instant).await;
    let live = press.world.rollup().await;

    press.publish(asked(&live.checksum)).await.unwrap();

    assert_eq!(press.cited().await, 1);
    assert_eq!(before.rollup.as_ref().map(|past| &past.checksum), Some(&live.checksum));
    assert_eq!(press.answer(instant).await.encode_to_vec(), before.encode_to_vec());
}

#[tokio::test]
async fn a_hundred_at_once_are_numbered_without_gaps_and_each_request_once() {
    let press = Press::new().await;
    let checksum = press.world.rollup().await.checksum;
    let mut wanted: Vec<_> = (0..100).map(|_| asked(&checksum)).collect();
    wanted.extend(wanted[..20].to_vec());

    let made = join_all(wanted.iter().map(|wish| press.publish(wish.clone()))).await;

    let made: Vec<Publication> = made.into_iter().map(Result::unwrap).collect();
    let mut numbers: Vec<i32> = made[..100].iter().map(|of| of.number).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=100).collect::<Vec<_>>());
    assert_eq!(made[100..], made[..20]);
    assert_eq!(press.keys().await.len(), 1);
    let mut listed: Vec<i32> = Vec::new();
    let mut page_token = String::new();
    loop {
        let page = press.list(&press.viewer(), 40, page_token).await.unwrap();
        listed.extend(page.publications.iter().map(|of| of.number));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    assert_eq!(listed, (1..=100).rev().collect::<Vec<_>>());
}

#[tokio::test]
async fn what_is_refused_is_refused_with_its_reason() {
    let press = Press::new().await;
    let checksum = press.world.rollup().await.checksum;
    let good = asked(&checksum);
    let elsewhere = press.world.bench.token("ha-long", "193", &[Role::RollupPublisher]);
    let earlier = Some(timestamp(OffsetDateTime::now_utc() - Duration::HOUR));

    let empty = PublishRollupRequest {
        request_id: good.request_id.clone(),
        ..PublishRollupRequest::default()
    };
    let empty = press.publish(empty).await.unwrap_err();
    let other = press.publish(asked("0".repeat(64).as_str())).await.unwrap_err();
    let past = PublishRollupRequest { embargo_end_time: earlier, ..asked(&checksum) };
    let past = press.publish(past).await.unwrap_err();
    let unknown = PublishRollupRequest { plan_code: "QN-2019".to_owned(), ..asked(&checksum) };
    let unknown = press.publish(unknown).await.unwrap_err();
    let stranger = press.publish_as(&elsewhere, asked(&checksum)).await.unwrap_err();
    let viewer = press.publish_as(&press.viewer(), asked(&checksum)).await.unwrap_err();
    press.publish(good.clone()).await.unwrap();
    let reused = PublishRollupRequest { title: "Khác".to_owned(), ..good };
    let reused = press.publish(reused).await.unwrap_err();
    let missing = press.get(&press.viewer(), 2).await.unwrap_err();

    let violations = violations_of(&empty);
    let paths: Vec<_> = violations.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["plan_code", "title", "reason", "etag"]);
    assert_refused(&other, Code::Aborted, "ETAG_MISMATCH");
    assert_refused(&past, Code::FailedPrecondition, "EMBARGO_PASSED");
    assert_refused(&unknown, Code::NotFound, "PLAN_NOT_FOUND");
    assert_refused(&stranger, Code::PermissionDenied, "UNIT_NOT_YOURS");
    assert_refused(&viewer, Code::PermissionDenied, "ROLE_MISSING");
    assert_refused(&reused, Code::InvalidArgument, "REQUEST_ID_REUSED");
    assert_refused(&missing, Code::NotFound, "PUBLICATION_NOT_FOUND");
}

#[tokio::test]
async fn before_its_embargo_ends_others_see_that_there_is_one_and_until_when() {
    let press = Press::new().await;
    let checksum = press.world.rollup().await.checksum;
    let end = Some(timestamp(OffsetDateTime::now_utc() + Duration::HOUR));
    let wish = PublishRollupRequest { embargo_end_time: end, ..asked(&checksum) };
    let operator = press.operator();

    let made = press.publish(wish).await.unwrap();
    let seen = press.list(&press.viewer(), 0, String::new()).await.unwrap().publications;
    let refused = press.get(&press.viewer(), 1).await.unwrap_err();
    let unverified = press.verify_as(&operator, 1).await.unwrap_err();

    assert!(!made.is_withheld);
    assert!(press.get(&press.publisher(), 1).await.is_ok());
    let told = Publication {
        title: String::new(),
        reason: String::new(),
        document_number: String::new(),
        rollup_checksum: String::new(),
        content_checksum: String::new(),
        is_withheld: true,
        ..made
    };
    assert_eq!(seen, [told]);
    assert_refused(&refused, Code::FailedPrecondition, "PUBLICATION_EMBARGOED");
    assert_refused(&unverified, Code::FailedPrecondition, "PUBLICATION_EMBARGOED");
    assert_eq!(press.cited().await, 0, "which rollup it is would tell what it says");
}

#[tokio::test]
async fn a_withdrawal_stands_beside_it_with_its_reason_and_only_once() {
    let press = Press::new().await;
    let checksum = press.world.rollup().await.checksum;
    let made = press.publish(asked(&checksum)).await.unwrap();
    let before = press.get(&press.viewer(), 1).await.unwrap();
    let id = Uuid::now_v7().to_string();

    let wrong = press.withdraw(&Uuid::now_v7().to_string(), 1, "khác").await.unwrap_err();
    let withdrawn = press.withdraw(&id, 1, &made.content_checksum).await.unwrap();
    let again = press.withdraw(&id, 1, &made.content_checksum).await.unwrap();
    let twice = press.withdraw(&Uuid::now_v7().to_string(), 1, &made.content_checksum).await;
    let missing = press.withdraw(&Uuid::now_v7().to_string(), 9, &made.content_checksum).await;

    assert_refused(&wrong, Code::Aborted, "ETAG_MISMATCH");
    assert_eq!(withdrawn.withdrawal.as_ref().unwrap().reason, "nhầm kỳ báo cáo");
    assert_eq!(again, withdrawn);
    assert_refused(&twice.unwrap_err(), Code::FailedPrecondition, "PUBLICATION_WITHDRAWN");
    assert_refused(&missing.unwrap_err(), Code::NotFound, "PUBLICATION_NOT_FOUND");
    let after = press.get(&press.viewer(), 1).await.unwrap();
    assert_eq!((&after.content, &after.signature), (&before.content, &before.signature));
    assert_eq!(after.publication, Some(withdrawn));
    assert_eq!(press.cited().await, 0);
    assert_eq!(press.publish(asked(&checksum)).await.unwrap().number, 2);
}

#[tokio::test]
async fn publications_outlive_the_copies_that_are_heard_again() {
    let mut press = Press::new().await;
    let checksum = press.world.rollup().await.checksum;
    press.publish(asked(&checksum)).await.unwrap();
    let before = press.get(&press.viewer(), 1).await.unwrap();

    let drop = "drop schema reporting cascade; delete from _service_migrations;
                delete from kit.watermarks; delete from kit.parked;";
    press.restart(|_| {}, drop).await;
    press.world.hear_all().await;
    let after = press.get(&press.viewer(), 1).await.unwrap();

    assert_eq!(after, before);
    assert!(press.verify(1).await.unwrap().is_reproduced);
    assert_eq!(press.publish(asked(&checksum)).await.unwrap().number, 2);
}
