//! Writes a draft crosswalk. Its editions may still be drafts themselves, so whether it speaks of
//! every node is asked only when it is published.

use cchc_scoring::catalogue::Crosswalk;

use super::{Asked, Registry, RegistryError, etag_of, is_repeat};
use crate::{
    domain::document::{self, DocumentKind, Standing, State, Writing},
    store::documents::{self, Stored},
};

impl Registry {
    #[tracing::instrument(name = "app.crosswalk.load", skip_all, fields(crosswalk.code = %crosswalk.code))]
    pub(crate) async fn load_crosswalk(
        &self,
        asked: &Asked,
        crosswalk: Crosswalk,
    ) -> Result<Standing, RegistryError> {
        let (kind, code) = (DocumentKind::Crosswalk, crosswalk.code.to_string());
        let mut tx = self.db.begin().await?;
        let present = documents::lock::<Crosswalk>(&mut tx, kind, &code).await?;
        let present = present.map(|stored| stored.standing);
        let is_repeat = is_repeat(&mut tx, asked).await?;
        let etag = etag_of(&crosswalk);
        let is_same = is_repeat || document::write(present.as_ref(), &etag)? == Writing::Same;
        if let (true, Some(standing)) = (is_same, present) {
            tx.commit().await?;
            return Ok(standing);
        }
        let standing = Standing { kind, code, state: State::Draft, etag };
        let draft = Stored { standing, document: crosswalk, findings: Vec::new() };
        documents::save_draft(&mut tx, &draft, self.clock.now()).await?;
        tx.commit().await?;
        Ok(draft.standing)
    }
}
