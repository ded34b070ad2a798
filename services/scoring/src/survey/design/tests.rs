//! Designs of a few rows: weights, sampled shares, what a domain touches, what contradicts itself.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use super::*;

fn assert_near(found: f64, known: f64) {
    assert!((found - known).abs() < 1e-12 * known.abs().max(1.0), "{found:e} is not {known:e}");
}

fn stage(stratum: &str, unit: &str, population: Option<f64>) -> Stage {
    Stage { stratum: stratum.to_owned(), unit: unit.to_owned(), population }
}

fn all_near(found: &[f64], known: &[f64]) {
    assert_eq!(found.len(), known.len());
    found.iter().zip(known).for_each(|(found, known)| assert_near(*found, *known));
}

fn one_stage(rows: &[(&str, &str, Option<f64>)]) -> Vec<Vec<Stage>> {
    rows.iter().map(|(stratum, unit, size)| vec![stage(stratum, unit, *size)]).collect()
}

fn design(rows: &[Vec<Stage>]) -> Result<Design, DesignError> {
    Design::new(rows, Nesting::default())
}

/// Two communes, each with two households; how many there are of both.
fn two_stages(communes: Option<f64>, households: Option<f64>) -> Design {
    let row = |commune: &str, household: &str| {
        vec![stage("huyện", commune, communes), stage(commune, household, households)]
    };
    design(&[row("A", "a1"), row("A", "a2"), row("B", "b1"), row("B", "b2")]).unwrap()
}

fn has_later_stages(design: &Design) -> bool {
    design.strata.iter().flat_map(|stratum| &stratum.units).any(|unit| !unit.below.is_empty())
}

#[test]
fn a_row_weighs_what_it_stands_for_over_all_stages() {
    let both = two_stages(Some(10.0), Some(8.0));
    let first = two_stages(Some(10.0), None);
    let none = two_stages(None, Some(8.0));

    all_near(both.base_weights(), &[20.0; 4]);
    all_near(first.base_weights(), &[5.0; 4]);
    all_near(none.base_weights(), &[1.0; 4]);
    // All of the variance between communes is there already where these are without end.
    assert_eq!([&both, &first, &none].map(has_later_stages), [true, false, false]);
    assert_eq!(both.row_count(), 4);
    assert_eq!(both.first_stage(), [[&[0_usize, 1][..], &[2, 3][..]]]);
}

#[test]
fn a_population_is_a_count_above_one_and_otherwise_a_share() {
    let of = |size: Option<f64>| {
        let rows = one_stage(&[("A", "a", size), ("A", "b", size)]);
        design(&rows).unwrap().first_stage_fractions()[0]
    };

    assert_near(of(Some(8.0)), 0.25);
    assert_near(of(Some(2.0)), 1.0);
    assert_near(of(Some(0.5)), 0.5);
    assert_near(of(Some(1.0)), 1.0);
    assert_near(of(None), 0.0);
}

#[test]
fn units_and_strata_count_where_they_have_members() {
    let rows =
        [("A", "a", None), ("A", "a", None), ("A", "b", None), ("B", "c", None), ("B", "d", None)];
    let design = design(&one_stage(&rows)).unwrap();
    let extent = |members: [bool; 5]| {
        let Extent { rows, units, strata } = design.extent(&members);
        (rows, units, strata, design.extent(&members).degrees_of_freedom())
    };

    assert_eq!(extent([true; 5]), (5, 4, 2, 2));
    assert_eq!(extent([true, true, true, false, false]), (3, 2, 1, 1));
    assert_eq!(extent([false, true, false, true, false]), (2, 2, 2, 0));
    assert_eq!(extent([false; 5]), (0, 0, 0, 0));
    assert_eq!(design.extent(&[]), Extent { rows: 0, units: 0, strata: 0 });
}

#[test]
fn a_unit_stands_in_one_stratum_unless_units_are_numbered_anew_in_each() {
    let rows = one_stage(&[("A", "1", None), ("A", "2", None), ("B", "1", None), ("B", "2", None)]);
    let nested = Nesting { is_nested: true, ..Nesting::default() };

    let (unit, one, other) = ("1".to_owned(), "A".to_owned(), "B".to_owned());
    assert_eq!(design(&rows).unwrap_err(), DesignError::UnitInTwoStrata { unit, one, other });
    let design = Design::new(&rows, nested).unwrap();
    assert_eq!(design.extent(&[true; 4]).units, 4);
}

#[test]
fn a_stratum_states_one_population_that_holds_its_sample() {
    let two = one_stage(&[("A", "1", Some(10.0)), ("A", "2", Some(12.0))]);
    let small = |size: f64| {
        one_stage(&[("A", "1", Some(size)), ("A", "2", Some(size)), ("A", "3", Some(size))])
    };
    let stratum = || "A".to_owned();

    assert_eq!(
        design(&two).unwrap_err(),
        DesignError::TwoPopulations { stratum: stratum(), stage: 1, one: 10.0, other: 12.0 }
    );
    assert_eq!(
        design(&small(2.0)).unwrap_err(),
        DesignError::PopulationTooSmall {
            stratum: stratum(),
            stage: 1,
            sampled: 3,
            population: 2.0
        }
    );
    assert!(design(&small(3.0)).is_ok(), "a census");
    assert!(design(&small(1.0)).is_ok(), "all of them, as a share");
    assert!(design(&small(0.5)).is_ok(), "half of them");
    let unequal = Nesting { has_unequal_probabilities: true, ..Nesting::default() };
    all_near(Design::new(&two, unequal).unwrap().base_weights(), &[5.0, 6.0]);
}

#[test]
fn a_contradiction_of_a_later_stage_names_it() {
    let row = |unit: &str, person: &str, size: f64| {
        vec![stage("A", unit, Some(4.0)), stage("1", person, Some(size))]
    };

    let found = design(&[row("a", "x", 5.0), row("a", "y", 6.0), row("b", "z", 5.0)]).unwrap_err();

    let stratum = "1".to_owned();
    assert_eq!(found, DesignError::TwoPopulations { stratum, stage: 2, one: 5.0, other: 6.0 });
}
