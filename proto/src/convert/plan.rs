//! A province's plan, read exactly as stated: figures that disagree are findings, not faults, so only
//! what has no meaning at all is refused here.

use cchc_core::{Collector, UnitCode, WindowStart, Year};
use cchc_scoring::catalogue::{
    Baseline, Deadline, Direction, Due, IncreaseUnit, Mode, Plan, QuotedShare, RankTarget,
    Recurrence, ReportCycle, ReportTerms, Rounding, StatedRatio, Target, Weekday,
};

use super::{
    limits,
    parts::{choices, codes, list, optional_part, part, text},
    unit::unit_selector,
    values::{date, decimal, optional_date, optional_points, whole, year},
};
use crate::{common::v1::Decimal, registry::v1 as pb};

mod task;
mod write;

pub use self::task::task;

choices! {
    /// Reads what an increase is counted in.
    increase_unit: pb::target::IncreaseUnit => IncreaseUnit {
        Points, PercentagePoints, Percent, Relative
    }
    /// Reads which way is better.
    stated_direction: pb::target::Direction => Direction { Up, Down }
    /// Reads how a figure is shortened for display.
    rounding: pb::target::Rounding => Rounding { HalfUp, Truncate }
    /// Reads whether a task is ordered or asked for.
    mode: pb::task::Mode => Mode { Ordered, Requested }
    /// Reads how often a task recurs that does.
    recurrence: pb::task::Recurrence => Recurrence { Weekly, Quarterly, Yearly, Monthly }
    /// Reads a day of the week.
    weekday: pb::task::Weekday => Weekday {
        Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday
    }
}

/// Reads a plan. That its nodes and units exist is for the registry to say, which knows them.
pub fn plan(c: &mut Collector, message: pb::Plan) -> Option<Plan> {
    let pb::Plan {
        code,
        province_code,
        year: of,
        title,
        title_en,
        reference,
        baselines,
        targets,
        tasks,
        deadlines,
        report_cycle: cycle,
        left_out_numbers: left_out,
        issued_from_date,
        quoted_shares,
    } = message;
    let code = c.parse("code", &code);
    let province = c.parse("province_code", &province_code);
    let year = year(c, "year", of);
    let title = text::<{ limits::TITLE }>(c, "title", &title);
    let title_en = text::<{ limits::TITLE }>(c, "title_en", &title_en);
    let reference = text::<{ limits::REFERENCE }>(c, "reference", &reference);
    let baselines = list(c, "baselines", limits::FIGURES, baselines, baseline);
    let targets = list(c, "targets", limits::FIGURES, targets, target);
    let tasks = list(c, "tasks", limits::TASKS, tasks, task);
    let deadlines = list(c, "deadlines", limits::DEADLINES, deadlines, deadline);
    let report_cycle = optional_part(c, "report_cycle", cycle, report_cycle);
    let numbers_left_out = numbers(c, "left_out_numbers", left_out);
    let issued_from = optional_date(c, "issued_from_date", issued_from_date);
    let quoted_shares = list(c, "quoted_shares", limits::FIGURES, quoted_shares, quoted_share);
    Some(Plan {
        code: code?,
        province: province?,
        year: year?,
        title: title?,
        title_en: title_en?,
        reference: reference?,
        baselines: baselines?,
        targets: targets?,
        tasks: tasks?,
        deadlines: deadlines?,
        report_cycle: report_cycle?,
        numbers_left_out: numbers_left_out?,
        issued_from: issued_from?,
        quoted_shares: quoted_shares?,
    })
}

fn numbers(c: &mut Collector, field: &str, numbers: Vec<i32>) -> Option<Vec<u16>> {
    list(c, field, limits::NUMBERS, numbers, |c, number| whole(c, "", number, 1..=limits::NUMBER))
}

