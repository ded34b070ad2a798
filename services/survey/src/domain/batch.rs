//! Responses of one survey on their way into one transaction, column by column: the database takes
//! them as columns, and a row costs no memory of its own.
//!
//! | a row's id | its content | verdict |
//! | --- | --- | --- |
//! | new | | stored, while the survey is open |
//! | known | the same | a repeat, even when the survey has closed meanwhile |
//! | known | other | refused: the id is another response's |

use std::{collections::HashMap, fmt, sync::Arc};

use cchc_core::{BatchId, Collector, ResponseId, Violation, Violations};
use cchc_scoring::questionnaire::Given;
use time::{Date, OffsetDateTime};

use super::{
    change::{Change, Content, check_revision},
    fieldwork::Fieldwork,
    paradata::{self, Paradata, Said},
    tally::Sums,
    written::Written,
};

/// What a row says, as far as it could be read.
pub(crate) struct Row<'a> {
    pub(crate) id: Option<ResponseId>,
    pub(crate) cluster: Option<i16>,
    pub(crate) answers: &'a [i32],
    /// Numbers, one for each answer that has one.
    pub(crate) numbers: &'a [i64],
    /// Texts, one for each answer that has one.
    pub(crate) texts: &'a [String],
    pub(crate) time: Option<OffsetDateTime>,
    /// How it came about.
    pub(crate) said: Said<'a>,
    /// 0 for a response as it first comes.
    pub(crate) revision: i32,
    pub(crate) is_retracted: bool,
}

impl<'a> Row<'a> {
    const fn given(&self) -> Given<'a> {
        Given { answers: self.answers, numbers: self.numbers }
    }
}

/// Checked responses of one survey.
#[derive(Clone)]
pub(crate) struct Batch {
    pub(crate) fieldwork: Arc<Fieldwork>,
    /// Place of each in the chunk it came with.
    pub(crate) places: Vec<usize>,
    pub(crate) ids: Vec<ResponseId>,
    pub(crate) clusters: Vec<i16>,
    pub(crate) times: Vec<OffsetDateTime>,
    /// As they are stored, response after response.
    pub(crate) answers: Vec<u8>,
    /// How each came about; empty where the survey has no quality rules.
    pub(crate) paradata: Vec<Paradata>,
    /// What was written with each; empty where the survey asks for no texts.
    pub(crate) written: Vec<Written>,
    /// Corrections and retractions, in the order of the chunk.
    pub(crate) changes: Vec<Change>,
}

impl fmt::Debug for Batch {
    /// Answers are nobody's business.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch")
            .field("survey", &self.fieldwork.survey.code)
            .field("responses", &self.ids.len())
            .finish_non_exhaustive()
    }
}

/// A response as it is stored.
pub(crate) struct Stored {
    pub(crate) batch_id: BatchId,
    pub(crate) survey_number: i32,
    pub(crate) cluster: i16,
    pub(crate) time: OffsetDateTime,
    pub(crate) answers: Vec<u8>,
}

/// What becomes of a checked response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Accepted,
    Repeat,
    IdReused,
    SurveyClosed,
}

impl Batch {
    pub(crate) const fn new(fieldwork: Arc<Fieldwork>) -> Self {
        Self {
            fieldwork,
            places: Vec::new(),
            ids: Vec::new(),
            clusters: Vec::new(),
            times: Vec::new(),
            answers: Vec::new(),
            paradata: Vec::new(),
            written: Vec::new(),
            changes: Vec::new(),
        }
    }

    /// Puts responses of the same survey behind these, from a chunk that begins at a place.
    pub(crate) fn append(&mut self, other: &Self, first: usize) {
        self.places.extend(other.places.iter().map(|place| first + place));
        self.ids.extend_from_slice(&other.ids);
        self.clusters.extend_from_slice(&other.clusters);
        self.times.extend_from_slice(&other.times);
        self.answers.extend_from_slice(&other.answers);
        self.paradata.extend_from_slice(&other.paradata);
        self.written.extend_from_slice(&other.written);
        let moved = |change: &Change| Change { place: first + change.place, ..change.clone() };
        self.changes.extend(other.changes.iter().map(moved));
    }

    /// Whether no row was taken.
    pub(crate) const fn is_empty(&self) -> bool {
        self.ids.is_empty() && self.changes.is_empty()
    }

