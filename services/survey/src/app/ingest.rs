//! Stores a chunk of responses: one transaction, one statement for all rows of a survey, no look at
//! single rows unless the database passed over some.

use std::{collections::HashMap, sync::Arc};

use cchc_core::{BatchId, ResponseId, Violations};
use cchc_kit::{db::DbError, push::Outcome};
use sqlx::PgConnection;

use super::{SurveyError, Surveys, change::change, judge::Became};
use crate::{
    domain::{
        batch::{Batch, Verdict},
        erased,
        fieldwork::Fieldwork,
        quarantine::Party,
        written,
    },
    store::{
        batches, erasures, locks, responses,
        surveys::{self, Open},
    },
};

/// Rows of a push that are stored together, as they were read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Chunk {
    /// What was accepted so far, by survey.
    pub(crate) batches: Vec<Batch>,
    /// Places and faults of rows that were refused.
    pub(crate) refused: Vec<(usize, Violations)>,
    /// Who sent the rows from a place on, in the order of the places.
    pub(crate) senders: Vec<(usize, Arc<Party>)>,
}

impl Chunk {
    /// The surveys its good rows belong to, and whether whoever stores responses of one does so alone: where
    /// rules compare responses, each must see those before it.
    pub(super) fn turns(&self) -> Vec<(i32, bool)> {
        let fieldworks = self.batches.iter().map(|batch| &batch.fieldwork);
        fieldworks.map(|fieldwork| (fieldwork.number, fieldwork.quality.is_any())).collect()
    }
}

/// A row as it came, for the quarantine.
pub(crate) trait Received {
    fn survey_code(&self) -> &str;
    fn response_id(&self) -> &str;
    fn revision(&self) -> i32;
    /// Whether it says who answered, or in which words.
    fn is_personal(&self) -> bool;
    /// The row encoded, every field cut to a bound.
    fn encoded(&self) -> Vec<u8>;
    /// The same without what says so.
    fn impersonal(&self) -> Vec<u8>;
}

impl<R: Received> Received for &R {
    fn survey_code(&self) -> &str {
        (**self).survey_code()
    }

    fn response_id(&self) -> &str {
        (**self).response_id()
    }

    fn revision(&self) -> i32 {
        (**self).revision()
    }

    fn is_personal(&self) -> bool {
        (**self).is_personal()
    }

    fn encoded(&self) -> Vec<u8> {
        (**self).encoded()
    }

    fn impersonal(&self) -> Vec<u8> {
        (**self).impersonal()
    }
}

