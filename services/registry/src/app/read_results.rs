//! What was published, as it is or as it was recorded at an instant.

use cchc_core::{Collector, IndexCode, NodeCode};
use cchc_scoring::{
    catalogue::Index,
    results::{Ranked, ResultsFinding, check, ranking},
};
use sqlx::PgConnection;

use super::{Registry, RegistryError};
use crate::{
    domain::{
        document::{DocumentError, DocumentKind},
        revision::{ResultsError, refuse_node},
    },
    store::{
        documents,
        results::{self, At, Recorded, Revision},
    },
};

impl Registry {
    /// Results with where they disagree with themselves, and every revision there is.
    pub(crate) async fn results(
        &self,
        code: &IndexCode,
        at: At,
    ) -> Result<(Recorded, Vec<ResultsFinding>, Vec<Revision>), RegistryError> {
        let mut snapshot = self.db.begin_snapshot().await?;
        let (index, recorded) = read(&mut snapshot, code, at).await?;
        let revisions = results::revisions(&mut snapshot, code).await?;
        let findings = check(&index, &recorded.results);
        Ok((recorded, findings, revisions))
    }

    /// The provinces in the order of a node, with the number of the revision.
    pub(crate) async fn rank_results(
        &self,
        code: &IndexCode,
        node: &NodeCode,
        at: At,
    ) -> Result<(Vec<Ranked>, i64), RegistryError> {
        let mut snapshot = self.db.begin_snapshot().await?;
        let (index, recorded) = read(&mut snapshot, code, at).await?;
        if index.node(node).is_none() {
            let mut collector = Collector::new();
            refuse_node(&mut collector, "node_code", code);
            collector.finish(Some(()))?;
        }
        Ok((ranking(&index, &recorded.results, node), recorded.revision))
    }
}

async fn read(
    snapshot: &mut PgConnection,
    code: &IndexCode,
    at: At,
) -> Result<(Index, Recorded), RegistryError> {
    let kind = DocumentKind::Index;
    let recorded = results::find(snapshot, code, at).await?;
    let recorded = recorded.ok_or_else(|| ResultsError::NotFound(code.clone()))?;
    let index = documents::find::<Index>(snapshot, kind, code.as_str()).await?;
    let index = index.ok_or_else(|| DocumentError::NotFound { kind, code: code.to_string() })?;
    Ok((index.document, recorded))
}
