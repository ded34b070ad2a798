//! Takes a published plan over: keeps it, expands it, and tells the assignments and the periodic reports owed.
//!
//! Runs in the transaction of whoever hears the plan, so that the plan is known exactly when its
//! assignments are.

use cchc_core::{Fault, IdSource, Kind};
use cchc_kit::{db::DbError, outbox, units};
use cchc_scoring::catalogue::{Plan, Unit};
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::scorecards;
use crate::{
    domain::{
        assignment::Assignment,
        expansion::{ExpansionError, expand},
        obligation::open,
    },
    events::tell,
    store::{assignments, catalogue, obligations},
};

/// Assignments told in one event: far below what the bus takes in one message.
const TOLD_AT_ONCE: usize = 500;

/// A plan was not taken over.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ExpandPlanError {
    /// Its units are not known as it needs them.
    #[error(transparent)]
    Expansion(#[from] ExpansionError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Fault for ExpandPlanError {
    fn kind(&self) -> Kind {
        match self {
            Self::Expansion(_) => Kind::Precondition,
            Self::Db(error) => error.kind(),
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Expansion(ExpansionError::ProvinceUnknown(_)) => "PROVINCE_UNKNOWN",
            Self::Expansion(ExpansionError::UnitUnknown { .. }) => "UNIT_UNKNOWN",
            Self::Db(error) => error.reason(),
        }
    }

    fn vietnamese(&self) -> String {
        match self {
            Self::Expansion(ExpansionError::ProvinceUnknown(province)) => {
                format!("chưa có danh sách đơn vị của tỉnh {province}")
            }
            Self::Expansion(ExpansionError::UnitUnknown { task, unit }) => {
                format!("nhiệm vụ {task} giao cho đơn vị {unit} chưa có trong danh sách")
            }
            Self::Db(error) => error.vietnamese(),
        }
    }
}

/// Keeps a plan and gives its tasks to the units they bind. Assignments that are known stay as they are
/// and are not told again.
#[tracing::instrument(name = "app.plan.expand", skip_all, fields(plan.code = %plan.code))]
pub(crate) async fn expand_plan(
    tx: &mut PgConnection,
    ids: &dyn IdSource,
    plan: &Plan,
    now: OffsetDateTime,
) -> Result<(), ExpandPlanError> {
    let units = units::list(tx, Some(&plan.province)).await?;
    let moves = assignments::moves(tx, &plan.code).await?;
    let mut assignments = expand(plan, &units, &moves, now)?;
    catalogue::save_plan(tx, plan).await?;
    let new = assignments::insert_new(tx, &assignments).await?;
    assignments.retain(|assignment| new.contains(&assignment.id));
    for told in assignments.chunks(TOLD_AT_ONCE) {
        tell_expanded(tx, ids, plan, told, now).await?;
    }
    tracing::info!(assignment_count = assignments.len(), "plan expanded");
    open_obligations(tx, ids, plan, (&units, now)).await?;
    Ok(())
}

/// Opens the periodic reports that the plan asks for; those that are known stay as they are.
async fn open_obligations(
    tx: &mut PgConnection,
    ids: &dyn IdSource,
    plan: &Plan,
    (units, now): (&[Unit], OffsetDateTime),
) -> Result<(), DbError> {
    let new = obligations::new_of(tx, open(plan, units, now)).await?;
    for told in new.chunks(TOLD_AT_ONCE) {
        let event_id = ids.next().into();
        obligations::insert(tx, told, event_id).await?;
        outbox::record(tx, event_id, &tell::obligations_opened(&plan.code, told), now).await?;
    }
    if !new.is_empty() {
        scorecards::renew(tx, || ids.next().into(), (plan, None), now).await?;
    }
    Ok(())
}

async fn tell_expanded(
    tx: &mut PgConnection,
    ids: &dyn IdSource,
    plan: &Plan,
    told: &[Assignment],
    now: OffsetDateTime,
) -> Result<(), DbError> {
    let event_id = ids.next().into();
    assignments::insert_assigned(tx, told, event_id, now).await?;
    outbox::record(tx, event_id, &tell::plan_expanded(&plan.code, told), now).await
}
