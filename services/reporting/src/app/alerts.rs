//! Noticing, listing and watching what somebody should look at.

use std::sync::Arc;

use cchc_core::{NodeId, PlanCode, UnitCode};
use cchc_kit::db::DbError;
use futures::{Stream, stream};
use tokio::{sync::watch, time::Instant};
use uuid::Uuid;

use super::{App, checksum, place::Place, read::ReadError, verify::Verification, watch::LOOK};
use crate::{
    domain::{
        alert::{Alert, AlertKind, Noticed, Raised},
        catalogue::Scope,
    },
    store::alerts::{self, Mark},
};

/// Alerts read at a time.
const PAGE: i64 = 100;

impl App {
    /// Looks at every plan whose rollup has changed since it was looked at.
    pub(crate) async fn look(&self) -> Result<(), ReadError> {
        let mut conn = self.db.pool().acquire().await.map_err(DbError::from)?;
        let plans = alerts::with_news(&mut conn).await?;
        drop(conn);
        for plan in plans {
            self.notice(&plan).await?;
        }
        Ok(())
    }

    /// Raises what is to be told of a plan's rollup beside what was noticed of it before. The first look
    /// raises nothing.
    ///
    /// Whoever looks holds the plan's mark, so that replicas and restarts notice everything once.
    #[tracing::instrument(name = "app.alerts.notice", skip_all, fields(plan.code = %plan))]
    async fn notice(&self, plan: &PlanCode) -> Result<(), ReadError> {
        let (rollup, scope) = (self.rollup(plan).await?, self.scope(plan).await?);
        let revision = rollup.moment.revision();
        let mut tx = self.db.begin().await?;
        let before = alerts::take_turn(&mut tx, plan).await?;
        if before.as_ref().is_some_and(|before| before.revision >= revision) {
            return Ok(tx.roll_back().await?);
        }
        let missing = alerts::missing(&mut tx, plan).await?;
        let noticed = Noticed::of(&rollup, missing);
        let name = |of: &str| name_of(&scope, of);
        let raised = before.map(|before| noticed.since(&before.noticed, name)).unwrap_or_default();
        let mut new = 0;
        for raised in &raised {
            let at = (revision, self.clock.now());
            new += usize::from(alerts::raise(&mut tx, plan, raised, at).await?);
        }
        alerts::keep_mark(&mut tx, plan, &Mark { revision, noticed }).await?;
        tx.commit().await?;
        self.tell_alerts(new);
        Ok(())
    }

    /// Verifies a plan's rollup and raises an alert where it is not its recomputation; says how many
    /// differences there are. The same differences at the same revision are one alert.
    pub(crate) async fn verify_and_raise(&self, plan: &PlanCode) -> Result<usize, ReadError> {
        let Verification { differences, .. } = {
            // It reads every fact: whoever looks back waits meanwhile.
            let _turn = self.looking_back.lock().await;
            self.verify(plan).await?
        };
        if differences.is_empty() {
            return Ok(0);
        }
        let revision = self.revision(plan).await?;
        let what: Vec<&str> = differences.iter().map(|of| of.what.as_str()).collect();
        let raised = Raised {
            kind: AlertKind::VerifyDiffers,
            subject: String::new(),
            title: checksum::of_text(&what.join("\n")),
            detail: differences.len().to_string(),
        };
        let mut tx = self.db.begin().await?;
        alerts::take_turn(&mut tx, plan).await?;
        let is_new = alerts::raise(&mut tx, plan, &raised, (revision, self.clock.now())).await?;
        tx.commit().await?;
        self.tell_alerts(usize::from(is_new));
        Ok(differences.len())
    }

    /// Alerts of some kinds below a number, the newest first: one more than asked for where there are more.
    pub(crate) async fn alerts_below(
        &self,
        plan: &PlanCode,
        kinds: &[AlertKind],
        (below, most): (Option<i64>, i64),
    ) -> Result<Vec<Alert>, ReadError> {
        let mut conn = self.db.pool().acquire().await.map_err(DbError::from)?;
        Ok(alerts::below(&mut conn, plan, kinds, (below, most + 1)).await?)
    }

