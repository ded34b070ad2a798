//! Population figures of a design file, matched with the rows.

#![expect(
    clippy::float_arithmetic,
    reason = "population counts and model variables are real-valued"
)]

use std::{collections::BTreeMap, path::Path};

use cchc_scoring::survey::adjust::{Adjustment, Calibration, Distance, Margin, RakeVariance};

use super::{Fault, Table, evaluate, labels, numeric};
use crate::survey::estimate::{
    spec::{AdjustSpec, Calfun, Cell, MarginSpec, OneOrMany, Population, RakeVarianceWord},
    table::Column,
};

/// The column of a population file with the number of people; R's name for it.
const FREQUENCY: &str = "Freq";

/// Reads an adjustment.
pub(super) fn adjustment(
    spec: &AdjustSpec,
    table: &Table,
    folder: &Path,
) -> Result<Adjustment, Fault> {
    match spec {
        AdjustSpec::Poststratify { by, population } => {
            Ok(Adjustment::Poststratify(margin(by, population, table, folder)?))
        }
        AdjustSpec::Rake { margins, variance } => Ok(Adjustment::Rake {
            margins: all(margins, table, folder)?,
            variance: match variance {
                RakeVarianceWord::Sweeps => RakeVariance::Sweeps,
                RakeVarianceWord::Regression => RakeVariance::Regression,
            },
        }),
        AdjustSpec::Calibrate { totals, margins, calfun, bounds } => {
            let mut calibration = Calibration {
                variables: Vec::new(),
                totals: Vec::new(),
                distance: distance(*calfun, *bounds)?,
            };
            for (name, total) in totals {
                calibration.variables.push(variable(name, table)?);
                calibration.totals.push(*total);
            }
            for margin in all(margins, table, folder)? {
                for (cell, (_, population)) in margin.populations.iter().enumerate() {
                    let is_in = |of_row: &usize| f64::from(u8::from(*of_row == cell));
                    calibration.variables.push(margin.cell_of_row.iter().map(is_in).collect());
                    calibration.totals.push(*population);
                }
            }
            Ok(Adjustment::Calibrate(calibration))
        }
    }
}

fn distance(calfun: Calfun, bounds: Option<(f64, f64)>) -> Result<Distance, Fault> {
    match (calfun, bounds) {
        (Calfun::Linear, bounds) => Ok(Distance::Linear { bounds }),
        (Calfun::Raking, _) => Ok(Distance::Raking),
        (Calfun::Logit, Some((lower, upper))) if lower < 1.0 && upper > 1.0 => {
            Ok(Distance::Logit { lower, upper })
        }
        (Calfun::Logit, _) => Err(Fault::new(
            "adjust.bounds",
            "logit cần hai cận, một dưới 1 và một trên 1",
            "logit needs two bounds, one below 1 and one above",
        )),
    }
}

/// A variable of a model: the intercept, a number, or a column's name followed by one of its labels;
/// several joined with a colon are multiplied.
fn variable(name: &str, table: &Table) -> Result<Vec<f64>, Fault> {
    if name == "(Intercept)" {
        return Ok(vec![1.0; table.len()]);
    }
    if let Some((left, right)) = name.split_once(':') {
        let (left, right) = (variable(left, table)?, variable(right, table)?);
        return Ok(left.iter().zip(right).map(|(a, b)| product(*a, b)).collect());
    }
    if let Some(indicator) = labelled(name, table) {
        return Ok(indicator);
    }
    let field = "adjust.totals";
    let column = evaluate(name, table).map_err(|why| Fault::formula(field, why))?;
    let values = numeric(field, name, &column)?.iter().enumerate();
    values.map(|(row, value)| value.ok_or_else(|| super::empty(field, name, row, table))).collect()
}

fn product(a: f64, b: f64) -> f64 {
    a * b
}

/// `stypeH` as one where the column `stype` says `H`.
fn labelled(name: &str, table: &Table) -> Option<Vec<f64>> {
    if table.column(name).is_some() {
        return None;
    }
    let columns = table
        .names()
        .iter()
        .filter_map(|column| Some((column, name.strip_prefix(column.as_str())?)));
    let (column, label) = columns
        .filter(|(column, label)| {
            table
                .column(column)
                .is_some_and(|column| column.levels().iter().any(|level| level == label))
        })
        .max_by_key(|(column, _)| column.len())?;
    let labels = table.column(column)?.labels();
    Some(
        labels.iter().map(|of_row| f64::from(u8::from(of_row.as_deref() == Some(label)))).collect(),
    )
}

