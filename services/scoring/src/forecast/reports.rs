//! Forecasts from the reports of a year that is not over.
//!
//! Two things are still to come, and they are taken as independent:
//!
//! - **Units that have not reported** are like those that have: the share among all is the reported one
//!   give or take (1 − r/M) of the variance between the r units of M, a number grows in proportion. This is the
//!   prediction of a total from a sample of units (Cochran 1977, chapter 6), with its weak point: those who
//!   report late may not be like those who are in time.
//! - **The rest of the year** is like that of earlier years, where at least two (for a number three) are known
//!   both at the same window and at their end. Failing that, it goes on as the quarters of this year did,
//!   where three of them are known. From one point no trend is drawn.
//!
//! A share, a stock or a growth moves by differences with no direction; a number grows, by the factor of
//! earlier years or by as much as a quarter brought.
#![expect(clippy::float_arithmetic, reason = "errors are real-valued")]

use super::{LEAST_DEGREES, Spread, Unknown};
use crate::survey::special::real;

/// What the figure of a variable does within a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moves {
    /// Up or down: a part out of a whole.
    Around,
    /// Up only: a number of things so far.
    Up,
}

/// What is known of a variable.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SoFar {
    /// Parts and wholes of the units that have reported as far as the year has come; of a number the whole is
    /// 1 each.
    pub units: Vec<(f64, f64)>,
    /// Units that must report.
    pub expected: usize,
    /// Whether these units' reports reach the end of the year.
    pub is_whole_year: bool,
    /// Of earlier years: the province's figure in the same window, and at the end.
    pub earlier: Vec<(f64, f64)>,
    /// The province's figure at the end of each quarter of this year so far, over the same units.
    pub quarters: Vec<f64>,
}

/// What the province's figure comes to at the year's end: a part over a whole, or a number.
pub fn forecast(of: &SoFar, moves: Moves) -> Result<Spread, Unknown> {
    let now = units(of, moves)?;
    if of.is_whole_year {
        return Ok(now);
    }
    let rest = match moves {
        Moves::Around => around(of),
        Moves::Up => up(of, now.middle),
    };
    let missing = Unknown::TooFewWindows { years: of.earlier.len(), quarters: of.quarters.len() };
    let rest = rest.filter(Spread::is_known).ok_or(missing)?;
    if rest.scale <= 0.0 { Err(Unknown::NeverMoved) } else { Ok(now.with(rest)) }
}

/// The figure over all units, were the year to end now.
fn units(of: &SoFar, moves: Moves) -> Result<Spread, Unknown> {
    let counted = real(of.units.len());
    let all = real(of.expected).max(counted);
    let part: f64 = of.units.iter().map(|(part, _)| part).sum();
    let whole: f64 = of.units.iter().map(|(_, whole)| whole).sum();
    let too_few = Unknown::TooFewUnits { counted: of.units.len(), expected: of.expected };
    if counted < 1.0 {
        return Err(Unknown::NothingYet);
    }
    if whole <= 0.0 {
        return Err(too_few);
    }
    let rate = part / whole;
    let per_unit = match moves {
        Moves::Around => 1.0,
        Moves::Up => all,
    };
    let middle = rate * per_unit;
    if counted >= all {
        return Ok(Spread::certain(middle));
    }
    let degrees_of_freedom = counted - 1.0;
    if degrees_of_freedom < LEAST_DEGREES {
        return Err(too_few);
    }
    let residual = |(part, whole): &(f64, f64)| (part - rate * whole).powi(2);
    let between = of.units.iter().map(residual).sum::<f64>() / degrees_of_freedom;
    if between <= 0.0 {
        return Err(Unknown::NeverMoved);
    }
    let mean = whole / counted;
    let variance = (1.0 - counted / all) * between / counted / (mean * mean);
    Ok(Spread { middle, scale: variance.sqrt() * per_unit, degrees_of_freedom })
}

/// How a figure that may rise or fall moves until the end: as much as in earlier years between the same
/// window and the end, or else so many steps more like this year's quarters.
fn around(of: &SoFar) -> Option<Spread> {
    let years: Vec<f64> = of.earlier.iter().map(|(window, end)| end - window).collect();
    if real(years.len()) >= LEAST_DEGREES {
        return Some(rms(&years, 1.0));
    }
    let quarters: Vec<f64> = steps(&of.quarters);
    (real(quarters.len()) >= LEAST_DEGREES).then(|| rms(&quarters, left(of)))
}

/// How a number grows until the end.
fn up(of: &SoFar, now: f64) -> Option<Spread> {
    let grown = |(window, end): &(f64, f64)| (*window > 0.0).then(|| end / window - 1.0);
    let years: Vec<f64> = of.earlier.iter().filter_map(grown).collect();
    if real(years.len()) > LEAST_DEGREES {
        let of_now = mean(&years, 1.0);
        let (middle, scale) = (of_now.middle * now, of_now.scale * now);
        return Some(Spread { middle, scale, ..of_now });
    }
    let mut quarters = steps(&of.quarters);
    quarters.extend(of.quarters.first());
    if real(quarters.len()) <= LEAST_DEGREES {
        return None;
    }
    // Quarters are known of the units that have reported; the others bring as much each.
    let whole = real(of.expected.max(of.units.len())) / real(of.units.len().max(1));
    let of_counted = mean(&quarters, left(of));
    let (middle, scale) = (of_counted.middle * whole, of_counted.scale * whole);
    Some(Spread { middle, scale, ..of_counted })
}

/// Quarters left.
fn left(of: &SoFar) -> f64 {
    (4.0 - real(of.quarters.len())).max(0.0)
}

fn steps(levels: &[f64]) -> Vec<f64> {
    levels.iter().zip(levels.iter().skip(1)).map(|(was, is)| is - was).collect()
}

/// So many more steps of no direction, as large as those known.
fn rms(steps: &[f64], more: f64) -> Spread {
    let count = real(steps.len());
    let square = steps.iter().map(|step| step * step).sum::<f64>() / count;
    Spread { middle: 0.0, scale: (more * square).sqrt(), degrees_of_freedom: count }
}

/// What so many more come to together, like those known.
fn mean(known: &[f64], more: f64) -> Spread {
    let count = real(known.len());
    let mean = known.iter().sum::<f64>() / count;
    let degrees_of_freedom = count - 1.0;
    let square = known.iter().map(|of| (of - mean).powi(2)).sum::<f64>() / degrees_of_freedom;
    let scale = (square * (more + more * more / count)).sqrt();
    Spread { middle: more * mean, scale, degrees_of_freedom }
}
