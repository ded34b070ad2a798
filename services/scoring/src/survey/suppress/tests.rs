//! Properties of the suppression, and the optimum of small tables by trying every pattern.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use proptest::prelude::*;

use super::*;

const THRESHOLDS: Thresholds = Thresholds { withheld_below: 5, low_below: 30 };

/// The cheapest pattern that passes the audit, by trying all; small tables only.
fn optimum(table: &CountTable) -> Option<u64> {
    let primary = table.primary(THRESHOLDS);
    let free: Vec<Cell> = table
        .cells()
        .filter(|cell| !primary.contains(cell) && table.cost(*cell).is_some())
        .collect();
    (0..1_u32 << free.len())
        .map(|pattern| {
            let chosen = free.iter().enumerate().filter(|(bit, _)| pattern >> bit & 1 == 1);
            primary.iter().copied().chain(chosen.map(|(_, cell)| *cell)).collect::<BTreeSet<_>>()
        })
        .filter(|withheld| audit(table, withheld).iter().all(Bounds::is_hidden))
        .map(|withheld| table.cost_of(&withheld))
        .min()
}

#[test]
fn a_table_without_small_cells_is_shown_whole() {
    let table = CountTable::new(&[vec![40, 0, 60], vec![50, 45, 70]]).unwrap();

    assert_eq!(table.withheld(THRESHOLDS), Some(BTreeSet::new()));
}

#[test]
fn a_sample_that_is_too_small_shows_nothing() {
    let table = CountTable::new(&[vec![1, 0], vec![0, 2]]).unwrap();

    assert_eq!(table.withheld(THRESHOLDS), None);
}

#[test]
fn a_margin_costs_ten_times_an_inner_cell_and_the_grand_total_is_never_withheld() {
    let table = CountTable::new(&[vec![1, 2], vec![3, 0]]).unwrap();
    let cost = |row, column| table.cost_of(&BTreeSet::from([(row, column)]));

    let costs = [0, 1, 2].map(|row| [0, 1, 2].map(|column| cost(row, column)));

    assert_eq!(costs, [[1, 2, 30], [3, 0, 30], [40, 20, 0]]);
    assert_eq!(table.cost_of(&BTreeSet::from([(0, 0), (0, 2), (2, 2)])), 31);
}

#[test]
fn the_cheapest_cells_hide_a_small_one_however_wide_or_tall_the_table_is() {
    let wide = vec![vec![1, 50, 50, 9], vec![50, 60, 60, 9]];
    let tall =
        (0..4).map(|column| wide.iter().map(|row| row[column]).collect()).collect::<Vec<_>>();
    let of = |inner: &[Vec<u64>]| CountTable::new(inner).unwrap().withheld(THRESHOLDS).unwrap();

    assert_eq!(of(&wide), BTreeSet::from([(0, 0), (0, 3), (1, 0), (1, 3)]));
    assert_eq!(of(&tall), BTreeSet::from([(0, 0), (3, 0), (0, 1), (3, 1)]));
}

#[test]
fn a_cell_is_small_below_the_threshold_and_low_below_the_mark() {
    let table = CountTable::new(&[vec![0, 4, 5], vec![29, 30, 40]]).unwrap();

    assert_eq!(table.primary(THRESHOLDS), BTreeSet::from([(0, 1)]));
    assert_eq!(table.low(THRESHOLDS), BTreeSet::from([(0, 2), (0, 3), (1, 0), (2, 0)]));
}

#[test]
fn rows_of_different_length_are_no_table() {
    assert_eq!(CountTable::new(&[vec![1, 2], vec![3]]), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn what_is_withheld_is_hidden_and_near_the_cheapest(
        inner in proptest::collection::vec(proptest::collection::vec(0_u64..60, 2), 2..=3)
    ) {
        let table = CountTable::new(&inner).unwrap();

        let Some(withheld) = table.withheld(THRESHOLDS) else {
            prop_assert_eq!(optimum(&table), None);
            return Ok(());
        };

        let primary = table.primary(THRESHOLDS);
        prop_assert!(primary.is_subset(&withheld));
        for superfluous in withheld.difference(&primary) {
            let others = withheld.iter().copied().filter(|cell| cell != superfluous).collect();
            let bounds = audit(&table, &others);
            let is_told = |of: &Bounds| primary.contains(&of.cell) && !of.is_hidden();
            prop_assert!(bounds.iter().any(is_told), "{superfluous:?} need not be withheld");
        }
        prop_assert!(audit(&table, &withheld).iter().all(Bounds::is_hidden));
        let (cost, best) = (table.cost_of(&withheld), optimum(&table).unwrap());
        prop_assert!(2 * cost <= 3 * best, "{} is far from {}", cost, best);
    }

    #[test]
    fn larger_tables_pass_their_audit(
        inner in proptest::collection::vec(proptest::collection::vec(0_u64..40, 4), 2..14)
    ) {
        let table = CountTable::new(&inner).unwrap();

        if let Some(withheld) = table.withheld(THRESHOLDS) {
            prop_assert!(audit(&table, &withheld).iter().all(Bounds::is_hidden));
            prop_assert!(table.primary(THRESHOLDS).is_subset(&withheld));
        }
    }
}
