//! Facts as an explanation cites them: with the event that brought each.

use std::collections::BTreeMap;

use cchc_core::{Decimal, EventId, UnitCode};
use cchc_kit::db::DbError;
use cchc_scoring::{
    catalogue::{Index, Variable},
    figure::vietnamese,
    variable::Reported,
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    document, parse, points, quantity,
    surveys::{self, tally},
};
use crate::domain::{
    answers::Answers,
    catalogue::Scope,
    disclosure,
    explanation::{Cited, CitedFact},
    fact::{NodeKey, Origin},
    facts::Reports,
    published::PublishedFigure,
    weighed, words,
};

/// Facts cited of one layer; more would be a list, not an explanation.
pub(crate) const MOST: u16 = 500;

/// Reports of the index's year that a variable's sum rests on, by unit and window; also those that
/// others took the place of, which say so.
pub(crate) async fn measurements(
    conn: &mut PgConnection,
    scope: &Scope,
    (index, variable): (&Index, &Variable),
) -> Result<Cited, DbError> {
    let reporters = scope.reporters(&index.code, &variable.code).keys();
    let reporters: Vec<String> = reporters.map(ToString::to_string).collect();
    let rows = sqlx::query_as!(
        ReportRow,
        r#"select unit_code, period, version, measurement_id, numerator as "numerator!", denominator,
                  evidence, event_id, sequence
           from reporting.measurements
           where variable_code = $1 and split_part(period, '-', 1) = $2 and unit_code = any($3)
               and numerator is not null
           order by unit_code"#,
        variable.code.as_str(),
        index.year.to_string(),
        &reporters,
    )
    .fetch_all(conn)
    .await?;
    let mut reports: BTreeMap<UnitCode, Reports> = BTreeMap::new();
    for row in &rows {
        let unit = parse("measurements", "unit_code", &row.unit_code)?;
        let period = parse("measurements", "period", &row.period)?;
        let reported = reported(row.numerator, row.denominator)?;
        reports.entry(unit).or_default().insert(period, reported);
    }
    let mut facts = Vec::new();
    for of_unit in rows.chunk_by(|one, other| one.unit_code == other.unit_code) {
        facts.extend(reports_of_unit(scope, (index, variable), of_unit, &reports)?);
    }
    let count = i64::try_from(facts.len()).unwrap_or(i64::MAX);
    facts.truncate(usize::from(MOST));
    Ok(Cited { facts, count })
}

/// A report as it is cited.
struct ReportRow {
    unit_code: String,
    period: String,
    version: i64,
    measurement_id: Uuid,
    numerator: Decimal,
    denominator: Option<Decimal>,
    evidence: String,
    event_id: Uuid,
    sequence: i64,
}

fn reports_of_unit(
    scope: &Scope,
    of: (&Index, &Variable),
    rows: &[ReportRow],
    all: &BTreeMap<UnitCode, Reports>,
) -> Result<Vec<CitedFact>, DbError> {
    let Some(first) = rows.first() else { return Ok(Vec::new()) };
    let unit: UnitCode = parse("measurements", "unit_code", &first.unit_code)?;
    let by_period = rows.iter().map(|row| (row.period.as_str(), row));
    let by_period: BTreeMap<&str, &ReportRow> = by_period.collect();
    let known = |unit: &UnitCode| all.get(unit).cloned().unwrap_or_default();
    let collected = scope.figure(of, &unit, known).unwrap_or_default();
    let used = collected.used.iter().map(|period| (period, true));
    let superseded = collected.superseded.iter().map(|period| (period, false));
    let cited = used.chain(superseded).filter_map(|(period, is_used)| {
        let row = by_period.get(period.to_string().as_str())?;
        let reported = all.get(&unit)?.get(period)?;
        let standing = words::standing(*period, of.1, is_used)
            + &scope.succession(&unit, period.days(of.1.window_start_day));
        Some(CitedFact {
            kind: "measurement",
            id: row.measurement_id.to_string(),
            unit_name: name(scope, &row.unit_code),
            unit: row.unit_code.clone(),
            version: row.version,
            value: words::reported(*reported) + &standing,
            evidence: row.evidence.clone(),
            documents: Vec::new(),
            origin: origin(row.event_id, row.sequence),
            producer: "assignment",
        })
    });
    Ok(cited.collect())
}

/// The self-assessment of a node.
pub(crate) async fn assessment(
    conn: &mut PgConnection,
    scope: &Scope,
    key: &NodeKey,
) -> Result<Cited, DbError> {
    let row = sqlx::query!(
        r#"select version, assessment_id, unit_code, points, evidence, explanation, documents, event_id,
                  sequence
           from reporting.assessments where plan_code = $1 and node_id = $2"#,
        key.plan.as_str(),
        key.node.to_string(),
    )
    .fetch_optional(conn)
    .await?;
    let fact = row.map(|row| {
        let given = points("assessments", "points", row.points)?;
        Ok(CitedFact {
            kind: "assessment",
            id: row.assessment_id.to_string(),
            unit_name: name(scope, &row.unit_code),
            unit: row.unit_code,
            version: row.version,
            value: said(format!("{} điểm", vietnamese(given)), &row.explanation),
            evidence: row.evidence.join("; "),
            documents: document("assessments", "documents", row.documents)?,
            origin: origin(row.event_id, row.sequence),
            producer: "assignment",
        })
    });
    one(fact)
}

