//! Forecasts held against what came: whether intervals hold as often as they say, and whether they are worth
//! more than "as last year".
//!
//! The series are made up ([`panel`], [`fieldwork`]): of the real PAPI only single years may be carried. What
//! is found stands in `src/forecast/README.md`; this test fails when it no longer does, and when intervals
//! hold less often than they say.
#![expect(clippy::float_arithmetic, reason = "coverage and scores are real-valued")]
#![expect(clippy::indexing_slicing, reason = "a test may panic")]

mod chance;
mod fieldwork;
mod panel;
mod tally;

use std::{collections::BTreeMap, fs};

use cchc_scoring::forecast::{
    Distribution, Spread,
    walk::{self, Series},
};
use panel::{Kind, LAST, Panel};
use tally::Tally;

/// Panels of 63 provinces.
const PANELS: u64 = 6;
/// The first year that is forecast: from three years of one definition.
const FIRST: i32 = 2014;

/// The quantiles of t, made once for each number of degrees of freedom.
#[derive(Default)]
struct Standards(BTreeMap<u64, Vec<(f64, f64)>>);

impl Standards {
    fn of(&mut self, spread: Spread) -> Distribution {
        let standard = Spread { middle: 0.0, scale: 1.0, ..spread };
        let known = self.0.entry(spread.degrees_of_freedom.to_bits()).or_insert_with(|| {
            let middles = (0..400_u16).map(|part| (f64::from(part) + 0.5) / 400.0);
            middles.map(|middle| (middle, standard.quantile(middle))).collect()
        });
        Distribution::of_quantiles(|probability| {
            let at = known.partition_point(|(middle, _)| *middle < probability - 1e-9);
            spread.middle + spread.scale * known[at].1
        })
    }
}

fn until(series: &Series, year: i32) -> Series {
    series.range(..year).map(|(year, figure)| (*year, *figure)).collect()
}

/// Every way to forecast the total of a year, held against what came.
struct Ways {
    naive: Tally,
    own: Tally,
    all: Tally,
    drift: Tally,
    together: Tally,
    independent: Tally,
    parts: Tally,
}

fn ways(kind: Kind, panels: u64) -> Ways {
    let new = Tally::default;
    let mut ways = Ways {
        naive: new(),
        own: new(),
        all: new(),
        drift: new(),
        together: new(),
        independent: new(),
        parts: new(),
    };
    let mut standards = Standards::default();
    for seed in 0..panels {
        let panel = Panel::of(kind, seed);
        for year in FIRST..=LAST {
            one_year(&mut ways, &mut standards, &panel, year);
        }
    }
    ways
}

fn one_year(ways: &mut Ways, standards: &mut Standards, panel: &Panel, year: i32) {
    let past = |series: Vec<Series>| -> Vec<Series> {
        series.iter().map(|series| until(series, year)).collect()
    };
    let totals = past(panel.totals());
    let parts: Vec<Vec<Series>> = (0..panel::PARTS).map(|part| past(panel.part(part))).collect();
    // Provinces are taken to move alike: one fit of all serves each, with its own last figure.
    let step = |all: &[Series]| walk::fit(&all[0], &all[1..], false).unwrap().at(year);
    let step_of_total = step(&totals);
    let step_of_part: Vec<Spread> = parts.iter().map(|all| step(all)).collect();
    for province in 0..totals.len() {
        let came = panel.total(province, year);
        let last = totals[province][&(year - 1)];
        let own = walk::fit(&totals[province], &[], false).unwrap().at(year);
        ways.naive.take(&Distribution::certain(tally::decimal(last)), came);
        ways.own.take(&standards.of(own), came);
        ways.all.take(&standards.of(Spread { middle: last, ..step_of_total }), came);
        ways.drift.take(&standards.of(drift(&totals[province])), came);
        let of_parts: Vec<Spread> = (0..panel::PARTS)
            .map(|part| {
                let last = parts[part][province][&(year - 1)];
                Spread { middle: last, ..step_of_part[part] }
            })
            .collect();
        let spread: Vec<Distribution> = of_parts.iter().map(|of| standards.of(*of)).collect();
        for (part, found) in spread.iter().enumerate() {
            ways.parts.take(found, panel.figure(part, province, year));
        }
        ways.together.take(&Distribution::sum(&spread), came);
        let independent = of_parts.into_iter().reduce(Spread::with).unwrap();
        ways.independent.take(&standards.of(independent), came);
    }
}

