//! Watching: the rollup now, then whenever it changes.
//!
//! What this process learns is told at once; what another replica learns is found by looking at the
//! revision every second. A watcher asks for the next state when the one before was taken: a slow one gets
//! fewer states and always the newest, and nothing waits for it. A rollup that does not change is sent again
//! after a while, so that a silent stream is known to be a broken one.

use std::{sync::Arc, time::Duration};

use cchc_core::PlanCode;
use cchc_kit::db::DbError;
use futures::{Stream, stream};
use tokio::{sync::watch, time::Instant};
use uuid::Uuid;

use super::{App, place::Place, read::ReadError};
use crate::{domain::rollup::Rollup, store::copies};

/// At most so often is a rollup sent.
const SHORTEST: Duration = Duration::from_millis(100);
/// How often the revision is looked at when nothing is told.
pub(super) const LOOK: Duration = Duration::from_secs(1);

/// Where a watcher begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Start {
    /// With the present state.
    Now,
    /// After a revision that it has; nothing is sent before a newer one.
    After(i64),
    /// Where a stream before was cut, by its token.
    Resume(String),
}

/// Why a state is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The watcher begins with it.
    Present,
    /// It is newer than the one before.
    Change,
    /// Nothing has changed for a while.
    Heartbeat,
    /// The watcher's token is of other copies, or of a revision that is not there: whatever it has is
    /// replaced by this.
    Reset,
}

/// A state that is sent.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) rollup: Arc<Rollup>,
    pub(crate) cause: Cause,
    /// Goes on after this state.
    pub(crate) token: String,
}

/// One watcher's place.
struct Watcher {
    app: Arc<App>,
    plan: PlanCode,
    copies: Uuid,
    /// The revision the watcher has; nothing when it wants the present one.
    seen: Option<i64>,
    /// Why the present state is sent, before it has any.
    first: Cause,
    sent: Option<Instant>,
    changes: watch::Receiver<u64>,
}

impl App {
    /// Watches a plan's rollup from where the watcher stands. Refuses a token that was not given out for the
    /// plan.
    pub(crate) async fn watch(
        self: &Arc<Self>,
        plan: PlanCode,
        start: Start,
    ) -> Result<impl Stream<Item = Result<Sent, ReadError>> + Send + use<>, ReadError> {
        let changes = self.changes.subscribe();
        let copies = self.copies().await?;
        let (seen, first) = match start {
            Start::Now => (None, Cause::Present),
            Start::After(revision) => (Some(revision), Cause::Present),
            Start::Resume(token) => {
                let place = Place::read(&watched(&plan), &token)?;
                let present = self.revision(&plan).await?;
                let is_here = place.copies == copies && place.number <= present;
                (is_here.then_some(place.number), Cause::Reset)
            }
        };
        let app = Arc::clone(self);
        let watcher = Watcher { app, plan, copies, seen, first, sent: None, changes };
        Ok(stream::try_unfold(watcher, |mut watcher| async move {
            let sent = watcher.next().await?;
            Ok(Some((sent, watcher)))
        }))
    }

    /// Longest that a watched stream is silent, in seconds.
    pub(crate) fn heartbeat_seconds(&self) -> i32 {
        self.heartbeat.as_secs().try_into().unwrap_or(i32::MAX)
    }

    /// The name of the copies that are shown.
    pub(super) async fn copies(&self) -> Result<Uuid, ReadError> {
        let mut conn = self.db.pool().acquire().await.map_err(DbError::from)?;
        Ok(copies::id(&mut conn).await?)
    }
}

fn watched(plan: &PlanCode) -> String {
    format!("rollup {plan}")
}

impl Watcher {
    async fn next(&mut self) -> Result<Sent, ReadError> {
        if let Some(sent) = self.sent {
            tokio::time::sleep_until(sent + SHORTEST).await;
        }
        // Who has the present state hears nothing from now on, too.
        let silent_since = *self.sent.get_or_insert_with(Instant::now);
        loop {
            // Before the look: a change between the two is told again, and never missed.
            self.changes.mark_unchanged();
            let revision = self.app.revision(&self.plan).await?;
            match self.seen {
                None => return self.send(self.first).await,
                Some(seen) if revision > seen => return self.send(Cause::Change).await,
                Some(_) if silent_since.elapsed() >= self.app.heartbeat => {
                    return self.send(Cause::Heartbeat).await;
                }
                Some(_) => {}
            }
            tokio::select! {
                _ = self.changes.changed() => {}
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }

    async fn send(&mut self, cause: Cause) -> Result<Sent, ReadError> {
        let rollup = self.app.rollup(&self.plan).await?;
        let number = rollup.moment.revision();
        (self.seen, self.sent) = (Some(number), Some(Instant::now()));
        let token = Place { copies: self.copies, number }.token(&watched(&self.plan));
        Ok(Sent { rollup, cause, token })
    }
}
