//! Chance that is the same at every run: `SplitMix64` (Steele, Lea & Flood 2014) and normal numbers by the
//! quantile of its draws.

use cchc_scoring::survey::special::normal_quantile;

/// The golden ratio of 2^64.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

const fn mixed(from: u64) -> u64 {
    let once = (from ^ (from >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let twice = (once ^ (once >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    twice ^ (twice >> 31)
}

/// A stream of draws.
pub struct Chance(u64);

impl Chance {
    /// Starts far from the streams of other seeds, which would only be shifted otherwise.
    pub const fn of(seed: u64) -> Self {
        Self(mixed(mixed(seed.wrapping_add(STEP))))
    }

    const fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mixed(self.0)
    }

    /// Between 0 and 1, neither of them.
    pub fn uniform(&mut self) -> f64 {
        let bits = u32::try_from(self.draw() >> 32).unwrap();
        (f64::from(bits) + 0.5) / 4_294_967_296.0
    }

    /// Normal with mean 0.
    pub fn normal(&mut self, deviation: f64) -> f64 {
        deviation * normal_quantile(self.uniform())
    }

    /// One of so many, from 0.
    pub fn below(&mut self, count: usize) -> usize {
        let count = u64::try_from(count).unwrap();
        usize::try_from(self.draw() % count).unwrap()
    }
}
