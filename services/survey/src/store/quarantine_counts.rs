//! How many refused rows wait, as it is told: each row is marked with the event that told that it came,
//! and with the one that told that it was settled. So any moment's counts can be counted again from the
//! rows.

use cchc_core::{EventId, SurveyCode};
use cchc_kit::db::DbError;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::tally::Parked;

/// Finds the surveys of which something is to be told.
pub(crate) async fn untold(conn: &mut PgConnection) -> Result<Vec<(i32, SurveyCode)>, DbError> {
    let rows = sqlx::query!(
        r#"select number, code from survey.surveys
           where exists (
               select from survey.quarantine
               where survey_number = surveys.number
                 and (parked_event_id is null or (state <> 'waiting' and settled_event_id is null)))"#,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let code = row.code.parse();
            let code = code.map_err(|_| DbError::inconsistent("survey.surveys", "code", &row.code));
            Ok((row.number, code?))
        })
        .collect()
}

/// Marks what was not told of a survey as told by an event; says by how much that moves the counts. Rows
/// that somebody is settling at the moment are left to the next look.
pub(crate) async fn mark_told(
    tx: &mut PgConnection,
    survey_number: i32,
    event_id: EventId,
) -> Result<Parked, DbError> {
    Ok(sqlx::query_as!(
        Parked,
        r#"with untold as (
               select row_id, parked_event_id is not null as was_told
               from survey.quarantine
               where survey_number = $1
                 and (parked_event_id is null or (state <> 'waiting' and settled_event_id is null))
               for update skip locked
           ), told as (
               update survey.quarantine
               set parked_event_id = coalesce(parked_event_id, $2),
                   settled_event_id = case when state <> 'waiting' then $2 end
               from untold where quarantine.row_id = untold.row_id
               returning state, was_told
           )
           select count(*) filter (where state = 'waiting') - count(*) filter (where was_told)
                      as "waiting!",
                  count(*) filter (where state in ('dropped', 'expired')) as "given_up!"
           from told"#,
        survey_number,
        event_id.as_uuid(),
    )
    .fetch_one(tx)
    .await?)
}

/// The counts of a survey as they stood at a number.
pub(crate) struct AsOf {
    pub(crate) survey_number: i32,
    /// The newest event that told some.
    pub(crate) told_by: EventId,
    pub(crate) parked: Parked,
}

/// Counts the rows again as they had been told when a number was the head.
pub(crate) async fn as_of(tx: &mut PgConnection, as_of: i64) -> Result<Vec<AsOf>, DbError> {
    let rows = sqlx::query!(
        r#"select counted.survey_number as "survey_number!", counted.waiting as "waiting!",
                  counted.given_up as "given_up!", newest.event_id as "event_id: Uuid"
           from (
               select survey_number,
                      count(*) filter (where parked.sequence <= $1)
                          - count(*) filter (where settled.sequence <= $1) as waiting,
                      count(*) filter (where settled.sequence <= $1
                                         and state in ('dropped', 'expired')) as given_up,
                      greatest(max(parked.sequence) filter (where parked.sequence <= $1),
                               max(settled.sequence) filter (where settled.sequence <= $1)) as newest
               from survey.quarantine
               left join kit.outbox as parked on parked.event_id = quarantine.parked_event_id
               left join kit.outbox as settled on settled.event_id = quarantine.settled_event_id
               where survey_number is not null
               group by survey_number
           ) as counted
           join kit.outbox as newest on newest.sequence = counted.newest"#,
        as_of,
    )
    .fetch_all(tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| AsOf {
            survey_number: row.survey_number,
            told_by: row.event_id.into(),
            parked: Parked { waiting: row.waiting, given_up: row.given_up },
        })
        .collect())
}
