//! What the service does: learn a fact, read the rollup as it is or was, explain a score, estimate a survey, solve a
//! scenario, watch, verify.

mod as_of;
mod catalogues;
mod checksum;
mod error;
mod estimate;
mod explain;
mod known;
pub(crate) mod learn;
mod plans;
pub(crate) mod read;
mod solve_scenario;
mod verify;
mod watch;

use std::sync::Arc;

use cchc_core::Clock;
use cchc_kit::db::Db;
use tokio::sync::{Mutex, watch as signal};

pub(crate) use catalogues::Catalogues;
pub(crate) use verify::Verification;

use crate::{app::read::Kept, events::recall::Sources};

/// The rollup, for whoever asks.
#[derive(Debug)]
pub(crate) struct App {
    db: Db,
    catalogues: Arc<Catalogues>,
    kept: Kept,
    changes: signal::Sender<u64>,
    sources: Sources,
    clock: Arc<dyn Clock>,
    /// Whoever recomputes the past waits for its turn.
    looking_back: Mutex<()>,
}

impl App {
    /// Reads what [`learn::Learning`] keeps up to date; both share catalogue and signal.
    pub(crate) fn new(
        db: Db,
        catalogues: Arc<Catalogues>,
        changes: signal::Sender<u64>,
        sources: Sources,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let looking_back = Mutex::default();
        Self { db, catalogues, kept: Kept::default(), changes, sources, clock, looking_back }
    }
}

/// Makes what facts are learnt by.
pub(crate) fn learning(catalogues: Arc<Catalogues>, clock: Arc<dyn Clock>) -> learn::Learning {
    learn::Learning::new(catalogues, clock)
}
