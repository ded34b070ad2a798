//! What can be wrong with a rule itself, all of it known before the year begins.

mod words;

use cchc_core::{Decimal, Fault, Kind, Points, Refusal, VariableCode};

use super::ExpressionError;

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
    /// A ceiling that the target makes superfluous.
    #[error("the ceiling of {ceiling} % is not below the target of {target} %")]
    CeilingNeverBinds {
        /// Share from which on points are full.
        ceiling: Decimal,
        /// Share that the proportion is taken of.
        target: Decimal,
    },
    /// All points or none, and nothing between.
    #[error(
        "nothing is scored in proportion between the floor of {floor} % and the ceiling of {ceiling} %"
    )]
    NothingInProportion {
        /// Share below which there are no points.
        floor: Decimal,
        /// Share from which on points are full.
        ceiling: Decimal,
    },
    /// The same title for two states or conditions.
    #[error("{title:?} stands twice")]
    StateTwice {
        /// The title.
        title: String,
    },
    /// Two states that points cannot tell apart.
    #[error(
        "{title:?} and {other:?} both give {points} points, so that points do not say which it is"
    )]
    StatesAlike {
        /// The later one.
        title: String,
        /// The earlier one.
        other: String,
        /// What both give.
        points: Points,
    },
    /// An answer that stands twice.
    #[error("the answer {option:?} stands twice")]
    OptionTwice {
        /// The answer.
        option: String,
    },
    /// An answer worth less than nothing or more than all.
    #[error("the answer {option:?} is worth {percent} %, where 0 to 100 % is possible")]
    OptionOutOfRange {
        /// The answer.
        option: String,
        /// What it is worth.
        percent: Decimal,
    },
    /// Nobody could answer so that the node has its maximum.
    #[error("the best answer is worth {best} %, so that the maximum cannot be reached")]
    NoOptionGivesAll {
        /// What the best one is worth.
        best: Decimal,
    },
    /// A cap that nothing can come to.
    #[error("the cap of {cap} never binds beside the maximum of {max}")]
    CapNeverBinds {
        /// The cap.
        cap: Points,
        /// The maximum.
        max: Points,
    },
    /// A cap that lets nothing be taken.
    #[error("a cap of 0 takes nothing")]
    CapOfNothing,
    /// No points for each.
    #[error("0 points for each change nothing")]
    EachWorthless,
    /// Points without end.
    #[error("neither a cap nor the maximum of the node bounds the points")]
    Unbounded,
    /// An expression that cannot be used.
    #[error("{text:?}: {error}")]
    Expression {
        /// As it is written.
        text: String,
        /// What is wrong, and where.
        error: ExpressionError,
    },
    /// A name that expressions cannot use.
    #[error(
        "{name:?} is no name: a small letter, then small letters, digits and _, at most 32, no word of the language"
    )]
    NameInvalid {
        /// The name.
        name: String,
    },
    /// Two variables under one name.
    #[error("two variables are named {name:?}")]
    NameTwice {
        /// The name.
        name: String,
    },
    /// One variable under two names.
    #[error("the variable {variable} stands twice")]
    VariableTwice {
        /// The variable.
        variable: VariableCode,
    },
    /// A variable that changes nothing, but must be reported.
    #[error("no expression uses the variable {name:?}")]
    VariableUnused {
        /// Its name.
        name: String,
    },
    /// Some conditions read off figures, some judged.
    #[error("either every condition has an expression or none has")]
    ConditionsMixed,
    /// A condition that decides nothing.
    #[error("{text:?} {} holds, whatever is reported", if *holds { "always" } else { "never" })]
    ConditionCertain {
        /// As it is written.
        text: String,
        /// Whether it always holds, or never.
        holds: bool,
    },
    /// Figures for which no case applies.
    #[error("the last case must have no condition, so that every figure has a case")]
    NoOtherwise,
    /// A case that an earlier one takes everything from, or that no figures can reach.
    #[error("no figures reach the case {text:?}")]
    CaseUnreachable {
        /// Its wording.
        text: String,
    },
    /// Nothing that the rule takes can fail to arise.
    #[error("only a rule on a reported share can be not applicable")]
    NotApplicableWithoutShare,
    /// No survey could be missing.
    #[error("only a rule on what citizens answer can be renormalised")]
    RenormalisedWithoutSurvey,
    /// The variable counts something else.
    #[error("the rule takes another measure than {variable} has")]
    MeasureMismatch {
        /// The variable.
        variable: VariableCode,
    },
    /// No such variable.
    #[error("the edition does not define the variable {variable}")]
    VariableUndefined {
        /// The variable.
        variable: VariableCode,
    },
    /// What scores the node gives nothing that the rule takes.
    #[error("the rule does not take what the source of the node gives")]
    SourceMismatch,
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
            Self::MaximumUnattainable { .. } | Self::NoOptionGivesAll { .. } => {
                "RULE_MAXIMUM_UNATTAINABLE"
            }
            Self::CeilingNeverBinds { .. } => "RULE_CEILING_NEVER_BINDS",
            Self::NothingInProportion { .. } => "RULE_NOTHING_IN_PROPORTION",
            Self::StateTwice { .. } => "RULE_STATE_TWICE",
            Self::StatesAlike { .. } => "RULE_STATES_ALIKE",
            Self::OptionTwice { .. } => "RULE_OPTION_TWICE",
            Self::OptionOutOfRange { .. } => "RULE_OPTION_OUT_OF_RANGE",
            Self::CapNeverBinds { .. } => "RULE_CAP_NEVER_BINDS",
            Self::CapOfNothing => "RULE_CAP_OF_NOTHING",
            Self::EachWorthless => "RULE_EACH_WORTHLESS",
            Self::Unbounded => "RULE_UNBOUNDED",
            Self::Expression { error, .. } => error.reason(),
            Self::NameInvalid { .. } => "RULE_NAME_INVALID",
            Self::NameTwice { .. } => "RULE_NAME_TWICE",
            Self::VariableTwice { .. } => "RULE_VARIABLE_TWICE",
            Self::VariableUnused { .. } => "RULE_VARIABLE_UNUSED",
            Self::ConditionsMixed => "RULE_CONDITIONS_MIXED",
            Self::ConditionCertain { .. } => "RULE_CONDITION_CERTAIN",
            Self::NoOtherwise => "RULE_NO_OTHERWISE",
            Self::CaseUnreachable { .. } => "RULE_CASE_UNREACHABLE",
            Self::NotApplicableWithoutShare => "RULE_NOT_APPLICABLE_WITHOUT_SHARE",
            Self::RenormalisedWithoutSurvey => "RULE_RENORMALISED_WITHOUT_SURVEY",
            Self::MeasureMismatch { .. } => "RULE_MEASURE_MISMATCH",
            Self::VariableUndefined { .. } => "RULE_VARIABLE_UNDEFINED",
            Self::SourceMismatch => "RULE_SOURCE_MISMATCH",
        }
    }

    fn vietnamese(&self) -> String {
        words::vietnamese(self)
    }
}

/// The maximum that a rule cannot do without.
pub(super) fn needs_maximum(max: Option<Points>) -> impl Iterator<Item = RuleFault> {
    max.is_none().then_some(RuleFault::MaximumUnknown).into_iter()
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
