//! Documents: uploaded in pieces, cut, gone on with, refused, attached, given out, and found again.

use std::{fs, path::Path};

use cchc_assignment::startup;
use cchc_core::Role;
use cchc_kit::config::{Config, Secret};
pub(crate) use cchc_proto::assignment::v1::upload_evidence_request::Metadata;
use cchc_proto::assignment::v1::{
    AttachEvidenceRequest, DownloadEvidenceRequest, Evidence, GetEvidenceRequest, GetUploadRequest,
    ListEvidenceRequest, UploadEvidenceRequest, download_evidence_response as download,
    evidence_service_client::EvidenceServiceClient, upload_evidence_request::Part,
};
use cchc_testkit::{Bench, Running, assert_refused, request, violations_of};
use sha2::{Digest as _, Sha256};
use time::macros::date;
use tonic::{Code, Status, transport::Channel};
use tonic_types::StatusExt as _;

use crate::{
    hall::{APPRAISING, EXPLAINING, Hall, SCORING, judge, refused, score},
    sample::{day, id},
};

const MIB: usize = 1024 * 1024;
pub(crate) const CHUNK: usize = 256 * 1024;

/// A document that begins like a PDF; every chunk differs.
fn chunk(place: usize) -> Vec<u8> {
    let mut bytes = format!("%PDF-1.7\n{place:020}\n").into_bytes();
    bytes.resize(CHUNK, u8::try_from(place % 251).unwrap());
    bytes
}

pub(crate) fn sha256(chunks: usize) -> String {
    let mut hash = Sha256::new();
    (0..chunks).for_each(|place| hash.update(chunk(place)));
    hex::encode(hash.finalize())
}

pub(crate) fn metadata(chunks: usize) -> Metadata {
    Metadata {
        request_id: id(),
        unit_code: "193".to_owned(),
        name: "Báo cáo quý IV.pdf".to_owned(),
        size_bytes: i64::try_from(chunks * CHUNK).unwrap(),
        sha256: sha256(chunks),
        document_number: "15/BC-UBND".to_owned(),
        document_date: Some(day(date!(2018 - 11 - 02))),
        ..Metadata::default()
    }
}

fn message(part: Part) -> UploadEvidenceRequest {
    UploadEvidenceRequest { part: Some(part) }
}

pub(crate) fn client(running: &Running) -> EvidenceServiceClient<Channel> {
    EvidenceServiceClient::new(running.channel())
}

/// Sends some chunks of a document, made as they are asked for.
pub(crate) async fn upload(
    running: &Running,
    metadata: Metadata,
    chunks: std::ops::Range<usize>,
    token: &str,
) -> Result<Evidence, Status> {
    let bytes = chunks.map(|place| message(Part::Chunk(chunk(place))));
    let all = std::iter::once(message(Part::Metadata(metadata))).chain(bytes);
    let reply = client(running).upload_evidence(request(tokio_stream::iter(all), token)).await;
    reply.map(|reply| reply.into_inner().evidence.unwrap())
}

pub(crate) async fn received(running: &Running, request_id: &str, token: &str) -> i64 {
    let ask = GetUploadRequest { request_id: request_id.to_owned() };
    let reply = client(running).get_upload(request(ask, token)).await.unwrap();
    reply.into_inner().received_bytes
}

/// The header and the hash of what is downloaded.
pub(crate) async fn fetch(
    running: &Running,
    evidence_id: &str,
    token: &str,
) -> Result<(download::Header, String), Status> {
    fetch_version(running, evidence_id, 0, token).await
}

