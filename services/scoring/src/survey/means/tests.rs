//! Means and their errors against samples small enough to be computed by hand.

#![expect(clippy::unwrap_used, reason = "a test may panic")]
use super::*;
use crate::survey::moments::{self, LIMBS};

fn share(satisfied: i64, valid: i64) -> Said {
    Said::satisfied(Tally { satisfied, valid, not_answered: 0 })
}

fn commune(stratum: usize, weight: f64, said: Said, responses: i64) -> Commune {
    Commune { stratum, weight, responses, population: None, said }
}

fn numbers(values: &[i64]) -> Said {
    let mut limbs = [0; LIMBS];
    for value in values {
        moments::count(&mut limbs, *value, 1);
    }
    Said::numbers(&Moments::read(i64::try_from(values.len()).unwrap(), &limbs), 1)
}

fn assert_near(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-12 * expected.abs(), "{found} is not {expected}");
}

#[test]
fn communes_of_equal_weight_vary_around_their_mean() {
    let communes = [commune(0, 1.0, share(6, 10), 10), commune(0, 1.0, share(8, 10), 12)];

    let found = estimate(&communes, &[None], Kind::Share).unwrap();

    assert_near(found.value, 0.7);
    // Totals of ∓1/20 around 0: n/(n − 1) Σ z² = 2 · 2 · 0.05².
    assert_near(found.error.unwrap(), 0.1);
    assert_eq!((found.degrees_of_freedom, found.communes), (1, 2));
    // s²/n = (14 · 0.09 + 6 · 0.49) / 20 / 19.
    assert_near(found.design_effect.unwrap(), 0.01 / (4.2 / 20.0 / 19.0));
    let (low, high) = found.interval.unwrap();
    assert!(0.0 < low && low < 0.7 && 0.7 < high && high < 1.0);
}

#[test]
fn weights_move_the_figure_and_a_common_factor_moves_nothing() {
    let of = |factor: f64| {
        let communes = [
            commune(0, factor, share(6, 10), 10),
            commune(0, 3.0 * factor, share(8, 10), 10),
            commune(1, factor, share(2, 10), 10),
            commune(1, factor, share(4, 10), 10),
        ];
        estimate(&communes, &[None, None], Kind::Share).unwrap()
    };

    assert_near(of(1.0).value, 36.0 / 60.0);
    assert_near(of(7.0).value, of(1.0).value);
    assert_near(of(7.0).error.unwrap(), of(1.0).error.unwrap());
    assert_near(of(7.0).design_effect.unwrap(), of(1.0).design_effect.unwrap());
}

#[test]
fn whoever_asked_everybody_knows() {
    let everybody =
        |said, count| Commune { population: Some(count), ..commune(0, 1.0, said, count) };
    let all = [everybody(numbers(&[10, 20, 60]), 3), everybody(numbers(&[40]), 1)];

    let found = estimate(&all, &[Some(2)], Kind::Mean).unwrap();

    assert_near(found.value, 3.25);
    assert_eq!(found.error, Some(0.0));
}

#[test]
fn a_commune_asked_in_part_still_varies_within() {
    let half = |said| Commune { population: Some(4), ..commune(0, 2.0, said, 2) };
    let all = [half(numbers(&[10, 30])), half(numbers(&[10, 50]))];

    let found = estimate(&all, &[Some(2)], Kind::Mean).unwrap();

    // Every commune was drawn, half of its people: (1 − ½) · 2/1 · Σ (z − z̄)², z = 2(y − 2.5)/8.
    assert_near(found.value, 2.5);
    let spread = (1.0_f64 - 3.0).powi(2) / 2.0 + (1.0_f64 - 5.0).powi(2) / 2.0;
    assert_near(found.error.unwrap(), (spread / 16.0).sqrt());
}

#[test]
fn one_commune_alone_says_nothing_of_its_error() {
    let alone = [commune(0, 2.0, share(6, 10), 10)];
    let lonely = [alone[0], commune(1, 1.0, share(6, 10), 10), commune(1, 1.0, share(8, 10), 10)];
    let silent = [alone[0], commune(0, 2.0, share(0, 0), 10)];

    for (communes, populations) in
        [(&alone[..], &[None][..]), (&lonely, &[None, None]), (&silent, &[None])]
    {
        let found = estimate(communes, populations, Kind::Share).unwrap();
        assert_eq!((found.error, found.interval, found.design_effect), (None, None, None));
    }
    assert_eq!(estimate(&[commune(0, 2.0, share(0, 0), 10)], &[None], Kind::Share), None);
}

#[test]
fn where_everybody_is_satisfied_the_interval_is_exact() {
    let communes = [commune(0, 1.0, share(10, 10), 10), commune(0, 1.0, share(20, 20), 20)];

    let found = estimate(&communes, &[None], Kind::Share).unwrap();

    assert_near(found.value, 1.0);
    // The least rate at which thirty of thirty happen in 2.5 of 100 samples.
    let (low, high) = found.interval.unwrap();
    assert!((low - 0.025_f64.powf(1.0 / 30.0)).abs() < 1e-9);
    assert_near(high, 1.0);
    assert_eq!(found.design_effect, None);
}

#[test]
fn answers_of_the_same_people_are_taken_together_without_their_squares() {
    let both = share(6, 10).pooled(share(2, 5));
    let known = Commune { population: Some(20), ..commune(0, 2.0, both, 10) };

    let of_known = estimate(&[known, known], &[Some(4)], Kind::Share).unwrap();

    assert_near(of_known.value, 8.0 / 15.0);
    assert_eq!(of_known.design_effect, None);
}

#[test]
fn options_are_worth_what_the_rule_says() {
    let worth = |counts: [u64; 3]| {
        let worth = [100, 60, 0].map(Decimal::from);
        Said::worth(&counts.into_iter().zip(worth).collect::<Vec<_>>())
    };
    let communes = [commune(0, 1.0, worth([3, 1, 0]), 4), commune(0, 1.0, worth([0, 2, 2]), 4)];

    let found = estimate(&communes, &[None], Kind::Mean).unwrap();

    assert_near(found.value, 60.0);
    assert_near(found.error.unwrap(), 2.0 * 120.0 / 8.0);
}
