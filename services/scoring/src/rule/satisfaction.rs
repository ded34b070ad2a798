//! The two best answers over all valid ones: "Hài lòng" and "Rất hài lòng", as SIPAS counts them.
//!
//! Who did not answer is in neither number. Where the maximum is not known the index is taken to be
//! counted in per cent.

use cchc_core::Points;

use super::{Input, share};
use crate::derivation::Steps;

pub(super) fn evaluate(max: Option<Points>, input: &Input, steps: &mut Steps) -> Option<Points> {
    if !matches!(input, Input::Answers { .. }) {
        steps.no_input(input);
        return None;
    }
    share::evaluate(max, input, steps)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use crate::rule::{Input, Rule};

    #[test]
    fn satisfied_answers_count_over_valid_ones() {
        let input =
            Input::Answers { satisfied: "9288".parse().unwrap(), valid: "10000".parse().unwrap() };

        let of_two = Rule::Satisfaction.evaluate(Some("2".parse().unwrap()), &input);
        let in_percent = Rule::Satisfaction.evaluate(None, &input);

        assert_eq!(of_two.points.unwrap().to_string(), "1.8576");
        assert_eq!(in_percent.points.unwrap().to_string(), "92.88");
        assert_eq!(of_two.steps.first().unwrap().what_en, "satisfied answers");
    }

    #[test]
    fn a_share_that_units_report_is_no_answer_of_citizens() {
        let input =
            Input::Ratio { numerator: "1".parse().unwrap(), denominator: "2".parse().unwrap() };

        assert_eq!(Rule::Satisfaction.evaluate(None, &input).points, None);
    }
}
