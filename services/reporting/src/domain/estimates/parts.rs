//! Figures of the parts of the people that a survey's domains make, over the whole province.
//!
//! A part is estimated as R's `svyby` does: within the whole sample, so that a commune in which nobody of the
//! part answered is in its standard error, too. What is shown is decided question by question, over the
//! answers to a domain and what they leave of the whole: an answer goes with another whenever the two could
//! be told apart by the total, and people are not counted twice for answering twice.

use cchc_core::{ClusterCode, NodeId, QuestionCode};
use cchc_scoring::{
    catalogue::Node,
    survey::{Tally, means::Said},
};

use super::{ByCommune, Estimated, Known, Of, Sample, kind, said};
use crate::domain::{
    answers::Answers,
    by_domain::{Domain, DomainAnswer, Part, PartKey},
    disclosure,
    fact::TallyKey,
};

impl Sample<'_> {
    /// The figures of every answer to every domain; all withheld where the province's is.
    pub(super) fn parts(&self, id: &NodeId, node: &Node, is_shown: bool) -> Vec<Estimated> {
        let mut figures = Vec::new();
        for domain in &self.survey.domains {
            let shown = self.shown_of(id, domain);
            for (answer, is_open) in domain.answers.iter().zip(shown) {
                let known = self.known_of(id, node, domain, answer);
                let of = part(domain, answer);
                figures.push(self.estimated(kind(node), &known, of, is_shown && is_open));
            }
        }
        figures
    }

    /// The questions about a node.
    fn asked(&self, id: &NodeId) -> impl Iterator<Item = &QuestionCode> {
        let asked = self.survey.questions.iter().filter(move |(_, asked)| asked.node == *id);
        asked.map(|(question, _)| question)
    }

    /// The answers of a part to a question in a commune.
    pub(super) fn answers(
        &self,
        domain: &Domain,
        answer: &DomainAnswer,
        (question, cluster): (&QuestionCode, &ClusterCode),
    ) -> Option<&Answers> {
        let survey = self.survey.code.clone();
        let of = TallyKey { survey, question: question.clone(), cluster: cluster.clone() };
        let part = Part { question: domain.question.clone(), answer: answer.name.clone() };
        self.by_domain.get(&PartKey { part, of })
    }

    /// What is known of a part in each commune that was drawn, also where nobody of it answered.
    pub(super) fn known_of(
        &self,
        id: &NodeId,
        node: &Node,
        domain: &Domain,
        answer: &DomainAnswer,
    ) -> ByCommune {
        let nobody = Answers::default();
        let known = self.survey.drawn.clusters.keys().map(|cluster| {
            let mut known = Known::default();
            for question in self.asked(id) {
                let answers = self.answers(domain, answer, (question, cluster)).unwrap_or(&nobody);
                let names = self.survey.questions.get(question).map(|asked| &asked.answers[..]);
                let here = said(node, answers, names.unwrap_or_default());
                known.tally = known.tally.checked_add(answers.tally).unwrap_or(known.tally);
                known.said = Some(known.said.map_or(here, |before: Said| before.pooled(here)));
            }
            (cluster.clone(), known)
        });
        known.collect()
    }

    /// Which answers to a domain may be shown of a node.
    fn shown_of(&self, id: &NodeId, domain: &Domain) -> Vec<bool> {
        let mut shown = vec![true; domain.answers.len()];
        for question in self.asked(id) {
            for (shown, is_shown) in shown.iter_mut().zip(self.parts_shown(question, domain)) {
                *shown &= is_shown;
            }
        }
        shown
    }

    /// Which answers to a domain may be shown of a question; at the end, whether those who gave none may be known.
    pub(super) fn parts_shown(&self, question: &QuestionCode, domain: &Domain) -> Vec<bool> {
        let communes = self.survey.drawn.clusters.keys();
        let part = |answer| {
            let of = |cluster| self.answers(domain, answer, (question, cluster));
            sum(communes.clone().filter_map(of))
        };
        let mut cells: Vec<Tally> = domain.answers.iter().map(part).collect();
        let whole = sum(communes.clone().filter_map(|cluster| self.told_of(question, cluster)));
        cells.push(rest(whole, &cells));
        disclosure::shown(&cells, self.survey.minimum_cell)
    }

    /// All answers to a question in a commune.
    pub(super) fn told_of(
        &self,
        question: &QuestionCode,
        cluster: &ClusterCode,
    ) -> Option<&Answers> {
        let (survey, question) = (self.survey.code.clone(), question.clone());
        self.tallies.get(&TallyKey { survey, question, cluster: cluster.clone() })
    }
}

/// Those who gave an answer to a domain.
pub(super) fn part(domain: &Domain, answer: &DomainAnswer) -> Of {
    let part = Part { question: domain.question.clone(), answer: answer.name.clone() };
    let title = format!("{} – {}", domain.text, answer.text);
    Of { part: Some((part, title)), district: None }
}

fn sum<'a>(answers: impl Iterator<Item = &'a Answers>) -> Tally {
    Tally::total(answers.map(|answers| answers.tally)).unwrap_or_default()
}

/// What parts leave of the whole: whoever did not answer the domain.
fn rest(whole: Tally, parts: &[Tally]) -> Tally {
    parts.iter().fold(whole, |rest, part| Tally {
        satisfied: rest.satisfied - part.satisfied,
        valid: rest.valid - part.valid,
        not_answered: rest.not_answered - part.not_answered,
    })
}
