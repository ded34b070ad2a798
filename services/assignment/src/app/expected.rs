//! What units report for a period: what a form to be filled in is made of.

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::{Period, UnitCode, VariableCode};
use cchc_kit::{db::DbError, units};
use cchc_scoring::catalogue::Variable;

use super::{App, Listed};
use crate::{
    domain::{
        catalogue::definition,
        measurement::{Key, Measurement, is_expected},
    },
    store::{catalogue, measurements},
};

/// A variable that a unit reports for a period.
#[derive(Debug)]
pub(crate) struct Expected {
    pub(crate) unit: UnitCode,
    pub(crate) unit_name: String,
    pub(crate) variable: Variable,
    /// What was reported so far.
    pub(crate) present: Option<Measurement>,
}

impl App {
    /// Lists what a unit and those below it report for a period, by unit and variable.
    pub(crate) async fn expected_measurements(
        &self,
        within: &UnitCode,
        period: Period,
        after: Option<&(UnitCode, VariableCode)>,
        size: i64,
    ) -> Result<Listed<Expected>, DbError> {
        let mut tx = self.db.begin_snapshot().await?;
        let definitions = catalogue::every_definition(&mut tx).await?;
        let codes: BTreeSet<&VariableCode> =
            definitions.iter().map(|of| &of.variable.code).collect();
        let variables: Vec<&Variable> =
            codes.into_iter().filter_map(|code| definition(&definitions, code, period)).collect();
        let units = units::list(&mut tx, Some(within)).await?;
        let limit = usize::try_from(size).unwrap_or(usize::MAX).saturating_add(1);
        let pairs: Vec<_> = units
            .iter()
            .flat_map(|unit| variables.iter().map(move |variable| (unit, *variable)))
            .filter(|(unit, variable)| {
                after.is_none_or(|(u, v)| (&unit.code, &variable.code) > (u, v))
                    && is_expected(variable, unit, period)
            })
            .take(limit)
            .collect();
        let keys: Vec<Key> = pairs
            .iter()
            .map(|(unit, variable)| Key {
                variable: variable.code.clone(),
                unit: unit.code.clone(),
                period,
            })
            .collect();
        let present = measurements::present(&mut tx, &keys).await?;
        let mut present: BTreeMap<Key, Measurement> =
            present.into_iter().map(|version| (version.key.clone(), version)).collect();
        let items = pairs.into_iter().zip(&keys).map(|((unit, variable), key)| Expected {
            unit: unit.code.clone(),
            unit_name: unit.name.clone(),
            variable: variable.clone(),
            present: present.remove(key),
        });
        Ok(Listed::cut(items.collect(), size))
    }
}
