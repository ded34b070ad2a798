//! Checksums: equal ones are equal states.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::domain::canon::{self, Lines};

/// SHA-256 of lines, in hexadecimal.
pub(super) fn of_lines(lines: &Lines) -> String {
    of_text(&canon::text(lines))
}

/// SHA-256 of a text, in hexadecimal.
pub(super) fn of_text(text: &str) -> String {
    Sha256::digest(text).iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a string does not fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
