//! Events that could not be applied: seen, mended by whoever can, retried. Serves `InboxService`.

use std::sync::Arc;

use cchc_core::{Fault, Kind};
use cchc_proto::source::v1::{
    Event, ListParkedEventsRequest, ListParkedEventsResponse, ListWatermarksRequest,
    ListWatermarksResponse, RetryParkedEventRequest, RetryParkedEventResponse, Watermark,
    inbox_service_server::InboxService, list_parked_events_response::Parked,
};
use sqlx::PgConnection;
use tonic::{Request, Response, Status};

use super::{Hear, HearError, hear_guarded};
use crate::{
    bus::envelope::URL_PREFIX,
    db::{Db, DbError},
    page, to_status,
};

/// A parked event was not applied.
#[derive(Debug, thiserror::Error)]
pub enum ParkedError {
    /// No such event is parked.
    #[error("no event {sequence} of {producer} is parked")]
    NotFound {
        /// The producer asked for.
        producer: String,
        /// The number asked for.
        sequence: i64,
    },
    /// What was wrong still is.
    #[error("the event still cannot be applied: {0}")]
    StillUnusable(String),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Fault for ParkedError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound { .. } => Kind::NotFound,
            Self::StillUnusable(_) => Kind::Precondition,
            Self::Db(error) => error.kind(),
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "PARKED_EVENT_NOT_FOUND",
            Self::StillUnusable(_) => "EVENT_STILL_UNAPPLICABLE",
            Self::Db(error) => error.reason(),
        }
    }

    fn vietnamese(&self) -> String {
        match self {
            Self::NotFound { producer, sequence } => {
                format!("không có sự kiện {sequence} của {producer} đang được tạm giữ")
            }
            Self::StillUnusable(reason) => format!("sự kiện vẫn chưa áp dụng được: {reason}"),
            Self::Db(error) => error.vietnamese(),
        }
    }
}

/// Keeps an event that could not be applied.
pub(super) async fn insert(
    tx: &mut PgConnection,
    event: &Event,
    reason: &str,
) -> Result<(), DbError> {
    let payload = event.payload.as_ref();
    sqlx::query!(
        r#"insert into kit.parked (producer, sequence, event_id, subject, type_name, payload, occur_time, trace_parent, reason)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
           on conflict (producer, sequence) do update set reason = excluded.reason"#,
        event.producer,
        event.sequence,
        event.event_id.parse::<uuid::Uuid>().unwrap_or_default(),
        event.subject,
        payload.map_or("", |p| p.type_url.trim_start_matches(URL_PREFIX)),
        payload.map(|p| p.value.as_slice()).unwrap_or_default(),
        crate::source::occur_time(event),
        event.trace_parent,
        reason,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Lists how far the service has come with each producer, by name.
pub async fn watermarks(conn: &mut PgConnection) -> Result<Vec<Watermark>, DbError> {
    let rows = sqlx::query!(
        r#"select producer, sequence, apply_time,
                  (select count(*) from kit.parked where parked.producer = watermarks.producer) as "parked!"
           from kit.watermarks order by producer"#
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Watermark {
            producer: row.producer,
            sequence: row.sequence,
            apply_time: row.apply_time.map(cchc_proto::convert::timestamp),
            parked_count: row.parked,
        })
        .collect())
}

/// Reads a parked event and holds it until the transaction ends: of two who retry it, one finds it gone.
async fn lock(
    tx: &mut PgConnection,
    producer: &str,
    sequence: i64,
) -> Result<Option<Event>, DbError> {
    let row = sqlx::query!(
        r#"select producer, sequence, event_id, subject, type_name, payload, occur_time, trace_parent
           from kit.parked where producer = $1 and sequence = $2 for update"#,
        producer,
        sequence,
    )
    .fetch_optional(tx)
    .await?;
    Ok(row.map(|row| Event {
        producer: row.producer,
        sequence: row.sequence,
        event_id: row.event_id.to_string(),
        subject: row.subject,
        occur_time: Some(cchc_proto::convert::timestamp(row.occur_time)),
        trace_parent: row.trace_parent,
        payload: Some(any(&row.type_name, row.payload)),
    }))
}

fn any(type_name: &str, value: Vec<u8>) -> prost_types::Any {
    prost_types::Any { type_url: format!("{URL_PREFIX}{type_name}"), value }
}

/// Counts the parked events of a producer.
pub(super) async fn count(db: &Db, producer: &str) -> Result<i64, DbError> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from kit.parked where producer = $1"#,
        producer,
    );
    Ok(count.fetch_one(db.pool()).await?)
}

