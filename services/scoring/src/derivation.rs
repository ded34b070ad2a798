//! Why a leaf has its points: the rule, what it was applied to, and each step between.
//!
//! The explanation is data, stored with the score. Whoever doubts a figure evaluates it again with
//! nothing but this document, years later, whatever the catalogue says by then.

use std::borrow::Cow;

use cchc_core::{Decimal, Points};
use serde::{Deserialize, Serialize};

use crate::{
    rule::{Input, Rule, Terms},
    tree::Score,
};

/// How points came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Derivation {
    /// The rule as it stood.
    pub rule: Rule,
    /// The node's maximum and flags as they stood.
    pub terms: Terms,
    /// What the rule was applied to.
    pub input: Input,
    /// From the input to the points, in order, for a reader.
    pub steps: Vec<DerivationStep>,
    /// The points; absent when the input does not give any, which is not zero.
    pub points: Option<Points>,
    /// The maximum that leaves the denominator of every sum above, as the edition's flags have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excluded: Option<Points>,
}

/// A figure on the way from the input to the points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DerivationStep {
    /// What the figure is, in Vietnamese.
    pub what: Cow<'static, str>,
    /// What the figure is, in English.
    pub what_en: Cow<'static, str>,
    /// The figure.
    pub value: Decimal,
}

impl Derivation {
    /// Evaluates the rule again and tells whether it still gives the same points and
    /// leaves out the same maximum.
    #[must_use]
    pub fn re_evaluate(&self) -> bool {
        let again = self.rule.evaluate(self.terms, &self.input);
        (again.points, again.excluded) == (self.points, self.excluded)
    }

    /// The score of the leaf, when how certain its points are is known.
    #[must_use]
    pub fn score(&self, certainty: impl FnOnce(Points) -> Score) -> Score {
        let score = self.points.map_or(Score::UNKNOWN, certainty);
        Score { excluded: self.excluded.unwrap_or_default(), ..score }
    }
}

/// The steps of an evaluation under way.
#[derive(Debug)]
pub(crate) struct Steps(Vec<DerivationStep>);

impl Steps {
    /// What most rules take; more only makes the list grow.
    const USUAL: usize = 8;

    pub(crate) fn new() -> Self {
        Self(Vec::with_capacity(Self::USUAL))
    }

    pub(crate) fn add(
        &mut self,
        what: impl Into<Cow<'static, str>>,
        what_en: impl Into<Cow<'static, str>>,
        value: Decimal,
    ) {
        self.0.push(DerivationStep { what: what.into(), what_en: what_en.into(), value });
    }

    /// Notes why there is nothing to compute with.
    pub(crate) fn no_input(&mut self, input: &Input) {
        let (what, what_en) = match input {
            Input::Missing => ("Chưa có số liệu", "nothing reported yet"),
            Input::NotHeld => ("Chưa có khảo sát", "no survey held yet"),
            _ => (
                "Số liệu không đúng loại mà quy tắc cần",
                "the input is of another kind than the rule takes",
            ),
        };
        self.add(what, what_en, Decimal::ZERO);
    }

    /// Holds points to the maximum, and says so where that changes them.
    pub(crate) fn capped(&mut self, points: Points, max: Option<Points>) -> Points {
        match max {
            Some(max) if points > max => {
                self.add("Không vượt điểm tối đa", "held to the maximum", max.get());
                max
            }
            _ => points,
        }
    }

    /// Gives no points where they have more digits than a number is written with, and says so: what
    /// could not be read again later would be no score.
    pub(crate) fn written(&mut self, points: Points) -> Option<Points> {
        if !points.is_writable() {
            self.add(
                "Kết quả vượt phạm vi số: chưa có điểm",
                "the result is out of the range of numbers: no points",
                points.get(),
            );
            return None;
        }
        Some(points)
    }

    pub(crate) fn into_vec(self) -> Vec<DerivationStep> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;
    use crate::rule::SurveyNotHeld;

    fn derivation() -> Derivation {
        let input =
            Input::Ratio { numerator: "46".parse().unwrap(), denominator: "67".parse().unwrap() };
        Rule::Share.evaluate(Some("2.5".parse().unwrap()), &input)
    }

    #[test]
    fn a_derivation_reads_back_as_it_was_stored_and_gives_the_same_points() {
        let stored = serde_json::to_string(&derivation()).unwrap();

        let read: Derivation = serde_json::from_str(&stored).unwrap();

        assert_eq!(read, derivation());
        assert!(read.re_evaluate());
    }

    #[test]
    fn points_that_the_rule_does_not_give_are_noticed() {
        let mut tampered = derivation();

        tampered.points = Some("2.5".parse().unwrap());

        assert!(!tampered.re_evaluate());
    }

    #[test]
    fn assessed_points_are_held_to_the_maximum_and_the_step_says_so() {
        let input = Input::Assessed { points: "3".parse().unwrap() };

        let derivation = Rule::Assessed.evaluate(Some("2".parse().unwrap()), &input);

        assert_eq!(derivation.points, Some("2".parse().unwrap()));
        assert_eq!(derivation.steps.last().unwrap().what_en, "held to the maximum");
    }

    #[test]
    fn a_rule_without_anything_to_apply_it_to_says_what_it_lacks() {
        let why = |input: &Input| {
            let derivation = Rule::Satisfaction.evaluate(Some("2".parse().unwrap()), input);
            assert_eq!(derivation.points, None);
            derivation.steps.last().unwrap().what_en.to_string()
        };

        assert_eq!(why(&Input::Missing), "nothing reported yet");
        assert_eq!(why(&Input::NotHeld), "no survey held yet");
        let points = "1".parse().unwrap();
        let other = "the input is of another kind than the rule takes";
        assert_eq!(why(&Input::Assessed { points }), other);
    }

    #[test]
    fn a_score_tells_what_its_derivation_takes_out_of_the_denominator() {
        let terms = Terms {
            max: Some("2".parse().unwrap()),
            survey_not_held: SurveyNotHeld::Renormalise,
            ..Terms::default()
        };

        let score = Rule::Satisfaction.evaluate(terms, &Input::NotHeld).score(Score::complete);

        let out = Score { excluded: "2".parse().unwrap(), ..Score::complete(Points::ZERO) };
        assert_eq!(score, out);
        assert_eq!(derivation().score(Score::provisional).excluded, Points::ZERO);
    }

    #[test]
    fn more_than_a_number_can_say_is_no_points_and_still_reads_back() {
        let rule = Rule::Bonus { each: "2".parse().unwrap(), cap: None };
        let input = Input::Count("999999999999999".parse().unwrap());

        let derivation = rule.evaluate(None, &input);

        let stored = serde_json::to_string(&derivation).unwrap();
        assert_eq!(derivation.points, None);
        assert_eq!(serde_json::from_str::<Derivation>(&stored).unwrap(), derivation);
    }
}
