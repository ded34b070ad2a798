//! A made-up survey asked commune by commune, forecast while it is under way and held against its last day.
//! Illustrative.
//!
//! Fourteen districts of four communes each, 40 answers a commune; communes are satisfied with 80 %, give or
//! take (on the logit scale a standard deviation of 0.5), and are asked in random order. Self-assessments,
//! too: nine of ten are accepted as they are, the tenth loses up to a third.

use cchc_core::Decimal;
use cchc_scoring::{
    forecast::{appraisal, fieldwork, real, reports},
    survey::{
        Tally as Answers,
        means::{Commune, Kind, Said, estimate},
    },
};

use super::{chance::Chance, tally::Tally};

const DISTRICTS: usize = 14;
const COMMUNES: usize = 4;
const ANSWERS: i64 = 40;
const SURVEYS: u64 = 250;

fn satisfied(chance: &mut Chance) -> i64 {
    let logit = (0.8_f64 / 0.2).ln() + chance.normal(0.5);
    let share = 1.0 / (1.0 + (-logit).exp());
    (0..ANSWERS).map(|_| i64::from(chance.uniform() < share)).sum()
}

/// Every commune with its district, in the order in which they are asked: round after round, so that no
/// district waits for another.
fn asked(chance: &mut Chance) -> Vec<(usize, i64)> {
    let mut communes = Vec::new();
    for _ in 0..COMMUNES {
        let mut districts: Vec<usize> = (0..DISTRICTS).collect();
        while !districts.is_empty() {
            let district = districts.remove(chance.below(districts.len()));
            communes.push((district, satisfied(chance)));
        }
    }
    communes
}

fn so_far(communes: &[(usize, i64)]) -> fieldwork::SoFar {
    let of = |(district, satisfied): &(usize, i64)| {
        let tally = Answers { satisfied: *satisfied, valid: ANSWERS, not_answered: 0 };
        Commune::new(*district, Decimal::ONE, ANSWERS, Said::satisfied(tally))
    };
    let asked: Vec<Commune> = communes.iter().map(of).collect();
    let figure = estimate(&asked, &[None; DISTRICTS], Kind::Share).unwrap();
    let (count, all) = (communes.len(), DISTRICTS * COMMUNES);
    let degrees = u16::try_from(figure.degrees_of_freedom).unwrap();
    let share = |n: usize| f64::from(u16::try_from(n).unwrap());
    fieldwork::SoFar {
        value: figure.value,
        error: figure.error,
        degrees_of_freedom: f64::from(degrees),
        answers: ANSWERS * i64::try_from(count).unwrap(),
        done: share(count) / share(all),
    }
}

#[test]
fn a_survey_under_way_ends_within_its_intervals_as_often_as_they_say() {
    let mut lines = Vec::new();
    for rounds in [2, 3] {
        let (mut told, mut naive) = (Tally::default(), Tally::default());
        for seed in 0..SURVEYS {
            let communes = asked(&mut Chance::of(1000 + seed));
            let end = so_far(&communes);
            let now = so_far(&communes[..rounds * DISTRICTS]);

            let found = fieldwork::forecast(&[now], Kind::Share).unwrap();

            told.take(&found, end.value);
            let as_now = fieldwork::SoFar { done: 1.0, ..now };
            naive.take(&fieldwork::forecast(&[as_now], Kind::Share).unwrap(), end.value);
            let over = fieldwork::forecast(&[end], Kind::Share).unwrap();
            assert!(over.is_certain(), "the last day has come");
        }
        assert!(told.within_80() > 0.73, "{rounds}: {}", told.line());
        assert!(told.within_95() > 0.91, "{rounds}: {}", told.line());
        assert!(told.score() < naive.score(), "{} {}", told.line(), naive.line());
        for (name, tally) in [("as now (not used)", naive), ("**fieldwork**", told)] {
            lines.push(format!(
                "| {rounds} of 4 communes asked | {name} | {} |",
                in_percent(&tally)
            ));
        }
    }
    super::assert_documented(&lines);
}

/// Shares are small beside points: their width and score are told in per cent.
fn in_percent(tally: &Tally) -> String {
    tally.scaled(100.0).line()
}

#[test]
fn units_that_report_late_are_held_by_those_in_time() {
    let mut lines = Vec::new();
    for counted in [15, 40] {
        let mut told = Tally::default();
        for seed in 0..250 {
            let mut chance = Chance::of(5000 + seed);
            let units: Vec<(f64, f64)> = (0..60)
                .map(|_| {
                    let whole = (50.0 + 150.0 * chance.uniform()).round();
                    let share = (0.85 + chance.normal(0.08)).clamp(0.0, 1.0);
                    ((whole * share).round(), whole)
                })
                .collect();
            let all: (f64, f64) =
                units.iter().fold((0.0, 0.0), |sum, unit| (sum.0 + unit.0, sum.1 + unit.1));
            let so_far = reports::SoFar {
                units: units[..counted].to_vec(),
                expected: 60,
                is_whole_year: true,
                ..reports::SoFar::default()
            };

            let found = reports::forecast(&so_far, reports::Moves::Around).unwrap();

            told.take(&found.distribution(), all.0 / all.1);
        }
        assert!(told.within_80() > 0.75, "{counted}: {}", told.line());
        assert!(told.within_95() > 0.92, "{counted}: {}", told.line());
        lines.push(format!(
            "| {counted} of 60 units have reported | **reports** | {} |",
            in_percent(&told)
        ));
    }
    super::assert_documented(&lines);
}

#[test]
fn appraisals_to_come_are_held_by_those_that_came() {
    let mut told = Tally::default();
    for seed in 0..400 {
        let mut chance = Chance::of(9000 + seed);
        let mut taken = || match chance.uniform() {
            often if often < 0.9 => 0.0,
            _ => -chance.uniform() / 3.0,
        };
        let others: Vec<f64> = (0..20).map(|_| taken()).collect();
        let came = 0.85 + taken();

        let found = appraisal::forecast(0.85, &others).unwrap();

        told.take(&found, came);
        assert!(real(found.middle()) > 0.8);
    }
    assert!(told.within_80() > 0.80, "{}", told.line());
    super::assert_documented(&[format!(
        "| 20 others appraised | **appraisals** | {} |",
        in_percent(&told)
    )]);
}
