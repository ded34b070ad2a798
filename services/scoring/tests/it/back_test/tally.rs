//! How often what came lay within the intervals, how wide these were, and how well it was told.

use cchc_core::Decimal;
use cchc_scoring::forecast::{Distribution, Level, real};

#[derive(Debug, Default)]
pub struct Tally {
    count: u32,
    within_80: u32,
    within_95: u32,
    width: f64,
    score: f64,
}

/// A real number in billionths.
pub fn decimal(value: f64) -> Decimal {
    Distribution::of_quantiles(|_| value).middle()
}

impl Tally {
    pub fn take(&mut self, told: &Distribution, came: f64) {
        let came = decimal(came);
        let holds = |level| {
            let (low, high) = told.interval(level);
            u32::from(low <= came && came <= high)
        };
        let (low, high) = told.interval(Level::Eighty);
        self.count += 1;
        self.within_80 += holds(Level::Eighty);
        self.within_95 += holds(Level::NinetyFive);
        self.width += real(high - low);
        self.score += told.score(came);
    }

    fn mean(&self, sum: f64) -> f64 {
        sum / f64::from(self.count)
    }

    pub fn within_80(&self) -> f64 {
        self.mean(f64::from(self.within_80))
    }

    pub fn within_95(&self) -> f64 {
        self.mean(f64::from(self.within_95))
    }

    pub fn score(&self) -> f64 {
        self.mean(self.score)
    }

    /// The same, with widths and scores in another unit.
    pub fn scaled(&self, by: f64) -> Self {
        Self { width: self.width * by, score: self.score * by, ..*self }
    }

    /// Coverage in per cent, width and score, as a row of the documentation.
    pub fn line(&self) -> String {
        let percent = |share: f64| format!("{:.0}", share * 100.0);
        let (eighty, ninety_five) = (percent(self.within_80()), percent(self.within_95()));
        let (width, score) = (self.mean(self.width), self.score());
        format!("{eighty} | {ninety_five} | {width:.2} | {score:.3}")
    }
}
