//! Hearing: events become facts, and what comes together is learnt together.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use cchc_kit::{
    inbox::{Hear, HearError, Heard},
    units::Units,
};
use futures::future::BoxFuture;
use sqlx::PgConnection;
use tokio::sync::watch;

use super::read;
use crate::{
    app::learn::Learning,
    domain::fact::{Fact, Origin},
};

/// Hears every producer.
#[derive(Debug)]
pub(crate) struct Hearing {
    learning: Learning,
    units: Units,
    changes: watch::Sender<u64>,
    /// Whether the hierarchy in memory is older than the one just stored.
    is_hierarchy_old: AtomicBool,
}

impl Hearing {
    pub(crate) fn new(learning: Learning, units: Units, changes: watch::Sender<u64>) -> Arc<Self> {
        Arc::new(Self { learning, units, changes, is_hierarchy_old: AtomicBool::new(false) })
    }
}

impl Hear for Hearing {
    fn hear<'a>(
        &'a self,
        tx: &'a mut PgConnection,
        heard: Heard<'a>,
    ) -> BoxFuture<'a, Result<(), HearError>> {
        self.hear_all(tx, vec![heard])
    }

    fn hear_all<'a>(
        &'a self,
        tx: &'a mut PgConnection,
        heard: Vec<Heard<'a>>,
    ) -> BoxFuture<'a, Result<(), HearError>> {
        Box::pin(async move {
            let mut facts = Vec::with_capacity(heard.len());
            for heard in heard {
                let Some(fact) = read::fact(&heard)? else { continue };
                if matches!(fact, Fact::UnitsChanged(_)) {
                    self.is_hierarchy_old.store(true, Ordering::Relaxed);
                }
                let sequence = heard.event.sequence;
                facts.push((fact, Origin { event_id: heard.event_id, sequence }));
            }
            Ok(self.learning.learn(tx, facts).await?)
        })
    }

    fn committed(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            if self.is_hierarchy_old.swap(false, Ordering::Relaxed)
                && let Err(error) = self.units.reload().await
            {
                tracing::warn!(%error, "the hierarchy of units is read again with the next change");
                self.is_hierarchy_old.store(true, Ordering::Relaxed);
            }
            self.changes.send_modify(|count| *count = count.wrapping_add(1));
        })
    }
}
