//! Surveys, and the counts of their answers.

use std::collections::BTreeMap;

use cchc_core::{ClusterCode, NodeId, PlanCode, QuestionCode, SurveyCode};
use cchc_kit::db::DbError;
use cchc_scoring::survey::{Tally, drawn::Drawn};
use sqlx::PgConnection;

use super::parse;
use crate::domain::{
    answers::Answers,
    batch::Count,
    fact::{NodeKey, Origin, Survey},
    leaf::Sample,
    numbers::AskedNumber,
    weighed::{Cell, Weighed},
};

/// Keeps a survey and its questions.
pub(crate) async fn save(
    tx: &mut PgConnection,
    survey: &Survey,
    origin: Origin,
) -> Result<(), DbError> {
    let drawn = serde_json::to_value(&survey.drawn)
        .map_err(|error| DbError::inconsistent("surveys", "drawn", &error))?;
    let domains = serde_json::to_value(&survey.domains)
        .map_err(|error| DbError::inconsistent("surveys", "domains", &error))?;
    let numbers = serde_json::to_value(&survey.numbers)
        .map_err(|error| DbError::inconsistent("surveys", "numbers", &error))?;
    sqlx::query!(
        r#"insert into reporting.surveys (code, plan_code, title, minimum_cell, drawn, is_weighted,
               event_id, sequence, domains, numbers)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
           on conflict (code) do update set
               plan_code = excluded.plan_code, title = excluded.title,
               minimum_cell = excluded.minimum_cell, drawn = excluded.drawn,
               is_weighted = excluded.is_weighted, event_id = excluded.event_id,
               sequence = excluded.sequence, domains = excluded.domains,
               numbers = excluded.numbers"#,
        survey.code.as_str(),
        survey.plan.as_str(),
        survey.title,
        minimum(survey.minimum_cell),
        drawn,
        survey.drawn.is_weighted(),
        origin.event_id.as_uuid(),
        origin.sequence,
        domains,
        numbers,
    )
    .execute(&mut *tx)
    .await?;
    save_questions(tx, survey).await
}

async fn save_questions(tx: &mut PgConnection, survey: &Survey) -> Result<(), DbError> {
    sqlx::query!("delete from reporting.questions where survey_code = $1", survey.code.as_str())
        .execute(&mut *tx)
        .await?;
    for (question, asked) in &survey.questions {
        sqlx::query!(
            r#"insert into reporting.questions (survey_code, question_code, node_id, answers)
               values ($1, $2, $3, $4)"#,
            survey.code.as_str(),
            question.as_str(),
            asked.node.to_string(),
            &asked.answers,
        )
        .execute(&mut *tx)
        .await?;
    }
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
    counts: &BTreeMap<(QuestionCode, ClusterCode), Count>,
    origin: Origin,
) -> Result<(), DbError> {
    if counts.is_empty() {
        return Ok(());
    }
    let (mut cells, mut questions) = (Columns::default(), BTreeMap::<_, Answers>::new());
    let mut times = Vec::with_capacity(counts.len());
    for ((question, cluster), count) in counts {
        cells.push(question, cluster.as_str(), &count.answers);
        times.push(count.times);
        questions.entry(question).or_default().add(&count.answers);
    }
    let mut sums = Columns::default();
    for (question, answers) in &questions {
        sums.push(question, "", answers);
    }
    add_by_cluster(tx, survey, (&cells, &times), origin).await?;
    add_up(tx, survey, &sums).await
}

async fn add_by_cluster(
    tx: &mut PgConnection,
    survey: &SurveyCode,
    (columns, times): (&Columns, &[i64]),
    origin: Origin,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into reporting.tallies as present (survey_code, question_code, cluster_code,
               satisfied_count, valid_count, not_answered_count, counts, version, event_id, sequence)
           select $1, question_code, cluster_code, satisfied, valid, not_answered,
                  ($7::bigint[])[first : last], times, $10, $11
           from unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[],
                       $8::integer[], $9::integer[], $12::bigint[])
               as told (question_code, cluster_code, satisfied, valid, not_answered, first, last,
                        times)
           on conflict (survey_code, question_code, cluster_code) do update set
               satisfied_count = present.satisfied_count + excluded.satisfied_count,
               valid_count = present.valid_count + excluded.valid_count,
               not_answered_count = present.not_answered_count + excluded.not_answered_count,
               counts = reporting.add(present.counts, excluded.counts),
               version = present.version + excluded.version,
               event_id = excluded.event_id, sequence = excluded.sequence"#,
        survey.as_str(),
        &columns.questions,
        &columns.clusters,
        &columns.satisfied,
        &columns.valid,
        &columns.not_answered,
        &columns.counts,
        &columns.first,
        &columns.last,
        origin.event_id.as_uuid(),
        origin.sequence,
        times,
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
               (survey_code, question_code, satisfied_count, valid_count, not_answered_count, counts)
           select $1, question_code, satisfied, valid, not_answered, ($6::bigint[])[first : last]
           from unnest($2::text[], $3::bigint[], $4::bigint[], $5::bigint[],
                       $7::integer[], $8::integer[])
               as told (question_code, satisfied, valid, not_answered, first, last)
           on conflict (survey_code, question_code) do update set
               satisfied_count = present.satisfied_count + excluded.satisfied_count,
               valid_count = present.valid_count + excluded.valid_count,
               not_answered_count = present.not_answered_count + excluded.not_answered_count,
               counts = reporting.add(present.counts, excluded.counts)"#,
        survey.as_str(),
        &columns.questions,
        &columns.satisfied,
        &columns.valid,
        &columns.not_answered,
        &columns.counts,
        &columns.first,
        &columns.last,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Answers by column, as an array statement takes them: the counts of all in one list, and where those of
