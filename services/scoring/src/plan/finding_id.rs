//! The lasting name of a finding: what it is about and its figures, not how it is worded.
//!
//! Somebody who acknowledges a finding has weighed these figures. Should one of them change, it is another
//! finding under another name, and nobody has acknowledged it; a better wording changes nothing.

use std::{fmt, str::FromStr};

use cchc_core::Refusal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use super::{Finding, FindingKind};

/// Hexadecimal digits of the hash: 64 bits, so that two of a plan's findings never meet.
const DIGITS: usize = 16;

/// Names a finding within its plan, such as `sum-of-targets.1f0c9a3be2d47785`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FindingId(String);

/// The text is not the name of a finding.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be a kind of finding, a point and 16 hexadecimal digits")]
pub struct FindingIdError;

impl Refusal for FindingIdError {
    fn reason(&self) -> &'static str {
        "CODE_INVALID"
    }

    fn vietnamese(&self) -> String {
        "phải là mã phát hiện, gồm loại phát hiện, dấu chấm và 16 chữ số thập lục phân".to_owned()
    }
}

impl FindingId {
    /// Names a finding.
    #[must_use]
    pub fn of(finding: &Finding) -> Self {
        let mut hash = Sha256::new();
        let figures =
            [&finding.stated, &finding.computed].map(|f| f.as_deref().unwrap_or_default());
        let nodes: Vec<String> = finding.nodes.iter().map(ToString::to_string).collect();
        let parts = [finding.kind.as_str(), finding.subject.as_str()].into_iter();
        for part in parts.chain(figures).chain(nodes.iter().map(String::as_str)) {
            // The length first, so that no two lists of parts are written alike.
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part);
        }
        let hash = hash.finalize();
        let first: [u8; 8] = hash.first_chunk().copied().unwrap_or_default();
        let number = u64::from_be_bytes(first);
        Self(format!("{}.{number:0width$x}", finding.kind, width = DIGITS))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FindingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for FindingId {
    type Err = FindingIdError;

    fn from_str(text: &str) -> Result<Self, FindingIdError> {
        let (kind, digits) = text.split_once('.').ok_or(FindingIdError)?;
        let is_hash = digits.len() == DIGITS
            && digits.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        let is_kind = kind.parse::<FindingKind>().is_ok();
        if is_hash && is_kind { Ok(Self(text.to_owned())) } else { Err(FindingIdError) }
    }
}

impl Serialize for FindingId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for FindingId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::super::sample::{found_of, target};
    use super::*;

    fn unequal_sum(points: &str) -> Finding {
        let mut found = found_of(FindingKind::SumOfTargets, |plan, _| {
            target(plan, "T-2018/0").points = Some(points.parse().unwrap());
        });
        found.pop().unwrap()
    }

    #[test]
    fn other_words_leave_the_name_and_other_figures_do_not() {
        let finding = unequal_sum("7.4");
        let mut reworded = finding.clone();
        "khác".clone_into(&mut reworded.message);
        "B.7".clone_into(&mut reworded.reference);

        assert_eq!(reworded.id(), finding.id());
        assert_ne!(unequal_sum("7.5").id(), finding.id());
    }

    #[test]
    fn the_name_is_for_good() {
        // Acknowledgements are stored under it: another way of making it would lose them all.
        assert_eq!(unequal_sum("7.4").id().as_str(), "sum-of-targets.5554fb4118e961e4");
    }

    #[test]
    fn only_a_kind_and_a_hash_name_a_finding() {
        let id = unequal_sum("7.4").id();

        assert_eq!(id.as_str().parse(), Ok(id.clone()));
        assert_eq!(id.to_string(), id.as_str());
        for text in ["", "sum-of-targets", "sum-of-targets.1f", "x.1f0c9a3be2d47785"] {
            assert_eq!(text.parse::<FindingId>(), Err(FindingIdError), "{text}");
        }
        assert!(id.as_str().to_uppercase().parse::<FindingId>().is_err());
        assert_eq!(FindingIdError.reason(), "CODE_INVALID");
        assert_eq!(
            FindingIdError.vietnamese(),
            "phải là mã phát hiện, gồm loại phát hiện, dấu chấm và 16 chữ số thập lục phân"
        );
    }
}
