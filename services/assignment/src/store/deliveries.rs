//! Deliveries of digests: where they go, how far each is, every attempt.

use cchc_core::UnitCode;
use cchc_kit::db::DbError;
use sqlx::PgConnection;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::{
    Page,
    notices::{audience, subject},
    parsed, read, write,
};
use crate::domain::{
    delivery::{Attempt, Channel, Delivery, Directory, Line, STALE, State, UNDER_WAY},
    reminder::Recipient,
};

const TABLE: &str = "assignment.deliveries";
const DIRECTORIES: &str = "assignment.recipient_directories";

struct Row {
    digest_id: Uuid,
    channel: String,
    state: String,
    recipient_code: String,
    audience: String,
    officer: String,
    send_date: Date,
    notice_count: i64,
    attempt_count: i64,
    next_time: OffsetDateTime,
    last_error: String,
    change_time: OffsetDateTime,
}

fn channel(word: &str) -> Result<Channel, DbError> {
    Channel::from_word(word).ok_or_else(|| DbError::inconsistent(TABLE, "channel", &word))
}

impl TryFrom<Row> for Delivery {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let state = State::from_word(&row.state);
        Ok(Self {
            digest: row.digest_id,
            channel: channel(&row.channel)?,
            state: state.ok_or_else(|| DbError::inconsistent(TABLE, "state", &row.state))?,
            recipient: Recipient {
                unit: parsed("assignment.digests", "recipient_code", &row.recipient_code)?,
                audience: audience(&row.audience)?,
                officer: row.officer,
            },
            send_date: row.send_date,
            notice_count: row.notice_count,
            attempt_count: row.attempt_count,
            next_time: row.next_time,
            last_error: row.last_error,
            change_time: row.change_time,
        })
    }
}

/// Reads where a province's digests go, with the version; nothing before the first was loaded.
pub(crate) async fn directory(
    tx: &mut PgConnection,
    province: &UnitCode,
) -> Result<Option<(i64, Directory)>, DbError> {
    let row = sqlx::query!(
        r#"select version, document from assignment.recipient_directories
           where province_code = $1 order by version desc limit 1"#,
        province.as_str(),
    )
    .fetch_optional(tx)
    .await?;
    row.map(|row| Ok((row.version, read(DIRECTORIES, row.document)?))).transpose()
}

/// Reads every province's directory as one: units are of one province.
pub(crate) async fn directories(tx: &mut PgConnection) -> Result<Directory, DbError> {
    let all = sqlx::query_scalar!(
        r#"select distinct on (province_code) document from assignment.recipient_directories
           order by province_code, version desc"#,
    )
    .fetch_all(tx)
    .await?;
    let mut contacts = Vec::new();
    for document in all {
        let Directory(more) = read(DIRECTORIES, document)?;
        contacts.extend(more);
    }
    Ok(Directory(contacts))
}

/// Stores a version of a directory.
pub(crate) async fn insert_directory(
    tx: &mut PgConnection,
    province: &UnitCode,
    directory: &Directory,
    version: i64,
    loader: &str,
    at: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into assignment.recipient_directories
               (province_code, version, document, loader, load_time)
           values ($1, $2, $3, $4, $5)"#,
        province.as_str(),
        version,
        write(DIRECTORIES, directory)?,
        loader,
        at,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Reads the digests that are complete and were lately, and are not on their way over a channel.
pub(crate) async fn unsent(
    tx: &mut PgConnection,
    channel: Channel,
    now: OffsetDateTime,
) -> Result<Vec<(Uuid, Recipient)>, DbError> {
    let since = now - STALE;
    let rows = sqlx::query!(
        r#"select digest_id, recipient_code, audience, officer from assignment.digests
           where send_date >= $2 and send_time < $1 and send_time >= $3
             and not exists (select from assignment.deliveries as known
                             where known.digest_id = digests.digest_id and known.channel = $4)
           order by send_time, digest_id"#,
        now,
        cchc_core::civil_date(since),
        since,
        channel.as_str(),
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
            Ok((row.digest_id, recipient))
        })
        .collect()
}

