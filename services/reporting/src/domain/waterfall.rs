//! What the gap between a sum's target and its score is made of, part by part, so that the parts add up to the gap.
//!
//! ```text
//! wanted − has  =  Σ (reference of a child − what it has)         each child, by its own target
//!               +  wanted − Σ references                          promised of the whole, of no part
//!               +  Σ what children have − the figure of the whole  where the whole was published
//!               +  the figure of the whole − the figure judged     where something is out of the denominator
//! ```
//!
//! A plan's targets need not add up (in 2018 those of PAPI come to 40.1 and not to 39): what they disagree by is a
//! part of its own, since no child can be blamed for it. Nothing is divided, so nothing is rounded.

use cchc_core::{Decimal, NodeId, Points};
use cchc_scoring::{
    catalogue::{Direction, Index, Node},
    target::start,
    tree::Score,
};

use super::{
    catalogue::{Edition, Scope},
    promise,
    sheet::Sheet,
};

/// What a gap is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Waterfall {
    /// The figure to reach.
    pub(crate) wanted: Decimal,
    /// The score that is judged; while it is unknown, what is certain of it.
    pub(crate) has: Decimal,
    /// What is missing; negative when exceeded. The parts add up to it.
    pub(crate) gap: Decimal,
    /// Whether the score is known; otherwise the gap is the most that can be missing.
    pub(crate) is_known: bool,
    pub(crate) parts: Vec<GapPart>,
}

/// A part of a gap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GapPart {
    pub(crate) cause: Cause,
    pub(crate) gap: Decimal,
}

/// What is to blame for a part of a gap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cause {
    /// A child of the node.
    Child(Box<Share>),
    /// The target of the whole is not that of its parts together.
    NotAllotted,
    /// The whole was published with another figure than its parts come to.
    OtherFigure,
    /// What is out of the denominator is scaled back in before the whole is judged.
    Scaled,
}

/// What a child contributes, beside what is asked of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Share {
    pub(crate) node: NodeId,
    pub(crate) title: String,
    /// By what it is measured; nothing is asked of a child without target and baseline.
    pub(crate) reference: Option<(Reference, Decimal)>,
    /// Its points; while the whole is unknown, what is certain of them.
    pub(crate) has: Decimal,
    /// Whether it has points.
    pub(crate) is_known: bool,
}

/// What a child is measured by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reference {
    /// Its own target.
    Target,
    /// Where it started from, since it has no target: it is to keep what it had.
    Baseline,
}

/// Takes the gap of a node apart; nothing of a node that is no sum, or of which no figure is promised.
pub(crate) fn of(
    scope: &Scope,
    (edition, node): (&Edition, &Node),
    sheet: &Sheet,
) -> Option<Waterfall> {
    let index = &edition.index;
    let target = scope.plan.target(&index.id(&node.code))?;
    if edition.is_scored(node) {
        return None;
    }
    let wanted = promised(scope, index, node)?;
    let whole = estimated(sheet, node);
    let is_known = whole.points.is_some();
    let shares: Vec<Share> = index
        .children(&node.code)
        .map(|child| share(scope, (index, child), estimated(sheet, child), is_known))
        .collect();
    let figure = if is_known { whole.points.unwrap_or_default().get() } else { whole.so_far.get() };
    let scaled = whole.renormalised(node.max).filter(|_| is_known).map_or(figure, Points::get);
    Some(taken_apart(target.direction, (wanted, figure, scaled), shares, is_known))
}

fn taken_apart(
    way: Direction,
    (wanted, figure, scaled): (Decimal, Decimal, Decimal),
    shares: Vec<Share>,
    is_known: bool,
) -> Waterfall {
    let short = |wanted: Decimal, has: Decimal| {
        let short = if way.is_up() { wanted - has } else { has - wanted };
        short.normalize()
    };
    let references: Decimal = shares.iter().map(Share::asked).sum();
    let children: Decimal = shares.iter().map(|share| share.has).sum();
    let beside = [
        (Cause::NotAllotted, short(wanted, references)),
        (Cause::OtherFigure, short(children, figure)),
        (Cause::Scaled, short(figure, scaled)),
    ];
    let beside = beside.into_iter().filter(|(_, gap)| !gap.is_zero());
    let children = shares.into_iter().map(|share| {
        let gap = short(share.asked(), share.has);
        (Cause::Child(Box::new(share)), gap)
    });
    Waterfall {
        wanted: wanted.normalize(),
        has: scaled.normalize(),
        gap: short(wanted, scaled),
        is_known,
        parts: children.chain(beside).map(|(cause, gap)| GapPart { cause, gap }).collect(),
    }
}

