//! Learning what units reported: the sums move by the difference that all reports of a batch make.
//!
//! ```text
//!   versions known ─► newer ones stored ─► figures of the units concerned, before and after ─► sums shifted
//! ```

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::{NodeId, UnitCode, VariableCode};
use cchc_kit::db::DbError;
use cchc_scoring::{
    catalogue::{Node, Source},
    variable::Sum,
};
use sqlx::PgConnection;

use super::{Changed, score::Touched};
use crate::{
    domain::{
        batch::Newest,
        catalogue::{Catalogue, Edition, Scope},
        fact::{Measurement, MeasurementKey, Told, supersedes},
        facts::Reports,
        own,
    },
    store::measurements,
};

/// What units reported, by variable.
type Reported<'a> = BTreeMap<&'a VariableCode, BTreeMap<&'a UnitCode, Reports>>;

/// Learns measurements, and notes the nodes to be scored again and the plans that show something else.
pub(super) async fn learn(
    tx: &mut PgConnection,
    catalogue: &Catalogue,
    told: &Newest<MeasurementKey, Measurement>,
    (touched, changed): (&mut Touched, &mut Changed),
) -> Result<(), DbError> {
    let known = known(tx, catalogue, told.keys()).await?;
    let newer: Vec<&Told<Measurement>> = told
        .values()
        .filter(|new| {
            let old = known.get(&new.fact.key).map(|old| old.version);
            supersedes(new.fact.version, old)
        })
        .collect();
    if newer.is_empty() {
        return Ok(());
    }
    measurements::save(tx, &newer).await?;
    let mut after: BTreeMap<&MeasurementKey, &Measurement> = known.iter().collect();
    let before = reported(&after);
    after.extend(newer.iter().map(|new| (&new.fact.key, &new.fact)));
    let after = reported(&after);
    let mut reporting: BTreeMap<&VariableCode, BTreeSet<&UnitCode>> = BTreeMap::new();
    for Told { fact: Measurement { key, .. }, .. } in &newer {
        reporting.entry(&key.variable).or_default().insert(&key.unit);
    }
    for (code, units) in &reporting {
        for scope in catalogue.scopes() {
            for node in moved(tx, scope, (code, units), (&before, &after)).await? {
                touched.touch(&scope.plan.code, node);
            }
            // A unit may move by itself where the province does not.
            let is_own =
                |(unit, of): (&UnitCode, &VariableCode)| of == *code && units.contains(unit);
            if own::asked(scope).any(|asked| asked.reports().any(is_own)) {
                changed.insert(scope.plan.code.clone());
            }
        }
    }
    Ok(())
}

/// The present versions of what the units said, and of those on whose reports the worth of theirs depends: whom
/// they took the place of, and who took theirs. There are none of those but in a year of mergers and splits.
async fn known(
    tx: &mut PgConnection,
    catalogue: &Catalogue,
    keys: impl Iterator<Item = &MeasurementKey>,
) -> Result<BTreeMap<MeasurementKey, Measurement>, DbError> {
    let said: BTreeSet<(&UnitCode, &VariableCode)> =
        keys.map(|key| (&key.unit, &key.variable)).collect();
    let mut asked = said.clone();
    for (unit, code) in said {
        for (scope, ..) in catalogue.counting(unit, code) {
            asked.extend(scope.kin(unit).into_iter().map(|kin| (kin, code)));
        }
    }
    measurements::of_units(tx, &asked).await
}

/// What stands of versions, without the reports that were taken back.
fn reported<'a>(versions: &BTreeMap<&'a MeasurementKey, &'a Measurement>) -> Reported<'a> {
    let mut all = Reported::new();
    for (key, version) in versions {
        let of = all.entry(&key.variable).or_default().entry(&key.unit).or_default();
        if let Some(reported) = version.reported {
            of.insert(key.period, reported);
        }
    }
    all
}

/// Moves the sums of a variable in a plan by what units report otherwise, and names the nodes that rest on those
/// that moved.
async fn moved(
    tx: &mut PgConnection,
    scope: &Scope,
    (code, units): (&VariableCode, &BTreeSet<&UnitCode>),
    (before, after): (&Reported<'_>, &Reported<'_>),
) -> Result<Vec<NodeId>, DbError> {
    let of = |all: &Reported<'_>, unit: &UnitCode| {
        all.get(code).and_then(|by_unit| by_unit.get(unit)).cloned().unwrap_or_default()
    };
    let mut nodes = Vec::new();
    for edition in &scope.indices {
        let index = &edition.index;
        let Some(variable) = index.variable(code) else { continue };
        let (was, is) = (|unit: &UnitCode| of(before, unit), |unit: &UnitCode| of(after, unit));
        let difference = scope.moved((index, variable), units, was, is);
        if difference != Sum::default() {
            measurements::shift(tx, &scope.plan.code, (&index.code, code), difference).await?;
            nodes.extend(resting_on(edition, code).map(|node| index.id(&node.code)));
        }
    }
    Ok(nodes)
}

/// The nodes of an index that rest on a variable.
fn resting_on<'a>(edition: &'a Edition, code: &'a VariableCode) -> impl Iterator<Item = &'a Node> {
    edition.scored().filter(move |node| {
        node.source == Source::Administrative && node.variables().any(|variable| variable == code)
    })
}