/// each stand in it, from 1.
#[derive(Default)]
pub(super) struct Columns {
    pub(super) questions: Vec<String>,
    pub(super) clusters: Vec<String>,
    pub(super) satisfied: Vec<i64>,
    pub(super) valid: Vec<i64>,
    pub(super) not_answered: Vec<i64>,
    pub(super) counts: Vec<i64>,
    pub(super) first: Vec<i32>,
    pub(super) last: Vec<i32>,
}

impl Columns {
    /// Adds a row.
    pub(super) fn push(&mut self, question: &QuestionCode, cluster: &str, answers: &Answers) {
        let Answers { tally, counts } = answers;
        let place = |length: usize| i32::try_from(length).unwrap_or(i32::MAX);
        self.questions.push(question.to_string());
        self.clusters.push(cluster.to_owned());
        self.satisfied.push(tally.satisfied);
        self.valid.push(tally.valid);
        self.not_answered.push(tally.not_answered);
        self.first.push(place(self.counts.len()).saturating_add(1));
        self.counts.extend(counts);
        self.last.push(place(self.counts.len()));
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
        r#"select surveys.code, surveys.minimum_cell, surveys.is_weighted, questions.answers,
                  exists (select from reporting.closed_surveys where survey_code = surveys.code) as "is_closed!",
                  coalesce(satisfied_count, 0) as "satisfied!",
                  coalesce(valid_count, 0) as "valid!",
                  coalesce(not_answered_count, 0) as "not_answered!",
                  coalesce(counts, '{}') as "counts!"
           from reporting.surveys
               join reporting.questions on questions.survey_code = surveys.code
               left join reporting.question_sums using (survey_code, question_code)
           where surveys.plan_code = $1 and questions.node_id = $2
           order by surveys.code"#,
        key.plan.as_str(),
        key.node.to_string(),
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut samples: BTreeMap<String, Sample> = BTreeMap::new();
    let mut has_weights = false;
    for row in rows {
        has_weights |= row.is_weighted;
        let wrong = |_| DbError::inconsistent("surveys", "minimum_cell", &row.minimum_cell);
        let minimum = u32::try_from(row.minimum_cell).map_err(wrong)?;
        let tally = tally(row.satisfied, row.valid, row.not_answered);
        let sample = samples.entry(row.code).or_insert_with(|| Sample::of(minimum, row.is_closed));
        sample.add(&Answers { tally, counts: row.counts }, &row.answers);
    }
    if has_weights {
        for (survey, weighed) in self::weighed(conn, key).await? {
            samples.entry(survey).and_modify(|sample| sample.weighed = weighed);
        }
    }
    Ok(samples.into_values().collect())
}

/// The answers about a node with the people they stand for, of the surveys whose responses weigh
/// differently.
async fn weighed(
    conn: &mut PgConnection,
    key: &NodeKey,
) -> Result<BTreeMap<String, Option<Weighed>>, DbError> {
    let mut weighed = BTreeMap::new();
    for (survey, drawn) in weighted(conn, key).await? {
        let cells = sqlx::query!(
            r#"select cluster_code, satisfied_count, valid_count, not_answered_count, counts, answers
               from reporting.tallies join reporting.questions using (survey_code, question_code)
               where survey_code = $1 and node_id = $2"#,
            survey,
            key.node.to_string(),
        )
        .fetch_all(&mut *conn)
        .await?;
        let cells: Vec<(ClusterCode, Answers, Vec<String>)> = cells
            .into_iter()
            .map(|row| {
                let cluster = parse("tallies", "cluster_code", &row.cluster_code)?;
                let tally = tally(row.satisfied_count, row.valid_count, row.not_answered_count);
                Ok((cluster, Answers { tally, counts: row.counts }, row.answers))
            })
            .collect::<Result<_, DbError>>()?;
        let cells: Vec<Cell<'_>> =
            cells.iter().map(|(cluster, answers, names)| (cluster, answers, &names[..])).collect();
        weighed.insert(survey, Weighed::of(&drawn, &cells));
    }
    Ok(weighed)
}

/// How the samples were drawn of the surveys about a node whose responses weigh differently.
pub(super) async fn weighted(
    conn: &mut PgConnection,
    key: &NodeKey,
) -> Result<BTreeMap<String, Drawn>, DbError> {
    let rows = sqlx::query!(
        r#"select code, drawn from reporting.surveys
           where plan_code = $1 and is_weighted and exists (
               select from reporting.questions where survey_code = code and node_id = $2)"#,
        key.plan.as_str(),
        key.node.to_string(),
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|row| Ok((row.code, drawn(row.drawn)?))).collect()
}

/// Reads how a sample was drawn.
pub(super) fn drawn(document: serde_json::Value) -> Result<Drawn, DbError> {
    serde_json::from_value(document)
        .map_err(|error| DbError::inconsistent("surveys", "drawn", &error))
}

/// Reads the questions of a number.
pub(super) fn numbers(document: serde_json::Value) -> Result<Vec<AskedNumber>, DbError> {
    serde_json::from_value(document)
        .map_err(|error| DbError::inconsistent("surveys", "numbers", &error))
}

pub(super) const fn tally(satisfied: i64, valid: i64, not_answered: i64) -> Tally {
    Tally { satisfied, valid, not_answered }
}

fn minimum(cell: u32) -> i32 {
    i32::try_from(cell).unwrap_or(i32::MAX)
}
