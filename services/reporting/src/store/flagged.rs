//! Flagged responses of surveys.

use std::collections::BTreeMap;

use cchc_core::{PlanCode, SurveyCode};
use cchc_kit::db::DbError;
use sqlx::PgConnection;

use super::parse;
use crate::domain::{
    fact::Origin,
    flagged::{Bearing, ByNode, Flagged, QualityFlag},
};

/// The number under which responses that do not count stand, each once.
const EXCLUDED: i16 = 0;

/// Adds responses to those known.
pub(crate) async fn add(
    tx: &mut PgConnection,
    survey: &SurveyCode,
    told: &Flagged,
    origin: Origin,
) -> Result<(), DbError> {
    if *told == Flagged::default() {
        return Ok(());
    }
    let excluded = (EXCLUDED, told.excluded, told.excluded);
    let flags = told.flags().map(|(flag, of)| (flag.number(), of.flagged, of.excluded));
    let (mut numbers, mut flagged, mut without) = (Vec::new(), Vec::new(), Vec::new());
    for (number, bearing, excluded) in std::iter::once(excluded).chain(flags) {
        numbers.push(number);
        flagged.push(bearing);
        without.push(excluded);
    }
    sqlx::query!(
        r#"insert into reporting.flagged as present
               (survey_code, flag, flagged_count, excluded_count, event_id, sequence)
           select $1, told.flag, told.flagged, told.excluded, $5, $6
           from unnest($2::smallint[], $3::bigint[], $4::bigint[]) as told (flag, flagged, excluded)
           on conflict (survey_code, flag) do update set
               flagged_count = present.flagged_count + excluded.flagged_count,
               excluded_count = present.excluded_count + excluded.excluded_count,
               event_id = excluded.event_id, sequence = excluded.sequence"#,
        survey.as_str(),
        &numbers,
        &flagged,
        &without,
        origin.event_id.as_uuid(),
        origin.sequence,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Reads the flagged responses of a plan's surveys.
pub(crate) async fn of_plan(
    conn: &mut PgConnection,
    plan: &PlanCode,
) -> Result<BTreeMap<SurveyCode, Flagged>, DbError> {
    let rows = sqlx::query!(
        r#"select survey_code, flag, flagged_count, excluded_count
           from reporting.flagged join reporting.surveys on surveys.code = survey_code
           where plan_code = $1"#,
        plan.as_str(),
    )
    .fetch_all(conn)
    .await?;
    let mut by_survey: BTreeMap<SurveyCode, Flagged> = BTreeMap::new();
    for row in rows {
        let of = by_survey.entry(parse("flagged", "survey_code", &row.survey_code)?).or_default();
        put(of, row.flag, row.flagged_count, row.excluded_count)?;
    }
    Ok(by_survey)
}

/// Adds up the flagged responses of a plan's surveys beside the nodes they ask about, once a survey.
pub(crate) async fn by_node(conn: &mut PgConnection, plan: &PlanCode) -> Result<ByNode, DbError> {
    let rows = sqlx::query!(
        r#"select asked.node_id, flagged.flag, sum(flagged.flagged_count)::bigint as "flagged!",
                  sum(flagged.excluded_count)::bigint as "excluded!"
           from (select distinct survey_code, node_id from reporting.questions) as asked
           join reporting.surveys on surveys.code = asked.survey_code
           join reporting.flagged on flagged.survey_code = asked.survey_code
           where surveys.plan_code = $1
           group by asked.node_id, flagged.flag"#,
        plan.as_str(),
    )
    .fetch_all(conn)
    .await?;
    let mut by_node = ByNode::new();
    for row in rows {
        let of = by_node.entry(parse("questions", "node_id", &row.node_id)?).or_default();
        put(of, row.flag, row.flagged, row.excluded)?;
    }
    Ok(by_node)
}

fn put(of: &mut Flagged, number: i16, flagged: i64, excluded: i64) -> Result<(), DbError> {
    if number == EXCLUDED {
        of.excluded = excluded;
        return Ok(());
    }
    let flag = QualityFlag::read(number)
        .ok_or_else(|| DbError::inconsistent("reporting.flagged", "flag", &number))?;
    of.add(flag, Bearing { flagged, excluded });
    Ok(())
}
