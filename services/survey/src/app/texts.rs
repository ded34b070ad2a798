//! Texts: sealed in the transaction that stores their response, compared without being opened, and read by
//! people who may and are remembered. Decision 0038.

use cchc_core::{Actor, ResponseId};
use cchc_kit::{db::DbError, push::Outcome, vault::VaultError};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    SurveyError, Surveys,
    judge::Became,
    secrets::{Contents, Secrets},
};
use crate::{
    domain::{
        batch::{Batch, Verdict},
        change::Ruling,
        written::Written,
    },
    store::{
        surveys::Stored,
        texts::{self, At, Columns, View, Wanted},
    },
};

/// A text that was opened.
pub(crate) struct Opened {
    pub(crate) response_id: Uuid,
    pub(crate) question_place: i16,
    pub(crate) cluster_place: i16,
    pub(crate) text: String,
}

/// Which texts somebody asks for.
#[derive(Debug)]
pub(crate) struct Asking<'a> {
    pub(crate) actor: &'a Actor,
    /// The question's code and place; nothing for all.
    pub(crate) question: Option<(&'a str, i16)>,
    pub(crate) after: (Uuid, i16),
    pub(crate) most: i64,
}

impl Surveys {
    /// Leaves out of a batch responses whose texts cannot be sealed; says where they stood.
    pub(super) async fn pass_over_unsealable(
        &self,
        tx: &mut PgConnection,
        batch: &mut Batch,
    ) -> Result<Vec<usize>, SurveyError> {
        if self.has_vault() && self.secrets(tx, batch.fieldwork.number).await?.contents().is_some()
        {
            return Ok(Vec::new());
        }
        let (rest, left_out) = batch.without_written();
        *batch = rest;
        Ok(left_out)
    }

    /// Keeps what was written with the responses of a batch that were stored, deletes what they take the place
    /// of, and refuses repeats with other words.
    pub(super) async fn keep_written(
        &self,
        tx: &mut PgConnection,
        batch: &Batch,
        mut became: Became<'_>,
    ) -> Result<(), SurveyError> {
        let number = batch.fieldwork.number;
        if batch.has_written() {
            let secrets = self.secrets(tx, number).await?;
            let contents = of(&secrets)?;
            texts::insert(tx, number, &columns(batch, &became, contents)?).await?;
            refuse_reused(tx, batch, &mut became, contents).await?;
        }
        let changes = batch.changes.iter().zip(became.changed.iter());
        let corrected = changes.filter(|(_, (_, outcome))| *outcome == Outcome::Corrected);
        let corrected: Vec<Uuid> = corrected.map(|(change, _)| change.id.as_uuid()).collect();
        if !corrected.is_empty() {
            texts::forget_earlier(tx, &corrected).await?;
        }
        Ok(())
    }

    /// Opens texts of a survey for somebody, who is remembered before they have them.
    #[tracing::instrument(name = "app.texts.read", skip_all, fields(survey.code = %survey.survey.code))]
    pub(crate) async fn read_texts(
        &self,
        survey: &Stored,
        asking: &Asking<'_>,
    ) -> Result<Vec<Opened>, SurveyError> {
        let mut tx = self.db.begin().await?;
        let wanted = Wanted {
            survey_number: survey.number,
            question_place: asking.question.map(|(_, place)| place),
            after: asking.after,
            most: asking.most,
        };
        let sealed = texts::list(&mut tx, wanted).await?;
        let secrets = if sealed.is_empty() {
            Secrets::default()
        } else {
            self.secrets(&mut tx, survey.number).await?
        };
        let mut opened = Vec::with_capacity(sealed.len());
        for text in sealed {
            let at = (text.response_id, text.revision, text.question_place);
            let words = of(&secrets)?.key.open(&about(survey.number, at), &text.words)?;
            opened.push(Opened {
                response_id: text.response_id,
                question_place: text.question_place,
                cluster_place: text.cluster_place,
                text: String::from_utf8(words).map_err(|_| VaultError::DoesNotOpen)?,
            });
        }
        let view = View {
            number: 0,
            viewer: asking.actor.subject.clone(),
            viewer_unit_code: asking.actor.unit.to_string(),
            at: self.now(),
            question_code: asking.question.map_or_else(String::new, |(code, _)| code.to_owned()),
            text_count: i32::try_from(opened.len()).unwrap_or(i32::MAX),
        };
        texts::insert_view(&mut tx, survey.number, &view).await?;
        tx.commit().await?;
        Ok(opened)
    }

