//! Evidence: which documents are kept, under which names, and whether the bytes are what the name says.
//!
//! A name is for people and is never a path: what is stored is named by its hash. What a file is, its bytes
//! say; a browser or an office suite would believe them too, whatever the name.

use std::fmt::Write as _;

use cchc_core::{Fault, Kind, Refusal, Text, UnitCode};
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

/// Endings that are known, with what the bytes behind them must be.
const TYPES: [(&str, &str); 9] = [
    ("pdf", "application/pdf"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("png", "image/png"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("odt", "application/vnd.oasis.opendocument.text"),
    ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
    ("zip", "application/zip"),
];

/// A version of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Document {
    pub(crate) id: Uuid,
    pub(crate) unit: UnitCode,
    pub(crate) version: i64,
    pub(crate) name: String,
    /// As officials cite it.
    pub(crate) number: String,
    pub(crate) date: Option<Date>,
    pub(crate) media_type: String,
    pub(crate) size: i64,
    pub(crate) sha256: Sha256Hex,
    pub(crate) uploader: String,
    pub(crate) at: OffsetDateTime,
}

/// A version of a document as a score cites it, down to its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CitedDocument {
    pub(crate) id: Uuid,
    pub(crate) version: i64,
    pub(crate) name: String,
    pub(crate) number: String,
    pub(crate) date: Option<Date>,
    pub(crate) sha256: Sha256Hex,
}

impl From<Document> for CitedDocument {
    fn from(document: Document) -> Self {
        let Document { id, version, name, number, date, sha256, .. } = document;
        Self { id, version, name, number, date, sha256 }
    }
}

/// Somebody downloaded a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) version: i64,
    pub(crate) by: String,
    pub(crate) unit: UnitCode,
    pub(crate) at: OffsetDateTime,
}

/// A SHA-256 in 64 hexadecimal digits, lower case: names bytes, and is safe within a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Sha256Hex(String);

impl TryFrom<String> for Sha256Hex {
    type Error = EvidenceRefusal;

    fn try_from(text: String) -> Result<Self, EvidenceRefusal> {
        Self::new(&text)
    }
}

impl Sha256Hex {
    /// Reads the digits, in either case.
    pub(crate) fn new(text: &str) -> Result<Self, EvidenceRefusal> {
        let is_hex = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_hex {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(EvidenceRefusal::Sha256Invalid)
        }
    }

    /// Writes a hash.
    pub(crate) fn of(hash: &[u8; 32]) -> Self {
        Self(hex::encode(hash))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// A name that a document may have: composed, in one piece, with a known ending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileName {
    name: String,
    media_type: &'static str,
}

impl FileName {
    /// Reads a name, and whether its ending is among those allowed.
    pub(crate) fn new(text: &Text<1, 255>, allowed: &[String]) -> Result<Self, EvidenceRefusal> {
        let name = text.as_str();
        if name.contains(['/', '\\', '\n', '\t']) || name.starts_with('.') {
            return Err(EvidenceRefusal::NameInvalid);
        }
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
        let ending = ending.ok_or(EvidenceRefusal::NameInvalid)?;
        let known = TYPES.iter().find(|(known, _)| *known == ending && allowed.contains(&ending));
        let Some((_, media_type)) = known else {
            return Err(EvidenceRefusal::TypeNotAllowed { ending, allowed: allowed.to_vec() });
        };
        Ok(Self { name: name.to_owned(), media_type })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.name
    }

    pub(crate) const fn media_type(&self) -> &'static str {
        self.media_type
    }

    /// Refuses bytes that are something else than the name says; `head` are the first of them.
    pub(crate) fn check(&self, head: &[u8]) -> Result<(), EvidenceError> {
        let found = infer::get(head).map_or("application/octet-stream", |found| found.mime_type());
        if found == self.media_type {
            return Ok(());
        }
        let (name, found) = (self.name.clone(), found.to_owned());
        Err(EvidenceError::TypeMismatch { name, found })
    }
}

/// How a document is handed on over HTTP: to be saved, with its name (RFC 6266, RFC 8187).
pub(crate) fn content_disposition(name: &str) -> String {
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            encoded.push(char::from(byte));
        } else {
            // Writing to a text cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    format!("attachment; filename*=UTF-8''{encoded}")
}

