//! Sending rows in chunks that the service acknowledges one by one. What is not acknowledged when the
//! stream is cut is sent again under the same ids; a few chunks at a time are in memory.

use std::{collections::VecDeque, future::Future, time::Duration};

use cchc_proto::{
    common::v1::{Receipt, receipt::Refusal},
    survey::v1::{
        IngestResponsesRequest, StreamResponsesRequest, StreamResponsesResponse,
        ingestion_service_client::IngestionServiceClient,
    },
};
use tokio::{sync::mpsc, time::timeout};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Status, Streaming};

use super::columns::Columns;
use crate::{
    connect::Server,
    error::CliError,
    output::Output,
    push::Patience,
    report::{Fault, Report, Totals},
    say::Words,
};

/// Rows of a chunk.
const CHUNK_ROWS: usize = 1000;
/// Bytes of a chunk: half of what the service takes in one message.
const CHUNK_BYTES: usize = 512 * 1024;
/// Chunks under way at once.
const WINDOW: usize = 4;
/// Refusals that a receipt lists.
const LISTED: usize = 100;
/// How long one acknowledgement may take.
const ACKNOWLEDGEMENT: Duration = Duration::from_mins(2);

/// Rows that are sent together, and those between them that cannot be.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    rows: Vec<IngestResponsesRequest>,
    /// The line of each row.
    lines: Vec<usize>,
    unread: Vec<(usize, Vec<Fault>)>,
    bytes: usize,
}

impl Chunk {
    /// Takes what was read of a line.
    pub(super) fn take(&mut self, line: usize, read: Result<IngestResponsesRequest, Vec<Fault>>) {
        match read {
            Ok(row) => {
                self.bytes += prost::Message::encoded_len(&row);
                self.rows.push(row);
                self.lines.push(line);
            }
            Err(faults) => self.unread.push((line, faults)),
        }
    }

    /// Whether it should go.
    pub(super) const fn is_full(&self) -> bool {
        self.rows.len() + self.unread.len() >= CHUNK_ROWS || self.bytes >= CHUNK_BYTES
    }

    /// Whether nothing was taken.
    pub(super) const fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.unread.is_empty()
    }
}

/// A file on its way.
pub(super) struct Delivery<'a> {
    pub(super) server: &'a Server,
    pub(super) output: &'a Output,
    pub(super) columns: &'a Columns,
    /// Whether rows are only to be checked.
    pub(super) validate_only: bool,
    pub(super) report: Report,
    pub(super) totals: Totals,
    pub(super) bar: indicatif::ProgressBar,
}

/// A chunk that is not acknowledged yet, with its number.
type Sent = (i64, Chunk);

/// Why an attempt ended before its time.
enum Cut {
    /// The service refused, or went away.
    Status(Status),
    /// What is ours to end.
    Ours(CliError),
}

impl From<Status> for Cut {
    fn from(status: Status) -> Self {
        Self::Status(status)
    }
}

impl From<CliError> for Cut {
    fn from(error: CliError) -> Self {
        Self::Ours(error)
    }
}

