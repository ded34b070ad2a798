//! Facts as an explanation cites them: with the event that brought each.

use cchc_core::{Decimal, EventId};
use cchc_kit::db::DbError;
use cchc_scoring::figure::vietnamese;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{points, quantity, surveys::tally};
use crate::domain::{
    catalogue::Scope,
    disclosure,
    explanation::{Cited, CitedFact},
    fact::{NodeKey, Origin, Reported},
    words,
};

/// Facts cited of one layer; more would be a list, not an explanation.
pub(crate) const MOST: u16 = 500;

/// Reports that a variable's sum rests on, by unit.
pub(crate) async fn measurements(
    conn: &mut PgConnection,
    scope: &Scope,
    reporters: &[String],
    of: (&str, &str),
) -> Result<Cited, DbError> {
    let (variable, period) = of;
    let rows = sqlx::query!(
        r#"select unit_code, version, measurement_id, numerator as "numerator!", denominator, evidence,
                  event_id, sequence, count(*) over () as "count!"
           from reporting.measurements
           where variable_code = $1 and period = $2 and unit_code = any($3) and numerator is not null
           order by unit_code limit $4"#,
        variable,
        period,
        reporters,
        i64::from(MOST),
    )
    .fetch_all(conn)
    .await?;
    let count = rows.first().map_or(0, |row| row.count);
    let facts = rows.into_iter().map(|row| {
        let reported = reported(row.numerator, row.denominator)?;
        Ok(CitedFact {
            kind: "measurement",
            id: row.measurement_id.to_string(),
            unit_name: name(scope, &row.unit_code),
            unit: row.unit_code,
            version: row.version,
            value: words::reported(reported),
            evidence: row.evidence,
            origin: origin(row.event_id, row.sequence),
            producer: "assignment",
        })
    });
    Ok(Cited { facts: facts.collect::<Result<_, DbError>>()?, count })
}

/// The self-assessment of a node.
pub(crate) async fn assessment(
    conn: &mut PgConnection,
    scope: &Scope,
    key: &NodeKey,
) -> Result<Cited, DbError> {
    let row = sqlx::query!(
        r#"select version, assessment_id, unit_code, points, evidence, explanation, event_id, sequence
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
            origin: origin(row.event_id, row.sequence),
            producer: "assignment",
        })
    });
    one(fact)
}

/// The appraisal of a node.
pub(crate) async fn appraisal(conn: &mut PgConnection, key: &NodeKey) -> Result<Cited, DbError> {
    let row = sqlx::query!(
        r#"select version, appraisal_id, assessment_version, points, reason, event_id, sequence
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
            origin: origin(row.event_id, row.sequence),
            producer: "assignment",
        })
    });
    one(fact)
}

/// Answers that a node's share rests on, by survey, question and cluster; small cells without figures.
pub(crate) async fn tallies(
    conn: &mut PgConnection,
    scope: &Scope,
    key: &NodeKey,
    minimum: u32,
) -> Result<Cited, DbError> {
    let rows = sqlx::query!(
        r#"select survey_code, question_code, cluster_code, satisfied_count, valid_count,
                  not_answered_count, version, tallies.event_id, tallies.sequence
           from reporting.tallies
               join reporting.surveys on surveys.code = survey_code
               join reporting.questions using (survey_code, question_code)
           where plan_code = $1 and node_id = $2
           order by cluster_code, survey_code, question_code"#,
        key.plan.as_str(),
        key.node.to_string(),
    )
    .fetch_all(conn)
    .await?;
    // What may be shown follows from all cells, so that all are read and then as many are cited.
    let cells: Vec<_> = rows
        .iter()
        .map(|row| tally(row.satisfied_count, row.valid_count, row.not_answered_count))
        .collect();
    let shown = disclosure::shown(&cells, minimum);
    let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let first = rows.into_iter().zip(cells).zip(shown).take(usize::from(MOST));
    let facts = first.map(|((row, cell), is_shown)| CitedFact {
        kind: "tally",
        id: format!("{}/{}/{}", row.survey_code, row.question_code, row.cluster_code),
        unit_name: name(scope, &row.cluster_code),
        unit: row.cluster_code,
        version: row.version,
        value: if is_shown { words::tally(cell) } else { words::WITHHELD.to_owned() },
        evidence: String::new(),
        origin: origin(row.event_id, row.sequence),
        producer: "survey",
    });
    Ok(Cited { facts: facts.collect(), count })
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
