//! Who looks out: notices soon after each change what somebody should look at, and holds every rollup against its
//! recomputation now and then, whatever instance does it.

use std::{sync::Arc, time::Duration};

use cchc_core::{Clock, PlanCode};
use cchc_kit::telemetry::metrics::Metrics;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::app::App;

/// Between two looks: what crosses and comes back within it is no news.
const EVERY: Duration = Duration::from_secs(1);

/// Looks out over every plan.
pub(crate) struct Lookout {
    app: Arc<App>,
    clock: Arc<dyn Clock>,
    /// How often every rollup is verified; never where it is nothing.
    verify_every: Option<Duration>,
    metrics: Metrics,
}

impl Lookout {
    pub(crate) fn new(
        app: Arc<App>,
        clock: Arc<dyn Clock>,
        verify_every: Option<Duration>,
        metrics: Metrics,
    ) -> Self {
        Self { app, clock, verify_every, metrics }
    }

    /// Looks out until told to stop. A look that fails is made up for by the next.
    pub(crate) async fn run(self, stop: CancellationToken) {
        tokio::select! {
            () = stop.cancelled() => {}
            () = self.look_out() => {}
            () = self.verify() => {}
        }
    }

    async fn look_out(&self) {
        loop {
            if let Err(error) = self.app.look().await {
                tracing::warn!(%error, "alerts: looking again in a second");
            }
            tokio::time::sleep(EVERY).await;
        }
    }

    async fn verify(&self) {
        let Some(every) = self.verify_every else { return std::future::pending().await };
        let mut ticks = tokio::time::interval_at(Instant::now() + every, every);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            match self.app.plans().await {
                Ok(plans) => {
                    for (plan, _) in plans {
                        self.verify_one(&plan).await;
                    }
                }
                Err(error) => tracing::warn!(%error, "verifying: no plans can be read"),
            }
        }
    }

    async fn verify_one(&self, plan: &PlanCode) {
        match self.app.verify_and_raise(plan).await {
            Ok(differences) => {
                self.metrics.rollup_verified(plan.as_str(), differences, self.clock.now());
                tracing::info!(plan.code = %plan, differences, "a rollup was verified");
            }
            Err(error) => tracing::warn!(plan.code = %plan, %error, "a rollup cannot be verified"),
        }
    }
}
