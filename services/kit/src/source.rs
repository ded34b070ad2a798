//! What every producer serves beside the bus: where its numbers stand, its events again, and its
//! stored facts for a recomputation.

use std::pin::Pin;

use cchc_core::{EventId, Fault, Kind};
use cchc_proto::{
    convert,
    fact::Fact,
    source::v1::{
        Event, ExportFactsRequest, ExportFactsResponse, FindSequenceRequest, FindSequenceResponse,
        GetHeadRequest, GetHeadResponse, ReplayEventsRequest, ReplayEventsResponse,
        source_service_server::SourceService,
    },
};
use futures::{Stream, StreamExt as _, future::BoxFuture};
use sqlx::PgConnection;
use time::OffsetDateTime;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};

use crate::{
    bus::envelope::URL_PREFIX,
    db::{Db, DbError},
    to_status,
};

/// Events read and sent at a time.
const PAGE: i64 = 500;

/// The stored facts of a service, from which its part of the rollup can be recomputed.
pub trait Facts: Send + Sync + 'static {
    /// Sends every fact as it stood when `as_of` was the head: read from the facts themselves, not
    /// from the events, so that a fault between the two comes to light.
    fn export<'a>(
        &'a self,
        tx: &'a mut PgConnection,
        as_of: i64,
        out: &'a FactSender,
    ) -> BoxFuture<'a, Result<(), DbError>>;
}

/// Where exported facts go.
#[derive(Debug)]
pub struct FactSender {
    producer: &'static str,
    out: mpsc::Sender<Result<ExportFactsResponse, Status>>,
}

impl FactSender {
    /// Sends a fact, with the event that announced it; says whether anybody still listens.
    pub async fn send(&self, event_id: EventId, fact: &impl Fact) -> bool {
        let event = Event {
            producer: self.producer.to_owned(),
            sequence: 0,
            event_id: event_id.to_string(),
            subject: fact.subject(),
            occur_time: None,
            trace_parent: String::new(),
            payload: Some(prost_types::Any {
                type_url: format!("{URL_PREFIX}{}", fact.type_name()),
                value: fact.encode_to_vec(),
            }),
        };
        self.out.send(Ok(ExportFactsResponse { event: Some(event) })).await.is_ok()
    }
}

/// Reads numbered events, in order.
pub(crate) async fn read(
    conn: &mut PgConnection,
    producer: &str,
    from: i64,
    limit: i64,
) -> Result<Vec<Event>, DbError> {
    let rows = sqlx::query!(
        r#"select event_id, sequence as "sequence!", subject, type_name, payload, occur_time, trace_parent
           from kit.outbox where sequence >= $1 order by sequence limit $2"#,
        from,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Event {
            producer: producer.to_owned(),
            sequence: row.sequence,
            event_id: row.event_id.to_string(),
            subject: row.subject,
            occur_time: Some(cchc_proto::convert::timestamp(row.occur_time)),
            trace_parent: row.trace_parent,
            payload: Some(prost_types::Any {
                type_url: format!("{URL_PREFIX}{}", row.type_name),
                value: row.payload,
            }),
        })
        .collect())
}

/// An instant has not passed yet, so that nobody can say what will be recorded until then.
#[derive(Debug, thiserror::Error)]
#[error("{0} has not passed yet")]
struct NotPassed(OffsetDateTime);

impl Fault for NotPassed {
    fn kind(&self) -> Kind {
        Kind::Precondition
    }

    fn reason(&self) -> &'static str {
        "TIME_IN_FUTURE"
    }

    fn vietnamese(&self) -> String {
        "thời điểm được hỏi chưa đến".to_owned()
    }
}

/// The newest number at an instant; nothing when it has not passed.
///
/// Whoever asks about an instant moves the relay past it, so that the answer is the same ever after: a
/// pass that is giving numbers is waited for, and a later one gives later times.
async fn sequence_at(db: &Db, instant: OffsetDateTime) -> Result<Option<i64>, DbError> {
    let passed = sqlx::query!(
        r#"update kit.relay set number_time = greatest(number_time, $1 + interval '1 microsecond')
           where $1 <= clock_timestamp()"#,
        instant,
    )
    .execute(db.pool())
    .await?;
    if passed.rows_affected() == 0 {
        return Ok(None);
    }
    let sequence = sqlx::query_scalar!(
        r#"select sequence as "sequence!" from kit.outbox
           where number_time <= $1 and sequence is not null
           order by number_time desc, sequence desc limit 1"#,
        instant,
    )
    .fetch_optional(db.pool())
    .await?;
    Ok(Some(sequence.unwrap_or(0)))
}

