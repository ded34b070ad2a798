//! Every method by figures computed by hand, and what is said where there are too few.

#![expect(clippy::unwrap_used, reason = "a test may panic")]
#![expect(clippy::float_arithmetic, reason = "errors are real-valued")]

use serde_json::json;

use super::{
    chance::{Chance, chances},
    place::Places,
    *,
};
use crate::{
    catalogue::{RankTarget, Target},
    survey::means::Kind,
    verdict::Ground,
};
use cchc_core::Points;

mod laws;

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn near(found: f64, known: f64) {
    assert!((found - known).abs() < 1e-9, "{found} is not {known}");
}

fn series(from: i32, figures: &[f64]) -> walk::Series {
    (from..).zip(figures.iter().copied()).collect()
}

fn rule(value: serde_json::Value) -> Rule {
    serde_json::from_value(value).unwrap()
}

fn terms(max: &str) -> Terms {
    Terms::from(Some(max.parse::<Points>().unwrap()))
}

#[test]
fn a_provinces_own_years_give_the_mean_square_of_its_steps() {
    let own = series(2015, &[36.0, 37.0, 35.5]);

    let walk = walk::fit(&own, &[], false).unwrap();
    let next = walk.at(2018);

    // (1² + 1.5²) / 2, seen twice; two years ahead it is twice as much.
    near(next.middle, 35.5);
    near(next.scale, 1.625_f64.sqrt());
    near(next.degrees_of_freedom, 2.0);
    near(walk.at(2019).scale, 3.25_f64.sqrt());
    assert_eq!(walk.last_year(), 2017);
    near(next.quantile(0.9), 35.5 + 1.625_f64.sqrt() * 1.885_618_083_164_127);
}

#[test]
fn other_provinces_tell_what_moves_the_country_from_what_moves_one() {
    let (own, other) = (series(2016, &[10.0, 12.0, 13.0]), series(2016, &[20.0, 20.0, 23.0]));

    let walk = walk::fit(&own, &[other], false).unwrap();
    let (all, against) = (walk.at(2019), walk.against_others(2019));

    // Steps 2 and 0, then 1 and 3: the country moved 1 and 2, each province 1 against it.
    near(all.scale, (2.5_f64 + 1.0).sqrt());
    near(all.degrees_of_freedom, 3.5 * 3.5 / (2.5 * 2.5 / 2.0 + 1.0 / 2.0));
    near(against.scale, (4.0_f64 / 2.0).sqrt());
    near(against.degrees_of_freedom, 2.0);
    near(against.middle, 13.0);
}

#[test]
fn a_gap_of_years_is_so_many_steps() {
    let own = walk::Series::from([(2011, 1.0), (2013, 3.0), (2014, 4.0)]);

    let walk = walk::fit(&own, &[], false).unwrap();

    near(walk.at(2015).scale, 1.5_f64.sqrt());
}

#[test]
fn too_little_is_said_to_be_too_little() {
    let flat = series(2015, &[5.0, 5.0, 5.0]);
    let unknown = |own: &walk::Series, broken| walk::fit(own, &[], broken).unwrap_err();

    let two = series(2016, &[36.0, 37.0]);
    assert_eq!(unknown(&two, true), Unknown::TooFewYears { years: 2, is_broken: true });
    assert_eq!(
        unknown(&walk::Series::new(), false),
        Unknown::TooFewYears { years: 0, is_broken: false }
    );
    assert_eq!(unknown(&flat, false), Unknown::NeverMoved);
    let few = fieldwork::SoFar {
        value: 0.8,
        error: Some(0.1),
        degrees_of_freedom: 1.0,
        answers: 40,
        done: 0.5,
    };
    let said = |so_far| fieldwork::forecast(&[so_far], Kind::Share).unwrap_err();
    assert_eq!(said(few), Unknown::NoError);
    assert_eq!(said(fieldwork::SoFar { error: None, ..few }), Unknown::NoError);
    assert_eq!(fieldwork::forecast(&[], Kind::Mean).unwrap_err(), Unknown::NothingYet);
    let alike = fieldwork::SoFar { error: Some(0.0), degrees_of_freedom: 9.0, ..few };
    assert_eq!(fieldwork::forecast(&[alike], Kind::Mean).unwrap_err(), Unknown::NeverMoved);
    assert_eq!(
        appraisal::forecast(0.9, &[0.0, -0.1]).unwrap_err(),
        Unknown::TooFewAppraisals { appraised: 2 }
    );
}

