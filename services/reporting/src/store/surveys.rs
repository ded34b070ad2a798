//! Surveys, and the counts of their answers.

use cchc_core::{ClusterCode, NodeId, PlanCode, QuestionCode, SurveyCode};
use cchc_kit::db::DbError;
use cchc_scoring::survey::Tally;
use sqlx::PgConnection;

use super::parse;
use crate::domain::{
    fact::{NodeKey, Origin, Survey},
    leaf::Sample,
};

/// Keeps a survey and its questions.
pub(crate) async fn save(
    tx: &mut PgConnection,
    survey: &Survey,
    origin: Origin,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into reporting.surveys (code, plan_code, title, minimum_cell, event_id, sequence)
           values ($1, $2, $3, $4, $5, $6)
           on conflict (code) do update set
               plan_code = excluded.plan_code, title = excluded.title,
               minimum_cell = excluded.minimum_cell, event_id = excluded.event_id,
               sequence = excluded.sequence"#,
        survey.code.as_str(),
        survey.plan.as_str(),
        survey.title,
        minimum(survey.minimum_cell),
        origin.event_id.as_uuid(),
        origin.sequence,
    )
    .execute(&mut *tx)
    .await?;
    save_questions(tx, survey).await
}

async fn save_questions(tx: &mut PgConnection, survey: &Survey) -> Result<(), DbError> {
    sqlx::query!("delete from reporting.questions where survey_code = $1", survey.code.as_str())
        .execute(&mut *tx)
        .await?;
    let (questions, nodes): (Vec<String>, Vec<String>) = survey
        .questions
        .iter()
        .map(|(question, node)| (question.to_string(), node.to_string()))
        .unzip();
    sqlx::query!(
        r#"insert into reporting.questions (survey_code, question_code, node_id)
           select $1, question_code, node_id
           from unnest($2::text[], $3::text[]) as asked (question_code, node_id)"#,
        survey.code.as_str(),
        &questions,
        &nodes,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Notes that a survey takes no more responses.
pub(crate) async fn close(
    tx: &mut PgConnection,
    survey: &SurveyCode,
    origin: Origin,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into reporting.closed_surveys (survey_code, event_id, sequence) values ($1, $2, $3)
           on conflict (survey_code) do nothing"#,
        survey.as_str(),
        origin.event_id.as_uuid(),
        origin.sequence,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Adds answers to those known, by cluster and over all clusters.
pub(crate) async fn add(
    tx: &mut PgConnection,
    survey: &SurveyCode,
    counts: &[(QuestionCode, ClusterCode, Tally)],
    origin: Origin,
) -> Result<(), DbError> {
    let columns = Columns::of(counts);
    add_by_cluster(tx, survey, &columns, origin).await?;
    add_up(tx, survey, &columns).await
}

async fn add_by_cluster(
    tx: &mut PgConnection,
    survey: &SurveyCode,
    columns: &Columns,
    origin: Origin,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into reporting.tallies as present (survey_code, question_code, cluster_code,
               satisfied_count, valid_count, not_answered_count, version, event_id, sequence)
           select $1, question_code, cluster_code, sum(satisfied), sum(valid), sum(not_answered), 1, $7, $8
           from unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[])
               as told (question_code, cluster_code, satisfied, valid, not_answered)
           group by question_code, cluster_code
           on conflict (survey_code, question_code, cluster_code) do update set
               satisfied_count = present.satisfied_count + excluded.satisfied_count,
               valid_count = present.valid_count + excluded.valid_count,
               not_answered_count = present.not_answered_count + excluded.not_answered_count,
               version = present.version + 1,
               event_id = excluded.event_id, sequence = excluded.sequence"#,
        survey.as_str(),
        &columns.questions,
        &columns.clusters,
        &columns.satisfied,
        &columns.valid,
        &columns.not_answered,
        origin.event_id.as_uuid(),
        origin.sequence,
    )
    .execute(tx)
    .await?;
    Ok(())
}

async fn add_up(
    tx: &mut PgConnection,
    survey: &SurveyCode,
    columns: &Columns,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into reporting.question_sums as present
               (survey_code, question_code, satisfied_count, valid_count, not_answered_count)
           select $1, question_code, sum(satisfied), sum(valid), sum(not_answered)
           from unnest($2::text[], $3::bigint[], $4::bigint[], $5::bigint[])
               as told (question_code, satisfied, valid, not_answered)
           group by question_code
           on conflict (survey_code, question_code) do update set
               satisfied_count = present.satisfied_count + excluded.satisfied_count,
               valid_count = present.valid_count + excluded.valid_count,
               not_answered_count = present.not_answered_count + excluded.not_answered_count"#,
        survey.as_str(),
        &columns.questions,
        &columns.satisfied,
        &columns.valid,
        &columns.not_answered,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Counts by column, as an array statement takes them.
#[derive(Default)]
struct Columns {
    questions: Vec<String>,
    clusters: Vec<String>,
    satisfied: Vec<i64>,
    valid: Vec<i64>,
    not_answered: Vec<i64>,
}

impl Columns {
    fn of(counts: &[(QuestionCode, ClusterCode, Tally)]) -> Self {
        let mut columns = Self::default();
        for (question, cluster, tally) in counts {
            columns.questions.push(question.to_string());
            columns.clusters.push(cluster.to_string());
            columns.satisfied.push(tally.satisfied);
            columns.valid.push(tally.valid);
            columns.not_answered.push(tally.not_answered);
        }
        columns
    }
}

/// The plan and nodes for which a survey asks; of some questions only, when they are named.
pub(crate) async fn nodes_asked(
    tx: &mut PgConnection,
    survey: &SurveyCode,
    questions: Option<&[String]>,
) -> Result<Vec<(PlanCode, NodeId)>, DbError> {
    let rows = sqlx::query!(
        r#"select distinct surveys.plan_code, questions.node_id
           from reporting.surveys join reporting.questions on questions.survey_code = surveys.code
           where surveys.code = $1 and ($2::text[] is null or questions.question_code = any($2))"#,
        survey.as_str(),
        questions,
    )
    .fetch_all(tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let plan = parse("surveys", "plan_code", &row.plan_code)?;
            Ok((plan, parse("questions", "node_id", &row.node_id)?))
        })
        .collect()
}

/// The answers about a node, a sample for each survey that asks, by the surveys' codes.
pub(crate) async fn samples(
    conn: &mut PgConnection,
    key: &NodeKey,
) -> Result<Vec<Sample>, DbError> {
    let rows = sqlx::query!(
        r#"select surveys.minimum_cell,
                  exists (select from reporting.closed_surveys where survey_code = surveys.code) as "is_closed!",
                  coalesce(sum(satisfied_count), 0)::bigint as "satisfied!",
                  coalesce(sum(valid_count), 0)::bigint as "valid!",
                  coalesce(sum(not_answered_count), 0)::bigint as "not_answered!"
           from reporting.surveys
               join reporting.questions on questions.survey_code = surveys.code
               left join reporting.question_sums using (survey_code, question_code)
           where surveys.plan_code = $1 and questions.node_id = $2
           group by surveys.code order by surveys.code"#,
        key.plan.as_str(),
        key.node.to_string(),
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let wrong = |_| DbError::inconsistent("surveys", "minimum_cell", &row.minimum_cell);
            Ok(Sample {
                tally: tally(row.satisfied, row.valid, row.not_answered),
                minimum_cell: u32::try_from(row.minimum_cell).map_err(wrong)?,
                is_closed: row.is_closed,
            })
        })
        .collect()
}

pub(super) const fn tally(satisfied: i64, valid: i64, not_answered: i64) -> Tally {
    Tally { satisfied, valid, not_answered }
}

fn minimum(cell: u32) -> i32 {
    i32::try_from(cell).unwrap_or(i32::MAX)
}
