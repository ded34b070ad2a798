//! What was foreseen of the strata of surveys.

use cchc_core::{PlanCode, SurveyCode, UnitCode};
use cchc_kit::db::DbError;
use sqlx::PgConnection;

use super::parse;
use crate::domain::{
    fact::Origin,
    shortfall::{ByNode, Outlook, Outlooks, Shortfall},
};

/// Keeps what was foreseen of a stratum, unless a later forecast is known; says whether it was kept.
pub(crate) async fn save(
    tx: &mut PgConnection,
    (survey, stratum): (&SurveyCode, &UnitCode),
    of: Outlook,
    origin: Origin,
) -> Result<bool, DbError> {
    let saved = sqlx::query!(
        r#"insert into reporting.outlooks as present
               (survey_code, stratum_code, version, will_miss, quota_count, stored_count,
                foreseen_count, foresee_date, event_id, sequence)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
           on conflict (survey_code, stratum_code) do update set
               version = excluded.version, will_miss = excluded.will_miss,
               quota_count = excluded.quota_count, stored_count = excluded.stored_count,
               foreseen_count = excluded.foreseen_count, foresee_date = excluded.foresee_date,
               event_id = excluded.event_id, sequence = excluded.sequence
               where present.version < excluded.version"#,
        survey.as_str(),
        stratum.as_str(),
        of.version,
        of.will_miss,
        of.quota,
        of.stored,
        of.foreseen,
        of.day,
        origin.event_id.as_uuid(),
        origin.sequence,
    )
    .execute(tx)
    .await?;
    Ok(saved.rows_affected() > 0)
}

/// Reads what was foreseen last of the strata of a plan's surveys.
pub(crate) async fn of_plan(conn: &mut PgConnection, plan: &PlanCode) -> Result<Outlooks, DbError> {
    let rows = sqlx::query!(
        r#"select survey_code, stratum_code, version, will_miss, quota_count, stored_count,
                  foreseen_count, foresee_date
           from reporting.outlooks join reporting.surveys on surveys.code = survey_code
           where plan_code = $1"#,
        plan.as_str(),
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let survey = parse("outlooks", "survey_code", &row.survey_code)?;
            let stratum = parse("outlooks", "stratum_code", &row.stratum_code)?;
            let outlook = Outlook {
                version: row.version,
                will_miss: row.will_miss,
                quota: row.quota_count,
                stored: row.stored_count,
                foreseen: row.foreseen_count,
                day: row.foresee_date,
            };
            Ok(((survey, stratum), outlook))
        })
        .collect()
}

/// Reads the strata that will miss their quotas, beside the nodes their surveys ask about.
pub(crate) async fn by_node(conn: &mut PgConnection, plan: &PlanCode) -> Result<ByNode, DbError> {
    let rows = sqlx::query!(
        r#"select asked.node_id, asked.survey_code
           from (select distinct survey_code, node_id from reporting.questions) as asked
           join reporting.surveys on surveys.code = asked.survey_code
           where surveys.plan_code = $1
           order by asked.survey_code"#,
        plan.as_str(),
    )
    .fetch_all(&mut *conn)
    .await?;
    let outlooks = of_plan(conn, plan).await?;
    let mut by_node = ByNode::new();
    for row in rows {
        let node = parse("questions", "node_id", &row.node_id)?;
        let survey: SurveyCode = parse("questions", "survey_code", &row.survey_code)?;
        let short = outlooks.iter().filter(|((of, _), at)| *of == survey && at.will_miss);
        let short = short.map(|((survey, stratum), outlook)| Shortfall {
            survey: survey.clone(),
            stratum: stratum.clone(),
            outlook: *outlook,
        });
        let short: Vec<Shortfall> = short.collect();
        if !short.is_empty() {
            by_node.entry(node).or_default().extend(short);
        }
    }
    Ok(by_node)
}
