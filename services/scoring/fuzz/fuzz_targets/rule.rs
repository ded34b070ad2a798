//! An arbitrary document as a rule, another one as its input: read or refused, checked and applied.
//!
//! Bytes are a rule, a line break and an input, both JSON as they are stored. Points stay between zero and
//! the maximum, and the derivation gives the same points again after it was stored.
#![no_main]

use cchc_core::Points;
use cchc_scoring::{
    derivation::Derivation,
    rule::{Input, NotApplicable, Rule, SurveyNotHeld, Terms},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut lines = data.splitn(2, |byte| *byte == b'\n');
    let Some(rule) = lines.next().and_then(|line| serde_json::from_slice::<Rule>(line).ok()) else {
        return;
    };
    let stored = serde_json::to_string(&rule).expect("a rule is stored");
    assert_eq!(serde_json::from_str::<Rule>(&stored).expect("and read back"), rule);
    let input = lines.next().and_then(|line| serde_json::from_slice(line).ok());
    let input = input.unwrap_or(Input::Missing);
    let max: Points = "2.5".parse().expect("points");
    for terms in [
        Terms::default(),
        Terms::from(Some(max)),
        Terms {
            max: Some(max),
            not_applicable: Some(NotApplicable::OutOfDenominator),
            survey_not_held: SurveyNotHeld::Renormalise,
        },
    ] {
        for fault in rule.check(terms) {
            assert!(!cchc_core::Fault::vietnamese(&fault).is_empty(), "{fault:?}");
        }
        let derivation = rule.evaluate(terms, &input);
        assert!(derivation.points.zip(terms.max).is_none_or(|(points, max)| points <= max));
        let stored = serde_json::to_string(&derivation).expect("a derivation is stored");
        let read: Derivation = serde_json::from_str(&stored).expect("and read back");
        assert!(read.re_evaluate() && read == derivation);
    }
});