impl Surveys {
    /// Finds the surveys that rows name; what is not found does not exist.
    pub(crate) async fn fieldworks<'a>(
        &self,
        codes: impl Iterator<Item = &'a str>,
    ) -> Result<HashMap<String, Arc<Fieldwork>>, SurveyError> {
        let (mut found, mut unknown) = (HashMap::new(), Vec::new());
        let mut last = None;
        for code in codes {
            // Rows of one survey come one after another.
            if last == Some(code) || found.contains_key(code) {
                continue;
            }
            last = Some(code);
            match self.known_fieldwork(code) {
                Some(fieldwork) => drop(found.insert(code.to_owned(), fieldwork)),
                None if code.parse::<cchc_core::SurveyCode>().is_ok() => {
                    unknown.push(code.to_owned());
                }
                None => {}
            }
        }
        if !unknown.is_empty() {
            let mut conn = self.db.pool().acquire().await.map_err(DbError::from)?;
            for stored in surveys::find_all(&mut conn, &unknown).await? {
                let fieldwork = Arc::new(surveys::prepared(stored)?);
                self.remember(&fieldwork);
                found.insert(fieldwork.survey.code.to_string(), fieldwork);
            }
        }
        Ok(found)
    }

    /// Stores a chunk, and keeps what is refused of it; says what became of each of its rows.
    #[tracing::instrument(name = "app.responses.ingest", skip_all, fields(rows = rows.len()))]
    pub(crate) async fn ingest<R: Received + Sync>(
        &self,
        rows: &[R],
        mut chunk: Chunk,
    ) -> Result<Vec<Outcome>, SurveyError> {
        let senders = std::mem::take(&mut chunk.senders);
        let mut tx = self.db.begin().await?;
        let outcomes = self.take_in(&mut tx, rows.len(), chunk).await?;
        self.park(&mut tx, rows, &outcomes, &senders).await?;
        tx.commit().await?;
        Ok(outcomes)
    }

    /// Says what would become of each row of a chunk of so many, and leaves nothing behind.
    ///
    /// It is stored the way of every chunk and taken back: a check by other means than storing would
    /// differ from it one day. What is refused is not kept.
    #[tracing::instrument(name = "app.responses.validate", skip_all, fields(rows))]
    pub(crate) async fn validate(
        &self,
        rows: usize,
        chunk: Chunk,
    ) -> Result<Vec<Outcome>, SurveyError> {
        let mut tx = self.db.begin().await?;
        let outcomes = self.take_in(&mut tx, rows, chunk).await?;
        tx.roll_back().await?;
        Ok(outcomes)
    }

    /// Stores a chunk of so many rows in the caller's transaction, which has written nothing yet that a
    /// closing could wait for; says what became of each.
    pub(super) async fn take_in(
        &self,
        tx: &mut PgConnection,
        rows: usize,
        mut chunk: Chunk,
    ) -> Result<Vec<Outcome>, SurveyError> {
        let mut outcomes = vec![Outcome::Accepted; rows];
        chunk.batches.sort_by_key(|batch| batch.fieldwork.number);
        let turns = chunk.turns();
        if !turns.is_empty() {
            locks::fieldwork(tx, &turns).await?;
            let numbers: Vec<i32> = turns.into_iter().map(|(number, _)| number).collect();
            let first = chunk.batches.iter().filter_map(|batch| batch.ids.first());
            let first: Vec<_> = first.map(|id| id.as_uuid()).collect();
            let open = surveys::open_among(tx, &numbers, &first).await?;
            for batch in &mut chunk.batches {
                if open.has_erased {
                    for place in pass_over_erased(tx, batch).await? {
                        put(&mut outcomes, place, Outcome::Refused(erased::refusal()));
                    }
                }
                if batch.has_written() {
                    for place in self.pass_over_unsealable(tx, batch).await? {
                        put(&mut outcomes, place, Outcome::Refused(written::not_kept()));
                    }
                }
                for (place, outcome) in self.store(tx, batch, &open).await? {
                    put(&mut outcomes, place, outcome);
                }
            }
        }
        for (place, violations) in chunk.refused {
            put(&mut outcomes, place, Outcome::Refused(violations));
        }
        Ok(outcomes)
    }

    /// Stores the responses of one survey; says what became of those that were not simply stored.
    async fn store(
        &self,
        tx: &mut PgConnection,
        batch: &Batch,
        open: &Open,
    ) -> Result<Vec<(usize, Outcome)>, SurveyError> {
        let batch_id = BatchId::from(self.ids.next());
        let is_open = open.has(batch.fieldwork.number);
        let is_any = is_open && !batch.ids.is_empty();
        // Who sends a chunk again sends all of it again: then nothing is to be stored or read back.
        let is_repeat = open.has_stored
            && !batch.ids.is_empty()
            && responses::count_stored(tx, batch).await? == batch.ids.len();
        let is_new = is_any && !is_repeat;
        let inserted = if is_new { responses::insert(tx, batch_id, batch).await? } else { 0 };
        let mut verdicts = if is_repeat {
            vec![Verdict::Repeat; batch.ids.len()]
        } else if inserted == batch.ids.len() {
            vec![Verdict::Accepted; inserted]
        } else {
            batch.judge(batch_id, &responses::find(tx, batch).await?)
        };
        let mut sums = batch.sums(&verdicts);
        let mut changed = change(tx, batch_id, batch, is_open, &mut sums).await?;
        if batch.fieldwork.quality.is_any() {
            let became = Became { verdicts: &mut verdicts, changed: &mut changed };
            self.judge(tx, batch_id, batch, became, &mut sums).await?;
        }
        if batch.fieldwork.form.takes_texts() {
            let became = Became { verdicts: &mut verdicts, changed: &mut changed };
            self.keep_written(tx, batch, became).await?;
        }
        let moved =
            inserted + changed.iter().filter(|(_, outcome)| *outcome == Outcome::Corrected).count();
        if moved > 0 {
            let number = batch.fieldwork.number;
            batches::insert(tx, batch_id, number, moved, &sums, self.now()).await?;
        }
        if open.has_waiting && moved > 0 {
            self.supersede(tx, batch, &verdicts, &changed).await?;
        }
        let notable = batch.places.iter().zip(verdicts).filter_map(|(place, verdict)| {
            let outcome = match batch.refusal(verdict) {
                Some(violations) => Outcome::Refused(violations),
                None if verdict == Verdict::Repeat => Outcome::Repeat,
                None => return None,
            };
            Some((*place, outcome))
        });
        Ok(notable.chain(changed).collect())
    }
}

/// Leaves out of a batch what was erased; says where it stood.
async fn pass_over_erased(
    tx: &mut PgConnection,
    batch: &mut Batch,
) -> Result<Vec<usize>, SurveyError> {
    let changed = batch.changes.iter().map(|change| change.id);
    let ids: Vec<_> = batch.ids.iter().copied().chain(changed).map(ResponseId::as_uuid).collect();
    let erased = erasures::among(tx, &ids).await?;
    if erased.is_empty() {
        return Ok(Vec::new());
    }
    let (rest, left_out) = batch.without_erased(&erased);
    *batch = rest;
    Ok(left_out)
}

fn put(outcomes: &mut [Outcome], place: usize, outcome: Outcome) {
    if let Some(at) = outcomes.get_mut(place) {
        *at = outcome;
    }
}
