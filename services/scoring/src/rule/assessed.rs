//! What a person found, with evidence: points as such, yes or no, a state, or that all conditions hold.
//!
//! A finding travels as points, since that is what a form of self-assessment has a column for. Where
//! the rule knows the few points that are possible, other points are no finding and give nothing.

use cchc_core::Points;

use super::{Input, Rule, RuleFault, State, fault};
use crate::{derivation::Steps, figure::vietnamese};

/// What a person may find, and what it gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Vietnamese title, such as *kịp thời*.
    pub title: String,
    /// English title.
    pub title_en: String,
    /// What it gives.
    pub points: Points,
}

impl Verdict {
    fn new(title: &str, title_en: &str, points: Points) -> Self {
        Self { title: title.to_owned(), title_en: title_en.to_owned(), points }
    }

    /// Both as a Vietnamese reader expects them: `kịp thời: 1`.
    #[must_use]
    pub fn vietnamese(&self) -> String {
        format!("{}: {}", self.title, vietnamese(self.points))
    }

    /// Both in English: `in time: 1`.
    #[must_use]
    pub fn english(&self) -> String {
        format!("{}: {}", self.title_en, self.points)
    }
}

impl Rule {
    /// The findings that are possible for a rule that a person assesses; empty where any points up to
    /// the maximum are, or where the maximum that a yes is worth is unknown.
    #[must_use]
    pub fn verdicts(&self, max: Option<Points>) -> Vec<Verdict> {
        let both = |yes: (&str, &str), no: (&str, &str)| {
            let yes = max.map(|max| Verdict::new(yes.0, yes.1, max));
            yes.into_iter().flat_map(|yes| [yes, Verdict::new(no.0, no.1, Points::ZERO)]).collect()
        };
        match self {
            Self::YesNo => both(("đạt", "met"), ("không đạt", "not met")),
            Self::States { states } => {
                let verdict =
                    |state: &State| Verdict::new(&state.title, &state.title_en, state.points);
                states.iter().map(verdict).collect()
            }
            Self::Conjunction { .. } if self.is_assessed() => both(
                ("đạt tất cả các điều kiện", "every condition met"),
                ("không đạt ít nhất một điều kiện", "a condition not met"),
            ),
            _ => Vec::new(),
        }
    }
}

pub(super) fn evaluate(possible: &[Verdict], input: &Input, steps: &mut Steps) -> Option<Points> {
    let Input::Assessed { points } = input else {
        steps.no_input(input);
        return None;
    };
    if possible.is_empty() {
        steps.add("Điểm được chấm", "points assessed", points.get());
        return Some(*points);
    }
    let Some(found) = possible.iter().find(|verdict| verdict.points == *points) else {
        steps.add(
            "Điểm được chấm không ứng với mức nào của quy tắc",
            "the points assessed are those of no state of the rule",
            points.get(),
        );
        return None;
    };
    steps.add(
        format!("Kết quả xác định: {}", found.title),
        format!("found: {}", found.title_en),
        found.points.get(),
    );
    Some(found.points)
}

