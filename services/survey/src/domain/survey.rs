//! A survey: what is asked, of whom, and which nodes the answers count for. It never changes once it
//! is open, since stored answers are bytes that mean something only beside their questions.

use cchc_core::{NodeId, PlanCode, QuestionCode, SurveyCode, UnitCode};
use cchc_scoring::survey::Tally;
use serde::{Deserialize, Serialize};
use time::Date;

use super::quarantine::DEFAULT_DAYS;

/// The definition of a survey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Survey {
    pub(crate) code: SurveyCode,
    pub(crate) plan: PlanCode,
    pub(crate) province: UnitCode,
    pub(crate) title: String,
    pub(crate) instrument: Instrument,
    /// First day of fieldwork.
    pub(crate) open_date: Date,
    /// Last day of fieldwork.
    pub(crate) close_date: Date,
    pub(crate) minimum_cell: i32,
    pub(crate) release_after: i32,
    /// Days for which a refused row is kept.
    #[serde(default = "default_days")]
    pub(crate) quarantine_days: i32,
    pub(crate) questions: Vec<Question>,
    pub(crate) clusters: Vec<Cluster>,
}

/// Surveys from before they could say.
const fn default_days() -> i32 {
    DEFAULT_DAYS
}

/// Whose survey it is. A province's own predicts a national index; it is not the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Instrument {
    NationalSipas,
    Provincial,
    PapiLike,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Question {
    pub(crate) code: QuestionCode,
    pub(crate) text: String,
    pub(crate) kind: QuestionKind,
    /// The node it counts for.
    pub(crate) node: NodeId,
}

/// How a question is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum QuestionKind {
    /// 1 "Rất không hài lòng" to 5 "Rất hài lòng".
    Likert5,
    /// 1 for yes, 2 for no.
    YesNo,
}

/// A commune where respondents are drawn, within its district.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cluster {
    /// The district.
    pub(crate) stratum: UnitCode,
    /// The commune.
    pub(crate) commune: UnitCode,
    pub(crate) wanted_count: i32,
}

impl QuestionKind {
    /// The highest answer; 0 means not answered.
    pub(crate) const fn highest(self) -> u8 {
        match self {
            Self::Likert5 => 5,
            Self::YesNo => 2,
        }
    }

    /// What one answer counts for.
    pub(crate) const fn tally(self, answer: u8) -> Tally {
        let is_satisfied = match self {
            Self::Likert5 => answer >= 4,
            Self::YesNo => answer == 1,
        };
        match answer {
            0 => Tally { satisfied: 0, valid: 0, not_answered: 1 },
            _ => Tally { satisfied: is_satisfied as i64, valid: 1, not_answered: 0 },
        }
    }
}

/// Whether a survey takes responses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Open,
    Closed,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fours_fives_and_yes_count_and_zero_is_not_an_answer() {
        let satisfied = |kind: QuestionKind| {
            (0..=kind.highest()).map(move |answer| kind.tally(answer).satisfied).collect::<Vec<_>>()
        };

        assert_eq!(satisfied(QuestionKind::Likert5), [0, 0, 0, 0, 1, 1]);
        assert_eq!(satisfied(QuestionKind::YesNo), [0, 1, 0]);
        for kind in [QuestionKind::Likert5, QuestionKind::YesNo] {
            assert_eq!((kind.tally(0).valid, kind.tally(0).not_answered), (0, 1));
            assert_eq!((kind.tally(1).valid, kind.tally(1).not_answered), (1, 0));
        }
    }
}
