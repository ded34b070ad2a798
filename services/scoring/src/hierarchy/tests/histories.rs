//! What holds of every history, however it went.

use std::collections::BTreeSet;

use cchc_core::{Decimal, Quantity};
use proptest::prelude::*;
use time::Duration;

use super::*;

/// A change as it is drawn: what it is, on which day, of which units.
#[derive(Debug, Clone)]
struct Drawn {
    what: u8,
    days: i64,
    unit: usize,
    other: usize,
    third: usize,
}

fn drawn() -> impl Strategy<Value = Vec<Drawn>> {
    let one = (0..6_u8, 0..400_i64, 0..40_usize, 0..40_usize, 0..40_usize);
    let one =
        one.prop_map(|(what, days, unit, other, third)| Drawn { what, days, unit, other, third });
    proptest::collection::vec(one, 1..25)
}

fn pick(units: &Hierarchy, at: usize) -> UnitCode {
    let all: Vec<&Unit> = units.units().collect();
    all[at % all.len()].code.clone()
}

fn new(units: &Hierarchy, parent: UnitCode) -> Heir {
    let (code, name) = (code(&format!("N{}", units.units().count())), "Mới".to_owned());
    Heir::New(NewUnit { code, parent, kind: UnitKind::Commune, name })
}

fn changing(units: &Hierarchy, date: Date, drawn: &Drawn) -> Changing {
    let (unit, other) = (pick(units, drawn.unit), pick(units, drawn.other));
    let third = pick(units, drawn.third);
    match drawn.what {
        0 => Changing::Merge { units: vec![unit], into: Heir::Known(other) },
        1 => Changing::Merge { units: vec![unit, other], into: new(units, third) },
        2 => Changing::Move { units: vec![unit], parent: other },
        3 => Changing::Rename { unit, name: format!("Tên {}", drawn.days), kind: None },
        4 => Changing::Abolish { units: vec![unit], children_to: Some(other) },
        _ => {
            let children = units.as_of(date).filter(|(_, stood)| stood.parent == Some(&unit));
            let children = children.map(|(child, _)| child.code.clone()).collect();
            let tenths = i64::try_from(drawn.third % 9 + 1).unwrap();
            let share = |tenths| Some(Quantity::new(Decimal::new(tenths, 1)).unwrap());
            let parts = vec![
                Part { heir: Heir::Known(other), share: share(tenths), children },
                Part { heir: new(units, third), share: share(10 - tenths), children: Vec::new() },
            ];
            Changing::Split { unit, parts }
        }
    }
}

/// Makes what can be made of what was drawn: the units after it, every change made, and the days.
fn history(drawn: &[Drawn]) -> (Hierarchy, Vec<UnitChange>, BTreeSet<Date>) {
    let (mut units, mut made) = (province(), Vec::new());
    let mut date = date!(2018 - 01 - 01);
    let mut days = BTreeSet::from([date - Duration::days(1), date!(2040 - 01 - 01)]);
    for drawn in drawn {
        date += Duration::days(drawn.days);
        let change = change(date, changing(&units, date, drawn));
        if let Ok(changed) = change.apply(&units, &code("22")) {
            for unit in changed {
                units.put(unit);
            }
            made.push(change);
        }
        days.extend([date - Duration::days(1), date]);
    }
    (units, made, days)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn on_every_day_the_units_are_one_tree_and_each_stands_in_one_place(drawn in drawn()) {
        let (units, _, days) = history(&drawn);

        for day in days {
            for (unit, stood) in units.as_of(day) {
                let places = unit.standings().filter(|stood| stood.meets((day, day)));
                prop_assert_eq!(places.count(), 1);
                prop_assert!(stood.parent.is_none_or(|above| units.standing_on(above, day).is_some()));
                prop_assert_eq!(units.is_within(&unit.code, &code("22"), day), Some(true));
            }
            for unit in units.units() {
                let there = unit.standings().filter(|stood| stood.meets((day, day))).count();
                prop_assert_eq!(there == 1, unit.exists_on(day));
                // Whoever is asked for, somebody answers, up to the province.
                prop_assert_eq!(units.is_within(&unit.code, &code("22"), day), Some(true));
            }
        }
    }

    #[test]
    fn known_shares_add_up_to_one_and_successors_are_there(drawn in drawn()) {
        let (units, _, _) = history(&drawn);

        for unit in units.units().filter(|unit| !unit.successors.is_empty()) {
            let day = unit.valid_to.unwrap();
            prop_assert!(unit.successors.iter().all(|heir| units.standing_on(&heir.code, day).is_some()));
            let shares: Vec<Quantity> = unit.successors.iter().filter_map(|heir| heir.share).collect();
            let sum: Quantity = shares.iter().copied().sum();
            prop_assert!(shares.is_empty() || sum.get() == Decimal::ONE);
        }
    }

    #[test]
    fn a_history_recorded_step_by_step_is_the_one_that_is_loaded_at_once(drawn in drawn()) {
        let (units, made, _) = history(&drawn);

        let replayed = made.iter().fold(province(), |units, change| make(&units, change));
        let loaded: Hierarchy = units.units().cloned().collect();

        prop_assert_eq!(&replayed, &units);
        prop_assert_eq!(loaded, replayed);
        prop_assert_eq!(check(&units, &code("22")), []);
    }
}
