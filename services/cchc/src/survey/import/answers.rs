//! A cell as the answer to a question: a code, the place of an answer, or its label in any of the
//! questionnaire's languages.

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::parse_decimal;
use cchc_scoring::questionnaire::{
    DONT_KNOW, DONT_KNOW_NAME, NOT_APPLICABLE, NOT_APPLICABLE_NAME, Question, QuestionKind, Range,
    labels,
};

use crate::{
    lines::Cell,
    marks::Column,
    names::{folded, nearest},
    say::Words,
};

/// Labels that a refusal lists.
const MOST_LISTED: usize = 8;

/// An answer as the contract has it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Given {
    /// The answer.
    pub(super) answer: i32,
    /// The number given, in units of its last place.
    pub(super) number: Option<i64>,
    /// The words written.
    pub(super) text: Option<String>,
}

impl Given {
    fn of(answer: i32) -> Self {
        Self { answer, ..Self::default() }
    }
}

/// Why a cell is no answer: a stable word, and what to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unread(pub(super) &'static str, pub(super) Words);

/// What the cells under a question mean.
#[derive(Debug)]
pub(super) struct Reading {
    code: String,
    /// What each name may stand for; of two meanings neither is taken.
    meanings: BTreeMap<String, BTreeSet<i32>>,
    /// What the question offers, as it is shown to people.
    offered: Vec<String>,
    /// Whether answers may be told by their place: not where options are called by numbers.
    has_places: bool,
    range: Option<Range>,
    is_text: bool,
}

impl Reading {
    /// Prepares a question for its cells.
    pub(super) fn of(question: &Question) -> Self {
        let names = question.answer_names();
        let mut reading = Self {
            code: question.code.to_string(),
            meanings: BTreeMap::new(),
            offered: Vec::new(),
            has_places: question.kind != QuestionKind::SingleChoice
                || names.iter().all(|name| name.parse::<i32>().is_err()),
            range: question.range,
            is_text: question.kind == QuestionKind::Text,
        };
        for (answer, name) in (1..).zip(&names) {
            reading.mean(name, answer);
        }
        if question.options.is_empty() {
            for (answer, (vi, en)) in (1..).zip(labels::of(question)) {
                reading.mean(vi, answer);
                reading.mean(en, answer);
                reading.offered.push(vi.to_owned());
            }
        }
        for (answer, option) in (1..).zip(&question.options) {
            reading.mean(&option.text, answer);
            option.translations.values().for_each(|text| reading.mean(text, answer));
            reading.offered.push(option.text.clone());
        }
        let silent = [
            (DONT_KNOW, DONT_KNOW_NAME, labels::DONT_KNOW, question.offers_dont_know),
            (
                NOT_APPLICABLE,
                NOT_APPLICABLE_NAME,
                labels::NOT_APPLICABLE,
                question.offers_not_applicable,
            ),
        ];
        for (answer, name, (vi, en), is_offered) in silent {
            for word in [name, vi, en] {
                reading.mean(word, answer);
            }
            reading.offered.extend(is_offered.then(|| vi.to_owned()));
        }
        reading
    }

    fn mean(&mut self, name: &str, answer: i32) {
        self.meanings.entry(folded(name)).or_default().insert(answer);
    }

    /// Reads a cell; empty is not answered. Whether the question offers it, and whether it is asked at
    /// all, is for the service to say.
    pub(super) fn answer(&self, cell: &Cell, mark: Column) -> Result<Given, Unread> {
        let text = match cell {
            Cell::Unreadable => return Err(unreadable()),
            cell => cell.text(),
        };
        if text.is_empty() {
            return Ok(Given::default());
        }
        if self.is_text {
            return Ok(Given { text: Some(text), ..Given::of(1) });
        }
        if let Some(meant) = self.meanings.get(&folded(&text)) {
            let mut answers = meant.iter();
            return match (answers.next(), answers.next()) {
                (Some(answer), None) => Ok(Given::of(*answer)),
                _ => Err(Unread("ANSWER_AMBIGUOUS", self.ambiguous(&text))),
            };
        }
        match &self.range {
            Some(range) => number(cell, &text, mark, range),
            None => match text.parse() {
                // One that is not offered is the service's to refuse, as it refuses everybody's.
                Ok(answer) if self.has_places => Ok(Given::of(answer)),
                _ => Err(Unread("ANSWER_UNKNOWN", self.unknown(&text))),
            },
        }
    }

