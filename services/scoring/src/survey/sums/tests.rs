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

fn part(part: i64, whole: i64) -> PartOfWhole {
    PartOfWhole { part, whole }
}

/// Two units of four in the first stratum, two of very many in the second.
fn four_units() -> (Frame, Sums) {
    let mut sums = Sums::new(2);
    for (unit, value) in [(0, part(2, 4)), (1, part(1, 4)), (2, part(3, 4)), (3, part(4, 4))] {
        sums.add(Place { unit, statistic: 0 }, value).unwrap();
    }
    sums.add(Place { unit: 3, statistic: 1 }, part(0, 5)).unwrap();
    (Frame::new(&[0, 0, 1, 1], &[Some(4), None]), sums)
}

#[test]
fn a_rate_from_sums_has_the_variance_of_its_linearised_units() {
    let (frame, sums) = four_units();
    let rate = [Combination::ratio(Sums::part(0), Sums::whole(0))];
    let of = |strata: &[usize]| sums.estimate(&frame, strata, &rate, Policy::default()).unwrap();

    let (all, second) = (of(&frame.strata()), of(&[1]));

    // 10 of 16; u = (part − 0.625 whole) / 16, a thirty-second either way of each stratum's mean.
    assert_eq!(frame.strata(), [0, 1]);
    assert_eq!(all.values, [Some(0.625)]);
    assert!((all.covariance[(0, 0)] - (0.5 + 1.0) * 4.0 / 1024.0).abs() < 1e-15);
    assert_eq!(second.values, [Some(0.875)]);
    assert!((second.covariance[(0, 0)] - 4.0 / 256.0).abs() < 1e-15);
}

#[test]
fn each_figure_alone_is_what_it_is_among_the_others() {
    let (frame, sums) = four_units();
    let figures = [
        Combination::ratio(Sums::part(0), Sums::whole(0)),
        Combination::total(Sums::whole(0)),
        Combination::ratio(Sums::part(1), Sums::part(1)),
    ];
    let strata = frame.strata();

    let together = sums.estimate(&frame, &strata, &figures, Policy::default()).unwrap();
    let each = sums.estimate_each(&frame, &strata, &figures, Policy::default()).unwrap();

    let values: Vec<_> = each.iter().map(|(value, _)| *value).collect();
    assert_eq!(values, [Some(0.625), Some(16.0), None]);
    assert_eq!(values, together.values);
    for (place, (_, variance)) in each.iter().enumerate() {
        assert!((variance - together.covariance[(place, place)]).abs() < 1e-15, "{place}");
    }
}

#[test]
fn a_statistic_reaches_as_far_as_it_was_answered() {
    let (frame, sums) = four_units();
    let extent = |strata: &[usize], statistic| {
        let Extent { units, strata, .. } = sums.extent(&frame, strata, statistic);
        (units, strata)
    };

    assert_eq!(extent(&[0, 1], 0), (4, 2));
    assert_eq!(extent(&[0], 0), (2, 1));
    assert_eq!(extent(&[0, 1], 1), (1, 1));
    assert_eq!(extent(&[0], 1), (0, 0));
}

#[test]
fn sums_are_zero_when_all_is_taken_away_and_not_before() {
    let place = Place { unit: 3, statistic: 0 };
    let mut sums = Sums::new(1);
    assert!(sums.is_zero());

    sums.add(place, part(0, 2)).unwrap();
    assert!(!sums.is_zero());
    sums.add(place, part(0, 2).checked_neg().unwrap()).unwrap();

    assert!(sums.is_zero());
    assert_eq!(part(i64::MIN, 0).checked_neg(), None);
}

/// Unit, weight, population cell and answer of eight people.
const PEOPLE: [(usize, i64, usize, Option<bool>); 8] = [
    (0, 1, 0, Some(true)),
    (0, 2, 1, Some(false)),
    (1, 1, 0, None),
    (1, 3, 1, Some(true)),
    (2, 2, 0, Some(true)),
    (2, 1, 1, Some(true)),
    (3, 2, 0, Some(false)),
    (3, 1, 1, None),
];

