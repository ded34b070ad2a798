//! Weights brought to population figures: what is met, by which weights, and what contradicts itself.
#![expect(
    clippy::unwrap_used,
    clippy::float_arithmetic,
    reason = "a test may panic and compares figures"
)]

use proptest::prelude::*;

use super::*;

fn all_near(found: &[f64], known: &[f64]) {
    assert_eq!(found.len(), known.len());
    for (found, known) in found.iter().zip(known) {
        assert!((found - known).abs() < 1e-9 * known.abs().max(1.0), "{found:e} is not {known:e}");
    }
}

fn margin(cell_of_row: &[usize], populations: &[f64]) -> Margin {
    let named = populations.iter().zip(["nam", "nữ", "khác"]);
    Margin {
        cell_of_row: cell_of_row.to_vec(),
        populations: named.map(|(population, cell)| (cell.to_owned(), *population)).collect(),
    }
}

fn poststratified(
    cell_of_row: &[usize],
    populations: &[f64],
    weights: &[f64],
) -> Result<Vec<f64>, AdjustError> {
    Adjustment::Poststratify(margin(cell_of_row, populations)).weights(weights)
}

fn raked(margins: Vec<Margin>, weights: &[f64]) -> Result<Vec<f64>, AdjustError> {
    Adjustment::Rake { margins, variance: RakeVariance::default() }.weights(weights)
}

fn calibrated(
    variables: &[&[f64]],
    totals: &[f64],
    distance: Distance,
    weights: &[f64],
) -> Result<Vec<f64>, AdjustError> {
    let variables = variables.iter().map(|variable| variable.to_vec()).collect();
    Adjustment::Calibrate(Calibration { variables, totals: totals.to_vec(), distance })
        .weights(weights)
}

const LINEAR: Distance = Distance::Linear { bounds: None };

#[test]
fn each_cell_is_brought_to_its_population() {
    let weights = poststratified(&[0, 1, 0], &[12.0, 10.0], &[1.0, 5.0, 2.0]).unwrap();

    all_near(&weights, &[4.0, 10.0, 8.0]);
    all_near(&poststratified(&[0, 0], &[0.0], &[0.0, 0.0]).unwrap(), &[0.0, 0.0]);
    all_near(&poststratified(&[0, 0], &[0.0], &[1.0, 2.0]).unwrap(), &[0.0, 0.0]);
}

#[test]
fn who_is_in_no_cell_and_a_cell_without_anybody_are_refused() {
    let cell = "nữ".to_owned();

    assert_eq!(
        poststratified(&[0, 2, 0], &[12.0, 10.0], &[1.0; 3]),
        Err(AdjustError::NoCell { row: 1 })
    );
    assert_eq!(
        poststratified(&[0, 0], &[12.0, 10.0], &[1.0; 2]),
        Err(AdjustError::EmptyCell { cell, population: 10.0 })
    );
}

#[test]
fn raking_meets_every_margin_and_keeps_what_they_do_not_speak_of() {
    let margins = vec![margin(&[0, 0, 1, 1], &[30.0, 10.0]), margin(&[0, 1, 0, 1], &[20.0, 20.0])];

    let weights = raked(margins, &[1.0, 2.0, 3.0, 4.0]).unwrap();

    assert!((weights[0] + weights[1] - 30.0).abs() < 1e-9);
    assert!((weights[1] + weights[3] - 20.0).abs() < 1e-9);
    // The odds of the two classifications stay as they were: 1 · 4 over 2 · 3.
    let odds = weights[0] * weights[3] / (weights[1] * weights[2]);
    assert!((odds - 4.0 / 6.0).abs() < 1e-9, "{odds}");
}

#[test]
fn raking_leaves_nobody_where_nobody_lives() {
    let margins = vec![margin(&[0, 0, 1, 1], &[30.0, 0.0]), margin(&[0, 1, 0, 1], &[20.0, 10.0])];

    let weights = raked(margins, &[1.0, 2.0, 3.0, 4.0]).unwrap();

    all_near(&weights, &[20.0, 10.0, 0.0, 0.0]);
}

