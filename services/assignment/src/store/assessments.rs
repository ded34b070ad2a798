//! Self-assessments, every version.

use cchc_core::{Decimal, EventId, NodeId, PlanCode, UnitCode};
use cchc_kit::db::DbError;
use futures::{Stream, StreamExt as _};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Page, columns, parsed, points, read, subject, write};
use crate::domain::assessment::{Assessment, Subject};

const TABLE: &str = "assignment.assessments";

struct Row {
    plan_code: String,
    node_id: String,
    version: i64,
    assessment_id: Uuid,
    unit_code: String,
    points: Decimal,
    evidence: Vec<String>,
    explanation: String,
    documents: serde_json::Value,
    assessor: String,
    submit_time: OffsetDateTime,
    event_id: Uuid,
}

impl TryFrom<Row> for Assessment {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let (plan, node) = subject(TABLE, &row.plan_code, &row.node_id)?;
        Ok(Self {
            id: row.assessment_id.into(),
            plan,
            node,
            unit: parsed(TABLE, "unit_code", &row.unit_code)?,
            version: row.version,
            points: points(TABLE, row.points)?,
            evidence: row.evidence,
            explanation: row.explanation,
            documents: read(TABLE, row.documents)?,
            assessor: row.assessor,
            at: row.submit_time,
        })
    }
}

/// Stores a version.
pub(crate) async fn insert(
    tx: &mut PgConnection,
    assessment: &Assessment,
    event_id: EventId,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into assignment.assessments
               (plan_code, node_id, version, assessment_id, unit_code, points, evidence, explanation,
                assessor, submit_time, event_id, documents)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"#,
        assessment.plan.as_str(),
        assessment.node.to_string(),
        assessment.version,
        assessment.id.as_uuid(),
        assessment.unit.as_str(),
        assessment.points.get(),
        &assessment.evidence,
        assessment.explanation,
        assessment.assessor,
        assessment.at,
        event_id.as_uuid(),
        write(TABLE, &assessment.documents)?,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Reads the present versions of these nodes.
pub(crate) async fn present(
    tx: &mut PgConnection,
    subjects: impl IntoIterator<Item = &Subject>,
) -> Result<Vec<Assessment>, DbError> {
    let (plans, nodes) = columns(subjects);
    sqlx::query_as!(
        Row,
        r#"select distinct on (known.plan_code, known.node_id)
               known.plan_code, known.node_id, version, assessment_id, unit_code, points, evidence,
               explanation, documents, assessor, submit_time, event_id
           from unnest($1::text[], $2::text[]) as asked (plan_code, node_id)
           join assignment.assessments as known
               on known.plan_code = asked.plan_code and known.node_id = asked.node_id
           order by known.plan_code, known.node_id, version desc"#,
        &plans,
        &nodes,
    )
    .fetch_all(tx)
    .await?
    .into_iter()
    .map(Assessment::try_from)
    .collect()
}

/// Lists present versions under a plan, by a unit and those below it, by node.
pub(crate) async fn list(
    tx: &mut PgConnection,
    plan: &PlanCode,
    within: &UnitCode,
    page: Page<NodeId>,
) -> Result<Vec<Assessment>, DbError> {
    sqlx::query_as!(
        Row,
        r#"with recursive below as (
               select $2::text as code
               union
               select units.code from kit.hierarchy as units join below on units.parent_code = below.code
           ), present as (
               select distinct on (node_id)
                   plan_code, node_id, version, assessment_id, unit_code, points, evidence, explanation,
                   documents, assessor, submit_time, event_id
               from assignment.assessments join below on below.code = unit_code
               where plan_code = $1
               order by node_id, version desc
           )
           select plan_code, node_id, version, assessment_id, unit_code, points, evidence, explanation,
                  documents, assessor, submit_time, event_id
           from present
           where $3::text is null
              or (split_part(node_id, '/', 1), string_to_array(split_part(node_id, '/', 2), '.')::int[], node_id)
                  > (split_part($3, '/', 1), string_to_array(split_part($3, '/', 2), '.')::int[], $3)
           order by split_part(node_id, '/', 1), string_to_array(split_part(node_id, '/', 2), '.')::int[],
                    node_id
           limit $4"#,
        plan.as_str(),
        within.as_str(),
        page.after.as_ref().map(ToString::to_string),
        page.limit,
    )
    .fetch_all(tx)
    .await?
    .into_iter()
    .map(Assessment::try_from)
    .collect()
}

/// Reads every self-assessment as it stood when a number was the head, with the event that told it.
pub(crate) fn as_of(
    tx: &mut PgConnection,
    as_of: i64,
) -> impl Stream<Item = Result<(EventId, Assessment), DbError>> {
    sqlx::query_as!(
        Row,
        r#"select distinct on (plan_code, node_id)
               plan_code, node_id, version, assessment_id, unit_code, points, evidence, explanation,
               documents, assessor, submit_time, event_id
           from assignment.assessments join kit.outbox using (event_id)
           where outbox.sequence <= $1
           order by plan_code, node_id, version desc"#,
        as_of,
    )
    .fetch(tx)
    .map(|row| {
        let row = row?;
        Ok((row.event_id.into(), row.try_into()?))
    })
}
