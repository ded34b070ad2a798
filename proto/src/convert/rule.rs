//! How a leaf is scored. Whether a rule makes sense (bands without gap, steps that rise, units that go
//! together) is the science's to say; here it is only read, expressions included.

use cchc_core::{Collector, Points};
use cchc_scoring::rule::{
    AnswerOption, Band, Bound, Condition, Expression, FormulaCase, Rule, State, Step, Term,
};

use super::{
    index::measure,
    limits,
    parts::{list, optional_part, text},
    values::{decimal, optional_decimal, optional_points, points},
};
use crate::{
    common::v1::Decimal,
    registry::v1::{self as pb, rule as parts},
};

impl From<&Rule> for pb::Rule {
    fn from(rule: &Rule) -> Self {
        let kind = match rule {
            Rule::Assessed => parts::Kind::Assessed(parts::Assessed {}),
            Rule::YesNo => parts::Kind::YesNo(parts::YesNo {}),
            Rule::States { states } => parts::Kind::States(parts::States { states: all(states) }),
            Rule::Conjunction { variables, conditions } => {
                let (variables, conditions) = (all(variables), all(conditions));
                parts::Kind::Conjunction(parts::Conjunction { variables, conditions })
            }
            Rule::Formula { variables, cases } => {
                let (variables, cases) = (all(variables), all(cases));
                parts::Kind::Formula(parts::Formula { variables, cases })
            }
            Rule::Share => parts::Kind::Share(parts::Share {}),
            Rule::Linear { target, floor, ceiling } => parts::Kind::Linear(parts::Linear {
                target_percent: Some((*target).into()),
                floor_percent: floor.map(Into::into),
                ceiling_percent: ceiling.map(Into::into),
            }),
            Rule::Bands { bands } => parts::Kind::Bands(parts::Bands { bands: all(bands) }),
            Rule::CountSteps { steps } => parts::Kind::CountSteps(written(steps)),
            Rule::GrowthSteps { steps } => parts::Kind::GrowthSteps(written(steps)),
            Rule::Satisfaction => parts::Kind::Satisfaction(parts::Satisfaction {}),
            Rule::Options { options } => {
                parts::Kind::Options(parts::Options { options: all(options) })
            }
            Rule::External { index, bands } => {
                let (index, bands) = (index.clone(), all(bands));
                parts::Kind::External(parts::External { index, bands })
            }
            Rule::Bonus { each, cap } => {
                let (each, cap) = (Some((*each).into()), cap.map(Into::into));
                parts::Kind::Bonus(parts::Bonus { each, cap })
            }
            Rule::Deduction { each, cap } => {
                let (each, cap) = (Some((*each).into()), cap.map(Into::into));
                parts::Kind::Deduction(parts::Deduction { each, cap })
            }
        };
        Self { kind: Some(kind) }
    }
}

fn all<'a, T, M: From<&'a T>>(parts: &'a [T]) -> Vec<M> {
    parts.iter().map(Into::into).collect()
}

impl From<&State> for parts::State {
    fn from(state: &State) -> Self {
        Self {
            title: state.title.clone(),
            title_en: state.title_en.clone(),
            points: Some(state.points.into()),
        }
    }
}

impl From<&Condition> for parts::Condition {
    fn from(condition: &Condition) -> Self {
        Self {
            title: condition.title.clone(),
            title_en: condition.title_en.clone(),
            when: condition.when.as_ref().map(ToString::to_string).unwrap_or_default(),
        }
    }
}

impl From<&Term> for parts::Term {
    fn from(term: &Term) -> Self {
        Self {
            name: term.name.clone(),
            variable_code: term.variable.to_string(),
            measure: pb::variable::Measure::from(term.measure).into(),
            title: term.title.clone(),
            title_en: term.title_en.clone(),
        }
    }
}

impl From<&FormulaCase> for parts::FormulaCase {
    fn from(case: &FormulaCase) -> Self {
        Self {
            text: case.text.clone(),
            text_en: case.text_en.clone(),
            when: case.when.as_ref().map(ToString::to_string).unwrap_or_default(),
            points: case.points.to_string(),
        }
    }
}

