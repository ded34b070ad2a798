//! What the service does: learn a fact, read the rollup as it is or was, explain a score, estimate a survey, solve a
//! scenario, watch, verify, publish.

mod alerts;
mod as_of;
mod catalogues;
pub(crate) mod checksum;
mod compare;
mod error;
mod estimate;
mod explain;
mod forecast;
mod known;
pub(crate) mod learn;
mod place;
mod plans;
pub(crate) mod publication_error;
mod publish;
pub(crate) mod read;
mod read_publications;
mod scoreboard;
mod sign;
mod solve_scenario;
mod verify;
mod verify_publication;
mod watch;
mod withdraw;

use std::{sync::Arc, time::Duration};

use cchc_core::{Actor, Clock, RequestId};
use cchc_kit::{
    db::Db,
    idempotency::{self, Claim, ContentHash, RequestIdReused},
    vault::Vault,
};
use sqlx::PgConnection;
use tokio::sync::{Mutex, watch as signal};

pub(crate) use catalogues::Catalogues;
pub(crate) use compare::{Compared, End, Since};
pub(crate) use publication_error::PublicationError;
pub(crate) use read_publications::Opened;
pub(crate) use sign::KnownKey;
pub(crate) use verify::Verification;
pub(crate) use verify_publication::Proof;
pub(crate) use watch::{Cause, Start};

use crate::{app::read::Kept, events::recall::Sources};

/// The rollup, for whoever asks.
#[derive(Debug)]
pub(crate) struct App {
    db: Db,
    catalogues: Arc<Catalogues>,
    kept: Kept,
    changes: signal::Sender<u64>,
    /// Moves whenever this process has raised an alert.
    alerts: signal::Sender<u64>,
    /// Longest that a stream is silent.
    heartbeat: Duration,
    sources: Sources,
    clock: Arc<dyn Clock>,
    /// Whoever recomputes the past waits for its turn.
    looking_back: Mutex<()>,
    /// Whoever publishes waits for their turn before they take a connection: many at once would keep
    /// those who look from theirs.
    publishing: Mutex<()>,
    /// What private keys are kept with, where the operator gave a key.
    vault: Option<Vault>,
}

/// Who asks for a change, and under which id.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) actor: Actor,
    pub(crate) method: &'static str,
    pub(crate) request_id: RequestId,
    pub(crate) hash: ContentHash,
}

impl App {
    /// Reads what [`learn::Learning`] keeps up to date; both share catalogue and signal.
    pub(crate) fn new(
        db: Db,
        catalogues: Arc<Catalogues>,
        changes: signal::Sender<u64>,
        sources: Sources,
        clock: Arc<dyn Clock>,
        (vault, heartbeat): (Option<Vault>, Duration),
    ) -> Self {
        Self {
            db,
            catalogues,
            kept: Kept::default(),
            changes,
            alerts: signal::channel(0).0,
            heartbeat,
            sources,
            clock,
            looking_back: Mutex::default(),
            publishing: Mutex::default(),
            vault,
        }
    }
}

/// Claims the id of a change; says whether it was carried out before.
async fn is_repeat(tx: &mut PgConnection, asked: &Asked) -> Result<bool, PublicationError> {
    let Asked { actor, method, request_id, hash } = asked;
    match idempotency::claim(tx, actor, method, *request_id, *hash).await? {
        Claim::First => Ok(false),
        Claim::Repeat => Ok(true),
        Claim::Reused => Err(RequestIdReused(*request_id).into()),
    }
}

/// Makes what facts are learnt by.
pub(crate) fn learning(catalogues: Arc<Catalogues>, clock: Arc<dyn Clock>) -> learn::Learning {
    learn::Learning::new(catalogues, clock)
}