#[test]
fn fieldwork_half_done_leaves_half_the_variance_and_done_none() {
    let half = fieldwork::SoFar {
        value: 0.8,
        error: Some(0.02),
        degrees_of_freedom: 28.0,
        answers: 800,
        done: 0.5,
    };

    let open = fieldwork::forecast(&[half], Kind::Share).unwrap();
    let done = fieldwork::SoFar { done: 1.0, error: None, ..half };
    let over = fieldwork::forecast(&[done], Kind::Share).unwrap();

    let (low, high) = open.interval(Level::NinetyFive);
    let reach = 2.0 * 0.02 * 0.5_f64.sqrt();
    assert!((real(low) - (0.8 - reach)).abs() < 0.003, "{low}");
    assert!((real(high) - (0.8 + reach)).abs() < 0.003, "{high}");
    assert_eq!(over, Distribution::certain(decimal("0.8")));
}

#[test]
fn answers_that_all_agree_leave_room_for_those_to_come() {
    let all = fieldwork::SoFar {
        value: 1.0,
        error: Some(0.0),
        degrees_of_freedom: 5.0,
        answers: 30,
        done: 0.25,
    };

    let found = fieldwork::forecast(&[all], Kind::Share).unwrap();

    let (low, high) = found.interval(Level::NinetyFive);
    assert!(low > decimal("0.9") && low < decimal("0.97"), "{low}");
    assert!(high <= Decimal::ONE && high > decimal("0.999"), "{high}");
}

#[test]
fn units_that_have_not_reported_are_like_those_that_have() {
    let so_far = reports::SoFar {
        units: vec![(8.0, 10.0), (9.0, 10.0), (10.0, 10.0), (5.0, 10.0)],
        expected: 10,
        is_whole_year: true,
        ..reports::SoFar::default()
    };

    let share = reports::forecast(&so_far, reports::Moves::Around).unwrap();

    // 32 of 40; residuals 0, 1, 2 and −3: 14/3 between units, of which four of ten are known.
    near(share.middle, 0.8);
    near(share.scale, (0.6 * (14.0 / 3.0) / 4.0 / 100.0_f64).sqrt());
    near(share.degrees_of_freedom, 3.0);
    let all = reports::SoFar { expected: 4, ..so_far.clone() };
    assert_eq!(reports::forecast(&all, reports::Moves::Around).unwrap(), Spread::certain(0.8));
    let two = reports::SoFar { units: vec![(8.0, 10.0), (9.0, 10.0)], ..so_far.clone() };
    assert_eq!(
        reports::forecast(&two, reports::Moves::Around).unwrap_err(),
        Unknown::TooFewUnits { counted: 2, expected: 10 }
    );
    let alike = reports::SoFar { units: vec![(10.0, 10.0); 5], ..so_far };
    let alike = reports::forecast(&alike, reports::Moves::Around).unwrap_err();
    assert_eq!(alike, Unknown::NeverMoved);
}

#[test]
fn a_number_grows_in_proportion_to_the_units_that_are_missing() {
    let so_far = reports::SoFar {
        units: vec![(1.0, 1.0), (2.0, 1.0), (3.0, 1.0)],
        expected: 6,
        is_whole_year: true,
        ..reports::SoFar::default()
    };

    let number = reports::forecast(&so_far, reports::Moves::Up).unwrap();

    near(number.middle, 12.0);
    near(number.scale, (36.0_f64 * 0.5 / 3.0).sqrt());
}

#[test]
fn the_rest_of_the_year_is_like_that_of_earlier_years_or_like_this_years_quarters() {
    let of = |earlier: &[(f64, f64)], quarters: &[f64]| reports::SoFar {
        units: vec![(30.0, 100.0)],
        expected: 1,
        is_whole_year: false,
        earlier: earlier.to_vec(),
        quarters: quarters.to_vec(),
    };
    let around = |so_far: &reports::SoFar| reports::forecast(so_far, reports::Moves::Around);

    let years = around(&of(&[(0.2, 0.23), (0.3, 0.26)], &[0.3])).unwrap();
    let quarters = around(&of(&[], &[0.26, 0.29, 0.3])).unwrap();
    let one = around(&of(&[(0.2, 0.23)], &[0.3])).unwrap_err();

    near(years.middle, 0.3);
    near(years.scale, 0.00125_f64.sqrt());
    near(years.degrees_of_freedom, 2.0);
    near(quarters.scale, 0.0005_f64.sqrt());
    assert_eq!(one, Unknown::TooFewWindows { years: 1, quarters: 1 });
}

