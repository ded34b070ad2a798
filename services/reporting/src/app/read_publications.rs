//! Reads publications: the list, one with its signed bytes and what was revised since, and which one a
//! rollup is.

use cchc_core::{Actor, PlanCode, UnitCode};
use cchc_kit::db::DbError;

use super::{App, PublicationError, read::ReadError};
use crate::{
    domain::{
        publication::{Publication, Reader, Revision, revisions, stated},
        rollup::Rollup,
    },
    events::frozen::{self, Frozen},
    store::publications::{self, Signed},
};

/// A publication with what it says.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) publication: Publication,
    pub(crate) signed: Signed,
    pub(crate) frozen: Frozen,
}

impl App {
    /// Somebody who looks at publications now.
    pub(crate) fn reader(&self, actor: &Actor, province: &UnitCode) -> Reader {
        Reader::new(actor, province, self.clock.now())
    }

    /// Lists publications of a plan below a number, the newest first, one more than asked for when there
    /// are more.
    pub(crate) async fn publications(
        &self,
        plan: &PlanCode,
        below: Option<i32>,
        most: i64,
    ) -> Result<Vec<Publication>, PublicationError> {
        let mut conn = self.db.pool().acquire().await.map_err(DbError::from)?;
        Ok(publications::list(&mut conn, plan, below, most + 1).await?)
    }

    /// Opens a publication for a reader; refused under an embargo that binds them.
    pub(crate) async fn open_publication(
        &self,
        (plan, number): (&PlanCode, i32),
        reader: Reader,
    ) -> Result<Opened, PublicationError> {
        let mut snapshot = self.db.begin_snapshot().await?;
        let found = publications::find(&mut snapshot, plan, number).await?;
        let signed = publications::signed(&mut snapshot, plan, number).await?;
        let missing = || PublicationError::NotFound { plan: plan.clone(), number };
        let (publication, signed) = found.zip(signed).ok_or_else(missing)?;
        if let Some(until) = reader.waits_for(&publication) {
            return Err(PublicationError::Embargoed { number, until });
        }
        let frozen = frozen::read(&signed.content)
            .map_err(|error| DbError::inconsistent("record.publications", "content", &error))?;
        Ok(Opened { publication, signed, frozen })
    }

    /// What the live rollup says otherwise than a publication.
    pub(crate) async fn revised_since(&self, opened: &Opened) -> Result<Vec<Revision>, ReadError> {
        let live = self.rollup(&opened.publication.act.plan).await?;
        Ok(revisions(&opened.frozen.nodes, &stated(&live)))
    }

    /// The newest publication that the live rollup is, which everybody may see and which stands. A past
    /// one names none: what is published or withdrawn later must not change what looking back shows (P4).
    pub(crate) async fn citable(&self, rollup: &Rollup) -> Result<Option<i32>, ReadError> {
        if rollup.moment.as_of().is_some() {
            return Ok(None);
        }
        let mut conn = self.db.pool().acquire().await.map_err(DbError::from)?;
        let of = (&rollup.plan, rollup.checksum.as_str());
        Ok(publications::citable(&mut conn, of, self.clock.now()).await?)
    }
}
