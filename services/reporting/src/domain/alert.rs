//! What somebody should look at: found by comparing what is noticed of a rollup now with what was noticed of it before.
//!
//! | noticed | alert |
//! | --- | --- |
//! | a points verdict that is *met* and was not | target reached |
//! | one that was *met* and is not | target lost |
//! | one that is *missed* and was open | target missed |
//! | a periodic report that is missing and was not | unit behind |
//! | differences of a verification | verify differs |
//!
//! An alert is named by what was noticed and the revision, so that whoever looks again, or beside, finds the same one.

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::{NodeId, Period, PlanCode, UnitCode};
use cchc_scoring::verdict::Verdict;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use super::rollup::Rollup;

/// What was noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum AlertKind {
    TargetReached,
    TargetLost,
    TargetMissed,
    UnitBehind,
    VerifyDiffers,
}

impl AlertKind {
    /// Every kind.
    pub(crate) const ALL: [Self; 5] = [
        Self::TargetReached,
        Self::TargetLost,
        Self::TargetMissed,
        Self::UnitBehind,
        Self::VerifyDiffers,
    ];

    /// The word in the database.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::TargetReached => "target-reached",
            Self::TargetLost => "target-lost",
            Self::TargetMissed => "target-missed",
            Self::UnitBehind => "unit-behind",
            Self::VerifyDiffers => "verify-differs",
        }
    }
}

/// Something that somebody should look at, before it is numbered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Raised {
    pub(crate) kind: AlertKind,
    /// The node or the unit; empty for the whole rollup.
    pub(crate) subject: String,
    /// Its title or name.
    pub(crate) title: String,
    /// The period of a report, or how many differences there are.
    pub(crate) detail: String,
}

/// An alert as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Alert {
    pub(crate) plan: PlanCode,
    /// 1, 2, 3 … within the plan.
    pub(crate) number: i64,
    pub(crate) id: Uuid,
    pub(crate) what: Raised,
    pub(crate) revision: i64,
    pub(crate) time: OffsetDateTime,
}

/// What is noticed of a plan's rollup.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Noticed {
    /// Of each node with a target.
    pub(crate) verdicts: BTreeMap<NodeId, Verdict>,
    /// The reports of each unit that are missing.
    pub(crate) missing: Missing,
}

/// Periodic reports that were not sent and whose last day has passed, by unit.
pub(crate) type Missing = BTreeMap<UnitCode, BTreeSet<Period>>;

impl Raised {
    /// Names the alert by what was noticed, and at which revision.
    pub(crate) fn id(&self, plan: &PlanCode, revision: i64) -> Uuid {
        let Self { kind, subject, detail, .. } = self;
        let name = format!("alert {plan} {revision} {} {subject} {detail}", kind.as_str());
        Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes())
    }

    /// In one sentence: Vietnamese, English.
    pub(crate) fn message(&self) -> (String, String) {
        let Self { kind, subject, title, detail } = self;
        match kind {
            AlertKind::TargetReached => (
                format!("{subject} {title}: đã đạt chỉ tiêu"),
                format!("{subject} has reached its target"),
            ),
            AlertKind::TargetLost => (
                format!("{subject} {title}: không còn đạt chỉ tiêu"),
                format!("{subject} no longer reaches its target"),
            ),
            AlertKind::TargetMissed => (
                format!("{subject} {title}: đã đủ số liệu và không đạt chỉ tiêu"),
                format!("{subject} is complete and misses its target"),
            ),
            AlertKind::UnitBehind => (
                format!("{title}: quá hạn chưa gửi báo cáo kỳ {detail}"),
                format!("{subject} has not sent its report for {detail}"),
            ),
            AlertKind::VerifyDiffers => (
                format!("Số liệu tổng hợp khác kết quả tính lại ở {detail} chỗ"),
                format!("the rollup differs from its recomputation in {detail} places"),
            ),
        }
    }
}

impl Noticed {
    /// Looks at a rollup, and at the reports that are missing.
    pub(crate) fn of(rollup: &Rollup, missing: Missing) -> Self {
        let nodes = rollup.indices.iter().flat_map(|index| &index.nodes);
        let judged =
            nodes.filter_map(|node| Some((node.id.clone(), node.verdicts.points?.verdict)));
        Self { verdicts: judged.collect(), missing }
    }

