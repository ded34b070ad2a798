//! Refused rows of surveys.

use std::collections::BTreeMap;

use cchc_core::{PlanCode, SurveyCode};
use cchc_kit::db::DbError;
use sqlx::PgConnection;

use super::parse;
use crate::domain::{
    fact::Origin,
    quarantined::{ByNode, Quarantined},
};

/// Adds rows to those known.
pub(crate) async fn add(
    tx: &mut PgConnection,
    survey: &SurveyCode,
    rows: Quarantined,
    origin: Origin,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into reporting.quarantined as present
               (survey_code, waiting_count, given_up_count, event_id, sequence)
           values ($1, $2, $3, $4, $5)
           on conflict (survey_code) do update set
               waiting_count = present.waiting_count + excluded.waiting_count,
               given_up_count = present.given_up_count + excluded.given_up_count,
               event_id = excluded.event_id, sequence = excluded.sequence"#,
        survey.as_str(),
        rows.waiting,
        rows.given_up,
        origin.event_id.as_uuid(),
        origin.sequence,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Reads the rows of a plan's surveys.
pub(crate) async fn of_plan(
    conn: &mut PgConnection,
    plan: &PlanCode,
) -> Result<BTreeMap<SurveyCode, Quarantined>, DbError> {
    let rows = sqlx::query!(
        r#"select survey_code, waiting_count, given_up_count
           from reporting.quarantined join reporting.surveys on surveys.code = survey_code
           where plan_code = $1"#,
        plan.as_str(),
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let survey = parse("quarantined", "survey_code", &row.survey_code)?;
            let rows = Quarantined { waiting: row.waiting_count, given_up: row.given_up_count };
            Ok((survey, rows))
        })
        .collect()
}

/// Adds up the rows of a plan's surveys beside the nodes they ask about, once a survey.
pub(crate) async fn by_node(conn: &mut PgConnection, plan: &PlanCode) -> Result<ByNode, DbError> {
    let rows = sqlx::query!(
        r#"select asked.node_id, sum(waiting_count)::bigint as "waiting!",
                  sum(given_up_count)::bigint as "given_up!"
           from (select distinct survey_code, node_id from reporting.questions) as asked
           join reporting.surveys on surveys.code = asked.survey_code
           join reporting.quarantined on quarantined.survey_code = asked.survey_code
           where surveys.plan_code = $1
           group by asked.node_id"#,
        plan.as_str(),
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let node = parse("questions", "node_id", &row.node_id)?;
            Ok((node, Quarantined { waiting: row.waiting, given_up: row.given_up }))
        })
        .collect()
}