/// Puts digests on their way over a channel.
pub(crate) async fn insert(
    tx: &mut PgConnection,
    digests: &[Uuid],
    channel: Channel,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into assignment.deliveries (digest_id, channel, state, next_time, change_time)
           select digest_id, $2, 'pending', $3, $3 from unnest($1::uuid[]) as digest_id"#,
        digests,
        channel.as_str(),
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Begins attempts of what is to be tried now; nobody else begins another for a while.
pub(crate) async fn begin(
    tx: &mut PgConnection,
    channel: Channel,
    now: OffsetDateTime,
    most: i64,
) -> Result<Vec<Attempt>, DbError> {
    let rows = sqlx::query!(
        r#"update assignment.deliveries as due
           set next_time = $3, attempt_count = due.attempt_count + 1, tried_count = due.tried_count + 1
           from (select digest_id, channel from assignment.deliveries
                 where channel = $1 and state = 'pending' and next_time <= $2
                 order by next_time, digest_id limit $4 for update skip locked) as chosen
           where due.digest_id = chosen.digest_id and due.channel = chosen.channel
           returning due.digest_id, due.attempt_count, due.tried_count"#,
        channel.as_str(),
        now,
        now + UNDER_WAY,
        most,
    )
    .fetch_all(tx)
    .await?;
    let attempt = |row| {
        let (digest, number, tried) = row;
        Attempt { digest, channel, number, tried }
    };
    Ok(rows
        .into_iter()
        .map(|row| attempt((row.digest_id, row.attempt_count, row.tried_count)))
        .collect())
}

/// Ends an attempt, unless another has begun since; says whether it did.
pub(crate) async fn end(
    tx: &mut PgConnection,
    attempt: &Attempt,
    (state, next_time): (State, OffsetDateTime),
    error: &str,
    now: OffsetDateTime,
) -> Result<bool, DbError> {
    let Attempt { digest, channel, number, tried: _ } = attempt;
    let done = sqlx::query!(
        r#"update assignment.deliveries
           set state = $4, next_time = $5, last_error = $6, change_time = $7
           where digest_id = $1 and channel = $2 and attempt_count = $3 and state = 'pending'"#,
        digest,
        channel.as_str(),
        number,
        state.as_str(),
        next_time,
        error,
        now,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        r#"insert into assignment.delivery_attempts (digest_id, channel, number, error, attempt_time)
           values ($1, $2, $3, $4, $5)"#,
        digest,
        channel.as_str(),
        number,
        error,
        now,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Makes a delivery that was given up one that is to be tried.
pub(crate) async fn replay(
    tx: &mut PgConnection,
    digest: Uuid,
    channel: Channel,
    now: OffsetDateTime,
) -> Result<bool, DbError> {
    let done = sqlx::query!(
        r#"update assignment.deliveries
           set state = 'pending', tried_count = 0, next_time = $3, change_time = $3
           where digest_id = $1 and channel = $2 and state = 'given-up'"#,
        digest,
        channel.as_str(),
        now,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Reads a delivery.
pub(crate) async fn present(
    tx: &mut PgConnection,
    digest: Uuid,
    channel: Channel,
) -> Result<Option<Delivery>, DbError> {
    sqlx::query_as!(
        Row,
        r#"select digest_id, channel, state, recipient_code, audience, officer, send_date,
                  (select count(*) from assignment.notices as notice
                   where notice.digest_id = deliveries.digest_id) as "notice_count!",
                  attempt_count, next_time, last_error, change_time
           from assignment.deliveries join assignment.digests using (digest_id)
           where digest_id = $1 and channel = $2"#,
        digest,
        channel.as_str(),
    )
    .fetch_optional(tx)
    .await?
    .map(Delivery::try_from)
    .transpose()
}

/// Lists deliveries of a state, or all; the newest digest first.
pub(crate) async fn list(
    tx: &mut PgConnection,
    state: Option<State>,
    page: Page<(Uuid, String)>,
) -> Result<Vec<Delivery>, DbError> {
    let (digest, channel) = page.after.unzip();
    sqlx::query_as!(
        Row,
        r#"select digest_id, channel, state, recipient_code, audience, officer, send_date,
                  (select count(*) from assignment.notices as notice
                   where notice.digest_id = deliveries.digest_id) as "notice_count!",
                  attempt_count, next_time, last_error, change_time
           from assignment.deliveries join assignment.digests using (digest_id)
           where ($1::text is null or state = $1)
             and ($2::uuid is null or (digest_id, channel) < ($2, $3::text))
           order by digest_id desc, channel desc limit $4"#,
        state.map(State::as_str),
        digest,
        channel,
        page.limit,
    )
    .fetch_all(tx)
    .await?
    .into_iter()
    .map(Delivery::try_from)
    .collect()
}

/// Counts what is to be tried and what was given up over a channel.
pub(crate) async fn backlog(
    tx: &mut PgConnection,
    channel: Channel,
) -> Result<(i64, i64), DbError> {
    let row = sqlx::query!(
        r#"select count(*) filter (where state = 'pending') as "pending!",
                  count(*) filter (where state = 'given-up') as "given_up!"
           from assignment.deliveries where channel = $1 and state <> 'sent'"#,
        channel.as_str(),
    )
    .fetch_one(tx)
    .await?;
    Ok((row.pending, row.given_up))
}

/// Reads a digest: to whom, what its unit is called, for which day.
pub(crate) async fn digest(
    tx: &mut PgConnection,
    id: Uuid,
) -> Result<Option<(Recipient, String, Date)>, DbError> {
    let row = sqlx::query!(
        r#"select recipient_code, audience, officer, send_date,
                  coalesce((select name from kit.units where code = recipient_code),
                           recipient_code) as "name!"
           from assignment.digests where digest_id = $1"#,
        id,
    )
    .fetch_optional(tx)
    .await?;
    row.map(|row| {
        let recipient = Recipient {
            unit: parsed("assignment.digests", "recipient_code", &row.recipient_code)?,
            audience: audience(&row.audience)?,
            officer: row.officer,
        };
        Ok((recipient, row.name, row.send_date))
    })
    .transpose()
}

/// Reads the notices of a digest, what is over longest first; their titles are empty.
pub(crate) async fn lines(tx: &mut PgConnection, digest: Uuid) -> Result<Vec<Line>, DbError> {
    let rows = sqlx::query!(
        r#"select notice_id, notices.assignment_id, notices.obligation_id,
                  coalesce(bound.plan_code, owed.plan_code) as "plan_code!",
                  bound.task_number as "task_number?", owed.period as "period?",
                  coalesce(bound.unit_code, owed.unit_code) as "unit_code!",
                  occurrence, working_days, notices.last_date,
                  coalesce(bound.is_requested, owed.is_requested) as "is_requested!",
                  coalesce(units.name, bound.unit_code, owed.unit_code) as "name!"
           from assignment.notices
           left join assignment.assignments as bound using (assignment_id)
           left join assignment.obligations as owed using (obligation_id)
           left join kit.units on units.code = coalesce(bound.unit_code, owed.unit_code)
           where digest_id = $1
           order by working_days desc, coalesce(bound.plan_code, owed.plan_code), notice_id"#,
        digest,
    )
    .fetch_all(tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let table = "assignment.notices";
            Ok(Line {
                notice: row.notice_id,
                subject: subject(
                    (row.assignment_id, row.task_number),
                    (row.obligation_id, row.period),
                )?,
                plan: parsed(table, "plan_code", &row.plan_code)?,
                title: String::new(),
                unit: parsed(table, "unit_code", &row.unit_code)?,
                unit_name: row.name,
                occurrence: row.occurrence,
                last_date: row.last_date,
                working_days: row.working_days,
                is_requested: row.is_requested,
            })
        })
        .collect()
}
