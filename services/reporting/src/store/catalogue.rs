//! Copies of what the registry published, and the stamp under which they may be kept in memory.

use std::collections::BTreeMap;

use cchc_core::IndexCode;
use cchc_kit::{db::DbError, units};
use cchc_scoring::{
    catalogue::{Crosswalk, Index, Plan},
    plan::Finding,
    results::Results,
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{document, json};
use crate::domain::{
    catalogue::{Catalogue, PublishedPlan},
    fact::Origin,
    past::Past,
    published::PublishedResults,
};

/// The present stamp.
pub(crate) async fn stamp(conn: &mut PgConnection) -> Result<Uuid, DbError> {
    Ok(sqlx::query_scalar!("select stamp from reporting.catalogue").fetch_one(conn).await?)
}

/// The present stamp, held until the transaction ends: whoever learns a fact does so alone.
pub(crate) async fn lock(tx: &mut PgConnection) -> Result<Uuid, DbError> {
    Ok(sqlx::query_scalar!("select stamp from reporting.catalogue for update")
        .fetch_one(tx)
        .await?)
}

/// Gives the catalogue another stamp, and hands it back.
pub(crate) async fn restamp(tx: &mut PgConnection) -> Result<Uuid, DbError> {
    let stamp = sqlx::query_scalar!(
        "update reporting.catalogue set stamp = gen_random_uuid() returning stamp"
    );
    Ok(stamp.fetch_one(tx).await?)
}

/// Keeps an index.
pub(crate) async fn save_index(
    tx: &mut PgConnection,
    index: &Index,
    origin: Origin,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into reporting.indices (code, document, event_id, sequence) values ($1, $2, $3, $4)
           on conflict (code) do update set
               document = excluded.document, event_id = excluded.event_id, sequence = excluded.sequence"#,
        index.code.as_str(),
        json("indices", "document", index)?,
        origin.event_id.as_uuid(),
        origin.sequence,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Keeps a plan and where it disagrees with itself.
pub(crate) async fn save_plan(
    tx: &mut PgConnection,
    plan: &Plan,
    findings: &[Finding],
    origin: Origin,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into reporting.plans (code, document, findings, event_id, sequence)
           values ($1, $2, $3, $4, $5)
           on conflict (code) do update set
               document = excluded.document, findings = excluded.findings,
               event_id = excluded.event_id, sequence = excluded.sequence"#,
        plan.code.as_str(),
        json("plans", "document", plan)?,
        json("plans", "findings", &findings)?,
        origin.event_id.as_uuid(),
        origin.sequence,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Keeps published results in the place of an earlier revision; says whether they were newer.
pub(crate) async fn save_results(
    tx: &mut PgConnection,
    heard: &PublishedResults,
    origin: Origin,
) -> Result<bool, DbError> {
    let done = sqlx::query!(
        r#"insert into reporting.results as present (index_code, revision, document, event_id, sequence)
           values ($1, $2, $3, $4, $5)
           on conflict (index_code) do update set
               revision = excluded.revision, document = excluded.document,
               event_id = excluded.event_id, sequence = excluded.sequence
           where present.revision < excluded.revision"#,
        heard.results.index.as_str(),
        heard.revision,
        json("results", "document", &heard.results)?,
        origin.event_id.as_uuid(),
        origin.sequence,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Keeps a crosswalk.
pub(crate) async fn save_crosswalk(
    tx: &mut PgConnection,
    crosswalk: &Crosswalk,
    origin: Origin,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into reporting.crosswalks (code, document, event_id, sequence)
           values ($1, $2, $3, $4)
           on conflict (code) do update set
               document = excluded.document, event_id = excluded.event_id, sequence = excluded.sequence"#,
        crosswalk.code.as_str(),
        json("crosswalks", "document", crosswalk)?,
        origin.event_id.as_uuid(),
        origin.sequence,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Reads every crosswalk, in the order in which they were published.
async fn crosswalks(conn: &mut PgConnection) -> Result<Vec<Crosswalk>, DbError> {
    let rows = sqlx::query!("select document from reporting.crosswalks order by sequence, code");
    let rows = rows.fetch_all(conn).await?;
    rows.into_iter().map(|row| document("crosswalks", "document", row.document)).collect()
}

async fn results(
    conn: &mut PgConnection,
) -> Result<BTreeMap<IndexCode, PublishedResults>, DbError> {
    let mut all = BTreeMap::new();
    let rows = sqlx::query!("select revision, document from reporting.results");
    for row in rows.fetch_all(conn).await? {
        let results: Results = document("results", "document", row.document)?;
        let heard = PublishedResults { revision: row.revision, results };
        all.insert(heard.results.index.clone(), heard);
    }
    Ok(all)
}

/// Reads everything published.
pub(crate) async fn load(conn: &mut PgConnection) -> Result<Catalogue, DbError> {
    let all_units = units::list(conn, None).await?;
    let mut indices: BTreeMap<IndexCode, Index> = BTreeMap::new();
    for row in sqlx::query!("select document from reporting.indices").fetch_all(&mut *conn).await? {
        let index: Index = document("indices", "document", row.document)?;
        indices.insert(index.code.clone(), index);
    }
    let results = results(&mut *conn).await?;
    let past = Past::new(&indices, &results, crosswalks(&mut *conn).await?);
    let rows =
        sqlx::query!("select document, findings from reporting.plans").fetch_all(conn).await?;
    let plans = rows.into_iter().map(|row| {
        Ok(PublishedPlan {
            plan: document("plans", "document", row.document)?,
            findings: document("plans", "findings", row.findings)?,
        })
    });
    let plans: Vec<PublishedPlan> = plans.collect::<Result<_, DbError>>()?;
    Ok(Catalogue::new(&all_units, &indices, plans, &results).after(past))
}
