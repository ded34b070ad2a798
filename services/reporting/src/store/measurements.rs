//! What units report, and the sums over them.

use std::collections::BTreeMap;

use cchc_core::{Decimal, IndexCode, Period, PlanCode, Quantity, UnitCode, VariableCode};
use cchc_kit::db::DbError;
use cchc_scoring::variable::{Reported, Sum};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{parse, quantity};
use crate::domain::fact::{Measurement, MeasurementKey, Origin};

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

/// The present version of everything a unit said of a variable, by period.
pub(crate) async fn of_unit(
    tx: &mut PgConnection,
    unit: &UnitCode,
    variable: &VariableCode,
) -> Result<BTreeMap<Period, Measurement>, DbError> {
    let rows = sqlx::query_as!(
        Row,
        r#"select unit_code, variable_code, period, version, measurement_id, numerator, denominator, evidence
           from reporting.measurements where unit_code = $1 and variable_code = $2"#,
        unit.as_str(),
        variable.as_str(),
    );
    let versions = rows.fetch_all(tx).await?.into_iter().map(|row| {
        let version = Measurement::try_from(row)?;
        Ok((version.key.period, version))
    });
    versions.collect()
}

/// Puts a version in the place of the one before.
pub(crate) async fn save(
    tx: &mut PgConnection,
    measurement: &Measurement,
    origin: Origin,
) -> Result<(), DbError> {
    let reported = measurement.reported;
    sqlx::query!(
        r#"insert into reporting.measurements (unit_code, variable_code, period, version, measurement_id,
               numerator, denominator, evidence, event_id, sequence)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
           on conflict (unit_code, variable_code, period) do update set
               version = excluded.version, measurement_id = excluded.measurement_id,
               numerator = excluded.numerator, denominator = excluded.denominator,
               evidence = excluded.evidence, event_id = excluded.event_id, sequence = excluded.sequence"#,
        measurement.key.unit.as_str(),
        measurement.key.variable.as_str(),
        measurement.key.period.to_string(),
        measurement.version,
        measurement.id.as_uuid(),
        reported.map(|reported| reported.numerator.get()),
        reported.and_then(|reported| reported.denominator).map(Quantity::get),
        measurement.evidence,
        origin.event_id.as_uuid(),
        origin.sequence,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Moves a sum by a difference, and hands back what it comes to.
pub(crate) async fn shift(
    tx: &mut PgConnection,
    plan: &PlanCode,
    (index, variable): (&IndexCode, &VariableCode),
    difference: Sum,
) -> Result<Sum, DbError> {
    let row = sqlx::query!(
        r#"insert into reporting.variable_sums as present
               (plan_code, index_code, variable_code, numerator, denominator, reported_count,
                partial_count)
           values ($1, $2, $3, $4, $5, $6, $7)
           on conflict (plan_code, index_code, variable_code) do update set
               numerator = present.numerator + excluded.numerator,
               denominator = present.denominator + excluded.denominator,
               reported_count = present.reported_count + excluded.reported_count,
               partial_count = present.partial_count + excluded.partial_count
           returning numerator, denominator, reported_count, partial_count"#,
        plan.as_str(),
        index.as_str(),
        variable.as_str(),
        difference.numerator,
        difference.denominator,
        difference.reported,
        difference.partial,
    )
    .fetch_one(tx)
    .await?;
    Ok(sum(row.numerator, row.denominator, (row.reported_count, row.partial_count)))
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