    fn tell_alerts(&self, new: usize) {
        if new > 0 {
            tracing::info!(new, "alerts raised");
            self.alerts.send_modify(|count| *count = count.wrapping_add(1));
        }
    }
}

/// The title of a node, or the name of a unit.
fn name_of(scope: &Scope, of: &str) -> String {
    let node = of.parse::<NodeId>().ok().and_then(|id| scope.node(&id));
    let unit = || of.parse::<UnitCode>().ok().map(|unit| scope.name_of(&unit).to_owned());
    node.map(|(_, node)| node.title.clone()).or_else(unit).unwrap_or_default()
}

/// What a watcher of alerts is sent.
#[derive(Debug, Clone)]
pub(crate) struct SentAlert {
    /// Nothing where only the stream is alive.
    pub(crate) alert: Option<Alert>,
    /// Goes on after this.
    pub(crate) token: String,
    /// Whether the watcher's token was of copies that are no more.
    pub(crate) is_reset: bool,
}

struct Watcher {
    app: Arc<App>,
    plan: PlanCode,
    kinds: Vec<AlertKind>,
    copies: Uuid,
    /// The number up to which everything was sent.
    after: i64,
    is_reset: bool,
    waiting: std::vec::IntoIter<Alert>,
    told: watch::Receiver<u64>,
}

impl App {
    /// Watches alerts of some kinds: those noticed from now on, or after the place of a token. Refuses a token
    /// that was not given out for the plan.
    pub(crate) async fn watch_alerts(
        self: &Arc<Self>,
        plan: PlanCode,
        kinds: Vec<AlertKind>,
        token: Option<&str>,
    ) -> Result<impl Stream<Item = Result<SentAlert, ReadError>> + Send + use<>, ReadError> {
        let told = self.alerts.subscribe();
        let copies = self.copies().await?;
        let mut conn = self.db.pool().acquire().await.map_err(DbError::from)?;
        let last = alerts::last(&mut conn, &plan).await?;
        drop(conn);
        let place = token.map(|token| Place::read(&watched(&plan), token)).transpose()?;
        let is_here = |place: &Place| place.copies == copies && place.number <= last;
        let is_reset = place.as_ref().is_some_and(|place| !is_here(place));
        let after = if is_reset { 0 } else { place.map_or(last, |place| place.number) };
        let app = Arc::clone(self);
        let waiting = Vec::new().into_iter();
        let watcher = Watcher { app, plan, kinds, copies, after, is_reset, waiting, told };
        Ok(stream::try_unfold(watcher, |mut watcher| async move {
            let sent = watcher.next().await?;
            Ok(Some((sent, watcher)))
        }))
    }
}

fn watched(plan: &PlanCode) -> String {
    format!("alerts {plan}")
}

impl Watcher {
    async fn next(&mut self) -> Result<SentAlert, ReadError> {
        let silent_since = Instant::now();
        loop {
            if let Some(alert) = self.waiting.next() {
                self.after = alert.number;
                return Ok(self.sent(Some(alert)));
            }
            // Before the look: what is told between the two is told again.
            self.told.mark_unchanged();
            let mut conn = self.app.db.pool().acquire().await.map_err(DbError::from)?;
            let of = (self.after, PAGE);
            let found = alerts::after(&mut conn, &self.plan, &self.kinds, of).await?;
            drop(conn);
            if !found.is_empty() {
                self.waiting = found.into_iter();
                continue;
            }
            if self.is_reset || silent_since.elapsed() >= self.app.heartbeat {
                return Ok(self.sent(None));
            }
            tokio::select! {
                _ = self.told.changed() => {}
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }

    fn sent(&mut self, alert: Option<Alert>) -> SentAlert {
        let token = Place { copies: self.copies, number: self.after }.token(&watched(&self.plan));
        SentAlert { alert, token, is_reset: std::mem::take(&mut self.is_reset) }
    }
}
