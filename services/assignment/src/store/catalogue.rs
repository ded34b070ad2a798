//! This service's copy of published indices and plans, kept whole in the form of the plan files.

use cchc_core::{IndexCode, PlanCode, UnitCode, VariableCode};
use cchc_kit::db::DbError;
use cchc_scoring::catalogue::{Index, Plan};
use sqlx::PgConnection;

use super::{parsed, read, write};
use crate::domain::catalogue::Definition;

/// Stores an index; one that is known stays as it is, since what is published does not change.
pub(crate) async fn save_index(tx: &mut PgConnection, index: &Index) -> Result<(), DbError> {
    sqlx::query!(
        "insert into assignment.indices (code, document) values ($1, $2) on conflict do nothing",
        index.code.as_str(),
        write("assignment.indices", index)?,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Stores a plan; one that is known stays as it is.
pub(crate) async fn save_plan(tx: &mut PgConnection, plan: &Plan) -> Result<(), DbError> {
    sqlx::query!(
        "insert into assignment.plans (code, document) values ($1, $2) on conflict do nothing",
        plan.code.as_str(),
        write("assignment.plans", plan)?,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Reads the plans of these codes that are known.
pub(crate) async fn plans(
    tx: &mut PgConnection,
    codes: impl IntoIterator<Item = &PlanCode>,
) -> Result<Vec<Plan>, DbError> {
    let codes: Vec<String> = codes.into_iter().map(ToString::to_string).collect();
    sqlx::query_scalar!("select document from assignment.plans where code = any($1)", &codes)
        .fetch_all(tx)
        .await?
        .into_iter()
        .map(|document| read("assignment.plans", document))
        .collect()
}

/// Reads every plan that is known, by code.
pub(crate) async fn all_plans(tx: &mut PgConnection) -> Result<Vec<Plan>, DbError> {
    sqlx::query_scalar!("select document from assignment.plans order by code")
        .fetch_all(tx)
        .await?
        .into_iter()
        .map(|document| read("assignment.plans", document))
        .collect()
}

/// Reads the plans of a province.
pub(crate) async fn plans_of(
    tx: &mut PgConnection,
    province: &UnitCode,
) -> Result<Vec<Plan>, DbError> {
    let province = province.as_str();
    sqlx::query_scalar!(
        "select document from assignment.plans where document ->> 'province' = $1 order by code",
        province,
    )
    .fetch_all(tx)
    .await?
    .into_iter()
    .map(|document| read("assignment.plans", document))
    .collect()
}

/// Reads the indices of these codes that are known.
pub(crate) async fn indices(
    tx: &mut PgConnection,
    codes: impl IntoIterator<Item = &IndexCode>,
) -> Result<Vec<Index>, DbError> {
    let codes: Vec<String> = codes.into_iter().map(ToString::to_string).collect();
    sqlx::query_scalar!("select document from assignment.indices where code = any($1)", &codes)
        .fetch_all(tx)
        .await?
        .into_iter()
        .map(|document| read("assignment.indices", document))
        .collect()
}

/// Reads what every known edition says of these variables.
pub(crate) async fn definitions(
    tx: &mut PgConnection,
    codes: impl IntoIterator<Item = &VariableCode>,
) -> Result<Vec<Definition>, DbError> {
    let codes: Vec<String> = codes.into_iter().map(ToString::to_string).collect();
    defined(tx, Some(&codes)).await
}

/// Reads what every known edition says of every variable.
pub(crate) async fn every_definition(tx: &mut PgConnection) -> Result<Vec<Definition>, DbError> {
    defined(tx, None).await
}

async fn defined(
    tx: &mut PgConnection,
    codes: Option<&[String]>,
) -> Result<Vec<Definition>, DbError> {
    let rows = sqlx::query!(
        r#"select indices.code, indices.document ->> 'year' as "year!", variable.document as "variable!"
           from assignment.indices,
                jsonb_array_elements(indices.document -> 'variables') as variable (document)
           where $1::text[] is null or variable.document ->> 'code' = any($1)"#,
        codes,
    )
    .fetch_all(tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Definition {
                index: parsed("assignment.indices", "code", &row.code)?,
                year: parsed("assignment.indices", "document", &row.year)?,
                variable: read("assignment.indices", row.variable)?,
            })
        })
        .collect()
}
