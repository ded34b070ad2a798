//! Records one decision that changes units: a merger, a split, a move, another name, an abolition.

use cchc_core::{Collector, EventId, UnitCode};
use cchc_kit::{db::Tx, outbox, units};
use cchc_scoring::{catalogue::Unit, hierarchy::UnitChange};

use super::{Asked, Registry, RegistryError, etag_of, is_repeat};
use crate::{
    domain::hierarchy::{self, Stored},
    events::tell,
    store::unit_versions,
};

/// What recording units came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UnitsRecorded {
    pub(crate) changed: usize,
    pub(crate) known: usize,
    /// Names what is recorded of the province's units.
    pub(crate) etag: String,
}

impl UnitsRecorded {
    /// Nothing changed: the units are those that are known.
    pub(super) fn nothing(known: &[Unit]) -> Self {
        Self { changed: 0, known: known.len(), etag: etag_of(&known) }
    }
}

impl Registry {
    #[tracing::instrument(name = "app.units.change", skip_all, fields(unit.province = %province))]
    pub(crate) async fn record_unit_change(
        &self,
        asked: &Asked,
        province: &UnitCode,
        change: &UnitChange,
        etag: &str,
    ) -> Result<UnitsRecorded, RegistryError> {
        let mut tx = self.db.begin().await?;
        unit_versions::take_turn(&mut tx).await?;
        let is_repeat = is_repeat(&mut tx, asked).await?;
        let everywhere = units::list(&mut tx, None).await?;
        let known = units::list(&mut tx, Some(province)).await?;
        let present = UnitsRecorded::nothing(&known);
        if is_repeat {
            return Ok(present);
        }
        // Who only moves or renames may go without; who read something else decided upon something else.
        if !etag.is_empty() && etag != present.etag {
            let province = province.clone();
            return Err(RegistryError::UnitsChanged { province, etag: present.etag });
        }
        let mut collector = Collector::new();
        let stored = Stored { everywhere: &everywhere, known: &known };
        let changed = hierarchy::make(&mut collector, province, stored, change);
        let changed = collector.finish(Some(changed))?;
        self.record_units(tx, province, &changed).await
    }

    /// Adds a version of each unit that changed, and tells of them.
    pub(super) async fn record_units(
        &self,
        mut tx: Tx,
        province: &UnitCode,
        changed: &[Unit],
    ) -> Result<UnitsRecorded, RegistryError> {
        if !changed.is_empty() {
            let (event_id, now) = (EventId::from(self.ids.next()), self.clock.now());
            units::save(&mut tx, changed).await?;
            unit_versions::add(&mut tx, changed, event_id, now).await?;
            let fact = tell::units_changed(province, changed);
            outbox::record(&mut tx, event_id, &fact, now).await?;
        }
        let known = units::list(&mut tx, Some(province)).await?;
        tx.commit().await?;
        self.units.reload().await?;
        Ok(UnitsRecorded { changed: changed.len(), ..UnitsRecorded::nothing(&known) })
    }
}
