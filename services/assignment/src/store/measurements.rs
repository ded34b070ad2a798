//! Measurements, every version.

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::{Decimal, EventId, Quantity, UnitCode, VariableCode, Year};
use cchc_kit::db::DbError;
use futures::{Stream, StreamExt as _};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Page, parsed, quantity};
use crate::domain::{
    change::Stamp,
    measurement::{Content, Key, Measurement},
};

const TABLE: &str = "assignment.measurements";

struct Row {
    variable_code: String,
    unit_code: String,
    period: String,
    version: i64,
    measurement_id: Uuid,
    numerator: Option<Decimal>,
    denominator: Option<Decimal>,
    evidence: String,
    reporter: String,
    record_time: OffsetDateTime,
    event_id: Uuid,
}

impl TryFrom<Row> for Measurement {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let denominator =
            row.denominator.map(|value| quantity(TABLE, "denominator", value)).transpose()?;
        // A check of the table ties the absence of the numerator to the retraction.
        let content = match row.numerator {
            None => Content::Retracted,
            Some(value) => {
                Content::Reported { numerator: quantity(TABLE, "numerator", value)?, denominator }
            }
        };
        Ok(Self {
            id: row.measurement_id.into(),
            key: Key {
                variable: parsed(TABLE, "variable_code", &row.variable_code)?,
                unit: parsed(TABLE, "unit_code", &row.unit_code)?,
                period: parsed(TABLE, "period", &row.period)?,
            },
            version: row.version,
            content,
            evidence: row.evidence,
            reporter: row.reporter,
            at: row.record_time,
        })
    }
}

/// Stores versions, each with the event that tells it.
pub(crate) async fn insert_all(
    tx: &mut PgConnection,
    made: &[(Measurement, Stamp)],
) -> Result<(), DbError> {
    let texts = |of: fn(&Measurement) -> String| -> Vec<String> {
        made.iter().map(|(version, _)| of(version)).collect()
    };
    let numbers = |of: fn(&Measurement) -> Option<Quantity>| -> Vec<Option<Decimal>> {
        made.iter().map(|(version, _)| of(version).map(Quantity::get)).collect()
    };
    let versions: Vec<i64> = made.iter().map(|(version, _)| version.version).collect();
    let ids: Vec<Uuid> = made.iter().map(|(version, _)| version.id.as_uuid()).collect();
    let times: Vec<OffsetDateTime> = made.iter().map(|(version, _)| version.at).collect();
    let events: Vec<Uuid> = made.iter().map(|(_, stamp)| stamp.event_id.as_uuid()).collect();
    sqlx::query!(
        r#"insert into assignment.measurements
               (variable_code, unit_code, period, version, measurement_id, numerator, denominator,
                is_retracted, evidence, reporter, record_time, event_id)
           select variable_code, unit_code, period, version, measurement_id, numerator, denominator,
                  numerator is null, evidence, reporter, record_time, event_id
           from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::uuid[], $6::numeric[],
                       $7::numeric[], $8::text[], $9::text[], $10::timestamptz[], $11::uuid[])
                as made (variable_code, unit_code, period, version, measurement_id, numerator,
                         denominator, evidence, reporter, record_time, event_id)"#,
        &texts(|of| of.key.variable.to_string()),
        &texts(|of| of.key.unit.to_string()),
        &texts(|of| of.key.period.to_string()),
        &versions,
        &ids,
        &numbers(|of| of.content.numerator()) as &[Option<Decimal>],
        &numbers(|of| of.content.denominator()) as &[Option<Decimal>],
        &texts(|of| of.evidence.clone()),
        &texts(|of| of.reporter.clone()),
        &times,
        &events,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Reads the present versions of these keys.
pub(crate) async fn present(
    tx: &mut PgConnection,
    keys: impl IntoIterator<Item = &Key>,
) -> Result<Vec<Measurement>, DbError> {
    let (mut variables, mut units, mut periods) = (Vec::new(), Vec::new(), Vec::new());
    for Key { variable, unit, period } in keys {
        variables.push(variable.to_string());
        units.push(unit.to_string());
        periods.push(period.to_string());
    }
    sqlx::query_as!(
        Row,
        r#"select distinct on (known.variable_code, known.unit_code, known.period)
               known.variable_code, known.unit_code, known.period, version, measurement_id, numerator,
               denominator, evidence, reporter, record_time, event_id
           from unnest($1::text[], $2::text[], $3::text[]) as asked (variable_code, unit_code, period)
           join assignment.measurements as known
               on known.variable_code = asked.variable_code
              and known.unit_code = asked.unit_code and known.period = asked.period
           order by known.variable_code, known.unit_code, known.period, version desc"#,
        &variables,
        &units,
        &periods,
    )
    .fetch_all(tx)
    .await?
    .into_iter()
    .map(Measurement::try_from)
    .collect()
}

/// Lists present versions of a unit and those below it, by variable, unit and period.
pub(crate) async fn list(
    tx: &mut PgConnection,
    within: &UnitCode,
    page: Page<Key>,
) -> Result<Vec<Measurement>, DbError> {
    let after = page.after.as_ref();
    sqlx::query_as!(
        Row,
        r#"with recursive below as (
               select $1::text as code
               union
               select units.code from kit.hierarchy as units join below on units.parent_code = below.code
           )
           select distinct on (variable_code, unit_code, period)
               variable_code, unit_code, period, version, measurement_id, numerator, denominator,
               evidence, reporter, record_time, event_id
           from assignment.measurements join below on below.code = unit_code
           where $2::text is null or (variable_code, unit_code, period) > ($2, $3::text, $4::text)
           order by variable_code, unit_code, period, version desc
           limit $5"#,
        within.as_str(),
        after.map(|key| key.variable.as_str()),
        after.map(|key| key.unit.as_str()),
        after.map(|key| key.period.to_string()),
        page.limit,
    )
    .fetch_all(tx)
    .await?
    .into_iter()
    .map(Measurement::try_from)
    .collect()
}

