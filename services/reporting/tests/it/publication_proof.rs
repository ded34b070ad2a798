//! What a changed publication, an exchanged key, a lost key file and an attempt to overwrite come to.

use cchc_kit::signing::PublicKey;
use cchc_proto::reporting::v1::PublicationContent;
use cchc_testkit::assert_refused;
use prost::Message as _;
use sha2::{Digest as _, Sha256};
use tonic::Code;
use uuid::Uuid;

use crate::{press::Press, publications::asked};

/// As somebody with all rights in the database might.
async fn overwrite(press: &Press, sets: String) {
    let pool = press.world.pool();
    let off = "alter table record.publications disable trigger user";
    sqlx::raw_sql(off).execute(pool).await.unwrap();
    let change = sqlx::AssertSqlSafe(format!("update record.publications set {sets}"));
    sqlx::raw_sql(change).execute(pool).await.unwrap();
}

fn content_is(bytes: &[u8]) -> String {
    let checksum = hex::encode(Sha256::digest(bytes));
    format!(r"content = '\x{}', content_checksum = '{checksum}'", hex::encode(bytes))
}

fn signature_is(bytes: &[u8]) -> String {
    format!(r"signature = '\x{}'", hex::encode(bytes))
}

async fn published() -> Press {
    let press = Press::new().await;
    let checksum = press.world.rollup().await.checksum;
    press.publish(asked(&checksum)).await.unwrap();
    press
}

#[tokio::test]
async fn a_changed_content_is_found_by_signature_and_recomputation() {
    let press = published().await;
    let got = press.get(&press.viewer(), 1).await.unwrap();
    let mut content = PublicationContent::decode(got.content.as_slice()).unwrap();
    let node = &mut content.rollup.as_mut().unwrap().indices[0].nodes[1];
    node.estimate.as_mut().unwrap().points.as_mut().unwrap().value = "10".to_owned();

    overwrite(&press, content_is(&content.encode_to_vec())).await;
    let proof = press.verify(1).await.unwrap();

    assert!(!proof.is_signature_valid && !proof.is_reproduced);
    let named: Vec<_> = proof.differences.iter().map(|of| of.node_id.as_str()).collect();
    assert_eq!(named, ["PAR-2018/1"]);
}

#[tokio::test]
async fn a_changed_signature_is_found_and_so_is_what_stands_beside_it() {
    let press = published().await;
    let got = press.get(&press.viewer(), 1).await.unwrap();
    let mut signature = got.signature.clone();
    signature[0] ^= 1;

    overwrite(&press, signature_is(&signature)).await;
    let forged = press.verify(1).await.unwrap();
    overwrite(&press, signature_is(&got.signature)).await;
    let whole = press.verify(1).await.unwrap();
    overwrite(&press, "title = 'Số liệu khác'".to_owned()).await;
    let retitled = press.verify(1).await.unwrap();

    assert!(!forged.is_signature_valid && forged.is_reproduced);
    assert!(whole.is_signature_valid && whole.is_reproduced);
    assert!(forged.is_record_signed && whole.is_record_signed);
    assert!(retitled.is_signature_valid && retitled.is_reproduced);
    assert!(!retitled.is_record_signed);
}

#[tokio::test]
async fn the_database_refuses_to_overwrite_or_delete() {
    let press = published().await;
    let made = press.get(&press.viewer(), 1).await.unwrap().publication.unwrap();
    press.withdraw(&Uuid::now_v7().to_string(), 1, &made.content_checksum).await.unwrap();

    for statement in [
        "update record.publications set title = 'x'",
        "delete from record.publications",
        "truncate record.publications cascade",
        "update record.withdrawals set reason = 'x'",
        "delete from record.withdrawals",
        "truncate record.withdrawals",
        "update record.signing_keys set public_key = sha256('x')",
        "delete from record.signing_keys",
        "truncate record.signing_keys cascade",
    ] {
        let refused = sqlx::raw_sql(statement).execute(press.world.pool()).await.unwrap_err();

        assert!(refused.to_string().contains("is a fact and does not change"), "{statement}");
    }
}

#[tokio::test]
async fn without_a_wrapping_key_nothing_is_published_and_no_key_is_made() {
    let press = Press::with(|config| config.keys.wrapping_file = None).await;
    let checksum = press.world.rollup().await.checksum;

    let refused = press.publish(asked(&checksum)).await.unwrap_err();
    let unmade = press.rotate(&Uuid::now_v7().to_string()).await.unwrap_err();

    assert_refused(&refused, Code::FailedPrecondition, "KEY_FILE_MISSING");
    assert_refused(&unmade, Code::FailedPrecondition, "KEY_FILE_MISSING");
    assert_eq!(press.keys().await, []);
}

#[tokio::test]
async fn after_a_rotation_the_new_key_signs_and_the_old_one_still_proves() {
    let press = published().await;
    let checksum = press.world.rollup().await.checksum;
    let id = Uuid::now_v7().to_string();

    let made = press.rotate(&id).await.unwrap();
    let again = press.rotate(&id).await.unwrap();
    let second = press.publish(asked(&checksum)).await.unwrap();

    assert_eq!(again, made);
    let keys = press.keys().await;
    let present: Vec<bool> = keys.iter().map(|key| key.is_present).collect();
    assert_eq!((present, &keys[0]), (vec![true, false], &made));
    assert_eq!(second.key_id, made.key_id);
    let first = press.get(&press.viewer(), 1).await.unwrap();
    assert_eq!(first.publication.unwrap().key_id, keys[1].key_id);
    let old = PublicKey::from_pem(&keys[1].public_key).unwrap();
    assert!(old.has_signed(&first.content, &first.signature));
    for number in [1, 2] {
        assert!(press.verify(number).await.unwrap().is_signature_valid, "{number}");
    }
}

#[tokio::test]
async fn another_wrapping_key_wraps_the_signing_key_anew_and_a_lost_one_refuses() {
    let mut press = published().await;
    let checksum = press.world.rollup().await.checksum;
    let folder = tempfile::tempdir().unwrap();
    let (both, lost) = (folder.path().join("both.keys"), folder.path().join("lost.keys"));
    let line = |name: &str, byte: &str| format!("{name} {}\n", byte.repeat(32));
    std::fs::write(&both, line("next", "6b") + &line("test", "5a")).unwrap();
    std::fs::write(&lost, line("next", "6b")).unwrap();

    press.restart(|config| config.keys.wrapping_file = Some(both), "").await;
    press.restart(|config| config.keys.wrapping_file = Some(lost), "").await;
    let second = press.publish(asked(&checksum)).await.unwrap();
    let exchange = "update record.signing_keys set sealed = sha256(sealed)";
    sqlx::raw_sql(exchange).execute(press.world.pool()).await.unwrap();
    let refused = press.publish(asked(&checksum)).await.unwrap_err();

    assert_eq!(second.number, 2);
    assert!(press.verify(2).await.unwrap().is_signature_valid);
    assert_eq!(refused.code(), Code::Internal);
    assert_eq!(press.keys().await.len(), 1);
}
