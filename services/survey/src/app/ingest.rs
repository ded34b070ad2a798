//! Stores a chunk of responses: one transaction, one statement for all rows of a survey, no look at
//! single rows unless the database passed over some.

use std::{collections::HashMap, sync::Arc};

use cchc_core::{BatchId, Violations};
use cchc_kit::{db::DbError, push::Outcome};
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;

use super::{SurveyError, Surveys, change::change};
use crate::{
    domain::{
        batch::{Batch, Verdict},
        fieldwork::Fieldwork,
    },
    store::{batches, locks, quarantine, responses, surveys},
};

/// Characters of a code or id that are kept of a refused row.
const KEPT_CHARACTERS: usize = 64;

/// Rows of a push that are stored together, as they were read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Chunk {
    /// What was accepted so far, by survey.
    pub(crate) batches: Vec<Batch>,
    /// Places and faults of rows that were refused.
    pub(crate) refused: Vec<(usize, Violations)>,
}

/// A row as it came, for the quarantine.
pub(crate) trait Received {
    fn survey_code(&self) -> &str;
    fn response_id(&self) -> &str;
    /// The row encoded, every field cut to a bound.
    fn encoded(&self) -> Vec<u8>;
}

impl<R: Received> Received for &R {
    fn survey_code(&self) -> &str {
        (**self).survey_code()
    }

    fn response_id(&self) -> &str {
        (**self).response_id()
    }

    fn encoded(&self) -> Vec<u8> {
        (**self).encoded()
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
                let fieldwork = Arc::new(Fieldwork::new(stored.number, stored.survey));
                self.remember(&fieldwork);
                found.insert(fieldwork.survey.code.to_string(), fieldwork);
            }
        }
        Ok(found)
    }

    /// Stores a chunk; says what became of each of its rows.
    #[tracing::instrument(name = "app.responses.ingest", skip_all, fields(rows = rows.len()))]
    pub(crate) async fn ingest<R: Received + Sync>(
        &self,
        rows: &[R],
        mut chunk: Chunk,
    ) -> Result<Vec<Outcome>, SurveyError> {
        let mut outcomes = vec![Outcome::Accepted; rows.len()];
        chunk.batches.sort_by_key(|batch| batch.fieldwork.number);
        let numbers: Vec<i32> = chunk.batches.iter().map(|batch| batch.fieldwork.number).collect();
        let mut tx = self.db.begin().await?;
        if !numbers.is_empty() {
            locks::share_fieldwork(&mut tx, &numbers).await?;
            let open = surveys::open_among(&mut tx, &numbers).await?;
            for batch in &chunk.batches {
                let is_open = open.contains(&batch.fieldwork.number);
                for (place, outcome) in self.store(&mut tx, batch, is_open).await? {
                    put(&mut outcomes, place, outcome);
                }
            }
        }
        for (place, violations) in chunk.refused {
            put(&mut outcomes, place, Outcome::Refused(violations));
        }
        let refused = refused(rows, &outcomes);
        if !refused.hashes.is_empty() {
            quarantine::keep(&mut tx, &refused, self.now()).await?;
        }
        tx.commit().await?;
        Ok(outcomes)
    }

    /// Stores the responses of one survey; says what became of those that were not simply stored.
    async fn store(
        &self,
        tx: &mut PgConnection,
        batch: &Batch,
        is_open: bool,
    ) -> Result<Vec<(usize, Outcome)>, SurveyError> {
        let batch_id = BatchId::from(self.ids.next());
        let is_any = is_open && !batch.ids.is_empty();
        let inserted = if is_any { responses::insert(tx, batch_id, batch).await? } else { 0 };
        let verdicts = if inserted == batch.ids.len() {
            vec![Verdict::Accepted; inserted]
        } else {
            batch.judge(batch_id, &responses::find(tx, batch).await?)
        };
        let mut sums = batch.sums(&verdicts);
        let changed = change(tx, batch_id, batch, is_open, &mut sums).await?;
        let moved =
            inserted + changed.iter().filter(|(_, outcome)| *outcome == Outcome::Corrected).count();
        if moved > 0 {
            let number = batch.fieldwork.number;
            batches::insert(tx, batch_id, number, moved, &sums, self.now()).await?;
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

fn put(outcomes: &mut [Outcome], place: usize, outcome: Outcome) {
    if let Some(at) = outcomes.get_mut(place) {
        *at = outcome;
    }
}

/// Why a row of another's commune is refused.
const OUT_OF_REACH: &str = "UNIT_NOT_YOURS";

/// Gathers what the quarantine keeps.
fn refused<R: Received>(rows: &[R], outcomes: &[Outcome]) -> quarantine::Refused {
    let mut refused = quarantine::Refused::default();
    for (row, outcome) in rows.iter().zip(outcomes) {
        let Outcome::Refused(violations) = outcome else { continue };
        if violations.as_slice().iter().any(|violation| violation.reason == OUT_OF_REACH) {
            // What strangers send says nothing of the survey, and must not count against it.
            continue;
        }
        let reasons = violations.as_slice().iter().map(
            |violation| serde_json::json!({ "path": violation.path, "reason": violation.reason }),
        );
        let received = row.encoded();
        refused.hashes.push(Sha256::digest(&received).to_vec());
        refused.survey_codes.push(kept(row.survey_code()));
        refused.response_ids.push(kept(row.response_id()));
        refused.reasons.push(reasons.collect());
        refused.received.push(received);
    }
    refused
}

/// The beginning of a text, without what the database or a terminal would trip over.
pub(crate) fn kept(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(KEPT_CHARACTERS).collect()
}
