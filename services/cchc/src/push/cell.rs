//! Cells of a row as the values of the contracts. Refused here is only what has no one meaning: whether
//! a value is right is for the service to say, which says it the same way to every client.

use cchc_core::{Quantity, VIETNAM};
use cchc_proto::{common::v1 as pb, convert};
use time::{
    Date, OffsetDateTime, PrimitiveDateTime, format_description::BorrowedFormatItem,
    format_description::well_known::Rfc3339, macros::format_description,
};

use super::{
    exact::{exact, not_a_number},
    sheet::{Entry, Header},
};
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

/// What was answered in a row.
#[derive(Debug, Default)]
pub struct Answers {
    /// One a question; 0 is not answered.
    pub answers: Vec<i32>,
    /// The numbers given.
    pub numbers: Vec<i64>,
    /// The words written.
    pub texts: Vec<String>,
}

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
        self.required(column);
        self.optional_instant(column)
    }

    /// An instant; absent when the cell is empty.
    pub fn optional_instant(&mut self, column: &str) -> Option<prost_types::Timestamp> {
        let text = self.text(column);
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

    /// What hexadecimal digits stand for; nothing when the cell is empty.
    pub fn bytes(&mut self, column: &str) -> Vec<u8> {
        let text = self.text(column);
        hex::decode(&text).unwrap_or_else(|_| {
            // What stands there is in no message: it may say who somebody is.
            self.refuse(column, not_hexadecimal());
            Vec::new()
        })
    }

    /// A cell as one of the words of a column; the default when it is empty.
    pub fn word<T: Default>(
        &mut self,
        column: &str,
        read: impl FnOnce(&str) -> Result<T, Words>,
    ) -> T {
        let text = self.text(column);
        if text.is_empty() {
            return T::default();
        }
        read(&text).unwrap_or_else(|words| {
            self.refuse(column, words);
            T::default()
        })
    }

    /// The answers, one a question in the order of the columns. A number or words make an answer where no
    /// column says which it is.
    pub fn answers(&mut self) -> Answers {
        let (header, line, mut read) = (self.header, self.line, Answers::default());
        let cell = |at: &Option<usize>| {
            at.and_then(|at| line.cells.get(at)).map(Cell::text).unwrap_or_default()
        };
        for Entry { name, plain, number, text } in &header.list {
            let [plain, number, text] = [plain, number, text].map(cell);
            let answer = match plain.as_str() {
                "" => i32::from(!(number.is_empty() && text.is_empty())),
                plain => self.parsed(name, plain, not_an_answer),
            };
            read.answers.push(answer);
            if !number.is_empty() {
                let column = format!("{name}.number");
                read.numbers.push(self.parsed(&column, &number, not_in_units));
            }
            if !text.is_empty() {
                read.texts.push(text);
            }
        }
        read
    }

    fn parsed<N: std::str::FromStr + Default>(
        &mut self,
        column: &str,
        text: &str,
        words: impl FnOnce(&str) -> Words,
    ) -> N {
        text.parse().unwrap_or_else(|_| {
            self.refuse(column, words(text));
            N::default()
        })
    }
}

fn not_an_answer(text: &str) -> Words {
    Words::new(
        format!("“{text}” phải là số của phương án trả lời, hoặc để trống"),
        format!("{text:?} must be the number of an answer, or empty"),
    )
}

fn not_in_units(text: &str) -> Words {
    Words::new(
        format!(
            "“{text}” phải là số nguyên tính theo chữ số cuối của câu hỏi: 12,5 với một chữ số thập phân là 125"
        ),
        format!(
            "{text:?} must be whole, in units of the question's last place: 12.5 with one place is 125"
        ),
    )
}

/// Says what a key must be.
pub(crate) fn not_hexadecimal() -> Words {
    Words::new(
        "phải là các chữ số thập lục phân (0-9, a-f)",
        "must be hexadecimal digits (0-9, a-f)",
    )
}

/// Reads an instant; without an offset as the time in Viet Nam.
pub(crate) fn instant(text: &str) -> Option<OffsetDateTime> {
    let local = || PrimitiveDateTime::parse(&text.replacen('T', " ", 1), MINUTE);
    OffsetDateTime::parse(text, &Rfc3339)
        .or_else(|_| local().map(|at| at.assume_offset(VIETNAM)))
        .ok()
}
