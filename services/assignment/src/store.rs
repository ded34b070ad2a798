//! SQL and its rows. One function a statement; the caller owns the transaction.
//!
//! A stored value that does not parse is a broken invariant and is named as such.

pub(crate) mod appraisals;
pub(crate) mod assessments;
pub(crate) mod assignments;
pub(crate) mod calendar;
pub(crate) mod campaigns;
pub(crate) mod catalogue;
pub(crate) mod deliveries;
pub(crate) mod entries;
pub(crate) mod evidence;
pub(crate) mod measurements;
pub(crate) mod notices;
pub(crate) mod obligations;
pub(crate) mod reminders;
pub(crate) mod scorecards;
pub(crate) mod turns;

use std::str::FromStr;

use cchc_core::{Decimal, NodeId, PlanCode, Points, Quantity};
use cchc_kit::db::DbError;
use serde::{Serialize, de::DeserializeOwned};

use crate::domain::assessment::Subject;

/// Where a page goes on, and how much of it is read.
#[derive(Debug, Clone)]
pub(crate) struct Page<K> {
    /// The last key of the page before.
    pub(crate) after: Option<K>,
    /// Most rows to read.
    pub(crate) limit: i64,
}

fn parsed<T: FromStr>(table: &'static str, column: &'static str, text: &str) -> Result<T, DbError> {
    text.parse().map_err(|_| DbError::inconsistent(table, column, &text))
}

/// Reads a document that is stored whole.
fn read<T: DeserializeOwned>(
    table: &'static str,
    document: serde_json::Value,
) -> Result<T, DbError> {
    serde_json::from_value(document)
        .map_err(|error| DbError::inconsistent(table, "document", &error))
}

/// Renders a document that is stored whole.
fn write<T: Serialize>(table: &'static str, document: &T) -> Result<serde_json::Value, DbError> {
    serde_json::to_value(document).map_err(|error| DbError::inconsistent(table, "document", &error))
}

fn points(table: &'static str, value: Decimal) -> Result<Points, DbError> {
    Points::new(value).map_err(|_| DbError::inconsistent(table, "points", &value))
}

fn quantity(
    table: &'static str,
    column: &'static str,
    value: Decimal,
) -> Result<Quantity, DbError> {
    Quantity::new(value).map_err(|_| DbError::inconsistent(table, column, &value))
}

fn subject(table: &'static str, plan: &str, node: &str) -> Result<Subject, DbError> {
    Ok((parsed::<PlanCode>(table, "plan_code", plan)?, parsed::<NodeId>(table, "node_id", node)?))
}

/// Lists plans and nodes side by side, as arrays of a query.
fn columns<'a>(subjects: impl IntoIterator<Item = &'a Subject>) -> (Vec<String>, Vec<String>) {
    subjects.into_iter().map(|(plan, node)| (plan.to_string(), node.to_string())).unzip()
}
