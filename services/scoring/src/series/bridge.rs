//! From a node of one edition to what answers to it in the edition before and after.

use cchc_core::{CrosswalkCode, IndexCode, NodeCode, NodeId};

use super::{Break, BreakKind, Chain, ChainLink, Step};
use crate::catalogue::{Crosswalk, Index, Link, LinkKind};

/// A place on the way, and how it follows the place before.
type Stop<'a> = (&'a Index, NodeCode, Step);

/// What answers to a node in the next edition; a break may lead nowhere.
struct Bridge<'a> {
    to: Option<(&'a Index, NodeCode)>,
    step: Step,
}

/// Which way to look.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Towards {
    Earlier,
    Later,
}

/// Follows a node as far as it goes: its stops, the oldest first, and why it ends.
pub(super) fn follow<'a>(
    node: &NodeId,
    editions: &'a [Index],
    crosswalks: &'a [Crosswalk],
) -> Option<(Vec<Stop<'a>>, Option<Break>)> {
    let mut family = Family { crosswalks, editions: editions.iter().collect() };
    family.editions.sort_by(|one, other| (one.year, &one.code).cmp(&(other.year, &other.code)));
    let start = family.edition(&node.index)?;
    start.node(&node.node)?;
    let mut path = family.back(start, &node.node);
    let mut ended = None;
    let mut at = (start, node.node.clone());
    while let Some(bridge) = family.bridge(at.0, &at.1, Towards::Later) {
        match (bridge.to, bridge.step) {
            // Crosswalks that lead round in a circle are followed once.
            (Some((index, _)), _) if path.iter().any(|(seen, ..)| seen.code == index.code) => break,
            (Some(next), step) => {
                path.push((next.0, next.1.clone(), step));
                at = next;
            }
            (None, Step::Break(why)) => {
                ended = Some(why);
                break;
            }
            (None, _) => break,
        }
    }
    Some((path, ended))
}

struct Family<'a> {
    crosswalks: &'a [Crosswalk],
    editions: Vec<&'a Index>,
}

impl<'a> Family<'a> {
    fn edition(&self, code: &IndexCode) -> Option<&'a Index> {
        self.editions.iter().find(|index| index.code == *code).copied()
    }

    /// The stops up to a node, the oldest first.
    fn back(&self, start: &'a Index, node: &NodeCode) -> Vec<Stop<'a>> {
        let mut path: Vec<Stop<'a>> = Vec::new();
        let mut at = Some((start, node.clone()));
        while let Some((index, node)) = at.take() {
            let bridge = self.bridge(index, &node, Towards::Earlier);
            let (next, step) = bridge.map_or((None, Step::First), |b| (b.to, b.step));
            path.push((index, node, step));
            at = next.filter(|(next, _)| path.iter().all(|(seen, ..)| seen.code != next.code));
        }
        path.reverse();
        path
    }

    fn bridge(&self, at: &'a Index, node: &NodeCode, way: Towards) -> Option<Bridge<'a>> {
        let end = |crosswalk: &'a Crosswalk| match way {
            Towards::Earlier => (&crosswalk.to, &crosswalk.from),
            Towards::Later => (&crosswalk.from, &crosswalk.to),
        };
        let crosswalk = self.crosswalks.iter().rev().find_map(|crosswalk| {
            let (here, there) = end(crosswalk);
            let other = (*here == at.code).then(|| self.edition(there)).flatten()?;
            Some((crosswalk, other))
        });
        let Some((crosswalk, other)) = crosswalk else {
            return Some(unmapped(self.neighbour(at, way)?, node));
        };
        Some(mapped(crosswalk, at, other, node, way))
    }

    /// The edition of the nearest other year, where no crosswalk names one.
    fn neighbour(&self, at: &Index, way: Towards) -> Option<&'a Index> {
        match way {
            Towards::Earlier => {
                self.editions.iter().rev().find(|index| index.year < at.year).copied()
            }
            Towards::Later => self.editions.iter().find(|index| index.year > at.year).copied(),
        }
    }
}

