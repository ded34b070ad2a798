//! Writes a draft index.

use cchc_core::{Collector, Fault, Violations};
use cchc_scoring::{catalogue::Index, rule::faults};
use sqlx::PgConnection;

use super::{Asked, Registry, RegistryError, etag_of, is_repeat};
use crate::{
    domain::document::{self, DocumentKind, Standing, State, Writing},
    store::documents::{self, Stored},
};

impl Registry {
    #[tracing::instrument(name = "app.index.load", skip_all, fields(index.code = %index.code))]
    pub(crate) async fn load_index(
        &self,
        asked: &Asked,
        index: Index,
    ) -> Result<Standing, RegistryError> {
        check(&index)?;
        let mut tx = self.db.begin().await?;
        let code = index.code.to_string();
        let present = documents::lock::<Index>(&mut tx, DocumentKind::Index, &code).await?;
        let present = present.map(|stored| stored.standing);
        if let (true, Some(standing)) = (is_repeat(&mut tx, asked).await?, &present) {
            return Ok(standing.clone());
        }
        let etag = etag_of(&index);
        let standing = match (document::write(present.as_ref(), &etag)?, present) {
            (Writing::Same, Some(standing)) => standing,
            (Writing::Same | Writing::Store, _) => {
                let standing =
                    Standing { kind: DocumentKind::Index, code, state: State::Draft, etag };
                self.store_index(&mut tx, standing.clone(), index).await?;
                standing
            }
        };
        tx.commit().await?;
        Ok(standing)
    }

    async fn store_index(
        &self,
        tx: &mut PgConnection,
        standing: Standing,
        index: Index,
    ) -> Result<(), RegistryError> {
        let draft = Stored { standing, document: index, findings: Vec::new() };
        Ok(documents::save_draft(tx, &draft, self.clock.now()).await?)
    }
}

/// Refuses rules by which nobody could be scored already when they are written; the edition as a
/// whole is checked when it is published.
fn check(index: &Index) -> Result<(), Violations> {
    let mut collector = Collector::new();
    for (place, node) in index.nodes.iter().enumerate() {
        let path = format!("index.nodes[{place}].rule");
        for fault in faults(index, node) {
            collector.refuse(&path, fault.reason(), fault.to_string(), fault.vietnamese());
        }
    }
    collector.finish(Some(()))
}
