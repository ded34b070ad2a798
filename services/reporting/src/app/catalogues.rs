//! The catalogue in memory: asked with every fact and every read, changed a few times a year.
//!
//! It is kept under the stamp that the database gave it. A transaction that changes the catalogue makes
//! a stamp nobody else has, so that what a rolled-back transaction left here is never taken for true.

use std::sync::{Arc, Mutex, PoisonError};

use cchc_kit::db::DbError;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{domain::catalogue::Catalogue, store};

/// The newest catalogue seen.
#[derive(Debug, Default)]
pub(crate) struct Catalogues {
    newest: Mutex<Option<(Uuid, Arc<Catalogue>)>>,
}

impl Catalogues {
    /// The catalogue as a snapshot has it.
    pub(super) async fn read(
        &self,
        snapshot: &mut PgConnection,
    ) -> Result<Arc<Catalogue>, DbError> {
        let stamp = store::catalogue::stamp(snapshot).await?;
        self.at(snapshot, stamp).await
    }

    /// The present catalogue, held as it is until the transaction ends.
    pub(super) async fn lock(&self, tx: &mut PgConnection) -> Result<Arc<Catalogue>, DbError> {
        let stamp = store::catalogue::lock(tx).await?;
        self.at(tx, stamp).await
    }

    /// The catalogue after the transaction has changed it.
    pub(super) async fn renew(&self, tx: &mut PgConnection) -> Result<Arc<Catalogue>, DbError> {
        let stamp = store::catalogue::restamp(tx).await?;
        self.at(tx, stamp).await
    }

    async fn at(&self, conn: &mut PgConnection, stamp: Uuid) -> Result<Arc<Catalogue>, DbError> {
        if let Some((kept, catalogue)) =
            &*self.newest.lock().unwrap_or_else(PoisonError::into_inner)
            && *kept == stamp
        {
            return Ok(Arc::clone(catalogue));
        }
        let catalogue = Arc::new(store::catalogue::load(conn).await?);
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((stamp, Arc::clone(&catalogue)));
        Ok(catalogue)
    }
}