/// The rate among some strata, post-stratified, from the rows themselves.
fn from_rows(populations: [f64; 2], strata: &[usize]) -> Estimates {
    use crate::survey::{
        adjust::{Adjustment, Margin},
        design::{Design, Nesting, Stage},
        sample::{Question, Sample},
    };
    let of_unit = |unit: usize| if unit < 2 { ("A", Some(5.0)) } else { ("B", None) };
    let stages = PEOPLE.map(|(unit, ..)| {
        let (stratum, population) = of_unit(unit);
        vec![Stage { stratum: stratum.to_owned(), unit: unit.to_string(), population }]
    });
    let design = Design::new(&stages, Nesting::default()).unwrap();
    let weights = PEOPLE.map(|(_, weight, ..)| nearest(weight)).to_vec();
    let mut sample = Sample::new(design, weights, Policy::default());
    let named = |population| (String::new(), population);
    let margin = Margin {
        cell_of_row: PEOPLE.map(|(_, _, cell, _)| cell).to_vec(),
        populations: populations.map(named).to_vec(),
    };
    sample.adjust(&Adjustment::Poststratify(margin)).unwrap();
    let flag = |is: bool| f64::from(u8::from(is));
    let variables = [
        PEOPLE.map(|(.., answer)| flag(answer == Some(true))).to_vec(),
        PEOPLE.map(|(.., answer)| flag(answer.is_some())).to_vec(),
    ];
    let domain = PEOPLE.map(|(unit, ..)| strata.contains(&(unit / 2)));
    let combinations = [Combination::ratio(0, 1), Combination::total(0)];
    sample
        .estimate(&Question { domain: &domain, variables: &variables, combinations: &combinations })
        .unwrap()
}

#[test]
fn post_stratified_sums_say_what_the_rows_themselves_say() {
    let populations = [40.0, 25.0];
    let mut sums = Poststratified::new(1, populations.to_vec());
    for (unit, weight, cell, answer) in PEOPLE {
        sums.add(unit, cell, weight, &[(0, value((unit, weight, answer)))]).unwrap();
    }
    let frame = Frame::new(&[0, 0, 1, 1], &[Some(5), None]);
    let figures =
        [Combination::ratio(Sums::part(0), Sums::whole(0)), Combination::total(Sums::part(0))];

    assert_eq!(sums.masses(), [6.0, 7.0]);
    for strata in [&[0, 1][..], &[0], &[1]] {
        let found = sums.estimate(&frame, strata, &figures, Policy::default()).unwrap();
        let known = from_rows(populations, strata);

        for place in 0..2 {
            let (found, known) = (found.values[place].unwrap(), known.values[place].unwrap());
            assert!((found - known).abs() < 1e-12, "{strata:?}: {found} is not {known}");
        }
        let apart = (&found.covariance - &known.covariance).amax();
        assert!(apart < 1e-10, "{strata:?}: {} is not {}", found.covariance, known.covariance);
    }
}

#[test]
fn each_post_stratified_statistic_has_its_own_totals() {
    let mut sums = Poststratified::new(3, vec![40.0, 25.0]);
    let mut alone = Poststratified::new(1, vec![40.0, 25.0]);
    for (unit, weight, cell, answer) in PEOPLE {
        let told = value((unit, weight, answer));
        sums.add(unit, cell, weight, &[(0, part(0, weight)), (2, told)]).unwrap();
        alone.add(unit, cell, weight, &[(0, told)]).unwrap();
    }
    let frame = Frame::new(&[0, 0, 1, 1], &[Some(5), None]);
    let rate = |statistic| [Combination::ratio(Sums::part(statistic), Sums::whole(statistic))];
    let strata = frame.strata();

    let third = sums.estimate(&frame, &strata, &rate(2), Policy::default()).unwrap();

    let known = alone.estimate(&frame, &strata, &rate(0), Policy::default()).unwrap();
    assert!((third.values[0].unwrap() - known.values[0].unwrap()).abs() < 1e-12);
    assert!((third.covariance[(0, 0)] - known.covariance[(0, 0)]).abs() < 1e-12);
}