fn all(margins: &[MarginSpec], table: &Table, folder: &Path) -> Result<Vec<Margin>, Fault> {
    margins.iter().map(|spec| margin(&spec.by, &spec.population, table, folder)).collect()
}

fn margin(
    by: &OneOrMany<String>,
    population: &Population,
    table: &Table,
    folder: &Path,
) -> Result<Margin, Fault> {
    let columns: Vec<Vec<String>> = by
        .as_slice()
        .iter()
        .map(|column| labels("adjust.by", column, table))
        .collect::<Result<_, _>>()?;
    let populations: Vec<(String, f64)> =
        population_cells(by.as_slice(), population, folder)?.into_iter().collect();
    let places: BTreeMap<&str, usize> =
        populations.iter().enumerate().map(|(place, (cell, _))| (cell.as_str(), place)).collect();
    let cell_of_row = (0..table.len()).map(|row| {
        let labels: Vec<&str> =
            columns.iter().filter_map(|column| column.get(row).map(String::as_str)).collect();
        let cell = labels.join(".");
        places.get(cell.as_str()).copied().ok_or_else(|| {
            let line = table.line(row);
            Fault::new(
                "adjust",
                format!("dân số không có ô “{cell}” của dòng {line}"),
                format!("the population has no cell `{cell}` of line {line}"),
            )
        })
    });
    Ok(Margin {
        cell_of_row: cell_of_row.collect::<Result<_, _>>()?,
        populations: populations.clone(),
    })
}

/// Numbers by cell.
fn population_cells(
    by: &[String],
    population: &Population,
    folder: &Path,
) -> Result<BTreeMap<String, f64>, Fault> {
    match population {
        Population::Cells(cells) => Ok(cells.clone()),
        Population::Rows(rows) => rows.iter().map(|row| of_row(by, row)).collect(),
        Population::File(path) => of_file(by, &folder.join(path)),
    }
}

fn of_row(by: &[String], row: &BTreeMap<String, Cell>) -> Result<(String, f64), Fault> {
    let label = |column: &String| match row.get(column) {
        Some(Cell::Label(label)) => Some(label.clone()),
        Some(Cell::Number(number)) => Some(number.to_string()),
        None => None,
    };
    let labels: Option<Vec<String>> = by.iter().map(label).collect();
    match (labels, row.get(FREQUENCY)) {
        (Some(labels), Some(Cell::Number(number))) => Ok((labels.join("."), *number)),
        _ => Err(Fault::new(
            "adjust.population",
            format!("mỗi dòng cần các cột {} và số {FREQUENCY}", by.join(", ")),
            format!("each row needs the columns {} and a number {FREQUENCY}", by.join(", ")),
        )),
    }
}

fn of_file(by: &[String], path: &Path) -> Result<BTreeMap<String, f64>, Fault> {
    let field = "adjust.population";
    let shown = path.display();
    let unreadable = |why: String| {
        Fault::new(field, format!("không dùng được tệp {shown}: {why}"), format!("{shown}: {why}"))
    };
    let table = Table::read(&[path])
        .map_err(|error| unreadable(error.say(crate::say::Lang::En).join("; ")))?;
    let columns: Vec<Vec<String>> =
        by.iter().map(|column| labels(field, column, &table)).collect::<Result<_, _>>()?;
    let counts = match table.column(FREQUENCY) {
        Some(Column::Numbers(counts)) => counts,
        Some(Column::Texts(_)) => return Err(unreadable(format!("{FREQUENCY} is not a number"))),
        None => vec![Some(1.0); table.len()],
    };
    let mut cells = BTreeMap::new();
    for (row, count) in counts.into_iter().enumerate() {
        let count = count.ok_or_else(|| unreadable(format!("{FREQUENCY} is empty")))?;
        let labels: Vec<&str> =
            columns.iter().filter_map(|column| column.get(row).map(String::as_str)).collect();
        *cells.entry(labels.join(".")).or_insert(0.0) += count;
    }
    Ok(cells)
}
