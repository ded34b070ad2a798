//! A digest in words: a subject, a text, and the same as simple HTML.

use std::fmt::Write as _;

use cchc_core::{PlanCode, UnitCode};
use time::Date;
use uuid::Uuid;

use crate::domain::reminder::{Audience, Recipient, Subject};

/// A notice of a digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) notice: Uuid,
    pub(crate) subject: Subject,
    pub(crate) plan: PlanCode,
    /// What the task is called; empty where its plan is not known, and of a periodic report.
    pub(crate) title: String,
    pub(crate) unit: UnitCode,
    pub(crate) unit_name: String,
    pub(crate) occurrence: String,
    pub(crate) last_date: Date,
    /// Working days after the last day; below zero before it.
    pub(crate) working_days: i16,
    /// Asked, not ordered.
    pub(crate) is_requested: bool,
}

/// A digest in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Letter {
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
}

/// Writes a digest to a recipient, whose unit is called `name`.
pub(crate) fn letter(to: &Recipient, name: &str, day: Date, lines: &[Line]) -> Letter {
    let subject = format!("Nhắc việc cải cách hành chính ngày {}: {}", shown(day), summary(lines));
    let greeting = greeting(to, name);
    let intro = "Hệ thống theo dõi cải cách hành chính thông báo các nhiệm vụ sau:";
    let end = "Thư tự động, vui lòng không trả lời thư này.";
    let mut text = format!("{greeting}\n\n{intro}\n\n");
    let mut html = format!("<p>{}</p><p>{intro}</p><ul>", escaped(&greeting));
    for line in lines {
        let said = said(line);
        let _ = writeln!(text, "- {said}");
        let _ = write!(html, "<li>{}</li>", escaped(&said));
    }
    let _ = write!(text, "\n{end}\n");
    let _ = write!(html, "</ul><p><small>{end}</small></p>");
    let html = format!(
        "<!doctype html><html lang=\"vi\"><meta charset=\"utf-8\"><body>{html}</body></html>"
    );
    Letter { subject, text, html }
}

fn greeting(to: &Recipient, name: &str) -> String {
    match (to.audience, to.officer.as_str()) {
        (Audience::Officer, "") => format!("Kính gửi: {name}"),
        (Audience::Officer, officer) => format!("Kính gửi: đồng chí {officer}, {name}"),
        (Audience::Head, _) => format!("Kính gửi: Thủ trưởng {name}"),
        (Audience::Steering, _) => format!("Kính gửi: {name} (cơ quan theo dõi kế hoạch)"),
        (Audience::Chairman, _) => {
            "Kính báo cáo: đồng chí Chủ tịch Ủy ban nhân dân tỉnh".to_owned()
        }
    }
}

/// How many are over, are due and will be.
fn summary(lines: &[Line]) -> String {
    let count = |is: fn(i16) -> bool| lines.iter().filter(|line| is(line.working_days)).count();
    let all = [
        (count(|days| days > 0), "việc quá hạn"),
        (count(|days| days == 0), "việc đến hạn hôm nay"),
        (count(|days| days < 0), "việc sắp đến hạn"),
    ];
    let some = all.iter().filter(|(count, _)| *count > 0);
    some.map(|(count, words)| format!("{count} {words}")).collect::<Vec<_>>().join(", ")
}

fn said(line: &Line) -> String {
    let Line { subject, title, unit_name, last_date, is_requested, occurrence, .. } = line;
    let days = line.working_days.unsigned_abs();
    let when = match line.working_days {
        0 => "đến hạn hôm nay".to_owned(),
        1.. => format!("quá hạn {days} ngày làm việc"),
        _ => format!("còn {days} ngày làm việc"),
    };
    let asked = if *is_requested { "đề nghị " } else { "" };
    let (what, time) = match subject {
        Subject::Assignment(_, task) if occurrence == "once" => {
            (format!("[{task}] {title}"), String::new())
        }
        Subject::Assignment(_, task) => (format!("[{task}] {title}"), format!(", kỳ {occurrence}")),
        Subject::Obligation(_, period) => {
            (format!("Báo cáo cải cách hành chính kỳ {period}"), String::new())
        }
    };
    format!("{what} ({asked}{unit_name}{time}): hạn {}, {when}", shown(*last_date))
}

fn shown(day: Date) -> String {
    format!("{:02}/{:02}/{}", day.day(), u8::from(day.month()), day.year())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use time::macros::date;

    use super::*;

    fn line(title: &str, working_days: i16, is_requested: bool) -> Line {
        Line {
            notice: Uuid::nil(),
            subject: Subject::Assignment(Uuid::nil().into(), "10.4".parse().unwrap()),
            plan: "QN-2018".parse().unwrap(),
            title: title.to_owned(),
            unit: "193".parse().unwrap(),
            unit_name: "Thành phố Hạ Long".to_owned(),
            occurrence: "once".to_owned(),
            last_date: date!(2018 - 06 - 29),
            working_days,
            is_requested,
        }
    }

    #[test]
    fn a_letter_says_what_is_over_what_is_due_and_what_will_be() {
        let to = Recipient {
            unit: "193".parse().unwrap(),
            audience: Audience::Head,
            officer: String::new(),
        };
        let report = Subject::Obligation(Uuid::nil().into(), "2018-6M".parse().unwrap());
        let lines = [
            line("Rà soát <thủ tục>", 5, false),
            line("Tiếp dân", -5, true),
            Line { subject: report, ..line("", 0, false) },
        ];

        let letter = letter(&to, "Thành phố Hạ Long", date!(2018 - 07 - 06), &lines);

        assert_eq!(
            letter.subject,
            "Nhắc việc cải cách hành chính ngày 06/07/2018: 1 việc quá hạn, 1 việc đến hạn hôm nay, 1 việc sắp đến hạn"
        );
        assert!(letter.text.starts_with("Kính gửi: Thủ trưởng Thành phố Hạ Long\n"));
        assert!(letter.text.contains(
            "- [10.4] Rà soát <thủ tục> (Thành phố Hạ Long): hạn 29/06/2018, quá hạn 5 ngày làm việc\n"
        ));
        assert!(
            letter
                .text
                .contains("(đề nghị Thành phố Hạ Long): hạn 29/06/2018, còn 5 ngày làm việc")
        );
        assert!(letter.text.contains(
            "- Báo cáo cải cách hành chính kỳ 2018-6M (Thành phố Hạ Long): hạn 29/06/2018, đến hạn hôm nay\n"
        ));
        assert!(letter.html.contains("Rà soát &lt;thủ tục&gt;"));
    }
}