/// Reads where a node started from.
pub fn baseline(c: &mut Collector, message: pb::Baseline) -> Option<Baseline> {
    let pb::Baseline { node_id, year: of, stated, published, rank, reference } = message;
    let node = c.parse("node_id", &node_id);
    let year = year(c, "year", of);
    let stated = optional_points(c, "stated", stated);
    let published = optional_points(c, "published", published);
    let rank = whole(c, "rank", rank, 0..=limits::RANK);
    let reference = text::<{ limits::REFERENCE }>(c, "reference", &reference);
    Some(Baseline {
        node: node?,
        year: year?,
        stated: stated?,
        published: published?,
        rank: Some(rank?).filter(|rank| *rank > 0),
        reference: reference?,
    })
}

/// Reads what is promised for a node.
pub fn target(c: &mut Collector, message: pb::Target) -> Option<Target> {
    let pb::Target {
        node_id,
        points,
        increase,
        increase_unit: counted,
        ratio_percent,
        ratio_rounding,
        rank,
        heading_rank,
        reference,
        unit_code,
        year: of,
        direction: way,
    } = message;
    let node = c.parse("node_id", &node_id);
    let points = optional_points(c, "points", points);
    let increase = optional_points(c, "increase", increase);
    let increase_unit = increase_unit(c, "increase_unit", counted);
    let ratio = stated_ratio(c, ratio_percent, ratio_rounding);
    let rank = optional_part(c, "rank", rank, rank_target);
    let heading_rank = optional_part(c, "heading_rank", heading_rank, rank_target);
    let reference = text::<{ limits::REFERENCE }>(c, "reference", &reference);
    let (unit, year, direction) = scope(c, &unit_code, of, way);
    Some(Target {
        node: node?,
        unit: unit?,
        year: year?,
        direction: direction?,
        points: points?,
        increase: increase?,
        increase_unit: increase_unit?,
        ratio: ratio?,
        rank: rank?,
        heading_rank: heading_rank?,
        reference: reference?,
    })
}

/// For whom, for which year and which way: each has a value that means what every target meant before
/// there were these fields.
#[expect(clippy::option_option, reason = "refused, absent and present are three things")]
fn scope(
    c: &mut Collector,
    unit_code: &str,
    of: i32,
    way: i32,
) -> (Option<Option<UnitCode>>, Option<Option<Year>>, Option<Direction>) {
    let unit = match unit_code {
        "" => Some(None),
        code => c.parse("unit_code", code).map(Some),
    };
    let year = match of {
        0 => Some(None),
        of => year(c, "year", of).map(Some),
    };
    let direction = match way {
        0 => Some(Direction::Up),
        way => stated_direction(c, "direction", way),
    };
    (unit, year, direction)
}

/// Reads a share of answers that the plan quotes.
pub fn quoted_share(c: &mut Collector, message: pb::QuotedShare) -> Option<QuotedShare> {
    let pb::QuotedShare {
        node_id,
        percent,
        rest_percent,
        rest_reading,
        unanswered_percent,
        reference,
    } = message;
    let node = c.parse("node_id", &node_id);
    let percent = decimal(c, "percent", percent);
    let rest_percent = decimal(c, "rest_percent", rest_percent);
    let rest_reading = text::<{ limits::SHORT_TITLE }>(c, "rest_reading", &rest_reading);
    let unanswered_percent = match unanswered_percent {
        None => Some(None),
        share => decimal(c, "unanswered_percent", share).map(Some),
    };
    let reference = text::<{ limits::REFERENCE }>(c, "reference", &reference);
    Some(QuotedShare {
        node: node?,
        percent: percent?,
        rest_percent: rest_percent?,
        rest_reading: rest_reading?,
        unanswered_percent: unanswered_percent?,
        reference: reference?,
    })
}

/// A share and its rounding come together or not at all.
#[expect(clippy::option_option, reason = "refused, absent and present are three things")]
fn stated_ratio(
    c: &mut Collector,
    percent: Option<Decimal>,
    shortened: i32,
) -> Option<Option<StatedRatio>> {
    if percent.is_none() && shortened == 0 {
        return Some(None);
    }
    let rounding = rounding(c, "ratio_rounding", shortened);
    let percent = decimal(c, "ratio_percent", percent);
    Some(Some(StatedRatio { percent: percent?, rounding: rounding? }))
}

