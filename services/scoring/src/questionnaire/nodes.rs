//! Whether a question can count for its node, which only the edition that has the node can say.

use cchc_core::Collector;

use super::{Question, QuestionKind};
use crate::{catalogue::Node, rule::Rule};

/// Refuses answers of which the node could not say what they are worth.
///
/// A rule of options weighs answers by name, whatever the question: each must be one of the rule's. Any
/// other rule counts answers, so each option of a single choice must say whether it does. A number has no
/// answers to weigh, and is refused for that already. Reason: `OPTION_WITHOUT_WEIGHT`.
pub fn check_node(c: &mut Collector, question: &Question, node: &Node) {
    let is_weighed = |place: usize, name: &str| match &node.rule {
        Some(Rule::Options { options }) => options.iter().any(|weighed| weighed.option == name),
        _ => question.options.get(place).is_none_or(|option| option.counts.is_some()),
    };
    let is_choice = question.kind == QuestionKind::SingleChoice;
    if !is_choice && !matches!(node.rule, Some(Rule::Options { .. })) {
        return;
    }
    for (place, name) in question.answer_names().iter().enumerate() {
        if !is_weighed(place, name) {
            let node = &node.code;
            let field = if is_choice { format!("options[{place}]") } else { "kind".to_owned() };
            c.refuse(
                &field,
                "OPTION_WITHOUT_WEIGHT",
                format!("the option {name} must say whether it counts, or be one of the options that the rule of node {node} weighs"),
                format!("phương án {name} phải nêu có được tính hay không, hoặc là một phương án có trọng số trong quy tắc của mục {node}"),
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
