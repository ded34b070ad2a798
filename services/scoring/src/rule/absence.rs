//! What a leaf is worth when there is nothing to apply its rule to and the edition says what then.
//!
//! Two absences are told apart. What a share is taken of did not arise: no late dossier, hence none
//! without an apology. Or nobody was asked, since no survey was held. In both an edition may take the
//! leaf out of the denominator: its maximum is then noted as excluded, and travels up every sum, so that
//! a renormalised score is never mistaken for a plain one.

use cchc_core::Points;

use super::{Input, NotApplicable, Rule, RuleFault, SurveyNotHeld, Terms, fault};
use crate::{catalogue::Measure, derivation::Steps};

/// What a leaf is worth all the same.
pub(super) struct Absence {
    pub(super) points: Points,
    /// The maximum that leaves the denominator.
    pub(super) excluded: Option<Points>,
}

pub(super) fn of(rule: &Rule, terms: Terms, input: &Input, steps: &mut Steps) -> Option<Absence> {
    let max = terms.max?;
    if did_not_arise(rule, input) {
        return match terms.not_applicable? {
            NotApplicable::FullMarks => {
                let what = "Không phát sinh: được tính điểm tối đa";
                steps.add(what, "did not arise: full marks", max.get());
                Some(Absence { points: max, excluded: None })
            }
            NotApplicable::OutOfDenominator => {
                let what = "Không phát sinh: không tính vào tổng điểm tối đa";
                Some(excluded(what, "did not arise: out of the denominator", max, steps))
            }
        };
    }
    if *input == Input::NotHeld && terms.survey_not_held == SurveyNotHeld::Renormalise {
        let what = "Không khảo sát: không tính vào tổng điểm tối đa";
        return Some(excluded(what, "no survey held: out of the denominator", max, steps));
    }
    None
}

fn excluded(what: &'static str, what_en: &'static str, max: Points, steps: &mut Steps) -> Absence {
    steps.add(what, what_en, max.get());
    Absence { points: Points::ZERO, excluded: Some(max) }
}

/// Whether a share was asked for of which there was nothing at all.
fn did_not_arise(rule: &Rule, input: &Input) -> bool {
    let Input::Ratio { numerator, denominator } = input else { return false };
    rule.measure() == Some(Measure::Share)
        && numerator.get().is_zero()
        && denominator.get().is_zero()
}

/// A flag that nothing can set off misleads whoever reads the edition.
pub(super) fn check(rule: &Rule, terms: Terms) -> Vec<RuleFault> {
    let mut faults = Vec::new();
    if terms.not_applicable.is_some() && rule.measure() != Some(Measure::Share) {
        faults.push(RuleFault::NotApplicableWithoutShare);
    }
    let is_renormalised = terms.survey_not_held == SurveyNotHeld::Renormalise;
    if is_renormalised && !rule.takes_answers() {
        faults.push(RuleFault::RenormalisedWithoutSurvey);
    }
    if terms.not_applicable.is_some() || is_renormalised {
        faults.extend(fault::needs_maximum(terms.max));
    }
    faults
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    fn ratio(part: &str, whole: &str) -> Input {
        Input::Ratio { numerator: part.parse().unwrap(), denominator: whole.parse().unwrap() }
    }

    fn terms(not_applicable: Option<NotApplicable>, survey_not_held: SurveyNotHeld) -> Terms {
        Terms { max: Some("2".parse().unwrap()), not_applicable, survey_not_held }
    }

    fn given(rule: &Rule, terms: Terms, input: &Input) -> [String; 2] {
        let derivation = rule.evaluate(terms, input);
        assert!(derivation.re_evaluate());
        let text = |points: Option<Points>| points.map_or_else(String::new, |p| p.to_string());
        [text(derivation.points), text(derivation.excluded)]
    }

    #[test]
    fn what_did_not_arise_is_unknown_full_or_out_as_the_edition_says() {
        let (full, out) = (NotApplicable::FullMarks, NotApplicable::OutOfDenominator);
        let of =
            |flag, input: &Input| given(&Rule::Share, terms(flag, SurveyNotHeld::Pending), input);

        assert_eq!(of(None, &ratio("0", "0")), ["", ""]);
        assert_eq!(of(Some(full), &ratio("0", "0")), ["2", ""]);
        assert_eq!(of(Some(out), &ratio("0", "0")), ["0", "2"]);
        assert_eq!(of(Some(out), &ratio("1", "2")), ["1", ""]);
        assert_eq!(of(Some(out), &ratio("1", "0")), ["", ""]);
        assert_eq!(of(Some(out), &Input::Missing), ["", ""]);
    }

    #[test]
    fn a_survey_that_was_not_held_is_pending_or_out() {
        let of = |flag, input: &Input| given(&Rule::Satisfaction, terms(None, flag), input);
        let answers =
            Input::Answers { satisfied: "1".parse().unwrap(), valid: "2".parse().unwrap() };

        assert_eq!(of(SurveyNotHeld::Pending, &Input::NotHeld), ["", ""]);
        assert_eq!(of(SurveyNotHeld::Renormalise, &Input::NotHeld), ["0", "2"]);
        assert_eq!(of(SurveyNotHeld::Renormalise, &answers), ["1", ""]);
        assert_eq!(of(SurveyNotHeld::Renormalise, &Input::Missing), ["", ""]);
    }

    #[test]
    fn flags_that_nothing_can_set_off_are_faults() {
        let out = terms(Some(NotApplicable::OutOfDenominator), SurveyNotHeld::Renormalise);
        let unknown = Terms { max: None, ..out };

        assert_eq!(
            Rule::Assessed.check(out),
            [RuleFault::NotApplicableWithoutShare, RuleFault::RenormalisedWithoutSurvey]
        );
        assert_eq!(Rule::Share.check(out), []);
        assert_eq!(Rule::Share.check(unknown), [RuleFault::MaximumUnknown]);
        let renormalised = Terms { not_applicable: None, ..unknown };
        assert_eq!(Rule::Satisfaction.check(renormalised), [RuleFault::MaximumUnknown]);
        let linear = Rule::Linear { target: 80.into(), floor: None, ceiling: None };
        assert_eq!(linear.check(unknown), [RuleFault::MaximumUnknown]);
        assert_eq!(Rule::Share.check(Terms::default()), []);
    }
}
