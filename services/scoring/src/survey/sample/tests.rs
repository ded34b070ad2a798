//! Estimates from rows in figures that a pencil can check.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use super::*;
use crate::survey::{
    adjust::Margin,
    design::{Nesting, Stage},
};

fn assert_near(found: f64, known: f64) {
    assert!((found - known).abs() < 1e-12 * known.abs().max(1.0), "{found:e} is not {known:e}");
}

fn stage(stratum: &str, unit: &str, population: Option<f64>) -> Stage {
    Stage { stratum: stratum.to_owned(), unit: unit.to_owned(), population }
}

/// Rows that are units of their own in one stratum.
fn simple(population: Option<f64>, weights: &[f64]) -> Sample {
    let rows: Vec<Vec<Stage>> =
        (0..weights.len()).map(|row| vec![stage("A", &row.to_string(), population)]).collect();
    let design = Design::new(&rows, Nesting::default()).unwrap();
    Sample::new(design, weights.to_vec(), Policy::default())
}

/// The mean of a domain and its variance.
fn mean(sample: &Sample, y: &[f64], domain: &[bool]) -> (Option<f64>, f64) {
    let estimates = sample
        .estimate(&Question {
            domain,
            variables: &[y.to_vec(), vec![1.0; y.len()]],
            combinations: &[Combination::ratio(0, 1)],
        })
        .unwrap();
    (estimates.values[0], estimates.covariance[(0, 0)])
}

#[test]
fn with_equal_weights_a_mean_has_the_variance_of_the_textbook() {
    let y = [1.0, 2.0, 3.0, 4.0];
    for weight in [1.0, 250.0] {
        let (value, variance) = mean(&simple(None, &[weight; 4]), &y, &[true; 4]);

        assert_near(value.unwrap(), 2.5);
        assert_near(variance, 5.0 / 3.0 / 4.0);
    }
    let (_, finite) = mean(&simple(Some(8.0), &[2.0; 4]), &y, &[true; 4]);
    assert_near(finite, 5.0 / 3.0 / 4.0 / 2.0);
}

#[test]
fn a_domain_is_seen_within_the_whole_design() {
    let sample = simple(None, &[1.0; 4]);
    let domain = [true, true, false, false];

    let (value, variance) = mean(&sample, &[1.0, 3.0, 50.0, 70.0], &domain);

    // u = (y - 2) / 2: halves either way and two zeros, four thirds of their squares.
    assert_near(value.unwrap(), 2.0);
    assert_near(variance, 4.0 / 3.0 * 0.5);
    assert_eq!(mean(&sample, &[1.0; 4], &[false; 4]), (None, 0.0));
    assert_eq!(sample.extent(&domain).units, 2);
}

#[test]
fn units_within_units_add_their_share() {
    // Two of four communes, two of four households in each.
    let row = |commune: &str, household: &str| {
        vec![stage("A", commune, Some(4.0)), stage(commune, household, Some(4.0))]
    };
    let rows = [row("a", "1"), row("a", "2"), row("b", "3"), row("b", "4")];
    let design = Design::new(&rows, Nesting::default()).unwrap();
    let weights = design.base_weights().to_vec();
    let sample = Sample::new(design, weights, Policy::default());

    let (value, variance) = mean(&sample, &[1.0, 3.0, 5.0, 7.0], &[true; 4]);

    // z = w u: (−3, −1, 1, 3) / 4. Between communes ½ · 2 · (1 + 1); within, ½ of ½ · 2 · ⅛ each.
    assert_near(value.unwrap(), 4.0);
    assert_near(variance, 2.0 + 0.5 * (0.125 + 0.125));
}

#[test]
fn a_lonely_unit_is_refused_with_the_stage_it_stands_in() {
    let row = |commune: &str, household: &str| {
        vec![stage("A", commune, Some(4.0)), stage(commune, household, Some(4.0))]
    };
    let rows = [row("a", "1"), row("a", "2"), row("b", "3")];
    let design = Design::new(&rows, Nesting::default()).unwrap();
    let sample = Sample::new(design, vec![1.0; 3], Policy::default());
    let combinations = [Combination::total(0)];
    let variables = [vec![1.0; 3]];
    let question =
        Question { domain: &[true; 3], variables: &variables, combinations: &combinations };

    assert_eq!(sample.estimate(&question), Err(LonelyStratum { stage: 2 }));
}

#[test]
fn a_population_that_is_known_takes_its_part_off_the_variance() {
    let mut sample = simple(None, &[1.0; 4]);
    let populations = vec![("nam".to_owned(), 30.0), ("nữ".to_owned(), 10.0)];
    let margin = Margin { cell_of_row: vec![0, 0, 1, 1], populations };

    sample.adjust(&Adjustment::Poststratify(margin)).unwrap();
    let (value, variance) = mean(&sample, &[1.0, 3.0, 5.0, 5.0], &[true; 4]);

    // 15 each and 5 each; what varies is the two men around their own mean: 15 · (∓1) / 40.
    assert_eq!(sample.weights(), [15.0, 15.0, 5.0, 5.0]);
    assert_near(value.unwrap(), (30.0 * 2.0 + 10.0 * 5.0) / 40.0);
    assert_near(variance, 4.0 / 3.0 * 2.0 * (15.0_f64 / 40.0).powi(2));
}

#[test]
fn a_figure_without_a_value_has_no_standard_error() {
    let sample = simple(None, &[1.0; 4]);
    let combinations = [Combination::ratio(0, 1)];
    let question = Question { domain: &[true; 4], variables: &[], combinations: &combinations };

    let estimates = sample.estimate(&question).unwrap();

    assert_eq!((estimates.values[0], estimates.standard_error(0)), (None, None));
    assert_eq!(estimates.standard_error(1), None);
}

#[test]
fn a_simple_sample_of_the_same_size_is_the_measure_of_a_design() {
    let y = [1.0, 2.0, 3.0, 4.0];
    let of = |weights: &[f64], reference| simple_variance(&y, weights, reference);
    let (with, without) = (Reference::WithReplacement, Reference::WithoutReplacement);

    assert_near(of(&[1.0; 4], with).unwrap(), 5.0 / 12.0);
    assert_near(of(&[1.0; 4], without).unwrap(), 0.0);
    assert_near(of(&[2.0; 4], without).unwrap(), 5.0 / 12.0 / 2.0);
    // Weighted: mean 2, squares 1, 0 and 1 · 1; two rows of weight zero do not count.
    assert_near(of(&[1.0, 0.0, 1.0, 0.0], with).unwrap(), 1.0);
    assert_near(of(&[3.0, 0.0, 1.0, 0.0], with).unwrap(), 0.75);
    assert_eq!(of(&[1.0, 0.0, 0.0, 0.0], with), None);
    assert_eq!(of(&[1.0, -1.0, 0.0, 0.0], with), None);
}

#[test]
fn unequal_weights_leave_fewer_rows() {
    assert_near(kish(&[2.0; 5]).unwrap(), 5.0);
    assert_near(kish(&[1.0, 3.0]).unwrap(), 1.6);
    assert_near(kish(&[1.0, 0.0]).unwrap(), 1.0);
    assert_eq!(kish(&[0.0, 0.0]), None);
    assert_eq!(kish(&[]), None);
}
