//! A publication as a file that is checked without any service.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{fs, path::PathBuf};

use cchc_kit::signing::{PublicKey, SigningKey};
use cchc_proto::reporting::v1::{GetPublicationResponse, PublicationContent};
use cchc_proto::{
    common::v1::Decimal,
    reporting::v1::{Publication, Revision, Rollup, Statement, Verdict, Withdrawal},
};
use clap::Parser as _;
use prost::Message as _;
use tempfile::TempDir;

use super::*;
use crate::{output::Memory, say::Lang};

struct Desk {
    folder: TempDir,
    public: PublicKey,
    got: GetPublicationResponse,
}

impl Desk {
    fn new() -> Self {
        let key = SigningKey::read(&SigningKey::fresh().unwrap()).unwrap();
        let content = PublicationContent {
            plan_code: "QN-2018".to_owned(),
            number: 3,
            title: "Số liệu quý III".to_owned(),
            key_id: key.public().id(),
            rollup: Some(Rollup { checksum: "ab12".to_owned(), ..Rollup::default() }),
            ..PublicationContent::default()
        };
        let bytes = content.encode_to_vec();
        let publication = Publication {
            plan_code: content.plan_code,
            number: content.number,
            title: content.title,
            key_id: content.key_id,
            ..Publication::default()
        };
        let got = GetPublicationResponse {
            publication: Some(publication),
            signature: key.sign(&bytes),
            content: bytes,
            public_key: key.public().to_pem(),
            revisions: Vec::new(),
        };
        let desk = Self { folder: tempfile::tempdir().unwrap(), public: key.public(), got };
        file::write(&desk.path("p.json"), &desk.got).unwrap();
        fs::write(desk.path("public.pem"), desk.public.to_pem()).unwrap();
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Checks a file with a key, as somebody far away would.
    fn check(&self, file: &str, key: &str) -> (Result<ExitCode, CliError>, String) {
        #[derive(clap::Parser)]
        struct Line {
            #[command(flatten)]
            proving: proof::Proving,
        }
        let (file, key) = (self.path(file), self.path(key));
        let words = ["verify", file.to_str().unwrap(), "--public-key", key.to_str().unwrap()];
        let memory = Memory::default();
        let output = Output::to(Lang::En, false, memory.clone());
        let line = Line::try_parse_from(words).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let ended = runtime.block_on(proof::run(line.proving, &output));
        (ended, memory.text())
    }
}

#[test]
fn a_file_is_checked_without_any_service() {
    let desk = Desk::new();

    let (ended, said) = desk.check("p.json", "public.pem");

    assert_eq!(ended.unwrap(), ExitCode::SUCCESS);
    assert!(said.contains("QN-2018, publication 3") && said.contains("SHA-256 ab12"), "{said}");
    assert!(
        said.contains(&format!("✓ The signature is that of key {}", desk.public.id())),
        "{said}"
    );
}

#[test]
fn a_changed_content_a_changed_signature_and_another_key_are_told_apart() {
    let desk = Desk::new();
    let mut content = PublicationContent::decode(desk.got.content.as_slice()).unwrap();
    content.title = "Số liệu khác".to_owned();
    let content = content.encode_to_vec();
    file::write(
        &desk.path("content.json"),
        &GetPublicationResponse { content, ..desk.got.clone() },
    )
    .unwrap();
    let mut signature = desk.got.signature.clone();
    signature[9] ^= 4;
    let forged = GetPublicationResponse { signature, ..desk.got.clone() };
    file::write(&desk.path("signature.json"), &forged).unwrap();
    let other = SigningKey::read(&SigningKey::fresh().unwrap()).unwrap().public();
    fs::write(desk.path("other.pem"), other.to_pem()).unwrap();

    for (file, key, word) in [
        ("content.json", "public.pem", "content or signature was changed"),
        ("signature.json", "public.pem", "content or signature was changed"),
        ("p.json", "other.pem", "Not the key it names"),
    ] {
        let (ended, said) = desk.check(file, key);

        assert_eq!(ended.unwrap(), ExitCode::FAILURE, "{file} {key}");
        assert!(said.contains(word), "{file} {key}: {said}");
    }
}

#[test]
fn a_file_that_is_none_or_says_otherwise_than_its_content_is_refused() {
    let desk = Desk::new();
    let text = fs::read_to_string(desk.path("p.json")).unwrap();
    fs::write(desk.path("number.json"), text.replace("\"number\": 3", "\"number\": 4")).unwrap();
    fs::write(desk.path("form.json"), text.replace("cchc-publication-1", "x")).unwrap();
    fs::write(desk.path("none.json"), "{}").unwrap();

    for (file, key) in [
        ("number.json", "public.pem"),
        ("form.json", "public.pem"),
        ("none.json", "public.pem"),
        ("p.json", "p.json"),
        ("missing.json", "public.pem"),
    ] {
        assert!(desk.check(file, key).0.is_err(), "{file} {key}");
    }
}

#[test]
fn what_was_revised_or_withdrawn_is_said() {
    let mut desk = Desk::new();
    let says = |points: &str, verdict: Verdict| Statement {
        points: Some(Decimal { value: points.to_owned() }),
        points_verdict: verdict.into(),
        ..Statement::default()
    };
    desk.got.revisions = vec![Revision {
        node_id: "PAR-2018/1".to_owned(),
        title: String::new(),
        published: Some(says("9.25", Verdict::Met)),
        present: Some(says("8", Verdict::Missed)),
    }];
    let publication = desk.got.publication.as_mut().unwrap();
    let reason = "nhầm kỳ báo cáo".to_owned();
    publication.withdrawal = Some(Withdrawal { reason, ..Withdrawal::default() });

    let said = wording::opened(&desk.got, Lang::Vi).join("\n");

    for part in ["Số 3", "ĐÃ THU HỒI", "nhầm kỳ báo cáo", "1 mục đã điều chỉnh sau khi công bố"]
    {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(said.contains("PAR-2018/1: 9,25 ✓ đạt → 8 ✗ chưa đạt"), "{said}");
}
