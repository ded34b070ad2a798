//! A publication as one JSON file: the signed bytes and the signature in base64, beside what they are about.

use std::path::Path;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use cchc_proto::reporting::v1::{GetPublicationResponse, PublicationContent};
use prost::Message as _;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json as object};

use crate::{contract_json, error::CliError, files, problem::Problem, say::Words};

/// What such a file calls itself.
const FORM: &str = "cchc-publication-1";

/// What is given out for checking.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    form: String,
    plan_code: String,
    number: i32,
    key_id: String,
    /// Base64 of the bytes that were signed: a `cchc.reporting.v1.PublicationContent`.
    content: String,
    /// Base64 of the Ed25519 signature over them.
    signature: String,
}

/// What a file holds.
#[derive(Debug)]
pub(super) struct Held {
    /// The bytes that were signed.
    pub(super) bytes: Vec<u8>,
    /// The signature.
    pub(super) signature: Vec<u8>,
    /// What the bytes say.
    pub(super) content: PublicationContent,
}

/// Writes content and signature.
pub(super) fn write(path: &Path, got: &GetPublicationResponse) -> Result<(), CliError> {
    let publication = got.publication.clone().unwrap_or_default();
    let file = File {
        form: FORM.to_owned(),
        plan_code: publication.plan_code,
        number: publication.number,
        key_id: publication.key_id,
        content: STANDARD.encode(&got.content),
        signature: STANDARD.encode(&got.signature),
    };
    Ok(std::fs::write(path, format!("{:#}\n", object!(file)))?)
}

/// Reads what [`write`] wrote. That the words beside the content are those of the content is checked here:
/// only the content is signed.
pub(super) fn read(path: &Path) -> Result<Held, CliError> {
    let wrong =
        |vi: &str, en: &str| CliError::Files(vec![Problem::of_file(path, Words::new(vi, en))]);
    let text = files::text(path).map_err(|problem| CliError::Files(vec![problem]))?;
    let file: File = serde_json::from_str(&text).map_err(|_| {
        wrong(
            "không phải tệp do `cchc rollup publication show --out` ghi ra",
            "is no file that `cchc rollup publication show --out` wrote",
        )
    })?;
    let decoded = STANDARD.decode(&file.content).ok().zip(STANDARD.decode(&file.signature).ok());
    let (bytes, signature) = decoded.filter(|_| file.form == FORM).ok_or_else(|| {
        wrong(
            "có phần không đọc được (base64, form)",
            "has a part that cannot be read (base64, form)",
        )
    })?;
    let content = content(&bytes)?;
    let beside = (&file.plan_code, file.number, &file.key_id);
    if beside != (&content.plan_code, content.number, &content.key_id) {
        return Err(wrong(
            "ghi kế hoạch, số hoặc khóa khác với nội dung đã ký",
            "names another plan, number or key than the signed content",
        ));
    }
    Ok(Held { bytes, signature, content })
}

/// Reads signed bytes.
pub(super) fn content(bytes: &[u8]) -> Result<PublicationContent, CliError> {
    PublicationContent::decode(bytes).map_err(|error| {
        CliError::said(
            format!("Nội dung đã ký không đọc được: {error}."),
            format!("The signed content cannot be read: {error}."),
        )
    })
}

/// A publication for a program: as the contract has it, bytes in base64.
pub(super) fn json(got: &GetPublicationResponse) -> Value {
    let mut written = contract_json::json(got);
    if let Some(fields) = written.as_object_mut() {
        fields.insert("content".to_owned(), object!(STANDARD.encode(&got.content)));
        fields.insert("signature".to_owned(), object!(STANDARD.encode(&got.signature)));
    }
    written
}
