//! What surveys may point at, as heard from the registry.

use cchc_core::{PlanCode, UnitCode};
use cchc_kit::{db::DbError, units};
use cchc_scoring::catalogue::Index;
use sqlx::PgConnection;

use crate::domain::opening::{Draft, Known};

/// Stores a published index.
pub(crate) async fn save_index(tx: &mut PgConnection, index: &Index) -> Result<(), DbError> {
    let document = serde_json::to_value(index)
        .map_err(|error| DbError::inconsistent("survey.indices", "document", &error))?;
    sqlx::query!(
        r#"insert into survey.indices (code, document) values ($1, $2)
           on conflict (code) do update set document = excluded.document"#,
        index.code.as_str(),
        document,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Stores that a plan is in force.
pub(crate) async fn save_plan(
    tx: &mut PgConnection,
    code: &PlanCode,
    province: &UnitCode,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into survey.plans (code, province_code) values ($1, $2)
           on conflict (code) do update set province_code = excluded.province_code"#,
        code.as_str(),
        province.as_str(),
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Reads what a survey may point at.
pub(crate) async fn known(tx: &mut PgConnection, draft: &Draft) -> Result<Known, DbError> {
    let units = match &draft.province {
        Some(province) => units::list(&mut *tx, Some(province)).await?,
        None => Vec::new(),
    };
    let codes: Vec<String> = draft.nodes().map(|node| node.index.to_string()).collect();
    let plan_province = match &draft.plan {
        Some(plan) => plan_province(&mut *tx, plan).await?,
        None => None,
    };
    Ok(Known { units, indices: indices(tx, &codes).await?, plan_province, has_vault: false })
}

async fn indices(tx: &mut PgConnection, codes: &[String]) -> Result<Vec<Index>, DbError> {
    let documents =
        sqlx::query_scalar!("select document from survey.indices where code = any($1)", codes)
            .fetch_all(tx)
            .await?;
    documents
        .into_iter()
        .map(|document| {
            serde_json::from_value(document)
                .map_err(|error| DbError::inconsistent("survey.indices", "document", &error))
        })
        .collect()
}

async fn plan_province(
    tx: &mut PgConnection,
    plan: &PlanCode,
) -> Result<Option<UnitCode>, DbError> {
    let province = sqlx::query_scalar!(
        "select province_code from survey.plans where code = $1",
        plan.as_str()
    )
    .fetch_optional(tx)
    .await?;
    province
        .map(|code| {
            code.parse().map_err(|_| DbError::inconsistent("survey.plans", "province_code", &code))
        })
        .transpose()
}
