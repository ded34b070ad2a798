//! Notices as a reviewed list has them, a line each.

use std::{fmt::Write as _, fs};

use cchc_proto::{
    assignment::v1::{Audience, Notice},
    common::v1::Date,
};

const HEADER: &str =
    "raised,sent,plan,task,occurrence,unit,working_days,audience,recipient,officer\n";

pub(crate) fn day_of(date: Option<Date>) -> String {
    let date = date.unwrap();
    format!("{}-{:02}-{:02}", date.year, date.month, date.day)
}

/// A notice as a line of a reviewed list.
pub(crate) fn line(notice: &Notice) -> String {
    let audience = match notice.audience() {
        Audience::Unspecified => unreachable!("never sent"),
        Audience::Officer => "officer",
        Audience::Head => "head",
        Audience::Steering => "steering",
        Audience::Chairman => "chairman",
    };
    format!(
        "{},{},{},{},{},{},{},{audience},{},{}",
        day_of(notice.raise_date),
        day_of(notice.send_date),
        notice.plan_code,
        notice.task_number,
        notice.occurrence,
        notice.unit_code,
        notice.working_days,
        notice.recipient_unit_code,
        notice.officer,
    )
}

/// Fails unless these are exactly the notices of a reviewed list, and then writes those there are to a file of
/// that name to be compared.
pub(crate) fn check(notices: &[Notice], reviewed: &str, name: &str) {
    let mut lines: Vec<String> = notices.iter().map(line).collect();
    lines.sort();
    let actual = lines.iter().fold(HEADER.to_owned(), |mut text, line| {
        let _ = writeln!(text, "{line}");
        text
    });
    if actual != reviewed {
        let place = std::env::temp_dir().join(name);
        fs::write(&place, &actual).unwrap();
        panic!("not the reviewed list: compare with {}", place.display());
    }
}
