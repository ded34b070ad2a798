//! How likely a promise is kept.
//!
//! Every value that a score may come to is judged by the function that judges the score itself
//! ([`judge`]); the probability is the share of those that keep the promise. So "reached" means one thing
//! throughout: direction, share of the maximum, rounding, what is out of the denominator.

use cchc_core::{Decimal, Points};

use super::{Distribution, place::Places};
use crate::{
    catalogue::Target,
    tree::Score,
    verdict::{Ground, Judgement, Verdict, Verdicts, judge},
};

/// How likely a promise is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chance {
    /// With this probability, from 0 to 1 in quarters of a per cent. 0 and 1 are certain only where the
    /// distribution is.
    Likely(Decimal),
    /// Too little is known, or what is promised has no number.
    NotAssessable,
}

/// How likely each promise of a target is kept; absent where it promises nothing of that sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Chances {
    /// Of the points.
    pub points: Option<Chance>,
    /// Of the share of the maximum.
    pub ratio: Option<Chance>,
    /// Of the place.
    pub rank: Option<Chance>,
}

/// How likely a target is reached by what a score may come to, of whose maximum some is excluded.
#[must_use]
pub fn chances(
    (target, ground): (&Target, Ground),
    (points, excluded): (Option<&Distribution>, Points),
    places: Option<&Places>,
) -> Chances {
    let judged = |points: Decimal| {
        let score = Score { excluded, ..Score::complete(Points::nearest(points)) };
        judge(target, ground, Some(&score), None)
    };
    let of = |which: fn(&Verdicts) -> Option<Judgement>| {
        which(&judge(target, ground, None, None))?;
        let known = points.filter(|points| {
            let any = points.values().next().map(judged);
            let any = any.as_ref().and_then(which);
            any.is_some_and(|any| any.verdict != Verdict::NotAssessable)
        });
        Some(known.map_or(Chance::NotAssessable, |points| {
            let is_met =
                |points| which(&judged(points)).is_some_and(|of| of.verdict == Verdict::Met);
            Chance::Likely(points.probability(is_met))
        }))
    };
    Chances {
        points: of(|verdicts| verdicts.points),
        ratio: of(|verdicts| verdicts.ratio),
        rank: target.rank.map(|rank| {
            let kept = places.and_then(|places| places.keeps(rank));
            kept.map_or(Chance::NotAssessable, Chance::Likely)
        }),
    }
}
