//! How far every unit is with every task that binds it: most done in time, some late, some under way.

use cchc_scoring::catalogue::{Task, Unit};
use time::{Date, Duration, Month};

use super::{Seed, draw::Draw};
use crate::plan_files::PlanFolder;

/// The columns of the files.
pub(super) const COLUMNS: [&str; 6] = ["plan", "task", "unit", "percent", "done_date", "note"];

const IN_TIME: [&str; 3] = [
    "Đã hoàn thành, có báo cáo kết quả kèm theo (minh họa).",
    "Hoàn thành theo kế hoạch đề ra (minh họa).",
    "Đã triển khai đến các bộ phận liên quan và hoàn thành (minh họa).",
];
const LATE: [&str; 2] = [
    "Hoàn thành chậm do phải lấy ý kiến nhiều đơn vị phối hợp (minh họa).",
    "Hoàn thành chậm so với tiến độ, đã rút kinh nghiệm (minh họa).",
];
const UNDER_WAY: [&str; 3] = [
    "Đang triển khai, dự kiến hoàn thành trong quý sau (minh họa).",
    "Đang hoàn thiện dự thảo để trình phê duyệt (minh họa).",
    "Đang chờ bố trí kinh phí cho phần việc còn lại (minh họa).",
];

/// Makes up the progress of a unit.
pub(super) fn of(unit: &Unit, folder: &PlanFolder, seed: Seed) -> Vec<[String; 6]> {
    let bound = folder.plan.tasks.iter().filter(|task| task.binds.selects(unit));
    bound.map(|task| row(unit, task, folder, seed)).collect()
}

fn row(unit: &Unit, task: &Task, folder: &PlanFolder, seed: Seed) -> [String; 6] {
    let mut draw = seed.draw(&format!("progress {} {}", unit.code, task.number));
    let year = folder.plan.year.get();
    let chance = draw.below(1000);
    let (percent, done, notes): (u64, Option<Date>, &[&str]) = match chance {
        0..850 => (100, in_time(task, year, &mut draw), &IN_TIME),
        850..930 => (100, late(task, year, &mut draw), &LATE),
        _ => (draw.between(8, 18) * 5, None, &UNDER_WAY),
    };
    [
        folder.plan.code.to_string(),
        task.number.to_string(),
        unit.code.to_string(),
        percent.to_string(),
        done.map(|day| day.to_string()).unwrap_or_default(),
        draw.pick(notes).copied().unwrap_or_default().to_owned(),
    ]
}

/// A day within the last weeks before a task was due; without a date, sometime before the year's report.
fn in_time(task: &Task, year: i32, draw: &mut Draw) -> Option<Date> {
    let last = match task.due {
        Some(due) => due.last_day(),
        None => Date::from_calendar_date(year, Month::December, 10).ok()?,
    };
    let most = if task.due.is_some() { 20 } else { 150 };
    last.checked_sub(days(draw.below(most)))
}

/// A day after a task was due; without a date, the year's last days.
fn late(task: &Task, year: i32, draw: &mut Draw) -> Option<Date> {
    match task.due {
        Some(due) => due.last_day().checked_add(days(draw.between(3, 45))),
        None => Date::from_calendar_date(year, Month::December, 11)
            .ok()?
            .checked_add(days(draw.below(20))),
    }
}

fn days(number: u64) -> Duration {
    Duration::days(i64::try_from(number).unwrap_or_default())
}
