//! The suppression against reference tables whose cheapest patterns an integer program found; any pattern
//! that passes the audit at no more than one and a half times that cost is right.

use std::collections::BTreeSet;

use cchc_scoring::survey::suppress::{Bounds, Cell, CountTable, Thresholds, audit};
use serde::Deserialize;

#[derive(Deserialize)]
struct Reference {
    tables: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    n: Vec<Vec<u64>>,
    threshold: u64,
    low_below: u64,
    primary_extended: Vec<Vec<u8>>,
    one_optimal_withheld_extended: Vec<Vec<u8>>,
    optimum_cost: f64,
    audit_intervals: Vec<(usize, usize, f64, f64)>,
}

fn cells(pattern: &[Vec<u8>]) -> BTreeSet<Cell> {
    let rows = pattern.iter().enumerate();
    let of_row = |(row, flags): (usize, &Vec<u8>)| -> Vec<Cell> {
        let set = flags.iter().enumerate().filter(|(_, flag)| **flag == 1);
        set.map(|(column, _)| (row, column)).collect()
    };
    rows.flat_map(of_row).collect()
}

fn reference() -> Vec<Case> {
    let read: Reference = serde_json::from_str(include_str!("../data/suppression.json")).unwrap();
    read.tables
}

#[test]
fn small_cells_are_found_and_hidden_at_a_fair_price() {
    for case in reference() {
        let table = CountTable::new(&case.n).unwrap();
        let thresholds = Thresholds { withheld_below: case.threshold, low_below: case.low_below };

        let withheld = table.withheld(thresholds).unwrap();

        assert_eq!(table.primary(thresholds), cells(&case.primary_extended), "{}", case.id);
        assert!(audit(&table, &withheld).iter().all(Bounds::is_hidden), "{}", case.id);
        #[expect(clippy::cast_precision_loss, reason = "counts of people")]
        let cost = table.cost_of(&withheld) as f64;
        assert!(cost <= 1.5 * case.optimum_cost, "{}: {cost}", case.id);
    }
}

#[test]
fn the_audit_finds_the_bounds_that_linear_programs_found() {
    for case in reference() {
        let table = CountTable::new(&case.n).unwrap();

        let found = audit(&table, &cells(&case.one_optimal_withheld_extended));

        #[expect(clippy::cast_precision_loss, reason = "counts of people")]
        let found: Vec<(usize, usize, f64, f64)> = found
            .into_iter()
            .map(|bounds| (bounds.cell.0, bounds.cell.1, bounds.least as f64, bounds.most as f64))
            .collect();
        assert_eq!(found, case.audit_intervals, "{}", case.id);
    }
}
