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

        prop_assert!(table.primary(THRESHOLDS).is_subset(&withheld));
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
