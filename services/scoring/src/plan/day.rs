//! Days of a plan: how they are written, and everything in it that falls due on one.

use time::Date;

use super::case::Case;
use crate::catalogue::{Due, UnitSelector};

/// A date as Vietnamese documents write it: a leading zero for days below 10 and for January and
/// February.
pub(super) fn civil(date: Date) -> String {
    let month = u8::from(date.month());
    let zero = if month < 3 { "0" } else { "" };
    format!("{:02}/{zero}{month}/{}", date.day(), date.year())
}

/// Something that is due on a day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Duty<'a> {
    /// The task's number, or the word of the duty.
    pub(super) subject: &'a str,
    pub(super) title: &'a str,
    pub(super) binds: &'a UnitSelector,
    /// Absent for a task without a date.
    pub(super) due: Option<Due>,
    pub(super) reference: &'a str,
}

/// Every task and every deadline.
pub(super) fn duties<'a>(case: &Case<'a>) -> impl Iterator<Item = Duty<'a>> {
    let tasks = case.plan.tasks.iter().map(|task| Duty {
        subject: task.number.as_str(),
        title: &task.title,
        binds: &task.binds,
        due: task.due,
        reference: &task.reference,
    });
    let deadlines = case.plan.deadlines.iter().map(|deadline| Duty {
        subject: &deadline.duty,
        title: &deadline.title,
        binds: &deadline.binds,
        due: Some(deadline.due),
        reference: &deadline.reference,
    });
    tasks.chain(deadlines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_has_the_zeros_of_an_official_document() {
        let date = |month, day| Date::from_calendar_date(2018, month, day).map(civil);

        assert_eq!(date(time::Month::June, 5), Ok("05/6/2018".to_owned()));
        assert_eq!(date(time::Month::January, 15), Ok("15/01/2018".to_owned()));
        assert_eq!(date(time::Month::February, 9), Ok("09/02/2018".to_owned()));
        assert_eq!(date(time::Month::March, 10), Ok("10/3/2018".to_owned()));
    }
}
