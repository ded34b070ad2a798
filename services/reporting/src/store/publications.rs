//! Publications and their withdrawals: added to and never changed.

use cchc_core::{PlanCode, RequestId};
use cchc_kit::db::DbError;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::parse;
use crate::domain::publication::{Act, Publication, Withdrawal};

const TABLE: &str = "record.publications";
/// Names the turns in publishing of a plan among advisory locks.
const PUBLISHING: i32 = 44;

/// The bytes that were signed, and what shows that they were.
#[derive(Debug, Clone)]
pub(crate) struct Signed {
    pub(crate) content: Vec<u8>,
    pub(crate) signature: Vec<u8>,
    /// The public half of the key.
    pub(crate) public_key: Vec<u8>,
}

/// Takes turns in publishing and withdrawing of a plan: numbers follow one another without gaps. Before
/// the transaction writes anything.
pub(crate) async fn take_turn(tx: &mut PgConnection, plan: &PlanCode) -> Result<(), DbError> {
    sqlx::query_scalar!(
        "select pg_advisory_xact_lock($1, hashtext($2))",
        PUBLISHING,
        plan.as_str()
    )
    .fetch_one(tx)
    .await?;
    Ok(())
}

/// The number that a plan's next publication gets.
pub(crate) async fn next_number(tx: &mut PgConnection, plan: &PlanCode) -> Result<i32, DbError> {
    let next = sqlx::query_scalar!(
        r#"select coalesce(max(number), 0) + 1 as "next!" from record.publications
           where plan_code = $1"#,
        plan.as_str(),
    );
    Ok(next.fetch_one(tx).await?)
}

/// Keeps a publication.
pub(crate) async fn insert(
    tx: &mut PgConnection,
    Publication { act, rollup_checksum, content_checksum, .. }: &Publication,
    (content, signature): (&[u8], &[u8]),
    request_id: RequestId,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into record.publications
               (plan_code, number, title, reason, document_number, publisher, unit_code,
                publish_time, embargo_end_time, rollup_checksum, content, content_checksum,
                signature, key_id, request_id)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"#,
        act.plan.as_str(),
        act.number,
        act.title,
        act.reason,
        act.document,
        act.publisher,
        act.unit.as_str(),
        act.publish_time,
        act.embargo_end,
        rollup_checksum,
        content,
        content_checksum,
        signature,
        act.key_id,
        request_id.as_uuid(),
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Keeps a withdrawal.
pub(crate) async fn withdraw(
    tx: &mut PgConnection,
    (plan, number): (&PlanCode, i32),
    withdrawal: &Withdrawal,
    request_id: RequestId,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into record.withdrawals (plan_code, number, reason, actor, unit_code, request_id,
                                           withdraw_time)
           values ($1, $2, $3, $4, $5, $6, $7)"#,
        plan.as_str(),
        number,
        withdrawal.reason,
        withdrawal.actor,
        withdrawal.unit.as_str(),
        request_id.as_uuid(),
        withdrawal.time,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Finds a publication.
pub(crate) async fn find(
    conn: &mut PgConnection,
    plan: &PlanCode,
    number: i32,
) -> Result<Option<Publication>, DbError> {
    // The newest of those below the next number is the one itself, or another where it is missing.
    let found = list(conn, plan, number.checked_add(1), 1).await?;
    Ok(found.into_iter().find(|publication| publication.act.number == number))
}

/// Finds the publication of a plan that a request made.
pub(crate) async fn made_by(
    conn: &mut PgConnection,
    plan: &PlanCode,
    (publisher, request_id): (&str, RequestId),
) -> Result<Option<Publication>, DbError> {
    let number = sqlx::query_scalar!(
        r#"select number from record.publications
           where publisher = $1 and request_id = $2 and plan_code = $3"#,
        publisher,
        request_id.as_uuid(),
        plan.as_str(),
    )
    .fetch_optional(&mut *conn)
    .await?;
    match number {
        Some(number) => find(conn, plan, number).await,
        None => Ok(None),
    }
}

/// Lists publications of a plan below a number, the newest first.
pub(crate) async fn list(
    conn: &mut PgConnection,
    plan: &PlanCode,
    below: Option<i32>,
    most: i64,
) -> Result<Vec<Publication>, DbError> {
    let rows = sqlx::query!(
        r#"select published.number, published.title, published.reason, document_number, publisher,
                  published.unit_code, publish_time, embargo_end_time, rollup_checksum,
                  content_checksum, key_id, withdrawals.reason as "withdraw_reason?",
                  withdrawals.actor as "withdraw_actor?",
                  withdrawals.unit_code as "withdraw_unit?",
                  withdrawals.withdraw_time as "withdraw_time?"
           from record.publications as published
               left join record.withdrawals using (plan_code, number)
           where plan_code = $1 and ($2::int is null or number < $2)
           order by number desc limit $3"#,
        plan.as_str(),
        below,
        most,
    )
    .fetch_all(conn)
    .await?;
    let read = rows.into_iter().map(|row| {
        let withdrawn = row.withdraw_reason.zip(row.withdraw_actor);
        let whose = row.withdraw_unit.zip(row.withdraw_time);
        let withdrawal = withdrawn.zip(whose).map(|((reason, actor), (unit, time))| {
            let unit = parse("record.withdrawals", "unit_code", &unit)?;
            Ok::<_, DbError>(Withdrawal { reason, actor, unit, time })
        });
        Ok(Publication {
            act: Act {
                plan: plan.clone(),
                number: row.number,
                title: row.title,
                reason: row.reason,
                document: row.document_number,
                publisher: row.publisher,
                unit: parse(TABLE, "unit_code", &row.unit_code)?,
                publish_time: row.publish_time,
                embargo_end: row.embargo_end_time,
                key_id: row.key_id,
            },
            rollup_checksum: row.rollup_checksum,
            content_checksum: row.content_checksum,
            withdrawal: withdrawal.transpose()?,
        })
    });
    read.collect()
}

/// The signed bytes of a publication.
pub(crate) async fn signed(
    conn: &mut PgConnection,
    plan: &PlanCode,
    number: i32,
) -> Result<Option<Signed>, DbError> {
    let row = sqlx::query_as!(
        Signed,
        r#"select content, signature, public_key
           from record.publications join record.signing_keys using (key_id)
           where plan_code = $1 and number = $2"#,
        plan.as_str(),
        number,
    );
    Ok(row.fetch_optional(conn).await?)
}

/// The newest publication of a plan with this checksum that everybody may see and that stands.
pub(crate) async fn citable(
    conn: &mut PgConnection,
    (plan, rollup_checksum): (&PlanCode, &str),
    now: OffsetDateTime,
) -> Result<Option<i32>, DbError> {
    let newest = sqlx::query_scalar!(
        r#"select max(number) from record.publications as published
           where plan_code = $1 and rollup_checksum = $2
               and (embargo_end_time is null or embargo_end_time <= $3)
               and not exists (select from record.withdrawals
                               where withdrawals.plan_code = published.plan_code
                                   and withdrawals.number = published.number)"#,
        plan.as_str(),
        rollup_checksum,
        now,
    );
    Ok(newest.fetch_one(conn).await?)
}