/// What is wrong with what a document is said to be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EvidenceRefusal {
    /// A path, a hidden file, or no ending.
    #[error("must be a file name with an ending, without '/' or '\\'")]
    NameInvalid,
    /// Not a kind of document that is kept.
    #[error("files ending in .{ending} are not kept; allowed are {}", allowed.join(", "))]
    TypeNotAllowed {
        /// As sent.
        ending: String,
        /// What the operator allows.
        allowed: Vec<String>,
    },
    /// Larger than the operator allows, or empty.
    #[error("must be 1 to {0} bytes")]
    SizeAboveLimit(i64),
    /// Not a hash.
    #[error("must be 64 hexadecimal digits")]
    Sha256Invalid,
}

impl Refusal for EvidenceRefusal {
    fn reason(&self) -> &'static str {
        match self {
            Self::NameInvalid => "NAME_INVALID",
            Self::TypeNotAllowed { .. } => "TYPE_NOT_ALLOWED",
            Self::SizeAboveLimit(_) => "SIZE_ABOVE_LIMIT",
            Self::Sha256Invalid => "SHA256_INVALID",
        }
    }

    fn vietnamese(&self) -> String {
        match self {
            Self::NameInvalid => {
                "phải là tên tệp có phần mở rộng, không chứa dấu / hoặc \\".to_owned()
            }
            Self::TypeNotAllowed { ending, allowed } => {
                format!("không nhận tệp .{ending}; chỉ nhận: {}", allowed.join(", "))
            }
            Self::SizeAboveLimit(most) => format!("dung lượng phải từ 1 đến {most} byte"),
            Self::Sha256Invalid => "mã SHA-256 phải gồm 64 chữ số thập lục phân".to_owned(),
        }
    }
}

/// A document is not taken or not given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EvidenceError {
    /// No folder is configured.
    #[error("no store for evidence is configured")]
    StoreMissing,
    /// The store does not answer, or has lost what it kept.
    #[error("the store of evidence is away")]
    StoreAway,
    /// The stream goes on elsewhere than where the last one ended.
    #[error("{received} bytes are kept: go on from there, not from {offset}")]
    OffsetWrong {
        /// As sent.
        offset: i64,
        /// What is kept.
        received: i64,
    },
    /// The stream ended before the document did.
    #[error("{received} of {size} bytes are kept: send the rest")]
    Incomplete {
        /// What is kept.
        received: i64,
        /// As declared.
        size: i64,
    },
    /// More bytes than declared.
    #[error("more than the {0} bytes that were declared have come")]
    SizeMismatch(i64),
    /// Other bytes than declared.
    #[error("the bytes have the SHA-256 {0}, not the one declared")]
    Sha256Mismatch(String),
    /// The bytes are not what the name says.
    #[error("{name} is not what its name says but {found}")]
    TypeMismatch {
        /// As sent.
        name: String,
        /// What the bytes are.
        found: String,
    },
    /// There is no such document.
    #[error("there is no document {0}")]
    NotFound(Uuid),
    /// Somebody else has uploaded a version.
    #[error("version {0} of the document is the present one")]
    Changed(i64),
}

impl Fault for EvidenceError {
    fn kind(&self) -> Kind {
        match self {
            Self::StoreMissing | Self::OffsetWrong { .. } | Self::Incomplete { .. } => {
                Kind::Precondition
            }
            Self::StoreAway => Kind::Unavailable,
            Self::SizeMismatch(_) | Self::Sha256Mismatch(_) | Self::TypeMismatch { .. } => {
                Kind::Invalid
            }
            Self::NotFound(_) => Kind::NotFound,
            Self::Changed(_) => Kind::Conflict,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::StoreMissing => "EVIDENCE_STORE_MISSING",
            Self::StoreAway => "EVIDENCE_STORE_AWAY",
            Self::OffsetWrong { .. } => "UPLOAD_OFFSET_WRONG",
            Self::Incomplete { .. } => "UPLOAD_INCOMPLETE",
            Self::SizeMismatch(_) => "SIZE_MISMATCH",
            Self::Sha256Mismatch(_) => "SHA256_MISMATCH",
            Self::TypeMismatch { .. } => "TYPE_MISMATCH",
            Self::NotFound(_) => "EVIDENCE_NOT_FOUND",
            Self::Changed(_) => "EVIDENCE_CHANGED",
        }
    }

