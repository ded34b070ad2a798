//! How a response gets the id that is its own for ever, so that a file imported twice is stored once.
//!
//! | the file has | the id is |
//! | --- | --- |
//! | a column `response_id` | what stands there |
//! | a form number, or columns named by `--key` | made of the survey and the key: a corrected row is known again, and refused until it says that it is a correction |
//! | neither | made of the survey, what was answered, and which of the rows that say the same it is: a corrected row is a new response |
//!
//! In all three it does not depend on the file's name, its layout or the order of its rows. Two citizens
//! of a commune who answered alike on one day are two: that is why equal rows are counted.

use std::collections::{HashMap, hash_map::Entry};

use cchc_proto::survey::v1::IngestResponsesRequest;
use uuid::Uuid;

use crate::{
    push::{derived_id, named},
    say::Words,
};

/// What names the responses of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Naming {
    /// Their own ids, in a column.
    Column(usize),
    /// Columns that together are a key.
    Key(Vec<usize>),
    /// What they say.
    Content,
}

/// The ids of a file's responses met so far: a few bytes a row, whatever the row says.
#[derive(Debug)]
pub(super) struct Namer {
    batch: String,
    /// The line of each id; for ids made of content, how many rows said the same.
    seen: HashMap<Uuid, u32>,
}

impl Namer {
    /// Names the rows of a delivery.
    pub(super) fn new(batch: &str) -> Self {
        Self { batch: batch.to_owned(), seen: HashMap::new() }
    }

    /// Makes the id of a key.
    pub(super) fn of_key(&self, survey: &str, key: &[String]) -> Uuid {
        let key = key.join("\u{1f}");
        named(format!("response\n{survey}\n{}\n{key}", self.batch).as_bytes())
    }

    /// Notes an id that only one row of the file may have.
    ///
    /// # Errors
    ///
    /// With the line that has it already.
    pub(super) fn once(&mut self, id: Uuid, line: usize) -> Result<(), Words> {
        match self.seen.entry(id) {
            Entry::Vacant(entry) => {
                entry.insert(u32::try_from(line).unwrap_or(u32::MAX));
                Ok(())
            }
            Entry::Occupied(entry) => {
                let line = entry.get();
                Err(Words::new(
                    format!("phiếu này đã có ở dòng {line} của tệp"),
                    format!("the response stands on line {line} of the file already"),
                ))
            }
        }
    }

    /// Makes the id of a row that has none, out of what it says.
    pub(super) fn of_content(&mut self, row: &IngestResponsesRequest) -> String {
        let first = derived_id("response", &self.batch, row);
        let Ok(id) = first.parse() else { return first };
        let alike = self.seen.entry(id).or_default();
        *alike = alike.saturating_add(1);
        match *alike {
            1 => first,
            nth => derived_id("response", &format!("{}\u{1f}{nth}", self.batch), row),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    fn row(answer: i32) -> IngestResponsesRequest {
        IngestResponsesRequest {
            survey_code: "SIPAS-QN-2018".to_owned(),
            answers: vec![answer],
            ..IngestResponsesRequest::default()
        }
    }

    fn ids(batch: &str, answers: &[i32]) -> Vec<String> {
        let mut namer = Namer::new(batch);
        answers.iter().map(|answer| namer.of_content(&row(*answer))).collect()
    }

    #[test]
    fn rows_that_say_the_same_are_several_and_their_ids_do_not_depend_on_the_order() {
        let mut one = ids("", &[5, 4, 5, 5]);
        let mut other = ids("", &[5, 5, 5, 4]);

        one.sort();
        other.sort();
        assert_eq!(one, other);
        one.dedup();
        assert_eq!(one.len(), 4);
        assert!(!ids("khac", &[5]).contains(&one[0]) && !one.contains(&ids("khac", &[5])[0]));
    }

    #[test]
    fn a_key_names_one_response_of_a_survey_and_stands_once_in_a_file() {
        let mut namer = Namer::new("");
        let key = |parts: &[&str]| parts.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>();
        let id = namer.of_key("A", &key(&["06649", "1"]));

        assert_eq!(id, Namer::new("").of_key("A", &key(&["06649", "1"])));
        assert_ne!(id, namer.of_key("A", &key(&["06652", "1"])));
        assert_ne!(id, namer.of_key("B", &key(&["06649", "1"])));
        assert_ne!(id, Namer::new("lan-2").of_key("A", &key(&["06649", "1"])));
        assert_eq!(namer.once(id, 2), Ok(()));
        assert!(namer.once(id, 7).unwrap_err().en.contains("line 2"));
    }
}
