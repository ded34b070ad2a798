//! Citizens who keep answering, at a steady rate, until they are told to stop.

use std::{sync::Arc, time::Duration};

use cchc_proto::survey::v1::ingestion_service_client::IngestionServiceClient;
use futures::{StreamExt as _, stream};
use tokio::{
    sync::oneshot,
    task::JoinHandle,
    time::{MissedTickBehavior, interval},
};

use super::super::load::{Chunks, Responses, refuse_refusals};
use crate::{
    connect::{DELIVERY, Server},
    error::CliError,
};

/// Chunks a second.
const CHUNKS: u64 = 20;

/// A stream that goes on.
pub(super) struct Background {
    stop: oneshot::Sender<()>,
    streaming: JoinHandle<Result<(), CliError>>,
}

impl Background {
    /// Streams responses from a number on, so many a second.
    pub(super) fn start(to: &Server, (from, rate): (u64, u64), made: Arc<dyn Responses>) -> Self {
        let (stop, stopped) = oneshot::channel();
        let server = to.clone();
        let streaming = tokio::spawn(async move {
            let mut ticks = interval(Duration::from_secs(1) / u32::try_from(CHUNKS).unwrap_or(1));
            ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
            let size = rate / CHUNKS;
            let chunks = Chunks { made, next: from, last: u64::MAX, size, sequence: 0 };
            let chunks = stream::unfold((ticks, chunks), |(mut ticks, mut chunks)| async move {
                ticks.tick().await;
                Some((chunks.next()?, (ticks, chunks)))
            });
            let chunks = chunks.take_until(stopped);
            let mut client = IngestionServiceClient::new(server.channel());
            let answers = client.stream_responses(server.request(chunks, DELIVERY)).await;
            let mut answers = answers.map_err(|status| server.refused(&status))?.into_inner();
            while let Some(answer) =
                answers.message().await.map_err(|status| server.refused(&status))?
            {
                refuse_refusals(answer.receipt.map_or(0, |receipt| receipt.refused_count))?;
            }
            Ok(())
        });
        Self { stop, streaming }
    }

    /// Stops, and says whether everything was taken.
    pub(super) async fn end(self) -> Result<(), CliError> {
        // When nobody listens any more, the stream has ended by itself and says why.
        let _ = self.stop.send(());
        self.streaming.await.unwrap_or_else(|_| {
            Err(CliError::said("Luồng phiếu nền đã hỏng.", "The stream beside it broke."))
        })
    }
}
