//! Notices, the digests that carry them, and who acknowledged them.

use std::collections::BTreeMap;

use cchc_core::{AssignmentId, EventId, ObligationId, UnitCode};
use cchc_kit::db::DbError;
use futures::{Stream, StreamExt as _};
use sqlx::PgConnection;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::{Page, parsed};
use crate::domain::reminder::{Acknowledgement, Audience, Notice, NoticeKey, Recipient, Subject};

const TABLE: &str = "assignment.notices";

struct Row {
    notice_id: Uuid,
    assignment_id: Option<Uuid>,
    obligation_id: Option<Uuid>,
    plan_code: String,
    task_number: Option<String>,
    period: Option<String>,
    unit_code: String,
    occurrence: String,
    working_days: i16,
    audience: String,
    last_date: Date,
    recipient_code: String,
    officer: String,
    raise_date: Date,
    digest_id: Uuid,
    send_date: Date,
    event_id: Uuid,
    acknowledger: Option<String>,
    note: Option<String>,
    acknowledge_time: Option<OffsetDateTime>,
}

/// Reads the word for an audience.
pub(super) fn audience(word: &str) -> Result<Audience, DbError> {
    Audience::from_word(word).ok_or_else(|| DbError::inconsistent(TABLE, "audience", &word))
}

/// Reads what a notice is about: an assignment with its task, or an obligation with its period.
pub(super) fn subject(
    (assignment, task): (Option<Uuid>, Option<String>),
    (obligation, period): (Option<Uuid>, Option<String>),
) -> Result<Subject, DbError> {
    match (assignment.zip(task), obligation.zip(period)) {
        (Some((id, task)), None) => {
            Ok(Subject::Assignment(id.into(), parsed(TABLE, "assignment_id", &task)?))
        }
        (None, Some((id, period))) => {
            Ok(Subject::Obligation(id.into(), parsed(TABLE, "obligation_id", &period)?))
        }
        // A check of the table ties them to each other.
        _ => Err(DbError::inconsistent(TABLE, "assignment_id", &"about one thing")),
    }
}

impl TryFrom<Row> for Notice {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let audience = audience(&row.audience)?;
        let said = row.acknowledger.zip(row.acknowledge_time);
        let note = row.note.unwrap_or_default();
        Ok(Self {
            id: row.notice_id,
            key: NoticeKey {
                subject: subject(
                    (row.assignment_id, row.task_number),
                    (row.obligation_id, row.period),
                )?,
                occurrence: parsed(TABLE, "occurrence", &row.occurrence)?,
                working_days: row.working_days,
                audience,
            },
            plan: parsed(TABLE, "plan_code", &row.plan_code)?,
            unit: parsed(TABLE, "unit_code", &row.unit_code)?,
            last_date: row.last_date,
            recipient: Recipient {
                unit: parsed(TABLE, "recipient_code", &row.recipient_code)?,
                audience,
                officer: row.officer,
            },
            raise_date: row.raise_date,
            digest: row.digest_id,
            send_date: row.send_date,
            acknowledgement: said.map(|(by, at)| Acknowledgement { by, note, at }),
        })
    }
}

/// Reads the digests of some days: by recipient and day, with their ids and from when they may be sent.
pub(crate) async fn digests_from(
    tx: &mut PgConnection,
    from: Date,
) -> Result<BTreeMap<(Recipient, Date), (Uuid, OffsetDateTime)>, DbError> {
    let rows = sqlx::query!(
        r#"select digest_id, recipient_code, audience, officer, send_date, send_time
           from assignment.digests where send_date >= $1"#,
        from,
    )
    .fetch_all(tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let recipient = Recipient {
                unit: parsed("assignment.digests", "recipient_code", &row.recipient_code)?,
                audience: audience(&row.audience)?,
                officer: row.officer,
            };
            Ok(((recipient, row.send_date), (row.digest_id, row.send_time)))
        })
        .collect()
}

