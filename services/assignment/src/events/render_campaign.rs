//! Campaigns and their entries in the words of the contract.

use cchc_proto::{assignment::v1 as pb, convert::timestamp};

use crate::domain::campaign::{
    Reason, Stage, Standing, Window,
    entry::{Entry, Explained, Judged, SelfScore, State},
};

impl From<Window> for pb::campaign::Window {
    fn from(window: Window) -> Self {
        Self { first_date: Some(window.first.into()), last_date: Some(window.last.into()) }
    }
}

impl From<Stage> for pb::campaign::Stage {
    fn from(stage: Stage) -> Self {
        match stage {
            Stage::Waiting => Self::Waiting,
            Stage::SelfAssessment => Self::SelfAssessment,
            Stage::Appraisal => Self::Appraisal,
            Stage::Explanation => Self::Explanation,
            Stage::SecondAppraisal => Self::SecondAppraisal,
            Stage::Over => Self::Over,
            Stage::Locked => Self::Locked,
        }
    }
}

impl From<&Standing> for pb::Campaign {
    /// As it is told: on which day it is read, and so its stage, is another matter.
    fn from(standing: &Standing) -> Self {
        let campaign = &standing.campaign;
        let windows = campaign.windows;
        let reason = |of: &Reason| pb::campaign::ReasonCode {
            code: of.code.to_string(),
            title: of.title.clone(),
            title_en: of.title_en.clone(),
        };
        Self {
            code: campaign.code.to_string(),
            title: campaign.title.clone(),
            plan_code: campaign.plan.to_string(),
            index_code: campaign.index.to_string(),
            organiser_unit_code: campaign.organiser.to_string(),
            units: Some((&campaign.selector).into()),
            self_assessment: Some(windows.self_assessment.into()),
            appraisal: Some(windows.appraisal.into()),
            explanation: Some(windows.explanation.into()),
            second_appraisal: Some(windows.second_appraisal.into()),
            reason_codes: campaign.reasons.iter().map(reason).collect(),
            bound_unit_codes: campaign.units.iter().map(ToString::to_string).collect(),
            etag: standing.version.to_string(),
            stage: pb::campaign::Stage::Unspecified.into(),
            lock_time: standing.locked_at.map(timestamp),
        }
    }
}

impl From<State> for pb::entry::State {
    fn from(state: State) -> Self {
        match state {
            State::Draft => Self::Draft,
            State::Submitted => Self::Submitted,
            State::Withdrawn => Self::Withdrawn,
            State::Appraised => Self::Appraised,
            State::Explained => Self::Explained,
            State::Reappraised => Self::Reappraised,
            State::Reopened => Self::Reopened,
        }
    }
}

impl From<&SelfScore> for pb::entry::SelfScore {
    fn from(score: &SelfScore) -> Self {
        Self {
            points: score.points.map(Into::into),
            evidence: score.evidence.clone(),
            explanation: score.explanation.clone(),
        }
    }
}

impl From<&Judged> for pb::entry::Judgement {
    fn from(judged: &Judged) -> Self {
        Self {
            points: Some(judged.points.into()),
            reason_code: judged.reason_code.clone(),
            reason: judged.reason.clone(),
            appraiser: judged.by.clone(),
            decide_time: Some(timestamp(judged.at)),
        }
    }
}

impl From<&Explained> for pb::entry::Explanation {
    fn from(explained: &Explained) -> Self {
        Self { text: explained.text.clone(), evidence: explained.evidence.clone() }
    }
}

impl From<&Entry> for pb::Entry {
    /// As it is told; what follows from other facts stays empty.
    fn from(entry: &Entry) -> Self {
        let content = &entry.content;
        Self {
            campaign_code: entry.key.campaign.to_string(),
            unit_code: entry.key.unit.to_string(),
            node_id: entry.key.node.to_string(),
            etag: entry.version.to_string(),
            state: pb::entry::State::from(entry.state).into(),
            self_score: content.score.as_ref().map(Into::into),
            first_appraisal: content.first.as_ref().map(Into::into),
            explanation: content.explained.as_ref().map(Into::into),
            second_appraisal: content.second.as_ref().map(Into::into),
            open_until_date: content.open_until.map(Into::into),
            note: content.note.clone(),
            actor: entry.by.clone(),
            record_time: Some(timestamp(entry.at)),
            appraiser_unit_code: String::new(),
            is_changed_since_appraisal: false,
            next_steps: Vec::new(),
        }
    }
}
