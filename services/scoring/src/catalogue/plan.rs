//! A province's plan for a year: targets exactly as stated, tasks, deadlines, the reporting cycle.

use cchc_core::{NodeId, Period, PlanCode, Points, TaskNumber, UnitCode, WindowStart, Year};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use time::Date;

use super::{QuotedShare, Target, UnitSelector};

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
    /// The first day on which the plan can have been issued: its date, or, of a document without one,
    /// the day of the latest one it cites. Absent when not known at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<cchc_core::DayForm>")]
    pub issued_from: Option<Date>,
    /// Shares of answers that the plan quotes together with what it makes of all others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quoted_shares: Vec<QuotedShare>,
}

impl Plan {
    /// What is promised of a node for the province as a whole in the year planned for: the one target
    /// that this year's score is judged by. Targets of other years and of single units stand beside it.
    #[must_use]
    pub fn target(&self, node: &NodeId) -> Option<&Target> {
        let is_of_node = |target: &&Target| target.node == *node;
        self.targets.iter().filter(is_of_node).find(|target| target.is_for_all(self.year))
    }

    /// Where a node started from.
    #[must_use]
    pub fn baseline(&self, node: &NodeId) -> Option<&Baseline> {
        self.baselines.iter().find(|baseline| baseline.node == *node)
    }
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
    /// The day of the week on which a weekly task falls due; without it the week's last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weekday: Option<Weekday>,
    /// The nodes it serves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nodes: Vec<NodeId>,
    /// Units that work on it beside those it binds ("phối hợp"); absent where the plan names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coordinating: Option<UnitSelector>,
    /// Units that advise on it ("tham mưu"); absent where the plan names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advising: Option<UnitSelector>,
    /// Units that are asked to take part ("đề nghị") in what others are ordered to do; absent where the plan
    /// names none. A task that is asked for as a whole has [`Mode::Requested`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested: Option<UnitSelector>,
    /// What is to come of it ("sản phẩm"), in Vietnamese; empty where the plan does not say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub product: String,
    /// The post of the officer who answers for it in each unit, such as "Chánh Văn phòng"; empty where the plan
    /// names none. Who holds the post is for the unit to say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub responsible_post: String,
    /// The points that the plan expects of it at nodes it serves; a node that is missing has none stated,
    /// which is not zero.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expected_points: Vec<ExpectedPoints>,
}

impl Task {
    /// Whether it serves a node: by naming it, or anything below it.
    #[must_use]
    pub fn serves(&self, node: &NodeId) -> bool {
        self.nodes.iter().any(|served| {
            served.index == node.index
                && (served.node == node.node || served.node.is_below(&node.node))
        })
    }

    /// The points that the plan expects of it at a node itself; nothing where it states none.
    #[must_use]
    pub fn expects(&self, node: &NodeId) -> Option<Points> {
        self.expected_points.iter().find(|of| of.node == *node).map(|of| of.points)
    }
}

/// The points that a task, done by every unit it binds, is expected to bring at a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExpectedPoints {
    /// The node; one of those the task serves.
    pub node: NodeId,
    /// Points of the index, above what the node would have without the task.
    pub points: Points,
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
    #[schemars(with = "cchc_core::DayForm")]
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
    /// Every month.
    Monthly,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Weekday {
    /// Thứ Hai.
    Monday,
    /// Thứ Ba.
    Tuesday,
    /// Thứ Tư.
    Wednesday,
    /// Thứ Năm.
    Thursday,
    /// Thứ Sáu.
    Friday,
    /// Thứ Bảy.
    Saturday,
    /// Chủ nhật.
    Sunday,
}

impl Weekday {
    /// How many days after Monday it comes, from 0 to 6.
    #[must_use]
    pub const fn days_after_monday(self) -> i64 {
        match self {
            Self::Monday => 0,
            Self::Tuesday => 1,
            Self::Wednesday => 2,
            Self::Thursday => 3,
            Self::Friday => 4,
            Self::Saturday => 5,
            Self::Sunday => 6,
        }
    }
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
    /// Who reports, over which days and until when. Absent where nobody has set it: then nobody is held to
    /// a day that was never said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<ReportTerms>,
}

/// Who owes periodic reports, over which days, and until when. All of it is data: ministries and provinces
/// set it anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportTerms {
    /// The units that report.
    pub binds: UnitSelector,
    /// Whether they are ordered to or asked to.
    #[serde(default)]
    pub mode: Mode,
    /// The day of the month on which windows of data start; 15 for 15/12 to 14/3 (dispatch 581/BNV-CCHC).
    pub window_start_day: WindowStart,
    /// The day of the period's last month by which the province reports to the ministry, 1 to 28; the same
    /// dispatch says the 20th.
    #[schemars(range(min = 1, max = 28))]
    pub due_day: u8,
    /// How many calendar days earlier the province asks its own units, 0 to 60.
    #[serde(default)]
    #[schemars(range(max = 60))]
    pub earlier_days: u8,
    /// Whether that day itself still counts.
    #[serde(default)]
    pub inclusive: bool,
    /// Working days after the last day within which a report still counts as in time, 0 to 60.
    #[serde(default)]
    #[schemars(range(max = 60))]
    pub grace_working_days: u8,
    /// Where that is set; what is assumed says so.
    pub reference: String,
}
