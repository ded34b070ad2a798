//! The bounds of a number that its type gives, or the parameters of a range: `start=1 end=9 step=1`.

use cchc_core::{Decimal, parse_decimal};

use super::kinds::Kind;

/// The column with the parameters of a range.
pub(super) const PARAMETERS: &str = "parameters";

/// Bounds of a number whose form states none.
pub(super) const WIDE: i64 = 1_000_000_000;
/// Places of a decimal whose form states none.
pub(super) const USUAL_PLACES: u32 = 2;

/// Bounds, as far as they are given.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) least: Option<Decimal>,
    pub(super) most: Option<Decimal>,
    /// Whether every whole number between them may be answered.
    pub(super) is_by_one: bool,
}

impl Bounds {
    /// The bounds of a kind with its parameters as they are written.
    pub(super) fn of(kind: &Kind<'_>, parameters: &str) -> Self {
        let (least, most) = match kind {
            Kind::UpTo(most) => (Some(Decimal::ZERO), Some(Decimal::from(*most))),
            Kind::Range => (value(parameters, "start"), value(parameters, "end")),
            _ => (None, None),
        };
        let step = if *kind == Kind::Range { value(parameters, "step") } else { None };
        Self { least, most, is_by_one: step.is_none_or(|step| step == Decimal::ONE) }
    }
}

/// The value of a parameter; they stand apart by spaces, commas or semicolons.
fn value(parameters: &str, name: &str) -> Option<Decimal> {
    let pairs = parameters.split([' ', ',', ';']).filter_map(|word| word.split_once('='));
    let mut named = pairs.filter(|(written, _)| written.trim().eq_ignore_ascii_case(name));
    parse_decimal(named.next()?.1.trim()).ok()
}