impl Share {
    /// What is asked of the child: no more than it has where nothing is.
    fn asked(&self) -> Decimal {
        self.reference.map_or(self.has, |(_, reference)| reference)
    }
}

fn share(
    scope: &Scope,
    (index, child): (&Index, &Node),
    present: Score,
    is_whole_known: bool,
) -> Share {
    let has = if is_whole_known { present.points.unwrap_or_default() } else { present.so_far };
    let target = promised(scope, index, child).map(|wanted| (Reference::Target, wanted));
    let baseline = || {
        let (points, _) = start(&scope.plan, index, &child.code)?;
        Some((Reference::Baseline, points.get()))
    };
    Share {
        node: index.id(&child.code),
        title: child.title.clone(),
        reference: target.or_else(baseline),
        has: has.get(),
        is_known: present.points.is_some(),
    }
}

/// The figure to reach that the plan promises of a node for the year.
pub(super) fn promised(scope: &Scope, index: &Index, node: &Node) -> Option<Decimal> {
    let target = scope.plan.target(&index.id(&node.code))?;
    let from = start(&scope.plan, index, &node.code).map(|(points, _)| points);
    promise::ground(index, node, target, from).wanted
}

fn estimated(sheet: &Sheet, node: &Node) -> Score {
    let estimate = sheet.scores.get(&node.code).and_then(|of| of.estimate);
    estimate.map_or(Score::UNKNOWN, |estimate| estimate.score)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use proptest::prelude::*;

    use super::*;

    fn decimal(thousandths: i64) -> Decimal {
        Decimal::new(thousandths, 3)
    }

    fn share(asked: Option<i64>, has: i64) -> Share {
        Share {
            node: "T-2018/1".parse().unwrap(),
            title: String::new(),
            reference: asked.map(|asked| (Reference::Target, decimal(asked))),
            has: decimal(has),
            is_known: true,
        }
    }

    fn parts(of: &Waterfall) -> Vec<String> {
        of.parts.iter().map(|part| part.gap.to_string()).collect()
    }

    #[test]
    fn targets_that_do_not_add_up_are_a_part_of_their_own() {
        let shares = vec![share(Some(6400), 5860), share(Some(6200), 5000), share(None, 5100)];

        let of = taken_apart(
            Direction::Up,
            (decimal(17_000), decimal(15_960), decimal(15_960)),
            shares,
            true,
        );

        assert_eq!(of.gap.to_string(), "1.04");
        assert_eq!(parts(&of), ["0.54", "1.2", "0", "-0.7"]);
        assert_eq!(of.parts.last().unwrap().cause, Cause::NotAllotted);
    }

    #[test]
    fn where_less_is_better_every_part_counts_the_other_way() {
        let shares = vec![share(Some(2000), 2500), share(Some(1000), 600)];

        let of = taken_apart(
            Direction::Down,
            (decimal(3000), decimal(3100), decimal(3100)),
            shares,
            true,
        );

        assert_eq!(
            (of.gap.to_string(), parts(&of)),
            ("0.1".to_owned(), vec!["0.5".to_owned(), "-0.4".to_owned()])
        );
    }

    proptest! {
        #[test]
        fn the_parts_add_up_to_the_gap(
            shares in proptest::collection::vec((proptest::option::of(0_i64..9999), 0_i64..9999), 0..9),
            (wanted, figure, scaled) in (0_i64..99_999, 0_i64..99_999, 0_i64..99_999),
            is_up in any::<bool>(),
        ) {
            let way = if is_up { Direction::Up } else { Direction::Down };
            let shares = shares.into_iter().map(|(asked, has)| share(asked, has)).collect();

            let of = taken_apart(
                way,
                (decimal(wanted), decimal(figure), decimal(scaled)),
                shares,
                true,
            );

            prop_assert_eq!(of.parts.iter().map(|part| part.gap).sum::<Decimal>(), of.gap);
        }
    }
}
