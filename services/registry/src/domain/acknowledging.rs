//! Acknowledging a finding, and taking that back: what becomes the next version, and what changes nothing.

use cchc_core::{Actor, Fault, Kind, PlanCode};
use cchc_scoring::plan::{Acknowledgement, Finding, FindingId};
use time::OffsetDateTime;

/// What somebody wants to be known of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wish {
    pub(crate) plan: PlanCode,
    pub(crate) finding: FindingId,
    pub(crate) reason: String,
    /// Whether an acknowledgement is to be taken back.
    pub(crate) revokes: bool,
}

/// A finding cannot be acknowledged, or its acknowledgement not be taken back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AcknowledgeError {
    #[error("the plan {plan} has no finding {finding}; its figures may have changed since")]
    NoFinding { plan: PlanCode, finding: FindingId },
    #[error("nobody has acknowledged {finding}, or it was taken back already")]
    NotAcknowledged { finding: FindingId },
}

impl Fault for AcknowledgeError {
    fn kind(&self) -> Kind {
        match self {
            Self::NoFinding { .. } => Kind::NotFound,
            Self::NotAcknowledged { .. } => Kind::Precondition,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::NoFinding { .. } => "FINDING_NOT_FOUND",
            Self::NotAcknowledged { .. } => "FINDING_NOT_ACKNOWLEDGED",
        }
    }

    fn vietnamese(&self) -> String {
        match self {
            Self::NoFinding { plan, finding } => format!(
                "kế hoạch {plan} không có phát hiện {finding}; số liệu có thể đã thay đổi, hãy xem lại danh sách phát hiện"
            ),
            Self::NotAcknowledged { finding } => {
                format!("phát hiện {finding} chưa được ghi nhận hoặc đã được rút lại")
            }
        }
    }
}

impl Wish {
    /// The finding it is about.
    pub(crate) fn find<'a>(
        &self,
        findings: &'a [Finding],
    ) -> Result<&'a Finding, AcknowledgeError> {
        let found = findings.iter().find(|finding| finding.id() == self.finding);
        found.ok_or_else(|| AcknowledgeError::NoFinding {
            plan: self.plan.clone(),
            finding: self.finding.clone(),
        })
    }

    /// The next version; nothing where the same person gives the same reason again.
    pub(crate) fn decide(
        self,
        present: Option<&Acknowledgement>,
        actor: &Actor,
        now: OffsetDateTime,
    ) -> Result<Option<Acknowledgement>, AcknowledgeError> {
        let stands = present.filter(|present| !present.is_revoked);
        if self.revokes && stands.is_none() {
            return Err(AcknowledgeError::NotAcknowledged { finding: self.finding });
        }
        let says_the_same = |present: &Acknowledgement| {
            present.reason == self.reason
                && present.actor == actor.subject
                && present.unit == actor.unit
        };
        if !self.revokes && stands.is_some_and(says_the_same) {
            return Ok(None);
        }
        Ok(Some(Acknowledgement {
            plan: self.plan,
            finding: self.finding,
            version: present.map_or(1, |present| present.version.saturating_add(1)),
            reason: self.reason,
            is_revoked: self.revokes,
            actor: actor.subject.clone(),
            unit: actor.unit.clone(),
            decide_time: now,
        }))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use std::collections::BTreeSet;

    use super::*;

    fn actor(subject: &str) -> Actor {
        Actor { subject: subject.to_owned(), unit: "22".parse().unwrap(), roles: BTreeSet::new() }
    }

    fn wish(reason: &str, revokes: bool) -> Wish {
        Wish {
            plan: "QN-2018".parse().unwrap(),
            finding: "sum-of-targets.5554fb4118e961e4".parse().unwrap(),
            reason: reason.to_owned(),
            revokes,
        }
    }

    fn after(present: Option<&Acknowledgement>, wish: Wish) -> Option<Acknowledgement> {
        wish.decide(present, &actor("a"), OffsetDateTime::UNIX_EPOCH).unwrap()
    }

    #[test]
    fn each_change_is_the_next_version_and_a_repetition_is_none() {
        let first = after(None, wish("theo văn bản", false)).unwrap();

        assert_eq!((first.version, first.is_revoked), (1, false));
        assert_eq!(after(Some(&first), wish("theo văn bản", false)), None);
        let other = after(Some(&first), wish("lý do khác", false)).unwrap();
        let revoked = after(Some(&other), wish("nhầm", true)).unwrap();
        let again = after(Some(&revoked), wish("nhầm", false)).unwrap();
        let versions = [&other, &revoked, &again].map(|said| (said.version, said.is_revoked));
        assert_eq!(versions, [(2, false), (3, true), (4, false)]);
    }

    #[test]
    fn somebody_else_may_stand_for_the_same_reason() {
        let first = after(None, wish("theo văn bản", false)).unwrap();

        let now = OffsetDateTime::UNIX_EPOCH;
        let second = wish("theo văn bản", false).decide(Some(&first), &actor("b"), now).unwrap();

        assert_eq!(second.unwrap().actor, "b");
    }

    #[test]
    fn what_nobody_acknowledged_cannot_be_taken_back() {
        let first = after(None, wish("theo văn bản", false)).unwrap();
        let revoked = after(Some(&first), wish("nhầm", true)).unwrap();

        for present in [None, Some(&revoked)] {
            let now = OffsetDateTime::UNIX_EPOCH;
            let refused = wish("nhầm", true).decide(present, &actor("a"), now).unwrap_err();
            assert_eq!(refused.reason(), "FINDING_NOT_ACKNOWLEDGED");
        }
    }
}
