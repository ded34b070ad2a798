//! A province's plan for a year: targets exactly as stated, tasks, deadlines, the reporting cycle.

use cchc_core::{Decimal, NodeId, Period, PlanCode, Points, TaskNumber, UnitCode, Year};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use time::Date;

use super::UnitSelector;

/// A plan as its authors wrote it. Nothing in it is corrected: where its figures disagree,
/// [`crate::plan::check`] says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Names the plan, such as `QN-2018`.
    pub code: PlanCode,
    /// The province whose plan it is.
    pub province: UnitCode,
    /// The year planned for.
    pub year: Year,
    /// Vietnamese title.
    pub title: String,
    /// English title.
    pub title_en: String,
    /// Where the document is found, and what is not known about it.
    pub reference: String,
    /// Where the year started from.
    #[serde(default)]
    pub baselines: Vec<Baseline>,
    /// What is promised.
    #[serde(default)]
    pub targets: Vec<Target>,
    /// What must be done.
    #[serde(default)]
    pub tasks: Vec<Task>,
    /// Dates that bind many units beside their tasks.
    #[serde(default)]
    pub deadlines: Vec<Deadline>,
    /// The periodic reports.
    #[serde(default)]
    pub report_cycle: Option<ReportCycle>,
    /// Block numbers the authors left out on purpose; any other gap is a finding.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub numbers_left_out: Vec<u16>,
}

/// Where a node started from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// The node.
    pub node: NodeId,
    /// The year of the figures.
    pub year: Year,
    /// As the plan states it; absent where the plan gives only the increase.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stated: Option<Points>,
    /// As the index's owner published it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<Points>,
    /// Place among the provinces, as published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<u16>,
    /// Where the figures stand.
    pub reference: String,
}

/// What is promised for a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// The node.
    pub node: NodeId,
    /// The score to reach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<Points>,
    /// The stated increase over the baseline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub increase: Option<Points>,
    /// What the increase is counted in; an increase of a percentage written `%` is ambiguous.
    #[serde(default)]
    pub increase_unit: IncreaseUnit,
    /// The stated share of the node's maximum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ratio: Option<StatedRatio>,
    /// The place to reach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<RankTarget>,
    /// What a heading over this item says of the place, where it says something else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heading_rank: Option<RankTarget>,
    /// Where the plan states it.
    pub reference: String,
}

/// What an increase is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum IncreaseUnit {
    /// Points of the index.
    #[default]
    Points,
    /// Percentage points.
    PercentagePoints,
    /// Written `%` of a figure that is itself a percentage: points or relative, the text does not say.
    Percent,
}

/// A percentage that a plan states beside its points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatedRatio {
    /// Per cent of the maximum, as written.
    #[schemars(with = "String")]
    pub percent: Decimal,
    /// The rule by which it should have been shortened.
    #[serde(default)]
    pub rounding: Rounding,
}

/// How a figure is shortened for display.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Rounding {
    /// Half away from zero: 94.2857 is 94.29.
    #[default]
    HalfUp,
    /// Cut off: 94.2857 is 94.28.
    Truncate,
}

/// A place to reach among the provinces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RankTarget {
    /// Exactly this place.
    Exact(u16),
    /// This place or better.
    Top(u16),
    /// This PAPI quartile group (1 is the highest) or better.
    Group(u8),
    /// A PAPI group together with a size that is not the group's: "15 of 63, upper middle".
    GroupOf {
        /// The group, 1 the highest.
        group: u8,
        /// The stated size.
        size: u16,
    },
    /// The leading group, with no number: cannot be judged without one.
    Leading,
}

/// What must be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// As the plan numbers it, such as `10.4`.
    pub number: TaskNumber,
    /// Short Vietnamese title of our own wording.
    pub title: String,
    /// Where the plan states it, such as `III.10.4`.
    pub reference: String,
    /// The units it binds; each gets an assignment of its own.
    pub binds: UnitSelector,
    /// Whether it is ordered or asked for.
    #[serde(default)]
    pub mode: Mode,
    /// Its date, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
    /// How often it recurs, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recurrence: Option<Recurrence>,
    /// The nodes it serves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nodes: Vec<NodeId>,
}

/// Whether a task is ordered or asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// An order to a body of the administration.
    #[default]
    Ordered,
    /// "Đề nghị": a request to a body outside the administration.
    Requested,
}

/// A day by which something is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Due {
    /// The day as written.
    #[schemars(with = "String")]
    pub date: Date,
    /// Whether that day itself still counts; "trước ngày" read plainly excludes it.
    #[serde(default)]
    pub inclusive: bool,
}

impl Due {
    /// The last day on which it is still in time.
    #[must_use]
    pub fn last_day(self) -> Date {
        if self.inclusive { self.date } else { self.date.previous_day().unwrap_or(self.date) }
    }
}

/// How often a task recurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Recurrence {
    /// Every week.
    Weekly,
    /// Every quarter.
    Quarterly,
    /// Every year.
    Yearly,
}

/// A date that binds many units beside their tasks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// What is due, in words that two deadlines on one duty share, such as `trien-khai-ke-hoach`.
    pub duty: String,
    /// Short Vietnamese title of our own wording.
    pub title: String,
    /// The units it binds.
    pub binds: UnitSelector,
    /// The day.
    pub due: Due,
    /// Where the plan states it.
    pub reference: String,
}

/// The periodic reports of every unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportCycle {
    /// The periods reported on; one that coincides with another is not reported twice.
    pub periods: Vec<Period>,
    /// Where the plan states it.
    pub reference: String,
}
