//! Self-assessments and appraisals of nodes, each at its present version.

use cchc_core::Decimal;
use cchc_kit::db::DbError;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{document, json, parse, points};
use crate::domain::fact::{Appraisal, Assessment, NodeKey, Origin};

/// A self-assessment as it is stored.
pub(super) struct AssessmentRow {
    pub(super) plan_code: String,
    pub(super) node_id: String,
    pub(super) version: i64,
    pub(super) assessment_id: Uuid,
    pub(super) unit_code: String,
    pub(super) points: Decimal,
    pub(super) evidence: Vec<String>,
    pub(super) explanation: String,
    pub(super) documents: serde_json::Value,
}

impl TryFrom<AssessmentRow> for Assessment {
    type Error = DbError;

    fn try_from(row: AssessmentRow) -> Result<Self, DbError> {
        const TABLE: &str = "assessments";
        Ok(Self {
            id: row.assessment_id.into(),
            key: NodeKey {
                plan: parse(TABLE, "plan_code", &row.plan_code)?,
                node: parse(TABLE, "node_id", &row.node_id)?,
            },
            unit: parse(TABLE, "unit_code", &row.unit_code)?,
            version: row.version,
            points: points(TABLE, "points", row.points)?,
            evidence: row.evidence,
            explanation: row.explanation,
            documents: document(TABLE, "documents", row.documents)?,
        })
    }
}

/// An appraisal as it is stored.
pub(super) struct AppraisalRow {
    pub(super) plan_code: String,
    pub(super) node_id: String,
    pub(super) version: i64,
    pub(super) appraisal_id: Uuid,
    pub(super) assessment_version: i64,
    pub(super) points: Decimal,
    pub(super) reason: String,
    pub(super) documents: serde_json::Value,
}

impl TryFrom<AppraisalRow> for Appraisal {
    type Error = DbError;

    fn try_from(row: AppraisalRow) -> Result<Self, DbError> {
        const TABLE: &str = "appraisals";
        Ok(Self {
            id: row.appraisal_id.into(),
            key: NodeKey {
                plan: parse(TABLE, "plan_code", &row.plan_code)?,
                node: parse(TABLE, "node_id", &row.node_id)?,
            },
            version: row.version,
            assessment_version: row.assessment_version,
            points: points(TABLE, "points", row.points)?,
            reason: row.reason,
            documents: document(TABLE, "documents", row.documents)?,
        })
    }
}

/// The present self-assessment of a node.
pub(crate) async fn assessment(
    conn: &mut PgConnection,
    key: &NodeKey,
) -> Result<Option<Assessment>, DbError> {
    let row = sqlx::query_as!(
        AssessmentRow,
        r#"select plan_code, node_id, version, assessment_id, unit_code, points, evidence, explanation, documents
           from reporting.assessments where plan_code = $1 and node_id = $2"#,
        key.plan.as_str(),
        key.node.to_string(),
    )
    .fetch_optional(conn)
    .await?;
    row.map(Assessment::try_from).transpose()
}

/// The present appraisal of a node.
pub(crate) async fn appraisal(
    conn: &mut PgConnection,
    key: &NodeKey,
) -> Result<Option<Appraisal>, DbError> {
    let row = sqlx::query_as!(
        AppraisalRow,
        r#"select plan_code, node_id, version, appraisal_id, assessment_version, points, reason, documents
           from reporting.appraisals where plan_code = $1 and node_id = $2"#,
        key.plan.as_str(),
        key.node.to_string(),
    )
    .fetch_optional(conn)
    .await?;
    row.map(Appraisal::try_from).transpose()
}

/// Puts a self-assessment in the place of an earlier version; says whether it was newer.
pub(crate) async fn save_assessment(
    tx: &mut PgConnection,
    assessment: &Assessment,
    origin: Origin,
) -> Result<bool, DbError> {
    let done = sqlx::query!(
        r#"insert into reporting.assessments as present (plan_code, node_id, version, assessment_id,
               unit_code, points, evidence, explanation, event_id, sequence, documents)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
           on conflict (plan_code, node_id) do update set
               version = excluded.version, assessment_id = excluded.assessment_id,
               unit_code = excluded.unit_code, points = excluded.points, evidence = excluded.evidence,
               explanation = excluded.explanation, event_id = excluded.event_id,
               sequence = excluded.sequence, documents = excluded.documents
           where present.version < excluded.version"#,
        assessment.key.plan.as_str(),
        assessment.key.node.to_string(),
        assessment.version,
        assessment.id.as_uuid(),
        assessment.unit.as_str(),
        assessment.points.get(),
        &assessment.evidence,
        assessment.explanation,
        origin.event_id.as_uuid(),
        origin.sequence,
        json("assessments", "documents", &assessment.documents)?,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Puts an appraisal in the place of an earlier version; says whether it was newer.
pub(crate) async fn save_appraisal(
    tx: &mut PgConnection,
    appraisal: &Appraisal,
    origin: Origin,
) -> Result<bool, DbError> {
    let done = sqlx::query!(
        r#"insert into reporting.appraisals as present (plan_code, node_id, version, appraisal_id,
               assessment_version, points, reason, event_id, sequence, documents)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
           on conflict (plan_code, node_id) do update set
               version = excluded.version, appraisal_id = excluded.appraisal_id,
               assessment_version = excluded.assessment_version, points = excluded.points,
               reason = excluded.reason, event_id = excluded.event_id, sequence = excluded.sequence,
               documents = excluded.documents
           where present.version < excluded.version"#,
        appraisal.key.plan.as_str(),
        appraisal.key.node.to_string(),
        appraisal.version,
        appraisal.id.as_uuid(),
        appraisal.assessment_version,
        appraisal.points.get(),
        appraisal.reason,
        origin.event_id.as_uuid(),
        origin.sequence,
        json("appraisals", "documents", &appraisal.documents)?,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() > 0)
}
