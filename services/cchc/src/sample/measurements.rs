//! What every unit that must report a variable reports for the year.

use cchc_scoring::catalogue::{Unit, Variable};

use super::{Seed, document, profile, whole_year};
use crate::plan_files::PlanFolder;

/// The columns of the files.
pub(super) const COLUMNS: [&str; 7] =
    ["unit", "variable", "period", "numerator", "denominator", "retracted", "evidence"];

/// A row of the file.
pub(super) type Row = [String; 7];

/// Makes up what a unit reports.
pub(super) fn of(unit: &Unit, folder: &PlanFolder, seed: Seed) -> Vec<Row> {
    let variables = folder.indices.iter().flat_map(|index| &index.variables);
    let reported = variables.filter(|variable| variable.reporters.selects(unit));
    reported.map(|variable| row(unit, variable, folder, seed)).collect()
}

fn row(unit: &Unit, variable: &Variable, folder: &PlanFolder, seed: Seed) -> Row {
    let mut draw = seed.draw(&format!("measurement {} {}", unit.code, variable.code));
    let (numerator, denominator) = profile::figures(variable, unit, &mut draw);
    [
        unit.code.to_string(),
        variable.code.to_string(),
        whole_year(folder).to_string(),
        numerator.to_string(),
        denominator.map(|number| number.to_string()).unwrap_or_default(),
        String::new(),
        document(&unit.code, unit.kind, &mut draw),
    ]
}
