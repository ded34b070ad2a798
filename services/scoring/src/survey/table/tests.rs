//! Tests of independence where a simple random sample gives the answer by hand.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use super::*;

fn assert_near(found: f64, known: f64) {
    assert!((found - known).abs() < 1e-9 * known.abs(), "{found:e} is not {known:e}");
}

/// A table of shares with the covariance of a simple random sample of so many, times an effect.
fn simple(rows: usize, columns: usize, shares: &[f64], effect: f64) -> ShareTable {
    let people = 100;
    let covariance = DMatrix::from_fn(shares.len(), shares.len(), |one, other| {
        let own = if one == other { shares[one] } else { 0.0 };
        effect * (own - shares[one] * shares[other]) / 100.0
    });
    ShareTable {
        rows,
        columns,
        shares: shares.to_vec(),
        total_covariance: covariance.clone(),
        covariance,
        people,
        degrees_of_freedom: 20,
    }
}

const SHARES: [f64; 4] = [0.325, 0.175, 0.175, 0.325];

#[test]
fn in_a_simple_sample_the_tests_are_pearsons() {
    let table = simple(2, 2, &SHARES, 1.0);

    // 0.075 from 0.25 in each of four cells, for a hundred people.
    assert_near(table.pearson(), 9.0);
    let first = table.first_order().unwrap();
    assert_near(first.statistic, 9.0);
    assert_near(first.p_value, 0.002_699_796_063_260_189);
    assert_near(first.above, 1.0);
    assert!(first.below.is_infinite());
    let second = table.second_order().unwrap();
    assert_near(second.statistic, 9.0);
    assert_near(second.above, 1.0);
    assert_near(second.below, 20.0);
    assert_near(second.p_value, 0.007_075_898_791_211_096);
}

#[test]
fn a_design_effect_divides_what_is_found() {
    let table = simple(2, 2, &SHARES, 4.0);

    assert_near(table.pearson(), 9.0);
    assert_near(table.second_order().unwrap().statistic, 2.25);
    let first = table.first_order().unwrap().p_value;
    // Chi-square of 9 / 4 with one degree of freedom: 1.5 standard errors of a normal.
    assert_near(first, 0.133_614_402_537_716_18);
}

#[test]
fn a_table_of_two_rows_and_three_columns_is_no_other_way_round() {
    let table = simple(2, 3, &[0.2, 0.1, 0.2, 0.1, 0.3, 0.1], 1.0);
    let turned = simple(3, 2, &[0.2, 0.1, 0.1, 0.3, 0.2, 0.1], 1.0);

    for table in [table, turned] {
        // 0.05 from 0.15 in four cells and 0.1 from 0.2 in two, for a hundred people.
        assert_near(table.pearson(), 50.0 / 3.0);
        let second = table.second_order().unwrap();
        assert_near(second.statistic, 25.0 / 3.0);
        assert_near(second.above, 2.0);
        assert_near(second.below, 40.0);
        let first = table.first_order().unwrap();
        assert_near(first.above, 2.0);
        // Of chi-square with two degrees of freedom the tail is e to minus its half.
        assert_near(first.p_value, (-25.0_f64 / 3.0).exp());
        // As numeric slopes of count less product of margins over all have it.
        assert_near(table.wald(false).unwrap().statistic, 10.0);
        assert_near(table.wald(true).unwrap().statistic, 9.5);
    }
}

#[test]
fn larger_tables_have_as_many_contrasts_as_cells_are_free() {
    // Independent but for two cells: margins of a third each, a tenth of a ninth moved about.
    let (even, by) = (1.0 / 9.0, 1.0 / 90.0);
    let shares = [even + by, even - by, even, even - by, even + by, even, even, even, even];
    let table = simple(3, 3, &shares, 1.0);

    let second = table.second_order().unwrap();

    assert_near(table.pearson(), 100.0 * 4.0 * by * by / even);
    assert_near(table.first_order().unwrap().above, 4.0);
    assert_near(second.above, 4.0);
    assert_near(second.below, 80.0);
    assert_near(second.statistic, table.pearson() / 4.0);
}

#[test]
fn walds_test_is_of_count_less_product_of_margins() {
    let table = simple(2, 2, &SHARES, 1.0);

    let plain = table.wald(false).unwrap();
    let adjusted = table.wald(true).unwrap();

    // d = 0.325 − 0.5 · 0.5, its slopes by the cells ±¼, and V the variance of a slope over 100.
    let slopes = [0.25, -0.25, -0.25, 0.25];
    let squares: f64 = SHARES.iter().zip(slopes).map(|(p, s)| p * s * s).sum();
    let mean: f64 = SHARES.iter().zip(slopes).map(|(p, s)| p * s).sum();
    let variance = (squares - mean * mean) / 100.0;
    assert_near(plain.statistic, 0.075 * 0.075 / variance);
    assert_near(plain.below, 20.0);
    assert_near(plain.above, 1.0);
    assert_near(adjusted.statistic, plain.statistic);
    assert_near(adjusted.below, 20.0);
    assert!(plain.p_value < 0.02 && plain.p_value > 0.001, "{}", plain.p_value);
}

#[test]
fn few_units_take_from_walds_test_with_every_contrast() {
    let even = 1.0 / 9.0;
    let shares = [0.15, 0.1, 0.08, 0.1, 0.12, 0.11, even, 0.1, 1.0 - 0.66 - even - 0.1];
    let table = simple(3, 3, &shares, 1.0);

    let plain = table.wald(false).unwrap();
    let adjusted = table.wald(true).unwrap();

    assert_near(plain.above, 4.0);
    assert_near(adjusted.statistic, plain.statistic * 17.0 / 20.0);
    assert_near(adjusted.below, 17.0);
    assert!(adjusted.p_value > plain.p_value);
}

#[test]
fn an_empty_row_adds_nothing_and_one_row_is_no_table() {
    let with_empty = simple(3, 2, &[0.325, 0.175, 0.175, 0.325, 0.0, 0.0], 1.0);

    assert_near(with_empty.pearson(), 9.0);
    for (rows, columns) in [(1, 2), (2, 1), (1, 1)] {
        let table = simple(rows, columns, &vec![0.5; rows * columns], 1.0);

        assert_eq!((table.first_order(), table.second_order()), (None, None));
        assert_eq!((table.wald(false), table.wald(true)), (None, None));
    }
}

#[test]
fn an_empty_cell_has_no_part_in_the_design_effects() {
    let shares = [0.5, 0.0, 0.25, 0.25];

    let second = simple(2, 2, &shares, 1.0).second_order().unwrap();

    // The contrast (1, −1, −1, 1) over the shares, the empty cell left out, against itself.
    assert_near(second.above, 1.0);
    assert!(second.statistic.is_finite() && second.statistic > 0.0, "{}", second.statistic);
}

#[test]
fn walds_test_takes_totals_that_vary_by_themselves() {
    let mut table = simple(2, 2, &SHARES, 1.0);
    // Every cell counted by itself: its total varies as Poisson, and with no other.
    table.total_covariance =
        DMatrix::from_fn(4, 4, |one, other| if one == other { SHARES[one] / 100.0 } else { 0.0 });

    let found = table.wald(false).unwrap();

    // The slopes ±¼ squared, over 100, against d = 0.075.
    assert_near(found.statistic, 0.075 * 0.075 / (0.0625 / 100.0));
}
