//! The cells of a table whose margins were decided on elsewhere: figures of districts and of groups of people stand in
//! tables of their own, and the crossed table must not give away what those withhold, nor may it ask them
//! to withhold more.
//!
//! Of a figure more can be told than of a count: a mean of four people is theirs, whether or not anybody
//! knows that they are four. So a cell of few people is safe only while, for all that is published, it could as
//! well hold as many as may be shown: whatever sum of cells can be worked out that it is part of has as many, then.

use std::collections::BTreeSet;

use super::{Cell, CountTable, audit::may_be, is_hidden};

impl CountTable {
    /// The inner cells to withhold, with the margins that are withheld already; all other margins and the total of
    /// everybody are published. Fewer than `least` people are never shown, and the row or column of a withheld
    /// margin is withheld whole.
    ///
    /// Nothing when there is no such set of inner cells: then none of them may be shown.
    #[must_use]
    pub fn withheld_beside(&self, margins: &BTreeSet<Cell>, least: u64) -> Option<BTreeSet<Cell>> {
        let (bottom, right) = (self.height().checked_sub(1)?, self.width().checked_sub(1)?);
        let is_closed = |(row, column): Cell| {
            margins.contains(&(row, right)) || margins.contains(&(bottom, column))
        };
        let is_small = |cell: Cell| (1..least).contains(&self.count(cell));
        let inner: Vec<Cell> = self.cells().filter(|cell| !self.is_margin(*cell)).collect();
        let mut withheld = margins.clone();
        withheld.extend(inner.iter().filter(|cell| is_small(**cell) || is_closed(**cell)));
        let is_published = |cell: &Cell| self.is_margin(*cell) && !margins.contains(cell);
        let published: BTreeSet<Cell> = self.cells().filter(is_published).collect();
        let small: Vec<Cell> = withheld.iter().copied().filter(|cell| is_small(*cell)).collect();
        for cell in small {
            while !is_hidden(cell, &withheld) || !may_be(self, &withheld, cell, least) {
                withheld.extend(self.next_to(cell, &withheld, &published, &inner)?);
            }
        }
        Some(withheld)
    }

    /// Cells to withhold besides, so that a cell can be more than it can now: the cheapest new way from its row to
    /// its column, or else the smallest cell that is left.
    fn next_to(
        &self,
        cell: Cell,
        withheld: &BTreeSet<Cell>,
        published: &BTreeSet<Cell>,
        inner: &[Cell],
    ) -> Option<Vec<Cell>> {
        if !is_hidden(cell, withheld) {
            return self.cheapest_path(cell, withheld, published);
        }
        let used: BTreeSet<Cell> = published.union(withheld).copied().collect();
        let apart = self.cheapest_path(cell, &BTreeSet::new(), &used);
        apart.or_else(|| {
            let left = inner.iter().filter(|of| !withheld.contains(of) && self.count(**of) > 0);
            left.min_by_key(|of| self.count(**of)).map(|of| vec![*of])
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use proptest::prelude::*;

    use super::*;
    use crate::survey::suppress::audit;

    const LEAST: u64 = 10;

    fn table(inner: &[&[u64]]) -> CountTable {
        CountTable::new(&inner.iter().map(|row| row.to_vec()).collect::<Vec<_>>()).unwrap()
    }

    fn withheld(table: &CountTable, margins: &[Cell]) -> Option<Vec<Cell>> {
        let margins = margins.iter().copied().collect();
        let withheld = table.withheld_beside(&margins, LEAST)?;
        Some(withheld.difference(&margins).copied().collect())
    }

    #[test]
    fn a_small_cell_takes_three_with_it_that_hide_it() {
        let all_large = table(&[&[20, 30], &[40, 50]]);
        let one_small = table(&[&[3, 30, 70], &[40, 50, 80], &[60, 90, 95]]);

        assert_eq!(withheld(&all_large, &[]), Some(vec![]));
        assert_eq!(withheld(&one_small, &[]), Some(vec![(0, 0), (0, 1), (1, 0), (1, 1)]));
    }

    #[test]
    fn small_cells_do_not_hide_one_another() {
        // The four small ones are a way round, but in each row and column they are six together.
        let small = table(&[&[3, 3, 40], &[3, 3, 50], &[60, 70, 80]]);

        let withheld = small.withheld_beside(&BTreeSet::new(), LEAST).unwrap();

        let most: Vec<u64> = audit(&small, &withheld).iter().map(|of| of.most).collect();
        assert!(withheld.len() > 4 && most.iter().all(|most| *most >= LEAST), "{most:?}");
    }

    #[test]
    fn what_a_margin_withholds_is_not_added_up_again() {
        // The second row and the third are withheld: 4 + 5 people, and 30 that hide them.
        let crossed = table(&[&[20, 30], &[4, 5], &[15, 15]]);

        let hidden = withheld(&crossed, &[(1, 2), (2, 2)]);

        assert_eq!(hidden, Some(vec![(1, 0), (1, 1), (2, 0), (2, 1)]));
    }

    #[test]
    fn where_the_margins_alone_tell_it_nothing_is_shown() {
        // Nobody else is in the row or the column: what the margins say is the cell.
        assert_eq!(withheld(&table(&[&[3, 0], &[0, 40]]), &[]), None);
        assert_eq!(table(&[&[3]]).withheld_beside(&BTreeSet::new(), LEAST), None);
    }

    prop_compose! {
        /// A table, and which of its rows' and columns' totals are withheld.
        fn decided()(
            inner in proptest::collection::vec(
                proptest::collection::vec(prop_oneof![1 => Just(0_u64), 2 => 1..10_u64, 5 => 10..90_u64], 4), 1..6),
            rows in proptest::collection::vec(proptest::bool::weighted(0.2), 5),
            columns in proptest::collection::vec(proptest::bool::weighted(0.2), 4),
        ) -> (CountTable, BTreeSet<Cell>) {
            let height = inner.len();
            let rows = (0..height).zip(rows).filter(|(_, is)| *is).map(|(row, _)| (row, 4));
            let columns = (0..4).zip(columns).filter(|(_, is)| *is).map(|(at, _)| (height, at));
            let margins = rows.chain(columns).collect();
            (CountTable::new(&inner).unwrap(), margins)
        }
    }

    proptest! {
        #[test]
        fn no_small_cell_can_be_told_from_all_that_is_published((table, margins) in decided()) {
            let Some(withheld) = table.withheld_beside(&margins, LEAST) else { return Ok(()) };

            let is_small = |cell: Cell| (1..LEAST).contains(&table.count(cell));
            for of in audit(&table, &withheld).into_iter().filter(|of| is_small(of.cell)) {
                prop_assert!(of.is_hidden() && of.most >= LEAST, "{:?}", of);
            }
            let inner = table.cells().filter(|cell| !table.is_margin(*cell));
            for cell in inner.filter(|cell| is_small(*cell)) {
                prop_assert!(withheld.contains(&cell));
            }
            let decided: BTreeSet<Cell> =
                withheld.iter().copied().filter(|cell| table.is_margin(*cell)).collect();
            prop_assert_eq!(decided, margins);
        }
    }
}