    fn unknown(&self, text: &str) -> Words {
        let (code, listed) = (&self.code, self.listed());
        let near = nearest(text, self.offered.iter().map(String::as_str));
        let (vi, en) = match near {
            Some(near) => (format!("; có phải “{near}”?"), format!("; did you mean {near:?}?")),
            None => (".".to_owned(), ".".to_owned()),
        };
        Words::new(
            format!("“{text}” không phải phương án của câu {code}{vi} Các phương án: {listed}"),
            format!("{text:?} is no answer to {code}{en} There are: {listed}"),
        )
    }

    fn ambiguous(&self, text: &str) -> Words {
        let code = &self.code;
        Words::new(
            format!("“{text}” chỉ nhiều phương án khác nhau của câu {code}; hãy ghi mã phương án"),
            format!("{text:?} names several answers to {code}; write the answer's code"),
        )
    }

    fn listed(&self) -> String {
        let mut listed: Vec<&str> = self.offered.iter().map(String::as_str).collect();
        if listed.len() > MOST_LISTED {
            listed.truncate(MOST_LISTED);
            listed.push("…");
        }
        listed.join("; ")
    }
}

pub(super) fn unreadable() -> Unread {
    let words = Words::new(
        "có ký tự không phải UTF-8, hoặc ô báo lỗi: hãy nhập lại ô này",
        "has characters that are not UTF-8, or is an error: enter the cell again",
    );
    Unread("TEXT_INVALID", words)
}

