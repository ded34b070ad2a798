//! Renders what follows from an entry and from other facts.

use cchc_core::Fault;
use cchc_kit::to_status;
use cchc_proto::assignment::v1::{
    self as pb, get_campaign_statistics_response::Gap, get_form_response::Item, step_outcome,
};
use time::Date;

use crate::{
    app::campaign::{FormItem, Shown, Statistics, Taken},
    domain::campaign::{Next, Standing, gap::Count, possible_points},
};

/// A campaign as it stands on a day.
pub(in crate::grpc) fn campaign(standing: &Standing, today: Date) -> pb::Campaign {
    let stage = pb::campaign::Stage::from(standing.stage(today));
    pb::Campaign { stage: stage.into(), ..standing.into() }
}

/// An entry with what follows from other facts.
pub(in crate::grpc) fn shown(shown: &Shown) -> pb::Entry {
    let empty = || pb::Entry {
        campaign_code: shown.key.campaign.to_string(),
        unit_code: shown.key.unit.to_string(),
        node_id: shown.key.node.to_string(),
        state: pb::entry::State::Empty.into(),
        ..pb::Entry::default()
    };
    pb::Entry {
        appraiser_unit_code: shown.appraiser.to_string(),
        is_changed_since_appraisal: shown.is_changed,
        next_steps: shown.next.iter().map(Next::vietnamese).collect(),
        ..shown.entry.as_ref().map_or_else(empty, Into::into)
    }
}

/// A node of a form.
pub(in crate::grpc) fn item(item: &FormItem) -> Item {
    Item {
        entry: Some(shown(&item.shown)),
        title: item.node.title.clone(),
        maximum: item.node.max.map(Into::into),
        possible_points: possible_points(&item.node).into_iter().map(Into::into).collect(),
        evidence_required: item.node.evidence.clone(),
    }
}

/// What became of a step of a batch.
pub(in crate::grpc) fn outcome(taken: &Taken) -> pb::StepOutcome {
    match &taken.outcome {
        Ok(entry) => pb::StepOutcome {
            outcome: Some(step_outcome::Outcome::Entry(entry.into())),
            present: None,
            is_repeat: taken.is_repeat,
        },
        Err(fault) => pb::StepOutcome {
            outcome: Some(step_outcome::Outcome::Refusal(refusal(fault.as_ref()))),
            present: taken.present.as_ref().map(Into::into),
            is_repeat: false,
        },
    }
}

fn refusal(fault: &dyn Fault) -> step_outcome::Refusal {
    let status = to_status(fault);
    step_outcome::Refusal {
        code: status.code().into(),
        reason: fault.reason().to_owned(),
        message: status.message().to_owned(),
        message_vi: fault.vietnamese(),
        violations: fault.violations().iter().map(Into::into).collect(),
    }
}

/// How far self-scores and appraisals lie apart.
pub(in crate::grpc) fn statistics(of: &Statistics) -> pb::GetCampaignStatisticsResponse {
    let (entries, count) = &of.total;
    pb::GetCampaignStatisticsResponse {
        total: Some(gap(String::new(), *entries, count)),
        units: of.units.iter().map(|(unit, n, count)| gap(unit.to_string(), *n, count)).collect(),
        nodes: of.nodes.iter().map(|(node, n, count)| gap(node.to_string(), *n, count)).collect(),
    }
}

fn gap(of: String, entries: i64, count: &Count) -> Gap {
    Gap {
        of,
        entry_count: entries,
        scored_count: count.scored,
        appraised_count: count.appraised,
        inflated_count: count.inflated,
        deflated_count: count.deflated,
        difference: Some(count.difference.normalize().into()),
        mean_difference: count.mean().map(Into::into),
    }
}