/// Serves `SourceService`.
pub(crate) struct Source {
    pub(crate) db: Db,
    pub(crate) producer: &'static str,
    pub(crate) facts: std::sync::Arc<dyn Facts>,
}

type Streamed<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

#[tonic::async_trait]
impl SourceService for Source {
    type ReplayEventsStream = Streamed<ReplayEventsResponse>;
    type ExportFactsStream = Streamed<ExportFactsResponse>;

    async fn get_head(
        &self,
        _: Request<GetHeadRequest>,
    ) -> Result<Response<GetHeadResponse>, Status> {
        let row = sqlx::query!(
            r#"select numbered_sequence,
                      (select count(*) from kit.outbox where sequence is null) as "pending!"
               from kit.relay"#
        )
        .fetch_one(self.db.pool())
        .await
        .map_err(|e| to_status(&DbError::from(e)))?;
        Ok(Response::new(GetHeadResponse {
            head_sequence: row.numbered_sequence,
            pending_count: row.pending,
        }))
    }

    async fn find_sequence(
        &self,
        request: Request<FindSequenceRequest>,
    ) -> Result<Response<FindSequenceResponse>, Status> {
        let FindSequenceRequest { as_of_time } = request.into_inner();
        let instant = convert::read(as_of_time, |c, at| convert::time(c, "as_of_time", at))
            .map_err(|refused| to_status(&refused))?;
        let found = sequence_at(&self.db, instant).await.map_err(|error| to_status(&error))?;
        let sequence = found.ok_or_else(|| to_status(&NotPassed(instant)))?;
        Ok(Response::new(FindSequenceResponse { sequence }))
    }

    async fn replay_events(
        &self,
        request: Request<ReplayEventsRequest>,
    ) -> Result<Response<Self::ReplayEventsStream>, Status> {
        let request = request.into_inner();
        let to = if request.to_sequence == 0 { i64::MAX } else { request.to_sequence };
        let (db, producer) = (self.db.clone(), self.producer);
        let pages = futures::stream::try_unfold(request.from_sequence.max(1), move |from| {
            let db = db.clone();
            async move {
                if from > to {
                    return Ok(None);
                }
                let mut conn =
                    db.pool().acquire().await.map_err(|e| to_status(&DbError::from(e)))?;
                let mut events =
                    read(&mut conn, producer, from, PAGE).await.map_err(|e| to_status(&e))?;
                events.retain(|event| event.sequence <= to);
                Ok::<_, Status>(events.last().map(|e| e.sequence + 1).map(|next| (events, next)))
            }
        });
        let events = pages.flat_map(|page| {
            futures::stream::iter(match page {
                Ok(events) => events
                    .into_iter()
                    .map(|event| Ok(ReplayEventsResponse { event: Some(event) }))
                    .collect(),
                Err(status) => vec![Err(status)],
            })
        });
        Ok(Response::new(Box::pin(events)))
    }

    async fn export_facts(
        &self,
        request: Request<ExportFactsRequest>,
    ) -> Result<Response<Self::ExportFactsStream>, Status> {
        let as_of = request.into_inner().as_of_sequence;
        let (sender, receiver) = mpsc::channel(256);
        let out = FactSender { producer: self.producer, out: sender };
        let (db, facts) = (self.db.clone(), std::sync::Arc::clone(&self.facts));
        tokio::spawn(async move {
            let exported = async {
                let mut tx = db.begin_snapshot().await?;
                facts.export(&mut tx, as_of, &out).await
            };
            tokio::select! {
                // Nobody listens any more: end the scan, and give its connection back.
                () = out.out.closed() => {}
                outcome = exported => if let Err(error) = outcome {
                    let _ = out.out.send(Err(to_status(&error))).await;
                },
            }
        });
        Ok(Response::new(Box::pin(ReceiverStream::new(receiver))))
    }
}

/// Reads the instant an event carries, or the epoch when it carries none that can be.
#[must_use]
pub fn occur_time(event: &Event) -> OffsetDateTime {
    event
        .occur_time
        .and_then(|time| {
            let nanoseconds = i128::from(time.seconds) * 1_000_000_000 + i128::from(time.nanos);
            OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).ok()
        })
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
}
