//! What units report, and the sums over them.

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::{Decimal, IndexCode, PlanCode, Quantity, UnitCode, VariableCode};
use cchc_kit::db::DbError;
use cchc_scoring::variable::{Reported, Sum};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{parse, quantity};
use crate::domain::fact::{Measurement, MeasurementKey, Told};

const TABLE: &str = "measurements";

/// A measurement as it is stored.
pub(super) struct Row {
    pub(super) unit_code: String,
    pub(super) variable_code: String,
    pub(super) period: String,
    pub(super) version: i64,
    pub(super) measurement_id: Uuid,
    pub(super) numerator: Option<Decimal>,
    pub(super) denominator: Option<Decimal>,
    pub(super) evidence: String,
}

impl TryFrom<Row> for Measurement {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let denominator = row.denominator.map(|whole| quantity(TABLE, "denominator", whole));
        let denominator = denominator.transpose()?;
        let numerator = row.numerator.map(|part| quantity(TABLE, "numerator", part)).transpose()?;
        Ok(Self {
            id: row.measurement_id.into(),
            key: MeasurementKey {
                unit: parse(TABLE, "unit_code", &row.unit_code)?,
                variable: parse(TABLE, "variable_code", &row.variable_code)?,
                period: parse(TABLE, "period", &row.period)?,
            },
            version: row.version,
            reported: numerator.map(|numerator| Reported { numerator, denominator }),
            evidence: row.evidence,
        })
    }
}

/// The present version of everything that units said of variables.
pub(crate) async fn of_units(
    tx: &mut PgConnection,
    asked: &BTreeSet<(&UnitCode, &VariableCode)>,
) -> Result<BTreeMap<MeasurementKey, Measurement>, DbError> {
    let (units, variables): (Vec<String>, Vec<String>) =
        asked.iter().map(|(unit, variable)| (unit.to_string(), variable.to_string())).unzip();
    let rows = sqlx::query_as!(
        Row,
        r#"select unit_code as "unit_code!", variable_code as "variable_code!", period, version, measurement_id,
                  numerator, denominator, evidence
           from unnest($1::text[], $2::text[]) as asked (unit_code, variable_code)
               join reporting.measurements using (unit_code, variable_code)"#,
        &units,
        &variables,
    );
    let versions = rows.fetch_all(tx).await?.into_iter().map(|row| {
        let version = Measurement::try_from(row)?;
        Ok((version.key.clone(), version))
    });
    versions.collect()
}

/// Puts versions in the place of those before.
pub(crate) async fn save(
    tx: &mut PgConnection,
    newer: &[&Told<Measurement>],
) -> Result<(), DbError> {
    let columns = Columns::of(newer);
    sqlx::query!(
        r#"insert into reporting.measurements (unit_code, variable_code, period, version, measurement_id,
               numerator, denominator, evidence, event_id, sequence)
           select * from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::uuid[],
               $6::numeric[], $7::numeric[], $8::text[], $9::uuid[], $10::bigint[])
           on conflict (unit_code, variable_code, period) do update set
               version = excluded.version, measurement_id = excluded.measurement_id,
               numerator = excluded.numerator, denominator = excluded.denominator,
               evidence = excluded.evidence, event_id = excluded.event_id, sequence = excluded.sequence"#,
        &columns.units,
        &columns.variables,
        &columns.periods,
        &columns.versions,
        &columns.ids,
        &columns.numerators as &[Option<Decimal>],
        &columns.denominators as &[Option<Decimal>],
        &columns.evidence,
        &columns.events,
        &columns.sequences,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Measurements by column, as an array statement takes them.
#[derive(Default)]
struct Columns {
    units: Vec<String>,
    variables: Vec<String>,
    periods: Vec<String>,
    versions: Vec<i64>,
    ids: Vec<Uuid>,
    numerators: Vec<Option<Decimal>>,
    denominators: Vec<Option<Decimal>>,
    evidence: Vec<String>,
    events: Vec<Uuid>,
    sequences: Vec<i64>,
}

impl Columns {
    fn of(newer: &[&Told<Measurement>]) -> Self {
        let mut columns = Self::default();
        for Told { fact, origin } in newer {
            let reported = fact.reported;
            columns.units.push(fact.key.unit.to_string());
            columns.variables.push(fact.key.variable.to_string());
            columns.periods.push(fact.key.period.to_string());
            columns.versions.push(fact.version);
            columns.ids.push(fact.id.as_uuid());
            columns.numerators.push(reported.map(|reported| reported.numerator.get()));
            let whole = reported.and_then(|reported| reported.denominator);
            columns.denominators.push(whole.map(Quantity::get));
            columns.evidence.push(fact.evidence.clone());
            columns.events.push(origin.event_id.as_uuid());
            columns.sequences.push(origin.sequence);
        }
        columns
    }
}

/// Moves a sum by a difference.
pub(crate) async fn shift(
    tx: &mut PgConnection,
    plan: &PlanCode,
    (index, variable): (&IndexCode, &VariableCode),
    difference: Sum,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into reporting.variable_sums as present
               (plan_code, index_code, variable_code, numerator, denominator, reported_count,
                partial_count)
           values ($1, $2, $3, $4, $5, $6, $7)
           on conflict (plan_code, index_code, variable_code) do update set
               numerator = present.numerator + excluded.numerator,
               denominator = present.denominator + excluded.denominator,
               reported_count = present.reported_count + excluded.reported_count,
               partial_count = present.partial_count + excluded.partial_count"#,
        plan.as_str(),
        index.as_str(),
        variable.as_str(),
        difference.numerator,
        difference.denominator,
        difference.reported,
        difference.partial,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// The present sum of a variable; nothing when nobody has reported.
pub(crate) async fn sum_of(
    conn: &mut PgConnection,
    plan: &PlanCode,
    (index, variable): (&IndexCode, &VariableCode),
) -> Result<Sum, DbError> {
    let row = sqlx::query!(
        r#"select numerator, denominator, reported_count, partial_count from reporting.variable_sums
           where plan_code = $1 and index_code = $2 and variable_code = $3"#,
        plan.as_str(),
        index.as_str(),
        variable.as_str(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map_or_else(Sum::default, |row| {
        sum(row.numerator, row.denominator, (row.reported_count, row.partial_count))
    }))
}

pub(super) fn sum(
    numerator: Decimal,
    denominator: Decimal,
    (reported, partial): (i64, i64),
) -> Sum {
    let (numerator, denominator) = (numerator.normalize(), denominator.normalize());
    Sum { numerator, denominator, reported, partial }
}
