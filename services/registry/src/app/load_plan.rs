//! Writes a draft plan and says where it disagrees with itself. Findings do not stop it: a plan is
//! kept exactly as its authors wrote it. Only what cannot be scored at all is refused.

use std::collections::BTreeSet;

use cchc_core::{Collector, IndexCode};
use cchc_kit::units;
use cchc_scoring::{
    catalogue::{Index, Plan},
    plan::{self, Finding, Severity},
};
use sqlx::PgConnection;

use super::{Asked, Registry, RegistryError, etag_of, is_repeat};
use crate::{
    domain::document::{self, DocumentKind, Standing, State, Writing},
    store::documents::{self, Stored},
};

impl Registry {
    #[tracing::instrument(name = "app.plan.load", skip_all, fields(plan.code = %plan.code))]
    pub(crate) async fn load_plan(
        &self,
        asked: &Asked,
        plan: Plan,
    ) -> Result<(Standing, Vec<Finding>), RegistryError> {
        let kind = DocumentKind::Plan;
        let mut tx = self.db.begin().await?;
        let code = plan.code.to_string();
        let present = documents::lock::<Plan>(&mut tx, kind, &code).await?;
        let is_repeat = is_repeat(&mut tx, asked).await?;
        let etag = etag_of(&plan);
        let standing = present.as_ref().map(|stored| &stored.standing);
        let is_same = is_repeat || document::write(standing, &etag)? == Writing::Same;
        if let (true, Some(Stored { standing, findings, .. })) = (is_same, present) {
            tx.commit().await?;
            return Ok((standing, findings));
        }
        let findings = check(&mut tx, &plan).await?;
        let standing = Standing { kind, code, state: State::Draft, etag };
        let draft = Stored { standing, document: plan, findings };
        documents::save_draft(&mut tx, &draft, self.clock.now()).await?;
        tx.commit().await?;
        Ok((draft.standing, draft.findings))
    }
}

async fn check(tx: &mut PgConnection, plan: &Plan) -> Result<Vec<Finding>, RegistryError> {
    let mut indices = Vec::new();
    for code in indices_of(plan) {
        let stored = documents::find::<Index>(tx, DocumentKind::Index, code.as_str()).await?;
        if stored.as_ref().is_some_and(|stored| stored.standing.state == State::Retired) {
            return Err(RegistryError::IndexRetired(code.to_string()));
        }
        indices.extend(stored.map(|stored| stored.document));
    }
    let units = units::list(tx, Some(&plan.province)).await?;
    let findings = plan::check(plan, &indices, &units);
    let mut collector = Collector::new();
    for finding in findings.iter().filter(|finding| finding.severity == Severity::Error) {
        collector.refuse(
            &format!("plan({})", finding.subject),
            finding.kind.as_str(),
            finding.message_en.clone(),
            finding.message.clone(),
        );
    }
    Ok(collector.finish(Some(findings))?)
}

/// The indices a plan points at.
pub(super) fn indices_of(plan: &Plan) -> BTreeSet<&IndexCode> {
    let targets = plan.targets.iter().map(|target| &target.node.index);
    let baselines = plan.baselines.iter().map(|baseline| &baseline.node.index);
    let tasks = plan.tasks.iter().flat_map(|task| &task.nodes).map(|node| &node.index);
    targets.chain(baselines).chain(tasks).collect()
}
