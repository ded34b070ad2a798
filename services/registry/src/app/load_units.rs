//! Adds units and changes known ones.

use cchc_core::{Collector, EventId, UnitCode};
use cchc_kit::{outbox, units};
use cchc_scoring::catalogue::Unit;

use super::{Asked, Registry, RegistryError, is_repeat};
use crate::{
    domain::hierarchy::{self, Stored},
    events::tell,
    store::unit_versions,
};

/// What loading units came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UnitsLoaded {
    pub(crate) changed: usize,
    pub(crate) known: usize,
}

impl Registry {
    #[tracing::instrument(name = "app.units.load", skip_all, fields(unit.province = %province, units = loaded.len()))]
    pub(crate) async fn load_units(
        &self,
        asked: &Asked,
        province: &UnitCode,
        loaded: Vec<Unit>,
    ) -> Result<UnitsLoaded, RegistryError> {
        let mut tx = self.db.begin().await?;
        // Before the first write: whoever waits here gets its place in the order of events only after
        // whoever it waited for, so that events follow each other as the versions do.
        unit_versions::take_turn(&mut tx).await?;
        let is_repeat = is_repeat(&mut tx, asked).await?;
        let everywhere = units::list(&mut tx, None).await?;
        let known = units::list(&mut tx, Some(province)).await?;
        if is_repeat {
            return Ok(UnitsLoaded { changed: 0, known: known.len() });
        }
        let mut collector = Collector::new();
        let stored = Stored { everywhere: &everywhere, known: &known };
        let changed = hierarchy::changed(&mut collector, province, stored, loaded);
        let changed = collector.finish(Some(changed))?;
        if !changed.is_empty() {
            let (event_id, now) = (EventId::from(self.ids.next()), self.clock.now());
            units::save(&mut tx, &changed).await?;
            unit_versions::add(&mut tx, &changed, event_id, now).await?;
            let fact = tell::units_changed(province, &changed);
            outbox::record(&mut tx, event_id, &fact, now).await?;
        }
        let known = units::list(&mut tx, Some(province)).await?.len();
        tx.commit().await?;
        self.units.reload().await?;
        Ok(UnitsLoaded { changed: changed.len(), known })
    }
}