/// What is not done: the mean of the own steps goes on.
fn drift(own: &Series) -> Spread {
    let figures: Vec<f64> = own.values().copied().collect();
    let steps: Vec<f64> = figures.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let count = f64::from(u16::try_from(steps.len()).unwrap());
    let mean = steps.iter().sum::<f64>() / count;
    let square = steps.iter().map(|step| (step - mean).powi(2)).sum::<f64>() / (count - 1.0);
    Spread {
        middle: figures.last().unwrap() + mean,
        scale: (square * (1.0 + 1.0 / count)).sqrt(),
        degrees_of_freedom: count - 1.0,
    }
}

fn lines(kind: Kind, ways: &Ways) -> Vec<String> {
    let named = [
        ("as last year (not used)", &ways.naive),
        ("**the province's own years**", &ways.own),
        ("**years of all provinces**", &ways.all),
        ("own years with drift (not used)", &ways.drift),
        ("**sum of the parts, moving together**", &ways.together),
        ("sum of the parts, independent (not used)", &ways.independent),
        ("**one part, years of all provinces**", &ways.parts),
    ];
    named.map(|(name, tally)| format!("| {} | {name} | {} |", kind.name(), tally.line())).into()
}

fn documented() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/forecast/README.md");
    fs::read_to_string(path).unwrap()
}

fn assert_documented(lines: &[String]) {
    let text = documented();
    let missing: Vec<&String> = lines.iter().filter(|line| !text.contains(line.as_str())).collect();
    assert!(missing.is_empty(), "src/forecast/README.md lacks, now:\n{}", lines.join("\n"));
}

#[test]
fn intervals_from_published_years_hold_as_often_as_they_say() {
    let ways = ways(Kind::Noisy, PANELS);

    for (name, tally) in [("own", &ways.own), ("all", &ways.all), ("parts", &ways.parts)] {
        assert!(tally.within_80() > 0.77, "{name}: {}", tally.line());
        assert!(tally.within_95() > 0.93, "{name}: {}", tally.line());
        // Nor are they so wide that they say nothing.
        assert!(tally.within_80() < 0.90, "{name}: {}", tally.line());
    }
    assert!(ways.all.score() < ways.naive.score(), "{}", ways.all.line());
    assert!(ways.own.score() < ways.naive.score(), "{}", ways.own.line());
    assert!(ways.all.score() < ways.own.score(), "years of all provinces tell more");
    assert!(ways.all.score() < ways.drift.score(), "a drift of few years is luck");
    assert_documented(&lines(Kind::Noisy, &ways));
}

#[test]
fn parts_that_move_together_are_not_taken_as_independent() {
    let ways = ways(Kind::Noisy, 2);

    assert!(ways.together.within_80() > 0.80, "{}", ways.together.line());
    assert!(ways.together.within_95() > 0.95, "{}", ways.together.line());
    assert!(ways.independent.within_80() < 0.75, "{}", ways.independent.line());
    assert!(ways.independent.within_95() < 0.93, "{}", ways.independent.line());
    assert!(ways.all.score() < ways.together.score(), "the own series of a sum tells more");
}

#[test]
fn what_rises_every_year_is_told_too_low_and_still_held() {
    let ways = ways(Kind::Rising, PANELS);

    assert!(ways.all.within_95() > 0.90, "{}", ways.all.line());
    assert!(ways.all.score() < ways.naive.score(), "{}", ways.all.line());
    assert_documented(&lines(Kind::Rising, &ways));
}
