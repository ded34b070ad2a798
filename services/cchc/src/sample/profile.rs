//! How the made-up year went: which promises are kept and which are missed, how content citizens are.
//!
//! Chosen so that a demonstration has something of everything: a promise kept by a hair, one clearly
//! missed, a figure of 2020 half way. For a plan with other variables and questions there are plain
//! defaults. All of it is our invention.

use cchc_core::NodeId;
use cchc_scoring::catalogue::{Measure, Unit, UnitKind, Variable};

use super::draw::Draw;
use cchc_scoring::questionnaire::QuestionKind;

/// Thursdays of 2018 but for the one in the Tết holidays.
const THURSDAYS: u64 = 51;
/// Periodic reports of a year.
const REPORTS: u64 = 4;

/// What a unit reports of a variable: numerator, and denominator unless it is a count.
pub(super) fn figures(variable: &Variable, unit: &Unit, draw: &mut Draw) -> (u64, Option<u64>) {
    let share = |draw: &mut Draw, of: u64, per_mille: u64| (draw.of(of, per_mille), Some(of));
    match variable.code.as_str() {
        "INITIATIVES" => {
            let leads = unit.code.as_str() == "22-SNV";
            (u64::from(leads) + u64::from(draw.happens(90)), None)
        }
        // Up by about a fifth: promised were three tenths.
        "NEW-ENTERPRISES" => {
            let before = draw.between(1_700, 1_900);
            (before * draw.between(115, 124) / 100, Some(before))
        }
        "HEALTH-INSURANCE" => {
            let people = draw.between(18_000, 160_000);
            (people * draw.between(872, 938) / 1_000, Some(people))
        }
        "COMMUNE-OFFICIALS" => {
            let officials = draw.between(18, 25);
            share(draw, officials, 968)
        }
        // Some offices are never late; then there is nothing to apologise for.
        "LATE-APOLOGIES" => {
            let late = if draw.happens(200) { 0 } else { draw.between(4, 46) };
            share(draw, late, 915)
        }
        "SINGLE-SUPPLEMENT" => {
            let most = if unit.kind == UnitKind::District { 420 } else { 60 };
            let dossiers = draw.between(most / 6, most);
            share(draw, dossiers, 934)
        }
        "RECEPTIONS" => share(draw, THURSDAYS, 957),
        "REPORTS-ON-TIME" => share(draw, REPORTS, 926),
        _ => match variable.measure {
            Measure::Count => (draw.below(4), None),
            Measure::Share => {
                let things = draw.between(40, 200);
                share(draw, things, 930)
            }
            Measure::Growth => {
                let before = draw.between(100, 200);
                (before * draw.between(102, 115) / 100, Some(before))
            }
        },
    }
}

/// How often a question is answered, and how, in thousandths.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mood {
    /// Whom it does not concern.
    pub(super) unconcerned: u64,
    /// Satisfied answers, or "yes", out of those given.
    pub(super) well: u64,
    /// How far districts, communes and people differ from each other.
    pub(super) spread: u64,
}

/// How citizens feel about what a question counts for.
pub(super) fn mood(node: Option<&NodeId>, kind: QuestionKind) -> Mood {
    let mood = |unconcerned, well, spread| Mood { unconcerned, well, spread };
    match (node.map(ToString::to_string).unwrap_or_default().as_str(), kind) {
        ("SIPAS-2018/0", _) => mood(0, 915, 30),
        ("SIPAS-2018/1", _) => mood(0, 908, 30),
        ("SIPAS-2018/2", _) => mood(0, 931, 25),
        ("SIPAS-2018/3", _) => mood(0, 922, 30),
        ("SIPAS-2018/4", _) => mood(0, 948, 20),
        ("SIPAS-2018/5", _) => mood(0, 874, 40),
        // The plan quotes 5.41, 34.15, 32.25, 51.80, 14.33 and 5.47 % for the year before.
        ("QN-2018/9", _) => mood(0, 88, 20),
        ("QN-2018/10", _) => mood(550, 392, 40),
        ("QN-2018/11", _) => mood(480, 296, 40),
        ("QN-2018/12", _) => mood(120, 566, 50),
        ("QN-2018/13", _) => mood(0, 108, 25),
        ("QN-2018/14", _) => mood(0, 43, 12),
        (_, QuestionKind::Likert5 | QuestionKind::Likert4 | QuestionKind::Likert3) => {
            mood(0, 900, 30)
        }
        (
            _,
            QuestionKind::YesNo
            | QuestionKind::SingleChoice
            | QuestionKind::Number
            | QuestionKind::Text,
        ) => mood(0, 500, 50),
    }
}
