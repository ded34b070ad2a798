//! Reading: the one way to a rollup, for the call, the watch, the page and the file (P11).

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use cchc_core::{IndexCode, PlanCode, VariableCode, civil_date};
use cchc_kit::db::DbError;
use cchc_scoring::plan::{Acknowledgement, Finding, FindingId};
use sqlx::PgConnection;

pub(crate) use super::error::ReadError;
use super::{App, checksum};
use crate::{
    domain::{
        canon,
        catalogue::Scope,
        delivery::Delivery,
        fact::MeasurementKey,
        facts::Reports,
        own::{self, OwnScores},
        rollup::{self, Beside, Moment, Rollup, TaskSummary, Watermark},
        sheet::Sheet,
    },
    store::{
        acknowledgements, assignments, flagged, measurements, outlooks, quarantined,
        rollups::{self, Revision},
        scorecards, scores, watermarks,
    },
};

/// The newest rollup of each plan that somebody asked for: most are asked for again before they change.
#[derive(Debug, Default)]
pub(super) struct Kept(Mutex<BTreeMap<PlanCode, Arc<Rollup>>>);

impl Kept {
    /// The rollup at a revision and with watermarks, if it is kept.
    fn get(&self, plan: &PlanCode, revision: i64, watermarks: &[Watermark]) -> Option<Arc<Rollup>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let rollup = kept.get_mut(plan).filter(|rollup| rollup.moment.revision() == revision)?;
        if rollup.watermarks != watermarks {
            // Facts that score nothing move the watermarks alone.
            *rollup =
                Arc::new(Rollup { watermarks: watermarks.to_vec(), ..rollup.as_ref().clone() });
        }
        Some(Arc::clone(rollup))
    }

    fn put(&self, rollup: &Arc<Rollup>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(rollup.plan.clone(), Arc::clone(rollup));
    }
}

impl App {
    /// A plan with everything it speaks of.
    pub(crate) async fn scope(&self, plan: &PlanCode) -> Result<Arc<Scope>, ReadError> {
        let mut snapshot = self.db.begin_snapshot().await?;
        self.scope_in(&mut snapshot, plan).await
    }

    /// The rollup of a plan as it is now.
    #[tracing::instrument(name = "app.rollup.read", skip_all, fields(plan.code = %plan))]
    pub(crate) async fn rollup(&self, plan: &PlanCode) -> Result<Arc<Rollup>, ReadError> {
        if let Some(rollup) = self.kept(plan).await? {
            return Ok(rollup);
        }
        let mut snapshot = self.db.begin_snapshot().await?;
        let revision = revision_of(&mut snapshot, plan).await?;
        let watermarks = watermarks::list(&mut snapshot).await?;
        let scope = self.scope_in(&mut snapshot, plan).await?;
        let rollup = Arc::new(build(&mut snapshot, &scope, revision, watermarks).await?);
        self.kept.put(&rollup);
        Ok(rollup)
    }

    /// The present rollup of a plan, if it is kept: then one statement is all there is to do.
    async fn kept(&self, plan: &PlanCode) -> Result<Option<Arc<Rollup>>, ReadError> {
        let mut conn = self.db.pool().acquire().await.map_err(DbError::from)?;
        let standing = rollups::standing(&mut conn, plan).await?;
        let (revision, watermarks) =
            standing.ok_or_else(|| ReadError::PlanNotFound(plan.clone()))?;
        Ok(self.kept.get(plan, revision.number, &watermarks))
    }

    /// The number of the present rollup of a plan.
    pub(super) async fn revision(&self, plan: &PlanCode) -> Result<i64, ReadError> {
        let mut conn = self.db.pool().acquire().await.map_err(DbError::from)?;
        Ok(revision_of(&mut conn, plan).await?.number)
    }

    pub(super) async fn scope_in(
        &self,
        snapshot: &mut PgConnection,
        plan: &PlanCode,
    ) -> Result<Arc<Scope>, ReadError> {
        let catalogue = self.catalogues.read(snapshot).await?;
        catalogue.scope(plan).cloned().ok_or_else(|| ReadError::PlanNotFound(plan.clone()))
    }
}

pub(super) async fn revision_of(
    conn: &mut PgConnection,
    plan: &PlanCode,
) -> Result<Revision, ReadError> {
    let revision = rollups::revision(conn, plan).await?;
    revision.ok_or_else(|| ReadError::PlanNotFound(plan.clone()))
}