#[test]
fn a_number_goes_on_as_in_earlier_years_or_as_its_quarters_did() {
    let of = |earlier: &[(f64, f64)], quarters: &[f64]| reports::SoFar {
        units: vec![(30.0, 1.0)],
        expected: 1,
        is_whole_year: false,
        earlier: earlier.to_vec(),
        quarters: quarters.to_vec(),
    };
    let up = |so_far: &reports::SoFar| reports::forecast(so_far, reports::Moves::Up);

    let years = up(&of(&[(10.0, 20.0), (10.0, 18.0), (10.0, 22.0)], &[])).unwrap();
    let quarters = up(&of(&[], &[8.0, 18.0, 30.0])).unwrap();

    near(years.middle, 60.0);
    near(years.scale, 30.0 * (0.04_f64 * (1.0 + 1.0 / 3.0)).sqrt());
    // 8, 10 and 12 came; one quarter more brings 10, give or take √(4 · 4/3).
    near(quarters.middle, 40.0);
    near(quarters.scale, (4.0_f64 * (1.0 + 1.0 / 3.0)).sqrt());
}

#[test]
fn what_appraisers_did_to_others_they_may_do_to_this_one() {
    let found = appraisal::forecast(0.9, &[0.0, 0.0, -0.1, 0.0]).unwrap();

    // A fifth below 0.8, a fifth from there to 0.9, two fifths at 0.9, a fifth above.
    assert_eq!(found.middle(), decimal("0.9"));
    assert_eq!(found.probability(|value| value < decimal("0.8")), decimal("0.2"));
    assert_eq!(found.probability(|value| value < decimal("0.9")), decimal("0.4"));
    assert_eq!(found.probability(|value| value > decimal("0.9")), decimal("0.2"));
}

#[test]
fn bands_of_a_rule_make_lumps_and_a_linear_rule_scales() {
    let bands = rule(json!({ "kind": "bands", "bands": [
        { "to": { "percent": "90", "inclusive": true }, "points": "0" },
        { "from": { "percent": "90", "inclusive": false }, "points": "2" },
    ] }));
    let linear = rule(json!({ "kind": "linear", "target": "95" }));
    let shares = Spread { middle: 0.9, scale: 0.02, degrees_of_freedom: f64::INFINITY };
    let shares = shares.distribution().within(Decimal::ZERO, Some(Decimal::ONE));

    let lumps = through(&bands, terms("2"), &shares, as_reported).unwrap();
    let scaled = through(&linear, terms("1"), &shares, as_answered).unwrap();

    assert_eq!(lumps.probability(|points| points == Decimal::TWO), decimal("0.5"));
    assert_eq!(lumps.probability(|points| points.is_zero()), decimal("0.5"));
    let half = scaled.middle();
    assert!((real(half) - 0.9 / 0.95).abs() < 0.001, "{half}");
    assert_eq!(scaled.values().last(), Some(Decimal::ONE), "above 95 % all points are had");
}

#[test]
fn a_mean_worth_is_that_of_a_mixture_of_the_best_and_the_worst_answer() {
    let options = rule(json!({ "kind": "options", "options": [
        { "option": "A", "title": "Tốt", "title_en": "", "percent": "100" },
        { "option": "B", "title": "Khá", "title_en": "", "percent": "60" },
        { "option": "C", "title": "Kém", "title_en": "", "percent": "20" },
    ] }));
    let Rule::Options { options: answers } = &options else { unreachable!() };
    let worth = Distribution::certain(decimal("75"));

    let points = through(&options, terms("4"), &worth, |worth| as_worth(answers, worth)).unwrap();

    assert_eq!(points, Distribution::certain(decimal("3")));
}

fn target(value: &serde_json::Value) -> Target {
    let mut target = json!({ "node": "T-2018/0", "reference": "" });
    target.as_object_mut().unwrap().extend(value.as_object().unwrap().clone());
    serde_json::from_value(target).unwrap()
}

