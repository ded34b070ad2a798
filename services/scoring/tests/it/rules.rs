//! What holds for every rule and every input.

use std::collections::BTreeMap;

use cchc_core::{Decimal, Points, Quantity};
use cchc_scoring::{
    derivation::Derivation,
    rule::{
        AnswerOption, Band, Bound, Input, NotApplicable, Reading, Rule, State, Step, SurveyNotHeld,
        Terms,
    },
};
use proptest::prelude::*;

fn decimal(most: i64) -> impl Strategy<Value = Decimal> {
    (0..=most, 0_u32..4).prop_map(|(mantissa, scale)| Decimal::new(mantissa, scale))
}

fn points(most: i64) -> impl Strategy<Value = Points> {
    decimal(most).prop_map(|value| Points::new(value).unwrap())
}

fn quantity() -> impl Strategy<Value = Quantity> {
    prop_oneof![
        decimal(2_000).prop_map(|value| Quantity::new(value).unwrap()),
        (0..=999_999_999_999_999_i64, 0_i64..=999_999_999).prop_map(|(whole, billionths)| {
            Quantity::new(Decimal::from(whole) + Decimal::new(billionths, 9)).unwrap()
        }),
    ]
}

/// Steps that rise in both what they ask and what they give.
fn steps() -> impl Strategy<Value = Vec<Step>> {
    let sorted = |n| proptest::collection::btree_set(0_i64..300, n);
    (1_usize..6).prop_flat_map(move |n| (sorted(n), sorted(n))).prop_map(|(asked, given)| {
        let steps = asked.into_iter().zip(given);
        steps
            .map(|(asked, given)| Step {
                at_least: Decimal::new(asked, 1),
                points: Points::new(Decimal::new(given, 1)).unwrap(),
            })
            .collect()
    })
}

/// Bands without gap or overlap, the better share never the worse band.
fn bands() -> impl Strategy<Value = Vec<Band>> {
    (steps(), any::<bool>()).prop_map(|(steps, inclusive)| {
        let bound = |step: Option<&Step>, inclusive| {
            step.map(|step| Bound { percent: step.at_least, inclusive })
        };
        let lowest =
            Band { from: None, to: bound(steps.first(), !inclusive), points: Points::ZERO };
        let others = steps.iter().enumerate().map(|(at, step)| Band {
            from: bound(Some(step), inclusive),
            to: bound(steps.get(at + 1), !inclusive),
            points: step.points,
        });
        std::iter::once(lowest).chain(others).collect()
    })
}

/// Answers of which none is worth less than nothing or more than all.
fn options() -> impl Strategy<Value = Rule> {
    proptest::collection::vec(0_i64..=100, 1..5).prop_map(|worth| {
        let option = |(name, percent): (&str, i64)| AnswerOption {
            option: name.to_owned(),
            title: String::new(),
            title_en: String::new(),
            percent: Decimal::from(percent),
        };
        Rule::Options { options: NAMES.into_iter().zip(worth).map(option).collect() }
    })
}

const NAMES: [&str; 5] = ["A", "B", "C", "D", "E"];

fn states() -> impl Strategy<Value = Rule> {
    proptest::collection::btree_set(0_i64..20, 1..5).prop_map(|points| {
        let state = |points: i64| State {
            title: format!("{points}"),
            title_en: format!("{points}"),
            points: Points::new(Decimal::new(points, 1)).unwrap(),
        };
        Rule::States { states: points.into_iter().map(state).collect() }
    })
}

/// Rules over two variables, the last of which only rises with both.
fn over_variables() -> impl Strategy<Value = Rule> {
    let terms = serde_json::json!([
        { "name": "n", "variable": "COUNT", "measure": "count", "title": "n", "title_en": "n" },
        { "name": "r", "variable": "SHARE", "measure": "share", "title": "r", "title_en": "r" }
    ]);
    let rules = [
        serde_json::json!({ "kind": "conjunction", "variables": terms, "conditions": [
            { "title": "a", "title_en": "a", "when": "n >= 2" },
            { "title": "b", "title_en": "b", "when": "r >= 50%" }] }),
        serde_json::json!({ "kind": "formula", "variables": terms, "cases": [
            { "text": "a", "text_en": "a", "when": "r >= 80% and n >= 1", "points": "maximum" },
            { "text": "b", "text_en": "b", "when": "r.part > n", "points": "r * maximum" },
            { "text": "c", "text_en": "c", "points": "n * 0.1 * point - 0.5" }] }),
        serde_json::json!({ "kind": "formula", "variables": terms, "cases": [
            { "text": "c", "text_en": "c", "points": "min(r, 1 * 100%) * maximum / 2 + n / 7 * point" }] }),
    ];
    prop::sample::select(rules.map(|rule| serde_json::from_value::<Rule>(rule).unwrap()).to_vec())
}

