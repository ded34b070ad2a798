//! Pushes of single responses that come at the same time share a commit: a commit costs a write to the
//! disk, and sixty-four of them at once are no dearer than one.
//!
//! ```text
//!   submit ─┐                       ┌─► worker: gather what waits ─► one transaction ─► answers
//!   submit ─┼─► queue (so many rows) ┤
//!   submit ─┘                       └─► worker: the same, meanwhile
//! ```
//!
//! Nobody waits for company: a worker takes whatever has come while it was busy. Each caller gets the
//! outcomes of its own rows. A transaction that fails through what one of them sent is carried out
//! again for each alone, so that nobody pays for a neighbour; one that fails because the database is
//! away is answered so to all, who may send again.

use std::{collections::BTreeMap, sync::Arc};

use cchc_core::{Fault as _, Kind};
use cchc_kit::push::Outcome;
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use super::{Chunk, Received, SurveyError, Surveys};
use crate::domain::batch::Batch;

/// Transactions at once: while one commits, the next is filled.
const WORKERS: usize = 2;
/// Calls of one transaction.
const MOST_CALLS: usize = 512;
/// Rows that may wait; a few kilobytes each at worst.
const MOST_ROWS: usize = 16_384;

/// Where pushes wait to be stored together.
pub(crate) struct Sharing<R> {
    queue: mpsc::Sender<Waiting<R>>,
    room: Arc<Semaphore>,
}

/// What one caller wants stored.
struct Waiting<R> {
    rows: Arc<[R]>,
    chunk: Chunk,
    answer: oneshot::Sender<Result<Vec<Outcome>, SurveyError>>,
    /// Its place among the rows that may wait, given back with the answer.
    room: OwnedSemaphorePermit,
}

impl<R: Received + Send + Sync + 'static> Sharing<R> {
    /// Starts the workers; they end when nobody can push any more.
    pub(crate) fn start(surveys: &Arc<Surveys>) -> Self {
        let (queue, waiting) = mpsc::channel(MOST_ROWS);
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..WORKERS {
            tokio::spawn(work(Arc::clone(surveys), Arc::clone(&waiting)));
        }
        Self { queue, room: Arc::new(Semaphore::new(MOST_ROWS)) }
    }

    /// Stores rows, with those of others; says what became of each of one's own.
    pub(crate) async fn store(
        &self,
        rows: Arc<[R]>,
        chunk: Chunk,
    ) -> Result<Vec<Outcome>, SurveyError> {
        let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let room = Arc::clone(&self.room)
            .try_acquire_many_owned(count)
            .map_err(|_| SurveyError::TooBusy)?;
        let (answer, answered) = oneshot::channel();
        let waiting = Waiting { rows, chunk, answer, room };
        self.queue.send(waiting).await.map_err(|_| SurveyError::Unanswered)?;
        answered.await.map_err(|_| SurveyError::Unanswered)?
    }
}

async fn work<R: Received + Send + Sync + 'static>(
    surveys: Arc<Surveys>,
    waiting: Arc<Mutex<mpsc::Receiver<Waiting<R>>>>,
) {
    loop {
        let mut together = Vec::new();
        if waiting.lock().await.recv_many(&mut together, MOST_CALLS).await == 0 {
            return;
        }
        // A task of its own: a panic ends these calls, not the worker.
        if let Err(error) = tokio::spawn(store_together(Arc::clone(&surveys), together)).await {
            tracing::error!(%error, "a shared transaction ended badly");
        }
    }
}

async fn store_together<R: Received + Send + Sync>(
    surveys: Arc<Surveys>,
    together: Vec<Waiting<R>>,
) {
    let rows: Vec<&R> = together.iter().flat_map(|one| one.rows.iter()).collect();
    let chunk = merged(together.iter().map(|one| (one.rows.len(), &one.chunk)));
    match surveys.ingest(&rows, chunk).await {
        Ok(outcomes) => {
            let mut outcomes = outcomes.into_iter();
            for one in together {
                let own = outcomes.by_ref().take(one.rows.len()).collect();
                one.answer(Ok(own));
            }
        }
        Err(error) if together.len() == 1 || error.kind() == Kind::Unavailable => {
            let error = Arc::new(error);
            for one in together {
                one.answer(Err(SurveyError::Shared(Arc::clone(&error))));
            }
        }
        Err(error) => {
            tracing::warn!(%error, calls = together.len(), "a shared transaction failed: each alone");
            for one in together {
                let stored = surveys.ingest(&one.rows, one.chunk.clone()).await;
                one.answer(stored);
            }
        }
    }
}

impl<R> Waiting<R> {
    /// Answers a caller; one that has gone meanwhile sends again and finds its rows stored.
    fn answer(self, stored: Result<Vec<Outcome>, SurveyError>) {
        let _ = self.answer.send(stored);
        drop(self.room);
    }
}

/// Puts chunks one behind the other, each with its number of rows.
fn merged<'a>(chunks: impl Iterator<Item = (usize, &'a Chunk)>) -> Chunk {
    let (mut batches, mut first) = (BTreeMap::<i32, Batch>::new(), 0);
    let (mut refused, mut senders) = (Vec::new(), Vec::new());
    for (rows, chunk) in chunks {
        for batch in &chunk.batches {
            let fieldwork = &batch.fieldwork;
            let of = batches.entry(fieldwork.number);
            of.or_insert_with(|| Batch::new(Arc::clone(fieldwork))).append(batch, first);
        }
        let moved = chunk.refused.iter().map(|(place, why)| (first + place, why.clone()));
        refused.extend(moved);
        let moved = chunk.senders.iter().map(|(place, who)| (first + place, Arc::clone(who)));
        senders.extend(moved);
        first += rows;
    }
    Chunk { batches: batches.into_values().collect(), refused, senders }
}
