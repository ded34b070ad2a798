//! What can be wrong with a rule itself, all of it known before the year begins.

use cchc_core::{Decimal, Fault, Kind, Points};

use crate::figure::vietnamese as comma;

/// Something wrong with a rule, whatever it will be applied to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleFault {
    /// Nothing can ever earn points.
    #[error("the rule has no bands or steps")]
    Empty,
    /// A percentage below zero, too high or too fine to be compared exactly.
    #[error("{percent} % is out of range: from 0 to below 100000, at most 9 places")]
    PercentOutOfRange {
        /// The percentage.
        percent: Decimal,
    },
    /// A share above 100 % or of nothing for full points.
    #[error("full points at {target} %, where a share above 0 up to 100 % is possible")]
    TargetUnattainable {
        /// Share for full points.
        target: Decimal,
    },
    /// Nothing would be scored in proportion.
    #[error("the floor of {floor} % lies above the target of {target} %")]
    FloorAboveTarget {
        /// Share below which there are no points.
        floor: Decimal,
        /// Share for full points.
        target: Decimal,
    },
    /// The rule shares out a maximum that nobody has stated.
    #[error("the rule needs the maximum of the node, which is unknown")]
    MaximumUnknown,
    /// A band that no share falls in.
    #[error("the band from {from} % to {to} % holds nothing")]
    BandBackwards {
        /// Its start.
        from: Decimal,
        /// Its end.
        to: Decimal,
    },
    /// Shares for which no band gives points.
    #[error("no band holds the shares between {from} % and {to} %")]
    BandGap {
        /// Where the gap starts.
        from: Decimal,
        /// Where it ends; the same when a single share is left out.
        to: Decimal,
    },
    /// A share that two bands claim.
    #[error("two bands claim the share of {at} %")]
    BandsOverlap {
        /// The share.
        at: Decimal,
    },
    /// Steps that do not rise.
    #[error("the step at {after} follows the step at {before}")]
    StepsUnsorted {
        /// The step that stands first.
        before: Decimal,
        /// The step that stands next and is not higher.
        after: Decimal,
    },
    /// A step for fewer than none.
    #[error("a count of at least {at_least} is no condition")]
    CountNegative {
        /// The count.
        at_least: Decimal,
    },
    /// More points than the node can give.
    #[error("{points} points are above the maximum of {max}")]
    PointsAboveMaximum {
        /// Points of a band or step.
        points: Points,
        /// The maximum.
        max: Points,
    },
    /// The best result falls short of the maximum.
    #[error("at best {best} points are given, the maximum is {max}")]
    MaximumUnattainable {
        /// Most points of any band or step.
        best: Points,
        /// The maximum.
        max: Points,
    },
}

impl Fault for RuleFault {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Empty => "RULE_EMPTY",
            Self::PercentOutOfRange { .. } => "RULE_PERCENT_OUT_OF_RANGE",
            Self::TargetUnattainable { .. } => "RULE_TARGET_UNATTAINABLE",
            Self::FloorAboveTarget { .. } => "RULE_FLOOR_ABOVE_TARGET",
            Self::MaximumUnknown => "RULE_MAXIMUM_UNKNOWN",
            Self::BandBackwards { .. } => "RULE_BAND_BACKWARDS",
            Self::BandGap { .. } => "RULE_BAND_GAP",
            Self::BandsOverlap { .. } => "RULE_BANDS_OVERLAP",
            Self::StepsUnsorted { .. } => "RULE_STEPS_UNSORTED",
            Self::CountNegative { .. } => "RULE_COUNT_NEGATIVE",
            Self::PointsAboveMaximum { .. } => "RULE_POINTS_ABOVE_MAXIMUM",
            Self::MaximumUnattainable { .. } => "RULE_MAXIMUM_UNATTAINABLE",
        }
    }

    fn vietnamese(&self) -> String {
        match self {
            Self::Empty => "quy tắc chấm điểm chưa có mức nào".to_owned(),
            Self::PercentOutOfRange { percent } => format!(
                "tỷ lệ {}% ngoài phạm vi cho phép (từ 0 đến dưới 100000, tối đa 9 chữ số thập phân)",
                comma(percent)
            ),
            Self::TargetUnattainable { target } => {
                format!("mức đạt điểm tối đa {}% phải lớn hơn 0 và không quá 100%", comma(target))
            }
            Self::FloorAboveTarget { floor, target } => {
                format!(
                    "mức tối thiểu {}% cao hơn mức đạt điểm tối đa {}%",
                    comma(floor),
                    comma(target)
                )
            }
            Self::MaximumUnknown => "quy tắc cần điểm tối đa nhưng chưa có điểm tối đa".to_owned(),
            Self::BandBackwards { from, to } => {
                format!("mức từ {}% đến {}% không chứa tỷ lệ nào", comma(from), comma(to))
            }
            Self::BandGap { from, to } => {
                format!(
                    "chưa có mức điểm cho tỷ lệ trong khoảng từ {}% đến {}%",
                    comma(from),
                    comma(to)
                )
            }
            Self::BandsOverlap { at } => format!("hai mức điểm cùng chứa tỷ lệ {}%", comma(at)),
            Self::StepsUnsorted { before, after } => {
                format!(
                    "các mức phải tăng dần: mức {} đứng sau mức {}",
                    comma(after),
                    comma(before)
                )
            }
            Self::CountNegative { at_least } => {
                format!("số lượng tối thiểu {} không được âm", comma(at_least))
            }
            Self::PointsAboveMaximum { points, max } => {
                format!("điểm {} vượt điểm tối đa {}", comma(points), comma(max))
            }
            Self::MaximumUnattainable { best, max } => {
                format!(
                    "mức cao nhất chỉ cho {} điểm, không đạt được điểm tối đa {}",
                    comma(best),
                    comma(max)
                )
            }
        }
    }
}

/// What is wrong with the points that bands or steps give.
pub(super) fn of_points(
    points: impl Iterator<Item = Points>,
    max: Option<Points>,
) -> Vec<RuleFault> {
    let points: Vec<Points> = points.collect();
    let Some(best) = points.iter().copied().max() else {
        return vec![RuleFault::Empty];
    };
    let Some(max) = max else {
        return Vec::new();
    };
    if best < max {
        return vec![RuleFault::MaximumUnattainable { best, max }];
    }
    let above = points.into_iter().filter(|points| *points > max);
    above.map(|points| RuleFault::PointsAboveMaximum { points, max }).collect()
}
