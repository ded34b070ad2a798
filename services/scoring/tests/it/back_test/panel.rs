//! A made-up index of 63 provinces over 2011 to 2017, in the manner of PAPI: six parts of 1 to 10 points.
//! Illustrative; no figure of any real province.
//!
//! | what | standard deviation, in points of a part |
//! | --- | --- |
//! | between provinces in 2011, around 6 | 0.45 |
//! | what moves a part in the whole country in a year | 0.12, of which half is common to all parts |
//! | what moves a province against it for good | 0.15, of which half is common to its parts |
//! | luck of the year's sample (192 people in 12 villages) | 0.20, of which half is common to the parts |
//!
//! "Half" is of the variance: the same people answer about every part. [`Kind::Rising`] adds 0.1 points a year
//! to each part of every province, in the manner of PAR INDEX, and has half the luck.

use super::{Series, chance::Chance};

/// Parts of the total.
pub const PARTS: usize = 6;
/// The last year.
pub const LAST: i32 = 2017;
const FIRST: i32 = 2011;
const PROVINCES: usize = 63;

/// What the figures do over the years.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Luck of samples beside slow movement, no direction.
    Noisy,
    /// A steady rise of the whole country.
    Rising,
}

impl Kind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Noisy => "no direction",
            Self::Rising => "rising",
        }
    }
}

/// Figures by province, part and year.
pub struct Panel(Vec<[Series; PARTS]>);

/// Something with a deviation, half of whose variance is common to several.
fn shared(chance: &mut Chance, deviation: f64) -> [f64; PARTS] {
    let each = deviation / 2.0_f64.sqrt();
    let common = chance.normal(each);
    std::array::from_fn(|_| common + chance.normal(each))
}

impl Panel {
    pub fn of(kind: Kind, seed: u64) -> Self {
        let mut chance = Chance::of(seed);
        let (rise, luck) = match kind {
            Kind::Noisy => (0.0, 0.20),
            Kind::Rising => (0.1, 0.10),
        };
        let country: Vec<[f64; PARTS]> =
            (FIRST..=LAST).map(|_| shared(&mut chance, 0.12)).collect();
        let province = |_| {
            let mut parts: [Series; PARTS] = Default::default();
            let mut level: [f64; PARTS] = std::array::from_fn(|_| 6.0 + chance.normal(0.45));
            for (year, country) in (FIRST..=LAST).zip(&country) {
                let moved = shared(&mut chance, 0.15);
                let lucky = shared(&mut chance, luck);
                for part in 0..PARTS {
                    level[part] += rise + country[part] + moved[part];
                    parts[part].insert(year, level[part] + lucky[part]);
                }
            }
            parts
        };
        Self((0..PROVINCES).map(province).collect())
    }

    /// The series of a part, of every province.
    pub fn part(&self, part: usize) -> Vec<Series> {
        self.0.iter().map(|parts| parts[part].clone()).collect()
    }

    pub fn figure(&self, part: usize, province: usize, year: i32) -> f64 {
        self.0[province][part][&year]
    }

    pub fn total(&self, province: usize, year: i32) -> f64 {
        (0..PARTS).map(|part| self.figure(part, province, year)).sum()
    }

    /// The series of the total, of every province.
    pub fn totals(&self) -> Vec<Series> {
        let total = |province| (FIRST..=LAST).map(move |year| (year, self.total(province, year)));
        (0..PROVINCES).map(|province| total(province).collect()).collect()
    }
}
