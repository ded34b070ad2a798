//! Erases a respondent: everything that is theirs goes, at once and for good.
//!
//! What no event has told yet leaves the sums with them. What was told stays in the sums, as a sum: a figure
//! that lacked just one person from one look to the next would say what they had answered. Decision 0032.

use std::collections::HashMap;

use cchc_core::{BatchId, EventId};
use futures::TryStreamExt as _;
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    Asked, SurveyError, Surveys, is_repeat, judge::judge_again, quarantine::etag,
    rebuild_survey::held_again, secrets::Secrets,
};
use crate::{
    domain::{
        fieldwork::Fieldwork, paradata::RespondentKey, quality::Flag, survey::State, tally::Sums,
    },
    events::kept,
    store::{
        batches,
        erasures::{self, Erasure},
        locks,
        residues::{self, Residue, Whose},
        surveys::{self, Stored},
    },
};

/// What there is of a respondent.
#[derive(Debug, Default)]
pub(crate) struct Belongings {
    /// Their responses.
    responses: Vec<Uuid>,
    /// Refused rows that say so and wait, with the responses they name.
    rows: Vec<(Uuid, Option<Uuid>)>,
    /// The hashes of their key.
    hashes: Vec<Vec<u8>>,
}

/// How much was erased, or is there to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Extent {
    pub(crate) responses: i32,
    pub(crate) rows: i32,
}

/// Who is to be erased, and why.
#[derive(Debug)]
pub(crate) struct Erasing {
    pub(crate) key: RespondentKey,
    /// Of what was read.
    pub(crate) etag: String,
    pub(crate) reason: String,
}

impl Belongings {
    pub(crate) fn extent(&self) -> Extent {
        let count = |of: usize| i32::try_from(of).unwrap_or(i32::MAX);
        Extent { responses: count(self.responses.len()), rows: count(self.rows.len()) }
    }

    /// Names what there is, so that what is erased is what was read.
    pub(crate) fn etag(&self) -> String {
        let mut hash = Sha256::new();
        for id in self.responses.iter().chain(self.rows.iter().map(|(row, _)| row)) {
            hash.update(id.as_bytes());
        }
        etag(&hash.finalize())
    }
}

impl Surveys {
    /// Finds what there is of a respondent.
    pub(crate) async fn respondent(
        &self,
        survey: &Stored,
        key: &RespondentKey,
    ) -> Result<Belongings, SurveyError> {
        let mut tx = self.db.begin_snapshot().await?;
        let secrets = self.secrets_of_respondents(&mut tx, survey).await?;
        belongings(&mut tx, survey.number, &secrets, key).await
    }

    /// Erases a respondent, while nobody stores or releases responses of the survey.
    #[tracing::instrument(name = "app.respondent.erase", skip_all, fields(survey.code = %survey.survey.code))]
    pub(crate) async fn erase(
        &self,
        asked: &Asked,
        survey: &Stored,
        erasing: &Erasing,
    ) -> Result<Extent, SurveyError> {
        let mut tx = self.db.begin().await?;
        locks::end_fieldwork(&mut tx, survey.number).await?;
        locks::release(&mut tx, survey.number).await?;
        let secrets = self.secrets_of_respondents(&mut tx, survey).await?;
        if is_repeat(&mut tx, &asked.about(&secrets, &erasing.key)).await? {
            let known = erasures::find(&mut tx, asked.request_id.as_uuid()).await?;
            let (responses, rows) = known.unwrap_or_default();
            return Ok(Extent { responses, rows });
        }
        let theirs = belongings(&mut tx, survey.number, &secrets, &erasing.key).await?;
        if theirs.etag() != erasing.etag {
            return Err(SurveyError::RespondentChanged);
        }
        self.take_out(&mut tx, survey, &theirs).await?;
        self.give_up_rows(&mut tx, asked, &theirs, &erasing.reason).await?;
        self.note(&mut tx, (asked, survey), &theirs, &erasing.reason).await?;
        tx.commit().await?;
        let Extent { responses, rows } = theirs.extent();
        tracing::info!(responses, rows, "a respondent was erased");
        Ok(theirs.extent())
    }

    /// The secrets of a survey that knows its respondents.
    async fn secrets_of_respondents(
        &self,
        tx: &mut PgConnection,
        survey: &Stored,
    ) -> Result<Secrets, SurveyError> {
        if !survey.survey.takes_respondent_keys() {
            return Err(SurveyError::NoRespondentKeys(survey.survey.code.clone()));
        }
        self.secrets(tx, survey.number).await
    }