pub(super) fn check(states: &[State], max: Option<Points>) -> Vec<RuleFault> {
    let mut faults = Vec::new();
    for (place, state) in states.iter().enumerate() {
        let mut before = states.iter().take(place);
        if let Some(same) =
            before.find(|same| same.title == state.title || same.title_en == state.title_en)
        {
            faults.push(RuleFault::StateTwice { title: same.title.clone() });
        }
        if let Some(same) = states.iter().take(place).find(|same| same.points == state.points) {
            let (title, other) = (state.title.clone(), same.title.clone());
            faults.push(RuleFault::StatesAlike { title, other, points: state.points });
        }
    }
    faults.extend(fault::of_points(states.iter().map(|state| state.points), max));
    faults
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    fn state(title: &str, points: &str) -> State {
        let title_en = title.to_uppercase();
        State { title: title.to_owned(), title_en, points: points.parse().unwrap() }
    }

    fn published() -> Vec<State> {
        vec![state("kịp thời", "1"), state("không kịp thời", "0.5"), state("không ban hành", "0")]
    }

    fn found(rule: &Rule, points: &str) -> (Option<Points>, String) {
        let input = Input::Assessed { points: points.parse().unwrap() };
        let derivation = rule.evaluate(Some("1".parse().unwrap()), &input);
        (derivation.points, derivation.steps.last().unwrap().what.to_string())
    }

    #[test]
    fn the_points_say_the_state_and_the_derivation_names_it() {
        let rule = Rule::States { states: published() };

        assert_eq!(rule.check(Some("1".parse().unwrap())), []);
        assert_eq!(
            found(&rule, "0.5"),
            (Some("0.5".parse().unwrap()), "Kết quả xác định: không kịp thời".to_owned())
        );
        assert_eq!(found(&rule, "0").0, Some(Points::ZERO));
        assert_eq!(found(&rule, "0.7").0, None);
    }

    #[test]
    fn yes_gives_the_maximum_no_nothing_and_between_there_is_nothing() {
        assert_eq!(found(&Rule::YesNo, "1").1, "Kết quả xác định: đạt");
        assert_eq!(found(&Rule::YesNo, "0").1, "Kết quả xác định: không đạt");
        assert_eq!(found(&Rule::YesNo, "0.5").0, None);
        assert_eq!(Rule::YesNo.check(None), [RuleFault::MaximumUnknown]);
        assert_eq!(Rule::Assessed.verdicts(None), []);
    }

    #[test]
    fn a_finding_reads_in_both_languages() {
        let verdicts = Rule::States { states: published() }.verdicts(None);

        let late = verdicts.get(1).unwrap();

        assert_eq!(late.vietnamese(), "không kịp thời: 0,5");
        assert_eq!(late.english(), "KHÔNG KỊP THỜI: 0.5");
    }

    #[test]
    fn one_title_in_either_language_is_enough_to_confuse_two_states() {
        let named = |title: &str, title_en: &str, points: &str| State {
            title: title.to_owned(),
            title_en: title_en.to_owned(),
            points: points.parse().unwrap(),
        };
        let twice = |title: &str| [RuleFault::StateTwice { title: title.to_owned() }];

        assert_eq!(check(&[named("a", "A", "1"), named("a", "B", "2")], None), twice("a"));
        assert_eq!(check(&[named("a", "A", "1"), named("b", "A", "2")], None), twice("a"));
        assert_eq!(check(&[named("a", "A", "1"), named("b", "B", "2")], None), []);
    }

    #[test]
    fn conditions_that_are_computed_leave_a_person_nothing_to_find() {
        let of = |condition: serde_json::Value| {
            let rule: Rule = serde_json::from_value(serde_json::json!({
                "kind": "conjunction",
                "variables": [{ "name": "n", "variable": "N", "measure": "count", "title": "",
                                "title_en": "" }],
                "conditions": [condition]
            }))
            .unwrap();
            rule.verdicts(Some("1".parse().unwrap())).len()
        };

        assert_eq!(
            of(serde_json::json!({ "title": "đủ", "title_en": "all", "when": "n >= 1" })),
            0
        );
        assert_eq!(of(serde_json::json!({ "title": "đủ", "title_en": "all" })), 2);
    }

    #[test]
    fn states_that_cannot_be_told_apart_are_faults() {
        let mut states = published();
        states.push(state("kịp thời", "0.5"));

        assert_eq!(
            check(&states, Some("2".parse().unwrap())),
            [
                RuleFault::StateTwice { title: "kịp thời".to_owned() },
                RuleFault::StatesAlike {
                    title: "kịp thời".to_owned(),
                    other: "không kịp thời".to_owned(),
                    points: "0.5".parse().unwrap(),
                },
                RuleFault::MaximumUnattainable {
                    best: "1".parse().unwrap(),
                    max: "2".parse().unwrap(),
                },
            ]
        );
        assert_eq!(check(&[], None), [RuleFault::Empty]);
    }
}