    fn vietnamese(&self) -> String {
        match self {
            Self::StoreMissing => "chưa cấu hình nơi lưu tài liệu kiểm chứng".to_owned(),
            Self::StoreAway => {
                "nơi lưu tài liệu kiểm chứng tạm thời không truy cập được".to_owned()
            }
            Self::OffsetWrong { offset, received } => {
                format!("đã nhận {received} byte: hãy gửi tiếp từ đó, không phải từ byte {offset}")
            }
            Self::Incomplete { received, size } => {
                format!("mới nhận {received} trên {size} byte: hãy gửi tiếp phần còn lại")
            }
            Self::SizeMismatch(size) => {
                format!("dữ liệu gửi lên nhiều hơn {size} byte đã khai báo")
            }
            Self::Sha256Mismatch(_) => {
                "nội dung tệp không khớp mã SHA-256 đã khai báo; hãy gửi lại từ đầu".to_owned()
            }
            Self::TypeMismatch { name, found } => {
                format!("nội dung tệp “{name}” không đúng với phần mở rộng (thực tế là {found})")
            }
            Self::NotFound(_) => "không có tài liệu này".to_owned(),
            Self::Changed(version) => {
                format!("tài liệu đã có phiên bản {version}: hãy xem lại rồi tải lên")
            }
        }
    }

    fn metadata(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::OffsetWrong { received, .. } | Self::Incomplete { received, .. } => {
                vec![("received_bytes", received.to_string())]
            }
            Self::Changed(version) => vec![("version", version.to_string())],
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    fn allowed() -> Vec<String> {
        ["pdf", "png", "docx"].map(str::to_owned).to_vec()
    }

    fn named(name: &str) -> Result<FileName, EvidenceRefusal> {
        FileName::new(&Text::new(name).unwrap(), &allowed())
    }

    #[test]
    fn names_keep_their_diacritics_and_are_never_paths() {
        // Decomposed, as some systems send it.
        let name = named("Ba\u{301}o ca\u{301}o quý 4.PDF").unwrap();
        assert_eq!(name.as_str(), "Báo cáo quý 4.PDF");
        for bad in ["../a.pdf", "a\\b.pdf", ".pdf", "khong-duoi", "/etc/passwd"] {
            assert_eq!(named(bad), Err(EvidenceRefusal::NameInvalid), "{bad}");
        }
        for other in ["a.zip", "a.exe", "a.html", "a.xlsx"] {
            assert!(matches!(named(other), Err(EvidenceRefusal::TypeNotAllowed { .. })), "{other}");
        }
    }

    #[test]
    fn bytes_must_be_what_the_name_says() {
        let pdf = named("a.pdf").unwrap();

        assert_eq!(pdf.check(b"%PDF-1.7\n"), Ok(()));
        assert!(matches!(pdf.check(b"MZ\x90\0"), Err(EvidenceError::TypeMismatch { .. })));
        assert!(matches!(pdf.check(b"<html>"), Err(EvidenceError::TypeMismatch { .. })));
        assert!(matches!(pdf.check(b""), Err(EvidenceError::TypeMismatch { .. })));
    }

    #[test]
    fn a_download_is_an_attachment_with_its_name() {
        assert_eq!(
            content_disposition("Báo cáo \"1\".pdf"),
            "attachment; filename*=UTF-8''B%C3%A1o%20c%C3%A1o%20%221%22.pdf"
        );
    }

    #[test]
    fn a_hash_is_sixty_four_digits_and_cannot_be_a_path() {
        assert_eq!(Sha256Hex::new(&"AB".repeat(32)).unwrap().as_str(), "ab".repeat(32));
        for bad in ["", "ab", &"../".repeat(22), &"zz".repeat(32)] {
            assert_eq!(Sha256Hex::new(bad), Err(EvidenceRefusal::Sha256Invalid));
        }
    }
}
