//! Rules in English, for whoever asks with `--lang en`: the same parts in the same order as in Vietnamese.

use cchc_core::Decimal;

use super::joined;
use crate::rule::{Band, Bound, Condition, FormulaCase, Rule, Step};

/// A rule, in English.
#[must_use]
pub fn rule_en(rule: &Rule) -> String {
    match rule {
        Rule::Assessed => {
            "Points given by the unit itself or by the appraisers, with evidence".to_owned()
        }
        Rule::YesNo => "Met: the maximum; not met: 0 points".to_owned(),
        Rule::States { states } => {
            let state =
                joined(states, |state| format!("{}: {}", state.title_en, of(state.points.get())));
            format!("Points by what is found: {state}")
        }
        Rule::Conjunction { conditions, .. } => format!(
            "The maximum when every condition holds, otherwise 0 points: {}",
            joined(conditions, condition)
        ),
        Rule::Formula { variables, cases } => {
            let terms = joined(variables, |term| format!("{} = {}", term.name, term.title_en));
            format!("Points by formula: {}; where {terms}", joined(cases, case))
        }
        Rule::Share => "The share in per cent of the maximum".to_owned(),
        Rule::Linear { target, floor, ceiling } => linear(*target, *floor, *ceiling),
        Rule::Bands { bands } => {
            format!("Points by the band of the share: {}", joined(bands, band))
        }
        Rule::CountSteps { steps } => format!("Points by count: {}", ladder(steps, "from", "")),
        Rule::GrowthSteps { steps } => {
            format!("Points by growth over last year: {}", ladder(steps, "up by", "%"))
        }
        Rule::Satisfaction => {
            "The share of satisfied and very satisfied answers of the maximum".to_owned()
        }
        Rule::Options { options } => {
            let worth = joined(options, |answer| {
                format!("{} ({}): {}%", answer.option, answer.title_en, figure(answer.percent))
            });
            format!("The maximum by the mean worth of the answers: {worth}")
        }
        Rule::External { index, bands } if bands.is_empty() => {
            format!("{index} as published (%), of the maximum")
        }
        Rule::External { index, bands } => {
            format!("Points by {index} as published: {}", joined(bands, band))
        }
        Rule::Bonus { each, cap } => {
            let cap = cap.map_or_else(String::new, |cap| format!(", at most {}", of(cap.get())));
            format!("{} for each one counted{cap}", of(each.get()))
        }
        Rule::Deduction { each, cap } => {
            let cap = cap.map_or_else(String::new, |cap| format!(", at most {}", of(cap.get())));
            format!("The maximum less {} for each one counted{cap}", of(each.get()))
        }
    }
}

fn of(points: Decimal) -> String {
    let unit = if points == Decimal::ONE { "point" } else { "points" };
    format!("{} {unit}", figure(points))
}

fn condition(condition: &Condition) -> String {
    match &condition.when {
        Some(when) => format!("{} [{when}]", condition.title_en),
        None => condition.title_en.clone(),
    }
}

fn case(case: &FormulaCase) -> String {
    let when = case.when.as_ref().map_or_else(String::new, |when| format!("{when}: "));
    format!("{} [{when}{}]", case.text_en, case.points)
}

fn linear(target: Decimal, floor: Option<Decimal>, ceiling: Option<Decimal>) -> String {
    let below =
        floor.map_or_else(String::new, |floor| format!("; under {}%: 0 points", figure(floor)));
    let to = ceiling.map_or_else(String::new, |_| format!(" to {}%", figure(target)));
    let full = figure(ceiling.unwrap_or(target));
    format!("From {full}% on: the maximum; less: in proportion{to}{below}")
}

fn band(band: &Band) -> String {
    let from = |bound: &Bound| {
        let word = if bound.inclusive { "from" } else { "over" };
        format!("{word} {}%", figure(bound.percent))
    };
    let to = |bound: &Bound| {
        let word = if bound.inclusive { "up to" } else { "under" };
        format!("{word} {}%", figure(bound.percent))
    };
    let range = match (&band.from, &band.to) {
        (Some(low), Some(high)) => format!("{} {}", from(low), to(high)),
        (Some(low), None) => from(low),
        (None, Some(high)) => to(high),
        (None, None) => "any share".to_owned(),
    };
    format!("{range}: {}", of(band.points.get()))
}

fn ladder(steps: &[Step], from: &str, unit: &str) -> String {
    let step =
        |step: &Step| format!("{from} {}{unit}: {}", figure(step.at_least), of(step.points.get()));
    let mut steps: Vec<String> = steps.iter().map(step).collect();
    steps.push("less: 0 points".to_owned());
    steps.join("; ")
}

fn figure(value: Decimal) -> String {
    value.normalize().to_string()
}
