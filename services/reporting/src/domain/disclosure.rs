//! Which counts of citizens' answers may be shown one by one (P9).
//!
//! A small cell could name a person. Nor may it be found as what is left of the shown total: while the
//! withheld cells together are small, or only one is withheld, the next larger one is withheld too.

use std::collections::BTreeMap;

use cchc_scoring::survey::{Tally, released};

/// Says of each cell whether it may be shown, given that the total of all is.
pub(crate) fn shown(cells: &[Tally], minimum: u32) -> Vec<bool> {
    let mut shown: Vec<bool> =
        cells.iter().map(|cell| released(*cell, minimum).is_some()).collect();
    let mut by_size: Vec<usize> = (0..cells.len()).collect();
    by_size.sort_by_key(|at| cells.get(*at).map(|cell| cell.valid));
    for at in by_size {
        if is_safe(cells, &shown, minimum) {
            break;
        }
        // An empty cell hides nobody: withholding it would not help.
        if cells.get(at).is_some_and(|cell| cell.valid > 0)
            && let Some(cell) = shown.get_mut(at)
        {
            *cell = false;
        }
    }
    shown
}

/// Says of each cell whether it may be shown, given that the total of all is, and that of each group.
pub(crate) fn shown_within<G: Ord>(cells: &[(G, Tally)], minimum: u32) -> Vec<bool> {
    let all: Vec<Tally> = cells.iter().map(|(_, cell)| *cell).collect();
    let mut shown = shown(&all, minimum);
    let mut groups: BTreeMap<&G, Vec<usize>> = BTreeMap::new();
    for (at, (group, _)) in cells.iter().enumerate() {
        groups.entry(group).or_default().push(at);
    }
    for members in groups.into_values() {
        let cells: Vec<Tally> = members.iter().filter_map(|at| all.get(*at).copied()).collect();
        for (at, is_shown) in members.into_iter().zip(self::shown(&cells, minimum)) {
            if let Some(shown) = shown.get_mut(at) {
                *shown &= is_shown;
            }
        }
    }
    shown
}

/// Whether what is withheld cannot be told from the total.
fn is_safe(cells: &[Tally], shown: &[bool], minimum: u32) -> bool {
    let withheld: Vec<Tally> =
        cells.iter().zip(shown).filter(|(_, shown)| !**shown).map(|(cell, _)| *cell).collect();
    let together: i64 = withheld.iter().map(|cell| cell.valid).sum();
    withheld.is_empty() || (withheld.len() > 1 && together >= i64::from(minimum))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cell(valid: i64) -> Tally {
        Tally { satisfied: valid / 2, valid, not_answered: 0 }
    }

    fn shown_of(valid: &[i64]) -> Vec<bool> {
        shown(&valid.iter().copied().map(cell).collect::<Vec<_>>(), 10)
    }

    #[test]
    fn a_small_cell_takes_the_next_larger_one_with_it() {
        assert_eq!(shown_of(&[40, 3, 25]), [true, false, false]);
        assert_eq!(shown_of(&[40, 3, 8, 25]), [true, false, false, true]);
        assert_eq!(shown_of(&[40, 3, 4, 25]), [true, false, false, false]);
        assert_eq!(shown_of(&[40, 0, 25]), [true, true, true]);
        assert_eq!(shown_of(&[3]), [false]);
    }

    #[test]
    fn a_small_cell_takes_one_of_its_own_group_with_it() {
        let cells = [("A", 40), ("A", 3), ("B", 25)].map(|(group, valid)| (group, cell(valid)));

        // Of all three the 25 would do; but the total of A gives the 3 away.
        assert_eq!(shown_within(&cells, 10), [false, false, false]);
        assert_eq!(shown_within(&cells[..1], 10), [true]);
    }

    proptest! {
        #[test]
        fn what_is_withheld_is_never_small_unless_all_is(
            sizes in proptest::collection::vec(0_i64..60, 0..20)
        ) {
            let shown = shown_of(&sizes);

            let withheld: Vec<i64> =
                sizes.iter().zip(&shown).filter(|(_, shown)| !**shown).map(|(size, _)| *size).collect();
            let rest: i64 = sizes.iter().zip(&shown).filter(|(_, shown)| **shown).map(|(size, _)| *size).sum();
            let together: i64 = withheld.iter().sum();
            prop_assert!(withheld.is_empty() || (withheld.len() > 1 && together >= 10) || rest == 0);
        }
    }
}