fn number(cell: &Cell, text: &str, mark: Column, range: &Range) -> Result<Given, Unread> {
    let written = match cell {
        Cell::Number(_) => text.to_owned(),
        _ => mark.with_point(text).map_err(|words| Unread("NUMBER_AMBIGUOUS", words))?,
    };
    let read = parse_decimal(&written).ok();
    let Some(read) = read else {
        let words = Words::new(
            format!("“{text}” không phải là số, ví dụ 2,5"),
            format!("{text:?} is no number, such as 2.5"),
        );
        return Err(Unread("NUMBER_INVALID", words));
    };
    if let Some(units) = range.unit(read) {
        return Ok(Given { number: Some(units), ..Given::of(1) });
    }
    let places = range.places;
    let words = Words::new(
        format!("“{text}” có nhiều hơn {places} chữ số thập phân, hoặc quá lớn"),
        format!("{text:?} has more than {places} places behind the mark, or is too large"),
    );
    Err(Unread("NUMBER_INVALID", words))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use serde_json::{Value, json};

    use super::*;
    use crate::marks::Mark;

    fn reading(question: Value) -> Reading {
        Reading::of(&serde_json::from_value(question).unwrap())
    }

    fn read(reading: &Reading, text: &str) -> Result<i32, &'static str> {
        let read = reading.answer(&Cell::Text(text.to_owned()), Column::Untold);
        read.map(|answer| answer.answer).map_err(|Unread(reason, _)| reason)
    }

    fn scale() -> Reading {
        reading(json!({ "code": "Q1", "text": "?", "kind": "likert5" }))
    }

    #[test]
    fn an_answer_is_a_place_a_code_or_a_label_in_any_language() {
        let choice = reading(json!({
            "code": "Q2", "text": "?", "kind": "single-choice", "options": [
                { "code": "xa", "text": "Cấp xã", "translations": { "en": "At the commune" } },
                { "code": "web", "text": "Trực tuyến", "translations": { "en": "Online" } },
            ],
        }));
        let yes_no = reading(json!({ "code": "Q3", "text": "?", "kind": "yes-no" }));

        for (reading, text, answer) in [
            (&scale(), "4", 4),
            (&scale(), "Hài lòng", 4),
            (&scale(), " RẤT  không hài lòng. ", 1),
            (&scale(), "Very satisfied", 5),
            (&scale(), "0", 0),
            (&scale(), "", 0),
            (&choice, "web", 2),
            (&choice, "2", 2),
            (&choice, "trực tuyến", 2),
            (&choice, "at the commune", 1),
            (&yes_no, "Có", 1),
            (&yes_no, "Không", 2),
            (&yes_no, "no", 2),
            (&yes_no, "Không biết", -1),
            (&yes_no, "dk", -1),
            (&scale(), "-2", -2),
            (&scale(), "không thuộc trường hợp này", -2),
        ] {
            assert_eq!(read(reading, text), Ok(answer), "{text}");
        }
    }

    #[test]
    fn what_is_not_offered_is_left_to_the_service_and_what_is_no_answer_is_not() {
        assert_eq!(read(&scale(), "9"), Ok(9));
        assert_eq!(read(&scale(), "Hai long"), Err("ANSWER_UNKNOWN"));
        let unread = scale().answer(&Cell::Text("Hài lòg".to_owned()), Column::Untold);
        assert!(unread.unwrap_err().1.en.contains("did you mean \"Hài lòng\""));
        assert_eq!(
            scale().answer(&Cell::Unreadable, Column::Untold).unwrap_err().0,
            "TEXT_INVALID"
        );
    }

    #[test]
    fn options_called_by_numbers_are_told_by_their_code_alone() {
        let option = |code: &str, text: &str| json!({ "code": code, "text": text });
        let reading = reading(json!({
            "code": "Q4", "text": "?", "kind": "single-choice",
            "options": [option("2", "Hai"), option("1", "Một"), option("7", "Hai")],
        }));

        assert_eq!(read(&reading, "1"), Ok(2));
        assert_eq!(read(&reading, "7"), Ok(3));
        assert_eq!(read(&reading, "3"), Err("ANSWER_UNKNOWN"));
        assert_eq!(read(&reading, "hai"), Err("ANSWER_AMBIGUOUS"));
    }

    #[test]
    fn a_text_is_whatever_was_written() {
        let text = reading(json!({ "code": "Q6", "text": "?", "kind": "text" }));
        let read = |written: &str| {
            let read = text.answer(&Cell::Text(written.to_owned()), Column::Untold).unwrap();
            (read.answer, read.text)
        };

        assert_eq!(read("dk"), (1, Some("dk".to_owned())));
        assert_eq!(read("Chờ lâu"), (1, Some("Chờ lâu".to_owned())));
        assert_eq!(read(""), (0, None));
    }

    #[test]
    fn a_number_is_read_by_the_mark_of_its_column_and_never_guessed() {
        let hours = reading(json!({
            "code": "Q5", "text": "?", "kind": "number",
            "range": { "least": "-10", "most": "99999", "places": 1 },
        }));
        let read = |cell: Cell, mark| {
            let read = hours.answer(&cell, mark);
            read.map(|answer| answer.number).map_err(|Unread(reason, _)| reason)
        };
        let text = |text: &str| Cell::Text(text.to_owned());

        assert_eq!(read(text("2,5"), Column::Uses(Mark::Comma)), Ok(Some(25)));
        assert_eq!(read(text("-2.5"), Column::Uses(Mark::Point)), Ok(Some(-25)));
        assert_eq!(read(Cell::Number("2.5".to_owned()), Column::Mixed), Ok(Some(25)));
        assert_eq!(read(text("0"), Column::Untold), Ok(Some(0)));
        assert_eq!(read(text(""), Column::Untold), Ok(None));
        assert_eq!(read(text("dk"), Column::Untold), Ok(None));
        assert_eq!(read(text("1,234"), Column::Untold), Err("NUMBER_AMBIGUOUS"));
        assert_eq!(read(text("2.5"), Column::Uses(Mark::Comma)), Err("NUMBER_AMBIGUOUS"));
        assert_eq!(read(text("2,55"), Column::Uses(Mark::Comma)), Err("NUMBER_INVALID"));
        assert_eq!(read(text("hai"), Column::Untold), Err("NUMBER_INVALID"));
    }
}