#[test]
fn margins_that_contradict_one_another_have_no_solution() {
    let margins = vec![margin(&[0, 0, 1, 1], &[30.0, 10.0]), margin(&[0, 1, 0, 1], &[20.0, 21.0])];

    assert_eq!(raked(margins, &[1.0; 4]), Err(AdjustError::NoSolution));
}

#[test]
fn the_regression_estimators_weights_are_those_of_the_textbook() {
    // g = 1 + λ x with Σ x (1 + λ x) = 3 + 5 λ, in whatever unit x is counted.
    let by_value = calibrated(&[&[0.0, 1.0, 2.0]], &[9.0], LINEAR, &[1.0; 3]).unwrap();
    let by_small = calibrated(&[&[0.0, 1e-9, 2e-9]], &[9e-9], LINEAR, &[1.0; 3]).unwrap();
    let by_number = calibrated(&[&[1.0; 3]], &[12.0], LINEAR, &[1.0, 2.0, 3.0]).unwrap();

    all_near(&by_value, &[1.0, 2.2, 3.4]);
    all_near(&by_small, &[1.0, 2.2, 3.4]);
    all_near(&by_number, &[2.0, 4.0, 6.0]);
}

#[test]
fn weights_within_bounds_meet_the_totals_or_nothing_does() {
    let of = |bounds, total| {
        calibrated(
            &[&[0.0, 1.0, 2.0]],
            &[total],
            Distance::Linear { bounds: Some(bounds) },
            &[1.0; 3],
        )
    };

    all_near(&of((0.5, 9.0), 9.0).unwrap(), &[1.0, 2.2, 3.4]);
    // With 3 at most, the last stands at 3 and the one before gives the rest.
    all_near(&of((0.5, 3.0), 8.5).unwrap(), &[1.0, 2.5, 3.0]);
    assert_eq!(of((0.5, 3.0), 9.5), Err(AdjustError::NoSolution));
}

#[test]
fn on_margins_exponential_calibration_is_raking() {
    let margins = vec![margin(&[0, 0, 1, 1], &[30.0, 10.0]), margin(&[0, 1, 0, 1], &[20.0, 20.0])];
    let weights = [1.0, 2.0, 3.0, 4.0];
    let variables: [&[f64]; 4] = [
        &[1.0, 1.0, 0.0, 0.0],
        &[0.0, 0.0, 1.0, 1.0],
        &[1.0, 0.0, 1.0, 0.0],
        &[0.0, 1.0, 0.0, 1.0],
    ];

    let exponential =
        calibrated(&variables, &[30.0, 10.0, 20.0, 20.0], Distance::Raking, &weights).unwrap();

    all_near(&exponential, &raked(margins, &weights).unwrap());
    // The last variable follows from the others, and so does its total.
    let contradictory =
        calibrated(&variables, &[30.0, 10.0, 20.0, 21.0], Distance::Raking, &weights);
    assert_eq!(contradictory, Err(AdjustError::NoSolution));
}

#[test]
fn logit_weights_keep_within_their_bounds() {
    let logit = Distance::Logit { lower: 0.5, upper: 4.0 };
    let of = |total| calibrated(&[&[0.0, 1.0, 2.0]], &[total], logit, &[1.0; 3]);

    let weights = of(9.0).unwrap();

    assert!((weights[1] + 2.0 * weights[2] - 9.0).abs() < 1e-9);
    assert!(weights.iter().all(|weight| (0.5..=4.0).contains(weight)), "{weights:?}");
    all_near(&weights[..1], &[1.0]);
    assert!(of(12.5).is_err(), "four times each is 12");
}

#[test]
fn an_equal_total_leaves_the_weights_alone() {
    for distance in [
        LINEAR,
        Distance::Linear { bounds: Some((0.5, 2.0)) },
        Distance::Raking,
        Distance::Logit { lower: 0.2, upper: 3.0 },
    ] {
        let weights = calibrated(&[&[0.0, 1.0, 2.0]], &[8.0], distance, &[1.0, 2.0, 3.0]).unwrap();

        all_near(&weights, &[1.0, 2.0, 3.0]);
    }
}