/// Stores a digest.
pub(crate) async fn insert_digest(
    tx: &mut PgConnection,
    id: Uuid,
    recipient: &Recipient,
    day: Date,
    time: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into assignment.digests
               (digest_id, recipient_code, audience, officer, send_date, send_time)
           values ($1, $2, $3, $4, $5, $6)"#,
        id,
        recipient.unit.as_str(),
        recipient.audience.as_str(),
        recipient.officer,
        day,
        time,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Stores notices that are told by one event. One that is known is an error: whoever raises has the turn.
pub(crate) async fn insert(
    tx: &mut PgConnection,
    notices: &[Notice],
    event_id: EventId,
) -> Result<(), DbError> {
    let ids: Vec<Uuid> = notices.iter().map(|n| n.id).collect();
    let assignments: Vec<Option<Uuid>> =
        notices.iter().map(|n| n.key.subject.assignment().map(AssignmentId::as_uuid)).collect();
    let obligations: Vec<Option<Uuid>> =
        notices.iter().map(|n| n.key.subject.obligation().map(ObligationId::as_uuid)).collect();
    let occurrences: Vec<String> = notices.iter().map(|n| n.key.occurrence.to_string()).collect();
    let days: Vec<i16> = notices.iter().map(|n| n.key.working_days).collect();
    let audiences: Vec<String> =
        notices.iter().map(|n| n.key.audience.as_str().to_owned()).collect();
    let lasts: Vec<Date> = notices.iter().map(|n| n.last_date).collect();
    let raised: Vec<Date> = notices.iter().map(|n| n.raise_date).collect();
    let digests: Vec<Uuid> = notices.iter().map(|n| n.digest).collect();
    sqlx::query!(
        r#"insert into assignment.notices
               (notice_id, assignment_id, obligation_id, occurrence, working_days, audience, last_date,
                raise_date, digest_id, event_id)
           select new.*, $10::uuid
           from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::smallint[], $6::text[],
                       $7::date[], $8::date[], $9::uuid[]) as new"#,
        &ids,
        &assignments as &[Option<Uuid>],
        &obligations as &[Option<Uuid>],
        &occurrences,
        &days,
        &audiences,
        &lasts,
        &raised,
        &digests,
        event_id.as_uuid(),
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Reads one notice as it is now.
pub(crate) async fn present(tx: &mut PgConnection, id: Uuid) -> Result<Option<Notice>, DbError> {
    sqlx::query_as!(
        Row,
        r#"select notice_id, notices.assignment_id, notices.obligation_id,
                  coalesce(bound.plan_code, owed.plan_code) as "plan_code!",
                  bound.task_number as "task_number?", owed.period as "period?",
                  coalesce(bound.unit_code, owed.unit_code) as "unit_code!", occurrence, working_days,
                  notices.audience, notices.last_date, recipient_code, officer, raise_date, digest_id,
                  send_date, notices.event_id, acknowledger as "acknowledger?", note as "note?",
                  acknowledge_time as "acknowledge_time?"
           from assignment.notices join assignment.digests using (digest_id)
           left join assignment.assignments as bound using (assignment_id)
           left join assignment.obligations as owed using (obligation_id)
           left join assignment.notice_acknowledgements using (notice_id)
           where notice_id = $1"#,
        id,
    )
    .fetch_optional(tx)
    .await?
    .map(Notice::try_from)
    .transpose()
}

/// Lists notices to a unit and those below it, the newest first.
pub(crate) async fn list(
    tx: &mut PgConnection,
    within: &UnitCode,
    page: Page<Uuid>,
) -> Result<Vec<Notice>, DbError> {
    sqlx::query_as!(
        Row,
        r#"with recursive below as (
               select $1::text as code
               union
               select units.code from kit.hierarchy as units join below on units.parent_code = below.code
           )
           select notice_id, notices.assignment_id, notices.obligation_id,
                  coalesce(bound.plan_code, owed.plan_code) as "plan_code!",
                  bound.task_number as "task_number?", owed.period as "period?",
                  coalesce(bound.unit_code, owed.unit_code) as "unit_code!", occurrence, working_days,
                  notices.audience, notices.last_date, recipient_code, officer, raise_date, digest_id,
                  send_date, notices.event_id, acknowledger as "acknowledger?", note as "note?",
                  acknowledge_time as "acknowledge_time?"
           from assignment.digests join below on below.code = recipient_code
           join assignment.notices using (digest_id)
           left join assignment.assignments as bound using (assignment_id)
           left join assignment.obligations as owed using (obligation_id)
           left join assignment.notice_acknowledgements using (notice_id)
           where $2::uuid is null or notice_id < $2
           order by notice_id desc limit $3"#,
        within.as_str(),
        page.after,
        page.limit,
    )
    .fetch_all(tx)
    .await?
    .into_iter()
    .map(Notice::try_from)
    .collect()
}

/// Stores who acknowledged a notice.
pub(crate) async fn acknowledge(
    tx: &mut PgConnection,
    id: Uuid,
    said: &Acknowledgement,
    event_id: EventId,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into assignment.notice_acknowledgements
               (notice_id, acknowledger, note, acknowledge_time, event_id)
           values ($1, $2, $3, $4, $5)"#,
        id,
        said.by,
        said.note,
        said.at,
        event_id.as_uuid(),
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Reads every notice as it stood when a number was the head, with the event that told it last.
pub(crate) fn as_of(
    tx: &mut PgConnection,
    as_of: i64,
) -> impl Stream<Item = Result<(EventId, Notice), DbError>> {
    sqlx::query_as!(
        Row,
        r#"select notice_id, notices.assignment_id, notices.obligation_id,
                  coalesce(bound.plan_code, owed.plan_code) as "plan_code!",
                  bound.task_number as "task_number?", owed.period as "period?",
                  coalesce(bound.unit_code, owed.unit_code) as "unit_code!", occurrence, working_days,
                  notices.audience, notices.last_date, recipient_code, officer, raise_date, digest_id,
                  send_date, coalesce(said.event_id, notices.event_id) as "event_id!",
                  acknowledger as "acknowledger?", note as "note?",
                  acknowledge_time as "acknowledge_time?"
           from assignment.notices join assignment.digests using (digest_id)
           left join assignment.assignments as bound using (assignment_id)
           left join assignment.obligations as owed using (obligation_id)
           join kit.outbox as raised on raised.event_id = notices.event_id
           left join (assignment.notice_acknowledgements as said
                      join kit.outbox as told on told.event_id = said.event_id and told.sequence <= $1)
               using (notice_id)
           where raised.sequence <= $1
           order by notice_id"#,
        as_of,
    )
    .fetch(tx)
    .map(|row| {
        let row = row?;
        Ok((row.event_id.into(), row.try_into()?))
    })
}
