//! Documents that units keep, every version; what they are attached to; who saw them.

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::{CampaignCode, NodeId, RequestId, UnitCode};
use cchc_kit::db::DbError;
use sqlx::PgConnection;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::{Page, parsed};
use crate::domain::{
    campaign::entry::Key,
    evidence::{Document, Seen, Sha256Hex},
};

const TABLE: &str = "assignment.evidence";

struct Row {
    evidence_id: Uuid,
    version: i64,
    unit_code: String,
    name: String,
    document_number: String,
    document_date: Option<Date>,
    media_type: String,
    size_bytes: i64,
    sha256: String,
    uploader: String,
    upload_time: OffsetDateTime,
}

impl TryFrom<Row> for Document {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let sha256 = Sha256Hex::new(&row.sha256);
        Ok(Self {
            id: row.evidence_id,
            unit: parsed(TABLE, "unit_code", &row.unit_code)?,
            version: row.version,
            name: row.name,
            number: row.document_number,
            date: row.document_date,
            media_type: row.media_type,
            size: row.size_bytes,
            sha256: sha256.map_err(|_| DbError::inconsistent(TABLE, "sha256", &row.sha256))?,
            uploader: row.uploader,
            at: row.upload_time,
        })
    }
}

/// Stores a version.
pub(crate) async fn insert(
    tx: &mut PgConnection,
    document: &Document,
    request_id: RequestId,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into assignment.evidence
               (evidence_id, version, unit_code, name, document_number, document_date, media_type,
                size_bytes, sha256, uploader, request_id, upload_time)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"#,
        document.id,
        document.version,
        document.unit.as_str(),
        document.name,
        document.number,
        document.date,
        document.media_type,
        document.size,
        document.sha256.as_str(),
        document.uploader,
        request_id.as_uuid(),
        document.at,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Finds what became of an upload.
pub(crate) async fn by_request(
    tx: &mut PgConnection,
    uploader: &str,
    request_id: RequestId,
) -> Result<Option<Document>, DbError> {
    let row = sqlx::query_as!(
        Row,
        r#"select evidence_id, version, unit_code, name, document_number, document_date, media_type,
                  size_bytes, sha256, uploader, upload_time
           from assignment.evidence where uploader = $1 and request_id = $2"#,
        uploader,
        request_id.as_uuid(),
    )
    .fetch_optional(tx)
    .await?;
    row.map(Document::try_from).transpose()
}

/// Reads every version of a document, the first first.
pub(crate) async fn versions(tx: &mut PgConnection, id: Uuid) -> Result<Vec<Document>, DbError> {
    sqlx::query_as!(
        Row,
        r#"select evidence_id, version, unit_code, name, document_number, document_date, media_type,
                  size_bytes, sha256, uploader, upload_time
           from assignment.evidence where evidence_id = $1 order by version"#,
        id,
    )
    .fetch_all(tx)
    .await?
    .into_iter()
    .map(Document::try_from)
    .collect()
}

/// Lists documents of a unit and those below it, as they are now, the newest first.
pub(crate) async fn list(
    tx: &mut PgConnection,
    within: &UnitCode,
    page: Page<Uuid>,
) -> Result<Vec<Document>, DbError> {
    sqlx::query_as!(
        Row,
        r#"with recursive below as (
               select $1::text as code
               union
               select units.code from kit.hierarchy as units join below on units.parent_code = below.code
           )
           select distinct on (evidence_id)
               evidence_id, version, unit_code, name, document_number, document_date, media_type,
               size_bytes, sha256, uploader, upload_time
           from assignment.evidence join below on below.code = unit_code
           where $2::uuid is null or evidence_id < $2
           order by evidence_id desc, version desc
           limit $3"#,
        within.as_str(),
        page.after,
        page.limit,
    )
    .fetch_all(tx)
    .await?
    .into_iter()
    .map(Document::try_from)
    .collect()
}

