//! Whether a promise was kept: points, share and place, each for itself.
//!
//! In 2018 the province missed its points and kept its place, and for one index nothing could be said
//! at all. So there are three verdicts and each may be "cannot be assessed", which is no failure.

use cchc_core::{Decimal, Points};
use serde::{Deserialize, Serialize};

use crate::{
    catalogue::{Direction, RankTarget, StatedRatio, Target},
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
    /// What is promised less what is estimated (the other way round where less is better): above zero is
    /// still missing. Absent where nothing is estimated, and for places, which are not amounts.
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

/// What a target is judged against beside its own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ground {
    /// Most points that the node can give.
    pub max: Option<Points>,
    /// The figure to reach, as [`crate::target::wanted`] finds it.
    pub wanted: Option<Decimal>,
}

/// Judges a target by the best figure there is and the place, where they are known.
///
/// What is known of an incomplete figure is a lower bound. Where more is better it can keep a promise,
/// when it already reaches it, but not miss it; where less is better it can miss it, but not keep it.
///
/// Whether the target is one of the year that the figure is of is for the caller to see to
/// ([`crate::catalogue::Plan::target`]): a target of another year is not judged.
#[must_use]
pub fn judge(
    target: &Target,
    ground: Ground,
    estimate: Option<&Score>,
    rank: Option<Standing>,
) -> Verdicts {
    // A target speaks of the whole maximum: what was taken out of it is scaled back in first.
    let scaled = estimate.map(|score| Score { points: score.renormalised(ground.max), ..*score });
    let estimate = scaled.as_ref();
    let way = target.direction;
    let is_amount_promised = target.points.is_some() || target.increase.is_some();
    Verdicts {
        points: is_amount_promised
            .then(|| judge_amount(way, ground.wanted, estimate, |points| Some(points.get()))),
        ratio: target.ratio.as_ref().map(|wanted| {
            let amount = |points| shown_ratio(points, ground.max, wanted);
            judge_amount(way, Some(wanted.percent), estimate, amount)
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
    way: Direction,
    wanted: Option<Decimal>,
    estimate: Option<&Score>,
    amount: impl Fn(Points) -> Option<Decimal>,
) -> Judgement {
    // A movement from a start that nobody knows.
    let Some(wanted) = wanted else {
        return Judgement { verdict: Verdict::NotAssessable, gap: None };
    };
    let bound = estimate.and_then(|score| amount(score.so_far));
    let certain = bound.filter(|sure| match way {
        Direction::Up => *sure >= wanted,
        Direction::Down => *sure > wanted,
    });
    let present = estimate.and_then(|score| score.points).and_then(&amount);
    let gap = present.or(certain).map(|present| match way {
        Direction::Up => wanted - present,
        Direction::Down => present - wanted,
    });
    let is_complete = estimate.is_some_and(|score| score.complete);
    let verdict = match present {
        Some(present) if is_complete && way.keeps(present, wanted) => Verdict::Met,
        Some(_) if is_complete => Verdict::Missed,
        _ if certain.is_some() && way.is_up() => Verdict::Met,
        _ if certain.is_some() => Verdict::Missed,
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

    fn of(target: &Target, max: &str) -> Ground {
        Ground { max: Some(points(max)), wanted: target.points.map(Points::get) }
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
    fn each_verdict_has_a_word_and_a_label_in_both_languages() {
        let words =
            Verdict::ALL.map(|verdict| [verdict.as_str(), verdict.label(), verdict.label_en()]);

        assert_eq!(
            words,
            [
                ["met", "Đạt", "met"],
                ["missed", "Chưa đạt", "missed"],
                ["not-assessable", "Chưa đủ căn cứ đánh giá", "cannot be assessed"],
            ]
        );
        for verdict in Verdict::ALL {
            assert_eq!(serde_json::to_value(verdict).unwrap(), verdict.as_str());
        }
    }

    #[test]
    fn what_is_out_of_the_denominator_is_scaled_back_in_before_a_target_is_judged() {
        let target = target("9", "90", &serde_json::json!({ "exact": 1 }));
        // 6 of the 8 points that were possible: 7.5 of 10.
        let score = Score { excluded: points("2"), ..Score::complete(points("6")) };

        let verdicts = judge(&target, of(&target, "10"), Some(&score), None);

        assert_eq!(judged(verdicts.points), says(Verdict::Missed, "1.5"));
        assert_eq!(judged(verdicts.ratio), says(Verdict::Missed, "15"));
    }

    #[test]
    fn points_may_be_missed_and_the_place_kept() {
        let target = target("92.28", "92.28", &serde_json::json!({ "exact": 1 }));
        let score = Score::complete(points("89.06"));

        let verdicts = judge(&target, of(&target, "100"), Some(&score), Some(FIRST));

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

        let judged_by = |score: Option<&Score>| judge(&target, of(&target, "10"), score, None);

        assert_eq!(judged(judged_by(Some(&short)).points), says(Verdict::NotAssessable, ""));
        assert_eq!(judged(judged_by(None).points), says(Verdict::NotAssessable, ""));
        assert_eq!(judged(judged_by(None).rank), says(Verdict::NotAssessable, ""));
        assert_eq!(judged(judged_by(Some(&enough)).points), says(Verdict::Met, "-0.5"));
        assert_eq!(judged(judged_by(Some(&enough)).ratio), says(Verdict::Met, "-5"));
        assert_eq!(
            judged(judged_by(Some(&provisional)).points),
            says(Verdict::NotAssessable, "-4")
        );
    }

    #[test]
    fn a_share_is_compared_as_the_plan_writes_it() {
        let target = target("6.6", "94.29", &serde_json::json!("leading"));
        let score = Score::complete(points("6.6"));

        let verdicts = judge(&target, of(&target, "7"), Some(&score), Some(FIRST));

        assert_eq!(judged(verdicts.ratio), says(Verdict::Met, "0.00"));
        assert_eq!(judged(verdicts.rank), says(Verdict::NotAssessable, ""));
    }

    #[test]
    fn what_is_not_promised_is_not_judged() {
        let mut target = target("5", "50", &serde_json::json!("leading"));
        (target.points, target.ratio, target.rank) = (None, None, None);

        assert_eq!(judge(&target, Ground::default(), None, Some(FIRST)), Verdicts::default());
    }

    #[test]
    fn where_less_is_better_a_lower_bound_can_miss_a_promise_but_not_keep_it() {
        let mut target = target("2", "20", &serde_json::json!("leading"));
        target.direction = Direction::Down;
        let partial = |so_far| Score { so_far: points(so_far), ..Score::UNKNOWN };
        let judged_by =
            |score: Score| judged(judge(&target, of(&target, "10"), Some(&score), None).points);

        assert_eq!(judged_by(Score::complete(points("1.5"))), says(Verdict::Met, "-0.5"));
        assert_eq!(judged_by(Score::complete(points("2"))), says(Verdict::Met, "0"));
        assert_eq!(judged_by(Score::complete(points("2.5"))), says(Verdict::Missed, "0.5"));
        assert_eq!(judged_by(partial("1")), says(Verdict::NotAssessable, ""));
        assert_eq!(judged_by(partial("2")), says(Verdict::NotAssessable, ""));
        assert_eq!(judged_by(partial("2.1")), says(Verdict::Missed, "0.1"));
    }

    #[test]
    fn a_movement_alone_is_judged_by_where_it_leads_and_not_without_a_start() {
        let mut target = target("5", "50", &serde_json::json!("leading"));
        (target.points, target.increase) = (None, Some(points("0.5")));
        let score = Score::complete(points("8.4"));
        let from = |start: Option<&str>| {
            let start = start.map(|start| points(start).get());
            let wanted = crate::target::wanted(&target, start, false);
            judged(judge(&target, Ground { max: None, wanted }, Some(&score), None).points)
        };

        assert_eq!(from(Some("8")), says(Verdict::Missed, "0.1"));
        assert_eq!(from(Some("7.9")), says(Verdict::Met, "0.0"));
        assert_eq!(from(None), says(Verdict::NotAssessable, ""));
    }
}
