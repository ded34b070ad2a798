//! Forecasts from what was published in earlier years: a random walk without drift.
//!
//! Seven years are few. With so few a drift cannot be told from luck, and a step up is more often followed by
//! a step back than by another: what a survey gained by the luck of its sample it loses again. So last
//! year's figure stays the middle, and only the width is estimated: from the mean square of a year's change,
//! over all provinces where their series are known and over the province's own years where they are not.
//!
//! A change is what moved the whole country that year and what moved the province against it. The first
//! is seen once a year only, however many provinces there are; so degrees of freedom are put together from
//! both (Satterthwaite 1946) and stay few while years are few. Of places the country's part is no matter: it
//! moves everybody.
//!
//! Provinces are taken to move alike in size, years to be alike. A step over several years counts as so many
//! steps.
#![expect(clippy::float_arithmetic, reason = "variances are real-valued")]

use std::collections::BTreeMap;

use super::{Spread, Unknown, spread::pooled};
use crate::survey::special::real;

/// What was published: figures by year, on one definition and scale.
pub type Series = BTreeMap<i32, f64>;

/// A random walk fitted to what was published.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Walk {
    /// The last year that was published of the province, and its figure.
    last: (i32, f64),
    /// Mean square of a year's change.
    step: Spread,
    /// The same of a province against the country.
    own: Spread,
}

/// Fits a walk to a province's own series and to those of others, which may be none.
///
/// `is_broken` says that the years before are of another definition, or that nobody said they are not.
pub fn fit(own: &Series, others: &[Series], is_broken: bool) -> Result<Walk, Unknown> {
    let too_few = Unknown::TooFewYears { years: own.len(), is_broken };
    let (year, figure) = own.last_key_value().ok_or(too_few)?;
    let (step, against) = steps(std::iter::once(own).chain(others));
    let walk = Walk { last: (*year, *figure), step, own: against };
    if step.scale > 0.0 {
        return if step.is_known() { Ok(walk) } else { Err(too_few) };
    }
    Err(if own.len() > 1 { Unknown::NeverMoved } else { too_few })
}

/// The root mean square of a year's change, all of it and against the country alone.
fn steps<'a>(series: impl Iterator<Item = &'a Series>) -> (Spread, Spread) {
    let mut by_years: BTreeMap<(i32, i32), Vec<f64>> = BTreeMap::new();
    for series in series {
        let later = series.iter().skip(1);
        for ((before, was), (year, is)) in series.iter().zip(later) {
            let years = f64::from(year - before);
            by_years.entry((*before, *year)).or_default().push((is - was) / years.sqrt());
        }
    }
    let (mut country, mut against, mut squares, mut degrees) = (0.0, 0.0, 0.0, 0.0);
    for changes in by_years.values() {
        let count = real(changes.len());
        let mean = changes.iter().sum::<f64>() / count;
        let around: f64 = changes.iter().map(|change| (change - mean).powi(2)).sum();
        country += mean * mean;
        against += around / count;
        squares += around;
        degrees += count - 1.0;
    }
    let years = real(by_years.len());
    let parts = [(country / years, years), (against / years, degrees)];
    let all = Spread {
        middle: 0.0,
        scale: ((country + against) / years).sqrt(),
        degrees_of_freedom: pooled(&parts),
    };
    let own =
        Spread { middle: 0.0, scale: (squares / degrees).sqrt(), degrees_of_freedom: degrees };
    (all, own)
}

impl Walk {
    /// What the province may come to in a year; nothing new in the last year known or before.
    #[must_use]
    pub fn at(&self, year: i32) -> Spread {
        self.ahead(year, self.step)
    }

    /// The same but for what moves the whole country.
    #[must_use]
    pub fn against_others(&self, year: i32) -> Spread {
        self.ahead(year, self.own)
    }

    /// What another province may come to, but for what moves the whole country.
    #[must_use]
    pub fn of_other(&self, last: (i32, f64), year: i32) -> Spread {
        Self { last, ..*self }.against_others(year)
    }

    /// The last year published of the province.
    #[must_use]
    pub const fn last_year(&self) -> i32 {
        self.last.0
    }

    fn ahead(&self, year: i32, step: Spread) -> Spread {
        let (last, figure) = self.last;
        let years = f64::from((year - last).max(0));
        if years <= 0.0 {
            return Spread::certain(figure);
        }
        Spread { middle: figure, scale: step.scale * years.sqrt(), ..step }
    }
}