/// Attaches a document to an entry; once is enough.
pub(crate) async fn attach(
    tx: &mut PgConnection,
    id: Uuid,
    key: &Key,
    actor: &str,
    at: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into assignment.evidence_attachments
               (evidence_id, campaign_code, unit_code, node_id, actor, record_time)
           values ($1, $2, $3, $4, $5, $6)
           on conflict do nothing"#,
        id,
        key.campaign.as_str(),
        key.unit.as_str(),
        key.node.to_string(),
        actor,
        at,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Reads the documents that are attached to an entry, each at its present version, by id.
pub(crate) async fn attached(tx: &mut PgConnection, key: &Key) -> Result<Vec<Document>, DbError> {
    sqlx::query_as!(
        Row,
        r#"select distinct on (evidence_id)
               evidence_id, version, evidence.unit_code, name, document_number, document_date,
               media_type, size_bytes, sha256, uploader, upload_time
           from assignment.evidence_attachments as attached join assignment.evidence using (evidence_id)
           where campaign_code = $1 and attached.unit_code = $2 and node_id = $3
           order by evidence_id, version desc"#,
        key.campaign.as_str(),
        key.unit.as_str(),
        key.node.to_string(),
    )
    .fetch_all(tx)
    .await?
    .into_iter()
    .map(Document::try_from)
    .collect()
}

/// Says to which entries a document is attached.
pub(crate) async fn attached_to(tx: &mut PgConnection, id: Uuid) -> Result<Vec<Key>, DbError> {
    const ATTACHMENTS: &str = "assignment.evidence_attachments";
    let rows = sqlx::query!(
        r#"select campaign_code, unit_code, node_id from assignment.evidence_attachments
           where evidence_id = $1 order by campaign_code, unit_code, node_id"#,
        id,
    )
    .fetch_all(tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Key {
                campaign: parsed(ATTACHMENTS, "campaign_code", &row.campaign_code)?,
                unit: parsed(ATTACHMENTS, "unit_code", &row.unit_code)?,
                node: parsed(ATTACHMENTS, "node_id", &row.node_id)?,
            })
        })
        .collect()
}

/// Says when documents of these units' entries last moved: were attached, or got another version.
pub(crate) async fn last_moved(
    tx: &mut PgConnection,
    campaign: &CampaignCode,
    units: &BTreeSet<&UnitCode>,
) -> Result<BTreeMap<(UnitCode, NodeId), OffsetDateTime>, DbError> {
    let units: Vec<String> = units.iter().map(ToString::to_string).collect();
    let rows = sqlx::query!(
        r#"select attached.unit_code, node_id,
                  max(greatest(attached.record_time, evidence.upload_time)) as "moved!"
           from assignment.evidence_attachments as attached join assignment.evidence using (evidence_id)
           where campaign_code = $1 and attached.unit_code = any($2)
           group by attached.unit_code, node_id"#,
        campaign.as_str(),
        &units,
    )
    .fetch_all(tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let unit = parsed("assignment.evidence_attachments", "unit_code", &row.unit_code)?;
            let node = parsed("assignment.evidence_attachments", "node_id", &row.node_id)?;
            Ok(((unit, node), row.moved))
        })
        .collect()
}

/// Remembers who saw a version.
pub(crate) async fn insert_view(
    tx: &mut PgConnection,
    id: Uuid,
    seen: &Seen,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into assignment.evidence_views
               (evidence_id, version, viewer, viewer_unit_code, view_time)
           values ($1, $2, $3, $4, $5)"#,
        id,
        seen.version,
        seen.by,
        seen.unit.as_str(),
        seen.at,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Says who saw a document, the latest first.
pub(crate) async fn views(tx: &mut PgConnection, id: Uuid) -> Result<Vec<Seen>, DbError> {
    let rows = sqlx::query!(
        r#"select version, viewer, viewer_unit_code, view_time from assignment.evidence_views
           where evidence_id = $1 order by view_time desc limit 1000"#,
        id,
    )
    .fetch_all(tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let unit =
                parsed("assignment.evidence_views", "viewer_unit_code", &row.viewer_unit_code)?;
            Ok(Seen { version: row.version, by: row.viewer, unit, at: row.view_time })
        })
        .collect()
}