/// Without a crosswalk nothing is compared. The whole and its dimensions stand beside each other,
/// ratio by ratio, for a person to judge; what lies below them is not even shown.
fn unmapped<'a>(other: &'a Index, node: &NodeCode) -> Bridge<'a> {
    let is_shown = node.depth() <= 1 && other.node(node).is_some();
    let nodes = if is_shown { vec![other.id(node)] } else { Vec::new() };
    let step = broken(BreakKind::Unmapped, None, nodes, String::new());
    Bridge { to: is_shown.then(|| (other, node.clone())), step }
}

fn mapped<'a>(
    crosswalk: &'a Crosswalk,
    at: &'a Index,
    other: &'a Index,
    node: &NodeCode,
    way: Towards,
) -> Bridge<'a> {
    let link = match way {
        Towards::Earlier => crosswalk.link_to(node),
        Towards::Later => crosswalk.link_from(node),
    };
    let Some(link) = link else { return unmapped(other, node) };
    let there = if way == Towards::Earlier { &link.from } else { &link.to };
    let ids = |codes: &[NodeCode]| codes.iter().map(|code| other.id(code)).collect::<Vec<_>>();
    let only = || match there.as_slice() {
        [one] if other.node(one).is_some() => Some((other, one.clone())),
        _ => None,
    };
    let code = Some(crosswalk.code.clone());
    let reason = link.reason.clone();
    let kind = match link.kind {
        LinkKind::Same | LinkKind::Rescaled => {
            return Bridge { to: only(), step: chained(crosswalk, link, at, other, way) };
        }
        LinkKind::Split => BreakKind::Split,
        LinkKind::Merged => BreakKind::Merged,
        LinkKind::Dropped | LinkKind::New if node.is_root() => {
            // The whole of an index always has a whole before and after it, though not the same.
            let to = other.node(node).map(|root| (other, root.code.clone()));
            let reason = regrown(crosswalk, node).unwrap_or(reason);
            return Bridge { to, step: broken(BreakKind::New, code, vec![other.id(node)], reason) };
        }
        LinkKind::Dropped => BreakKind::Dropped,
        LinkKind::New => BreakKind::New,
    };
    Bridge { to: only(), step: broken(kind, code, ids(there), reason) }
}

/// Why the whole is new: said the same from whichever side it is looked at.
fn regrown(crosswalk: &Crosswalk, root: &NodeCode) -> Option<String> {
    let reason = crosswalk.link_to(root).or_else(|| crosswalk.link_from(root))?.reason.clone();
    Some(reason).filter(|reason| !reason.is_empty())
}

fn broken(
    kind: BreakKind,
    crosswalk: Option<CrosswalkCode>,
    nodes: Vec<NodeId>,
    reason: String,
) -> Step {
    Step::Break(Break { kind, crosswalk, nodes, reason })
}

fn chained(crosswalk: &Crosswalk, link: &Link, at: &Index, other: &Index, way: Towards) -> Step {
    let is_same = link.kind == LinkKind::Same;
    let (from, to) = if way == Towards::Earlier { (other, at) } else { (at, other) };
    Step::Chained(Chain {
        crosswalk: Some(crosswalk.code.clone()),
        parts_changed: parts_changed(crosswalk, link, from, to),
        ..Chain::of(if is_same { ChainLink::Same } else { ChainLink::Rescaled })
    })
}

/// Whether what lies below a node on either side did not all go over with it, on the same terms.
fn parts_changed(crosswalk: &Crosswalk, link: &Link, from: &Index, to: &Index) -> bool {
    let ([before], [after]) = (link.from.as_slice(), link.to.as_slice()) else { return true };
    let keeps = |part: &Link| match link.kind {
        LinkKind::Same => part.kind == LinkKind::Same,
        _ => part.kind.keeps_meaning(),
    };
    let goes_over = |part: Option<&Link>| {
        part.is_some_and(|part| {
            keeps(part)
                && part.from.iter().all(|code| code.is_below(before))
                && part.to.iter().all(|code| code.is_below(after))
        })
    };
    let below = |index: &'_ Index, above: &NodeCode| -> Vec<NodeCode> {
        let codes = index.nodes.iter().map(|node| &node.code);
        codes.filter(|code| code.is_below(above)).cloned().collect()
    };
    let all_before = below(from, before).iter().all(|code| goes_over(crosswalk.link_from(code)));
    let all_after = below(to, after).iter().all(|code| goes_over(crosswalk.link_to(code)));
    !(all_before && all_after)
}
