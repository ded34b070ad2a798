//! What was told of a survey so far, read back from its events: what a recount is compared with.
//!
//! Events from before every answer had a count of its own told three numbers a cell and no counts. So the two
//! are added up apart, and what is still to be told of a cell is told of each as far as it is missing.

use std::collections::BTreeMap;

use cchc_kit::db::DbError;
use cchc_proto::survey::events::v1::{ResponsesTallied, responses_tallied};
use cchc_scoring::{questionnaire::Question, survey::Tally};
use prost::Message as _;

use super::{render_flag, tallied};
use crate::domain::{
    flagged::Flagged,
    quality::Flag,
    survey::Survey,
    tally::{Layout, Of, Sums},
};

/// A cell: the places of its cluster and of itself in the layout, which begins with the questions.
type Place = (i16, usize);

/// What was told of a survey.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) sums: Sums,
    pub(crate) flagged: Flagged,
    /// By how much the three numbers that were told exceed those of the counts that were.
    beyond: BTreeMap<Place, Tally>,
}

impl Told {
    /// Adds an event of the survey.
    pub(crate) fn read(&mut self, survey: &Survey, payload: &[u8]) -> Result<(), DbError> {
        let told = ResponsesTallied::decode(payload).map_err(|error| wrong(&error.to_string()))?;
        let layout = survey.layout();
        self.sums.response_count += told.response_count;
        for told in told.domain_tallies {
            let tally = told.tally.clone().unwrap_or_default();
            let place = domain_place(survey, &layout, &told, &tally).ok_or_else(no_cell)?;
            if !self.sums.add_cell(&layout, place, &tally.counts) {
                return Err(other_counts());
            }
        }
        for tally in told.tallies {
            let place = place(survey, &tally).ok_or_else(no_cell)?;
            let has_counts = !tally.counts.is_empty();
            if has_counts && !self.sums.add_cell(&layout, place, &tally.counts) {
                return Err(other_counts());
            }
            let scale = survey.questions.get(place.1).map(Question::scale);
            let counted = scale.map(|scale| scale.tally(&tally.counts)).unwrap_or_default();
            let beyond = self.beyond.entry(place).or_default();
            beyond.satisfied += tally.satisfied_count - counted.satisfied;
            beyond.valid += tally.valid_count - counted.valid;
            beyond.not_answered += tally.not_answered_count - counted.not_answered;
        }
        self.flagged.excluded += told.excluded_count;
        for one in told.flags {
            let flag = Flag::ALL.into_iter().find(|flag| render_flag(*flag) == one.flag());
            let flag = flag.ok_or_else(|| wrong("a flag that there is not"))?;
            self.flagged.add_flag(flag, one.flagged_count, one.excluded_count);
        }
        Ok(())
    }

    /// Whether exactly this was told.
    pub(crate) fn is(&self, layout: &Layout, due: &Sums) -> bool {
        let is_beyond = self.beyond.values().any(|beyond| *beyond != Tally::default());
        !is_beyond && self.sums.is_as(layout, due)
    }

    /// What is still to be told, so that this comes to be.
    pub(crate) fn missing(&self, survey: &Survey, due: &Sums) -> ResponsesTallied {
        let mut missing = due.clone();
        missing.subtract(&self.sums);
        for (cluster, _) in self.beyond.keys() {
            // A cell that is right but for its three numbers is told, too.
            missing.touch(&survey.layout(), *cluster);
        }
        let mut message = tallied(survey, &missing, &Flagged::default());
        for tally in &mut message.tallies {
            let beyond = place(survey, tally).and_then(|place| self.beyond.get(&place));
            let beyond = beyond.copied().unwrap_or_default();
            tally.satisfied_count -= beyond.satisfied;
            tally.valid_count -= beyond.valid;
            tally.not_answered_count -= beyond.not_answered;
        }
        message
    }
}

fn place(survey: &Survey, tally: &responses_tallied::Tally) -> Option<Place> {
    let cluster =
        survey.clusters.iter().position(|of| of.commune.as_str() == tally.cluster_code)?;
    let question =
        survey.questions.iter().position(|of| of.code.as_str() == tally.question_code)?;
    Some((i16::try_from(cluster).ok()?, question))
}

/// The cell of those who gave an answer to a domain.
fn domain_place(
    survey: &Survey,
    layout: &Layout,
    told: &responses_tallied::DomainTally,
    tally: &responses_tallied::Tally,
) -> Option<Place> {
    let (cluster, question) = place(survey, tally)?;
    let code = &told.domain_question_code;
    let domain = survey.domains.iter().position(|of| of.question.as_str() == code)?;
    let asked = survey.questions.iter().find(|of| of.code.as_str() == code)?;
    let answer = asked.answer_names().iter().position(|name| *name == told.domain_answer)?;
    let of = Of { question, domain: Some((domain, u8::try_from(answer + 1).ok()?)) };
    Some((cluster, layout.place_of(of)?))
}

fn no_cell() -> DbError {
    wrong("a cell that the survey does not have")
}

fn other_counts() -> DbError {
    wrong("counts that are not those of the question")
}

fn wrong(why: &str) -> DbError {
    DbError::inconsistent("kit.outbox", "payload", &why)
}
