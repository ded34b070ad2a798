//! What units set right at the end of the year: two communes revise a figure, one takes a report back
//! and sends another. Nothing is overwritten by it; the rollup moves by the differences.

use std::collections::BTreeMap;

use cchc_scoring::catalogue::{Unit, UnitKind};

use super::{
    Seed,
    measurements::{self, COLUMNS, Row},
    table,
};
use crate::plan_files::PlanFolder;

/// Which cells of a row are corrected.
const NUMERATOR: usize = 3;
const DENOMINATOR: usize = 4;
const RETRACTED: usize = 5;
const EVIDENCE: usize = 6;

/// Files by path, one a unit.
pub(super) fn files(folder: &PlanFolder, seed: Seed) -> BTreeMap<String, String> {
    let communes: Vec<&Unit> =
        folder.units.iter().filter(|unit| unit.kind == UnitKind::Commune).collect();
    let mut draw = seed.draw("corrections");
    let first = usize::try_from(draw.between(0, 40)).unwrap_or_default();
    let chosen = communes.into_iter().skip(first).step_by(29).take(3);
    let corrected = chosen.enumerate().filter_map(|(place, unit)| {
        let reported = measurements::of(unit, folder, seed);
        let row = reported.iter().find(|row| !cell(row, DENOMINATOR).is_empty())?;
        let rows = if place == 2 { taken_back(row) } else { vec![revised(row)] };
        Some((format!("corrections/{}.csv", unit.code), table::written(COLUMNS, &rows)?))
    });
    corrected.collect()
}

/// One more in the denominator, and one fewer in the numerator where there is one.
fn revised(row: &Row) -> Row {
    let number = |place: usize| cell(row, place).parse::<u64>().unwrap_or_default();
    let mut revised = row.clone();
    set(&mut revised, NUMERATOR, number(NUMERATOR).saturating_sub(1).to_string());
    set(&mut revised, DENOMINATOR, (number(DENOMINATOR) + 1).to_string());
    set(&mut revised, EVIDENCE, format!("{} (điều chỉnh)", cell(row, EVIDENCE)));
    revised
}

/// The report taken back, and another in its place.
fn taken_back(row: &Row) -> Vec<Row> {
    let mut retraction = row.clone();
    set(&mut retraction, NUMERATOR, String::new());
    set(&mut retraction, DENOMINATOR, String::new());
    set(&mut retraction, RETRACTED, "1".to_owned());
    set(&mut retraction, EVIDENCE, format!("{} (thu hồi)", cell(row, EVIDENCE)));
    let mut again = revised(row);
    set(&mut again, EVIDENCE, format!("{} (báo cáo lại)", cell(row, EVIDENCE)));
    vec![retraction, again]
}

fn cell(row: &Row, place: usize) -> &str {
    row.get(place).map(String::as_str).unwrap_or_default()
}

fn set(row: &mut Row, place: usize, text: String) {
    if let Some(cell) = row.get_mut(place) {
        *cell = text;
    }
}
