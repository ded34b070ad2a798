//! What one edition of an index changes against another, as data: every node that is new, gone or not
//! the same, with the fields that differ.
//!
//! This compares forms, not meanings. Two nodes are taken for one when code and title agree; then when
//! a title stands once on either side (the node has moved); then when the code agrees (it was renamed).
//! Whether a renamed node still measures the same is said by a person, in a
//! [`Crosswalk`](crate::catalogue::Crosswalk).

use std::collections::BTreeMap;

use crate::catalogue::{Index, Node, Variable};

/// Everything in which two editions differ.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EditionDiff {
    /// Fields of the index itself.
    pub fields: Vec<IndexField>,
    /// Nodes that differ, by their place in the later edition; what is gone stands at its old place.
    pub nodes: Vec<NodeDiff>,
    /// Variables that differ, by their code.
    pub variables: Vec<VariableDiff>,
}

impl EditionDiff {
    /// Whether the editions say the same, whatever they are called.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A node that is new (`from` is absent), gone (`to` is absent) or not the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeDiff {
    /// As it stands in the earlier edition.
    pub from: Option<Node>,
    /// As it stands in the later edition.
    pub to: Option<Node>,
    /// The fields that differ; empty when it is new or gone.
    pub fields: Vec<NodeField>,
}

/// A variable that is new (`from` is absent), gone (`to` is absent) or not the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariableDiff {
    /// As it stands in the earlier edition.
    pub from: Option<Variable>,
    /// As it stands in the later edition.
    pub to: Option<Variable>,
    /// The fields that differ; empty when it is new or gone.
    pub fields: Vec<VariableField>,
}

macro_rules! fields {
    (
        $(#[$doc:meta])* $name:ident of $whole:ident by $compare:ident, not { $($same:ident),* }:
        $($(#[$what:meta])* $variant:ident = $field:ident;)+
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$what])* $variant,)+ }

        impl $name {
            /// Every field, in the order of the contract.
            pub const ALL: [Self; [$(stringify!($field)),+].len()] = [$(Self::$variant),+];
        }

        /// Lists the fields that differ. Taken apart field by field, so that a field added to the
        /// catalogue does not compile until somebody has said what a change of it is called.
        fn $compare(from: &$whole, to: &$whole) -> Vec<$name> {
            let $whole { $($field,)+ $($same: _,)* } = from;
            let mut differ = Vec::new();
            $(if *$field != to.$field { differ.push($name::$variant); })+
            differ
        }
    };
}

fields! {
    /// A field in which two editions may differ; their codes always do.
    IndexField of Index by of_index, not { code, nodes, variables }:
    /// The year assessed.
    Year = year;
    /// The family.
    Family = family;
    /// The Vietnamese title.
    Title = title;
    /// The English title.
    TitleEn = title_en;
    /// What scores are counted in.
    Unit = unit;
    /// How far it is official.
    Provenance = provenance;
    /// What it follows.
    Reference = reference;
    /// The letters by which provinces are grouped.
    Letters = letters;
}

fields! {
    /// A field in which a node may differ.
    NodeField of Node by of_node, not {}:
    /// Its place: the node has moved.
    Code = code;
    /// Its Vietnamese title: the node was renamed.
    Title = title;
    /// Its English title.
    TitleEn = title_en;
    /// Its maximum.
    Max = max;
    /// Where its score comes from when it has children.
    Composition = composition;
    /// Who scores it.
    Source = source;
    /// How it is scored.
    Rule = rule;
    /// What is measured for it.
    Variable = variable;
    /// Who leads it.
    Lead = lead;
    /// Who works with the lead.
    Coordinating = coordinating;
    /// Where the decision speaks of it.
    Reference = reference;
    /// What must be shown for it.
    Evidence = evidence;
    /// When it is assessed.
    Periods = periods;
    /// What it is worth when what it asks about did not arise.
    NotApplicable = not_applicable;
    /// What it is worth while no survey is held.
    SurveyNotHeld = survey_not_held;
}