    /// Checks a row and takes it, unless anything about it was refused.
    pub(crate) fn take(
        &mut self,
        c: &mut Collector,
        place: usize,
        row: &Row<'_>,
        now: OffsetDateTime,
    ) {
        check_revision(c, row);
        let (mut paradata, mut written) = (None, Written::default());
        if !row.is_retracted {
            let form = &self.fieldwork.form;
            form.check(c, row.given());
            written = Written(form.read_texts(c, row.answers, row.texts));
            self.check_time(c, row.time, now);
            paradata = paradata::read(c, &self.fieldwork.quality, row.said, now);
        }
        let (true, Some(id), Some(cluster)) = (c.is_clean(), row.id, row.cluster) else { return };
        match (row.revision, row.time) {
            (0, Some(time)) => {
                self.places.push(place);
                self.ids.push(id);
                self.clusters.push(cluster);
                self.times.push(time);
                self.paradata.extend(paradata);
                if self.fieldwork.form.takes_texts() {
                    self.written.push(written);
                }
                self.fieldwork.encode(row.given(), &mut self.answers);
            }
            (revision, time) => {
                let time = time.filter(|_| !row.is_retracted);
                let content = time.map(|time| {
                    let mut answers = Vec::with_capacity(self.fieldwork.width());
                    self.fieldwork.encode(row.given(), &mut answers);
                    Content { time, answers }
                });
                let change = Change { place, id, revision, cluster, content, paradata, written };
                self.changes.push(change);
            }
        }
    }

    fn check_time(&self, c: &mut Collector, time: Option<OffsetDateTime>, now: OffsetDateTime) {
        let Some(time) = time else { return };
        let survey = &self.fieldwork.survey;
        if time > now {
            c.refuse(
                "answer_time",
                "TIME_IN_FUTURE",
                "must not lie in the future",
                "không được ở thời điểm trong tương lai",
            );
        } else if !self.fieldwork.days.contains(&time) {
            let (open, close) = (survey.open_date, survey.close_date);
            c.refuse(
                "answer_time",
                "TIME_OUTSIDE_FIELDWORK",
                format!("must lie within the fieldwork, {open} to {close}"),
                format!(
                    "phải trong thời gian thu thập phiếu, từ ngày {} đến hết ngày {}",
                    written(open),
                    written(close)
                ),
            );
        }
    }

    /// Answers of the response at a place of this batch.
    pub(crate) fn answers_at(&self, place: usize) -> &[u8] {
        let count = self.fieldwork.width();
        self.answers.get(place * count..(place + 1) * count).unwrap_or_default()
    }

    /// Decides on every response by what is stored under its id now, after an insert that passed
    /// over known ids. Of two with one id in this very batch the first was stored.
    pub(crate) fn judge(
        &self,
        batch_id: BatchId,
        stored: &HashMap<ResponseId, Stored>,
    ) -> Vec<Verdict> {
        let mut is_used: HashMap<ResponseId, bool> = HashMap::new();
        let columns = self.ids.iter().zip(&self.clusters).zip(&self.times).enumerate();
        columns
            .map(|(place, ((id, cluster), time))| {
                let Some(known) = stored.get(id) else { return Verdict::SurveyClosed };
                let is_same = known.survey_number == self.fieldwork.number
                    && known.cluster == *cluster
                    && known.time == *time
                    && known.answers == self.answers_at(place);
                let is_ours = known.batch_id == batch_id;
                let was_used = is_used.insert(*id, true).unwrap_or(false);
                match (is_same, is_ours && !was_used) {
                    (true, true) => Verdict::Accepted,
                    (true, false) => Verdict::Repeat,
                    (false, _) => Verdict::IdReused,
                }
            })
            .collect()
    }

    /// Counts those that were accepted.
    pub(crate) fn sums(&self, verdicts: &[Verdict]) -> Sums {
        let mut sums = Sums::default();
        for (place, (cluster, verdict)) in self.clusters.iter().zip(verdicts).enumerate() {
            if *verdict == Verdict::Accepted {
                sums.count(&self.fieldwork.layout, *cluster, self.answers_at(place));
            }
        }
        sums
    }

    /// Says why a response is refused; nothing for one that is not.
    pub(crate) fn refusal(&self, verdict: Verdict) -> Option<Violations> {
        let code = &self.fieldwork.survey.code;
        let (path, reason, english, vietnamese) = match verdict {
            Verdict::Accepted | Verdict::Repeat => return None,
            Verdict::IdReused => (
                "response_id",
                "RESPONSE_ID_REUSED",
                "was used for another response".to_owned(),
                "đã được dùng cho một phiếu có nội dung khác".to_owned(),
            ),
            Verdict::SurveyClosed => (
                "survey_code",
                "SURVEY_CLOSED",
                format!("the survey {code} is closed and takes no more responses"),
                format!("cuộc khảo sát {code} đã kết thúc, không nhận thêm phiếu"),
            ),
        };
        Some(Violations::new(vec![Violation {
            path: path.to_owned(),
            reason,
            english,
            vietnamese,
        }]))
    }
}

