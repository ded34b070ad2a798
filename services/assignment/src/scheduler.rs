//! What makes the clock tick: once a minute everything that is due is raised, every campaign that is over is locked,
//! and what stands against units is told where a day has changed it, whatever instance does it.

use std::{sync::Arc, time::Duration};

use cchc_core::{CampaignCode, Clock, IdSource};
use cchc_kit::db::{Db, DbError};
use tokio_util::sync::CancellationToken;

use crate::app::App;

/// Between two ticks. What falls due is a matter of days; a minute keeps what was returned from waiting.
const EVERY: Duration = Duration::from_mins(1);

/// Raises reminders when it is told to: the scheduler of one instance, and a test's way through two years.
#[derive(Debug, Clone)]
pub struct Reminders {
    app: Arc<App>,
}

impl Reminders {
    /// Makes one more instance over a database, with a clock of its own.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, ids: Arc<dyn IdSource>) -> Self {
        Self { app: Arc::new(App::new(db, clock, ids, Arc::default())) }
    }

    pub(crate) fn of(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }

    /// Raises what is due now and was not raised; says how many notices that were, and without which years'
    /// holidays something could not be decided.
    pub async fn tick(&self) -> Result<(usize, Vec<i32>), DbError> {
        let tick = self.app.remind().await?;
        Ok((tick.raised, tick.unknown_years.into_iter().collect()))
    }

    /// Locks the campaigns that are over and not locked; says which.
    pub async fn lock(&self) -> Result<Vec<CampaignCode>, DbError> {
        self.app.lock_campaigns().await
    }

    /// Tells what stands against units where it is otherwise than it was told last; says of how many.
    pub async fn tell_scorecards(&self) -> Result<usize, DbError> {
        self.app.tell_scorecards().await
    }

    /// Ticks until told to stop. A tick that fails is made up for by the next.
    pub(crate) async fn run(self, stop: CancellationToken) {
        loop {
            match self.tick().await {
                Ok((0, _)) => {}
                Ok((raised, _)) => tracing::info!(raised, "reminders raised"),
                Err(error) => tracing::warn!(%error, "reminders: trying again in a minute"),
            }
            match self.lock().await {
                Ok(locked) if locked.is_empty() => {}
                Ok(locked) => tracing::info!(?locked, "campaigns locked"),
                Err(error) => tracing::warn!(%error, "locking: trying again in a minute"),
            }
            match self.tell_scorecards().await {
                Ok(0) => {}
                Ok(told) => tracing::info!(told, "scorecards told"),
                Err(error) => tracing::warn!(%error, "scorecards: trying again in a minute"),
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }
}
