//! How a leaf is scored. Whether a rule makes sense (bands without gap, steps that rise) is the
//! science's to say; here it is only read.

use cchc_core::Collector;
use cchc_scoring::rule::{Band, Bound, Rule, Step};

use super::{
    limits,
    parts::{list, optional_part},
    values::{decimal, optional_decimal, points},
};
use crate::registry::v1::{self as pb, rule as parts};

impl From<&Rule> for pb::Rule {
    fn from(rule: &Rule) -> Self {
        let kind = match rule {
            Rule::Assessed => parts::Kind::Assessed(parts::Assessed {}),
            Rule::Share => parts::Kind::Share(parts::Share {}),
            Rule::Linear { target, floor } => parts::Kind::Linear(parts::Linear {
                target_percent: Some((*target).into()),
                floor_percent: floor.map(Into::into),
            }),
            Rule::Bands { bands } => {
                parts::Kind::Bands(parts::Bands { bands: bands.iter().map(Into::into).collect() })
            }
            Rule::CountSteps { steps } => parts::Kind::CountSteps(written(steps)),
            Rule::GrowthSteps { steps } => parts::Kind::GrowthSteps(written(steps)),
        };
        Self { kind: Some(kind) }
    }
}

impl From<&Band> for parts::Band {
    fn from(band: &Band) -> Self {
        Self {
            from: band.from.as_ref().map(Into::into),
            to: band.to.as_ref().map(Into::into),
            points: Some(band.points.into()),
        }
    }
}

impl From<&Bound> for parts::Bound {
    fn from(bound: &Bound) -> Self {
        Self { percent: Some(bound.percent.into()), is_inclusive: bound.inclusive }
    }
}

fn written(steps: &[Step]) -> parts::Steps {
    let step = |step: &Step| parts::Step {
        at_least: Some(step.at_least.into()),
        points: Some(step.points.into()),
    };
    parts::Steps { steps: steps.iter().map(step).collect() }
}

/// Reads a rule.
pub fn rule(c: &mut Collector, pb::Rule { kind }: pb::Rule) -> Option<Rule> {
    match c.require("kind", kind)? {
        parts::Kind::Assessed(parts::Assessed {}) => Some(Rule::Assessed),
        parts::Kind::Share(parts::Share {}) => Some(Rule::Share),
        parts::Kind::Linear(message) => c.at("linear", |c| linear(c, message)),
        parts::Kind::Bands(parts::Bands { bands }) => {
            let bands = c.at("bands", |c| filled(c, "bands", bands, band))?;
            Some(Rule::Bands { bands })
        }
        parts::Kind::CountSteps(parts::Steps { steps }) => {
            let steps = c.at("count_steps", |c| filled(c, "steps", steps, step))?;
            Some(Rule::CountSteps { steps })
        }
        parts::Kind::GrowthSteps(parts::Steps { steps }) => {
            let steps = c.at("growth_steps", |c| filled(c, "steps", steps, step))?;
            Some(Rule::GrowthSteps { steps })
        }
    }
}

fn filled<M, T>(
    c: &mut Collector,
    field: &str,
    messages: Vec<M>,
    read: impl FnMut(&mut Collector, M) -> Option<T>,
) -> Option<Vec<T>> {
    let messages = c.require(field, Some(messages).filter(|messages| !messages.is_empty()))?;
    list(c, field, limits::STEPS, messages, read)
}

fn linear(c: &mut Collector, message: parts::Linear) -> Option<Rule> {
    let parts::Linear { target_percent, floor_percent } = message;
    let target = decimal(c, "target_percent", target_percent);
    let floor = optional_decimal(c, "floor_percent", floor_percent);
    Some(Rule::Linear { target: target?, floor: floor? })
}

fn band(c: &mut Collector, parts::Band { from, to, points: gives }: parts::Band) -> Option<Band> {
    let from = optional_part(c, "from", from, bound);
    let to = optional_part(c, "to", to, bound);
    let points = points(c, "points", gives);
    Some(Band { from: from?, to: to?, points: points? })
}

fn bound(c: &mut Collector, message: parts::Bound) -> Option<Bound> {
    let parts::Bound { percent, is_inclusive } = message;
    let percent = decimal(c, "percent", percent);
    Some(Bound { percent: percent?, inclusive: is_inclusive })
}

fn step(c: &mut Collector, parts::Step { at_least, points: gives }: parts::Step) -> Option<Step> {
    let at_least = decimal(c, "at_least", at_least);
    let points = points(c, "points", gives);
    Some(Step { at_least: at_least?, points: points? })
}
