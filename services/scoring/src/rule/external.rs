//! Points by what another index came to: SIPAS within the administrative-reform index.
//!
//! Later editions take its share of the maximum. That of 2017 cannot have: nine provinces had all the
//! points of its dimension, and none had a SIPAS of 100 %. So it must have known a threshold or bands,
//! which is inferred, and official nowhere; both are data here.

use cchc_core::{Decimal, Points, Quantity};

use super::{Band, Input, RuleFault, bands, share};
use crate::derivation::Steps;

pub(super) fn evaluate(
    index: &str,
    bands: &[Band],
    max: Option<Points>,
    input: &Input,
    steps: &mut Steps,
) -> Option<Points> {
    let Input::Index { percent } = input else {
        steps.no_input(input);
        return None;
    };
    steps.add(
        format!("Giá trị {index} đã công bố (%)"),
        format!("{index} as published, in per cent"),
        percent.get(),
    );
    let hundred = Quantity::new(Decimal::ONE_HUNDRED).ok()?;
    let ratio = Input::Ratio { numerator: *percent, denominator: hundred };
    if bands.is_empty() {
        return share::evaluate(Some(max?), &ratio, steps);
    }
    bands::evaluate(bands, &ratio, steps)
}

pub(super) fn check(bands: &[Band], max: Option<Points>) -> Vec<RuleFault> {
    if bands.is_empty() {
        return super::fault::needs_maximum(max).collect();
    }
    bands::check(bands, max)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;
    use crate::rule::{Bound, Rule};

    fn points(bands: Vec<Band>, percent: &str) -> String {
        let rule = Rule::External { index: "SIPAS".to_owned(), bands };
        let max = Some("10".parse().unwrap());
        assert_eq!(rule.check(max), []);
        let input = Input::Index { percent: percent.parse().unwrap() };
        rule.evaluate(max, &input).points.unwrap().to_string()
    }

    #[test]
    fn a_share_of_the_maximum_never_gives_all_of_it_below_100_per_cent() {
        assert_eq!(points(Vec::new(), "92.88"), "9.288");
        assert_eq!(points(Vec::new(), "100"), "10");
    }

    #[test]
    fn a_threshold_is_two_bands_and_gives_all_of_it() {
        let end = |inclusive| Some(Bound { percent: 80.into(), inclusive });
        let threshold = vec![
            Band { from: None, to: end(false), points: Points::ZERO },
            Band { from: end(true), to: None, points: "10".parse().unwrap() },
        ];

        assert_eq!(points(threshold.clone(), "92.88"), "10");
        assert_eq!(points(threshold.clone(), "80"), "10");
        assert_eq!(points(threshold, "79.99"), "0");
    }

    #[test]
    fn without_a_maximum_there_is_nothing_to_take_a_share_of() {
        assert_eq!(check(&[], None), [RuleFault::MaximumUnknown]);
    }
}
