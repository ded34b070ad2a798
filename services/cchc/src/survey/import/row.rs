//! A line of a file as a row of the contract, or everything about it that cannot be read.

mod paradata;

use cchc_core::VIETNAM;
use cchc_proto::{convert, survey::v1::IngestResponsesRequest};
use time::{
    Date, OffsetDateTime, PrimitiveDateTime, Time, format_description::BorrowedFormatItem,
    macros::format_description,
};
use uuid::Uuid;

use super::{
    Naming,
    answers::{Reading, Unread, unreadable},
    columns::Columns,
    fixed::Holds,
    form::Form,
    naming::Namer,
};
use crate::{
    lines::{Cell, Line},
    marks,
    names::folded,
    push::instant,
    report::Fault,
    say::Words,
};

const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");
const DAY_OF_OFFICE: &[BorrowedFormatItem<'_>] =
    format_description!("[day padding:none]/[month padding:none]/[year]");
const MINUTE_OF_OFFICE: &[BorrowedFormatItem<'_>] = format_description!(
    "[day padding:none]/[month padding:none]/[year] [hour padding:none]:[minute][optional [:[second]]]"
);

/// Reads the lines of a file, one after the other.
#[derive(Debug)]
pub(super) struct Rows<'a> {
    form: &'a Form,
    columns: &'a Columns,
    readings: Vec<Reading>,
    marks: &'a [marks::Column],
    namer: Namer,
}

impl<'a> Rows<'a> {
    /// Prepares for the lines of a file; `marks` are those of its columns.
    pub(super) fn new(
        form: &'a Form,
        columns: &'a Columns,
        marks: &'a [marks::Column],
        batch: &str,
    ) -> Self {
        let readings = form.questions.iter().map(Reading::of).collect();
        Self { form, columns, readings, marks, namer: Namer::new(batch) }
    }

    /// Reads a line.
    ///
    /// # Errors
    ///
    /// With everything that has no meaning, or more than one. Whether what it says is right is for the
    /// service to say.
    pub(super) fn read(&mut self, line: &Line) -> Result<IngestResponsesRequest, Vec<Fault>> {
        let mut reading = OfLine { rows: self, line, faults: Vec::new() };
        reading.check_width();
        let (survey_code, cluster_code) = (reading.survey(), reading.commune());
        let is_retracted = reading.is_retracted();
        let revision = reading.revision();
        let mut row = IngestResponsesRequest {
            survey_code,
            cluster_code,
            revision,
            is_retracted,
            ..IngestResponsesRequest::default()
        };
        // Whoever takes a response back may leave its line as it was.
        if !is_retracted {
            row.answer_time = reading.time().map(convert::timestamp);
            reading.answers(&mut row);
            reading.paradata(&mut row);
        }
        let key = reading.key();
        let OfLine { mut faults, .. } = reading;
        if faults.is_empty() {
            self.name(&mut row, line, key, &mut faults);
        }
        if faults.is_empty() { Ok(row) } else { Err(faults) }
    }

    /// Gives a row its id.
    fn name(
        &mut self,
        row: &mut IngestResponsesRequest,
        line: &Line,
        key: Vec<String>,
        faults: &mut Vec<Fault>,
    ) {
        let id = match &self.columns.naming {
            Naming::Content => {
                row.response_id = self.namer.of_content(row);
                return;
            }
            Naming::Column(_) => key.into_iter().next().and_then(|id| id.parse::<Uuid>().ok()),
            Naming::Key(_) => Some(self.namer.of_key(&self.form.code, &key)),
        };
        let column = self.columns.of_path("response_id");
        let Some(id) = id else {
            let words = Words::new(
                "phải là mã UUID, ví dụ 0f8fad5b-d9cb-469f-a165-70867728950e",
                "must be a UUID, such as 0f8fad5b-d9cb-469f-a165-70867728950e",
            );
            return faults.push(Fault { column, reason: "ID_INVALID".to_owned(), words });
        };
        if let Err(words) = self.namer.once(id, line.number) {
            return faults.push(Fault { column, reason: "DUPLICATE".to_owned(), words });
        }
        row.response_id = id.to_string();
    }
}

