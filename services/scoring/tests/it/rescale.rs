//! District indices: worked out by hand, then against chance.

use std::collections::BTreeMap;

use cchc_core::{Decimal, NodeCode, Points, Quantity, UnitCode};
use cchc_scoring::rescale::{DistrictIndex, DistrictScores, Reported, RescaleFault, score};
use proptest::prelude::*;
use serde_json::json;

/// Two dimensions; the first has two sub-dimensions, the second one.
fn index() -> DistrictIndex {
    let node = |code: &str| json!({ "code": code, "title": code, "title_en": code });
    let nodes = ["0", "1", "1.1", "1.2", "2", "2.1"].map(node);
    let percent = json!({ "theoretical": { "min": "0", "max": "100" } });
    serde_json::from_value(json!({
        "code": "PAPI-HUYEN-2018", "year": 2018, "title": "t", "title_en": "t", "reference": "r",
        "nodes": nodes,
        "indicators": [
            { "code": "KNOWS", "title": "t", "title_en": "t", "node": "1.1", "range": percent },
            { "code": "PAID", "title": "t", "title_en": "t", "node": "1.1", "range": percent,
              "direction": "negative" },
            { "code": "JOINED", "title": "t", "title_en": "t", "node": "1.2", "range": percent },
            { "code": "DAYS", "title": "t", "title_en": "t", "node": "2.1", "range": "observed",
              "direction": "negative" }
        ]
    }))
    .unwrap()
}

fn reported(rows: &[(&str, &[(&str, &str)])]) -> Reported {
    let figures = |all: &[(&str, &str)]| {
        all.iter().map(|(code, value)| (code.parse().unwrap(), value.parse().unwrap())).collect()
    };
    rows.iter().map(|(unit, all)| (unit.parse().unwrap(), figures(all))).collect()
}

fn points(scores: &DistrictScores, node: &str) -> Option<String> {
    let node: NodeCode = node.parse().unwrap();
    scores.points.get(&node).unwrap().map(|points| points.to_string())
}

fn of<'a>(scores: &'a BTreeMap<UnitCode, DistrictScores>, unit: &str) -> &'a DistrictScores {
    scores.get(&unit.parse::<UnitCode>().unwrap()).unwrap()
}

#[test]
fn two_districts_worked_out_by_hand() {
    let reported = reported(&[
        ("193", &[("KNOWS", "50"), ("PAID", "20"), ("JOINED", "100"), ("DAYS", "4")]),
        ("194", &[("KNOWS", "0"), ("PAID", "100"), ("JOINED", "33.3"), ("DAYS", "7")]),
    ]);

    let scores = score(&index(), &reported).unwrap();

    let ha_long = of(&scores, "193");
    // KNOWS 1 + 9 × 0.5 = 5.5; PAID 1 + 9 × 0.8 = 8.2; their mean 6.85, half of it 3.425.
    assert_eq!(points(ha_long, "1.1").as_deref(), Some("3.425"));
    // JOINED 10, half of it 5.
    assert_eq!(points(ha_long, "1.2").as_deref(), Some("5"));
    assert_eq!(points(ha_long, "1").as_deref(), Some("8.425"));
    // The fewest days of the two that reported.
    assert_eq!(points(ha_long, "2.1").as_deref(), Some("10"));
    assert_eq!(points(ha_long, "0").as_deref(), Some("18.425"));
    let mong_cai = of(&scores, "194");
    // 1 and 1: the floor; JOINED 1 + 9 × 0.333 = 3.997, half of it 1.9985; the most days: 1.
    assert_eq!(points(mong_cai, "1.1").as_deref(), Some("0.5"));
    assert_eq!(points(mong_cai, "1.2").as_deref(), Some("1.9985"));
    assert_eq!(points(mong_cai, "0").as_deref(), Some("3.4985"));
}

