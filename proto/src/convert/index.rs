//! An edition of an index, and what makes its list of nodes a tree.
//!
//! The tree is checked while it is read, on the codes as they came: a node that is refused for
//! another reason still is the parent of its children, so one fault is told once.

use std::collections::BTreeSet;

use cchc_core::{Collector, NodeCode, WindowStart};
use cchc_scoring::{
    catalogue::{Composition, Index, Measure, Node, NodePeriod, Provenance, Source, Variable},
    rule::{NotApplicable, SurveyNotHeld},
    variable::{Collection, Missing},
};

use super::{
    limits,
    parts::{choices, codes, distinct, list, optional_part, optional_text, part, text},
    results::letters,
    rule::rule,
    unit::unit_selector,
    values::{optional_points, year},
};
use crate::registry::v1 as pb;

choices! {
    /// Reads how far a definition may be shown as official.
    provenance: pb::index::Provenance => Provenance { Official, StatedInPlan, Own }
    /// Reads where the score of a node with children comes from.
    composition: pb::node::Composition => Composition { Sum, Own }
    /// Reads who scores a node.
    source: pb::node::Source => Source {
        SelfAssessed, Administrative, Survey, External, Children
    }
    /// Reads what becomes of a node whose subject did not arise.
    not_applicable: pb::node::NotApplicable => NotApplicable { FullMarks, OutOfDenominator }
    /// Reads what becomes of a node while no survey is held.
    survey_not_held: pb::node::SurveyNotHeld => SurveyNotHeld { Pending, Renormalise }
    /// Reads a part of the year in which a node is assessed.
    node_period: pb::node::Period => NodePeriod { Quarter, SixMonths, NineMonths, Year }
    /// Reads what is reported for a variable.
    measure: pb::variable::Measure => Measure { Share, Count, Growth }
    /// Reads how the reports of a year make one figure.
    named_collection: pb::variable::Collection => Collection {
        WholeYear, Latest, Cumulative, Periodic
    }
    /// Reads what becomes of a unit whose reports do not reach the end of the year.
    named_missing: pb::variable::Missing => Missing { Partial, Withheld }
}

impl From<&Index> for pb::Index {
    fn from(index: &Index) -> Self {
        Self {
            code: index.code.to_string(),
            year: index.year.get(),
            family: index.family.clone(),
            title: index.title.clone(),
            title_en: index.title_en.clone(),
            unit: index.unit.clone(),
            provenance: pb::index::Provenance::from(index.provenance).into(),
            reference: index.reference.clone(),
            nodes: index.nodes.iter().map(Into::into).collect(),
            variables: index.variables.iter().map(Into::into).collect(),
            letters: index.letters.iter().map(Into::into).collect(),
        }
    }
}

impl From<&Node> for pb::Node {
    fn from(node: &Node) -> Self {
        Self {
            code: node.code.to_string(),
            title: node.title.clone(),
            title_en: node.title_en.clone(),
            max: node.max.map(Into::into),
            composition: pb::node::Composition::from(node.composition).into(),
            source: pb::node::Source::from(node.source).into(),
            rule: node.rule.as_ref().map(Into::into),
            variable_code: node.variable.as_ref().map(ToString::to_string).unwrap_or_default(),
            lead_unit_code: node.lead.as_ref().map(ToString::to_string).unwrap_or_default(),
            coordinating_unit_codes: node.coordinating.iter().map(ToString::to_string).collect(),
            reference: node.reference.clone(),
            not_applicable: node
                .not_applicable
                .map_or_else(Default::default, pb::node::NotApplicable::from)
                .into(),
            survey_not_held: pb::node::SurveyNotHeld::from(node.survey_not_held).into(),
            evidence: node.evidence.clone(),
            periods: node.periods.iter().map(|p| pb::node::Period::from(*p).into()).collect(),
        }
    }
}

impl From<&Variable> for pb::Variable {
    fn from(variable: &Variable) -> Self {
        Self {
            code: variable.code.to_string(),
            title: variable.title.clone(),
            title_en: variable.title_en.clone(),
            measure: pb::variable::Measure::from(variable.measure).into(),
            numerator: variable.numerator.clone(),
            denominator: variable.denominator.clone().unwrap_or_default(),
            reporters: Some((&variable.reporters).into()),
            collection: pb::variable::Collection::from(variable.collection).into(),
            window_start_day: i32::from(variable.window_start_day.get()),
            missing: pb::variable::Missing::from(variable.missing).into(),
        }
    }
}

