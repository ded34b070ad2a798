//! Reads campaigns and steps.

use cchc_core::Collector;
use cchc_proto::{
    assignment::v1::{self as pb, appraiser_step, unit_step},
    convert,
};
use std::collections::BTreeSet;

use crate::domain::campaign::{
    Campaign, Reason, Window, Windows,
    entry::Key,
    step::{Documents, Step},
};

/// Documents that one step may cite.
const MOST_DOCUMENTS: usize = 20;
/// Reason codes of a campaign.
const MOST_REASONS: usize = 50;

/// The version an etag names: 0 for none. One that this service never gave names no version at all.
pub(in crate::grpc) fn etag(text: &str) -> i64 {
    if text.is_empty() { 0 } else { text.parse().unwrap_or(-1) }
}

/// Reads a campaign; whom it binds, and whether its parts go together, is for the domain to say.
pub(in crate::grpc) fn campaign(c: &mut Collector, message: pb::Campaign) -> Option<Campaign> {
    let code = c.parse("code", &message.code);
    let title = c.text::<1, 500>("title", &message.title);
    let plan = c.parse("plan_code", &message.plan_code);
    let index = c.parse("index_code", &message.index_code);
    let organiser =
        c.parse::<cchc_core::UnitCode>("organiser_unit_code", &message.organiser_unit_code);
    let selector = convert::part(c, "units", message.units, convert::unit_selector);
    let self_assessment = convert::part(c, "self_assessment", message.self_assessment, window);
    let appraisal = convert::part(c, "appraisal", message.appraisal, window);
    let explanation = convert::part(c, "explanation", message.explanation, window);
    let second_appraisal = convert::part(c, "second_appraisal", message.second_appraisal, window);
    let reasons = convert::list(c, "reason_codes", MOST_REASONS, message.reason_codes, reason);
    let organiser = organiser?;
    Some(Campaign {
        code: code?,
        title: title?.to_string(),
        plan: plan?,
        // Which province it is, the plan says.
        province: organiser.clone(),
        index: index?,
        organiser,
        selector: selector?,
        units: BTreeSet::new(),
        windows: Windows {
            self_assessment: self_assessment?,
            appraisal: appraisal?,
            explanation: explanation?,
            second_appraisal: second_appraisal?,
        },
        reasons: reasons?,
    })
}

fn window(c: &mut Collector, message: pb::campaign::Window) -> Option<Window> {
    let first = convert::date(c, "first_date", message.first_date);
    let last = convert::date(c, "last_date", message.last_date);
    Some(Window { first: first?, last: last? })
}

fn reason(c: &mut Collector, message: pb::campaign::ReasonCode) -> Option<Reason> {
    let pb::campaign::ReasonCode { code, title, title_en } = message;
    let code = c.parse("code", &code);
    let title = c.text::<1, 200>("title", &title);
    let title_en = c.text::<1, 200>("title_en", &title_en);
    Some(Reason { code: code?, title: title?.to_string(), title_en: title_en?.to_string() })
}

/// Reads what an entry is about.
pub(in crate::grpc) fn key(
    c: &mut Collector,
    campaign: &str,
    unit: &str,
    node: &str,
) -> Option<Key> {
    let campaign = c.parse("campaign_code", campaign);
    let unit = c.parse("unit_code", unit);
    let node = c.parse("node_id", node);
    Some(Key { campaign: campaign?, unit: unit?, node: node? })
}

fn documents(c: &mut Collector, evidence: Vec<String>) -> Option<Documents> {
    convert::list(c, "evidence", MOST_DOCUMENTS, evidence, |c, document| c.text("", &document))
}

/// Reads a step of a unit.
pub(in crate::grpc) fn unit_step(
    c: &mut Collector,
    message: pb::UnitStep,
) -> Option<(Key, i64, Step)> {
    let key = key(c, &message.campaign_code, &message.unit_code, &message.node_id);
    let step = c.require("step", message.step).and_then(|step| match step {
        unit_step::Step::Score(said) => c.at("score", |c| {
            let points = convert::points(c, "points", said.points);
            let evidence = documents(c, said.evidence);
            let explanation = c.text("explanation", &said.explanation);
            Some(Step::Score { points: points?, evidence: evidence?, explanation: explanation? })
        }),
        unit_step::Step::Withdraw(said) => c.at("withdraw", |c| {
            let note = c.text("note", &said.note);
            Some(Step::Withdraw { note: note? })
        }),
        unit_step::Step::Explain(said) => c.at("explain", |c| {
            let text = c.text("text", &said.text);
            let evidence = documents(c, said.evidence);
            Some(Step::Explain { text: text?, evidence: evidence? })
        }),
    });
    Some((key?, etag(&message.etag), step?))
}

/// Reads a step of an appraiser.
pub(in crate::grpc) fn appraiser_step(
    c: &mut Collector,
    message: pb::AppraiserStep,
) -> Option<(Key, i64, Step)> {
    let key = key(c, &message.campaign_code, &message.unit_code, &message.node_id);
    let step = c.require("step", message.step).and_then(|step| match step {
        appraiser_step::Step::Judge(said) => c.at("judge", |c| {
            let points = convert::points(c, "points", said.points);
            let code = c.parse_optional("reason_code", &said.reason_code);
            let reason = c.text("reason", &said.reason);
            Some(Step::Judge { points: points?, code: code?, reason: reason? })
        }),
        appraiser_step::Step::Reopen(said) => c.at("reopen", |c| {
            let reason = c.text("reason", &said.reason);
            let until = convert::date(c, "until_date", said.until_date);
            Some(Step::Reopen { reason: reason?, until: until? })
        }),
    });
    Some((key?, etag(&message.etag), step?))
}