impl From<&AnswerOption> for parts::Option {
    fn from(answer: &AnswerOption) -> Self {
        Self {
            option: answer.option.clone(),
            title: answer.title.clone(),
            title_en: answer.title_en.clone(),
            percent: Some(answer.percent.into()),
        }
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
        parts::Kind::YesNo(parts::YesNo {}) => Some(Rule::YesNo),
        parts::Kind::States(parts::States { states }) => {
            let states = c.at("states", |c| filled(c, "states", states, state))?;
            Some(Rule::States { states })
        }
        parts::Kind::Conjunction(message) => c.at("conjunction", |c| conjunction(c, message)),
        parts::Kind::Formula(message) => c.at("formula", |c| formula(c, message)),
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
        parts::Kind::Satisfaction(parts::Satisfaction {}) => Some(Rule::Satisfaction),
        parts::Kind::Options(parts::Options { options }) => {
            let options = c.at("options", |c| filled(c, "options", options, answer))?;
            Some(Rule::Options { options })
        }
        parts::Kind::External(message) => c.at("external", |c| external(c, message)),
        parts::Kind::Bonus(parts::Bonus { each, cap }) => {
            let (each, cap) = c.at("bonus", |c| each_and_cap(c, each, cap))?;
            Some(Rule::Bonus { each, cap })
        }
        parts::Kind::Deduction(parts::Deduction { each, cap }) => {
            let (each, cap) = c.at("deduction", |c| each_and_cap(c, each, cap))?;
            Some(Rule::Deduction { each, cap })
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
    let parts::Linear { target_percent, floor_percent, ceiling_percent } = message;
    let target = decimal(c, "target_percent", target_percent);
    let floor = optional_decimal(c, "floor_percent", floor_percent);
    let ceiling = optional_decimal(c, "ceiling_percent", ceiling_percent);
    Some(Rule::Linear { target: target?, floor: floor?, ceiling: ceiling? })
}

fn state(c: &mut Collector, message: parts::State) -> Option<State> {
    let parts::State { title, title_en, points: gives } = message;
    let (title, title_en) = titles(c, &title, &title_en);
    let points = points(c, "points", gives);
    Some(State { title: title?, title_en: title_en?, points: points? })
}

fn conjunction(c: &mut Collector, message: parts::Conjunction) -> Option<Rule> {
    let parts::Conjunction { variables, conditions } = message;
    let variables = list(c, "variables", limits::STEPS, variables, term);
    let conditions = filled(c, "conditions", conditions, condition);
    Some(Rule::Conjunction { variables: variables?, conditions: conditions? })
}

fn condition(c: &mut Collector, message: parts::Condition) -> Option<Condition> {
    let parts::Condition { title, title_en, when } = message;
    let (title, title_en) = titles(c, &title, &title_en);
    let when = c.parse_optional::<Expression>("when", &when);
    Some(Condition { title: title?, title_en: title_en?, when: when? })
}

fn formula(c: &mut Collector, message: parts::Formula) -> Option<Rule> {
    let parts::Formula { variables, cases } = message;
    let variables = filled(c, "variables", variables, term);
    let cases = filled(c, "cases", cases, case);
    Some(Rule::Formula { variables: variables?, cases: cases? })
}

fn term(c: &mut Collector, message: parts::Term) -> Option<Term> {
    let parts::Term { name, variable_code, measure: of, title, title_en } = message;
    let name = text::<{ limits::WORD }>(c, "name", &name);
    let variable = c.parse("variable_code", &variable_code);
    let measure = measure(c, "measure", of);
    let (title, title_en) = titles(c, &title, &title_en);
    Some(Term {
        name: name?,
        variable: variable?,
        measure: measure?,
        title: title?,
        title_en: title_en?,
    })
}

fn case(c: &mut Collector, message: parts::FormulaCase) -> Option<FormulaCase> {
    let parts::FormulaCase { text: wording, text_en, when, points } = message;
    let wording = text::<{ limits::TITLE }>(c, "text", &wording);
    let text_en = text::<{ limits::TITLE }>(c, "text_en", &text_en);
    let when = c.parse_optional::<Expression>("when", &when);
    let points = c.parse::<Expression>("points", &points);
    Some(FormulaCase { text: wording?, text_en: text_en?, when: when?, points: points? })
}

fn answer(c: &mut Collector, message: parts::Option) -> Option<AnswerOption> {
    let parts::Option { option, title, title_en, percent } = message;
    let option = text::<{ limits::WORD }>(c, "option", &option);
    let (title, title_en) = titles(c, &title, &title_en);
    let percent = decimal(c, "percent", percent);
    Some(AnswerOption { option: option?, title: title?, title_en: title_en?, percent: percent? })
}

fn external(c: &mut Collector, message: parts::External) -> Option<Rule> {
    let parts::External { index, bands } = message;
    let index = text::<{ limits::WORD }>(c, "index", &index);
    let bands = list(c, "bands", limits::STEPS, bands, band);
    Some(Rule::External { index: index?, bands: bands? })
}

fn each_and_cap(
    c: &mut Collector,
    each: Option<Decimal>,
    cap: Option<Decimal>,
) -> Option<(Points, Option<Points>)> {
    let each = points(c, "each", each);
    let cap = optional_points(c, "cap", cap);
    Some((each?, cap?))
}

fn titles(c: &mut Collector, title: &str, title_en: &str) -> (Option<String>, Option<String>) {
    let title = text::<{ limits::TITLE }>(c, "title", title);
    (title, text::<{ limits::TITLE }>(c, "title_en", title_en))
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
