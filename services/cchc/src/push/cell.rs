//! Cells of a row as the values of the contracts. Refused here is only what has no one meaning: whether
//! a value is right is for the service to say, which says it the same way to every client.

use cchc_core::{Quantity, QuantityError, VIETNAM};
use cchc_proto::{common::v1 as pb, convert};
use time::{
    Date, OffsetDateTime, PrimitiveDateTime, format_description::BorrowedFormatItem,
    format_description::well_known::Rfc3339, macros::format_description,
};

use super::sheet::Header;
use crate::{
    lines::{Cell, Line},
    marks,
    problem::Problem,
    say::Words,
};

const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");
const DAY_OF_OFFICE: &[BorrowedFormatItem<'_>] =
    format_description!("[day padding:none]/[month padding:none]/[year]");
const MINUTE: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day] [hour]:[minute][optional [:[second]]]");

/// A row of a file while it is read.
#[derive(Debug)]
pub struct Row<'a> {
    header: &'a Header,
    line: &'a Line,
    /// The decimal mark of each column; none where a comma is never one.
    marks: &'a [marks::Column],
    problems: &'a mut Vec<Problem>,
}

impl<'a> Row<'a> {
    pub(crate) fn new(
        header: &'a Header,
        line: &'a Line,
        marks: &'a [marks::Column],
        problems: &'a mut Vec<Problem>,
    ) -> Self {
        Self { header, line, marks, problems }
    }

    fn refuse(&mut self, column: &str, words: Words) {
        let heading = self.header.heading(column);
        self.problems.push(Problem::at_line(&self.header.path, self.line.number, heading, words));
    }

    fn cell(&self, column: &str) -> Option<&'a Cell> {
        self.header.place(column).and_then(|at| self.line.cells.get(at))
    }

    /// The text of a cell; empty where the file has no such column.
    #[must_use]
    pub fn text(&self, column: &str) -> String {
        self.cell(column).map(Cell::text).unwrap_or_default()
    }

    /// Whether nothing stands in any of these columns.
    pub(crate) fn is_blank(&self, columns: &[&str]) -> bool {
        columns.iter().filter_map(|column| self.cell(column)).all(Cell::is_empty)
    }

    /// Refuses cells of the file's own columns that hold no text at all.
    pub(crate) fn check_readable(&mut self) {
        for (column, at) in self.header.placed() {
            if self.line.cells.get(at) == Some(&Cell::Unreadable) {
                self.refuse(
                    column,
                    Words::new(
                        "ô này không đọc được: hãy gõ lại nội dung",
                        "the cell cannot be read: type it again",
                    ),
                );
            }
        }
    }

    /// A numbering such as `1.10`, which a cell of numbers has no way to keep.
    pub fn numbering(&mut self, column: &str) -> String {
        let text = self.required(column);
        if matches!(self.cell(column), Some(Cell::Number(number)) if number.contains('.')) {
            self.refuse(column, Words::new(
                format!("ô là ô số nên không phân biệt được {text} với {text}0: hãy định dạng ô là Văn bản (Text) rồi gõ lại"),
                format!("is a cell of numbers, which cannot tell {text} from {text}0: make it text and type it again"),
            ));
        }
        text
    }

    /// The text of a cell that must hold something.
    pub fn required(&mut self, column: &str) -> String {
        let text = self.text(column);
        if text.is_empty() {
            self.refuse(column, Words::new("ô này không được để trống", "must not be empty"));
        }
        text
    }

    /// Texts separated by `|`.
    #[must_use]
    pub fn texts(&self, column: &str) -> Vec<String> {
        let text = self.text(column);
        let parts = text.split('|').map(str::trim).filter(|part| !part.is_empty());
        parts.map(str::to_owned).collect()
    }

    /// An exact number; absent when the cell is empty.
    pub fn number(&mut self, column: &str) -> Option<pb::Decimal> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        match self.quantity(column, &text) {
            // The same number gives the same id, however many zeros it was written with.
            Ok(number) => Some(number.into()),
            Err(words) => {
                self.refuse(column, words);
                None
            }
        }
    }

    fn quantity(&self, column: &str, text: &str) -> Result<Quantity, Words> {
        let read = |text: &str| text.parse().map_err(|fault| not_a_number(text, &fault));
        let mark = self.header.place(column).and_then(|at| self.marks.get(at));
        match (self.cell(column), mark) {
            (Some(Cell::Number(_)), _) => read(text),
            (_, Some(mark)) => read(&mark.with_point(text)?),
            (_, None) => exact(text),
        }
    }

    /// A whole number.
    pub fn whole<N: std::str::FromStr + Default>(&mut self, column: &str) -> N {
        let text = self.required(column);
        let read = text.parse().ok();
        if read.is_none() && !text.is_empty() {
            self.refuse(
                column,
                Words::new(
                    format!("“{text}” phải là số nguyên, ví dụ 75"),
                    format!("{text:?} must be a whole number, such as 75"),
                ),
            );
        }
        read.unwrap_or_default()
    }

    /// A day, written `2018-06-14` or `14/6/2018`; absent when the cell is empty.
    pub fn day(&mut self, column: &str) -> Option<pb::Date> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        let day = match self.cell(column) {
            Some(Cell::Time(at)) => Some(at.date()),
            _ => Date::parse(&text, DAY).or_else(|_| Date::parse(&text, DAY_OF_OFFICE)).ok(),
        };
        if day.is_none() {
            self.refuse(
                column,
                Words::new(
                    format!("“{text}” phải là ngày dạng 2018-06-14 hoặc 14/6/2018"),
                    format!("{text:?} must be a day such as 2018-06-14 or 14/6/2018"),
                ),
            );
        }
        day.map(Into::into)
    }

    /// An instant; without an offset it is read as the time in Viet Nam.
    pub fn instant(&mut self, column: &str) -> Option<prost_types::Timestamp> {
        let text = self.required(column);
        let at = instant(&text);
        if at.is_none() && !text.is_empty() {
            self.refuse(column, Words::new(
                format!("“{text}” phải là thời điểm dạng 2018-10-05 08:30 hoặc 2018-10-05T08:30:00+07:00"),
                format!("{text:?} must be a time such as 2018-10-05 08:30 or 2018-10-05T08:30:00+07:00"),
            ));
        }
        at.map(convert::timestamp)
    }

    /// Whether a cell is ticked.
    pub fn flag(&mut self, column: &str) -> bool {
        let text = self.text(column).to_lowercase();
        match text.as_str() {
            "" | "0" | "false" | "no" | "không" => false,
            "1" | "true" | "yes" | "x" | "có" => true,
            _ => {
                self.refuse(
                    column,
                    Words::new(
                        format!("“{text}” phải là 1 (có) hoặc 0 (không)"),
                        format!("{text:?} must be 1 (yes) or 0 (no)"),
                    ),
                );
                false
            }
        }
    }

    /// The answers, one a question in the order of the columns; 0 is not answered.
    pub fn answers(&mut self) -> Vec<i32> {
        let header = self.header;
        let mut answers = Vec::with_capacity(header.list.len());
        for (at, question) in &header.list {
            let text = self.line.cells.get(*at).map(Cell::text).unwrap_or_default();
            let read = if text.is_empty() { Some(0) } else { text.parse().ok() };
            if read.is_none() {
                let words = Words::new(
                    format!("“{text}” phải là số của phương án trả lời, hoặc để trống"),
                    format!("{text:?} must be the number of an answer, or empty"),
                );
                self.refuse(question, words);
            }
            answers.push(read.unwrap_or_default());
        }
        answers
    }
}

