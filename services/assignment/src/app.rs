//! Use cases, one a file: each is one transaction. The five pushes differ only in what a row is decided
//! against and what it becomes; the rest of them is [`intake`].

mod calendar;
pub(crate) mod campaign;
mod command;
mod deliver;
pub(crate) mod evidence;
mod expand_plan;
mod expected;
mod feed;
pub(crate) mod intake;
mod notices;
mod obligations;
mod push_appraisals;
mod push_assessments;
mod push_measurements;
mod push_progress;
mod push_reports;
mod read;
mod reassign;
mod recipients;
mod remind;
mod scorecards;
mod take_step;

use std::sync::Arc;

use cchc_core::{Clock, IdSource, ReceiptId};
use cchc_kit::{
    db::{Db, DbError, Tx},
    vault::Vault,
};
use time::OffsetDateTime;

pub(crate) use command::{Command, CommandError};
pub(crate) use deliver::Parcel;
pub(crate) use expand_plan::{ExpandPlanError, expand_plan};
pub(crate) use expected::Expected;
pub(crate) use read::Listed;
pub(crate) use recipients::Named;

use crate::evidence_store::EvidenceStore;

/// What becomes of a batch once each of its items is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// It is committed.
    Store,
    /// It is taken back: the caller only wants to know. Decision 0042.
    Validate,
}

impl Purpose {
    /// Reads a request's `validate_only`.
    pub(crate) const fn of(validate_only: bool) -> Self {
        if validate_only { Self::Validate } else { Self::Store }
    }

    /// Ends the transaction of a batch.
    async fn end(self, tx: Tx) -> Result<(), DbError> {
        match self {
            Self::Store => tx.commit().await,
            Self::Validate => tx.roll_back().await,
        }
    }
}

/// The use cases of this service.
#[derive(Debug, Clone)]
pub(crate) struct App {
    db: Db,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
    evidence: Arc<EvidenceStore>,
    documents: Arc<campaign::Documents>,
    /// What wraps the secrets of webhooks; none keeps none.
    vault: Option<Arc<Vault>>,
}

impl App {
    pub(crate) fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdSource>,
        evidence: Arc<EvidenceStore>,
    ) -> Self {
        Self { db, clock, ids, evidence, documents: Arc::default(), vault: None }
    }

    /// Keeps secrets, wrapped by these keys.
    pub(crate) fn with_vault(self, vault: Option<Vault>) -> Self {
        Self { vault: vault.map(Arc::new), ..self }
    }

    /// The time, by this service's clock.
    pub(crate) fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }

    /// Names the receipt of a push.
    pub(crate) fn receipt_id(&self) -> ReceiptId {
        self.ids.next().into()
    }
}
