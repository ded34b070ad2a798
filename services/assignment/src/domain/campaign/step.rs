//! What a step makes of an entry, or why it is not taken.

use cchc_core::{Collector, Points, ReasonCode, Text};
use cchc_scoring::catalogue::Node;
use time::Date;

use super::{
    CampaignError, ScoringRefusal, Standing,
    entry::{Content, Entry, Explained, Judged, Key, SelfScore, State},
    scoring::check_points,
    span::{Kind, next},
};
use crate::domain::change::Stamp;

/// Documents as officials cite them.
pub(crate) type Documents = Vec<Text<1, 500>>;

/// What somebody wants to do to an entry.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// The unit scores itself.
    Score { points: Points, evidence: Documents, explanation: Text<0, 4000> },
    /// The unit takes its score back.
    Withdraw { note: Text<0, 2000> },
    /// The unit explains.
    Explain { text: Text<1, 4000>, evidence: Documents },
    /// The appraiser judges.
    Judge { points: Points, code: Option<ReasonCode>, reason: Text<0, 4000> },
    /// The appraiser gives it back.
    Reopen { reason: Text<1, 2000>, until: Date },
}

/// Where a step is taken.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) standing: &'a Standing,
    pub(crate) node: &'a Node,
    pub(crate) today: Date,
}

impl Step {
    pub(crate) const fn kind(&self) -> Kind {
        match self {
            Self::Score { .. } => Kind::Score,
            Self::Withdraw { .. } => Kind::Withdraw,
            Self::Explain { .. } => Kind::Explain,
            Self::Judge { .. } => Kind::Judge,
            Self::Reopen { .. } => Kind::Reopen,
        }
    }

    /// Decides. `seen` is the version that was read, 0 where there was none.
    pub(crate) fn decide(
        &self,
        key: &Key,
        seen: i64,
        place: Place<'_>,
        present: Option<&Entry>,
        stamp: &Stamp,
    ) -> Result<Entry, CampaignError> {
        if seen != present.map_or(0, |entry| entry.version) {
            return Err(CampaignError::EntryChanged(present.cloned().map(Box::new)));
        }
        let Place { standing, today, .. } = place;
        let span = self.kind().span(standing, present);
        if !span.is_some_and(|span| span.contains(today)) {
            return Err(CampaignError::NotNow {
                state: present.map(|entry| entry.state),
                stage: standing.stage(today),
                next: next(standing, present, today),
            });
        }
        let version = seen + 1;
        let mut content = present.map(|entry| entry.content.clone()).unwrap_or_default();
        let state = self.change(&mut content, version, place, stamp)?;
        let (key, by, at) = (key.clone(), stamp.by.clone(), stamp.at);
        Ok(Entry { key, version, state, content, by, at })
    }

    fn change(
        &self,
        content: &mut Content,
        version: i64,
        place: Place<'_>,
        stamp: &Stamp,
    ) -> Result<State, CampaignError> {
        content.note = String::new();
        match self {
            Self::Score { points, evidence, explanation } => {
                check_score(*points, evidence, explanation, place.node)?;
                content.score = Some(SelfScore {
                    points: Some(*points),
                    evidence: written(evidence),
                    explanation: explanation.to_string(),
                    version,
                });
                Ok(State::Submitted)
            }
            Self::Withdraw { note } => {
                content.note = note.to_string();
                // Given back, it stays so until its day: a withdrawal does not lock a unit out.
                Ok(State::Withdrawn)
            }
            Self::Explain { text, evidence } => {
                content.explained =
                    Some(Explained { text: text.to_string(), evidence: written(evidence) });
                Ok(State::Explained)
            }
            Self::Judge { points, code, reason } => {
                check_judgement(*points, code.as_ref(), reason, place, content)?;
                let judged = judged(*points, code.as_ref(), reason, content, stamp);
                Ok(settle(content, judged, place))
            }
            Self::Reopen { reason, until } => {
                if *until < place.today {
                    let mut c = Collector::new();
                    c.refuse_because("until_date", &ScoringRefusal::DateInPast);
                    c.finish(Some(()))?;
                }
                content.open_until = Some(*until);
                content.note = reason.to_string();
                Ok(State::Reopened)
            }
        }
    }
}

fn written(documents: &Documents) -> Vec<String> {
    documents.iter().map(ToString::to_string).collect()
}

fn check_score(
    points: Points,
    evidence: &Documents,
    explanation: &Text<0, 4000>,
    node: &Node,
) -> Result<(), CampaignError> {
    let mut c = Collector::new();
    check_points(&mut c, points, node);
    if !node.evidence.is_empty() && evidence.is_empty() && explanation.as_str().is_empty() {
        c.refuse_because("evidence", &ScoringRefusal::EvidenceMissing(node.evidence.clone()));
    }
    Ok(c.finish(Some(()))?)
}

fn check_judgement(
    points: Points,
    code: Option<&ReasonCode>,
    reason: &Text<0, 4000>,
    place: Place<'_>,
    content: &Content,
) -> Result<(), CampaignError> {
    let mut c = Collector::new();
    check_points(&mut c, points, place.node);
    let reasons = &place.standing.campaign.reasons;
    let own = content.score.as_ref().and_then(|score| score.points);
    match code {
        Some(code) if !reasons.iter().any(|reason| reason.code == *code) => {
            c.refuse_because("reason_code", &ScoringRefusal::ReasonCodeUnknown(code.clone()));
        }
        Some(_) => {}
        None => {
            let field = if reasons.is_empty() { "reason" } else { "reason_code" };
            let is_silent = !reasons.is_empty() || reason.as_str().is_empty();
            if let Some(own) = own.filter(|own| *own != points && is_silent) {
                c.refuse_because(field, &ScoringRefusal::ReasonMissing(own));
            }
        }
    }
    Ok(c.finish(Some(()))?)
}

fn judged(
    points: Points,
    code: Option<&ReasonCode>,
    reason: &Text<0, 4000>,
    content: &Content,
    stamp: &Stamp,
) -> Judged {
    Judged {
        points,
        reason_code: code.map(ToString::to_string).unwrap_or_default(),
        reason: reason.to_string(),
        by: stamp.by.clone(),
        at: stamp.at,
        score_version: content.score.as_ref().map_or(0, |score| score.version),
    }
}

/// Until the explanation is over an appraisal is the first, to which the unit may still explain; later it is
/// the second.
fn settle(content: &mut Content, judged: Judged, place: Place<'_>) -> State {
    content.open_until = None;
    if place.today <= place.standing.campaign.windows.explanation.last {
        content.first = Some(judged);
        content.explained = None;
        content.second = None;
        State::Appraised
    } else {
        content.second = Some(judged);
        State::Reappraised
    }
}
