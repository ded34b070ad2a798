//! The registry's facts as they stood at a number: units, then indices, then plans, then
//! what somebody said of their findings, then results and crosswalks.

use cchc_core::{EventId, UnitCode};
use cchc_kit::{
    db::DbError,
    source::{FactSender, Facts},
};
use cchc_scoring::catalogue::{Crosswalk, Index, Plan, Unit};
use futures::future::BoxFuture;
use sqlx::PgConnection;

use super::tell;
use crate::{
    domain::document::DocumentKind,
    store::{acknowledgements, documents, results, unit_versions},
};

/// Exports what was published.
#[derive(Debug)]
pub(crate) struct Export;

impl Facts for Export {
    fn export<'a>(
        &'a self,
        tx: &'a mut PgConnection,
        as_of: i64,
        out: &'a FactSender,
    ) -> BoxFuture<'a, Result<(), DbError>> {
        Box::pin(async move {
            let units = unit_versions::as_of(tx, as_of).await?;
            for (event_id, unit) in &units {
                let province = province_of(&units, unit);
                let fact = tell::units_changed(&province, std::slice::from_ref(unit));
                out.send(EventId::from(*event_id), &fact).await;
            }
            let indices =
                documents::published_as_of::<Index>(tx, DocumentKind::Index, as_of).await?;
            for (event_id, index, _) in indices {
                out.send(EventId::from(event_id), &tell::index_published(&index)).await;
            }
            let plans = documents::published_as_of::<Plan>(tx, DocumentKind::Plan, as_of).await?;
            for (event_id, plan, findings) in plans {
                out.send(EventId::from(event_id), &tell::plan_published(&plan, &findings)).await;
            }
            for (event_id, said) in acknowledgements::as_of(tx, as_of).await? {
                out.send(EventId::from(event_id), &tell::finding_acknowledged(&said)).await;
            }
            for (event_id, recorded) in results::as_of(tx, as_of).await? {
                let fact = tell::results_published(&recorded.results, recorded.revision);
                out.send(EventId::from(event_id), &fact).await;
            }
            let kind = DocumentKind::Crosswalk;
            let crosswalks = documents::published_as_of::<Crosswalk>(tx, kind, as_of).await?;
            for (event_id, crosswalk, _) in crosswalks {
                let fact = tell::crosswalk_published(&crosswalk);
                out.send(EventId::from(event_id), &fact).await;
            }
            Ok(())
        })
    }
}

/// Walks up to the unit that has none above it; no further than there are units.
fn province_of(units: &[(uuid::Uuid, Unit)], unit: &Unit) -> UnitCode {
    let mut at = unit;
    for _ in units {
        let above = at.parent.as_ref().and_then(|parent| {
            units.iter().map(|(_, unit)| unit).find(|unit| unit.code == *parent)
        });
        match above {
            Some(above) => at = above,
            None => break,
        }
    }
    at.code.clone()
}
