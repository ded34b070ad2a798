//! Campaigns: the windows in which units score themselves, are appraised, explain and are appraised again.
//!
//! A window is a matter of the day in Viet Nam alone, so nothing has to tick for a deadline to hold. The
//! lock is another thing: it is a fact about one campaign, after which its windows cannot be moved any more.

mod check;
pub(crate) mod entry;
mod error;
pub(crate) mod form;
pub(crate) mod gap;
mod scoring;
mod span;
pub(crate) mod step;

use std::collections::BTreeSet;

use cchc_core::{CampaignCode, IndexCode, PlanCode, ReasonCode, UnitCode};
use cchc_scoring::catalogue::{Node, Source, UnitSelector};
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

pub(crate) use check::{Surroundings, check};
pub(crate) use error::{CampaignError, ScoringRefusal};
pub(crate) use scoring::possible_points;
pub(crate) use span::{Kind, Next, next};

/// Days from the first to the last, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Window {
    pub(crate) first: Date,
    pub(crate) last: Date,
}

/// The windows of a campaign, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Windows {
    pub(crate) self_assessment: Window,
    pub(crate) appraisal: Window,
    pub(crate) explanation: Window,
    pub(crate) second_appraisal: Window,
}

/// Why an appraiser may find other points than the unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reason {
    pub(crate) code: ReasonCode,
    pub(crate) title: String,
    pub(crate) title_en: String,
}

/// A version of a campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Campaign {
    pub(crate) code: CampaignCode,
    pub(crate) title: String,
    pub(crate) plan: PlanCode,
    pub(crate) province: UnitCode,
    pub(crate) index: IndexCode,
    pub(crate) organiser: UnitCode,
    /// Whom it was loaded for.
    pub(crate) selector: UnitSelector,
    /// Who that is: those that exist within the self-assessment.
    pub(crate) units: BTreeSet<UnitCode>,
    pub(crate) windows: Windows,
    pub(crate) reasons: Vec<Reason>,
}

/// A campaign as it stands.
#[derive(Debug, Clone)]
pub(crate) struct Standing {
    pub(crate) campaign: Campaign,
    /// From 1; one more with every change, and with the lock.
    pub(crate) version: i64,
    pub(crate) locked_at: Option<OffsetDateTime>,
}

/// Where a campaign stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// No window is open; another follows.
    Waiting,
    SelfAssessment,
    Appraisal,
    Explanation,
    SecondAppraisal,
    /// The last window is over.
    Over,
    /// Over, and locked.
    Locked,
}

impl Stage {
    pub(crate) const fn vietnamese(self) -> &'static str {
        match self {
            Self::Waiting => "chưa đến thời gian thực hiện bước tiếp theo",
            Self::SelfAssessment => "tự đánh giá",
            Self::Appraisal => "thẩm định lần 1",
            Self::Explanation => "giải trình",
            Self::SecondAppraisal => "thẩm định lần 2",
            Self::Over => "đã hết thời gian",
            Self::Locked => "đã khóa",
        }
    }

    pub(crate) const fn english(self) -> &'static str {
        match self {
            Self::Waiting => "between two windows",
            Self::SelfAssessment => "in self-assessment",
            Self::Appraisal => "in the first appraisal",
            Self::Explanation => "in explanation",
            Self::SecondAppraisal => "in the second appraisal",
            Self::Over => "over",
            Self::Locked => "locked",
        }
    }
}

impl Window {
    pub(crate) fn contains(self, day: Date) -> bool {
        (self.first..=self.last).contains(&day)
    }
}

impl Windows {
    /// Every window with the field that holds it, in their order.
    pub(crate) const fn named(&self) -> [(&'static str, Window); 4] {
        [
            ("self_assessment", self.self_assessment),
            ("appraisal", self.appraisal),
            ("explanation", self.explanation),
            ("second_appraisal", self.second_appraisal),
        ]
    }
}

impl Campaign {
    /// Whether units are scored for a node: it has a rule, and neither a survey nor somebody outside the
    /// province says what it is worth.
    pub(crate) fn scores(node: &Node) -> bool {
        node.rule.is_some() && matches!(node.source, Source::SelfAssessed | Source::Administrative)
    }

    /// Who appraises a node of a unit: its lead; where that is nobody or the unit itself, the organiser; and
    /// the organiser's own the province. Nobody appraises themselves.
    pub(crate) fn appraiser<'a>(&'a self, node: &'a Node, unit: &UnitCode) -> &'a UnitCode {
        let others = node.lead.iter().chain([&self.organiser]);
        others.into_iter().find(|of| *of != unit).unwrap_or(&self.province)
    }

    /// Whether another version changes what must not change once units rest on it.
    pub(crate) fn is_of_the_same(&self, other: &Self) -> bool {
        (&self.plan, &self.index, &self.organiser, &self.selector)
            == (&other.plan, &other.index, &other.organiser, &other.selector)
    }
}

impl Standing {
    /// Where it stands on a day.
    pub(crate) fn stage(&self, today: Date) -> Stage {
        let windows = &self.campaign.windows;
        if self.locked_at.is_some() {
            return Stage::Locked;
        }
        if today > windows.second_appraisal.last {
            return Stage::Over;
        }
        let stages =
            [Stage::SelfAssessment, Stage::Appraisal, Stage::Explanation, Stage::SecondAppraisal];
        let open = windows.named().into_iter().zip(stages);
        open.into_iter()
            .find(|((_, window), _)| window.contains(today))
            .map_or(Stage::Waiting, |(_, stage)| stage)
    }

    /// Whether it is to be locked: its own last window is over, whatever others do.
    pub(crate) fn is_to_lock(&self, today: Date) -> bool {
        self.locked_at.is_none() && today > self.campaign.windows.second_appraisal.last
    }
}

#[cfg(test)]
mod tests;