    /// Deletes responses, and leaves of them what was told.
    async fn take_out(
        &self,
        tx: &mut PgConnection,
        survey: &Stored,
        theirs: &Belongings,
    ) -> Result<(), SurveyError> {
        let fieldwork = surveys::prepared(survey.clone())?;
        let ids = &theirs.responses;
        let others = if fieldwork.quality.limit(Flag::CodeReused).is_some() {
            erasures::under_same_codes(tx, survey.number, ids).await?
        } else {
            Vec::new()
        };
        leave_residues(tx, &fieldwork, Whose::These(ids)).await?;
        erasures::delete(tx, ids).await?;
        erasures::forget_hashes(tx, survey.number, &theirs.hashes).await?;
        let held = held_again(tx, &fieldwork).await?;
        batches::replace_held(tx, survey.number, &held).await?;
        self.judge_others(tx, &fieldwork, &others).await?;
        // State as it is now: whoever closes waits for us, or we waited for them.
        let present = surveys::find(tx, &survey.survey.code).await?;
        if present.is_some_and(|present| present.state == State::Closed) {
            self.release_held(tx, survey.number, &survey.survey).await?;
        }
        Ok(())
    }

    /// Judges those anew who stood under one code with what was erased.
    async fn judge_others(
        &self,
        tx: &mut PgConnection,
        fieldwork: &Fieldwork,
        others: &[Uuid],
    ) -> Result<(), SurveyError> {
        let (batch_id, mut sums) = (BatchId::from(self.ids.next()), Sums::default());
        let moved = judge_again(tx, batch_id, fieldwork, others, &mut sums).await?;
        if moved > 0 {
            batches::insert(tx, batch_id, fieldwork.number, moved, &sums, self.now()).await?;
        }
        Ok(())
    }

    /// Gives up the refused rows of a respondent; nothing of what they said stays.
    async fn give_up_rows(
        &self,
        tx: &mut PgConnection,
        asked: &Asked,
        theirs: &Belongings,
        reason: &str,
    ) -> Result<(), SurveyError> {
        let rows: Vec<Uuid> = theirs.rows.iter().map(|(row, _)| *row).collect();
        let ids = theirs.ids();
        erasures::give_up_rows(tx, (&rows, &ids), &asked.party(), reason, self.now()).await?;
        Ok(())
    }

    /// Keeps that it was done, and the ids that must not come back.
    async fn note(
        &self,
        tx: &mut PgConnection,
        (asked, survey): (&Asked, &Stored),
        theirs: &Belongings,
        reason: &str,
    ) -> Result<(), SurveyError> {
        erasures::keep_ids(tx, survey.number, &theirs.ids()).await?;
        let Extent { responses, rows } = theirs.extent();
        let erasure = Erasure {
            id: asked.request_id.as_uuid(),
            survey_number: survey.number,
            by: &asked.party(),
            reason,
            responses,
            rows,
        };
        Ok(erasures::insert(tx, &erasure, self.now()).await?)
    }
}

impl Belongings {
    /// The ids of all their responses, stored or refused.
    fn ids(&self) -> Vec<Uuid> {
        let refused = self.rows.iter().filter_map(|(_, response)| *response);
        self.responses.iter().copied().chain(refused).collect()
    }
}

impl Asked {
    /// The same about a respondent, whose key is in no hash of ours but under the survey's secret.
    fn about(&self, secrets: &Secrets, key: &RespondentKey) -> Self {
        let mut hash = Sha256::new();
        hash.update(self.hash);
        if let Some((_, person)) = secrets.persons(key).first() {
            hash.update(person);
        }
        Self { hash: hash.finalize().into(), ..self.clone() }
    }
}

/// Finds what there is of a respondent.
async fn belongings(
    tx: &mut PgConnection,
    survey_number: i32,
    secrets: &Secrets,
    key: &RespondentKey,
) -> Result<Belongings, SurveyError> {
    let hashes: Vec<Vec<u8>> = secrets.persons(key).into_iter().map(|(_, hash)| hash).collect();
    let responses = erasures::responses_of(tx, survey_number, &hashes).await?;
    let mut rows = Vec::new();
    for row in erasures::waiting_rows(tx, survey_number).await? {
        let received = secrets.unsealed(&row.received)?;
        if kept::respondent_of(&received).as_ref() == Some(key) {
            rows.push((row.row_id, row.response));
        }
    }
    Ok(Belongings { responses, rows, hashes })
}

/// Leaves of responses what each event told of them.
pub(super) async fn leave_residues(
    tx: &mut PgConnection,
    fieldwork: &Fieldwork,
    whose: Whose<'_>,
) -> Result<(), SurveyError> {
    let (number, mut left) = (fieldwork.number, HashMap::<EventId, Residue>::new());
    {
        let mut told = std::pin::pin!(residues::told_of(&mut *tx, number, whose));
        while let Some(told) = told.try_next().await? {
            let sums = &mut left.entry(told.event_id.into()).or_default().sums;
            if let Some(answers) = &told.taken_out {
                sums.uncount(&fieldwork.layout, told.cluster, answers);
            }
            if let Some(answers) = &told.put_in {
                sums.count(&fieldwork.layout, told.cluster, answers);
            }
        }
    }
    for (event_id, flagged) in residues::flags_told_of(tx, number, whose).await? {
        left.entry(event_id).or_default().flagged = flagged;
    }
    for (event_id, residue) in left {
        residues::add(tx, number, event_id, &fieldwork.layout, &residue).await?;
    }
    Ok(())
}