/// The same of one version; 0 is the present one.
pub(crate) async fn fetch_version(
    running: &Running,
    evidence_id: &str,
    version: i64,
    token: &str,
) -> Result<(download::Header, String), Status> {
    let ask = DownloadEvidenceRequest { evidence_id: evidence_id.to_owned(), version };
    let mut stream = client(running).download_evidence(request(ask, token)).await?.into_inner();
    let (mut header, mut hash) = (None, Sha256::new());
    while let Some(message) = stream.message().await? {
        match message.part.unwrap() {
            download::Part::Header(first) => header = Some(first),
            download::Part::Chunk(bytes) => hash.update(bytes),
        }
    }
    let hash = hex::encode(hash.finalize());
    Ok((header.unwrap(), hash))
}

pub(crate) fn with_folder(folder: &Path) -> impl FnOnce(&mut Config) + use<'_> {
    move |config| config.evidence.folder = Some(folder.to_owned())
}

pub(crate) async fn start(bench: &Bench, change: impl FnOnce(&mut Config)) -> Running {
    bench
        .start(|mut config| {
            change(&mut config);
            startup::build(config)
        })
        .await
}

pub(crate) fn files_below(folder: &Path) -> usize {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    entries
        .map(|entry| entry.unwrap().path())
        .map(|path| if path.is_dir() { files_below(&path) } else { 1 })
        .sum()
}

#[tokio::test]
async fn an_upload_goes_on_where_it_was_cut_over_a_restart_and_a_restored_database() {
    let (bench, folder) = (Bench::new("assignment").await, tempfile::tempdir().unwrap());
    let running = start(&bench, with_folder(folder.path())).await;
    let token = bench.token("can-bo", "193", &[Role::AgencyReporter]);
    let whole = metadata(40);
    let cut = upload(&running, whole.clone(), 0..21, &token).await.unwrap_err();
    assert_refused(&cut, Code::FailedPrecondition, "UPLOAD_INCOMPLETE");
    let kept = received(&running, &whole.request_id, &token).await;
    assert_eq!(kept, i64::try_from(21 * CHUNK).unwrap());
    let wrong = upload(&running, whole.clone(), 0..40, &token).await.unwrap_err();
    assert_refused(&wrong, Code::FailedPrecondition, "UPLOAD_OFFSET_WRONG");
    let details = wrong.get_error_details();
    assert_eq!(details.error_info().unwrap().metadata["received_bytes"], kept.to_string());
    running.stop().await;

    let running = start(&bench, with_folder(folder.path())).await;
    let rest = Metadata { offset: kept, ..whole.clone() };
    let stored = upload(&running, rest.clone(), 21..40, &token).await.unwrap();
    let again = upload(&running, whole.clone(), 0..40, &token).await.unwrap();
    let other = Metadata { request_id: id(), name: "Bản sao.pdf".to_owned(), ..whole.clone() };
    let copy = upload(&running, other, 0..40, &token).await.unwrap();
    running.stop().await;

    assert_eq!((&again, stored.version), (&stored, 1));
    assert_eq!(
        (stored.name.as_str(), stored.media_type.as_str()),
        ("Báo cáo quý IV.pdf", "application/pdf")
    );
    assert_ne!(copy.evidence_id, stored.evidence_id);
    assert_eq!(files_below(folder.path()), 1, "stored once, and nothing else stays");
    let url = restored(&bench).await;
    let running = start(&bench, |config| {
        with_folder(folder.path())(config);
        config.database.url = Some(Secret::new(url));
    })
    .await;
    let (header, hash) = fetch(&running, &stored.evidence_id, &token).await.unwrap();
    assert_eq!((header.evidence.unwrap().sha256, hash), (whole.sha256.clone(), whole.sha256));
    assert!(header.content_disposition.starts_with("attachment; filename*=UTF-8''B%C3%A1o%20"));
    running.stop().await;
}