/// Every kind of rule that takes a single amount, the more of which is never the worse.
fn rising() -> impl Strategy<Value = Rule> {
    prop_oneof![
        Just(Rule::Assessed),
        Just(Rule::Share),
        Just(Rule::Satisfaction),
        (decimal(100), prop::option::of(decimal(100)), prop::option::of(decimal(100)))
            .prop_map(|(target, floor, ceiling)| Rule::Linear { target, floor, ceiling }),
        bands().prop_map(|bands| Rule::Bands { bands }),
        steps().prop_map(|steps| Rule::CountSteps { steps }),
        steps().prop_map(|steps| Rule::GrowthSteps { steps }),
        Just(Rule::External { index: "SIPAS".to_owned(), bands: Vec::new() }),
        bands().prop_map(|bands| Rule::External { index: "SIPAS".to_owned(), bands }),
        (points(20), prop::option::of(points(20)))
            .prop_map(|(each, cap)| Rule::Bonus { each, cap }),
    ]
}

fn deduction() -> impl Strategy<Value = Rule> {
    (points(20), prop::option::of(points(20))).prop_map(|(each, cap)| Rule::Deduction { each, cap })
}

/// Every kind of rule.
fn rule() -> impl Strategy<Value = Rule> {
    prop_oneof![rising(), deduction(), Just(Rule::YesNo), states(), options(), over_variables(),]
}

fn ratio() -> impl Strategy<Value = (Quantity, Quantity)> {
    prop_oneof![(quantity(), quantity()), Just((Quantity::ZERO, Quantity::ZERO))]
}

fn input() -> impl Strategy<Value = Input> {
    let counts = proptest::collection::btree_map(
        prop::sample::select(NAMES.map(str::to_owned).to_vec()),
        (0_u64..500).prop_map(|count| Quantity::new(count.into()).unwrap()),
        0..5,
    );
    prop_oneof![
        points(500).prop_map(|points| Input::Assessed { points }),
        ratio().prop_map(|(numerator, denominator)| Input::Ratio { numerator, denominator }),
        quantity().prop_map(Input::Count),
        (quantity(), ratio(), any::<bool>())
            .prop_map(|(count, ratio, both)| readings(count, ratio, both)),
        (quantity(), quantity()).prop_map(|(satisfied, valid)| Input::Answers { satisfied, valid }),
        counts.prop_map(Input::Options),
        quantity().prop_map(|percent| Input::Index { percent }),
        Just(Input::NotHeld),
        Just(Input::Missing),
    ]
}

fn readings(count: Quantity, (numerator, denominator): (Quantity, Quantity), both: bool) -> Input {
    let mut readings = BTreeMap::from([("COUNT".parse().unwrap(), Reading::Count(count))]);
    if both {
        readings.insert("SHARE".parse().unwrap(), Reading::Ratio { numerator, denominator });
    }
    Input::Readings(readings)
}

fn terms() -> impl Strategy<Value = Terms> {
    let flags = [None, Some(NotApplicable::FullMarks), Some(NotApplicable::OutOfDenominator)];
    let surveys = [SurveyNotHeld::Pending, SurveyNotHeld::Renormalise];
    (
        prop::option::of(points(200)),
        prop::sample::select(flags.to_vec()),
        prop::sample::select(surveys.to_vec()),
    )
        .prop_map(|(max, not_applicable, survey_not_held)| Terms {
            max,
            not_applicable,
            survey_not_held,
        })
}

/// The input that a rule takes, with this much in it.
fn taken(rule: &Rule, amount: Quantity, whole: Quantity) -> Input {
    match rule {
        Rule::Assessed => Input::Assessed { points: Points::new(amount.get()).unwrap() },
        Rule::CountSteps { .. } | Rule::Bonus { .. } | Rule::Deduction { .. } => {
            Input::Count(amount)
        }
        Rule::Satisfaction => Input::Answers { satisfied: amount, valid: whole },
        Rule::External { .. } => Input::Index { percent: amount },
        _ => Input::Ratio { numerator: amount, denominator: whole },
    }
}

#[test]
fn only_counted_points_are_a_lower_bound_while_reports_are_missing() {
    let step = Step { at_least: Decimal::TWO, points: Points::ZERO };
    let (each, cap) = ("1".parse().unwrap(), None);
    let target = Decimal::ONE_HUNDRED;

    for rule in [Rule::CountSteps { steps: vec![step.clone()] }, Rule::Bonus { each, cap }] {
        assert!(rule.only_rises(), "{rule:?}");
    }
    // A deduction grows with the count; a share or a growth may fall with the next unit's report.
    for rule in [
        Rule::Deduction { each, cap },
        Rule::GrowthSteps { steps: vec![step] },
        Rule::Linear { target, floor: None, ceiling: None },
        Rule::Share,
        Rule::Assessed,
    ] {
        assert!(!rule.only_rises(), "{rule:?}");
    }
}

