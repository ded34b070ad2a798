//! Responses of doubtful quality, as they stand beside a figure: how many bear which flag, and how many do
//! not count for it. The figure is what the others say; these say how much it rests on the rules.

use std::{collections::BTreeMap, fmt::Write as _, ops::AddAssign};

use cchc_core::{NodeId, SurveyCode};

use super::fact::Survey;

/// What may be amiss with a response. The number is the contract's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum QualityFlag {
    SameRespondent = 1,
    Speeder = 2,
    StraightLining = 3,
    ImpossibleTime = 4,
    CodeReused = 5,
    InterviewerShare = 6,
}

impl QualityFlag {
    /// Every flag, in the order of their numbers.
    pub(crate) const ALL: [Self; 6] = [
        Self::SameRespondent,
        Self::Speeder,
        Self::StraightLining,
        Self::ImpossibleTime,
        Self::CodeReused,
        Self::InterviewerShare,
    ];

    /// The number of the contract and the database.
    pub(crate) const fn number(self) -> i16 {
        self as i16
    }

    /// Reads the number.
    pub(crate) fn read(number: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|flag| flag.number() == number)
    }

    /// The words for an official.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::SameRespondent => "một người trả lời nhiều lần",
            Self::Speeder => "trả lời quá nhanh",
            Self::StraightLining => "chọn một mức cho mọi câu",
            Self::ImpossibleTime => "thời gian trả lời không hợp lý",
            Self::CodeReused => "mã phiếu dùng quá số lần",
            Self::InterviewerShare => "một điều tra viên có quá nhiều phiếu",
        }
    }
}

/// Responses that bear a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Bearing {
    pub(crate) flagged: i64,
    /// Those of them that do not count, for this flag or another.
    pub(crate) excluded: i64,
}

/// Flagged responses, or by how many there are more. None by flag that is nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Flagged {
    by_flag: BTreeMap<QualityFlag, Bearing>,
    /// Responses that do not count, each once.
    pub(crate) excluded: i64,
}

/// Flagged responses by the node about which their surveys ask.
pub(crate) type ByNode = BTreeMap<NodeId, Flagged>;

impl AddAssign<&Self> for Flagged {
    fn add_assign(&mut self, other: &Self) {
        self.excluded = self.excluded.saturating_add(other.excluded);
        for (flag, bearing) in other.flags() {
            self.add(flag, bearing);
        }
    }
}

impl Flagged {
    /// Adds responses that bear a flag.
    pub(crate) fn add(&mut self, flag: QualityFlag, Bearing { flagged, excluded }: Bearing) {
        let of = self.by_flag.entry(flag).or_default();
        of.flagged = of.flagged.saturating_add(flagged);
        of.excluded = of.excluded.saturating_add(excluded);
        if *of == Bearing::default() {
            self.by_flag.remove(&flag);
        }
    }

    /// By flag, in their order.
    pub(crate) fn flags(&self) -> impl Iterator<Item = (QualityFlag, Bearing)> {
        self.by_flag.iter().map(|(flag, bearing)| (*flag, *bearing))
    }

    /// The sentences for a reader; empty when there is nothing to say.
    pub(crate) fn note(&self) -> String {
        let mut note = String::new();
        if self.excluded > 0 {
            let excluded = self.excluded;
            // Writing to a text cannot fail.
            let _ = write!(note, "Có {excluded} phiếu không được tính theo quy tắc chất lượng.");
        }
        let flags: Vec<String> = self
            .flags()
            .filter(|(_, bearing)| bearing.flagged > 0)
            .map(|(flag, Bearing { flagged, .. })| format!("{} ({flagged})", flag.label()))
            .collect();
        if !flags.is_empty() {
            let space = if note.is_empty() { "" } else { " " };
            let _ = write!(note, "{space}Phiếu bị gắn cờ: {}.", flags.join(", "));
        }
        note
    }
}

/// Puts the flagged responses of each survey beside every node it asks about, once a survey.
pub(crate) fn by_node<'a>(
    surveys: impl Iterator<Item = &'a Survey>,
    flagged: &BTreeMap<SurveyCode, Flagged>,
) -> ByNode {
    let mut by_node = ByNode::new();
    for survey in surveys {
        let Some(flagged) = flagged.get(&survey.code) else { continue };
        for node in survey.nodes() {
            *by_node.entry(node.clone()).or_default() += flagged;
        }
    }
    by_node
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_note_says_what_does_not_count_and_what_is_flagged() {
        let mut flagged = Flagged::default();
        assert_eq!(flagged.note(), "");

        flagged.add(QualityFlag::CodeReused, Bearing { flagged: 3, excluded: 0 });
        assert_eq!(flagged.note(), "Phiếu bị gắn cờ: mã phiếu dùng quá số lần (3).");

        flagged.add(QualityFlag::Speeder, Bearing { flagged: 2, excluded: 2 });
        flagged.excluded = 2;
        assert_eq!(
            flagged.note(),
            "Có 2 phiếu không được tính theo quy tắc chất lượng. \
             Phiếu bị gắn cờ: trả lời quá nhanh (2), mã phiếu dùng quá số lần (3)."
        );
    }

    #[test]
    fn what_comes_and_goes_leaves_nothing() {
        let mut flagged = Flagged::default();

        flagged.add(QualityFlag::Speeder, Bearing { flagged: 2, excluded: 1 });
        flagged.add(QualityFlag::Speeder, Bearing { flagged: -2, excluded: -1 });

        assert_eq!(flagged, Flagged::default());
    }
}
