//! What became of nodes from one edition to another, what editions differ in, and a node over the
//! years. Whether a crosswalk speaks of every node is the science's to say; here it is only read.

use cchc_core::Collector;
use cchc_scoring::{
    catalogue::{Crosswalk, Link, LinkKind},
    edition::{EditionDiff, IndexField, NodeDiff, NodeField, VariableDiff, VariableField},
    series::{Basis, Break, BreakKind, Chain, ChainLink, Entry, Series, Step},
};

use super::{
    limits,
    parts::{choices, codes, list, optional_text, text},
};
use crate::registry::v1 as pb;

choices! {
    /// Reads what became of a node.
    link_kind: pb::crosswalk::link::Kind => LinkKind { Same, Rescaled, Split, Merged, Dropped, New }
    /// Reads a field of an index.
    index_field: pb::index_diff::IndexField => IndexField {
        Year, Family, Title, TitleEn, Unit, Provenance, Reference, Letters
    }
    /// Reads a field of a node.
    node_field: pb::index_diff::NodeField => NodeField {
        Code, Title, TitleEn, Max, Composition, Source, Rule, Variable, Lead, Coordinating, Reference,
        Evidence, Periods, NotApplicable, SurveyNotHeld
    }
    /// Reads a field of a variable.
    variable_field: pb::index_diff::VariableField => VariableField {
        Title, TitleEn, Measure, Numerator, Denominator, Reporters, Collection, WindowStartDay,
        Missing
    }
    /// Reads where a value of a series comes from.
    basis: pb::series::Basis => Basis { Given, Published, Stated }
    /// Reads on which ground two values may be compared.
    chain_link: pb::series::chain::Link => ChainLink { SameEdition, Same, Rescaled }
    /// Reads why two values must not be compared.
    break_kind: pb::series::r#break::Kind => BreakKind { Split, Merged, Dropped, New, Unmapped }
}

impl From<&Crosswalk> for pb::Crosswalk {
    fn from(crosswalk: &Crosswalk) -> Self {
        Self {
            code: crosswalk.code.to_string(),
            from_index_code: crosswalk.from.to_string(),
            to_index_code: crosswalk.to.to_string(),
            title: crosswalk.title.clone(),
            title_en: crosswalk.title_en.clone(),
            reference: crosswalk.reference.clone(),
            links: crosswalk.links.iter().map(Into::into).collect(),
        }
    }
}

impl From<&Link> for pb::crosswalk::Link {
    fn from(link: &Link) -> Self {
        Self {
            kind: pb::crosswalk::link::Kind::from(link.kind).into(),
            from_node_codes: link.from.iter().map(ToString::to_string).collect(),
            to_node_codes: link.to.iter().map(ToString::to_string).collect(),
            reason: link.reason.clone(),
        }
    }
}

/// Reads a crosswalk.
pub fn crosswalk(c: &mut Collector, message: pb::Crosswalk) -> Option<Crosswalk> {
    let pb::Crosswalk { code, from_index_code, to_index_code, title, title_en, reference, links } =
        message;
    let code = c.parse("code", &code);
    let from = c.parse("from_index_code", &from_index_code);
    let to = c.parse("to_index_code", &to_index_code);
    let title = text::<{ limits::TITLE }>(c, "title", &title);
    let title_en = text::<{ limits::TITLE }>(c, "title_en", &title_en);
    let reference = text::<{ limits::REFERENCE }>(c, "reference", &reference);
    let links = list(c, "links", 2 * limits::NODES, links, link);
    Some(Crosswalk {
        code: code?,
        from: from?,
        to: to?,
        title: title?,
        title_en: title_en?,
        reference: reference?,
        links: links?,
    })
}

fn link(c: &mut Collector, message: pb::crosswalk::Link) -> Option<Link> {
    let pb::crosswalk::Link { kind, from_node_codes, to_node_codes, reason } = message;
    let kind = link_kind(c, "kind", kind);
    let from = codes(c, "from_node_codes", limits::NODES, from_node_codes);
    let to = codes(c, "to_node_codes", limits::NODES, to_node_codes);
    let reason = optional_text::<{ limits::REFERENCE }>(c, "reason", &reason);
    Some(Link { kind: kind?, from: from?, to: to?, reason: reason? })
}

impl From<&EditionDiff> for pb::IndexDiff {
    fn from(diff: &EditionDiff) -> Self {
        let fields = diff.fields.iter();
        Self {
            fields: fields.map(|f| pb::index_diff::IndexField::from(*f).into()).collect(),
            nodes: diff.nodes.iter().map(Into::into).collect(),
            variables: diff.variables.iter().map(Into::into).collect(),
        }
    }
}

impl From<&NodeDiff> for pb::index_diff::NodeDiff {
    fn from(node: &NodeDiff) -> Self {
        let fields = node.fields.iter();
        Self {
            from: node.from.as_ref().map(Into::into),
            to: node.to.as_ref().map(Into::into),
            fields: fields.map(|f| pb::index_diff::NodeField::from(*f).into()).collect(),
        }
    }
}

impl From<&VariableDiff> for pb::index_diff::VariableDiff {
    fn from(variable: &VariableDiff) -> Self {
        let fields = variable.fields.iter();
        Self {
            from: variable.from.as_ref().map(Into::into),
            to: variable.to.as_ref().map(Into::into),
            fields: fields.map(|f| pb::index_diff::VariableField::from(*f).into()).collect(),
        }
    }
}

impl From<&Series> for pb::Series {
    fn from(series: &Series) -> Self {
        Self {
            entries: series.entries.iter().map(Into::into).collect(),
            ended: series.ended.as_ref().map(Into::into),
        }
    }
}

impl From<&Entry> for pb::series::Entry {
    fn from(entry: &Entry) -> Self {
        let known = entry.known.as_ref();
        let basis = known.map(|known| pb::series::Basis::from(known.basis));
        Self {
            node_id: entry.node.to_string(),
            year: entry.year.get(),
            max: entry.max.map(Into::into),
            points: known.and_then(|known| known.points).map(Into::into),
            basis: basis.unwrap_or_default().into(),
            reference: known.map(|known| known.reference.clone()).unwrap_or_default(),
            ratio_percent: entry.ratio.map(Into::into),
            step: match &entry.step {
                Step::First => None,
                Step::Chained(chain) => Some(pb::series::entry::Step::Chained(chain.into())),
                Step::Break(why) => Some(pb::series::entry::Step::Broken(why.into())),
            },
        }
    }
}

impl From<&Chain> for pb::series::Chain {
    fn from(chain: &Chain) -> Self {
        Self {
            link: pb::series::chain::Link::from(chain.link).into(),
            crosswalk_code: chain.crosswalk.as_ref().map(ToString::to_string).unwrap_or_default(),
            has_changed_parts: chain.parts_changed,
            points_change: chain.points_change.map(Into::into),
            ratio_change: chain.ratio_change.map(Into::into),
        }
    }
}

impl From<&Break> for pb::series::Break {
    fn from(why: &Break) -> Self {
        Self {
            kind: pb::series::r#break::Kind::from(why.kind).into(),
            crosswalk_code: why.crosswalk.as_ref().map(ToString::to_string).unwrap_or_default(),
            node_ids: why.nodes.iter().map(ToString::to_string).collect(),
            reason: why.reason.clone(),
        }
    }
}