    /// Lists who read texts of a survey before a view, the latest first, at most so many.
    pub(crate) async fn text_views(
        &self,
        survey: &Stored,
        before: i64,
        most: i64,
    ) -> Result<Vec<View>, SurveyError> {
        let mut conn = self.db.pool().acquire().await.map_err(DbError::from)?;
        Ok(texts::views(&mut conn, survey.number, before, most).await?)
    }
}

/// What keeps the contents of a survey that has texts.
fn of(secrets: &Secrets) -> Result<&Contents, VaultError> {
    secrets.contents().ok_or(VaultError::DoesNotOpen)
}

/// What is authenticated with a text: one that was moved elsewhere does not open there.
fn about(survey_number: i32, (response, revision, place): At) -> String {
    format!("cchc text {survey_number} {response} {revision} {place}")
}

/// A text's hash: the same words elsewhere have another.
fn hash(contents: &Contents, survey_number: i32, at: At, text: &str) -> Vec<u8> {
    let bound = [about(survey_number, at).as_bytes(), b"\0", text.as_bytes()].concat();
    contents.hash.of(&bound).as_ref().to_vec()
}

/// What was written with a version, each text with where it belongs.
fn each(id: ResponseId, revision: i32, written: &Written) -> impl Iterator<Item = (At, &str)> {
    written.0.iter().map(move |(place, text)| {
        // A form has 200 questions at most.
        let place = i16::try_from(*place).unwrap_or(i16::MAX);
        ((id.as_uuid(), revision, place), text.as_str())
    })
}

/// The texts of what was stored of a batch.
fn columns(
    batch: &Batch,
    became: &Became<'_>,
    contents: &Contents,
) -> Result<Columns, SurveyError> {
    let responses = batch.ids.iter().zip(&batch.written).zip(became.verdicts.iter());
    let accepted = responses
        .filter(|(_, verdict)| **verdict == Verdict::Accepted)
        .flat_map(|((id, written), _)| each(*id, 0, written));
    let changes = batch.changes.iter().zip(became.changed.iter());
    let corrected = changes
        .filter(|(_, (_, outcome))| *outcome == Outcome::Corrected)
        .flat_map(|(change, _)| each(change.id, change.revision, &change.written));
    let (number, mut columns) = (batch.fieldwork.number, Columns::default());
    for (at, text) in accepted.chain(corrected) {
        let (id, revision, place) = at;
        columns.ids.push(id);
        columns.revisions.push(revision);
        columns.places.push(place);
        columns.sealed.push(contents.key.seal(&about(number, at), text.as_bytes())?);
        columns.hashes.push(hash(contents, number, at, text));
    }
    Ok(columns)
}

/// Refuses repeats whose words are not those that were stored: an id is one response for ever, a revision one
/// version. To which questions something was written is the same, since the answers say so.
async fn refuse_reused(
    tx: &mut PgConnection,
    batch: &Batch,
    became: &mut Became<'_>,
    contents: &Contents,
) -> Result<(), SurveyError> {
    let responses = batch.ids.iter().zip(became.verdicts.iter());
    let responses = responses.filter(|(_, verdict)| **verdict == Verdict::Repeat);
    let changes = batch.changes.iter().zip(became.changed.iter());
    let changes = changes.filter(|(_, (_, outcome))| *outcome == Outcome::Repeat);
    let ids: Vec<Uuid> = responses
        .map(|(id, _)| id.as_uuid())
        .chain(changes.map(|(change, _)| change.id.as_uuid()))
        .collect();
    if ids.is_empty() {
        return Ok(());
    }
    let (number, kept) = (batch.fieldwork.number, texts::hashes(tx, &ids).await?);
    let is_same = |id: ResponseId, revision: i32, written: &Written| {
        each(id, revision, written).all(|(at, text)| {
            kept.get(&at).is_some_and(|known| *known == hash(contents, number, at, text))
        })
    };
    let responses = batch.ids.iter().zip(&batch.written).zip(became.verdicts.iter_mut());
    for ((id, written), verdict) in responses {
        if *verdict == Verdict::Repeat && !is_same(*id, 0, written) {
            *verdict = Verdict::IdReused;
        }
    }
    let code = &batch.fieldwork.survey.code;
    for (change, (_, outcome)) in batch.changes.iter().zip(became.changed.iter_mut()) {
        let is_reused =
            *outcome == Outcome::Repeat && !is_same(change.id, change.revision, &change.written);
        if let Some(refusal) = Ruling::RevisionReused.refusal(code).filter(|_| is_reused) {
            *outcome = Outcome::Refused(refusal);
        }
    }
    Ok(())
}
