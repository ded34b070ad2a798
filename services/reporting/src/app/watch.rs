//! Watching: the rollup now, then whenever it changes.
//!
//! What this process learns is told at once; what another replica learns is found by looking at the
//! revision every second. Changes in quick succession are sent as one, and a rollup that does not
//! change is sent again after a while, so that a silent stream is known to be a broken one.

use std::{sync::Arc, time::Duration};

use cchc_core::PlanCode;
use futures::{Stream, stream};
use tokio::{sync::watch, time::Instant};

use super::{App, read::ReadError};
use crate::domain::rollup::Rollup;

/// At most so often is a rollup sent.
const SHORTEST: Duration = Duration::from_millis(100);
/// At least so often is a rollup sent.
const LONGEST: Duration = Duration::from_secs(30);
/// How often the revision is looked at when nothing is told.
const LOOK: Duration = Duration::from_secs(1);

/// One watcher's place.
struct Watcher {
    app: Arc<App>,
    plan: PlanCode,
    /// The revision the watcher has; nothing when it wants the present one.
    seen: Option<i64>,
    sent: Option<Instant>,
    changes: watch::Receiver<u64>,
}

impl App {
    /// Watches a plan's rollup. With the revision that the watcher has, nothing is sent before a newer
    /// one.
    pub(crate) fn watch(
        self: &Arc<Self>,
        plan: PlanCode,
        seen: Option<i64>,
    ) -> impl Stream<Item = Result<Arc<Rollup>, ReadError>> + Send + use<> {
        let changes = self.changes.subscribe();
        let watcher = Watcher { app: Arc::clone(self), plan, seen, sent: None, changes };
        stream::try_unfold(watcher, |mut watcher| async move {
            let rollup = watcher.next().await?;
            Ok(Some((rollup, watcher)))
        })
    }
}

impl Watcher {
    async fn next(&mut self) -> Result<Arc<Rollup>, ReadError> {
        if let Some(sent) = self.sent {
            tokio::time::sleep_until(sent + SHORTEST).await;
        }
        loop {
            // Before the look: a change between the two is told again, and never missed.
            self.changes.mark_unchanged();
            let revision = self.app.revision(&self.plan).await?;
            let is_news = self.seen.is_none_or(|seen| revision > seen);
            let is_due = self.sent.is_some_and(|sent| sent.elapsed() >= LONGEST);
            if is_news || is_due {
                let rollup = self.app.rollup(&self.plan).await?;
                self.seen = Some(rollup.moment.revision());
                self.sent = Some(Instant::now());
                return Ok(rollup);
            }
            tokio::select! {
                _ = self.changes.changed() => {}
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }
}
