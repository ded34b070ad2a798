//! A node that citizens are asked about and that those who are judged score themselves.
//!
//! What a survey measures is not self-assessed (the ministry scores survey items itself): a rule on
//! assessed points or a variable that units report contradicts the source.

use super::{Finding, FindingKind, case::Case};
use crate::{
    catalogue::{Index, Node, Source},
    rule::Rule,
};

pub(super) fn find(case: &Case) -> Vec<Finding> {
    case.nodes().filter_map(|(index, node)| self_scored(case, index, node)).collect()
}

fn self_scored(case: &Case, index: &Index, node: &Node) -> Option<Finding> {
    if node.source != Source::Survey {
        return None;
    }
    let by = match (&node.variable, &node.rule) {
        (Some(variable), _) => variable.to_string(),
        (None, Some(Rule::Assessed | Rule::YesNo | Rule::States { .. })) => "assessed".to_owned(),
        (None, _) => return None,
    };
    let id = index.id(&node.code);
    let (title, title_en) = case.titles(&id);
    let message =
        format!("{title}: nguồn điểm là điều tra xã hội học nhưng lại do đơn vị tự chấm ({by})");
    let message_en = format!("{title_en}: a survey is its source, yet units score it ({by})");
    let mut finding = Finding::new(FindingKind::SurveySelfScored, &id, message, message_en)
        .stated_in(&node.reference);
    finding.stated = Some(by);
    Some(finding.at([id]))
}

#[cfg(test)]
mod tests {
    use super::super::sample::{found_of, node};
    use super::*;

    #[test]
    fn survey_nodes_that_units_score_are_found() {
        let found = found_of(FindingKind::SurveySelfScored, |_, index| {
            node(index, "1").source = Source::Survey;
            node(index, "2").source = Source::Survey;
        });

        let said = found.iter().map(|f| (f.subject.as_str(), f.stated.as_deref()));
        let expected = [("T-2018/1", Some("assessed")), ("T-2018/2", Some("DOSSIERS"))];
        assert_eq!(said.collect::<Vec<_>>(), expected);
    }
}
