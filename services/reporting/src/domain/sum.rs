//! What a rule is applied to: the sum over the units that report.

use cchc_core::Quantity;
use cchc_scoring::{catalogue::Measure, rule::Reading, variable::Sum};

/// What a rule is applied to; nothing while no report counts.
pub(crate) fn reading(sum: &Sum, measure: Measure) -> Option<Reading> {
    let numerator = Quantity::new(sum.numerator).ok()?;
    let denominator = Quantity::new(sum.denominator).ok()?;
    (!is_nothing(sum)).then_some(match measure {
        Measure::Count => Reading::Count(numerator),
        Measure::Share | Measure::Growth => Reading::Ratio { numerator, denominator },
    })
}

/// Whether no unit's report counts.
pub(crate) const fn is_nothing(sum: &Sum) -> bool {
    sum.reported == 0 && sum.partial == 0
}