/// Reads an index: a tree under `0` whose variables are all defined. Its nodes come out in the order
/// of their codes, whatever order they came in, so that equal indices are equal.
pub fn index(c: &mut Collector, message: pb::Index) -> Option<Index> {
    let pb::Index {
        code,
        year: of,
        family,
        title,
        title_en,
        unit,
        provenance: from,
        reference,
        nodes,
        variables,
        letters: bands,
    } = message;
    let code = c.parse("code", &code);
    let year = year(c, "year", of);
    let family = text::<{ limits::WORD }>(c, "family", &family);
    let title = text::<{ limits::TITLE }>(c, "title", &title);
    let title_en = text::<{ limits::TITLE }>(c, "title_en", &title_en);
    let unit = text::<{ limits::WORD }>(c, "unit", &unit);
    let provenance = provenance(c, "provenance", from);
    let reference = text::<{ limits::REFERENCE }>(c, "reference", &reference);
    let letters = letters(c, bands);
    let (nodes, variables) = tree(c, nodes, variables)?;
    Some(Index {
        code: code?,
        year: year?,
        family: family?,
        title: title?,
        title_en: title_en?,
        unit: unit?,
        provenance: provenance?,
        reference: reference?,
        nodes,
        variables,
        letters: letters?,
    })
}

fn tree(
    c: &mut Collector,
    nodes: Vec<pb::Node>,
    variables: Vec<pb::Variable>,
) -> Option<(Vec<Node>, Vec<Variable>)> {
    let mut known = Known::of(&nodes, &variables);
    known.check_root(c);
    let nodes = list(c, "nodes", limits::NODES, nodes, |c, message| {
        known.check(c, &message);
        node(c, message)
    });
    let mut seen = BTreeSet::new();
    let variables = list(c, "variables", limits::VARIABLES, variables, |c, message| {
        distinct(c, "code", &mut seen, &message.code);
        variable(c, message)
    });
    let mut nodes = nodes?;
    nodes.sort_by(|one, other| one.code.cmp(&other.code));
    Some((nodes, variables?))
}

/// The names that the parts of an index may point at.
struct Known {
    nodes: BTreeSet<String>,
    variables: BTreeSet<String>,
    seen: BTreeSet<String>,
}

impl Known {
    fn of(nodes: &[pb::Node], variables: &[pb::Variable]) -> Self {
        Self {
            nodes: nodes.iter().map(|node| node.code.clone()).collect(),
            variables: variables.iter().map(|variable| variable.code.clone()).collect(),
            seen: BTreeSet::new(),
        }
    }

    fn check_root(&self, c: &mut Collector) {
        if !self.nodes.contains(NodeCode::ROOT) {
            let english = "must hold the whole index as node 0";
            c.refuse("nodes", "ROOT_MISSING", english, "phải có mục 0 là toàn bộ bộ chỉ số");
        }
    }

    fn check(&mut self, c: &mut Collector, node: &pb::Node) {
        distinct(c, "code", &mut self.seen, &node.code);
        // A missing root is told once, not once for each of its children.
        let parent = node.code.parse().ok().and_then(|code: NodeCode| code.parent());
        if let Some(parent) = parent
            && !parent.is_root()
            && !self.nodes.contains(parent.as_str())
        {
            let english = format!("needs the node above it, {parent}");
            c.refuse("code", "PARENT_MISSING", english, format!("thiếu mục cấp trên {parent}"));
        }
        if !node.variable_code.is_empty() && !self.variables.contains(&node.variable_code) {
            let english = "must be one of the variables of the index";
            let vietnamese = "phải là một trong các biến của bộ chỉ số";
            c.refuse("variable_code", "VARIABLE_UNKNOWN", english, vietnamese);
        }
    }
}