/// What is left of weighted values after an adjustment from unequal weights.
fn left(adjustment: &Adjustment, before: &[f64], mut weighted: Vec<f64>) -> Vec<f64> {
    let after = adjustment.weights(before).unwrap();
    weighted.iter_mut().zip(&after).for_each(|(value, weight)| *value *= weight);
    adjustment.residual(before, &after).take(&mut weighted);
    weighted
}

#[test]
fn of_what_the_population_figures_explain_nothing_is_left() {
    let before = [1.0, 2.0, 3.0, 4.0];
    let margins =
        || vec![margin(&[0, 0, 1, 1], &[30.0, 10.0]), margin(&[0, 1, 0, 1], &[20.0, 20.0])];
    let calibration = Calibration {
        variables: vec![vec![1.0; 4], vec![1.0, 5.0, 2.0, 8.0]],
        totals: vec![15.0, 80.0],
        distance: LINEAR,
    };

    let cells = Adjustment::Poststratify(margin(&[0, 0, 1, 1], &[30.0, 10.0]));
    all_near(&left(&cells, &before, vec![7.0, 7.0, 2.0, 2.0]), &[0.0; 4]);
    for variance in [RakeVariance::Regression, RakeVariance::Sweeps] {
        let rake = Adjustment::Rake { margins: margins(), variance };
        // A value of the one classification and one of the other, added up.
        all_near(&left(&rake, &before, vec![9.0, 4.0, 6.0, 1.0]), &[0.0; 4]);
    }
    let calibrate = Adjustment::Calibrate(calibration);
    all_near(&left(&calibrate, &before, vec![13.0, 25.0, 16.0, 34.0]), &[0.0; 4]);
}

#[test]
fn what_they_do_not_explain_is_left_around_the_mean_of_the_weights_before() {
    let cells = Adjustment::Poststratify(margin(&[0, 0, 1, 1], &[30.0, 10.0]));

    // Of the first cell the mean is (1 · 0 + 2 · 6) / 3 = 4, of the second (3 · 7 + 0) / 3 = 7.
    let rest = left(&cells, &[1.0, 2.0, 3.0, 0.0], vec![0.0, 6.0, 7.0, 9.0]);

    all_near(&rest, &[10.0 * -4.0, 20.0 * 2.0, 0.0, 0.0]);
}

#[test]
fn who_weighs_nothing_leaves_nothing_behind() {
    let before = [1.0, 2.0, 0.0, 0.0];
    let alone = || margin(&[0, 0, 1, 1], &[30.0, 0.0]);
    let rake = |variance| Adjustment::Rake { margins: vec![alone()], variance };
    let calibration =
        Calibration { variables: vec![vec![1.0; 4]], totals: vec![6.0], distance: LINEAR };

    for adjustment in [
        Adjustment::Poststratify(alone()),
        rake(RakeVariance::Sweeps),
        Adjustment::Calibrate(calibration),
    ] {
        let rest = left(&adjustment, &before, vec![7.0, 7.0, 2.0, 9.0]);

        all_near(&rest, &[0.0; 4]);
    }
}

proptest! {
    #[test]
    fn calibrated_weights_meet_their_totals(
        rows in prop::collection::vec((0.5_f64..3.0, 0.0_f64..5.0), 4..20),
        factor in 0.9_f64..1.1,
    ) {
        let weights: Vec<f64> = rows.iter().map(|(weight, _)| *weight).collect();
        let value: Vec<f64> = rows.iter().map(|(_, value)| *value).collect();
        let ones = vec![1.0; rows.len()];
        let total: f64 = rows.iter().map(|(weight, value)| weight * value).sum::<f64>() * factor;
        let number: f64 = weights.iter().sum();

        for distance in [LINEAR, Distance::Raking] {
            let found = calibrated(&[&ones, &value], &[number, total], distance, &weights);
            let Ok(found) = found else { continue };

            let sum: f64 = found.iter().zip(&value).map(|(weight, value)| weight * value).sum();
            prop_assert!((found.iter().sum::<f64>() - number).abs() < 1e-7 * number);
            prop_assert!((sum - total).abs() < 1e-7 * total.max(1.0));
        }
    }
}
