//! Whether a promise was kept: points, share and place, each for itself.
//!
//! In 2018 the province missed its points and kept its place, and for one index nothing could be said
//! at all. So there are three verdicts and each may be "cannot be assessed", which is no failure.

use cchc_core::{Decimal, Points};
use serde::{Deserialize, Serialize};

use crate::{
    catalogue::{RankTarget, StatedRatio, Target},
    rank::{Standing, meets},
    tree::{Score, display, ratio_percent},
};

/// Whether a promise was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Kept.
    Met,
    /// Not kept.
    Missed,
    /// Too little is known.
    NotAssessable,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Self; 3] = [Self::Met, Self::Missed, Self::NotAssessable];

    /// The word of contracts and files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Missed => "missed",
            Self::NotAssessable => "not-assessable",
        }
    }

    /// The Vietnamese label.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Met => "Đạt",
            Self::Missed => "Chưa đạt",
            Self::NotAssessable => "Chưa đủ căn cứ đánh giá",
        }
    }

    /// The English label.
    #[must_use]
    pub const fn label_en(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Missed => "missed",
            Self::NotAssessable => "cannot be assessed",
        }
    }
}

/// A verdict and how far it was from the other one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Judgement {
    /// Whether the promise was kept.
    pub verdict: Verdict,
    /// What is promised less what is estimated: above zero is still missing. Absent where nothing is
    /// estimated, and for places, which are not amounts.
    pub gap: Option<Decimal>,
}

/// The verdicts on one target; absent where the plan promises nothing of that sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Verdicts {
    /// On the points.
    pub points: Option<Judgement>,
    /// On the share of the maximum.
    pub ratio: Option<Judgement>,
    /// On the place.
    pub rank: Option<Judgement>,
}

/// Judges a target by the best figure there is and the place, where they are known.
///
/// An incomplete figure can keep a promise, when what is certain already reaches it, but not miss it.
#[must_use]
pub fn judge(
    target: &Target,
    max: Option<Points>,
    estimate: Option<&Score>,
    rank: Option<Standing>,
) -> Verdicts {
    // A target speaks of the whole maximum: what was taken out of it is scaled back in first.
    let scaled = estimate.map(|score| Score { points: score.renormalised(max), ..*score });
    let estimate = scaled.as_ref();
    Verdicts {
        points: target
            .points
            .map(|wanted| judge_amount(wanted.get(), estimate, |points| Some(points.get()))),
        ratio: target.ratio.as_ref().map(|wanted| {
            judge_amount(wanted.percent, estimate, |points| shown_ratio(points, max, wanted))
        }),
        rank: target.rank.map(|wanted| judge_place(wanted, rank)),
    }
}

/// The share as the plan would have written it: with its places and its way of shortening. A plan that
/// writes 94.29 for 94.2857 is met by 94.2857.
fn shown_ratio(points: Points, max: Option<Points>, wanted: &StatedRatio) -> Option<Decimal> {
    let percent = ratio_percent(points, max?)?;
    Some(display(percent, wanted.percent.scale(), wanted.rounding))
}

fn judge_amount(
    wanted: Decimal,
    estimate: Option<&Score>,
    amount: impl Fn(Points) -> Option<Decimal>,
) -> Judgement {
    let certain = estimate.and_then(|score| amount(score.so_far)).filter(|sure| *sure >= wanted);
    let present = estimate.and_then(|score| score.points).and_then(&amount);
    let gap = present.or(certain).map(|present| wanted - present);
    let verdict = match (estimate, present) {
        _ if certain.is_some() => Verdict::Met,
        (Some(Score { complete: true, .. }), Some(present)) if present >= wanted => Verdict::Met,
        (Some(Score { complete: true, .. }), Some(_)) => Verdict::Missed,
        _ => Verdict::NotAssessable,
    };
    Judgement { verdict, gap }
}

fn judge_place(wanted: RankTarget, standing: Option<Standing>) -> Judgement {
    let kept = standing.and_then(|at| meets(wanted, Some(at.rank), at.group));
    let verdict = match kept {
        Some(true) => Verdict::Met,
        Some(false) => Verdict::Missed,
        None => Verdict::NotAssessable,
    };
    Judgement { verdict, gap: None }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    fn points(text: &str) -> Points {
        text.parse().unwrap()
    }

    fn target(points: &str, ratio: &str, rank: &serde_json::Value) -> Target {
        serde_json::from_value(serde_json::json!({
            "node": "T-2018/0", "points": points, "ratio": { "percent": ratio },
            "rank": rank, "reference": ""
        }))
        .unwrap()
    }

    const FIRST: Standing = Standing { rank: 1, of: 63, group: Some(1) };

    fn judged(judgement: Option<Judgement>) -> (Verdict, String) {
        let judgement = judgement.unwrap();
        (judgement.verdict, judgement.gap.map_or_else(String::new, |gap| gap.to_string()))
    }

    fn says(verdict: Verdict, gap: &str) -> (Verdict, String) {
        (verdict, gap.to_owned())
    }

    #[test]
    fn points_may_be_missed_and_the_place_kept() {
        let target = target("92.28", "92.28", &serde_json::json!({ "exact": 1 }));
        let score = Score::complete(points("89.06"));

        let verdicts = judge(&target, Some(points("100")), Some(&score), Some(FIRST));

        assert_eq!(judged(verdicts.points), says(Verdict::Missed, "3.22"));
        assert_eq!(judged(verdicts.ratio), says(Verdict::Missed, "3.22"));
        assert_eq!(judged(verdicts.rank), says(Verdict::Met, ""));
    }

    #[test]
    fn an_incomplete_figure_can_keep_a_promise_but_not_miss_it() {
        let target = target("5", "50", &serde_json::json!({ "top": 5 }));
        let short = Score { so_far: points("4"), ..Score::UNKNOWN };
        let enough = Score { so_far: points("5.5"), ..Score::UNKNOWN };
        let provisional = Score::provisional(points("9"));

        let of = |score: Option<&Score>| judge(&target, Some(points("10")), score, None);

        assert_eq!(judged(of(Some(&short)).points), says(Verdict::NotAssessable, ""));
        assert_eq!(judged(of(None).points), says(Verdict::NotAssessable, ""));
        assert_eq!(judged(of(None).rank), says(Verdict::NotAssessable, ""));
        assert_eq!(judged(of(Some(&enough)).points), says(Verdict::Met, "-0.5"));
        assert_eq!(judged(of(Some(&enough)).ratio), says(Verdict::Met, "-5"));
        assert_eq!(judged(of(Some(&provisional)).points), says(Verdict::NotAssessable, "-4"));
    }

    #[test]
    fn a_share_is_compared_as_the_plan_writes_it() {
        let target = target("6.6", "94.29", &serde_json::json!("leading"));
        let score = Score::complete(points("6.6"));

        let verdicts = judge(&target, Some(points("7")), Some(&score), Some(FIRST));

        assert_eq!(judged(verdicts.ratio), says(Verdict::Met, "0.00"));
        assert_eq!(judged(verdicts.rank), says(Verdict::NotAssessable, ""));
    }

    #[test]
    fn what_is_not_promised_is_not_judged() {
        let mut target = target("5", "50", &serde_json::json!("leading"));
        (target.points, target.ratio, target.rank) = (None, None, None);

        assert_eq!(judge(&target, None, None, Some(FIRST)), Verdicts::default());
    }
}
