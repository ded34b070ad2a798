//! Whether a question can count for its node, which only the edition that has the node can say.

use cchc_core::Collector;

use super::{Question, QuestionKind};
use crate::{catalogue::Node, rule::Rule};

/// Refuses options of a single choice of which the node could not say what they are worth.
///
/// A rule of options weighs them by name: each must be one of the rule's. Any other rule counts answers,
/// so each option must say whether it does. Reason: `OPTION_WITHOUT_WEIGHT`.
pub fn check_node(c: &mut Collector, question: &Question, node: &Node) {
    if question.kind != QuestionKind::SingleChoice {
        return;
    }
    for (place, option) in question.options.iter().enumerate() {
        let is_weighed = match &node.rule {
            Some(Rule::Options { options }) => {
                options.iter().any(|weighed| weighed.option == option.code.as_str())
            }
            _ => option.counts.is_some(),
        };
        if !is_weighed {
            let (code, node) = (&option.code, &node.code);
            c.refuse(
                &format!("options[{place}]"),
                "OPTION_WITHOUT_WEIGHT",
                format!("the option {code} must say whether it counts, or be one of the options that the rule of node {node} weighs"),
                format!("phương án {code} phải nêu có được tính hay không, hoặc là một phương án có trọng số trong quy tắc của mục {node}"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use cchc_core::Violations;
    use serde_json::{Value, json};

    use super::*;

    /// Which options of a question are refused for a node of such a rule.
    fn refused(kind: &str, counts: [Option<bool>; 2], rule: &Value) -> Vec<(String, &'static str)> {
        let option = |code: &str, counts: Option<bool>| json!({ "code": code, "text": code, "counts": counts });
        let [one, other] = counts;
        let question = json!({ "code": "Q", "text": "?", "kind": kind,
                               "options": [option("A", one), option("B", other)] });
        let node =
            json!({ "code": "1", "title": "", "title_en": "", "source": "survey", "rule": rule });
        let mut c = Collector::new();

        let question: Question = serde_json::from_value(question).unwrap();
        check_node(&mut c, &question, &serde_json::from_value(node).unwrap());

        let refused = c.finish(Some(())).err();
        let violations = refused.iter().flat_map(Violations::as_slice);
        violations.map(|violation| (violation.path.clone(), violation.reason)).collect()
    }

    fn weighing(options: &[&str]) -> Value {
        let weighed = |option: &&str| json!({ "option": option, "title": "", "title_en": "", "percent": "50" });
        let options: Vec<Value> = options.iter().map(weighed).collect();
        json!({ "kind": "options", "options": options })
    }

    fn at(place: usize) -> (String, &'static str) {
        (format!("options[{place}]"), "OPTION_WITHOUT_WEIGHT")
    }

    #[test]
    fn a_rule_of_options_weighs_every_one_that_is_offered() {
        assert_eq!(refused("single-choice", [None, None], &weighing(&["A", "B", "C"])), []);
        assert_eq!(refused("single-choice", [None, None], &weighing(&["A", "C"])), [at(1)]);
        let counting = [Some(true), Some(false)];
        assert_eq!(refused("single-choice", counting, &weighing(&["C"])), [at(0), at(1)]);
    }

    #[test]
    fn under_any_other_rule_each_option_says_whether_it_counts() {
        for rule in [json!({ "kind": "share" }), json!(null)] {
            let counting = [Some(true), Some(false)];

            assert_eq!(refused("single-choice", counting, &rule), []);
            assert_eq!(refused("single-choice", [None, Some(true)], &rule), [at(0)]);
        }
    }

    #[test]
    fn a_scale_says_itself_what_counts() {
        assert_eq!(refused("yes-no", [None, None], &json!({ "kind": "share" })), []);
    }
}
