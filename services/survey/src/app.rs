//! Use cases, one a file: each is one transaction.

mod change;
mod close_survey;
mod erase_respondent;
mod error;
mod foresee;
mod get_survey;
mod ingest;
mod judge;
mod open_survey;
mod park;
mod quarantine;
mod questionnaires;
mod rebuild_survey;
mod reduce_survey;
mod release;
mod report_quality;
mod secrets;
mod settle_row;
mod share;
mod tend_quarantine;
mod texts;
mod verify_survey;

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use cchc_core::{Actor, Clock, EventId, IdSource, ReceiptId, RequestId};
use cchc_kit::{
    db::Db,
    idempotency::{self, Claim, ContentHash, RequestIdReused},
    vault::Vault,
};
use sqlx::PgConnection;
use time::OffsetDateTime;

pub(crate) use erase_respondent::Erasing;
pub(crate) use error::SurveyError;
pub(crate) use foresee::Standing;
pub(crate) use ingest::{Chunk, Received};
pub(crate) use park::kept;
pub(crate) use quarantine::Content;
pub(crate) use rebuild_survey::Rebuilt;
pub(crate) use release::keep_releasing;
pub(crate) use report_quality::QualityReport;
pub(crate) use settle_row::Resent;
pub(crate) use share::Sharing;
pub(crate) use texts::{Asking, Opened};
pub(crate) use verify_survey::Recount;

use crate::domain::{fieldwork::Fieldwork, quarantine::Party};

/// The use cases of surveys.
#[derive(Debug)]
pub(crate) struct Surveys {
    db: Db,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
    /// What secrets are kept with, where the operator gave a key.
    vault: Option<Arc<Vault>>,
    /// Definitions met so far, by code. They never change, so nothing here is ever stale; whether a
    /// survey is open is asked of the database each time.
    fieldworks: RwLock<HashMap<String, Arc<Fieldwork>>>,
}

/// Who asks for a change, and under which id.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) actor: Actor,
    pub(crate) method: &'static str,
    pub(crate) request_id: RequestId,
    pub(crate) hash: ContentHash,
}

impl Asked {
    /// Who asks, as it is kept.
    fn party(&self) -> Party {
        Party { subject: self.actor.subject.clone(), unit: self.actor.unit.clone() }
    }
}

impl Surveys {
    pub(crate) fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdSource>,
        vault: Option<Vault>,
    ) -> Self {
        Self { db, clock, ids, vault: vault.map(Arc::new), fieldworks: RwLock::default() }
    }

    /// The present instant.
    pub(crate) fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }

    /// A fresh name for a push.
    pub(crate) fn receipt_id(&self) -> ReceiptId {
        self.ids.next().into()
    }

    fn event_id(&self) -> EventId {
        self.ids.next().into()
    }

    fn known_fieldwork(&self, code: &str) -> Option<Arc<Fieldwork>> {
        self.fieldworks.read().unwrap_or_else(PoisonError::into_inner).get(code).cloned()
    }

    fn remember(&self, fieldwork: &Arc<Fieldwork>) {
        self.fieldworks
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(fieldwork.survey.code.to_string(), Arc::clone(fieldwork));
    }
}

/// Claims the id of a change; says whether it was carried out before.
async fn is_repeat(tx: &mut PgConnection, asked: &Asked) -> Result<bool, SurveyError> {
    let Asked { actor, method, request_id, hash } = asked;
    match idempotency::claim(tx, actor, method, *request_id, *hash).await? {
        Claim::First => Ok(false),
        Claim::Repeat => Ok(true),
        Claim::Reused => Err(RequestIdReused(*request_id).into()),
    }
}