#[test]
fn a_scale_that_starts_above_zero_starts_at_one_all_the_same() {
    let mut index = index();
    let likert = json!({ "theoretical": { "min": "1", "max": "5" } });
    index.indicators.retain(|indicator| indicator.code.as_str() == "JOINED");
    let joined = index.indicators.first_mut().unwrap();
    joined.range = serde_json::from_value(likert).unwrap();
    for node in ["1.1", "2", "2.1"] {
        index.nodes.retain(|other| other.code.as_str() != node);
    }

    let of_answers = |mean: &str| {
        let scores = score(&index, &reported(&[("193", &[("JOINED", mean)])])).unwrap();
        points(of(&scores, "193"), "0").unwrap()
    };

    // 1 + 9 × (3.4 − 1) / 4.
    assert_eq!(["1", "3.4", "5"].map(of_answers), ["1", "6.4", "10"]);
}

#[test]
fn the_steps_name_every_figure_on_the_way() {
    let reported = reported(&[("193", &[("KNOWS", "50"), ("PAID", "20")])]);

    let scores = score(&index(), &reported).unwrap();

    let steps = &of(&scores, "193").steps[&"1.1".parse::<NodeCode>().unwrap()];
    let values: Vec<String> = steps.iter().map(|step| step.value.to_string()).collect();
    assert_eq!(values, ["5.5", "8.2", "6.85", "3.425"]);
    assert_eq!(steps[1].what, "PAID t: 20 trong khoảng 0–100, càng thấp càng tốt");
}

#[test]
fn what_is_unknown_stays_unknown_up_to_the_total() {
    let reported = reported(&[
        ("193", &[("KNOWS", "50"), ("JOINED", "100"), ("DAYS", "4")]),
        ("194", &[("KNOWS", "0"), ("PAID", "100"), ("JOINED", "33.3"), ("DAYS", "4")]),
    ]);

    let scores = score(&index(), &reported).unwrap();

    assert_eq!(points(of(&scores, "193"), "1.1"), None, "PAID was not reported");
    assert_eq!(points(of(&scores, "193"), "1.2").as_deref(), Some("5"));
    assert_eq!(points(of(&scores, "193"), "0"), None);
    assert_eq!(points(of(&scores, "194"), "2.1"), None, "an observed range without width");
}

#[test]
fn three_sub_dimensions_share_a_dimension_in_thirds() {
    let mut index = index();
    index.nodes.push(
        serde_json::from_value(json!({ "code": "1.3", "title": "t", "title_en": "t" })).unwrap(),
    );
    let mut third = index.indicators[0].clone();
    third.code = "MORE".parse().unwrap();
    third.node = "1.3".parse().unwrap();
    index.indicators.push(third);
    let reported = reported(&[("193", &[("KNOWS", "0"), ("PAID", "100"), ("MORE", "100")])]);

    let scores = score(&index, &reported).unwrap();

    assert_eq!(points(of(&scores, "193"), "1.1").as_deref(), Some("0.333333333"));
    assert_eq!(points(of(&scores, "193"), "1.3").as_deref(), Some("3.333333333"));
}

#[test]
fn figures_outside_of_the_range_are_all_refused() {
    let reported = reported(&[("193", &[("KNOWS", "101")]), ("194", &[("PAID", "100.5")])]);

    let faults = score(&index(), &reported).unwrap_err();

    let said: Vec<String> = faults.iter().map(RescaleFault::vietnamese).collect();
    assert_eq!(
        said,
        [
            "193 có 101 cho chỉ báo KNOWS, ngoài khoảng 0–100",
            "194 có 100,5 cho chỉ báo PAID, ngoài khoảng 0–100"
        ]
    );
}

#[test]
fn everything_wrong_with_a_definition_is_told_at_once() {
    let mut index = index();
    index.nodes[1].code = "3".parse().unwrap();
    index.nodes.push(index.nodes[4].clone());
    index.indicators[0].node = "2".parse().unwrap();
    index.indicators[2].range =
        serde_json::from_value(json!({ "theoretical": { "min": "5", "max": "5" } })).unwrap();

    let faults = index.check();

    let no_place = |code: &str| RescaleFault::NoPlace(code.parse().unwrap());
    assert!(faults.contains(&RescaleFault::Twice("2".to_owned())));
    assert!(faults.contains(&no_place("1.1")) && faults.contains(&no_place("1.2")));
    assert!(faults.contains(&RescaleFault::Empty("3".parse().unwrap())));
    assert!(faults.iter().any(|fault| matches!(fault, RescaleFault::NoSubDimension { .. })));
    assert!(faults.iter().any(|fault| matches!(fault, RescaleFault::NoWidth { .. })));
}