    /// What is to be told of it beside what was noticed before; `name` is that of a node or a unit.
    pub(crate) fn since(&self, before: &Self, name: impl Fn(&str) -> String) -> Vec<Raised> {
        let raised = |kind, subject: String, detail| {
            let title = name(&subject);
            Raised { kind, subject, title, detail }
        };
        let crossed = self.verdicts.iter().filter_map(|(node, now)| {
            // A node that was not judged before was open.
            let was = before.verdicts.get(node).copied().unwrap_or(Verdict::NotAssessable);
            Some(raised(crossed(was, *now)?, node.to_string(), String::new()))
        });
        let behind = self.missing.iter().flat_map(|(unit, periods)| {
            let known = before.missing.get(unit);
            let new =
                periods.iter().filter(move |of| known.is_none_or(|known| !known.contains(of)));
            new.map(move |period| (unit, period))
        });
        let behind = behind.map(|(unit, period)| {
            raised(AlertKind::UnitBehind, unit.to_string(), period.to_string())
        });
        crossed.chain(behind).collect()
    }
}

fn crossed(was: Verdict, now: Verdict) -> Option<AlertKind> {
    match (was, now) {
        (Verdict::Met, Verdict::Met) => None,
        (_, Verdict::Met) => Some(AlertKind::TargetReached),
        (Verdict::Met, _) => Some(AlertKind::TargetLost),
        (Verdict::NotAssessable, Verdict::Missed) => Some(AlertKind::TargetMissed),
        (Verdict::Missed | Verdict::NotAssessable, _) => None,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    fn noticed(verdict: Verdict, missing: &[&str]) -> Noticed {
        let periods = missing.iter().map(|period| period.parse().unwrap()).collect();
        Noticed {
            verdicts: BTreeMap::from([("P-2018/1".parse().unwrap(), verdict)]),
            missing: BTreeMap::from([("193".parse().unwrap(), periods)]),
        }
    }

    fn kinds(now: &Noticed, before: &Noticed) -> Vec<AlertKind> {
        now.since(before, |_| String::new()).into_iter().map(|of| of.kind).collect()
    }

    #[test]
    fn a_target_is_crossed_either_way_and_missed_once_everything_is_known() {
        use Verdict::{Met, Missed, NotAssessable};
        let told = |was, is| kinds(&noticed(is, &[]), &noticed(was, &[]));

        assert_eq!(told(NotAssessable, Met), [AlertKind::TargetReached]);
        assert_eq!(told(Missed, Met), [AlertKind::TargetReached]);
        assert_eq!(told(Met, Missed), [AlertKind::TargetLost]);
        assert_eq!(told(Met, NotAssessable), [AlertKind::TargetLost]);
        assert_eq!(told(NotAssessable, Missed), [AlertKind::TargetMissed]);
        assert_eq!(told(Missed, NotAssessable), []);
        for same in Verdict::ALL {
            assert_eq!(told(same, same), []);
        }
    }

    #[test]
    fn a_unit_falls_behind_once_for_each_report() {
        let before = noticed(Verdict::Met, &["2018-Q1"]);
        let now = noticed(Verdict::Met, &["2018-6M", "2018-Q1"]);

        let raised = now.since(&before, |of| format!("tên {of}"));

        let [one] = raised.as_slice() else { panic!("one: {raised:?}") };
        assert_eq!((one.subject.as_str(), one.detail.as_str()), ("193", "2018-6M"));
        assert_eq!(one.message().0, "tên 193: quá hạn chưa gửi báo cáo kỳ 2018-6M");
        assert_eq!(kinds(&before, &now), [], "who has caught up is no alert");
    }

    #[test]
    fn the_same_thing_at_the_same_revision_is_one_alert() {
        let plan = "QN-2018".parse().unwrap();
        let raised = noticed(Verdict::Met, &[])
            .since(&noticed(Verdict::Missed, &[]), |_| String::new())
            .remove(0);

        assert_eq!(raised.id(&plan, 7), raised.clone().id(&plan, 7));
        assert_ne!(raised.id(&plan, 7), raised.id(&plan, 8));
        let noticed = noticed(Verdict::Missed, &["2018-9M"]);
        let kept = serde_json::to_value(&noticed).unwrap();
        assert_eq!(serde_json::from_value::<Noticed>(kept).unwrap(), noticed);
    }
}