impl Delivery<'_> {
    /// Sends chunks until the service has acknowledged them all.
    pub(super) async fn run(
        mut self,
        mut chunks: mpsc::Receiver<Chunk>,
    ) -> Result<(Totals, Report), CliError> {
        let (mut window, mut patience) = (VecDeque::new(), Patience::default());
        let mut last = 0;
        loop {
            let before = self.totals.rows;
            match self.attempt(&mut chunks, &mut window, &mut last).await {
                Ok(()) => return Ok((self.totals, self.report)),
                Err(Cut::Ours(error)) => return Err(error),
                Err(Cut::Status(status)) => {
                    if self.totals.rows > before {
                        patience = Patience::default();
                    }
                    patience.wait(self.server, &status, self.output).await?;
                }
            }
        }
    }

    /// Sends what is not acknowledged, then what comes.
    async fn attempt(
        &mut self,
        chunks: &mut mpsc::Receiver<Chunk>,
        window: &mut VecDeque<Sent>,
        last: &mut i64,
    ) -> Result<(), Cut> {
        let (to, receive) = mpsc::channel(WINDOW);
        let mut answers = self.open(ReceiverStream::new(receive)).await?;
        for sent in &*window {
            self.send(&to, sent).await;
        }
        loop {
            while window.len() < WINDOW {
                let Some(chunk) = chunks.recv().await else { break };
                *last += 1;
                let sent = (*last, chunk);
                self.send(&to, &sent).await;
                window.push_back(sent);
            }
            while let Some((_, chunk)) = window.pop_front_if(|(_, chunk)| chunk.rows.is_empty()) {
                self.enter(&chunk, Receipt::default())?;
            }
            let Some((sequence, chunk)) = window.front() else { break };
            let answer = within(answers.message()).await?.ok_or_else(ended)?;
            if answer.sequence != *sequence {
                return Err(ended().into());
            }
            let receipt = self.whole(chunk, answer.receipt.unwrap_or_default()).await?;
            if let Some((_, chunk)) = window.pop_front() {
                self.enter(&chunk, receipt)?;
            }
        }
        drop(to);
        // The service brings what it stored into figures before it ends the stream.
        while within(answers.message()).await?.is_some() {}
        Ok(())
    }

    async fn open(
        &self,
        chunks: impl tokio_stream::Stream<Item = StreamResponsesRequest> + Send + 'static,
    ) -> Result<Streaming<StreamResponsesResponse>, Status> {
        let mut client = IngestionServiceClient::new(self.server.channel());
        Ok(within(client.stream_responses(self.server.watch(chunks))).await?.into_inner())
    }

    /// Sends a chunk; when the stream has ended its answers say why.
    async fn send(&self, to: &mpsc::Sender<StreamResponsesRequest>, (sequence, chunk): &Sent) {
        if !chunk.rows.is_empty() {
            let (responses, validate_only) = (chunk.rows.clone(), self.validate_only);
            let message = StreamResponsesRequest { sequence: *sequence, responses, validate_only };
            let _ = to.send(message).await;
        }
    }

    /// A receipt with all of its refusals: those that it has no room for are asked for again, without
    /// storing anything.
    async fn whole(&self, chunk: &Chunk, receipt: Receipt) -> Result<Receipt, Status> {
        let listed = receipt.refusals.len();
        let is_whole = usize::try_from(receipt.refused_count).is_ok_and(|count| count <= listed);
        let last = receipt.refusals.last().map_or(0, |refusal| refusal.row_number);
        let Some(rest) = chunk.rows.get(usize::try_from(last).unwrap_or(usize::MAX)..) else {
            return Ok(receipt);
        };
        if is_whole || rest.is_empty() {
            return Ok(receipt);
        }
        let pieces: Vec<_> = (1..)
            .zip(rest.chunks(LISTED))
            .map(|(sequence, rows)| StreamResponsesRequest {
                sequence,
                responses: rows.to_vec(),
                validate_only: true,
            })
            .collect();
        let mut answers = self.open(tokio_stream::iter(pieces)).await?;
        let (mut receipt, mut first) = (receipt, last);
        while let Some(answer) = within(answers.message()).await? {
            let piece = answer.receipt.unwrap_or_default();
            receipt.refusals.extend(
                piece
                    .refusals
                    .into_iter()
                    .map(|refusal| Refusal { row_number: first + refusal.row_number, ..refusal }),
            );
            first += piece.row_count;
        }
        Ok(receipt)
    }

    /// Enters what became of a chunk, line by line.
    fn enter(&mut self, chunk: &Chunk, receipt: Receipt) -> Result<(), CliError> {
        let mut faults: Vec<(usize, Vec<Fault>)> = chunk.unread.clone();
        for refusal in receipt.refusals {
            let place = usize::try_from(refusal.row_number).unwrap_or_default();
            let line = place.checked_sub(1).and_then(|place| chunk.lines.get(place));
            let violations = refusal.violations.into_iter().map(|violation| Fault {
                column: self.columns.of_path(&violation.path),
                reason: violation.reason,
                words: Words::new(violation.message_vi, violation.message),
            });
            faults.push((line.copied().unwrap_or_default(), violations.collect()));
        }
        faults.sort_by_key(|(line, _)| *line);
        let totals = &mut self.totals;
        totals.rows += chunk.rows.len() + chunk.unread.len();
        totals.unread += chunk.unread.len();
        totals.accepted += receipt.accepted_count;
        totals.corrected += receipt.corrected_count;
        totals.repeats += receipt.repeat_count;
        totals.refused += receipt.refused_count;
        self.bar.inc(u64::try_from(chunk.rows.len() + chunk.unread.len()).unwrap_or_default());
        for (line, faults) in faults {
            for fault in faults {
                self.report.enter(line, fault)?;
            }
        }
        Ok(())
    }
}

/// Waits for an answer, but not for ever.
async fn within<T>(answer: impl Future<Output = Result<T, Status>>) -> Result<T, Status> {
    match timeout(ACKNOWLEDGEMENT, answer).await {
        Ok(answer) => answer,
        Err(_) => Err(Status::unavailable("no answer came in time")),
    }
}

fn ended() -> Status {
    Status::unavailable("the stream ended before its time")
}
