//! Formulas and conjunctions over several variables, and what is wrong with them.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use cchc_core::{Fault, Points};
use serde_json::{Value, json};

use crate::rule::{Input, Rule, RuleFault, Terms};

fn rule(value: Value) -> Rule {
    serde_json::from_value(value).unwrap()
}

fn terms() -> Value {
    let term = |name: &str, variable: &str, measure: &str| {
        json!({ "name": name, "variable": variable, "measure": measure,
                "title": format!("số {name}"), "title_en": format!("number {name}") })
    };
    json!([
        term("n", "LETTERS", "count"),
        term("r", "ON-TIME", "share"),
        term("g", "NEW", "growth")
    ])
}

fn case(when: Option<&str>, points: &str) -> Value {
    let text = when.unwrap_or("còn lại");
    let mut case = json!({ "text": text, "text_en": text, "points": points });
    if let (Some(case), Some(when)) = (case.as_object_mut(), when) {
        case.insert("when".to_owned(), when.into());
    }
    case
}

fn formula(cases: &[Value]) -> Rule {
    rule(json!({ "kind": "formula", "variables": terms(), "cases": cases }))
}

/// Full points on time and growing; in proportion from 80 % on; half a point for each letter otherwise.
fn usual() -> Rule {
    formula(&[
        case(Some("r >= 95% and g >= 10%"), "maximum"),
        case(Some("r >= 80%"), "maximum * r"),
        case(None, "min(n * 0.5 * point, 50% * maximum) - 0.25"),
    ])
}

fn input(n: &str, r: (&str, &str), g: (&str, &str)) -> Input {
    let ratio = |(part, whole)| json!({ "ratio": { "numerator": part, "denominator": whole } });
    let all = json!({ "readings": {
        "LETTERS": { "count": n }, "ON-TIME": ratio(r), "NEW": ratio(g),
    } });
    serde_json::from_value(all).unwrap()
}

fn max() -> Terms {
    Some("2".parse().unwrap()).into()
}

fn points(rule: &Rule, input: &Input) -> Option<String> {
    let derivation = rule.evaluate(max(), input);
    assert!(derivation.re_evaluate());
    derivation.points.map(|points| points.to_string())
}

fn reasons(rule: &Rule, max: impl Into<Terms>) -> Vec<&'static str> {
    rule.check(max).iter().map(Fault::reason).collect()
}

#[test]
fn the_first_case_that_applies_gives_the_points() {
    let rule = usual();
    let growing = ("110", "100");
    for (input, expected) in [
        (input("0", ("95", "100"), growing), "2"),
        (input("0", ("95", "100"), ("109", "100")), "1.9"),
        (input("0", ("2", "3"), growing), "0"),
        (input("1", ("79", "100"), growing), "0.25"),
        (input("9", ("79", "100"), growing), "0.75"),
        (input("0", ("8", "9"), growing), "1.777777778"),
    ] {
        assert_eq!(points(&rule, &input).as_deref(), Some(expected), "{input:?}");
    }
    assert_eq!(rule.check(max()), []);
}

#[test]
fn the_derivation_names_the_figures_and_the_case() {
    let derivation = usual().evaluate(max(), &input("1", ("79", "100"), ("1", "1")));

    let steps: Vec<String> =
        derivation.steps.iter().map(|step| format!("{} = {}", step.what, step.value)).collect();
    assert_eq!(
        steps,
        [
            "n: số n = 1",
            "r.part: số r = 79",
            "r.whole: số r = 100",
            "g.part: số g = 1",
            "g.whole: số g = 1",
            "Áp dụng: còn lại [] min(n * 0.5 * point, 50% * maximum) - 0.25 = 0.25",
        ]
    );
}

#[test]
fn counts_behind_a_share_have_names_of_their_own() {
    let rule = formula(&[
        case(Some("g.part - g.whole >= 30"), "maximum"),
        case(None, "r.part * 0.01 * point + 0 * n * point"),
    ]);

    assert_eq!(points(&rule, &input("0", ("7", "9"), ("130", "100"))).as_deref(), Some("2"));
    assert_eq!(points(&rule, &input("0", ("7", "9"), ("129", "100"))).as_deref(), Some("0.07"));
}

