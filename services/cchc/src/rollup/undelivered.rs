//! Tasks that serve a node and are not delivered, in a sentence.

use cchc_proto::{
    common::v1::Decimal,
    reporting::v1::{NodeRollup, Undelivered},
};

use crate::say::Lang;

/// What is not delivered of a whole index, and of every node below it at which something is at risk.
pub(super) fn line(node: &NodeRollup, lang: Lang) -> Option<String> {
    let of = node.undelivered.as_ref()?;
    let is_told = node.depth == 0 || of.at_risk_task_count > 0;
    is_told.then(|| format!(" • {}: {}", node.title, sentence(of, lang)))
}

fn sentence(of: &Undelivered, lang: Lang) -> String {
    let points = |of: Option<&Decimal>| {
        let figure = of.map(|of| lang.figure(&of.value)).filter(|figure| figure != "0");
        figure.map_or_else(String::new, |figure| match lang {
            Lang::Vi => format!(" ({figure} điểm dự kiến)"),
            Lang::En => format!(" ({figure} points expected)"),
        })
    };
    let (at_risk, outstanding) =
        (points(of.at_risk_points.as_ref()), points(of.outstanding_points.as_ref()));
    let (risky, open, unstated) =
        (of.at_risk_task_count, of.outstanding_task_count, of.unstated_task_count);
    match lang {
        Lang::Vi => format!(
            "{risky} nhiệm vụ có nguy cơ{at_risk}, {open} chưa đến hạn{outstanding}; {unstated} chưa nêu điểm dự kiến"
        ),
        Lang::En => format!(
            "{risky} tasks at risk{at_risk}, {open} outstanding{outstanding}; {unstated} without expected points"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(depth: i32, at_risk: i32) -> NodeRollup {
        let undelivered = Undelivered {
            at_risk_task_count: at_risk,
            outstanding_task_count: 3,
            unstated_task_count: 2,
            at_risk_points: Some(Decimal { value: "0.25".to_owned() }),
            outstanding_points: Some(Decimal { value: "0".to_owned() }),
        };
        let title = "Hiện đại hóa".to_owned();
        NodeRollup { depth, title, undelivered: Some(undelivered), ..NodeRollup::default() }
    }

    #[test]
    fn a_node_at_risk_says_so_and_one_that_is_only_open_does_not() {
        assert_eq!(
            line(&node(1, 1), Lang::Vi).as_deref(),
            Some(
                " • Hiện đại hóa: 1 nhiệm vụ có nguy cơ (0,25 điểm dự kiến), 3 chưa đến hạn; 2 chưa nêu điểm dự kiến"
            )
        );
        assert_eq!(line(&node(1, 0), Lang::Vi), None);
        assert!(line(&node(0, 0), Lang::En).is_some_and(|line| line.contains("3 outstanding;")));
        assert_eq!(line(&NodeRollup::default(), Lang::En), None);
    }
}