/// Says when units last reported on variables for a year or part of it, by unit and variable.
pub(crate) async fn last_reported(
    tx: &mut PgConnection,
    units: &BTreeSet<&UnitCode>,
    variables: &BTreeSet<&VariableCode>,
    year: Year,
) -> Result<BTreeMap<(UnitCode, VariableCode), OffsetDateTime>, DbError> {
    let units: Vec<String> = units.iter().map(ToString::to_string).collect();
    let variables: Vec<String> = variables.iter().map(ToString::to_string).collect();
    let rows = sqlx::query!(
        r#"select unit_code, variable_code, max(record_time) as "record_time!"
           from assignment.measurements
           where variable_code = any($1) and unit_code = any($2) and split_part(period, '-', 1) = $3
           group by unit_code, variable_code"#,
        &variables,
        &units,
        year.to_string(),
    )
    .fetch_all(tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let unit = parsed(TABLE, "unit_code", &row.unit_code)?;
            Ok(((unit, parsed(TABLE, "variable_code", &row.variable_code)?), row.record_time))
        })
        .collect()
}

/// Reads every measurement as it stood when a number was the head, with the event that told it.
pub(crate) fn as_of(
    tx: &mut PgConnection,
    as_of: i64,
) -> impl Stream<Item = Result<(EventId, Measurement), DbError>> {
    sqlx::query_as!(
        Row,
        r#"select distinct on (variable_code, unit_code, period)
               variable_code, unit_code, period, version, measurement_id, numerator, denominator,
               evidence, reporter, record_time, event_id
           from assignment.measurements join kit.outbox using (event_id)
           where outbox.sequence <= $1
           order by variable_code, unit_code, period, version desc"#,
        as_of,
    )
    .fetch(tx)
    .map(|row| {
        let row = row?;
        Ok((row.event_id.into(), row.try_into()?))
    })
}
