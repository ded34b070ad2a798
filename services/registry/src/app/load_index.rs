//! Writes a draft index.

use cchc_core::Collector;
use cchc_scoring::catalogue::Index;
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

/// A rule that is wrong in itself is refused now: nobody can be scored by it later.
fn check(index: &Index) -> Result<(), RegistryError> {
    let mut collector = Collector::new();
    for (place, node) in index.nodes.iter().enumerate() {
        for fault in node.rule.iter().flat_map(|rule| rule.check(node.max)) {
            collector.refuse(
                &format!("index.nodes[{place}].rule"),
                cchc_core::Fault::reason(&fault),
                fault.to_string(),
                cchc_core::Fault::vietnamese(&fault),
            );
        }
    }
    Ok(collector.finish(Some(()))?)
}
