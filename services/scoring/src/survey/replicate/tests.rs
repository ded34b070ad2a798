//! Replicate weights in figures that a pencil can check.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use super::*;
use crate::survey::{
    adjust::Margin,
    combination::Combination,
    design::{Nesting, Stage},
};

fn assert_near(found: f64, known: f64) {
    assert!((found - known).abs() < 1e-12 * known.abs().max(1.0), "{found:e} is not {known:e}");
}

/// Every row a unit of its own, in a stratum of so many.
fn design(strata: &[(&str, Option<f64>)]) -> Design {
    let rows: Vec<Vec<Stage>> = strata
        .iter()
        .enumerate()
        .map(|(row, (stratum, population))| {
            let (stratum, unit) = ((*stratum).to_owned(), row.to_string());
            vec![Stage { stratum, unit, population: *population }]
        })
        .collect();
    Design::new(&rows, Nesting::default()).unwrap()
}

/// A ratio of two variables over everybody, and its variance.
fn ratio(replicates: &Replicates, y: &[f64], x: &[f64]) -> (f64, f64) {
    let estimates = replicates.estimate(&Question {
        domain: &vec![true; y.len()],
        variables: &[y.to_vec(), x.to_vec()],
        combinations: &[Combination::ratio(0, 1)],
    });
    (estimates.values[0].unwrap(), estimates.covariance[(0, 0)])
}

fn jackknife(strata: &[(&str, Option<f64>)]) -> Result<Replicates, LonelyReplicate> {
    Replicates::jackknife(&design(strata), &vec![1.0; strata.len()])
}

#[test]
fn of_a_mean_the_jackknife_gives_what_linearisation_gives() {
    let ones = [1.0; 3];
    let three = jackknife(&[("A", None), ("A", None), ("A", None)]).unwrap();

    let (mean, variance) = ratio(&three, &[1.0, 2.0, 6.0], &ones);

    assert_near(mean, 3.0);
    assert_near(variance, 7.0 / 3.0);
}

#[test]
fn what_was_sampled_of_a_finite_population_cannot_vary() {
    let half = jackknife(&[("A", Some(4.0)), ("A", Some(4.0))]).unwrap();

    let (mean, variance) = ratio(&half, &[1.0, 3.0], &[1.0, 1.0]);

    assert_near(mean, 2.0);
    assert_near(variance, 0.5);
}

#[test]
fn a_census_has_no_part_in_the_centre_of_the_replicates() {
    let strata = [("A", Some(2.0)), ("A", Some(2.0)), ("B", None), ("B", None)];
    let replicates = jackknife(&strata).unwrap();

    let (ratio, variance) = ratio(&replicates, &[0.0, 8.0, 1.0, 3.0], &[1.0, 3.0, 1.0, 1.0]);

    // Without one of B's units 14/6 and 10/6: a third from 2 either way, each half a square.
    assert_near(ratio, 2.0);
    assert_near(variance, 1.0 / 9.0);
}

#[test]
fn a_stratum_of_one_unit_leaves_nothing_when_it_is_left_out() {
    assert_eq!(jackknife(&[("A", None), ("B", None), ("B", None)]), Err(LonelyReplicate));
    assert!(jackknife(&[("A", None), ("A", None)]).is_ok());
}

#[test]
fn given_multipliers_count_times_the_weights() {
    let replicates =
        Replicates::of_multipliers(&[1.0, 3.0], &[vec![2.0, 0.5], vec![0.0, 2.0]], 0.5);

    assert_eq!(replicates.replicates, [[2.0, 1.5], [0.0, 6.0]]);
    assert_eq!((replicates.weights, replicates.scale), (vec![1.0, 3.0], 0.5));
    assert_eq!(replicates.scales, [1.0, 1.0]);
}

#[test]
fn squares_lie_around_the_replicates_or_around_the_estimate() {
    let mut replicates =
        Replicates::of_weights(&[1.0, 1.0], vec![vec![1.0, 0.0], vec![1.0, 3.0]], 0.5);
    let of = |replicates: &Replicates| ratio(replicates, &[0.0, 4.0], &[1.0, 1.0]);

    // The estimate is 2; the replicates give 0 and 3.
    let around_mean = of(&replicates);
    replicates.is_around_estimate = true;
    let around_estimate = of(&replicates);

    assert_near(around_mean.0, 2.0);
    assert_near(around_mean.1, 0.5 * (2.25 + 2.25));
    assert_near(around_estimate.1, 0.5 * (4.0 + 1.0));
}

#[test]
fn every_replicate_is_brought_to_the_population() {
    let margin = Margin {
        cell_of_row: vec![0, 0, 1],
        populations: vec![("nam".to_owned(), 6.0), ("nữ".to_owned(), 4.0)],
    };
    let mut replicates = Replicates::of_weights(&[1.0, 1.0, 1.0], vec![vec![2.0, 1.0, 5.0]], 1.0);

    replicates.adjust(&Adjustment::Poststratify(margin.clone())).unwrap();

    assert_eq!(replicates.weights, [3.0, 3.0, 4.0]);
    assert_eq!(replicates.replicates, [[4.0, 2.0, 4.0]]);
    let mut empty = Replicates::of_weights(&[1.0; 3], vec![vec![1.0, 1.0, 0.0]], 1.0);
    assert!(empty.adjust(&Adjustment::Poststratify(margin)).is_err());
}

#[test]
fn degrees_of_freedom_are_the_rank_less_one_whatever_the_weights_are_counted_in() {
    let (units, domain) = ([("A", None); 4], [true; 4]);
    let of = |weights: [f64; 4], domain: &[bool]| {
        let replicates = Replicates::jackknife(&design(&units), &weights).unwrap();
        replicates.degrees_of_freedom(domain)
    };

    assert_eq!(of([1.0; 4], &domain), 3);
    assert_eq!(of([1e-9, 2e-9, 3e-9, 1e-9], &domain), 3);
    assert_eq!(of([1e9, 1e-9, 1.0, 1.0], &domain), 3);
    assert_eq!(of([1.0; 4], &[true, true, false, false]), 1);
    assert_eq!(of([1.0; 4], &[false; 4]), 0);
    assert_eq!(of([1.0, 1.0, 1.0, 0.0], &domain), 2, "a weight of zero tells nothing");
    let bootstrap = Replicates::of_multipliers(&[1.0, 1.0], &[vec![2.0, 0.5], vec![0.5, 2.0]], 1.0);
    assert_eq!(bootstrap.degrees_of_freedom(&[true, true]), 1);
}
