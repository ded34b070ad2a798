//! Takes what units measured.

use std::collections::BTreeMap;

use cchc_core::{UnitCode, Violations};
use cchc_kit::{db::DbError, outbox, units};
use cchc_scoring::catalogue::Unit;
use sqlx::PgConnection;

use super::intake::{Intake, Made};
use crate::{
    domain::{
        catalogue::{Definition, definition},
        change::{Change, Stamp},
        measurement::{Key, Measurement, MeasurementReport},
    },
    events::tell,
    store::{catalogue, measurements},
};

/// What measurements are decided against.
#[derive(Debug)]
pub(crate) struct Known {
    definitions: Vec<Definition>,
    units: BTreeMap<UnitCode, Unit>,
    present: BTreeMap<Key, Measurement>,
}

impl Intake for MeasurementReport {
    const METHOD: &'static str = "cchc.assignment.v1.MeasurementService/PushMeasurements";
    type Known = Known;
    type Version = Measurement;

    fn unit(&self) -> &UnitCode {
        &self.key.unit
    }

    async fn load(tx: &mut PgConnection, rows: &[&Self]) -> Result<Known, DbError> {
        let variables = rows.iter().map(|row| &row.key.variable);
        let definitions = catalogue::definitions(tx, variables).await?;
        let units = units::list(tx, None).await?;
        let present = measurements::present(tx, rows.iter().map(|row| &row.key)).await?;
        Ok(Known {
            definitions,
            units: units.into_iter().map(|unit| (unit.code.clone(), unit)).collect(),
            present: present.into_iter().map(|version| (version.key.clone(), version)).collect(),
        })
    }

    fn decide(&self, known: &Known, stamp: &Stamp) -> Result<Change<Measurement>, Violations> {
        let Key { variable, unit, period } = &self.key;
        let variable = definition(&known.definitions, variable, *period);
        self.decide(variable, known.units.get(unit), known.present.get(&self.key), stamp)
    }

    async fn save(tx: &mut PgConnection, made: &[Made<Measurement>]) -> Result<(), DbError> {
        measurements::insert_all(tx, made).await?;
        let fact = |(version, stamp): &Made<Measurement>| {
            (stamp.event_id, tell::measurement_recorded(version), stamp.at)
        };
        outbox::record_all(tx, &made.iter().map(fact).collect::<Vec<_>>()).await
    }

    fn learn(known: &mut Known, version: Measurement) {
        known.present.insert(version.key.clone(), version);
    }
}
