//! Explaining a score: the same knowledge and the same rules as when it came about, with the facts and
//! events under it.

use cchc_core::{NodeId, PlanCode};
use cchc_kit::db::DbError;
use cchc_scoring::{
    catalogue::{Index, Node},
    rule::Rule,
    tree::Layer,
};
use sqlx::PgConnection;

use super::{
    App, known,
    read::{ReadError, acknowledged},
};
use crate::{
    domain::{
        catalogue::Scope,
        explanation::{self, Cited, Explanation, LayerExplanation},
        fact::NodeKey,
        leaf::{Known, pooled},
        rollup,
        sheet::Sheet,
    },
    store::{cited, scores},
};

impl App {
    /// Explains the score of a node.
    #[tracing::instrument(name = "app.score.explain", skip_all, fields(plan.code = %plan, node.id = %id))]
    pub(crate) async fn explain(
        &self,
        plan: &PlanCode,
        id: &NodeId,
    ) -> Result<Explanation, ReadError> {
        let mut snapshot = self.db.begin_snapshot().await?;
        let scope = self.scope_in(&mut snapshot, plan).await?;
        let (edition, node) = scope
            .node(id)
            .ok_or_else(|| ReadError::NodeNotFound { plan: plan.clone(), node: id.clone() })?;
        let index = &edition.index;
        let sheet = scores::sheet(&mut snapshot, plan, &index.code).await?;
        let mut acknowledged = acknowledged(&mut snapshot, &scope).await?;
        let findings = rollup::concerning(&scope.findings, id)
            .map(|finding| (finding.clone(), acknowledged.remove(&finding.id())))
            .collect();
        if !edition.is_scored(node) {
            let (mut layers, parts, is_reproduced) = explanation::of_sum(edition, node, &sheet);
            cite_published(&mut snapshot, &scope, (index, node), &mut layers).await?;
            let title = node.title.clone();
            let node = id.clone();
            return Ok(Explanation { node, title, layers, parts, is_reproduced, findings });
        }
        let explained = of_leaf(&mut snapshot, &scope, (index, node), &sheet).await?;
        Ok(Explanation { findings, ..explained })
    }
}

async fn of_leaf(
    snapshot: &mut PgConnection,
    scope: &Scope,
    (index, node): (&Index, &Node),
    sheet: &Sheet,
) -> Result<Explanation, DbError> {
    let known = known::read(snapshot, scope, (index, node)).await?;
    let shown = sheet.scores.get(&node.code).copied().unwrap_or_default();
    let (derivations, is_reproduced) =
        explanation::of_leaf(node, (&known, scope.published(index, node)), &shown);
    let mut layers = Vec::new();
    for (layer, derivation) in derivations {
        let basis = facts(snapshot, scope, (index, node), (&known, layer)).await?;
        layers.push(explanation::layer(layer, derivation, basis));
    }
    cite_published(snapshot, scope, (index, node), &mut layers).await?;
    Ok(Explanation {
        node: index.id(&node.code),
        title: node.title.clone(),
        layers,
        parts: Vec::new(),
        is_reproduced,
        findings: Vec::new(),
    })
}

/// Explains the published layer of a node by the table it stands in.
async fn cite_published(
    snapshot: &mut PgConnection,
    scope: &Scope,
    (index, node): (&Index, &Node),
    layers: &mut Vec<LayerExplanation>,
) -> Result<(), DbError> {
    let figure = scope.published(index, node).filter(|figure| figure.points.is_some());
    if let Some(figure) = figure {
        let basis = cited::results(snapshot, scope, index, figure).await?;
        explanation::publish(layers, figure, basis);
    }
    Ok(())
}

/// The facts that a layer of a node rests on.
async fn facts(
    snapshot: &mut PgConnection,
    scope: &Scope,
    (index, node): (&Index, &Node),
    (known, layer): (&Known, Layer),
) -> Result<Cited, DbError> {
    let key = NodeKey { plan: scope.plan.code.clone(), node: index.id(&node.code) };
    match known {
        Known::Assessed { .. } if layer == Layer::Appraised => {
            cited::appraisal(snapshot, &key).await
        }
        Known::Assessed { .. } => cited::assessment(snapshot, scope, &key).await,
        Known::Reported(_) => reports(snapshot, scope, (index, node)).await,
        Known::Surveyed(samples) => {
            let minimum = pooled(samples).map_or(0, |(_, minimum)| minimum);
            let has_options = matches!(node.rule, Some(Rule::Options { .. }));
            cited::tallies(snapshot, scope, &key, (minimum, has_options)).await
        }
        Known::External(_) => match scope.external(index, node) {
            Some((other, Some(figure))) => cited::results(snapshot, scope, other, figure).await,
            _ => Ok(Cited::default()),
        },
        Known::Nothing => Ok(Cited::default()),
    }
}

/// The reports of every variable of a node.
async fn reports(
    snapshot: &mut PgConnection,
    scope: &Scope,
    (index, node): (&Index, &Node),
) -> Result<Cited, DbError> {
    let mut all = Cited::default();
    for code in node.variables() {
        let Some(variable) = index.variable(code) else { continue };
        let mut cited = cited::measurements(snapshot, scope, (index, variable)).await?;
        if node.variable.is_none() {
            // Of several variables each figure says what it counts.
            cited.facts.iter_mut().for_each(|fact| fact.value = format!("{code}: {}", fact.value));
        }
        all.facts.extend(cited.facts);
        all.count += cited.count;
    }
    all.facts.truncate(cited::MOST.into());
    Ok(all)
}
