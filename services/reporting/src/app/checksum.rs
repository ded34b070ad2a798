//! Checksums: equal ones are equal states.

use sha2::{Digest as _, Sha256};

use crate::domain::canon::{self, Lines};

/// SHA-256 of lines, in hexadecimal.
pub(crate) fn of_lines(lines: &Lines) -> String {
    of_text(&canon::text(lines))
}

/// SHA-256 of a text, in hexadecimal.
pub(super) fn of_text(text: &str) -> String {
    of_bytes(text.as_bytes())
}

/// SHA-256 of bytes, in hexadecimal.
pub(super) fn of_bytes(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
