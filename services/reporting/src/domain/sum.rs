//! Sums over the units that report: numerators over denominators, never a mean of percentages.

use std::ops::AddAssign;

use cchc_core::{Decimal, Quantity};
use cchc_scoring::{catalogue::Measure, rule::Reading};

use super::fact::Reported;

/// What the units that must report have reported so far; also the difference between two such sums,
/// which may be negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Sum {
    pub(crate) numerator: Decimal,
    pub(crate) denominator: Decimal,
    /// Units that have reported.
    pub(crate) reported: i64,
}

impl Sum {
    /// What a unit's report adds; nothing when it has not reported or took its report back.
    pub(crate) fn of(reported: Option<Reported>) -> Self {
        reported.map_or_else(Self::default, |Reported { numerator, denominator }| Self {
            numerator: numerator.get(),
            denominator: denominator.unwrap_or_default().get(),
            reported: 1,
        })
    }

    /// By how much a sum moves when a report takes the place of another.
    pub(crate) fn difference(old: Option<Reported>, new: Option<Reported>) -> Self {
        let (old, mut difference) = (Self::of(old), Self::of(new));
        difference += Self {
            numerator: -old.numerator,
            denominator: -old.denominator,
            reported: -old.reported,
        };
        difference
    }

    /// What a rule is applied to; nothing while nobody has reported.
    pub(crate) fn reading(&self, measure: Measure) -> Option<Reading> {
        let numerator = Quantity::new(self.numerator).ok()?;
        let denominator = Quantity::new(self.denominator).ok()?;
        (self.reported > 0).then_some(match measure {
            Measure::Count => Reading::Count(numerator),
            Measure::Share | Measure::Growth => Reading::Ratio { numerator, denominator },
        })
    }
}

impl AddAssign for Sum {
    fn add_assign(&mut self, other: Self) {
        // Without trailing zeros, so that equal sums are written alike however they came about.
        self.numerator = (self.numerator + other.numerator).normalize();
        self.denominator = (self.denominator + other.denominator).normalize();
        self.reported += other.reported;
    }
}