/// A line while it is read.
struct OfLine<'a, 'r> {
    rows: &'r Rows<'a>,
    line: &'r Line,
    faults: Vec<Fault>,
}

impl OfLine<'_, '_> {
    fn refuse(&mut self, holds: Holds, reason: &str, words: Words) {
        let column = self.rows.columns.heading(holds).to_owned();
        self.faults.push(Fault { column, reason: reason.to_owned(), words });
    }

    fn check_width(&mut self) {
        let (wanted, found) = (self.rows.columns.all.len(), self.line.cells.len());
        let beyond = self.line.cells.iter().skip(wanted).any(|cell| !cell.is_empty());
        if beyond || (self.line.is_counted && found < wanted) {
            let words = Words::new(
                format!(
                    "có {found} ô, dòng tiêu đề có {wanted}: hãy đặt trong dấu nháy kép ô nào chứa dấu phân cách"
                ),
                format!(
                    "has {found} cells where the header has {wanted}: put cells with a separator in quotes"
                ),
            );
            self.faults.push(Fault {
                column: String::new(),
                reason: "ROW_WIDTH_OFF".to_owned(),
                words,
            });
        }
    }

    fn cell(&self, holds: Holds) -> Option<&Cell> {
        self.line.cells.get(self.rows.columns.place(holds)?)
    }

    /// The text of a cell; one that cannot be read is refused.
    fn text(&mut self, holds: Holds) -> String {
        match self.cell(holds) {
            None => String::new(),
            Some(Cell::Unreadable) => {
                let Unread(reason, words) = unreadable();
                self.refuse(holds, reason, words);
                String::new()
            }
            Some(cell) => cell.text(),
        }
    }

    fn required(&mut self, holds: Holds) -> String {
        let (faults, text) = (self.faults.len(), self.text(holds));
        if text.is_empty() && self.faults.len() == faults {
            let words = Words::new("ô này không được để trống", "must not be empty");
            self.refuse(holds, "REQUIRED", words);
        }
        text
    }

    /// The cells that name the response, as they stand.
    fn key(&mut self) -> Vec<String> {
        let places = match &self.rows.columns.naming {
            Naming::Content => return Vec::new(),
            Naming::Column(at) => vec![*at],
            Naming::Key(places) => places.clone(),
        };
        let mut key = Vec::with_capacity(places.len());
        for at in places {
            let text = self.line.cells.get(at).map(Cell::text).unwrap_or_default();
            if text.is_empty() {
                let column = self.rows.columns.headings.get(at).cloned().unwrap_or_default();
                let words = Words::new("ô này không được để trống", "must not be empty");
                self.faults.push(Fault { column, reason: "REQUIRED".to_owned(), words });
            }
            key.push(text);
        }
        key
    }

    fn survey(&mut self) -> String {
        let (code, written) = (&self.rows.form.code, self.text(Holds::Survey));
        if !written.is_empty() && written != *code {
            let words = Words::new(
                format!("“{written}” không phải cuộc khảo sát {code}"),
                format!("{written:?} is not the survey {code}"),
            );
            self.refuse(Holds::Survey, "SURVEY_OTHER", words);
        }
        code.clone()
    }

    /// The commune; one whose leading zeros a spreadsheet took away is the one of the sample that has
    /// the same digits.
    fn commune(&mut self) -> String {
        let written = self.required(Holds::Commune);
        // Lists of choices in our own templates have the name behind the code.
        let code = written.split_whitespace().next().unwrap_or_default().to_owned();
        let communes = &self.rows.form.communes;
        if communes.contains(&code) || !code.bytes().all(|byte| byte.is_ascii_digit()) {
            return code;
        }
        let digits = code.trim_start_matches('0');
        let mut alike = communes.iter().filter(|one| one.trim_start_matches('0') == digits);
        match (alike.next(), alike.next()) {
            (Some(one), None) => one.clone(),
            _ => code,
        }
    }

