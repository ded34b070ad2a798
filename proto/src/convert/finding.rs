//! Where a plan disagrees with itself, as the registry tells it to everybody who shows the plan.

use cchc_core::Collector;
use cchc_scoring::plan::{Finding, FindingKind, Severity};

use super::{
    limits,
    parts::{choices, list, optional_text, text},
};
use crate::registry::v1 as pb;

choices! {
    /// Reads how grave a finding is.
    severity: pb::finding::Severity => Severity { Error, Warning, Note }
}

impl From<&Finding> for pb::Finding {
    fn from(finding: &Finding) -> Self {
        Self {
            kind: finding.kind.to_string(),
            severity: pb::finding::Severity::from(finding.severity).into(),
            subject: finding.subject.clone(),
            node_ids: finding.nodes.iter().map(ToString::to_string).collect(),
            stated: finding.stated.clone().unwrap_or_default(),
            computed: finding.computed.clone().unwrap_or_default(),
            reference: finding.reference.clone(),
            message: finding.message.clone(),
            message_en: finding.message_en.clone(),
            finding_id: finding.id().to_string(),
        }
    }
}

/// Reads a finding.
pub fn finding(c: &mut Collector, message: pb::Finding) -> Option<Finding> {
    let pb::Finding {
        kind: word,
        severity: grave,
        subject,
        node_ids,
        stated,
        computed,
        reference,
        message: vietnamese,
        message_en: english,
        // Computed from all that stands above: nobody can tell another one.
        finding_id: _,
    } = message;
    let kind = kind(c, &word);
    let severity = severity(c, "severity", grave);
    let subject = text::<{ limits::WORD }>(c, "subject", &subject);
    let nodes = list(c, "node_ids", limits::NODES, node_ids, |c, node| c.parse("", &node));
    let stated = optional_text::<{ limits::REFERENCE }>(c, "stated", &stated);
    let computed = optional_text::<{ limits::REFERENCE }>(c, "computed", &computed);
    let reference = optional_text::<{ limits::REFERENCE }>(c, "reference", &reference);
    let message = text::<{ limits::MESSAGE }>(c, "message", &vietnamese);
    let message_en = text::<{ limits::MESSAGE }>(c, "message_en", &english);
    Some(Finding {
        kind: kind?,
        severity: severity?,
        subject: subject?,
        nodes: nodes?,
        stated: Some(stated?).filter(|figure| !figure.is_empty()),
        computed: Some(computed?).filter(|figure| !figure.is_empty()),
        reference: reference?,
        message: message?,
        message_en: message_en?,
    })
}

fn kind(c: &mut Collector, word: &str) -> Option<FindingKind> {
    let kind = word.parse().ok();
    if kind.is_none() {
        let english = "must be the word of a kind of finding";
        c.refuse("kind", "ENUM_UNKNOWN", english, "phải là một loại phát hiện đã quy định");
    }
    kind
}