/// Another database with all that is in this one, as a dump that is restored gives it.
async fn restored(bench: &Bench) -> String {
    let url = bench.config().database.url.unwrap();
    let (server, name) = url.reveal().rsplit_once('/').unwrap();
    let server_url = cchc_testkit::postgres_url();
    let mut conn = <sqlx::PgConnection as sqlx::Connection>::connect(&server_url).await.unwrap();
    let sql = format!("create database {name}_restored template {name}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut conn).await.unwrap();
    format!("{server}/{name}_restored")
}

#[tokio::test]
async fn what_is_not_what_it_says_is_refused_and_forgotten() {
    let (bench, folder) = (Bench::new("assignment").await, tempfile::tempdir().unwrap());
    let running = start(&bench, |config| {
        with_folder(folder.path())(config);
        config.evidence.most_bytes = u64::try_from(MIB).unwrap();
    })
    .await;
    let token = bench.token("can-bo", "193", &[Role::AgencyReporter]);
    let sound = || metadata(2);

    let lie = Metadata { name: "Ảnh.png".to_owned(), ..sound() };
    let other = Metadata { sha256: "0".repeat(64), ..sound() };
    let bad = Metadata {
        name: "../a.pdf".to_owned(),
        size_bytes: i64::try_from(2 * MIB).unwrap(),
        sha256: "abc".to_owned(),
        ..sound()
    };
    let packed = Metadata { name: "Hồ sơ.zip".to_owned(), ..sound() };
    let lying = upload(&running, lie.clone(), 0..2, &token).await.unwrap_err();
    let hashed = upload(&running, other.clone(), 0..2, &token).await.unwrap_err();
    let longer = upload(&running, sound(), 0..3, &token).await.unwrap_err();
    let faulty = upload(&running, bad, 0..2, &token).await.unwrap_err();
    let zipped = upload(&running, packed, 0..2, &token).await.unwrap_err();
    let unknown = Metadata { evidence_id: id(), present_version: 1, ..sound() };
    let unknown = upload(&running, unknown, 0..2, &token).await.unwrap_err();
    let foreign = Metadata { unit_code: "194".to_owned(), ..sound() };
    let foreign = upload(&running, foreign, 0..2, &token).await.unwrap_err();

    assert_refused(&lying, Code::InvalidArgument, "TYPE_MISMATCH");
    assert_refused(&hashed, Code::InvalidArgument, "SHA256_MISMATCH");
    assert_refused(&longer, Code::InvalidArgument, "SIZE_MISMATCH");
    let reasons: Vec<String> =
        violations_of(&faulty).into_iter().map(|(_, reason)| reason).collect();
    assert_eq!(reasons, ["NAME_INVALID", "SIZE_ABOVE_LIMIT", "SHA256_INVALID"]);
    assert_eq!(violations_of(&zipped)[0].1, "TYPE_NOT_ALLOWED");
    assert_refused(&unknown, Code::NotFound, "EVIDENCE_NOT_FOUND");
    assert_refused(&foreign, Code::PermissionDenied, "UNIT_NOT_YOURS");
    for request_id in [&lie.request_id, &other.request_id] {
        assert_eq!(received(&running, request_id, &token).await, 0);
    }
    assert_eq!(files_below(folder.path()), 0);
    running.stop().await;
}

#[tokio::test]
async fn without_a_store_nothing_is_taken_and_the_operator_is_named() {
    let bench = Bench::new("assignment").await;
    let running = start(&bench, |_| {}).await;
    let token = bench.token("can-bo", "193", &[Role::AgencyReporter]);

    let answer = upload(&running, metadata(1), 0..1, &token).await;

    refused(answer, Code::FailedPrecondition, "EVIDENCE_STORE_MISSING");
    running.stop().await;
}

/// The most memory this process has held, in MiB.
fn peak_mib() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let kib: usize = line.trim().trim_end_matches(" kB").parse().unwrap();
    kib / 1024
}