    fn revision(&mut self) -> i32 {
        let written = self.text(Holds::Revision);
        if written.is_empty() {
            return 0;
        }
        written.parse().unwrap_or_else(|_| {
            let words = Words::new(
                format!("“{written}” phải là số nguyên, ví dụ 1"),
                format!("{written:?} must be a whole number, such as 1"),
            );
            self.refuse(Holds::Revision, "NUMBER_INVALID", words);
            0
        })
    }

    fn is_retracted(&mut self) -> bool {
        let written = self.text(Holds::Retracted);
        match folded(&written).as_str() {
            "" | "0" | "false" | "no" | "không" => false,
            "1" | "true" | "yes" | "x" | "có" => true,
            _ => {
                let words = Words::new(
                    format!("“{written}” phải là 1 (có) hoặc 0 (không)"),
                    format!("{written:?} must be 1 (yes) or 0 (no)"),
                );
                self.refuse(Holds::Retracted, "VALUE_INVALID", words);
                false
            }
        }
    }

    /// When it was answered; a day without a time is its first instant, so that it lies in the fieldwork
    /// when the day does.
    fn time(&mut self) -> Option<OffsetDateTime> {
        self.time_of(Holds::Time, Self::required)
    }

    fn time_of(
        &mut self,
        holds: Holds,
        text: fn(&mut Self, Holds) -> String,
    ) -> Option<OffsetDateTime> {
        if let Some(Cell::Time(at)) = self.cell(holds) {
            return Some(at.assume_offset(VIETNAM));
        }
        let written = text(self, holds);
        let at = time_of(&written);
        if at.is_none() && !written.is_empty() {
            let words = Words::new(
                format!(
                    "“{written}” phải là thời điểm dạng 5/10/2018 08:30, 2018-10-05 08:30 (giờ Việt Nam) hoặc 2018-10-05T08:30:00+07:00"
                ),
                format!(
                    "{written:?} must be a time such as 5/10/2018 08:30, 2018-10-05 08:30 (in Viet Nam) or 2018-10-05T08:30:00+07:00"
                ),
            );
            self.refuse(holds, "TIME_INVALID", words);
        }
        at
    }

    fn answers(&mut self, row: &mut IngestResponsesRequest) {
        let rows = self.rows;
        let empty = Cell::Text(String::new());
        for (place, reading) in rows.readings.iter().enumerate() {
            let at = rows.columns.place(Holds::Question(place));
            let cell = at.and_then(|at| self.line.cells.get(at)).unwrap_or(&empty);
            let mark = at.and_then(|at| rows.marks.get(at)).copied().unwrap_or_default();
            match reading.answer(cell, mark) {
                Ok(answer) => {
                    row.answers.push(answer.answer);
                    row.numbers.extend(answer.number);
                    row.texts.extend(answer.text);
                }
                Err(Unread(reason, words)) => self.refuse(Holds::Question(place), reason, words),
            }
        }
    }
}

/// Reads a time as offices, programs and standards write it; without an offset it is one in Viet Nam.
fn time_of(text: &str) -> Option<OffsetDateTime> {
    let office = PrimitiveDateTime::parse(text, MINUTE_OF_OFFICE).ok();
    let day = || Date::parse(text, DAY).or_else(|_| Date::parse(text, DAY_OF_OFFICE)).ok();
    let local = office.or_else(|| day().map(|day| PrimitiveDateTime::new(day, Time::MIDNIGHT)));
    local.map(|at| at.assume_offset(VIETNAM)).or_else(|| instant(text))
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn times_are_read_as_offices_programs_and_standards_write_them() {
        for text in [
            "5/10/2018 8:30",
            "05/10/2018 08:30:00",
            "2018-10-05 08:30",
            "2018-10-05T08:30",
            "2018-10-05T01:30:00Z",
            "2018-10-05T08:30:00+07:00",
        ] {
            assert_eq!(time_of(text), Some(datetime!(2018-10-05 08:30 +7)), "{text}");
        }
        for text in ["5/10/2018", "2018-10-05"] {
            assert_eq!(time_of(text), Some(datetime!(2018-10-05 0:00 +7)), "{text}");
        }
        for text in ["10/25/2018", "5/10/18", "43378", "hôm qua", "2018-02-30"] {
            assert_eq!(time_of(text), None, "{text}");
        }
    }
}
