//! What holds for every rule and every input.

use cchc_core::{Decimal, Points, Quantity};
use cchc_scoring::{
    derivation::Derivation,
    rule::{Band, Bound, Input, Rule, Step},
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

fn rule() -> impl Strategy<Value = Rule> {
    prop_oneof![
        Just(Rule::Assessed),
        Just(Rule::Share),
        (decimal(100), prop::option::of(decimal(100)))
            .prop_map(|(target, floor)| Rule::Linear { target, floor }),
        bands().prop_map(|bands| Rule::Bands { bands }),
        steps().prop_map(|steps| Rule::CountSteps { steps }),
        steps().prop_map(|steps| Rule::GrowthSteps { steps }),
    ]
}

fn input() -> impl Strategy<Value = Input> {
    prop_oneof![
        points(500).prop_map(|points| Input::Assessed { points }),
        (quantity(), quantity())
            .prop_map(|(numerator, denominator)| Input::Ratio { numerator, denominator }),
        quantity().prop_map(Input::Count),
        Just(Input::Missing),
    ]
}

/// The input that a rule takes, with this much in it.
fn taken(rule: &Rule, amount: Quantity, whole: Quantity) -> Input {
    match rule {
        Rule::Assessed => Input::Assessed { points: Points::new(amount.get()).unwrap() },
        Rule::CountSteps { .. } => Input::Count(amount),
        _ => Input::Ratio { numerator: amount, denominator: whole },
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
        rule in rule(), max in points(200), one in quantity(), other in quantity(),
        whole in quantity()
    ) {
        let of = |amount| rule.evaluate(Some(max), &taken(&rule, amount, whole)).points;

        let (less, more) = (of(one.min(other)), of(one.max(other)));

        prop_assert!(less <= more, "{:?} > {:?}", less, more);
        prop_assert_eq!(less.is_some(), more.is_some());
    }

    #[test]
    fn nothing_out_of_nothing_is_unknown(rule in rule(), numerator in quantity()) {
        let input = Input::Ratio { numerator, denominator: Quantity::ZERO };

        prop_assert_eq!(rule.evaluate(None, &input).points, None);
    }

    #[test]
    fn a_derivation_survives_storage_and_gives_the_same_points(
        rule in rule(), max in prop::option::of(points(200)), input in input()
    ) {
        let derivation = rule.evaluate(max, &input);

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
