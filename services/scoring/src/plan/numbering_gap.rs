//! A number left out between others: a task may have been lost on the way.
//!
//! Blocks run from 1, and so do the items of a block that has any. A block left out on purpose is
//! declared; an item is not, since nobody ever left one out on purpose.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, FindingKind, case::Case};

pub(super) fn find(case: &Case) -> Vec<Finding> {
    let numbers = case.plan.tasks.iter().map(|task| task.number.as_str());
    let mut blocks: BTreeMap<u16, BTreeSet<u16>> = BTreeMap::new();
    for number in numbers {
        let mut parts = number.split('.').map_while(|part| part.parse().ok());
        if let Some(block) = parts.next() {
            blocks.entry(block).or_default().extend(parts.next());
        }
    }
    let of_blocks = missing(blocks.keys().copied().collect())
        .filter(|number| !case.plan.numbers_left_out.contains(number))
        .map(|number| number.to_string());
    let of_items = blocks.iter().flat_map(|(block, items)| {
        missing(items.clone()).map(move |item| format!("{block}.{item}"))
    });
    of_blocks.chain(of_items).map(|number| say(case, &number)).collect()
}

/// The numbers from 1 to the last that are not there.
fn missing(numbers: BTreeSet<u16>) -> impl Iterator<Item = u16> {
    let last = numbers.last().copied().unwrap_or_default();
    (1..=last).filter(move |number| !numbers.contains(number))
}

fn say(case: &Case, number: &str) -> Finding {
    Finding::new(
        FindingKind::NumberingGap,
        number,
        format!("Danh mục nhiệm vụ không có mục số {number}"),
        format!("the tasks have no number {number}"),
    )
    .stated_in(&case.plan.reference)
}

#[cfg(test)]
mod tests {
    use super::super::sample::{only, says};
    use super::*;

    #[test]
    fn a_number_left_out_without_saying_so_is_found() {
        let found = only(FindingKind::NumberingGap, |plan, _| plan.numbers_left_out.clear());

        assert_eq!(found, says("3", "", ""));
    }

    #[test]
    fn an_item_left_out_within_a_block_is_found() {
        let found = only(FindingKind::NumberingGap, |plan, _| {
            plan.tasks.retain(|task| task.number.as_str() != "1.1");
        });

        assert_eq!(found, says("1.1", "", ""));
    }
}
