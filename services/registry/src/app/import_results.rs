//! Records what the owner of an index published, as the newest revision.

use cchc_core::EventId;
use cchc_kit::outbox;
use cchc_scoring::{
    catalogue::Index,
    results::{self as science, Results, ResultsFinding},
};

use super::{Asked, Registry, RegistryError, is_repeat};
use crate::{
    domain::{
        document::{DocumentError, DocumentKind, State},
        revision::{self, Import, ResultsError},
    },
    events::tell,
    store::{documents, results},
};

impl Registry {
    #[tracing::instrument(name = "app.results.import", skip_all, fields(index.code = %table.index))]
    pub(crate) async fn import_results(
        &self,
        asked: &Asked,
        table: Results,
        after: i64,
    ) -> Result<(i64, Vec<ResultsFinding>), RegistryError> {
        let (kind, code) = (DocumentKind::Index, &table.index);
        let mut tx = self.db.begin().await?;
        // Before the first write: see `load_units`. Whoever imports for an edition does so alone.
        let index = documents::lock::<Index>(&mut tx, kind, code.as_str()).await?;
        let present = results::find(&mut tx, code, results::At::Newest).await?;
        let is_repeat = is_repeat(&mut tx, asked).await?;
        let index =
            index.ok_or_else(|| DocumentError::NotFound { kind, code: code.to_string() })?;
        // Results of a year may come after its edition was retired; of a draft there can be none.
        if index.standing.state == State::Draft {
            return Err(ResultsError::IndexNotPublished(code.clone()).into());
        }
        let index = index.document;
        if let (true, Some(present)) = (is_repeat, &present) {
            return Ok((present.revision, science::check(&index, &present.results)));
        }
        revision::check_nodes(&index, &table)?;
        let known = present.as_ref().map(|known| (known.revision, &known.results));
        let number = match revision::import(known, after, &table)? {
            Import::Same(number) => number,
            Import::Next(number) => {
                let (event_id, now) = (EventId::from(self.ids.next()), self.clock.now());
                results::add(&mut tx, (number, &table), event_id, now).await?;
                let fact = tell::results_published(&table, number);
                outbox::record(&mut tx, event_id, &fact, now).await?;
                number
            }
        };
        tx.commit().await?;
        Ok((number, science::check(&index, &table)))
    }
}
