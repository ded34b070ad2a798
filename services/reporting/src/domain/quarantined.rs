//! Refused rows of surveys, as they stand beside a figure: responses that it may still lack, or lacks for
//! good. They are counted and never scored.

use std::{
    collections::BTreeMap,
    ops::{Add, AddAssign},
};

use cchc_core::{NodeId, SurveyCode};

use super::fact::Survey;

/// Refused rows, or by how many there are more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Quarantined {
    /// Rows that wait for somebody to look at.
    pub(crate) waiting: i64,
    /// Rows that were dropped or have expired.
    pub(crate) given_up: i64,
}

impl Add for Quarantined {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            waiting: self.waiting.saturating_add(other.waiting),
            given_up: self.given_up.saturating_add(other.given_up),
        }
    }
}

impl AddAssign for Quarantined {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

/// Refused rows by the node about which their surveys ask.
pub(crate) type ByNode = BTreeMap<NodeId, Quarantined>;

impl Quarantined {
    /// The sentence for a reader; empty when there is nothing to say.
    pub(crate) fn note(self) -> String {
        let Self { waiting, given_up } = self;
        let mut sentences = Vec::new();
        if waiting > 0 {
            sentences.push(format!("Có {waiting} hàng bị từ chối đang chờ xử lý."));
        }
        if given_up > 0 {
            sentences.push(format!("Có {given_up} hàng bị từ chối đã loại bỏ hoặc hết hạn lưu."));
        }
        sentences.join(" ")
    }
}

/// Puts the rows of each survey beside every node it asks about, once a survey.
pub(crate) fn by_node<'a>(
    surveys: impl Iterator<Item = &'a Survey>,
    rows: &BTreeMap<SurveyCode, Quarantined>,
) -> ByNode {
    let mut by_node = ByNode::new();
    for survey in surveys {
        let Some(rows) = rows.get(&survey.code) else { continue };
        for node in survey.nodes() {
            *by_node.entry(node.clone()).or_default() += *rows;
        }
    }
    by_node
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_note_says_what_waits_and_what_was_given_up() {
        let note = |waiting, given_up| Quarantined { waiting, given_up }.note();

        assert_eq!(note(0, 0), "");
        assert_eq!(note(3, 0), "Có 3 hàng bị từ chối đang chờ xử lý.");
        assert_eq!(
            note(1, 2),
            "Có 1 hàng bị từ chối đang chờ xử lý. Có 2 hàng bị từ chối đã loại bỏ hoặc hết hạn lưu."
        );
    }
}