/// The appraisal of a node.
pub(crate) async fn appraisal(conn: &mut PgConnection, key: &NodeKey) -> Result<Cited, DbError> {
    let row = sqlx::query!(
        r#"select version, appraisal_id, assessment_version, points, reason, documents, event_id, sequence
           from reporting.appraisals where plan_code = $1 and node_id = $2"#,
        key.plan.as_str(),
        key.node.to_string(),
    )
    .fetch_optional(conn)
    .await?;
    let fact = row.map(|row| {
        let given = vietnamese(points("appraisals", "points", row.points)?);
        let value = format!("{given} điểm, cho bản tự đánh giá lần {}", row.assessment_version);
        Ok(CitedFact {
            kind: "appraisal",
            id: row.appraisal_id.to_string(),
            unit: String::new(),
            unit_name: String::new(),
            version: row.version,
            value: said(value, &row.reason),
            evidence: String::new(),
            documents: document("appraisals", "documents", row.documents)?,
            origin: origin(row.event_id, row.sequence),
            producer: "assignment",
        })
    });
    one(fact)
}

/// Answers that a node's points rest on, by survey, question and cluster; small cells without figures. Where
/// the node's rule weighs options, how many gave each.
pub(crate) async fn tallies(
    conn: &mut PgConnection,
    scope: &Scope,
    key: &NodeKey,
    (minimum, has_options): (u32, bool),
) -> Result<Cited, DbError> {
    let rows = sqlx::query!(
        r#"select survey_code, question_code, cluster_code, satisfied_count, valid_count,
                  not_answered_count, counts, answers, version, tallies.event_id, tallies.sequence
           from reporting.tallies
               join reporting.surveys on surveys.code = survey_code
               join reporting.questions using (survey_code, question_code)
           where plan_code = $1 and node_id = $2
           order by cluster_code, survey_code, question_code"#,
        key.plan.as_str(),
        key.node.to_string(),
    )
    .fetch_all(&mut *conn)
    .await?;
    let weighted = surveys::weighted(conn, key).await?;
    // What may be shown follows from all cells, so that all are read and then as many are cited.
    let cells: Vec<_> = rows
        .iter()
        .map(|row| tally(row.satisfied_count, row.valid_count, row.not_answered_count))
        .collect();
    let of_surveys: Vec<_> =
        rows.iter().zip(&cells).map(|(row, cell)| (row.survey_code.as_str(), *cell)).collect();
    let shown = disclosure::shown_within(&of_surveys, minimum);
    let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let mut weights: BTreeMap<String, BTreeMap<String, Decimal>> = BTreeMap::new();
    for (survey, drawn) in weighted {
        let mut responses = BTreeMap::new();
        for (row, cell) in rows.iter().zip(&cells).filter(|(row, _)| row.survey_code == survey) {
            let cluster = parse("tallies", "cluster_code", &row.cluster_code)?;
            weighed::count(&mut responses, &cluster, *cell);
        }
        let of = drawn.weights(&responses).into_iter();
        weights.insert(survey, of.map(|(code, weight)| (code.to_string(), weight)).collect());
    }
    let first = rows.into_iter().zip(cells).zip(shown).take(usize::from(MOST));
    let facts = first.map(|((row, cell), is_shown)| {
        let answers = Answers { tally: cell, counts: row.counts };
        let by_name = answers.by_name(&row.answers).filter(|_| has_options);
        let value = match by_name {
            _ if !is_shown => words::WITHHELD.to_owned(),
            Some(by_name) => words::by_name(&by_name),
            None => words::tally(cell),
        };
        let weight = weights.get(&row.survey_code).and_then(|of| of.get(&row.cluster_code));
        let weight = words::weight(weight.copied().filter(|_| is_shown));
        CitedFact {
            kind: "tally",
            id: format!("{}/{}/{}", row.survey_code, row.question_code, row.cluster_code),
            unit_name: name(scope, &row.cluster_code),
            unit: row.cluster_code,
            version: row.version,
            value: value + &weight,
            evidence: String::new(),
            documents: Vec::new(),
            origin: origin(row.event_id, row.sequence),
            producer: "survey",
        }
    });
    Ok(Cited { facts: facts.collect(), count })
}

/// The published table that a figure of the province stands in.
pub(crate) async fn results(
    conn: &mut PgConnection,
    scope: &Scope,
    index: &Index,
    figure: PublishedFigure,
) -> Result<Cited, DbError> {
    let Some(published) = scope.published.get(&index.code) else { return Ok(Cited::default()) };
    let row = sqlx::query!(
        "select event_id, sequence from reporting.results where index_code = $1",
        index.code.as_str(),
    )
    .fetch_optional(conn)
    .await?;
    one(row.map(|row| {
        Ok(CitedFact {
            kind: "results",
            id: index.code.to_string(),
            unit: scope.plan.province.to_string(),
            unit_name: scope.name_of(&scope.plan.province).to_owned(),
            version: published.revision,
            value: figure.value(&index.unit),
            evidence: published.citation(),
            documents: Vec::new(),
            origin: origin(row.event_id, row.sequence),
            producer: "registry",
        })
    }))
}

fn one(fact: Option<Result<CitedFact, DbError>>) -> Result<Cited, DbError> {
    let facts: Vec<CitedFact> = fact.transpose()?.into_iter().collect();
    Ok(Cited { count: i64::try_from(facts.len()).unwrap_or_default(), facts })
}

fn reported(numerator: Decimal, denominator: Option<Decimal>) -> Result<Reported, DbError> {
    let whole = denominator.map(|whole| quantity("measurements", "denominator", whole));
    let numerator = quantity("measurements", "numerator", numerator)?;
    Ok(Reported { numerator, denominator: whole.transpose()? })
}

fn said(points: String, why: &str) -> String {
    if why.is_empty() { points } else { format!("{points}: {why}") }
}

fn name(scope: &Scope, unit: &str) -> String {
    unit.parse().map_or_else(|_| String::new(), |unit| scope.name_of(&unit).to_owned())
}

fn origin(event_id: Uuid, sequence: i64) -> Origin {
    Origin { event_id: EventId::from(event_id), sequence }
}