/// A day as it is written in Vietnamese.
fn written(day: Date) -> String {
    format!("{:02}/{:02}/{}", day.day(), u8::from(day.month()), day.year())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use serde_json::json;
    use time::macros::datetime;

    use super::*;

    const NOON: OffsetDateTime = datetime!(2018-06-01 12:00 +7);
    const LATER: OffsetDateTime = datetime!(2018-07-01 12:00 +7);

    fn batch() -> Batch {
        let survey = serde_json::from_value(json!({
            "code": "SIPAS-QN-2018", "plan": "QN-2018", "province": "22", "title": "Khảo sát",
            "instrument": "provincial", "open_date": "2018-06-01", "close_date": "2018-06-30",
            "minimum_cell": 10, "release_after": 10,
            "questions": [
                { "code": "Q1", "text": "Hài lòng?", "kind": "likert5", "node": "SIPAS-2018/1" },
            ],
            "clusters": [{ "stratum": "193", "commune": "06649", "wanted_count": 5 }],
        }));
        Batch::new(Arc::new(Fieldwork::new(1, survey.unwrap()).unwrap()))
    }

    fn id(n: u8) -> ResponseId {
        format!("00000000-0000-4000-8000-0000000000{n:02}").parse().unwrap()
    }

    fn take(batch: &mut Batch, n: u8, answer: i32, time: OffsetDateTime) -> Vec<&'static str> {
        let mut c = Collector::new();
        let row = Row {
            id: Some(id(n)),
            cluster: Some(0),
            answers: &[answer],
            numbers: &[],
            texts: &[],
            time: Some(time),
            said: Said::default(),
            revision: 0,
            is_retracted: false,
        };
        batch.take(&mut c, usize::from(n), &row, LATER);
        let refused = c.finish(Some(())).err().unwrap_or_default();
        refused.as_slice().iter().map(|violation| violation.reason).collect()
    }

    fn stored(batch_id: BatchId, answer: u8) -> Stored {
        Stored { batch_id, survey_number: 1, cluster: 0, time: NOON, answers: vec![answer] }
    }

    #[test]
    fn fieldwork_lasts_from_the_first_midnight_to_the_last() {
        let mut batch = batch();

        for (time, refused) in [
            (datetime!(2018-05-31 23:59:59.999999 +7), vec!["TIME_OUTSIDE_FIELDWORK"]),
            (datetime!(2018-06-01 0:00 +7), vec![]),
            (datetime!(2018-06-30 23:59:59.999999 +7), vec![]),
            (datetime!(2018-07-01 0:00 +7), vec!["TIME_OUTSIDE_FIELDWORK"]),
            (datetime!(2018-07-01 12:00:00.000001 +7), vec!["TIME_IN_FUTURE"]),
        ] {
            assert_eq!(take(&mut batch, 1, 5, time), refused, "{time}");
        }
    }

    #[test]
    fn each_response_is_judged_by_what_is_stored_under_its_id() {
        let mut batch = batch();
        for (n, answer) in [(1, 5), (1, 5), (1, 4), (2, 3), (3, 2), (4, 1)] {
            assert_eq!(take(&mut batch, n, answer, NOON), [""; 0]);
        }
        let (ours, theirs) = (BatchId::from(id(90).as_uuid()), BatchId::from(id(91).as_uuid()));
        let known = HashMap::from([
            (id(1), stored(ours, 5)),
            (id(2), stored(theirs, 3)),
            (id(3), stored(theirs, 5)),
        ]);

        let verdicts = batch.judge(ours, &known);

        assert_eq!(
            verdicts,
            [
                Verdict::Accepted,
                Verdict::Repeat,
                Verdict::IdReused,
                Verdict::Repeat,
                Verdict::IdReused,
                Verdict::SurveyClosed,
            ]
        );
        assert_eq!(batch.sums(&verdicts).response_count, 1);
    }

    #[test]
    fn answers_do_not_show() {
        let mut batch = batch();
        take(&mut batch, 1, 4, NOON);

        let shown = format!("{batch:?}");

        assert_eq!(shown, r#"Batch { survey: SurveyCode("SIPAS-QN-2018"), responses: 1, .. }"#);
    }
}
