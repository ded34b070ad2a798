//! Explaining a score: the same knowledge and the same rules as when it came about, with the facts and
//! events under it; live from the tables, or as of an instant from a recomputation.

use std::collections::BTreeMap;

use cchc_core::{NodeId, PlanCode};
use cchc_scoring::{
    catalogue::Node,
    plan::{Acknowledgement, FindingId},
};
use time::OffsetDateTime;

use super::{
    App, known,
    read::{ReadError, acknowledged, standing},
};
use crate::{
    domain::{
        catalogue::{Edition, Scope},
        explanation::{self, Explanation},
        ground::Grounds,
        leaf::Known,
        rollup,
        sheet::Sheet,
    },
    store::{cited, scores},
};

impl App {
    /// Explains the score of a node, as it is now or as it was at an instant. The same instant gives the
    /// same explanation for ever.
    #[tracing::instrument(name = "app.score.explain", skip_all, fields(plan.code = %plan, node.id = %id))]
    pub(crate) async fn explain(
        &self,
        plan: &PlanCode,
        id: &NodeId,
        as_of: Option<OffsetDateTime>,
    ) -> Result<Explanation, ReadError> {
        match as_of {
            None => self.explain_now(plan, id).await,
            Some(instant) => self.explain_as_of(plan, id, instant).await,
        }
    }

    async fn explain_now(&self, plan: &PlanCode, id: &NodeId) -> Result<Explanation, ReadError> {
        let mut snapshot = self.db.begin_snapshot().await?;
        let scope = self.scope_in(&mut snapshot, plan).await?;
        let (edition, node) = find(&scope, id)?;
        let of = (&edition.index, node);
        let sheet = scores::sheet(&mut snapshot, plan, &edition.index.code).await?;
        let known = if edition.is_scored(node) {
            known::read(&mut snapshot, &scope, of).await?
        } else {
            Known::Nothing
        };
        let grounds = cited::grounds(&mut snapshot, &scope, of, known).await?;
        let said = acknowledged(&mut snapshot, &scope).await?;
        Ok(explained(&scope, (edition, node), (&sheet, &grounds), said))
    }

    async fn explain_as_of(
        &self,
        plan: &PlanCode,
        id: &NodeId,
        instant: OffsetDateTime,
    ) -> Result<Explanation, ReadError> {
        let watermarks = self.numbers_at(instant).await?;
        let past = self.past(plan, watermarks).await?;
        let (scope, empty) = (&past.scope, Sheet::default());
        let (edition, node) = find(scope, id)?;
        let sheet = past.sheets.get(&edition.index.code).unwrap_or(&empty);
        let among = (&past.facts, &past.sums, &past.origins);
        let grounds = Grounds::among(among, scope, (&edition.index, node));
        let said = past.facts.acknowledgements.iter();
        let said = said.map(|((_, finding), said)| (finding.clone(), said.clone())).collect();
        let said = standing(scope, said);
        let explained = explained(scope, (edition, node), (sheet, &grounds), said);
        Ok(Explanation { as_of: Some(instant), ..explained })
    }
}

/// A node of the plan.
fn find<'a>(scope: &'a Scope, id: &NodeId) -> Result<(&'a Edition, &'a Node), ReadError> {
    let missing = || ReadError::NodeNotFound { plan: scope.plan.code.clone(), node: id.clone() };
    scope.node(id).ok_or_else(missing)
}

fn explained(
    scope: &Scope,
    of: (&Edition, &Node),
    (sheet, grounds): (&Sheet, &Grounds),
    mut acknowledged: BTreeMap<FindingId, Acknowledgement>,
) -> Explanation {
    let explained = explanation::explain(scope, of, sheet, grounds);
    let findings = rollup::concerning(&scope.findings, &explained.node)
        .map(|finding| (finding.clone(), acknowledged.remove(&finding.id())))
        .collect();
    Explanation { findings, ..explained }
}