fields! {
    /// A field in which a variable may differ.
    VariableField of Variable by of_variable, not { code }:
    /// Its Vietnamese title.
    Title = title;
    /// Its English title.
    TitleEn = title_en;
    /// What is reported.
    Measure = measure;
    /// What the numerator counts.
    Numerator = numerator;
    /// What the denominator counts.
    Denominator = denominator;
    /// Who reports it.
    Reporters = reporters;
    /// How its reports of a year make one figure.
    Collection = collection;
    /// On which day its windows start.
    WindowStartDay = window_start_day;
    /// What becomes of a unit whose reports do not reach the end of the year.
    Missing = missing;
}

/// Compares two editions.
#[must_use]
pub fn diff(from: &Index, to: &Index) -> EditionDiff {
    EditionDiff {
        fields: of_index(from, to),
        nodes: nodes(from, to),
        variables: variables(from, to),
    }
}

fn nodes(from: &Index, to: &Index) -> Vec<NodeDiff> {
    let mut found: Vec<NodeDiff> = pairs(from, to)
        .into_iter()
        .filter_map(|(before, after)| {
            let fields = match (before, after) {
                (Some(before), Some(after)) => of_node(before, after),
                _ => Vec::new(),
            };
            let is_same = before.is_some() && after.is_some() && fields.is_empty();
            (!is_same).then(|| NodeDiff { from: before.cloned(), to: after.cloned(), fields })
        })
        .collect();
    found.sort_by_key(|node| {
        let code = |node: &Option<Node>| node.as_ref().map(|node| node.code.clone());
        // At one place, what is gone stands before what came.
        (code(&node.to).or_else(|| code(&node.from)), node.to.is_some())
    });
    found
}

type Pair<'a> = (Option<&'a Node>, Option<&'a Node>);

/// Pairs the nodes of two editions; each stands in one pair, alone where nothing answers to it.
fn pairs<'a>(from: &'a Index, to: &'a Index) -> Vec<Pair<'a>> {
    let mut before: Vec<&Node> = from.nodes.iter().collect();
    let mut after: Vec<&Node> = to.nodes.iter().collect();
    let mut pairs = Vec::new();
    match_by(&mut before, &mut after, &mut pairs, |node| (node.code.to_string(), words(node)));
    match_by(&mut before, &mut after, &mut pairs, words);
    match_by(&mut before, &mut after, &mut pairs, |node| node.code.to_string());
    pairs.extend(before.into_iter().map(|node| (Some(node), None)));
    pairs.extend(after.into_iter().map(|node| (None, Some(node))));
    pairs
}

/// A title without what does not change it: case and spaces.
fn words(node: &Node) -> String {
    node.title.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Pairs what has one key, and only what has it alone on its side.
fn match_by<'a, K: Ord>(
    before: &mut Vec<&'a Node>,
    after: &mut Vec<&'a Node>,
    pairs: &mut Vec<Pair<'a>>,
    key: impl Fn(&Node) -> K,
) {
    let once = |nodes: &[&'a Node]| {
        let mut by_key: BTreeMap<K, Option<&'a Node>> = BTreeMap::new();
        for node in nodes {
            by_key.entry(key(node)).and_modify(|found| *found = None).or_insert(Some(node));
        }
        by_key
    };
    let later = once(after);
    for (key, node) in once(before) {
        if let (Some(one), Some(Some(other))) = (node, later.get(&key)) {
            pairs.push((Some(one), Some(other)));
            before.retain(|node| !std::ptr::eq(*node, one));
            after.retain(|node| !std::ptr::eq(*node, *other));
        }
    }
}

fn variables(from: &Index, to: &Index) -> Vec<VariableDiff> {
    let changed = from.variables.iter().filter_map(|before| {
        let after = to.variable(&before.code);
        let fields = after.map(|after| of_variable(before, after)).unwrap_or_default();
        let is_same = after.is_some() && fields.is_empty();
        let (from, to) = (Some(before.clone()), after.cloned());
        (!is_same).then_some(VariableDiff { from, to, fields })
    });
    let added = to.variables.iter().filter(|after| from.variable(&after.code).is_none());
    let added =
        added.map(|after| VariableDiff { from: None, to: Some(after.clone()), fields: Vec::new() });
    let mut found: Vec<VariableDiff> = changed.chain(added).collect();
    found.sort_by_key(|one| one.from.as_ref().or(one.to.as_ref()).map(|v| v.code.clone()));
    found
}

#[cfg(test)]
mod tests;
