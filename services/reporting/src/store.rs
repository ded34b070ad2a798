//! SQL ⇄ domain. Every function runs in its caller's transaction; what does not parse is a broken
//! invariant and says which column it stands in.

pub(crate) mod acknowledgements;
pub(crate) mod alerts;
pub(crate) mod assessments;
pub(crate) mod assignments;
pub(crate) mod by_domain;
pub(crate) mod catalogue;
pub(crate) mod cited;
pub(crate) mod copies;
pub(crate) mod facts;
pub(crate) mod flagged;
pub(crate) mod measurements;
pub(crate) mod outlooks;
pub(crate) mod publications;
pub(crate) mod quarantined;
pub(crate) mod rollups;
pub(crate) mod scorecards;
pub(crate) mod scores;
pub(crate) mod signing_keys;
pub(crate) mod surveys;
pub(crate) mod watermarks;

use std::str::FromStr;

use cchc_core::{Decimal, Points, Quantity};
use cchc_kit::db::DbError;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

fn parse<T: FromStr>(table: &'static str, column: &'static str, text: &str) -> Result<T, DbError> {
    text.parse().map_err(|_| DbError::inconsistent(table, column, &text))
}

fn quantity(
    table: &'static str,
    column: &'static str,
    value: Decimal,
) -> Result<Quantity, DbError> {
    Quantity::new(value).map_err(|_| DbError::inconsistent(table, column, &value))
}

fn points(table: &'static str, column: &'static str, value: Decimal) -> Result<Points, DbError> {
    Points::new(value).map_err(|_| DbError::inconsistent(table, column, &value))
}

fn document<T: DeserializeOwned>(
    table: &'static str,
    column: &'static str,
    value: Value,
) -> Result<T, DbError> {
    serde_json::from_value(value).map_err(|error| DbError::inconsistent(table, column, &error))
}

fn json(
    table: &'static str,
    column: &'static str,
    value: &impl Serialize,
) -> Result<Value, DbError> {
    serde_json::to_value(value).map_err(|error| DbError::inconsistent(table, column, &error))
}
