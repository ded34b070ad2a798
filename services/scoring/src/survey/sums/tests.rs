//! Laws of the sums: order, splitting, repeats, withdrawal, union, scale.
#![expect(
    clippy::unwrap_used,
    clippy::float_arithmetic,
    reason = "a test may panic and compares figures"
)]

use proptest::prelude::*;

use super::*;

/// A response: its unit, weight in ten-thousandths, and whether satisfied or not answered.
type Answer = (usize, i64, Option<bool>);

const UNITS: usize = 12;

/// Three strata of four units each.
fn frame() -> Frame {
    let strata: Vec<usize> = (0..UNITS).map(|unit| unit / 4).collect();
    Frame::new(&strata, &[None, Some(9), None])
}

fn value((_, weight, answer): Answer) -> PartOfWhole {
    let weighted = |is_true: bool| if is_true { weight } else { 0 };
    PartOfWhole { part: weighted(answer == Some(true)), whole: weighted(answer.is_some()) }
}

fn sums(answers: &[Answer]) -> Sums {
    let mut sums = Sums::new(1);
    for answer in answers {
        sums.add(Place { unit: answer.0, statistic: 0 }, value(*answer)).unwrap();
    }
    sums
}

fn figures(sums: &Sums) -> (Option<u64>, u64) {
    let rate = Combination::ratio(Sums::part(0), Sums::whole(0));
    let found = sums.estimate(&frame(), &[0, 1, 2], &[rate], Policy::default()).unwrap();
    (found.values[0].map(f64::to_bits), found.covariance[(0, 0)].to_bits())
}

fn answers() -> impl Strategy<Value = Vec<Answer>> {
    let answer = (0..UNITS, 1_i64..30_000_000, proptest::option::of(any::<bool>()));
    proptest::collection::vec(answer, 0..80)
}

proptest! {
    #[test]
    fn any_order_and_any_split_give_the_same_bits(
        (answers, shuffled, cut) in answers().prop_flat_map(|answers| {
            let cut = 0..=answers.len();
            (Just(answers.clone()), Just(answers).prop_shuffle(), cut)
        })
    ) {
        let (left, right) = shuffled.split_at(cut);
        let mut merged = sums(right);
        merged.merge(&sums(left)).unwrap();

        prop_assert_eq!(figures(&sums(&answers)), figures(&merged));
    }

    #[test]
    fn a_variance_is_never_negative_and_scale_free(answers in answers(), factor in 2_i64..50) {
        let scaled: Vec<Answer> =
            answers.iter().map(|(unit, weight, answer)| (*unit, weight * factor, *answer)).collect();
        let rate = Combination::ratio(Sums::part(0), Sums::whole(0));
        let at = |answers: &[Answer]| {
            sums(answers).estimate(&frame(), &[0, 1, 2], std::slice::from_ref(&rate), Policy::default()).unwrap()
        };

        let (one, many) = (at(&answers), at(&scaled));

        prop_assert!(one.covariance[(0, 0)] >= 0.0);
        if let (Some(a), Some(b)) = (one.values[0], many.values[0]) {
            prop_assert!((a - b).abs() <= 1e-14);
            prop_assert!((one.covariance[(0, 0)] - many.covariance[(0, 0)]).abs() <= 1e-14);
        } else {
            prop_assert_eq!(one.values[0].is_none(), many.values[0].is_none());
        }
    }

    #[test]
    fn deliveries_may_repeat_and_come_out_of_order(
        (deliveries, shuffled) in answers().prop_flat_map(|answers| {
            let deliveries: Vec<(usize, u64, Answer)> = answers
                .into_iter()
                .enumerate()
                .map(|(index, answer)| (index / 2, (index % 2) as u64, answer))
                .collect();
            let twice: Vec<_> = deliveries.iter().chain(&deliveries).copied().collect();
            (Just(deliveries), Just(twice).prop_shuffle())
        })
    ) {
        let told = |deliveries: &[(usize, u64, Answer)]| {
            let mut ledger = Ledger::new(1);
            for (id, version, answer) in deliveries {
                let place = Place { unit: answer.0, statistic: 0 };
                ledger.tell(*id, *version, vec![(place, value(*answer))]).unwrap();
            }
            ledger
        };

        let (mut once, twice) = (told(&deliveries), told(&shuffled));

        prop_assert_eq!(figures(once.sums()), figures(twice.sums()));
        for (id, _, _) in &deliveries {
            once.tell(*id, 9, Vec::new()).unwrap();
        }
        prop_assert!(once.sums().is_zero());
    }

    #[test]
    fn the_union_of_two_domains_is_the_sum_of_their_sums(answers in answers()) {
        let mut split = Sums::new(2);
        for (index, answer) in answers.iter().enumerate() {
            split.add(Place { unit: answer.0, statistic: index % 2 }, value(*answer)).unwrap();
        }
        let union = Combination::pooled(
            vec![Sums::part(0), Sums::part(1)],
            vec![Sums::whole(0), Sums::whole(1)],
        );

        let joined = split.estimate(&frame(), &[0, 1, 2], &[union], Policy::default()).unwrap();

        let (value, _) = figures(&sums(&answers));
        prop_assert_eq!(joined.values[0].map(f64::to_bits), value);
    }

    #[test]
    fn post_stratified_margins_are_met(
        answers in proptest::collection::vec((0..UNITS, 1_i64..30_000_000, 0_usize..3), 1..80),
        populations in proptest::collection::vec(1.0_f64..1e6, 3),
    ) {
        // The statistic says who is in cell 1: its total is known, and so is its variance, zero.
        let mut sums = Poststratified::new(1, populations.clone());
        for (unit, weight, cell) in &answers {
            let is_in = if *cell == 1 { *weight } else { 0 };
            let value = PartOfWhole { part: is_in, whole: *weight };
            sums.add(*unit, *cell, *weight, &[(0, value)]).unwrap();
        }
        let total = Combination::total(Sums::part(0));

        let found = sums.estimate(&frame(), &[0, 1, 2], &[total], Policy::default()).unwrap();

        if sums.masses()[1] > 0.0 {
            prop_assert!((found.values[0].unwrap() / populations[1] - 1.0).abs() < 1e-14);
        }
        prop_assert!(found.covariance[(0, 0)].sqrt() <= 1e-9 * populations[1]);
    }
}

#[test]
fn a_sum_out_of_range_is_refused_and_leaves_the_sums_alone() {
    let mut sums = Sums::new(1);
    let most = PartOfWhole { part: 0, whole: i64::MAX };
    sums.add(Place { unit: 0, statistic: 0 }, most).unwrap();

    let one_more = PartOfWhole { part: 0, whole: 1 };

    assert_eq!(sums.add(Place { unit: 0, statistic: 0 }, one_more), Err(OutOfRange));
    assert_eq!(sums.add(Place { unit: 0, statistic: 1 }, one_more), Err(OutOfRange));
    assert_eq!(sums.at(Place { unit: 0, statistic: 0 }), most);
}

#[test]
fn a_lonely_stratum_is_refused() {
    let frame = Frame::new(&[0, 0, 1], &[]);
    let mut sums = Sums::new(1);
    for unit in 0..3 {
        sums.add(Place { unit, statistic: 0 }, PartOfWhole { part: 1, whole: 2 }).unwrap();
    }
    let rate = Combination::ratio(Sums::part(0), Sums::whole(0));

    let refused = sums.estimate(&frame, &[0, 1], &[rate], Policy::default());

    assert_eq!(refused, Err(LonelyStratum { stage: 1 }));
}
