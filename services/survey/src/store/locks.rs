//! Who waits for whom. Advisory locks, since they queue fairly and write nothing.
//!
//! | lock | shared | alone |
//! | --- | --- | --- |
//! | fieldwork of a survey | whoever stores responses of it | whoever closes it; whoever stores responses of one with quality rules |
//! | release of a survey | | whoever releases responses of it |
//! | opening of a code | | whoever opens a survey under it |
//!
//! Each is taken before its transaction writes anything: facts are numbered by transaction ids, which
//! are given at the first write, so no sums are numbered after the closing that waited for them.

use cchc_kit::db::DbError;
use sqlx::PgConnection;

const FIELDWORK: i32 = 1;
const RELEASE: i32 = 2;
const OPENING: i32 = 3;

/// Keeps surveys from being closed until the transaction ends; and from others who store responses of
/// them, where that is asked for. The surveys come in the order of their numbers.
pub(crate) async fn fieldwork(
    tx: &mut PgConnection,
    surveys: &[(i32, bool)],
) -> Result<(), DbError> {
    let (numbers, alone): (Vec<i32>, Vec<bool>) = surveys.iter().copied().unzip();
    sqlx::query_scalar!(
        r#"select case when survey.alone then pg_advisory_xact_lock($1, survey.number)::text
                       else pg_advisory_xact_lock_shared($1, survey.number)::text end
           from unnest($2::int[], $3::bool[]) as survey (number, alone)"#,
        FIELDWORK,
        &numbers,
        &alone,
    )
    .fetch_all(tx)
    .await?;
    Ok(())
}

/// Waits for everybody who stores responses of a survey, and keeps others out.
pub(crate) async fn end_fieldwork(tx: &mut PgConnection, number: i32) -> Result<(), DbError> {
    alone(tx, FIELDWORK, number).await
}

/// Takes turns in releasing responses of a survey.
pub(crate) async fn release(tx: &mut PgConnection, number: i32) -> Result<(), DbError> {
    alone(tx, RELEASE, number).await
}

/// Takes turns in opening a survey under a code.
pub(crate) async fn opening(tx: &mut PgConnection, code: &str) -> Result<(), DbError> {
    sqlx::query_scalar!("select pg_advisory_xact_lock($1, hashtext($2))", OPENING, code)
        .fetch_one(tx)
        .await?;
    Ok(())
}

async fn alone(tx: &mut PgConnection, class: i32, number: i32) -> Result<(), DbError> {
    sqlx::query_scalar!("select pg_advisory_xact_lock($1, $2)", class, number)
        .fetch_one(tx)
        .await?;
    Ok(())
}
