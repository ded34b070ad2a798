//! A feed as iCalendar text (RFC 5545).

use cchc_core::UnitCode;
use icalendar::{
    Alarm, Calendar, Component as _, DatePerhapsTime, Event, EventLike as _, Property,
};
use time::{OffsetDateTime, UtcOffset, macros::format_description};

use crate::domain::feed::{Entry, Standing};

/// Writes a feed.
pub(super) fn text(unit: &UnitCode, officer: &str, entries: &[Entry]) -> String {
    let mut feed = Calendar::empty();
    feed.append_property(Property::new("VERSION", "2.0"))
        .append_property(Property::new("PRODID", "-//CCHC//Assignment//VI"))
        .append_property(Property::new("METHOD", "PUBLISH"))
        .name(format!("Nhiệm vụ CCHC – {unit} {officer}").trim_end())
        .timezone("Asia/Ho_Chi_Minh");
    feed.extend(entries.iter().map(event));
    feed.to_string()
}

fn event(entry: &Entry) -> Event {
    let (mark, category) = match entry.standing {
        Standing::Open => ("", "Chưa đến hạn"),
        Standing::Overdue => ("QUÁ HẠN: ", "Quá hạn"),
        Standing::Done => ("Đã xong: ", "Đã xong"),
    };
    let mut event = Event::with_uid(&entry.uid);
    event
        .starts(entry.last)
        .ends(entry.last.next_day().unwrap_or(entry.last))
        .summary(&plain(&format!("{mark}{}", entry.title)))
        .description(&plain(&entry.reference))
        .add_property("DTSTAMP", instant(entry.changed))
        .add_property("LAST-MODIFIED", instant(entry.changed))
        .add_property("SEQUENCE", entry.sequence.to_string())
        .add_property("CATEGORIES", category)
        .add_property("TRANSP", "TRANSPARENT");
    for (place, ring) in entry.rings.iter().enumerate() {
        if let DatePerhapsTime::DateTime(at) = DatePerhapsTime::from(*ring) {
            let mut alarm = Alarm::display(&plain(&entry.title), at);
            // Named and dated like the entry: left to the library, the same feed would read otherwise each time.
            alarm
                .add_property("UID", format!("{}-{place}", entry.uid))
                .add_property("DTSTAMP", instant(entry.changed));
            event.alarm(alarm);
        }
    }
    event.done()
}

/// A text without carriage returns, which some readers take for the end of a line.
fn plain(text: &str) -> String {
    text.replace('\r', "")
}

/// An instant as iCalendar writes it: `20180629T003000Z`.
fn instant(at: OffsetDateTime) -> String {
    let form = format_description!("[year][month][day]T[hour][minute][second]Z");
    at.to_offset(UtcOffset::UTC).format(&form).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use time::macros::{date, datetime};

    use super::*;

    fn entry(title: &str) -> Entry {
        Entry {
            uid: "one-once".to_owned(),
            sequence: 3,
            title: title.to_owned(),
            reference: "QN-2018, Phụ lục".to_owned(),
            last: date!(2018 - 06 - 29),
            standing: Standing::Open,
            rings: vec![datetime!(2018-06-22 07:30 +7)],
            changed: datetime!(2018-06-01 15:00 +7),
        }
    }

    #[test]
    fn a_long_title_is_folded_and_no_letter_is_cut() {
        let title = "Triển khai, quán triệt ".repeat(10);

        let text = text(&"193".parse().unwrap(), "", &[entry(title.trim_end())]);

        // 75 octets, and the space with which the rest of a line begins.
        assert!(text.split("\r\n").all(|line| line.len() <= 76), "{text}");
        assert!(
            text.replace("\r\n ", "").contains(&title.trim_end().replace(',', "\\,")),
            "{text}"
        );
    }

    #[test]
    fn an_entry_is_all_day_and_rings_in_vietnamese_mornings() {
        let text = text(&"193".parse().unwrap(), "nguyen-van-a", &[entry("4.1 Rà soát")]);

        for line in [
            "DTSTART;VALUE=DATE:20180629",
            "DTEND;VALUE=DATE:20180630",
            "DTSTAMP:20180601T080000Z",
            "TRIGGER;VALUE=DATE-TIME:20180622T003000Z",
            "SEQUENCE:3",
        ] {
            assert!(text.contains(&format!("\r\n{line}\r\n")), "{line} is not in {text}");
        }
    }

    #[test]
    fn the_same_entries_are_the_same_feed() {
        let feed = || text(&"193".parse().unwrap(), "", &[entry("4.1 Rà soát")]);

        assert_eq!(feed(), feed());
    }

    #[test]
    fn a_made_up_line_break_starts_no_line_of_its_own() {
        let text = text(&"193".parse().unwrap(), "", &[entry("x\r\nEND:VEVENT\r\nATTACH:y")]);

        assert!(text.split("\r\n").all(|line| !line.contains('\r')), "{text}");
        assert!(!text.contains("\r\nATTACH"), "{text}");
        assert_eq!(text.matches("\r\nEND:VEVENT").count(), 1, "{text}");
    }
}