#[test]
fn a_sub_dimension_that_nothing_measures_is_empty_and_an_indicator_of_no_sub_dimension_is_told() {
    let mut unmeasured = index();
    unmeasured.indicators.retain(|indicator| indicator.node.as_str() != "1.2");
    let mut astray = index();
    let days = astray.indicators.iter_mut().find(|of| of.code.as_str() == "DAYS").unwrap();
    days.node = "2.7".parse().unwrap();

    let empty = |code: &str| RescaleFault::Empty(code.parse().unwrap());
    assert_eq!(index().check(), []);
    assert_eq!(unmeasured.check(), [empty("1.2")]);
    let indicator = "DAYS".parse().unwrap();
    let no_place = RescaleFault::NoSubDimension { indicator, node: "2.7".parse().unwrap() };
    assert_eq!(astray.check(), [empty("2.1"), no_place]);
}

fn percent() -> impl Strategy<Value = Quantity> {
    (0_i64..=10_000).prop_map(|hundredths| Quantity::new(Decimal::new(hundredths, 2)).unwrap())
}

fn all_of(values: &[(Quantity, Quantity, Quantity, Quantity)]) -> Reported {
    let units = values.iter().enumerate().map(|(at, (knows, paid, joined, days))| {
        let figures = [("KNOWS", knows), ("PAID", paid), ("JOINED", joined), ("DAYS", days)];
        let figures = figures.map(|(code, value)| (code.parse().unwrap(), *value));
        (format!("{}", 193 + at).parse().unwrap(), BTreeMap::from(figures))
    });
    units.collect()
}

proptest! {
    #[test]
    fn every_node_stays_on_its_scale_and_sums_are_exact(
        values in proptest::collection::vec((percent(), percent(), percent(), percent()), 2..15)
    ) {
        let scores = score(&index(), &all_of(&values)).unwrap();

        for scores in scores.values() {
            let of = |node: &str| scores.points[&node.parse::<NodeCode>().unwrap()];
            for (node, least, most) in [("1.1", 5, 50), ("1.2", 5, 50), ("1", 10, 100), ("2.1", 10, 100)] {
                let (least, most) = (Decimal::new(least, 1), Decimal::new(most, 1));
                prop_assert!(of(node).is_none_or(|points| points.get() >= least && points.get() <= most));
            }
            let sum = of("1.1").zip(of("1.2")).map(|(one, two)| one + two);
            prop_assert_eq!(of("1"), sum);
        }
    }

    #[test]
    fn more_of_what_is_good_never_costs_and_more_of_what_is_bad_never_pays(
        (low, high) in (percent(), percent()), other in percent()
    ) {
        let (low, high) = (low.min(high), low.max(high));

        let scores = score(&index(), &all_of(&[(low, other, low, other), (high, other, high, other), (other, low, other, low), (other, high, other, high)])).unwrap();

        let of = |unit: &str, node: &str| of_points(&scores, unit, node);
        prop_assert!(of("193", "1.1") <= of("194", "1.1"));
        prop_assert!(of("195", "1.1") >= of("196", "1.1"));
        prop_assert!(of("195", "2.1") >= of("196", "2.1"));
    }

    #[test]
    fn a_reversed_indicator_is_the_mirror_image(value in percent()) {
        let mirrored = Quantity::new(Decimal::ONE_HUNDRED - value.get()).unwrap();

        let scores = score(&index(), &all_of(&[(value, value, value, value), (mirrored, mirrored, value, value)])).unwrap();

        // KNOWS and PAID trade places, so that their mean is 5.5 whatever they are.
        prop_assert_eq!(of_points(&scores, "193", "1.1"), Some("2.75".parse().unwrap()));
        prop_assert_eq!(of_points(&scores, "194", "1.1"), Some("2.75".parse().unwrap()));
    }
}

fn of_points(
    scores: &BTreeMap<UnitCode, DistrictScores>,
    unit: &str,
    node: &str,
) -> Option<Points> {
    *of(scores, unit).points.get(&node.parse::<NodeCode>().unwrap()).unwrap()
}