#[test]
fn each_promise_has_a_probability_of_its_own_or_cannot_be_assessed() {
    let points = appraisal::forecast(0.9, &[0.0, 0.0, -0.1, 0.0]).unwrap();
    let points = points.map(|share| Some(share * Decimal::TEN)).unwrap();
    let all = target(&json!({ "points": "9", "ratio": { "percent": "80" }, "rank": { "top": 3 } }));
    let ground = Ground { max: Some("10".parse().unwrap()), wanted: Some(decimal("9")) };

    let found = chances((&all, ground), (Some(&points), Points::ZERO), None);
    let unknown = chances((&all, ground), (None, Points::ZERO), None);
    let down = target(&json!({ "points": "9", "direction": "down" }));
    let down = chances((&down, ground), (Some(&points), Points::ZERO), None);
    let open = Ground { wanted: None, ..ground };
    let open = chances((&all, open), (Some(&points), Points::ZERO), None);

    assert_eq!(found.points, Some(Chance::Likely(decimal("0.6"))));
    // 79.69 % is written 80 %, and so keeps it.
    assert_eq!(found.ratio, Some(Chance::Likely(decimal("0.8025"))));
    assert_eq!(found.rank, Some(Chance::NotAssessable));
    assert_eq!(unknown.points, Some(Chance::NotAssessable));
    assert_eq!(down.points, Some(Chance::Likely(decimal("0.8"))));
    assert_eq!((down.ratio, down.rank), (None, None));
    assert_eq!(open.points, Some(Chance::NotAssessable));
}

fn places(own: f64, others: &[f64]) -> Places {
    let all: Vec<walk::Series> = others
        .iter()
        .enumerate()
        .map(|(n, last)| {
            let step = if n % 2 == 0 { 1.0 } else { -1.0 };
            series(2016, &[last + step, *last])
        })
        .collect();
    let walk = walk::fit(&series(2016, &[own - 1.0, own]), &all, false).unwrap();
    let others: Vec<(i32, f64)> = others.iter().map(|last| (2017, *last)).collect();
    place::forecast(&walk, &others, (2018, None)).unwrap()
}

#[test]
fn a_place_follows_from_how_far_the_others_are() {
    let far: Vec<f64> = (0..20).map(|n| 10.0 + f64::from(n) * 0.01).collect();

    let first = places(1000.0, &far);
    let last = places(-1000.0, &far);
    let middle = places(10.1, &far);

    assert_eq!(first.interval(), (1, 1));
    assert_eq!(first.keeps(RankTarget::Exact(1)), Some(Decimal::ONE));
    assert_eq!(last.interval(), (21, 21));
    assert_eq!(last.keeps(RankTarget::Top(20)), Some(Decimal::ZERO));
    assert_eq!(last.keeps(RankTarget::Leading), None);
    let half = middle.keeps(RankTarget::Group(2)).unwrap();
    assert!((real(half) - 0.5).abs() < 0.05, "{half}");
    assert_eq!(middle.of(), 21);
}

#[test]
fn whoever_reaches_the_maximum_shares_the_first_place() {
    let own = series(2016, &[9.9, 9.99]);
    let others = vec![series(2016, &[9.8, 9.99]), series(2016, &[9.95, 9.9])];
    let walk = walk::fit(&own, &others, false).unwrap();
    let last = [(2017, 9.99), (2017, 9.9)];

    let free = place::forecast(&walk, &last, (2018, None)).unwrap();
    let bounded = place::forecast(&walk, &last, (2018, Some(10.0))).unwrap();

    let first = |places: &Places| places.keeps(RankTarget::Exact(1)).unwrap();
    assert!(first(&bounded) > first(&free));
}

#[test]
fn every_reason_and_method_is_said_in_both_languages() {
    let reasons = [
        Unknown::NothingYet,
        Unknown::TooFewYears { years: 2, is_broken: true },
        Unknown::NeverMoved,
        Unknown::NoError,
        Unknown::TooFewUnits { counted: 2, expected: 9 },
        Unknown::TooFewWindows { years: 1, quarters: 2 },
        Unknown::SeveralVariables,
        Unknown::TooFewAppraisals { appraised: 1 },
        Unknown::NoMaximum,
        Unknown::Parts { unknown: 1, of: 8 },
    ];

    let words: std::collections::BTreeSet<_> = reasons.iter().map(|of| of.as_str()).collect();
    let notes: std::collections::BTreeSet<_> = reasons.iter().map(|of| of.note()).collect();
    let english: std::collections::BTreeSet<_> = reasons.iter().map(|of| of.note_en()).collect();

    assert_eq!((words.len(), notes.len(), english.len()), (10, 10, 10));
    assert!(notes.iter().all(|note| note.ends_with('.')));
    let labels: std::collections::BTreeSet<_> = Method::ALL.map(Method::label).into();
    let english: std::collections::BTreeSet<_> = Method::ALL.map(Method::label_en).into();
    assert_eq!((labels.len(), english.len()), (6, 6));
}
