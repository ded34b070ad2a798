//! Two arbitrary texts as condition and points of a formula, applied to arbitrary figures.
//!
//! Whatever is written: it is read or refused within its own length, checking and evaluating it end,
//! points stay between zero and the maximum, and storage changes nothing.
#![no_main]

use cchc_core::{Decimal, Points};
use cchc_scoring::{
    derivation::Derivation,
    rule::{Expression, ExpressionError, Input, Rule},
};
use libfuzzer_sys::fuzz_target;
use serde_json::json;

type Figures = (u32, u32, u32, u32, u32);

fn within(text: &str, error: &ExpressionError) -> bool {
    error.start <= error.end && error.end <= text.chars().count()
}

fn formula(when: &str, points: &str) -> Rule {
    let term = |name: &str, variable: &str, measure: &str| {
        json!({ "name": name, "variable": variable, "measure": measure, "title": "", "title_en": "" })
    };
    serde_json::from_value(json!({
        "kind": "formula",
        "variables": [term("n", "COUNT", "count"), term("r", "SHARE", "share"), term("g", "NEW", "growth")],
        "cases": [{ "text": "a", "text_en": "a", "when": when, "points": points },
                  { "text": "b", "text_en": "b", "points": points }],
    }))
    .expect("both expressions were read")
}

fn input((n, part, whole, now, before): Figures) -> Input {
    let ratio = |part: u32, whole: u32| {
        json!({ "ratio": { "numerator": part.to_string(), "denominator": whole.to_string() } })
    };
    serde_json::from_value(json!({ "readings": {
        "COUNT": { "count": n.to_string() }, "SHARE": ratio(part, whole), "NEW": ratio(now, before),
    } }))
    .expect("figures are numbers")
}

fuzz_target!(|data: (&str, &str, Figures, Option<u16>)| {
    let (when, points, figures, max) = data;
    for text in [when, points] {
        match text.parse::<Expression>() {
            Ok(read) => assert_eq!(read.as_str(), text),
            Err(error) => {
                assert!(within(text, &error), "{error:?}");
                return;
            }
        }
    }
    let rule = formula(when, points);
    let max = max.map(|max| Points::new(Decimal::new(max.into(), 2)).expect("not negative"));
    let _ = rule.check(max);

    let derivation = rule.evaluate(max, &input(figures));

    assert!(derivation.points.zip(max).is_none_or(|(points, max)| points <= max));
    let stored = serde_json::to_string(&derivation).expect("a derivation is stored");
    let read: Derivation = serde_json::from_str(&stored).expect("and read back");
    assert!(read.re_evaluate() && read == derivation);
});
