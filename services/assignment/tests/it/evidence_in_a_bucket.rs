//! Documents in a bucket at a server that speaks S3: what holds for a folder holds there.

use cchc_assignment::startup;
use cchc_core::Role;
use cchc_kit::config::{BucketConfig, Config};
use cchc_testkit::{Bench, assert_refused, request};
use tonic::Code;

use crate::{
    evidence::{CHUNK, Metadata, client, fetch, files_below, metadata, received, start, upload},
    hall::refused,
    s3_server::{BUCKET, KEY, S3Server, SECRET},
    sample::id,
};

fn with_bucket(settings: BucketConfig) -> impl FnOnce(&mut Config) {
    move |config| config.evidence.bucket = Some(settings)
}

#[tokio::test]
async fn in_a_bucket_an_upload_goes_on_where_it_was_cut_over_a_restart_of_either_side() {
    let (bench, mut server) = (Bench::new("assignment").await, S3Server::start().await);
    let running = start(&bench, with_bucket(server.settings())).await;
    let token = bench.token("can-bo", "193", &[Role::AgencyReporter]);
    let whole = metadata(50);
    let cut = upload(&running, whole.clone(), 0..31, &token).await.unwrap_err();
    assert_refused(&cut, Code::FailedPrecondition, "UPLOAD_INCOMPLETE");
    running.stop().await;
    server.kill().await;
    server.return_to_work().await;

    let running = start(&bench, with_bucket(server.settings())).await;
    let kept = received(&running, &whole.request_id, &token).await;
    let rest = Metadata { offset: kept, ..whole.clone() };
    let stored = upload(&running, rest, 31..50, &token).await.unwrap();
    let again = upload(&running, whole.clone(), 0..50, &token).await.unwrap();
    let other = Metadata { request_id: id(), name: "Bản sao.pdf".to_owned(), ..whole.clone() };
    let copy = upload(&running, other, 0..50, &token).await.unwrap();
    let (header, hash) = fetch(&running, &stored.evidence_id, &token).await.unwrap();

    assert_eq!(kept, i64::try_from(31 * CHUNK).unwrap());
    assert_eq!((&again, stored.version), (&stored, 1));
    assert_ne!(copy.evidence_id, stored.evidence_id);
    assert_eq!((header.evidence.unwrap(), hash), (stored, whole.sha256.clone()));
    assert_eq!(files_below(&server.objects()), 1, "stored once, and nothing else stays");
    let blob = format!("{BUCKET}/blobs/{}/{}", &whole.sha256[..2], whole.sha256);
    assert!(server.objects().join(blob).is_file());
    running.stop().await;
}

#[tokio::test]
async fn what_is_not_what_it_says_leaves_nothing_in_a_bucket() {
    let (bench, server) = (Bench::new("assignment").await, S3Server::start().await);
    let running = start(&bench, with_bucket(server.settings())).await;
    let token = bench.token("can-bo", "193", &[Role::AgencyReporter]);
    let lie = Metadata { name: "Ảnh.png".to_owned(), ..metadata(2) };
    let other = Metadata { sha256: "0".repeat(64), ..metadata(2) };

    let lying = upload(&running, lie, 0..2, &token).await;
    let hashed = upload(&running, other, 0..2, &token).await;

    refused(lying, Code::InvalidArgument, "TYPE_MISMATCH");
    refused(hashed, Code::InvalidArgument, "SHA256_MISMATCH");
    assert_eq!(files_below(&server.objects()), 0);
    running.stop().await;
}

#[tokio::test]
async fn while_the_server_is_away_documents_are_unavailable_and_nothing_kept_is_lost() {
    let (bench, mut server) = (Bench::new("assignment").await, S3Server::start().await);
    let running = start(&bench, with_bucket(server.settings())).await;
    let token = bench.token("can-bo", "193", &[Role::AgencyReporter]);
    let stored = upload(&running, metadata(1), 0..1, &token).await.unwrap();
    let whole = metadata(30);
    upload(&running, whole.clone(), 0..21, &token).await.unwrap_err();
    let kept = received(&running, &whole.request_id, &token).await;
    let rest = Metadata { offset: kept, ..whole.clone() };

    server.kill().await;
    let cut = upload(&running, rest.clone(), 21..30, &token).await;
    let asked = fetch(&running, &stored.evidence_id, &token).await;
    running.stop().await;
    let running = start(&bench, with_bucket(server.settings())).await;
    let at_start = upload(&running, rest.clone(), 21..30, &token).await;
    server.return_to_work().await;
    let went_on = upload(&running, rest, 21..30, &token).await.unwrap();
    let (_, hash) = fetch(&running, &stored.evidence_id, &token).await.unwrap();

    refused(cut, Code::Unavailable, "EVIDENCE_STORE_AWAY");
    refused(asked, Code::Unavailable, "EVIDENCE_STORE_AWAY");
    refused(at_start, Code::Unavailable, "EVIDENCE_STORE_AWAY");
    assert_eq!((went_on.sha256, hash), (whole.sha256, stored.sha256.clone()));
    let ask = cchc_proto::assignment::v1::GetEvidenceRequest { evidence_id: stored.evidence_id };
    let seen = client(&running).get_evidence(request(ask, &token)).await.unwrap().into_inner();
    assert_eq!(seen.views.len(), 1, "who got nothing has seen nothing");
    running.stop().await;
}

#[tokio::test]
async fn a_service_does_not_start_with_a_key_or_a_bucket_that_the_server_does_not_know() {
    let (bench, server) = (Bench::new("assignment").await, S3Server::start().await);
    let sound = server.settings();
    let other_secret = server.file("other-secret", "khoa-khac-cung-phai-giu-kin");
    let other_key = server.file("other-key", "nguoi-la");
    let start = async |change: &dyn Fn(&mut Config)| {
        let mut config = bench.config();
        config.evidence.bucket = Some(sound.clone());
        change(&mut config);
        startup::build(config).await.map(|_| ()).unwrap_err().to_string()
    };
    let with = |change: &dyn Fn(&mut BucketConfig), config: &mut Config| {
        config.evidence.bucket.as_mut().map(change).unwrap();
    };

    let secret = start(&|config| {
        with(&|bucket| bucket.secret_key_file.clone_from(&other_secret), config);
    })
    .await;
    let key = start(&|config| {
        with(&|bucket| bucket.access_key_file.clone_from(&other_key), config);
    })
    .await;
    let name = start(&|config| with(&|bucket| bucket.name = "thung-khac".to_owned(), config)).await;
    let unread =
        start(&|config| with(&|bucket| bucket.secret_key_file = "khong-co".into(), config)).await;
    let both = start(&|config| config.evidence.folder = Some("tai-lieu".into())).await;
    let large = start(&|config| config.evidence.most_bytes = 6 << 30).await;

    for said in [&secret, &key] {
        assert!(said.contains("does not let this access key"), "{said}");
        let told =
            [KEY, SECRET, "khoa-khac", "nguoi-la"].into_iter().find(|text| said.contains(text));
        assert_eq!(told, None, "{said}");
    }
    assert!(name.contains("no bucket thung-khac"), "{name}");
    assert!(unread.contains("cannot read khong-co"));
    assert!(both.contains("a folder or a bucket, not both"));
    assert!(large.contains("most_bytes is above 5368709120"));
}