/// Reads a node by itself; its place in the tree is for [`index`] to check.
pub fn node(c: &mut Collector, message: pb::Node) -> Option<Node> {
    let pb::Node {
        code,
        title,
        title_en,
        max,
        composition: sum,
        source: by,
        rule: scored,
        variable_code,
        lead_unit_code,
        coordinating_unit_codes: units,
        reference,
        not_applicable: arose,
        survey_not_held: held,
        evidence,
        periods: when,
    } = message;
    let code = c.parse("code", &code);
    let title = text::<{ limits::TITLE }>(c, "title", &title);
    let title_en = text::<{ limits::TITLE }>(c, "title_en", &title_en);
    let max = optional_points(c, "max", max);
    let composition = composition(c, "composition", sum);
    let source = source(c, "source", by);
    let rule = optional_part(c, "rule", scored, rule);
    let variable = c.parse_optional("variable_code", &variable_code);
    let lead = c.parse_optional("lead_unit_code", &lead_unit_code);
    let coordinating = codes(c, "coordinating_unit_codes", limits::UNITS, units);
    let reference = optional_text::<{ limits::REFERENCE }>(c, "reference", &reference);
    // Zero is what editions written before there were these flags have.
    let not_applicable = match arose {
        0 => Some(None),
        arose => not_applicable(c, "not_applicable", arose).map(Some),
    };
    let survey_not_held = match held {
        0 => Some(SurveyNotHeld::Pending),
        held => survey_not_held(c, "survey_not_held", held),
    };
    let evidence = optional_text::<{ limits::REFERENCE }>(c, "evidence", &evidence);
    let periods = periods(c, when);
    Some(Node {
        code: code?,
        title: title?,
        title_en: title_en?,
        max: max?,
        composition: composition?,
        source: source?,
        rule: rule?,
        variable: variable?,
        lead: lead?,
        coordinating: coordinating?,
        reference: reference?,
        not_applicable: not_applicable?,
        survey_not_held: survey_not_held?,
        evidence: evidence?,
        periods: periods?,
    })
}

/// Reads when a node is assessed: in the order of the year, whatever order it came in.
fn periods(c: &mut Collector, when: Vec<i32>) -> Option<Vec<NodePeriod>> {
    let mut seen = BTreeSet::new();
    let mut periods = list(c, "periods", limits::PERIODS, when, |c, number| {
        distinct(c, "", &mut seen, &number.to_string());
        node_period(c, "", number)
    })?;
    periods.sort_unstable();
    Some(periods)
}

/// Reads a variable. A share is out of something and a growth is over something; a count has no
/// denominator.
pub fn variable(c: &mut Collector, message: pb::Variable) -> Option<Variable> {
    let pb::Variable {
        code,
        title,
        title_en,
        measure: of,
        numerator,
        denominator,
        reporters,
        collection: by,
        window_start_day: day,
        missing: gaps,
    } = message;
    let code = c.parse("code", &code);
    let title = text::<{ limits::TITLE }>(c, "title", &title);
    let title_en = text::<{ limits::TITLE }>(c, "title_en", &title_en);
    let measure = measure(c, "measure", of);
    let numerator = text::<{ limits::TITLE }>(c, "numerator", &numerator);
    let denominator = match measure {
        Some(Measure::Count) => no_denominator(c, &denominator),
        // Of an unknown measure it cannot be said whether one is missing.
        None => None,
        Some(Measure::Share | Measure::Growth) => {
            text::<{ limits::TITLE }>(c, "denominator", &denominator).map(Some)
        }
    };
    let reporters = part(c, "reporters", reporters, unit_selector);
    let collection = defaulted(c, "collection", by, named_collection);
    let window_start_day = window_start(c, day);
    let missing = defaulted(c, "missing", gaps, named_missing);
    Some(Variable {
        code: code?,
        title: title?,
        title_en: title_en?,
        measure: measure?,
        numerator: numerator?,
        denominator: denominator?,
        reporters: reporters?,
        collection: collection?,
        window_start_day: window_start_day?,
        missing: missing?,
    })
}

/// Reads a named value that editions did not have at first: unspecified is what they meant.
fn defaulted<T: Default>(
    c: &mut Collector,
    field: &str,
    number: i32,
    read: impl FnOnce(&mut Collector, &str, i32) -> Option<T>,
) -> Option<T> {
    if number == 0 { Some(T::default()) } else { read(c, field, number) }
}

fn window_start(c: &mut Collector, day: i32) -> Option<WindowStart> {
    if day == 0 {
        return Some(WindowStart::CALENDAR);
    }
    let start = WindowStart::new(day);
    if start.is_err() {
        let english = "must be a day of the month from 1 to 28";
        let vietnamese = "phải là một ngày trong tháng, từ 1 đến 28";
        c.refuse("window_start_day", "OUT_OF_RANGE", english, vietnamese);
    }
    start.ok()
}

#[expect(clippy::option_option, reason = "refused, absent and present are three things")]
fn no_denominator(c: &mut Collector, text: &str) -> Option<Option<String>> {
    if text.is_empty() {
        return Some(None);
    }
    let english = "must be empty for a count";
    c.refuse("denominator", "DENOMINATOR_UNEXPECTED", english, "phép đếm không có mẫu số");
    None
}
