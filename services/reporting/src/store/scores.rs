//! The score of every node: the live rollup itself.

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::{IndexCode, NodeCode, PlanCode};
use cchc_kit::db::DbError;
use serde_json::Value;
use sqlx::PgConnection;

use super::{document, json, measurements, parse, surveys};
use crate::domain::{answers::Answers, facts::Sums, sheet::Sheet};

/// Reads the scores of one index.
pub(crate) async fn sheet(
    conn: &mut PgConnection,
    plan: &PlanCode,
    index: &IndexCode,
) -> Result<Sheet, DbError> {
    let rows = sqlx::query!(
        r#"select node_code, score, remark from reporting.scores
           where plan_code = $1 and index_code = $2"#,
        plan.as_str(),
        index.as_str(),
    )
    .fetch_all(conn)
    .await?;
    let mut sheet = Sheet::default();
    for row in rows {
        put(&mut sheet, &row.node_code, row.score, row.remark)?;
    }
    Ok(sheet)
}

/// Reads the scores of every index of a plan.
pub(crate) async fn sheets(
    conn: &mut PgConnection,
    plan: &PlanCode,
) -> Result<BTreeMap<IndexCode, Sheet>, DbError> {
    let rows = sqlx::query!(
        "select index_code, node_code, score, remark from reporting.scores where plan_code = $1",
        plan.as_str(),
    )
    .fetch_all(conn)
    .await?;
    let mut sheets: BTreeMap<IndexCode, Sheet> = BTreeMap::new();
    for row in rows {
        let sheet = sheets.entry(parse("scores", "index_code", &row.index_code)?).or_default();
        put(sheet, &row.node_code, row.score, row.remark)?;
    }
    Ok(sheets)
}

fn put(sheet: &mut Sheet, code: &str, score: Value, remark: Option<Value>) -> Result<(), DbError> {
    let code: NodeCode = parse("scores", "node_code", code)?;
    if let Some(remark) = remark {
        sheet.remarks.insert(code.clone(), document("scores", "remark", remark)?);
    }
    sheet.scores.insert(&code, document("scores", "score", score)?);
    Ok(())
}

/// Writes the scores of some nodes of an index.
pub(crate) async fn save(
    tx: &mut PgConnection,
    plan: &PlanCode,
    index: &IndexCode,
    (sheet, nodes): (&Sheet, &BTreeSet<NodeCode>),
) -> Result<(), DbError> {
    let (mut codes, mut scores, mut remarks) = (Vec::new(), Vec::new(), Vec::new());
    for (code, score) in sheet.scores.iter().filter(|(code, _)| nodes.contains(code)) {
        codes.push(code.to_string());
        scores.push(json("scores", "score", score)?);
        let remark = sheet.remarks.get(code).map(|remark| json("scores", "remark", remark));
        remarks.push(remark.transpose()?);
    }
    sqlx::query!(
        r#"insert into reporting.scores (plan_code, index_code, node_code, score, remark)
           select $1, $2, node_code, score, remark
           from unnest($3::text[], $4::jsonb[], $5::jsonb[]) as scored (node_code, score, remark)
           on conflict (plan_code, index_code, node_code) do update set
               score = excluded.score, remark = excluded.remark"#,
        plan.as_str(),
        index.as_str(),
        &codes,
        &scores,
        &remarks as &[Option<Value>],
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Puts scores and sums of a plan in the place of all it had.
pub(crate) async fn replace(
    tx: &mut PgConnection,
    plan: &PlanCode,
    sheets: &BTreeMap<IndexCode, Sheet>,
    sums: &Sums,
) -> Result<(), DbError> {
    sqlx::query!("delete from reporting.scores where plan_code = $1", plan.as_str())
        .execute(&mut *tx)
        .await?;
    for (index, sheet) in sheets {
        let nodes = sheet.scores.iter().map(|(code, _)| code.clone()).collect();
        save(tx, plan, index, (sheet, &nodes)).await?;
    }
    sqlx::query!("delete from reporting.variable_sums where plan_code = $1", plan.as_str())
        .execute(&mut *tx)
        .await?;
    for ((index, variable), sum) in &sums.variables {
        measurements::shift(tx, plan, (index, variable), *sum).await?;
    }
    Ok(())
}

/// Reads the sums of a plan.
pub(crate) async fn sums(conn: &mut PgConnection, plan: &PlanCode) -> Result<Sums, DbError> {
    let rows = sqlx::query!(
        r#"select index_code, variable_code, numerator, denominator, reported_count, partial_count
           from reporting.variable_sums where plan_code = $1"#,
        plan.as_str(),
    );
    let mut sums = Sums::default();
    for row in rows.fetch_all(&mut *conn).await? {
        let index = parse("variable_sums", "index_code", &row.index_code)?;
        let variable = parse("variable_sums", "variable_code", &row.variable_code)?;
        let sum = measurements::sum(
            row.numerator,
            row.denominator,
            (row.reported_count, row.partial_count),
        );
        sums.variables.insert((index, variable), sum);
    }
    let rows = sqlx::query!(
        r#"select survey_code, question_code, satisfied_count, valid_count, not_answered_count,
                  counts
           from reporting.question_sums join reporting.surveys on surveys.code = survey_code
           where plan_code = $1"#,
        plan.as_str(),
    );
    for row in rows.fetch_all(conn).await? {
        let survey = parse("question_sums", "survey_code", &row.survey_code)?;
        let question = parse("question_sums", "question_code", &row.question_code)?;
        let tally = surveys::tally(row.satisfied_count, row.valid_count, row.not_answered_count);
        sums.questions.insert((survey, question), Answers { tally, counts: row.counts });
    }
    Ok(sums)
}
