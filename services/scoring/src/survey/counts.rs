//! How many gave each answer to a question: the whole numbers that shares, option weights, means and the
//! picture of a question are read from, so that none of them can disagree with another.
//!
//! The numbers of one question stand side by side, its *cell*:
//!
//! | place | counts |
//! | --- | --- |
//! | 0 | not answered, or not asked |
//! | 1 to n | each answer in its order: levels, yes and no, options, a number that was given |
//! | n + 1 | "không thuộc trường hợp này" |
//! | n + 2 | "không biết" |
//! | n + 3 to n + 8 | of a number only: sum and sum of squares, cut as [`super::moments`] says |
//!
//! A cell is only ever added to and taken from, number by number: any order gives the same.

use std::collections::BTreeMap;

use super::moments::{LIMBS, Moments};

/// Places of a cell beside its answers: not answered, not applicable, not known.
pub const SILENT_PLACES: usize = 3;

/// Adds a cell to another, number by number; one that is shorter counts nothing at the places it lacks.
pub fn add(to: &mut Vec<i64>, cell: &[i64]) {
    if to.len() < cell.len() {
        to.resize(cell.len(), 0);
    }
    for (sum, count) in to.iter_mut().zip(cell) {
        // Counts of people and sums of limbs stay far below the range of the numbers that hold them.
        *sum = sum.saturating_add(*count);
    }
}

/// The answers of a cell that say something, each under its name in order.
///
/// Nothing when the cell is not one of so many answers, or when a count is negative, as while a withdrawal
/// has overtaken what it withdraws. Answers that nobody gave are left out.
#[must_use]
pub fn by_name(cell: &[i64], names: &[String]) -> Option<BTreeMap<String, u64>> {
    let given = cell.get(1..=names.len()).filter(|_| cell.len() == names.len() + SILENT_PLACES)?;
    let mut counts = BTreeMap::new();
    for (name, count) in names.iter().zip(given) {
        let count = u64::try_from(*count).ok()?;
        if count > 0 {
            counts.insert(name.clone(), count);
        }
    }
    Some(counts)
}

/// What the numbers of a cell come to; nothing when it is no cell of a number, or not settled, as while a
/// withdrawal has overtaken what it withdraws.
#[must_use]
pub fn moments(cell: &[i64]) -> Option<Moments> {
    let limbs = cell.get(1 + SILENT_PLACES..).filter(|limbs| limbs.len() == LIMBS)?;
    let given = *cell.get(1)?;
    (given >= 0).then(|| Moments::read(given, limbs))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_behind_the_counts_of_who_gave_them() {
        let mut cell = vec![3, 2, 0, 1, 0, 0, 0, 0, 0, 0];
        super::super::moments::count(&mut cell[4..], 25, 2);

        let mean = moments(&cell).and_then(|of| of.mean(1));
        let unsettled = [vec![0, -1], vec![0; 8]].concat();

        assert_eq!(mean.map(|mean| mean.to_string()).as_deref(), Some("2.5"));
        assert_eq!((moments(&cell[..9]), moments(&unsettled), moments(&[])), (None, None, None));
    }

    #[test]
    fn answers_are_named_in_their_order_and_silence_is_none_of_them() {
        let names = ["A", "B", "C"].map(str::to_owned);

        let counts = by_name(&[9, 4, 0, 2, 7, 8], &names);

        let wanted = BTreeMap::from([("A".to_owned(), 4), ("C".to_owned(), 2)]);
        assert_eq!(counts, Some(wanted));
        assert_eq!(by_name(&[9, 4, 0], &names), None, "a cell of another question");
        assert_eq!(by_name(&[9, 4, -1, 2, 7, 8], &names), None, "not settled");
    }

    #[test]
    fn a_cell_that_is_not_known_yet_is_added_to_as_nothing() {
        let mut sum = Vec::new();

        add(&mut sum, &[1, 2, 3]);
        add(&mut sum, &[1]);

        assert_eq!(sum, [2, 2, 3]);
    }
}