#[test]
fn a_missing_figure_or_a_division_by_zero_gives_no_points_and_says_why() {
    let rule = usual();
    let nothing = input("1", ("0", "0"), ("1", "1"));
    let Input::Readings(mut some) = input("1", ("1", "1"), ("1", "1")) else { panic!() };
    some.remove(&"NEW".parse().unwrap());

    let divided = rule.evaluate(max(), &nothing);
    let missing = rule.evaluate(max(), &Input::Readings(some));
    let unknown = rule.evaluate(None, &input("1", ("1", "1"), ("2", "1")));

    assert_eq!((divided.points, missing.points, unknown.points), (None, None, None));
    let last = |steps: &[crate::derivation::DerivationStep]| steps.last().unwrap().what.clone();
    assert_eq!(
        last(&divided.steps),
        "Mẫu số bằng 0: chưa có căn cứ tính điểm (r >= 95% and g >= 10%, ký tự 1)"
    );
    assert_eq!(last(&missing.steps), "Chưa có số liệu: số g");
    assert_eq!(last(&unknown.steps), "Chưa có giá trị (maximum, ký tự 1)");
    assert_eq!(rule.evaluate(max(), &Input::Missing).points, None);
}

#[test]
fn points_beyond_all_numbers_are_none() {
    let rule = formula(&[case(None, "n * n.part * point")]);
    let large = formula(&[case(None, "n * 999999999999999 * 999999999999999 * point")]);

    assert_eq!(points(&rule, &input("1", ("1", "1"), ("1", "1"))), None);
    assert_eq!(points(&large, &input("9", ("1", "1"), ("1", "1"))), None);
}

#[test]
fn every_fault_of_a_formula_is_listed_at_once() {
    let mut faulty = json!({ "kind": "formula", "variables": terms(), "cases": [
        case(Some("r > 100%"), "maximum"),
        case(Some("r + n > 1"), "1"),
        case(Some("n >= 0"), "0.5 * maximum"),
        case(Some("n >= 2"), "x"),
    ] });
    let twice = json!({ "name": "n", "variable": "LETTERS", "measure": "count", "title": "",
                        "title_en": "" });
    let named = json!({ "name": "Max", "variable": "X", "measure": "count", "title": "",
                        "title_en": "" });
    let variables = faulty.get_mut("variables").unwrap().as_array_mut().unwrap();
    variables.extend([twice, named]);

    assert_eq!(
        reasons(&rule(faulty), max()),
        [
            "RULE_NO_OTHERWISE",
            "RULE_NAME_TWICE",
            "RULE_VARIABLE_TWICE",
            "RULE_NAME_INVALID",
            "EXPRESSION_UNITS",
            "EXPRESSION_NAME_UNKNOWN",
            "RULE_VARIABLE_UNUSED",
            "RULE_VARIABLE_UNUSED",
            "RULE_CASE_UNREACHABLE",
            "RULE_CASE_UNREACHABLE",
            "RULE_MAXIMUM_UNATTAINABLE",
        ]
    );
}

#[test]
fn a_case_behind_the_same_condition_and_a_maximum_out_of_reach_are_faults() {
    let cases = |best: &str| {
        formula(&[
            case(Some("r >= 80% and n > g.part"), best),
            case(Some("r >= 80% and n > g.part"), "1"),
            case(None, "0"),
        ])
    };

    assert_eq!(reasons(&cases("maximum"), max()), ["RULE_CASE_UNREACHABLE"]);
    assert_eq!(
        reasons(&cases("99% * maximum"), max()),
        ["RULE_CASE_UNREACHABLE", "RULE_MAXIMUM_UNATTAINABLE"]
    );
    assert_eq!(reasons(&cases("maximum"), None), ["RULE_MAXIMUM_UNKNOWN", "RULE_CASE_UNREACHABLE"]);
    assert_eq!(reasons(&cases("1 > 0"), max()).first(), Some(&"EXPRESSION_UNITS"));
    assert_eq!(reasons(&formula(&[]), max()), ["RULE_EMPTY"]);
}

