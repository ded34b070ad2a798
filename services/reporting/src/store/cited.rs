//! What the score of a node rests on, as the live rollup has it: read for an explanation.

use cchc_core::{Decimal, EventId, IndexCode, VariableCode};
use cchc_kit::db::DbError;
use cchc_scoring::{
    catalogue::{Index, Node, Source},
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
    fact::{Appraisal, Assessment, Measurement, MeasurementKey, NodeKey, Origin, TallyKey, Told},
    ground::{Counted, Grounds, published_of},
    leaf::Known,
};

/// Reads what a node rests on, of which so much is known.
pub(crate) async fn grounds(
    conn: &mut PgConnection,
    scope: &Scope,
    (index, node): (&Index, &Node),
    known: Known,
) -> Result<Grounds, DbError> {
    let key = NodeKey { plan: scope.plan.code.clone(), node: index.id(&node.code) };
    let mut grounds = Grounds { known, ..Grounds::default() };
    match node.source {
        Source::SelfAssessed => {
            grounds.assessment = assessment(conn, &key).await?;
            grounds.appraisal = appraisal(conn, &key).await?;
        }
        Source::Administrative => {
            for variable in node.variables() {
                let reports = measurements(conn, scope, (index, variable)).await?;
                grounds.reports.insert(variable.clone(), reports);
            }
        }
        Source::Survey => {
            grounds.answers = tallies(conn, &key).await?;
            for (survey, drawn) in surveys::weighted(conn, &key).await? {
                grounds.drawn.insert(parse("surveys", "code", &survey)?, drawn);
            }
        }
        Source::External | Source::Children => {}
    }
    for code in published_of(scope, (index, node)) {
        if let Some(origin) = results(conn, code).await? {
            grounds.results.insert(code.clone(), origin);
        }
    }
    Ok(grounds)
}

/// Reports of the index's year on a variable by those who must report it, without those taken back.
async fn measurements(
    conn: &mut PgConnection,
    scope: &Scope,
    (index, variable): (&Index, &VariableCode),
) -> Result<Vec<Told<Measurement>>, DbError> {
    let reporters = scope.reporters(&index.code, variable).keys();
    let reporters: Vec<String> = reporters.map(ToString::to_string).collect();
    let rows = sqlx::query!(
        r#"select unit_code, period, version, measurement_id, numerator as "numerator!", denominator,
                  evidence, event_id, sequence
           from reporting.measurements
           where variable_code = $1 and split_part(period, '-', 1) = $2 and unit_code = any($3)
               and numerator is not null
           order by unit_code"#,
        variable.as_str(),
        index.year.to_string(),
        &reporters,
    )
    .fetch_all(conn)
    .await?;
    let told = rows.into_iter().map(|row| {
        let key = MeasurementKey {
            unit: parse("measurements", "unit_code", &row.unit_code)?,
            variable: variable.clone(),
            period: parse("measurements", "period", &row.period)?,
        };
        let fact = Measurement {
            id: row.measurement_id.into(),
            key,
            version: row.version,
            reported: Some(reported(row.numerator, row.denominator)?),
            evidence: row.evidence,
        };
        Ok(Told { fact, origin: origin(row.event_id, row.sequence) })
    });
    told.collect()
}

async fn assessment(
    conn: &mut PgConnection,
    key: &NodeKey,
) -> Result<Option<Told<Assessment>>, DbError> {
    let row = sqlx::query!(
        r#"select version, assessment_id, unit_code, points, evidence, explanation, documents, event_id,
                  sequence
           from reporting.assessments where plan_code = $1 and node_id = $2"#,
        key.plan.as_str(),
        key.node.to_string(),
    )
    .fetch_optional(conn)
    .await?;
    let told = row.map(|row| {
        let fact = Assessment {
            id: row.assessment_id.into(),
            key: key.clone(),
            unit: parse("assessments", "unit_code", &row.unit_code)?,
            version: row.version,
            points: points("assessments", "points", row.points)?,
            evidence: row.evidence,
            explanation: row.explanation,
            documents: document("assessments", "documents", row.documents)?,
        };
        Ok(Told { fact, origin: origin(row.event_id, row.sequence) })
    });
    told.transpose()
}

async fn appraisal(
    conn: &mut PgConnection,
    key: &NodeKey,
) -> Result<Option<Told<Appraisal>>, DbError> {
    let row = sqlx::query!(
        r#"select version, appraisal_id, assessment_version, points, reason, documents, event_id, sequence
           from reporting.appraisals where plan_code = $1 and node_id = $2"#,
        key.plan.as_str(),
        key.node.to_string(),
    )
    .fetch_optional(conn)
    .await?;
    let told = row.map(|row| {
        let fact = Appraisal {
            id: row.appraisal_id.into(),
            key: key.clone(),
            version: row.version,
            assessment_version: row.assessment_version,
            points: points("appraisals", "points", row.points)?,
            reason: row.reason,
            documents: document("appraisals", "documents", row.documents)?,
        };
        Ok(Told { fact, origin: origin(row.event_id, row.sequence) })
    });
    told.transpose()
}

/// Answers to the questions about a node, by survey, question and cluster.
async fn tallies(conn: &mut PgConnection, key: &NodeKey) -> Result<Vec<Counted>, DbError> {
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
    let counted = rows.into_iter().map(|row| {
        let tally = tally(row.satisfied_count, row.valid_count, row.not_answered_count);
        Ok(Counted {
            key: TallyKey {
                survey: parse("tallies", "survey_code", &row.survey_code)?,
                question: parse("tallies", "question_code", &row.question_code)?,
                cluster: parse("tallies", "cluster_code", &row.cluster_code)?,
            },
            names: row.answers,
            answers: Answers { tally, counts: row.counts },
            version: row.version,
            origin: origin(row.event_id, row.sequence),
        })
    });
    counted.collect()
}

/// The event that brought the results of an index.
async fn results(conn: &mut PgConnection, index: &IndexCode) -> Result<Option<Origin>, DbError> {
    let row = sqlx::query!(
        "select event_id, sequence from reporting.results where index_code = $1",
        index.as_str(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| origin(row.event_id, row.sequence)))
}

fn reported(numerator: Decimal, denominator: Option<Decimal>) -> Result<Reported, DbError> {
    let whole = denominator.map(|whole| quantity("measurements", "denominator", whole));
    let numerator = quantity("measurements", "numerator", numerator)?;
    Ok(Reported { numerator, denominator: whole.transpose()? })
}

fn origin(event_id: Uuid, sequence: i64) -> Origin {
    Origin { event_id: EventId::from(event_id), sequence }
}
