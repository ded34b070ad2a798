//! Small formulas over columns: `q01 >= 4`, `sch.wide == 'Yes' & meals > 40`, `pmin(i06, 1000) / 1000`.
//!
//! Written as R writes them, because survey analysts do. A missing value makes the result missing, except
//! where the other side of `&` or `|` settles it.
#![expect(clippy::float_arithmetic, reason = "formulas over survey variables are real-valued")]

mod parse;

use super::table::{Column, Table};

/// A formula.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expression {
    Number(f64),
    Text(String),
    Missing,
    Column(String),
    Not(Box<Self>),
    Negative(Box<Self>),
    Binary(Operator, Box<Self>, Box<Self>),
    AmongList(Box<Self>, Vec<Self>),
    Call(String, Vec<Self>),
}

/// What joins two formulas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Plus,
    Minus,
    Times,
    Over,
    Power,
}

/// A value of one row.
#[derive(Debug, Clone, PartialEq)]
enum Value {
    Number(f64),
    Text(String),
}

/// Functions that formulas may call, as R knows them.
const FUNCTIONS: [&str; 8] =
    ["I", "as.numeric", "factor", "ifelse", "interaction", "is.na", "pmax", "pmin"];

/// Evaluates a formula for every row. A column whose whole name is `text` comes first.
pub(super) fn evaluate(text: &str, table: &Table) -> Result<Column, String> {
    if let Some(column) = table.column(text) {
        return Ok(column);
    }
    let expression = parse::parse(text)?;
    let mut columns = Vec::new();
    expression.bind(table, &mut columns)?;
    let row = |row: usize| expression.at(row, &columns);
    Ok(as_column((0..table.len()).map(row).collect()))
}

fn as_column(values: Vec<Option<Value>>) -> Column {
    let has_text = values.iter().any(|value| matches!(value, Some(Value::Text(_))));
    if has_text {
        return Column::Texts(values.into_iter().map(|value| value.map(|v| v.label())).collect());
    }
    Column::Numbers(values.into_iter().map(|value| value.and_then(|v| v.number())).collect())
}

impl Value {
    fn label(&self) -> String {
        match self {
            Self::Number(value) => value.to_string(),
            Self::Text(text) => text.clone(),
        }
    }

    fn number(&self) -> Option<f64> {
        match self {
            Self::Number(value) => Some(*value),
            Self::Text(text) => text.parse().ok(),
        }
    }
}

fn truth(is_true: bool) -> Value {
    Value::Number(f64::from(u8::from(is_true)))
}

/// Columns that a formula names, with their values.
type Bound = Vec<(String, Column)>;

impl Expression {
    /// Looks up every column and function before any row is evaluated.
    fn bind(&self, table: &Table, bound: &mut Bound) -> Result<(), String> {
        match self {
            Self::Number(_) | Self::Text(_) | Self::Missing => Ok(()),
            Self::Column(name) => {
                if bound.iter().all(|(known, _)| known != name) {
                    let column = table.column(name).ok_or_else(|| unknown(name, table))?;
                    bound.push((name.clone(), column));
                }
                Ok(())
            }
            Self::Not(inner) | Self::Negative(inner) => inner.bind(table, bound),
            Self::Binary(_, left, right) => {
                left.bind(table, bound)?;
                right.bind(table, bound)
            }
            Self::AmongList(inner, list) => {
                inner.bind(table, bound)?;
                list.iter().try_for_each(|item| item.bind(table, bound))
            }
            Self::Call(name, _) if !FUNCTIONS.contains(&name.as_str()) => {
                Err(format!("there is no function `{name}`; there are: {}", FUNCTIONS.join(", ")))
            }
            Self::Call(_, arguments) => {
                arguments.iter().try_for_each(|argument| argument.bind(table, bound))
            }
        }
    }

