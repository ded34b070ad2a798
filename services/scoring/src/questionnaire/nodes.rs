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
