//! Findings beside the rollup: small numbers at the nodes, the sentences below.

use cchc_proto::{
    registry::v1::{Acknowledgement, Finding},
    reporting::v1::{IndexRollup, NodeRollup},
};

use crate::{plan::findings::acknowledgement, say::Lang};

/// The findings of one index, numbered in their order.
#[derive(Debug)]
pub(super) struct Marks<'a> {
    findings: Vec<&'a Finding>,
}

impl<'a> Marks<'a> {
    /// Takes the findings that are about a node of the index.
    pub(super) fn new(index: &IndexRollup, findings: &'a [Finding]) -> Self {
        let is_here =
            |finding: &&Finding| index.nodes.iter().any(|node| node.node_id == finding.subject);
        Self { findings: findings.iter().filter(is_here).collect() }
    }

    /// The small numbers of a node: `¹ ⁴`.
    pub(super) fn of(&self, node: &NodeRollup) -> String {
        let numbered = self.findings.iter().zip(1..);
        let own = numbered.filter(|(finding, _)| finding.subject == node.node_id);
        own.map(|(_, number)| superscript(number)).collect::<Vec<_>>().join(" ")
    }

    /// The sentences, one a line.
    pub(super) fn lines(
        &self,
        acknowledgements: &[Acknowledgement],
        lang: Lang,
    ) -> impl Iterator<Item = String> {
        self.findings.iter().zip(1..).map(move |(finding, number)| {
            format!(" {} {}", superscript(number), sentence(finding, acknowledgements, lang))
        })
    }
}

/// A finding in one line: what it says, where, and who acknowledged it.
pub(super) fn sentence(
    finding: &Finding,
    acknowledgements: &[Acknowledgement],
    lang: Lang,
) -> String {
    let message = lang.t(&finding.message, &finding.message_en);
    let reference = match finding.reference.as_str() {
        "" => String::new(),
        reference => format!(" [{reference}]"),
    };
    let said = acknowledgements.iter().find(|said| said.finding_id == finding.finding_id);
    let said = said.map(|said| format!(" {}", acknowledgement(said, lang))).unwrap_or_default();
    format!("{message}{reference}{said}")
}

/// Findings that belong to no index: tasks, deadlines, numbering.
pub(super) fn elsewhere<'a>(
    indices: &'a [IndexRollup],
    findings: &'a [Finding],
) -> impl Iterator<Item = &'a Finding> {
    findings.iter().filter(|finding| {
        let mut nodes = indices.iter().flat_map(|index| &index.nodes);
        !nodes.any(|node| node.node_id == finding.subject)
    })
}

fn superscript(number: u32) -> String {
    let digits = number.to_string();
    let raised = digits.bytes().map(|digit| match digit {
        b'1' => '¹',
        b'2' => '²',
        b'3' => '³',
        b'4' => '⁴',
        b'5' => '⁵',
        b'6' => '⁶',
        b'7' => '⁷',
        b'8' => '⁸',
        b'9' => '⁹',
        _ => '⁰',
    });
    raised.collect()
}
