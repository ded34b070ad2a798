//! Which counts of citizens' answers may be shown one by one (P9).
//!
//! A small cell could name a person. Nor may it be found as what is left of the shown total: while the
//! withheld cells together are small, or only one is withheld, the next larger one is withheld too.

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