    fn at(&self, row: usize, bound: &Bound) -> Option<Value> {
        match self {
            Self::Number(value) => Some(Value::Number(*value)),
            Self::Text(text) => Some(Value::Text(text.clone())),
            Self::Missing => None,
            Self::Column(name) => match &bound.iter().find(|(known, _)| known == name)?.1 {
                Column::Numbers(values) => values.get(row).copied().flatten().map(Value::Number),
                Column::Texts(values) => values.get(row).cloned().flatten().map(Value::Text),
            },
            Self::Not(inner) => Some(truth(inner.at(row, bound)?.number()? == 0.0)),
            Self::Negative(inner) => Some(Value::Number(-inner.at(row, bound)?.number()?)),
            Self::Binary(operator, left, right) => {
                operator.apply(left.at(row, bound), right.at(row, bound))
            }
            Self::AmongList(inner, list) => {
                let value = inner.at(row, bound)?;
                let mut items = list.iter().filter_map(|item| item.at(row, bound));
                Some(truth(items.any(|item| is_equal(&value, &item))))
            }
            Self::Call(name, arguments) => call(name, arguments, row, bound),
        }
    }
}

fn call(name: &str, arguments: &[Expression], row: usize, bound: &Bound) -> Option<Value> {
    let argument = |place: usize| arguments.get(place)?.at(row, bound);
    let numbers = || -> Option<Vec<f64>> {
        arguments.iter().map(|argument| argument.at(row, bound)?.number()).collect()
    };
    match name {
        "is.na" => Some(truth(argument(0).is_none())),
        "ifelse" => argument(if argument(0)?.number()? == 0.0 { 2 } else { 1 }),
        "as.numeric" => Some(Value::Number(argument(0)?.number()?)),
        "factor" => Some(Value::Text(argument(0)?.label())),
        "interaction" => {
            let labels = arguments.iter().map(|argument| Some(argument.at(row, bound)?.label()));
            Some(Value::Text(labels.collect::<Option<Vec<String>>>()?.join(".")))
        }
        "pmin" => numbers()?.into_iter().reduce(f64::min).map(Value::Number),
        "pmax" => numbers()?.into_iter().reduce(f64::max).map(Value::Number),
        _ => argument(0),
    }
}

fn is_equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(a), Value::Number(b)) => {
            a.partial_cmp(b).is_some_and(std::cmp::Ordering::is_eq)
        }
        _ => left.label() == right.label(),
    }
}

impl Operator {
    fn apply(self, left: Option<Value>, right: Option<Value>) -> Option<Value> {
        let is_true = |value: &Option<Value>| value.as_ref()?.number().map(|number| number != 0.0);
        match self {
            Self::And => match (is_true(&left), is_true(&right)) {
                (Some(false), _) | (_, Some(false)) => Some(truth(false)),
                (Some(true), Some(true)) => Some(truth(true)),
                _ => None,
            },
            Self::Or => match (is_true(&left), is_true(&right)) {
                (Some(true), _) | (_, Some(true)) => Some(truth(true)),
                (Some(false), Some(false)) => Some(truth(false)),
                _ => None,
            },
            _ => self.apply_known(&left?, &right?),
        }
    }

    fn apply_known(self, left: &Value, right: &Value) -> Option<Value> {
        let order = || match (left, right) {
            (Value::Number(a), Value::Number(b)) => a.partial_cmp(b),
            _ => Some(left.label().cmp(&right.label())),
        };
        let numbers = || Some((left.number()?, right.number()?));
        Some(match self {
            Self::Equal => truth(is_equal(left, right)),
            Self::NotEqual => truth(!is_equal(left, right)),
            Self::Less => truth(order()?.is_lt()),
            Self::LessOrEqual => truth(order()?.is_le()),
            Self::Greater => truth(order()?.is_gt()),
            Self::GreaterOrEqual => truth(order()?.is_ge()),
            Self::Plus => Value::Number(numbers().map(|(a, b)| a + b)?),
            Self::Minus => Value::Number(numbers().map(|(a, b)| a - b)?),
            Self::Times => Value::Number(numbers().map(|(a, b)| a * b)?),
            Self::Over => {
                Value::Number(numbers().map(|(a, b)| a / b).filter(|value| value.is_finite())?)
            }
            Self::Power => {
                Value::Number(numbers().map(|(a, b)| a.powf(b)).filter(|value| value.is_finite())?)
            }
            Self::And | Self::Or => return None,
        })
    }
}

fn unknown(name: &str, table: &Table) -> String {
    format!("there is no column `{name}`; the file has: {}", table.names().join(", "))
}
