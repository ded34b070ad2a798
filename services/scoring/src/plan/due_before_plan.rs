//! Due before the plan was issued: nobody could have known. A report on a period that ended before it is
//! no fault, but it cannot yet tell of this plan.

use cchc_core::Period;
use time::{Date, Month};

use super::{
    Finding, FindingKind, Severity,
    case::Case,
    day::{civil, duties},
};

pub(super) fn find(case: &Case) -> Vec<Finding> {
    let (first, _) = case.year();
    let from = case.plan.issued_from.unwrap_or(first);
    let early = duties(case).filter_map(|duty| Some((duty, duty.due?.last_day())));
    let early = early.filter(|(_, last)| *last < from).map(|(duty, last)| {
        let (subject, title) = (duty.subject, duty.title);
        let message = format!(
            "“{title}” ({subject}): hạn cuối {} trước ngày kế hoạch có thể được ban hành ({})",
            civil(last),
            civil(from),
        );
        let message_en = format!(
            "{subject}: the last day is {last}, before the plan can have been issued ({from})"
        );
        Finding::new(FindingKind::DueBeforePlan, subject, message, message_en)
            .figures(last, from)
            .stated_in(duty.reference)
    });
    early.chain(periods(case, from)).collect()
}

fn periods(case: &Case, from: Date) -> Vec<Finding> {
    let Some(cycle) = &case.plan.report_cycle else { return Vec::new() };
    let ended = cycle.periods.iter().filter_map(|period| Some((period, end(*period)?)));
    ended
        .filter(|(_, end)| *end < from)
        .map(|(period, end)| {
            let message = format!(
                "Kỳ báo cáo {period} kết thúc ngày {}, trước ngày kế hoạch có thể được ban hành ({}): báo cáo kỳ này chưa thể nêu kết quả thực hiện kế hoạch",
                civil(end),
                civil(from),
            );
            let message_en = format!(
                "the period {period} ended on {end}, before the plan can have been issued ({from}): its report cannot tell of the plan"
            );
            Finding::new(FindingKind::DueBeforePlan, period, message, message_en)
                .figures(end, from)
                .stated_in(&cycle.reference)
                .with_severity(Severity::Note)
        })
        .collect()
}

fn end(period: Period) -> Option<Date> {
    let month = Month::try_from(period.last_month()).ok()?;
    let year = period.year().get();
    Date::from_calendar_date(year, month, month.length(year)).ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use time::macros::date;

    use super::super::sample::{found_of, only, says};
    use super::*;
    use crate::catalogue::ReportCycle;

    #[test]
    fn what_is_due_or_ends_on_the_day_the_plan_is_issued_is_no_finding() {
        let found = |issued| {
            found_of(FindingKind::DueBeforePlan, |plan, _| {
                plan.issued_from = Some(issued);
                plan.deadlines.truncate(1);
                let periods = vec!["2018-6M".parse().unwrap()];
                plan.report_cycle =
                    Some(ReportCycle { periods, reference: String::new(), terms: None });
                plan.deadlines.first_mut().unwrap().due.date = date!(2018 - 07 - 01);
            })
        };

        assert_eq!(found(date!(2018 - 06 - 30)), []);
        assert_eq!(found(date!(2018 - 07 - 01)).len(), 2);
    }

    #[test]
    fn a_date_before_the_plan_was_issued_is_found() {
        let found = only(FindingKind::DueBeforePlan, |plan, _| {
            plan.issued_from = Some(date!(2018 - 06 - 15));
        });

        assert_eq!(found, says("lap-ke-hoach", "2018-06-14", "2018-06-15"));
    }

    #[test]
    fn without_a_date_of_issue_a_date_before_the_year_is_found() {
        let found = only(FindingKind::DueBeforePlan, |plan, _| {
            plan.deadlines.first_mut().unwrap().due.date = date!(2018 - 01 - 01);
        });

        assert_eq!(found, says("lap-ke-hoach", "2017-12-31", "2018-01-01"));
    }

    #[test]
    fn a_report_on_a_period_before_the_plan_is_noted() {
        let found = found_of(FindingKind::DueBeforePlan, |plan, _| {
            plan.issued_from = Some(date!(2018 - 05 - 23));
            let periods = ["2018-Q1", "2018-6M"].map(|period| period.parse().unwrap());
            let reference = String::new();
            plan.report_cycle =
                Some(ReportCycle { periods: periods.to_vec(), reference, terms: None });
        });

        let [finding] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((finding.subject.as_str(), finding.severity), ("2018-Q1", Severity::Note));
        assert_eq!(finding.stated.as_deref(), Some("2018-03-31"));
    }
}
