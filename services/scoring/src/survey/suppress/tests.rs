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

/// The bounds of each withheld cell by trying every table of two rows and columns with the same whole.
fn bounds_by_trial(table: &CountTable, withheld: &BTreeSet<Cell>) -> Vec<Bounds> {
    let all = table.count((2, 2));
    let fits = |other: &CountTable| {
        table.cells().all(|cell| withheld.contains(&cell) || other.count(cell) == table.count(cell))
    };
    let mut possible = Vec::new();
    for (a, b, c) in (0..=all)
        .flat_map(|a| (0..=all - a).map(move |b| (a, b)))
        .flat_map(|(a, b)| (0..=all - a - b).map(move |c| (a, b, c)))
    {
        let other = CountTable::new(&[vec![a, b], vec![c, all - a - b - c]]).unwrap();
        possible.extend(Some(other).filter(fits));
    }
    let of = |cell: &Cell| {
        let counts = || possible.iter().map(|table| table.count(*cell));
        Bounds { cell: *cell, least: counts().min().unwrap(), most: counts().max().unwrap() }
    };
    withheld.iter().map(of).collect()
}

#[test]
fn what_was_added_first_gives_way_to_what_is_cheaper_together() {
    let table = CountTable::new(&[vec![54, 4, 48], vec![7, 43, 4], vec![29, 16, 2]]).unwrap();

    let withheld = table.withheld(THRESHOLDS).unwrap();

    // One small cell after the other, each by its cheapest path, withholds 110.
    assert_eq!(withheld, BTreeSet::from([(0, 0), (0, 1), (1, 0), (1, 2), (2, 1), (2, 2)]));
    assert_eq!(table.cost_of(&withheld), 87);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_cell_is_withheld_that_need_not_be(
        inner in proptest::collection::vec(proptest::collection::vec(0_u64..60, 3), 3)
    ) {
        let table = CountTable::new(&inner).unwrap();
        let primary: Vec<Cell> = table.primary(THRESHOLDS).into_iter().collect();
        prop_assume!(primary.iter().all(|cell| table.cost(*cell).is_some()));

        let Some(withheld) = table.protect(&primary, &BTreeSet::new()) else { return Ok(()) };

        for cell in withheld.iter().filter(|cell| !primary.contains(cell)) {
            let others = withheld.iter().copied().filter(|other| other != cell).collect();
            let bounds = audit(&table, &others);
            let is_told = |of: &Bounds| primary.contains(&of.cell) && !of.is_hidden();
            prop_assert!(bounds.iter().any(is_told), "{:?} need not be withheld", cell);
        }
    }

    #[test]
    fn the_audit_finds_what_trying_every_table_finds(
        inner in proptest::collection::vec(proptest::collection::vec(0_u64..7, 2), 2),
        // Any cells but the grand total, margins among them.
        pattern in proptest::collection::vec(any::<bool>(), 8)
    ) {
        let table = CountTable::new(&inner).unwrap();
        let cells = table.cells().filter(|cell| *cell != (2, 2));
        let withheld: BTreeSet<Cell> =
            cells.zip(pattern).filter_map(|(cell, is)| is.then_some(cell)).collect();

        prop_assert_eq!(audit(&table, &withheld), bounds_by_trial(&table, &withheld));
    }
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
