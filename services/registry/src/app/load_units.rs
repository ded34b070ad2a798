//! Adds units and puts known ones in the place of what was recorded of them.

use cchc_core::{Collector, UnitCode};
use cchc_kit::units;

use super::{Asked, Registry, RegistryError, is_repeat, record_unit_change::UnitsRecorded};
use crate::{
    domain::hierarchy::{self, Load, Stored},
    store::unit_versions,
};

impl Registry {
    #[tracing::instrument(name = "app.units.load", skip_all, fields(unit.province = %province, units = load.units.len()))]
    pub(crate) async fn load_units(
        &self,
        asked: &Asked,
        province: &UnitCode,
        load: Load,
    ) -> Result<UnitsRecorded, RegistryError> {
        let mut tx = self.db.begin().await?;
        // Before the first write: whoever waits here gets its place in the order of events only after
        // whoever it waited for, so that events follow each other as the versions do.
        unit_versions::take_turn(&mut tx).await?;
        let is_repeat = is_repeat(&mut tx, asked).await?;
        let everywhere = units::list(&mut tx, None).await?;
        let known = units::list(&mut tx, Some(province)).await?;
        if is_repeat {
            return Ok(UnitsRecorded::nothing(&known));
        }
        let mut collector = Collector::new();
        let stored = Stored { everywhere: &everywhere, known: &known };
        let changed = hierarchy::changed(&mut collector, province, stored, load);
        let changed = collector.finish(Some(changed))?;
        self.record_units(tx, province, &changed).await
    }
}