/// How the assignments of a plan stand.
pub(super) async fn delivery(
    snapshot: &mut PgConnection,
    scope: &Scope,
) -> Result<Delivery, DbError> {
    let plan = &scope.plan;
    let pieces = assignments::pieces(snapshot, &plan.code).await?;
    let cards = scorecards::of_plan(snapshot, &plan.code).await?;
    Ok(Delivery::of(plan, pieces, |unit| cards.get(unit).map(|card| &card.content)))
}

async fn build(
    snapshot: &mut PgConnection,
    scope: &Scope,
    revision: Revision,
    watermarks: Vec<Watermark>,
) -> Result<Rollup, DbError> {
    let plan = &scope.plan.code;
    let beside = Beside {
        own: own_scores(snapshot, scope).await?,
        quarantined: quarantined::by_node(snapshot, plan).await?,
        flagged: flagged::by_node(snapshot, plan).await?,
        shortfalls: outlooks::by_node(snapshot, plan).await?,
        delivery: delivery(snapshot, scope).await?,
    };
    let state = State {
        sheets: scores::sheets(snapshot, plan).await?,
        beside,
        acknowledged: acknowledged(snapshot, scope).await?,
        tasks: assignments::summary(snapshot, plan, civil_date(revision.time)).await?,
        watermarks,
    };
    let moment = Moment::Live { revision: revision.number, time: revision.time };
    Ok(put_together(scope, moment, state))
}

/// Everything of a plan that a rollup shows, however it was come by.
pub(super) struct State {
    pub(super) sheets: BTreeMap<IndexCode, Sheet>,
    pub(super) beside: Beside,
    pub(super) acknowledged: BTreeMap<FindingId, Acknowledgement>,
    pub(super) tasks: TaskSummary,
    pub(super) watermarks: Vec<Watermark>,
}

/// Puts a state beside what was promised.
pub(super) fn put_together(scope: &Scope, moment: Moment, state: State) -> Rollup {
    let plan = &scope.plan;
    let State { sheets, beside, acknowledged, tasks, watermarks } = state;
    let indices = rollup::indices(scope, &sheets, &beside);
    Rollup {
        plan: plan.code.clone(),
        province: plan.province.clone(),
        province_name: scope.name_of(&plan.province).to_owned(),
        year: plan.year,
        title: plan.title.clone(),
        moment,
        checksum: checksum::of_lines(&canon::scored(&indices)),
        indices,
        findings: scope.findings.clone(),
        acknowledged: standing(scope, acknowledged),
        tasks: TaskSummary { tasks: plan.tasks.len(), ..tasks },
        watermarks,
    }
}

/// The scores of the units that have targets of their own, from what they reported.
async fn own_scores(snapshot: &mut PgConnection, scope: &Scope) -> Result<OwnScores, DbError> {
    let mut scores = OwnScores::new();
    for asked in own::asked(scope) {
        let mut reports: BTreeMap<VariableCode, Reports> = BTreeMap::new();
        let versions = measurements::of_units(snapshot, &asked.reports().collect()).await?;
        for (MeasurementKey { variable, period, .. }, version) in versions {
            if let Some(reported) = version.reported {
                reports.entry(variable).or_default().insert(period, reported);
            }
        }
        scores.extend(asked.score(scope, |_, code| reports.get(code).cloned().unwrap_or_default()));
    }
    Ok(scores)
}

/// The acknowledgements of the findings that a plan has, without those that were taken back.
pub(super) async fn acknowledged(
    snapshot: &mut PgConnection,
    scope: &Scope,
) -> Result<BTreeMap<FindingId, Acknowledgement>, DbError> {
    Ok(standing(scope, acknowledgements::of_plan(snapshot, &scope.plan.code).await?))
}

/// Those of the acknowledgements that hold: of a finding that there is, and not taken back.
pub(super) fn standing(
    scope: &Scope,
    mut known: BTreeMap<FindingId, Acknowledgement>,
) -> BTreeMap<FindingId, Acknowledgement> {
    let present: BTreeSet<FindingId> = scope.findings.iter().map(Finding::id).collect();
    known.retain(|finding, said| !said.is_revoked && present.contains(finding));
    known
}
