//! What a campaign says of the province's own index: a node's lead is scored there for the province, so once
//! it is appraised both layers of the plan's node follow, as if they had been pushed.
//!
//! Before the appraisal a unit may still take its score back, and what is told is never taken back: so the
//! self-score is told with the appraisal of it, not before. Both name the documents that are attached to the entry
//! then, with the hashes of their bytes, so that the chain from a score ends at what can be looked at.

use cchc_core::{Text, Violations};
use cchc_kit::outbox;
use cchc_scoring::{catalogue::Node, rule::Rule};
use sqlx::PgConnection;

use super::super::{CommandError, push_assessments::catalogue_of};
use crate::{
    domain::{
        appraisal::Judgement,
        assessment::{Assessment, SelfAssessment, Subject},
        campaign::{
            Campaign,
            entry::{Entry, Judged, SelfScore},
        },
        change::{Change, Stamp},
        evidence::CitedDocument,
    },
    events::tell,
    store::{appraisals, assessments, evidence},
};

/// Tells both layers, where the unit leads the node and the plan speaks of its index.
pub(super) async fn tell(
    tx: &mut PgConnection,
    campaign: &Campaign,
    node: &Node,
    entry: &Entry,
    [first, second]: [Stamp; 2],
) -> Result<(), CommandError> {
    let is_the_leads = node.lead.as_ref() == Some(&entry.key.unit);
    let is_assessed = node.rule.as_ref().is_some_and(Rule::is_assessed);
    if !is_the_leads || !is_assessed {
        return Ok(());
    }
    let (Some(score), Some(judged)) = (&entry.content.score, entry.content.judged()) else {
        return Ok(());
    };
    let subject: Subject = (campaign.plan.clone(), entry.key.node.clone());
    let known = catalogue_of(tx, std::slice::from_ref(&subject)).await?;
    if known.node(&subject.0, &subject.1).is_none() {
        return Ok(());
    }
    let present = assessments::present(tx, [&subject]).await?.into_iter().next();
    let attached = evidence::attached(tx, &entry.key).await?;
    let documents: Vec<CitedDocument> = attached.into_iter().map(Into::into).collect();
    let row = assessment(campaign, entry, score, documents.clone());
    let assessed =
        match row.map(|row| row.decide(Some(node), present.as_ref(), &first)).transpose()? {
            Some(Change::First(version) | Change::Next(version)) => {
                assessments::insert(tx, &version, first.event_id).await?;
                let fact = tell::assessment_submitted(&version);
                outbox::record(tx, first.event_id, &fact, first.at).await?;
                Some(version)
            }
            Some(Change::Same) => present,
            None => None,
        };
    let Some(assessed) = assessed else { return Ok(()) };
    match judgement(campaign, judged, &assessed, documents) {
        Some(row) => appraise(tx, node, &row, &assessed, &second).await,
        None => Ok(()),
    }
}

async fn appraise(
    tx: &mut PgConnection,
    node: &Node,
    row: &Judgement,
    assessed: &Assessment,
    stamp: &Stamp,
) -> Result<(), CommandError> {
    let present = appraisals::present(tx, [&row.subject()]).await?.into_iter().next();
    let change: Result<_, Violations> =
        row.decide(Some(assessed), Some(node), present.as_ref(), stamp);
    if let Change::First(version) | Change::Next(version) = change? {
        appraisals::insert(tx, &version, stamp.event_id).await?;
        let fact = tell::appraisal_decided(&version);
        outbox::record(tx, stamp.event_id, &fact, stamp.at).await?;
    }
    Ok(())
}

/// The self-score as a self-assessment of the plan's node, which always asks for a document or a word.
fn assessment(
    campaign: &Campaign,
    entry: &Entry,
    score: &SelfScore,
    documents: Vec<CitedDocument>,
) -> Option<SelfAssessment> {
    let cited = format!("Phiếu tự chấm trong đợt đánh giá {}", campaign.code);
    let explanation = match (score.evidence.is_empty(), score.explanation.as_str()) {
        (true, "") => cited.as_str(),
        (_, explanation) => explanation,
    };
    Some(SelfAssessment {
        plan: campaign.plan.clone(),
        node: entry.key.node.clone(),
        unit: entry.key.unit.clone(),
        points: score.points?,
        evidence: score.evidence.iter().filter_map(|of| Text::new(of).ok()).collect(),
        explanation: Text::new(explanation).ok()?,
        documents,
    })
}

fn judgement(
    campaign: &Campaign,
    judged: &Judged,
    assessed: &Assessment,
    documents: Vec<CitedDocument>,
) -> Option<Judgement> {
    let title = campaign.reasons.iter().find(|of| of.code.as_str() == judged.reason_code);
    let title = title.map_or("", |of| of.title.as_str());
    let whole = match (title, judged.reason.as_str()) {
        ("", reason) => reason.to_owned(),
        (title, "") => title.to_owned(),
        (title, reason) => format!("{title}: {reason}"),
    };
    // A reason that fills all the room by itself leaves none for the title of its code.
    let reason = Text::new(&whole).or_else(|_| Text::new(&judged.reason)).ok()?;
    Some(Judgement {
        plan: campaign.plan.clone(),
        node: assessed.node.clone(),
        unit: assessed.unit.clone(),
        assessment_version: assessed.version,
        points: judged.points,
        reason,
        documents,
    })
}
