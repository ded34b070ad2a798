//! Starts another edition from one that is there.

use cchc_core::{Collector, IndexCode, Violations};
use cchc_scoring::{
    catalogue::Index,
    edition::{self, Copying},
};

use super::{Asked, Registry, RegistryError, etag_of, is_repeat};
use crate::{
    domain::document::{DocumentError, DocumentKind, Standing, State},
    store::documents::{self, Stored},
};

impl Registry {
    #[tracing::instrument(name = "app.index.copy", skip_all, fields(index.code = %copying.code))]
    pub(crate) async fn copy_index(
        &self,
        asked: &Asked,
        from: &IndexCode,
        copying: Copying,
    ) -> Result<Stored<Index>, RegistryError> {
        let (kind, code) = (DocumentKind::Index, copying.code.to_string());
        let mut tx = self.db.begin().await?;
        // One order for everybody, so that two copies towards each other do not wait for ever.
        let mut codes = [from.as_str(), code.as_str()];
        codes.sort_unstable();
        for code in codes {
            documents::lock::<Index>(&mut tx, kind, code).await?;
        }
        let present = documents::find::<Index>(&mut tx, kind, &code).await?;
        match (is_repeat(&mut tx, asked).await?, present) {
            (true, Some(copied)) => return Ok(copied),
            (false, Some(_)) => return Err(DocumentError::Exists { code }.into()),
            (_, None) => {}
        }
        let original = documents::find::<Index>(&mut tx, kind, from.as_str()).await?;
        let original =
            original.ok_or_else(|| DocumentError::NotFound { kind, code: from.to_string() })?;
        original.standing.copy()?;
        check(&original.document, &copying)?;
        let document = edition::copy(&original.document, copying);
        let etag = etag_of(&document);
        let standing = Standing { kind, code, state: State::Draft, etag };
        let draft = Stored { standing, document, findings: Vec::new() };
        documents::save_draft(&mut tx, &draft, self.clock.now()).await?;
        tx.commit().await?;
        Ok(draft)
    }
}

fn check(original: &Index, copying: &Copying) -> Result<(), Violations> {
    let mut collector = Collector::new();
    if copying.year < original.year {
        let before = original.year;
        collector.refuse(
            "year",
            "YEAR_BEFORE_ORIGINAL",
            format!("must not be before {before}, the year of the original"),
            format!("không được trước năm {before} của bản gốc"),
        );
    }
    collector.finish(Some(()))
}
