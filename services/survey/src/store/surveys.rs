//! Surveys.

use cchc_core::{EventId, SurveyCode};
use cchc_kit::db::DbError;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::{
    fieldwork::Fieldwork,
    survey::{State, Survey},
};

/// A survey as it is stored.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) number: i32,
    pub(crate) survey: Survey,
    pub(crate) state: State,
}

/// Stores a survey; gives its number.
pub(crate) async fn insert(
    tx: &mut PgConnection,
    survey: &Survey,
    event_id: EventId,
    now: OffsetDateTime,
) -> Result<i32, DbError> {
    let document = serde_json::to_value(survey)
        .map_err(|error| DbError::inconsistent("survey.surveys", "document", &error))?;
    Ok(sqlx::query_scalar!(
        r#"insert into survey.surveys (code, document, open_event_id, open_time)
           values ($1, $2, $3, $4) returning number"#,
        survey.code.as_str(),
        document,
        event_id.as_uuid(),
        now,
    )
    .fetch_one(tx)
    .await?)
}

/// Closes an open survey.
pub(crate) async fn close(
    tx: &mut PgConnection,
    number: i32,
    event_id: EventId,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"update survey.surveys set close_event_id = $2, close_time = $3
           where number = $1 and close_event_id is null"#,
        number,
        event_id.as_uuid(),
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Reads a survey.
pub(crate) async fn find(
    tx: &mut PgConnection,
    code: &SurveyCode,
) -> Result<Option<Stored>, DbError> {
    Ok(find_all(tx, &[code.to_string()]).await?.pop())
}

/// Reads those surveys of a list that there are.
pub(crate) async fn find_all(
    tx: &mut PgConnection,
    codes: &[String],
) -> Result<Vec<Stored>, DbError> {
    let rows = sqlx::query!(
        r#"select number, document, close_event_id is null as "is_open!"
           from survey.surveys where code = any($1)"#,
        codes,
    )
    .fetch_all(tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let state = if row.is_open { State::Open } else { State::Closed };
            Ok(Stored { number: row.number, survey: read(row.document)?, state })
        })
        .collect()
}

/// Finds the open surveys of which enough is held back to be released, some of it since an instant.
pub(crate) async fn due(
    tx: &mut PgConnection,
    since: OffsetDateTime,
) -> Result<Vec<Stored>, DbError> {
    let rows = sqlx::query!(
        r#"select surveys.number, surveys.document
           from survey.surveys
           join (
               select held.survey_number, sum(held.response_count) as waiting,
                      min(batches.store_time) as since
               from survey.held join survey.batches using (batch_id)
               group by held.survey_number
           ) as held on held.survey_number = surveys.number
           where surveys.close_event_id is null and held.since <= $1
             and held.waiting >= (surveys.document ->> 'release_after')::integer"#,
        since,
    )
    .fetch_all(tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Stored { number: row.number, survey: read(row.document)?, state: State::Open })
        })
        .collect()
}

/// Which of some surveys take responses.
#[derive(Debug, Clone, Default)]
pub(crate) struct Open {
    numbers: Vec<i32>,
    /// Whether any refused row waits for a good one to take its place.
    pub(crate) has_waiting: bool,
    /// Whether any response of theirs was erased.
    pub(crate) has_erased: bool,
    /// Whether one of the responses asked about is stored.
    pub(crate) has_stored: bool,
}

impl Open {
    /// Whether a survey takes responses.
    pub(crate) fn has(&self, number: i32) -> bool {
        self.numbers.contains(&number)
    }
}

/// Says which of the surveys take responses, and whether any of some responses is stored already.
pub(crate) async fn open_among(
    tx: &mut PgConnection,
    numbers: &[i32],
    responses: &[Uuid],
) -> Result<Open, DbError> {
    let rows = sqlx::query!(
        r#"select number, close_event_id is null as "is_open!",
                  exists (select from survey.quarantine where state = 'waiting') as "has_waiting!",
                  exists (select from survey.erased where survey_number = number) as "has_erased!",
                  exists (select from survey.responses where response_id = any($2)) as "has_stored!"
           from survey.surveys where number = any($1)"#,
        numbers,
        responses,
    )
    .fetch_all(tx)
    .await?;
    let has_waiting = rows.iter().any(|row| row.has_waiting);
    let has_erased = rows.iter().any(|row| row.has_erased);
    let has_stored = rows.iter().any(|row| row.has_stored);
    let open = rows.into_iter().filter(|row| row.is_open);
    Ok(Open { numbers: open.map(|row| row.number).collect(), has_waiting, has_erased, has_stored })
}

/// A survey with the events of its life as far as an export goes.
#[derive(Debug, Clone)]
pub(crate) struct Life {
    pub(crate) number: i32,
    pub(crate) survey: Survey,
    pub(crate) opened_by: EventId,
    /// The newest event that told sums.
    pub(crate) tallied_by: Option<EventId>,
    pub(crate) closed_by: Option<EventId>,
}

/// Lists the surveys that had been told when a number was the head.
pub(crate) async fn as_of(tx: &mut PgConnection, as_of: i64) -> Result<Vec<Life>, DbError> {
    let rows = sqlx::query!(
        r#"select surveys.number, surveys.document, surveys.open_event_id,
                  tallied.event_id as "tallied_by?", closed.event_id as "closed_by?"
           from survey.surveys
           join kit.outbox as opened on opened.event_id = surveys.open_event_id
           left join kit.outbox as closed
                  on closed.event_id = surveys.close_event_id and closed.sequence <= $1
           left join (
               select distinct on (batches.survey_number) batches.survey_number, outbox.event_id
               from survey.batches join kit.outbox on outbox.event_id = batches.release_event_id
               where outbox.sequence <= $1
               order by batches.survey_number, outbox.sequence desc
           ) as tallied on tallied.survey_number = surveys.number
           where opened.sequence <= $1
           order by opened.sequence"#,
        as_of,
    )
    .fetch_all(tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Life {
                number: row.number,
                survey: read(row.document)?,
                opened_by: row.open_event_id.into(),
                tallied_by: row.tallied_by.map(|id: Uuid| id.into()),
                closed_by: row.closed_by.map(|id: Uuid| id.into()),
            })
        })
        .collect()
}

/// Prepares a survey for its responses.
pub(crate) fn prepared(stored: Stored) -> Result<Fieldwork, DbError> {
    Fieldwork::new(stored.number, stored.survey)
        .map_err(|error| DbError::inconsistent("survey.surveys", "document", &error))
}

fn read(document: serde_json::Value) -> Result<Survey, DbError> {
    serde_json::from_value(document)
        .map_err(|error| DbError::inconsistent("survey.surveys", "document", &error))
}