proptest! {
    #[test]
    fn points_are_never_above_the_maximum(
        rule in rule(), max in points(200), input in input()
    ) {
        let derivation = rule.evaluate(Some(max), &input);

        prop_assert!(derivation.points.is_none_or(|points| points <= max));
        prop_assert!(!derivation.steps.is_empty());
    }

    #[test]
    fn more_never_earns_less(
        rule in rising(), max in points(200), one in quantity(), other in quantity(),
        whole in quantity()
    ) {
        let of = |amount| rule.evaluate(Some(max), &taken(&rule, amount, whole)).points;

        let (less, more) = (of(one.min(other)), of(one.max(other)));

        prop_assert!(less <= more, "{:?} > {:?}", less, more);
        prop_assert_eq!(less.is_some(), more.is_some());
    }

    #[test]
    fn more_faults_never_leave_more(
        rule in deduction(), max in points(200), one in quantity(), other in quantity()
    ) {
        let of = |amount| rule.evaluate(Some(max), &Input::Count(amount)).points;

        let (fewer, more) = (of(one.min(other)), of(one.max(other)));

        prop_assert!(fewer >= more, "{:?} < {:?}", fewer, more);
    }

    #[test]
    fn a_better_answer_never_earns_less(
        rule in options(), counts in proptest::collection::vec(1_u64..100, 4), max in points(200)
    ) {
        let Rule::Options { options } = &rule else { unreachable!() };
        let best = options.iter().max_by_key(|option| option.percent).unwrap();
        let counts = counts.into_iter().map(|count| Quantity::new(count.into()).unwrap());
        let mut counts: BTreeMap<String, Quantity> =
            options.iter().map(|option| option.option.clone()).zip(counts).collect();
        let of = |counts: &BTreeMap<String, Quantity>| {
            rule.evaluate(Some(max), &Input::Options(counts.clone())).points
        };

        let before = of(&counts);
        let more = counts.get_mut(&best.option).unwrap();
        *more = *more + "1".parse().unwrap();

        prop_assert!(of(&counts) >= before);
    }

    #[test]
    fn the_order_of_states_bands_steps_and_answers_decides_nothing(
        rule in rule(), max in points(200), input in input()
    ) {
        let mut turned = rule.clone();
        match &mut turned {
            Rule::States { states } => states.reverse(),
            Rule::Bands { bands } | Rule::External { bands, .. } => bands.reverse(),
            Rule::CountSteps { steps } | Rule::GrowthSteps { steps } => steps.reverse(),
            Rule::Options { options } => options.reverse(),
            Rule::Conjunction { variables, conditions } => {
                variables.reverse();
                conditions.reverse();
            }
            Rule::Formula { variables, .. } => variables.reverse(),
            _ => {}
        }

        prop_assert_eq!(
            turned.evaluate(Some(max), &input).points,
            rule.evaluate(Some(max), &input).points
        );
    }

    #[test]
    fn what_is_left_out_is_the_whole_maximum_and_earns_nothing(
        rule in rule(), terms in terms(), input in input()
    ) {
        let derivation = rule.evaluate(terms, &input);

        if derivation.excluded.is_some() {
            prop_assert_eq!(derivation.excluded, terms.max);
            prop_assert_eq!(derivation.points, Some(Points::ZERO));
        }
    }

    #[test]
    fn nothing_out_of_nothing_is_unknown(rule in rule(), numerator in quantity()) {
        let input = Input::Ratio { numerator, denominator: Quantity::ZERO };

        prop_assert_eq!(rule.evaluate(None, &input).points, None);
    }

    #[test]
    fn a_derivation_survives_storage_and_gives_the_same_points(
        rule in rule(), terms in terms(), input in input()
    ) {
        let derivation = rule.evaluate(terms, &input);

        let stored = serde_json::to_string(&derivation).unwrap();
        let read: Derivation = serde_json::from_str(&stored).unwrap();

        prop_assert!(read.re_evaluate());
        prop_assert_eq!(read, derivation);
    }

    #[test]
    fn bands_that_pass_their_check_hold_every_share(
        bands in bands(), numerator in 0_i64..=1000, denominator in 1_i64..=1000
    ) {
        let rule = Rule::Bands { bands };
        let quantity = |n| Quantity::new(Decimal::from(n)).unwrap();
        let input = Input::Ratio {
            numerator: quantity(numerator.min(denominator)),
            denominator: quantity(denominator),
        };

        if rule.check(None).is_empty() {
            prop_assert!(rule.evaluate(None, &input).points.is_some());
        }
    }
}
