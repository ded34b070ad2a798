//! The published table of PAPI 2017: totals of the 63 provinces, by their official numbers.

use std::collections::BTreeMap;

use cchc_core::{Points, UnitCode};
use cchc_scoring::rank::{Standing, standings};

const TOTALS: &str = include_str!("../data/papi_2017_totals.csv");

fn totals() -> BTreeMap<UnitCode, Option<Points>> {
    let rows = TOTALS.lines().skip(1).map(|line| line.split_once(',').unwrap());
    rows.map(|(province, total)| (province.parse().unwrap(), Some(total.parse().unwrap())))
        .collect()
}

#[test]
fn the_province_that_is_the_median_stands_at_32_in_the_second_group() {
    let quang_ninh: UnitCode = "22".parse().unwrap();

    let standings = standings(&totals());

    assert_eq!(totals().get(&quang_ninh).unwrap().unwrap().to_string(), "36.7198");
    assert_eq!(standings.get(&quang_ninh), Some(&Standing { rank: 32, of: 63, group: Some(2) }));
}

#[test]
fn the_groups_have_the_published_sizes() {
    let standings = standings(&totals());

    let size = |group| standings.values().filter(|at| at.group == Some(group)).count();
    assert_eq!([1, 2, 3, 4].map(size), [16, 16, 15, 16]);
}

#[test]
fn a_withheld_total_has_no_place_and_counts_for_nobody() {
    let quang_ninh: UnitCode = "22".parse().unwrap();
    let mut totals = totals();
    totals.insert(quang_ninh.clone(), None);

    let standings = standings(&totals);

    assert_eq!(standings.get(&quang_ninh), None);
    assert!(standings.values().all(|at| at.of == 62));
}
