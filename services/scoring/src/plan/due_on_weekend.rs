//! A last day on which offices are closed: who is in time on the Monday after?

use time::{Date, Weekday};

use super::{
    Finding, FindingKind,
    case::Case,
    day::{civil, duties},
};

pub(super) fn find(case: &Case) -> Vec<Finding> {
    let dated = duties(case).filter_map(|duty| Some((duty, duty.due?.last_day())));
    dated
        .filter_map(|(duty, last)| {
            let (day, day_en) = match last.weekday() {
                Weekday::Saturday => ("thứ Bảy", "a Saturday"),
                Weekday::Sunday => ("Chủ nhật", "a Sunday"),
                _ => return None,
            };
            let (subject, title) = (duty.subject, duty.title);
            let message = format!("“{title}” ({subject}): hạn cuối {} là {day}", civil(last));
            let message_en = format!("{subject}: the last day, {last}, is {day_en}");
            let mut finding = Finding::new(FindingKind::DueOnWeekend, subject, message, message_en)
                .stated_in(duty.reference);
            finding.stated = Some(last.to_string());
            finding.computed = working_day_after(last).map(|day| day.to_string());
            Some(finding)
        })
        .collect()
}

fn working_day_after(day: Date) -> Option<Date> {
    std::iter::successors(day.next_day(), |day| day.next_day())
        .find(|day| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use time::{Duration, macros::date};

    use super::super::sample::{found_of, only, says};
    use super::*;

    #[test]
    fn a_last_day_on_a_saturday_is_noted_with_the_next_working_day() {
        let found = only(FindingKind::DueOnWeekend, |plan, _| {
            plan.deadlines.first_mut().unwrap().due.date = date!(2018 - 06 - 17);
        });

        assert_eq!(found, says("lap-ke-hoach", "2018-06-16", "2018-06-18"));
    }

    #[test]
    fn of_a_week_only_its_saturday_and_its_sunday_are_noted() {
        let said = |last: Date| {
            let found = found_of(FindingKind::DueOnWeekend, |plan, _| {
                plan.deadlines.truncate(1);
                plan.deadlines.first_mut().unwrap().due.date = last.next_day().unwrap();
            });
            found.into_iter().next().map(|finding| finding.message_en)
        };

        let days =
            [14, 15, 16, 17, 18].map(|day| said(date!(2018 - 06 - 01) + Duration::days(day - 1)));
        let says = |day: &str| Some(format!("lap-ke-hoach: the last day, 2018-06-{day}"));
        assert_eq!(days, [None, None, says("16, is a Saturday"), says("17, is a Sunday"), None]);
    }
}