/// Reads an instant; without an offset as the time in Viet Nam.
pub(crate) fn instant(text: &str) -> Option<OffsetDateTime> {
    let local = || PrimitiveDateTime::parse(&text.replacen('T', " ", 1), MINUTE);
    OffsetDateTime::parse(text, &Rfc3339)
        .or_else(|_| local().map(|at| at.assume_offset(VIETNAM)))
        .ok()
}

/// Reads an exact number that has one meaning only.
///
/// `1.234` is one thousand and more in Ha Noi and one and a quarter in London, and `12,5` is the other
/// way round: both are refused, with both readings, since a guess would be wrong by a thousandfold.
pub(crate) fn exact(text: &str) -> Result<Quantity, Words> {
    if let Some((whole, fraction)) = text.split_once('.')
        && may_group(whole, fraction)
    {
        return Err(two_readings(text, &format!("{text}0"), &format!("{whole}{fraction}")));
    }
    let fault = match text.parse() {
        Ok(number) => return Ok(number),
        Err(fault) => fault,
    };
    let parts: Vec<&str> = text.split([',', '.']).collect();
    let is_digits =
        |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !parts.iter().all(is_digits) {
        return Err(not_a_number(text, &fault));
    }
    Err(match parts.as_slice() {
        [whole, fraction] if fraction.len() == 3 => {
            two_readings(text, &format!("{whole}.{fraction}0"), &format!("{whole}{fraction}"))
        }
        [whole, fraction] if text.contains(',') => {
            two_readings(text, &format!("{whole}.{fraction}"), &format!("{whole}{fraction}"))
        }
        [first @ .., last] if parts.len() > 2 => {
            let whole = first.concat();
            two_readings(text, &format!("{whole}.{last}"), &format!("{whole}{last}"))
        }
        _ => not_a_number(text, &fault),
    })
}

/// Whether `whole.fraction` may as well be a whole number with its thousands set apart.
fn may_group(whole: &str, fraction: &str) -> bool {
    (1..=3).contains(&whole.len()) && !whole.starts_with(['0', '-']) && fraction.len() == 3
}

fn two_readings(text: &str, decimal: &str, whole: &str) -> Words {
    Words::new(
        format!(
            "“{text}” có hai cách hiểu: hãy viết {decimal} (số thập phân) hoặc {whole} (số nguyên)"
        ),
        format!("{text:?} reads two ways: write {decimal} (with a fraction) or {whole} (whole)"),
    )
}

fn not_a_number(text: &str, fault: &QuantityError) -> Words {
    use cchc_core::Refusal as _;

    Words::new(format!("“{text}”: {}", fault.vietnamese()), format!("{text:?} {fault}"))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn a_number_with_one_meaning_is_read() {
        for (text, number) in [
            ("0", "0"),
            ("12.50", "12.5"),
            ("0.125", "0.125"),
            ("1.2340", "1.234"),
            ("1234.567", "1234.567"),
            ("92.28", "92.28"),
        ] {
            assert_eq!(exact(text).unwrap().to_string(), number);
        }
    }

    #[test]
    fn a_number_with_two_is_refused_with_both() {
        for (text, decimal, whole) in [
            ("12,5", "12.5", "125"),
            ("1,234", "1.2340", "1234"),
            ("1.234", "1.2340", "1234"),
            ("1.234,5", "1234.5", "12345"),
            ("1.234.567", "1234.567", "1234567"),
        ] {
            let said = exact(text).unwrap_err();

            assert!(said.en.contains(&format!("write {decimal} ")), "{said:?}");
            assert!(said.vi.contains(&format!("hoặc {whole} ")), "{said:?}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused_as_such() {
        for text in ["-1", "1e3", "mười", ",5", "1 000", "12%"] {
            assert!(!exact(text).unwrap_err().en.contains("two ways"), "{text}");
        }
    }
}
