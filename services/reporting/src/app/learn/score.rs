//! Scoring again what facts bear on: each node once, and what lies above it.

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::{IndexCode, NodeCode, NodeId, PlanCode};
use cchc_kit::db::DbError;
use cchc_scoring::catalogue::Node;
use sqlx::PgConnection;

use super::{super::known, Changed};
use crate::{
    domain::{
        catalogue::{Catalogue, Edition, Scope},
        leaf::Known,
    },
    store::scores,
};

/// Nodes to be scored again, by plan and index.
#[derive(Debug, Default)]
pub(super) struct Touched(BTreeMap<(PlanCode, IndexCode), BTreeSet<NodeCode>>);

impl Touched {
    /// Notes a node.
    pub(super) fn touch(&mut self, plan: &PlanCode, node: NodeId) {
        self.0.entry((plan.clone(), node.index)).or_default().insert(node.node);
    }

    /// Scores them from what the database knows of them, and names the plans in which anything came out
    /// otherwise. Nodes that no plan scores are passed over.
    pub(super) async fn score(
        self,
        tx: &mut PgConnection,
        catalogue: &Catalogue,
    ) -> Result<Changed, DbError> {
        let mut changed = Changed::new();
        for ((plan, index), nodes) in self.0 {
            let Some(scope) = catalogue.scope(&plan) else { continue };
            let Some(edition) = scope.edition(&index) else { continue };
            let mut leaves = Vec::new();
            for node in edition.scored().filter(|node| nodes.contains(&node.code)) {
                leaves.push((node, known::read(tx, scope, (&edition.index, node)).await?));
            }
            if rescore(tx, scope, edition, leaves).await? {
                changed.insert(plan);
            }
        }
        Ok(changed)
    }
}

/// Scores leaves of an index and what lies above them again; says whether anything came out otherwise.
async fn rescore(
    tx: &mut PgConnection,
    scope: &Scope,
    Edition { index, tree }: &Edition,
    leaves: Vec<(&Node, Known)>,
) -> Result<bool, DbError> {
    if leaves.is_empty() {
        return Ok(false);
    }
    let plan = &scope.plan.code;
    let mut sheet = scores::sheet(tx, plan, &index.code).await?;
    let mut changed = BTreeSet::new();
    for (node, known) in leaves {
        let leaf = known.leaf(node).published(scope.published(index, node));
        changed.extend(sheet.rescore(tree, &node.code, leaf));
    }
    if changed.is_empty() {
        return Ok(false);
    }
    scores::save(tx, plan, &index.code, (&sheet, &changed)).await?;
    Ok(true)
}
