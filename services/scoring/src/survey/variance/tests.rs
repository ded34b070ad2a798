//! The variance between units in figures that a pencil can check.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use super::*;

fn assert_near(found: f64, known: f64) {
    assert!((found - known).abs() < 1e-12 * known.abs().max(1.0), "{found:e} is not {known:e}");
}

/// A stratum of so many sampled units, with the totals of those that have members.
fn stratum(sampled: usize, fraction: f64, totals: &[f64]) -> UnitTotals {
    let fractions = vec![fraction; totals.len()];
    UnitTotals { sampled, fractions, totals: DMatrix::from_row_slice(1, totals.len(), totals) }
}

/// The variance of one figure, the same by both ways.
fn variance(strata: &[UnitTotals], policy: Policy) -> Result<f64, LonelyStratum> {
    let covariance = between_units(strata.to_vec(), 1, policy, 2)?[(0, 0)];
    let alone = variances_between_units(strata.to_vec(), 1, policy, 2)?;
    assert_near(alone[0], covariance);
    Ok(covariance)
}

fn plain(strata: &[UnitTotals]) -> f64 {
    variance(strata, Policy::default()).unwrap()
}

#[test]
fn squares_around_the_mean_times_n_over_n_less_one_add_up_over_strata() {
    let (one, two) = (stratum(3, 0.0, &[1.0, 2.0, 6.0]), stratum(2, 0.0, &[1.0, 3.0]));

    assert_near(plain(std::slice::from_ref(&one)), 21.0);
    assert_near(plain(std::slice::from_ref(&two)), 4.0);
    assert_near(plain(&[one, two]), 25.0);
}

#[test]
fn what_was_sampled_of_a_finite_population_cannot_vary() {
    assert_near(plain(&[stratum(3, 0.25, &[1.0, 2.0, 6.0])]), 0.75 * 21.0);
    assert_near(plain(&[stratum(3, 1.0, &[1.0, 2.0, 6.0])]), 0.0);
    assert_near(plain(&[stratum(1, 1.0, &[5.0])]), 0.0);
}

#[test]
fn a_sampled_unit_without_members_counts_as_the_zero_it_is() {
    let with_zero = plain(&[stratum(4, 0.5, &[1.0, 2.0, 6.0, 0.0])]);

    assert_near(with_zero, 0.5 * 4.0 / 3.0 * 20.75);
    assert_near(plain(&[stratum(4, 0.5, &[1.0, 2.0, 6.0])]), with_zero);
    let two = plain(&[stratum(5, 0.0, &[1.0, 2.0, 6.0])]);
    assert_near(two, plain(&[stratum(5, 0.0, &[1.0, 2.0, 6.0, 0.0, 0.0])]));
}

#[test]
fn two_figures_vary_together() {
    let totals = DMatrix::from_row_slice(2, 2, &[1.0, 3.0, 2.0, 6.0]);
    let both = UnitTotals { sampled: 2, fractions: vec![0.0, 0.0], totals };

    let covariance = between_units(vec![both.clone()], 2, Policy::default(), 1).unwrap();
    let alone = variances_between_units(vec![both], 2, Policy::default(), 1).unwrap();

    for (place, known) in [((0, 0), 4.0), ((0, 1), 8.0), ((1, 0), 8.0), ((1, 1), 16.0)] {
        assert_near(covariance[place], known);
    }
    assert_near(alone[0], 4.0);
    assert_near(alone[1], 16.0);
}

#[test]
fn a_single_unit_counts_as_the_policy_says() {
    let strata = [stratum(1, 0.0, &[5.0]), stratum(2, 0.0, &[1.0, 3.0])];
    let under = |lonely| variance(&strata, Policy { lonely, includes_domains: false });

    assert_eq!(under(Lonely::Fail), Err(LonelyStratum { stage: 2 }));
    for (lonely, known) in [
        (Lonely::Remove, 4.0),
        (Lonely::Certainty, 4.0),
        // 5 from zero, and from the mean of the three units, which is 3.
        (Lonely::Adjust(Centre::Zero), 4.0 + 25.0),
        (Lonely::Adjust(Centre::Mean), 4.0 + 4.0),
        // As much as the other stratum.
        (Lonely::Average, 8.0),
    ] {
        assert_near(under(lonely).unwrap(), known);
    }
    let nothing_known = Policy { lonely: Lonely::Average, includes_domains: false };
    assert_near(variance(&strata[..1], nothing_known).unwrap(), 0.0);
}

#[test]
fn a_domain_within_one_unit_counts_like_one_only_where_that_is_wanted() {
    // Two units of the three have no members: zeros around a mean of 2.
    let strata = [stratum(3, 0.0, &[6.0]), stratum(2, 0.0, &[1.0, 3.0])];
    let under =
        |lonely, includes_domains| variance(&strata, Policy { lonely, includes_domains }).unwrap();

    let as_zeros = 36.0 + 4.0;
    for lonely in [Lonely::Fail, Lonely::Remove, Lonely::Certainty] {
        assert_near(under(lonely, true), as_zeros);
    }
    for lonely in [Lonely::Average, Lonely::Adjust(Centre::Zero)] {
        assert_near(under(lonely, false), as_zeros);
    }
    assert_near(under(Lonely::Average, true), 8.0);
    assert_near(under(Lonely::Adjust(Centre::Zero), true), 1.5 * 36.0 + 4.0);
    // From the mean of all five units, 2: as far as the zeros are.
    assert_near(under(Lonely::Adjust(Centre::Mean), true), 36.0 + 4.0);
}

#[test]
fn a_stratum_without_members_says_nothing_of_the_others() {
    let strata = [stratum(2, 0.0, &[]), stratum(2, 0.0, &[1.0, 3.0])];
    let average = Policy { lonely: Lonely::Average, includes_domains: true };

    assert_near(plain(&strata), 4.0);
    assert_near(variance(&strata, average).unwrap(), 4.0);
}