async fn list(
    conn: &mut PgConnection,
    producer: &str,
    after: i64,
    limit: i64,
) -> Result<Vec<Parked>, DbError> {
    let rows = sqlx::query!(
        r#"select producer, sequence, event_id, subject, type_name, payload, occur_time, trace_parent, reason, park_time
           from kit.parked
           where $1 = '' or (producer = $1 and sequence > $2)
           order by producer, sequence limit $3"#,
        producer,
        after,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Parked {
            event: Some(Event {
                producer: row.producer,
                sequence: row.sequence,
                event_id: row.event_id.to_string(),
                subject: row.subject,
                occur_time: Some(cchc_proto::convert::timestamp(row.occur_time)),
                trace_parent: row.trace_parent,
                payload: Some(any(&row.type_name, row.payload)),
            }),
            reason: row.reason,
            park_time: Some(cchc_proto::convert::timestamp(row.park_time)),
        })
        .collect())
}

/// Serves `InboxService`.
pub(crate) struct Inbox {
    pub(crate) db: Db,
    pub(crate) hear: Arc<dyn Hear>,
}

/// Applies a parked event; on success it is parked no more.
pub async fn retry(
    db: &Db,
    hear: &dyn Hear,
    producer: &str,
    sequence: i64,
) -> Result<(), ParkedError> {
    let mut tx = db.begin().await?;
    let event = lock(&mut tx, producer, sequence)
        .await?
        .ok_or_else(|| ParkedError::NotFound { producer: producer.to_owned(), sequence })?;
    match hear_guarded(&mut tx, hear, &[&event]).await {
        Ok(()) => {}
        Err(HearError::Unusable(reason)) => return Err(ParkedError::StillUnusable(reason)),
        Err(HearError::Db(error)) => return Err(error.into()),
    }
    sqlx::query!(
        "delete from kit.parked where producer = $1 and sequence = $2",
        producer,
        sequence
    )
    .execute(&mut *tx)
    .await
    .map_err(DbError::from)?;
    tx.commit().await?;
    hear.committed().await;
    Ok(())
}

#[tonic::async_trait]
impl InboxService for Inbox {
    async fn list_watermarks(
        &self,
        _: Request<ListWatermarksRequest>,
    ) -> Result<Response<ListWatermarksResponse>, Status> {
        let read = async {
            let mut conn = self.db.pool().acquire().await?;
            watermarks(&mut conn).await
        };
        let watermarks = read.await.map_err(|e| to_status(&e))?;
        Ok(Response::new(ListWatermarksResponse { watermarks }))
    }

    async fn list_parked_events(
        &self,
        request: Request<ListParkedEventsRequest>,
    ) -> Result<Response<ListParkedEventsResponse>, Status> {
        let request = request.into_inner();
        let size = page::size(request.page_size).map_err(|e| to_status(&e))?;
        let read = async {
            let mut conn = self.db.pool().acquire().await?;
            list(&mut conn, &request.producer, request.after_sequence, size).await
        };
        let parked = read.await.map_err(|e| to_status(&e))?;
        Ok(Response::new(ListParkedEventsResponse { parked }))
    }

    async fn retry_parked_event(
        &self,
        request: Request<RetryParkedEventRequest>,
    ) -> Result<Response<RetryParkedEventResponse>, Status> {
        let request = request.into_inner();
        retry(&self.db, self.hear.as_ref(), &request.producer, request.sequence)
            .await
            .map_err(|e| to_status(&e))?;
        Ok(Response::new(RetryParkedEventResponse {}))
    }
}