/// Reads a place to reach.
pub fn rank_target(c: &mut Collector, message: pb::RankTarget) -> Option<RankTarget> {
    use pb::rank_target::{GroupOf, Kind, Leading};

    let pb::RankTarget { kind } = message;
    match c.require("kind", kind)? {
        Kind::Exact(place) => whole(c, "exact", place, 1..=limits::RANK).map(RankTarget::Exact),
        Kind::Top(place) => whole(c, "top", place, 1..=limits::RANK).map(RankTarget::Top),
        Kind::Group(group) => whole(c, "group", group, GROUPS).map(RankTarget::Group),
        Kind::GroupOf(GroupOf { group, size }) => c.at("group_of", |c| {
            let group = whole(c, "group", group, GROUPS);
            let size = whole(c, "size", size, 1..=limits::RANK);
            Some(RankTarget::GroupOf { group: group?, size: size? })
        }),
        Kind::Leading(Leading {}) => Some(RankTarget::Leading),
    }
}

/// PAPI names four groups, the highest first.
const GROUPS: std::ops::RangeInclusive<u8> = 1..=4;

/// Reads a day by which something is done.
pub fn due(c: &mut Collector, message: pb::Due) -> Option<Due> {
    let pb::Due { due_date, is_inclusive } = message;
    let date = date(c, "due_date", due_date)?;
    Some(Due { date, inclusive: is_inclusive })
}

/// Reads a date that binds many units beside their tasks.
pub fn deadline(c: &mut Collector, message: pb::Deadline) -> Option<Deadline> {
    let pb::Deadline { duty, title, binds, due: day, reference } = message;
    let duty = text::<{ limits::WORD }>(c, "duty", &duty);
    let title = text::<{ limits::SHORT_TITLE }>(c, "title", &title);
    let binds = part(c, "binds", binds, unit_selector);
    let due = part(c, "due", day, due);
    let reference = text::<{ limits::REFERENCE }>(c, "reference", &reference);
    Some(Deadline { duty: duty?, title: title?, binds: binds?, due: due?, reference: reference? })
}

/// Reads the periodic reports: at least one period, each once.
pub fn report_cycle(c: &mut Collector, message: pb::ReportCycle) -> Option<ReportCycle> {
    let pb::ReportCycle { periods, reference, terms } = message;
    let periods = c.require("periods", Some(periods).filter(|periods| !periods.is_empty()));
    let periods = periods.and_then(|periods| codes(c, "periods", limits::PERIODS, periods));
    let reference = text::<{ limits::REFERENCE }>(c, "reference", &reference);
    let terms = optional_part(c, "terms", terms, report_terms);
    Some(ReportCycle { periods: periods?, reference: reference?, terms: terms? })
}

/// Reads who reports, over which days and until when.
pub fn report_terms(c: &mut Collector, message: pb::ReportTerms) -> Option<ReportTerms> {
    let pb::ReportTerms {
        binds,
        mode: asked,
        window_start_day,
        due_day,
        earlier_days,
        is_inclusive,
        grace_working_days,
        reference,
    } = message;
    let binds = part(c, "binds", binds, unit_selector);
    let mode = mode(c, "mode", asked);
    let start = whole(c, "window_start_day", window_start_day, 1..=28);
    let start = start.and_then(|day: i32| WindowStart::new(day).ok());
    let due_day = whole(c, "due_day", due_day, 1..=28);
    let earlier_days = whole(c, "earlier_days", earlier_days, 0..=60);
    let grace = whole(c, "grace_working_days", grace_working_days, 0..=60);
    let reference = text::<{ limits::REFERENCE }>(c, "reference", &reference);
    Some(ReportTerms {
        binds: binds?,
        mode: mode?,
        window_start_day: start?,
        due_day: due_day?,
        earlier_days: earlier_days?,
        inclusive: is_inclusive,
        grace_working_days: grace?,
        reference: reference?,
    })
}