#[test]
fn each_name_lies_between_its_own_ends() {
    let unreachable = |when: &str| {
        let cases = [case(Some(when), "maximum"), case(None, "0 * n * r * g * point")];
        let of_case = RuleFault::CaseUnreachable { text: when.to_owned() };
        formula(&cases).check(max()).contains(&of_case)
    };

    for (possible, impossible) in [
        ("r >= 100%", "r > 100%"),
        ("r <= 0%", "r < 0%"),
        // Nothing left of last year is a fall by the whole of it, and no fall goes further.
        ("g < 0%", "g < -100%"),
        ("g <= -100%", "g + 1 < 0%"),
        ("n <= 0", "n < 0"),
        ("g.part <= 0", "g.part < 0"),
        // The maximum of the node is two points.
        ("maximum >= 2 * point", "maximum > 2 * point"),
        ("point <= maximum", "2 * point < point"),
    ] {
        assert!(!unreachable(possible), "{possible}");
        assert!(unreachable(impossible), "{impossible}");
    }
}

#[test]
fn names_are_small_letters_and_no_words_of_the_language() {
    let named = |name: &str| {
        let mut rule = json!({ "kind": "formula", "cases": [case(None, "maximum")],
            "variables": [{ "name": name, "variable": "X", "measure": "count", "title": "",
                            "title_en": "" }] });
        rule.get_mut("cases").unwrap().as_array_mut().unwrap().rotate_left(0);
        reasons(&self::rule(rule), max()).contains(&"RULE_NAME_INVALID")
    };

    for name in [
        "",
        "A",
        "1a",
        "_a",
        "a.b",
        "maximum",
        "point",
        "and",
        "or",
        "not",
        "min",
        "max",
        &"a".repeat(33),
    ] {
        assert!(named(name), "{name}");
    }
    for name in ["a", "ty_le_2", "maxima", &"a".repeat(32)] {
        assert!(!named(name), "{name}");
    }
}

fn conjunction(conditions: &[(&str, Option<&str>)]) -> Rule {
    let condition = |(title, when): &(&str, Option<&str>)| {
        let mut of = json!({ "title": title, "title_en": title });
        if let (Some(of), Some(when)) = (of.as_object_mut(), when) {
            of.insert("when".to_owned(), (*when).into());
        }
        of
    };
    let conditions: Vec<Value> = conditions.iter().map(condition).collect();
    let variables =
        if conditions.iter().any(|of| of.get("when").is_some()) { terms() } else { json!([]) };
    rule(json!({ "kind": "conjunction", "variables": variables, "conditions": conditions }))
}

#[test]
fn every_condition_must_hold_and_the_derivation_says_which_does_not() {
    let rule = conjunction(&[("đủ", Some("n >= 4")), ("đúng hạn", Some("r >= 100% and g > 0%"))]);

    let all = rule.evaluate(max(), &input("4", ("4", "4"), ("2", "1")));
    let one = rule.evaluate(max(), &input("4", ("3", "4"), ("2", "1")));
    let none = rule.evaluate(max(), &input("4", ("0", "0"), ("2", "1")));

    assert_eq!(rule.check(max()), []);
    assert!(!rule.is_assessed());
    assert_eq!(all.points, max().max);
    assert_eq!((one.points, none.points), (Some(Points::ZERO), None));
    let says = |words: &str| one.steps.iter().any(|step| step.what == words);
    assert!(says("Đạt: đủ") && says("Không đạt: đúng hạn"), "{:?}", one.steps);
}

#[test]
fn every_fault_of_a_conjunction_is_listed_at_once() {
    let mixed = conjunction(&[("đủ", Some("n >= 0")), ("đủ", None), ("x", Some("r > 100%"))]);

    assert_eq!(
        reasons(&mixed, None),
        [
            "RULE_MAXIMUM_UNKNOWN",
            "RULE_STATE_TWICE",
            "RULE_CONDITIONS_MIXED",
            "RULE_VARIABLE_UNUSED",
            "RULE_CONDITION_CERTAIN",
            "RULE_CONDITION_CERTAIN",
        ]
    );
    assert_eq!(reasons(&conjunction(&[]), max()), ["RULE_EMPTY"]);
}

#[test]
fn conditions_that_a_person_judges_are_one_yes_or_no() {
    let rule = conjunction(&[("đủ", None), ("đúng hạn", None)]);
    let judged = |points: &str| {
        rule.evaluate(max(), &Input::Assessed { points: points.parse().unwrap() }).points
    };

    assert!(rule.is_assessed());
    assert_eq!(rule.check(max()), []);
    assert_eq!((judged("2"), judged("0"), judged("1")), (max().max, Some(Points::ZERO), None));
}
