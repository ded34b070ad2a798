//! Replicate weights of a design file: made from the design, or read from columns.
#![expect(clippy::float_arithmetic, reason = "weights are real-valued")]

use std::{collections::BTreeMap, path::Path};

use cchc_scoring::survey::{replicate::Replicates, sample::Sample, special::real};

use super::{Fault, NumberOrFormula, Table, labels, numbers};
use crate::survey::estimate::spec::{ReplicateKind, ReplicatesSpec};

const FIELD: &str = "replicates";

/// Makes or reads the replicates.
pub(super) fn replicates(
    spec: &ReplicatesSpec,
    table: &Table,
    sample: &Sample,
    folder: &Path,
) -> Result<Replicates, Fault> {
    let weights = sample.weights();
    let columns = columns(spec, table, folder)?;
    let mut replicates = match (columns.is_empty(), spec.kind) {
        (true, ReplicateKind::JK1 | ReplicateKind::JKn) => {
            Replicates::jackknife(sample.design(), weights)
                .map_err(|error| Fault::impossible(FIELD, error))?
        }
        (true, _) => return Err(Fault::missing("replicates.columns")),
        (false, kind) => {
            let scale = spec.scale.unwrap_or_else(|| usual_scale(kind, columns.len(), spec.rho));
            if spec.combined_weights {
                Replicates::of_weights(weights, columns, scale)
            } else {
                Replicates::of_multipliers(weights, &columns, scale)
            }
        }
    };
    if let Some(scales) = &spec.rscales {
        if scales.len() != replicates.replicates.len() {
            return Err(Fault::new(
                "replicates.rscales",
                "phải có đúng một hệ số cho mỗi bộ trọng số",
                "there must be one factor for each replicate",
            ));
        }
        replicates.scales.clone_from(scales);
    }
    if let Some(scale) = spec.scale {
        replicates.scale = scale;
    }
    replicates.is_around_estimate = spec.mse;
    Ok(replicates)
}

/// What R's survey multiplies the squares with.
fn usual_scale(kind: ReplicateKind, count: usize, rho: Option<f64>) -> f64 {
    let count = real(count);
    match kind {
        ReplicateKind::JK1 => (count - 1.0) / count,
        ReplicateKind::JKn | ReplicateKind::Other => 1.0,
        ReplicateKind::Bootstrap => 1.0 / (count - 1.0),
        ReplicateKind::Brr => 1.0 / count,
        ReplicateKind::Fay => 1.0 / (count * (1.0 - rho.unwrap_or(0.0)).powi(2)),
    }
}

fn columns(spec: &ReplicatesSpec, table: &Table, folder: &Path) -> Result<Vec<Vec<f64>>, Fault> {
    if let Some(file) = &spec.file {
        return of_file(spec, table, &folder.join(file));
    }
    let read = |name: &String| numbers(FIELD, &NumberOrFormula::Formula(name.clone()), table);
    chosen(spec, table, &[]).iter().map(read).collect()
}

/// The columns that are named, begin with the prefix, or, in a file of their own, are no key.
fn chosen(spec: &ReplicatesSpec, table: &Table, keys: &[String]) -> Vec<String> {
    if !spec.columns.is_empty() {
        return spec.columns.clone();
    }
    let names = table.names().iter();
    match &spec.prefix {
        Some(prefix) => names.filter(|name| name.starts_with(prefix.as_str())).cloned().collect(),
        None if keys.is_empty() => Vec::new(),
        None => names.filter(|name| !keys.contains(name)).cloned().collect(),
    }
}

fn of_file(spec: &ReplicatesSpec, table: &Table, path: &Path) -> Result<Vec<Vec<f64>>, Fault> {
    let shown = path.display();
    let other = Table::read(&[path]).map_err(|error| {
        let why = error.say(crate::say::Lang::En).join("; ");
        Fault::new(FIELD, format!("không dùng được tệp {shown}: {why}"), format!("{shown}: {why}"))
    })?;
    let keys = spec.by.as_slice();
    if keys.is_empty() {
        return Err(Fault::missing("replicates.by"));
    }
    let place: BTreeMap<String, usize> =
        joined(keys, &other)?.into_iter().enumerate().map(|(row, key)| (key, row)).collect();
    let rows: Vec<usize> = joined(keys, table)?
        .into_iter()
        .map(|key| {
            place.get(&key).copied().ok_or_else(|| {
                Fault::new(
                    "replicates.file",
                    format!("tệp {shown} không có dòng nào cho “{key}”"),
                    format!("{shown} has no row for `{key}`"),
                )
            })
        })
        .collect::<Result<_, _>>()?;
    let spread = |name: &String| {
        let values = numbers(FIELD, &NumberOrFormula::Formula(name.clone()), &other)?;
        Ok(rows.iter().filter_map(|row| values.get(*row).copied()).collect())
    };
    chosen(spec, &other, keys).iter().map(spread).collect()
}

fn joined(keys: &[String], table: &Table) -> Result<Vec<String>, Fault> {
    let columns: Vec<Vec<String>> =
        keys.iter().map(|key| labels("replicates.by", key, table)).collect::<Result<_, _>>()?;
    let row = |row: usize| {
        let cells: Vec<&str> =
            columns.iter().filter_map(|column| column.get(row).map(String::as_str)).collect();
        cells.join("\u{1f}")
    };
    Ok((0..table.len()).map(row).collect())
}