#[tokio::test]
async fn memory_does_not_grow_with_the_document() {
    // 200 MiB are measured by hand: `CCHC_TEST_EVIDENCE_MIB=200`.
    let size = std::env::var("CCHC_TEST_EVIDENCE_MIB").map_or(96, |mib| mib.parse().unwrap());
    let (bench, folder) = (Bench::new("assignment").await, tempfile::tempdir().unwrap());
    let running = start(&bench, with_folder(folder.path())).await;
    let token = bench.token("can-bo", "193", &[Role::AgencyReporter]);
    upload(&running, metadata(4), 0..4, &token).await.unwrap();
    let before = peak_mib();
    let chunks = size * MIB / CHUNK;

    let stored = upload(&running, metadata(chunks), 0..chunks, &token).await.unwrap();
    let (_, hash) = fetch(&running, &stored.evidence_id, &token).await.unwrap();

    assert_eq!(hash, stored.sha256);
    let grown = peak_mib() - before;
    assert!(grown < 64, "{grown} MiB more for {size} MiB");
    running.stop().await;
}

#[tokio::test]
async fn a_document_is_attached_seen_by_who_appraises_and_its_next_version_shows() {
    let folder = tempfile::tempdir().unwrap();
    let mut hall = Hall::open().await;
    hall.desk.restart_with(with_folder(folder.path())).await;
    let (unit, lead) = (hall.reporter("193"), hall.appraiser("22-STP"));
    hall.at(SCORING);
    hall.step(score("193", "2", "", "5"), &unit).await.unwrap();
    let first = metadata(1);
    let stored = upload(hall.desk.running(), first.clone(), 0..1, &unit).await.unwrap();
    let attach = |node: &str| AttachEvidenceRequest {
        request_id: id(),
        evidence_id: stored.evidence_id.clone(),
        campaign_code: "CCHC-2018".to_owned(),
        unit_code: "193".to_owned(),
        node_id: format!("PAR-2018/{node}"),
    };
    let running = hall.desk.running();
    for node in ["1", "2"] {
        client(running).attach_evidence(request(attach(node), &unit)).await.unwrap();
    }
    hall.at(APPRAISING);
    hall.judge(judge("193", "2", "1", "5", ""), &lead).await.unwrap();
    let late = client(running).attach_evidence(request(attach("3"), &unit)).await;
    refused(late, Code::FailedPrecondition, "STEP_NOT_NOW");
    let before = hall.form("CCHC-2018", "193").await.items[1].entry.clone().unwrap();

    hall.at(EXPLAINING);
    let of = |present_version| Metadata {
        request_id: id(),
        evidence_id: stored.evidence_id.clone(),
        present_version,
        ..metadata(2)
    };
    let second = upload(running, of(1), 0..2, &unit).await.unwrap();
    let stale = upload(running, of(1), 0..2, &unit).await;
    refused(stale, Code::Aborted, "EVIDENCE_CHANGED");
    let after = hall.form("CCHC-2018", "193").await.items[1].entry.clone().unwrap();
    let (header, hash) = fetch(running, &stored.evidence_id, &lead).await.unwrap();
    let foreign = fetch(running, &stored.evidence_id, &hall.reporter("194")).await;

    assert!(!before.is_changed_since_appraisal && after.is_changed_since_appraisal);
    assert_eq!((second.version, hash), (2, second.sha256.clone()));
    assert_eq!(header.evidence.unwrap().version, 2);
    refused(foreign, Code::PermissionDenied, "UNIT_NOT_YOURS");
    let ask = GetEvidenceRequest { evidence_id: stored.evidence_id.clone() };
    let whole = client(running).get_evidence(request(ask, &unit)).await.unwrap().into_inner();
    assert_eq!((whole.versions.len(), whole.views.len()), (2, 1));
    assert_eq!(whole.views[0].viewer, "tham-dinh-22-STP");
    let ask = ListEvidenceRequest { unit_code: "193".to_owned(), ..ListEvidenceRequest::default() };
    let listed = client(running).list_evidence(request(ask, &unit)).await.unwrap().into_inner();
    assert_eq!(listed.evidence, [second]);
    hall.desk.close().await;
}
