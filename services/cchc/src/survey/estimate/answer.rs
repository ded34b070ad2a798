//! What a statistic says: figures with their standard errors and intervals, or a test.
#![expect(clippy::float_arithmetic, reason = "standard errors are real-valued")]

mod about;
mod tests_of_change;

use std::{collections::BTreeMap, path::Path};

use cchc_scoring::survey::{
    combination::Combination,
    compare::rank_intervals,
    interval::{Basis, Interval, interval},
    sample::{Estimates, Question, Reference, influence, simple_variance},
    special::real,
};
use serde_json::{Map, Value, json};

use self::about::About;
use super::{
    fault::Fault,
    frame::Frame,
    spec::{Deff, DfWord, EstimateSpec, Stat},
    statistic::{Asked, holds},
    table::Table,
};

/// A group of a statistic: its label, its columns' labels, and its rows.
pub(super) struct Group {
    label: Option<String>,
    labels: Map<String, Value>,
    domain: Vec<bool>,
}

/// Computes what an estimate asks for.
pub(super) fn answer(
    spec: &EstimateSpec,
    table: &Table,
    frame: &Frame,
    folder: &Path,
) -> Result<Value, Fault> {
    let asked = Asked::new(spec, table, folder)?;
    let name = spec.name.clone();
    let groups = groups(spec, table)?;
    let mut results = Vec::new();
    let mut covariances = Vec::new();
    for group in &groups {
        let domain = counted(spec, &asked, group);
        match spec.stat {
            Stat::Chisq => {
                results.push(tests_of_change::independence(spec, &asked, group, frame, table)?);
            }
            Stat::Ttest | Stat::TwoSurveys => {
                results.push(tests_of_change::groups(spec, &asked, group, &domain, frame, table)?);
            }
            _ => {
                let (figures, covariance) = figures(spec, &asked, group, &domain, frame)?;
                results.extend(figures);
                covariances.push(covariance);
            }
        }
    }
    if spec.stat == Stat::TestPublished {
        tests_of_change::adjust_p_values(&mut results);
    }
    if spec.ranks {
        add_ranks(&mut results, spec.confidence);
    }
    let mut answer = json!({ "name": name, "stat": stat_word(spec.stat), "results": results });
    if spec.vcov
        && let Some(map) = answer.as_object_mut()
    {
        let one = covariances.pop().filter(|_| covariances.is_empty());
        map.insert("vcov".to_owned(), one.map_or(Value::Null, Value::from));
    }
    Ok(answer)
}

const fn stat_word(stat: Stat) -> &'static str {
    match stat {
        Stat::Mean => "mean",
        Stat::Total => "total",
        Stat::Ratio => "ratio",
        Stat::Prop => "prop",
        Stat::Rate => "rate",
        Stat::PooledRate => "pooled_rate",
        Stat::MeanOfItemRates => "mean_of_item_rates",
        Stat::MeanOfComponents => "mean_of_components",
        Stat::ScaledMean => "scaled_mean",
        Stat::PapiScore => "papi_score",
        Stat::PropCi => "prop_ci",
        Stat::Chisq => "chisq",
        Stat::Ttest => "ttest",
        Stat::TwoSurveys => "two_surveys",
        Stat::TestPublished => "test_published",
    }
}

/// The groups of `by` within the domain; one without a label when there is no `by`.
fn groups(spec: &EstimateSpec, table: &Table) -> Result<Vec<Group>, Fault> {
    let domain = match &spec.domain {
        Some(text) => holds("estimate.domain", text, table)?,
        None => vec![true; table.len()],
    };
    let by = spec.by.as_slice();
    if by.is_empty() {
        return Ok(vec![Group { label: None, labels: Map::new(), domain }]);
    }
    let mut columns = Vec::new();
    for name in by {
        let column = super::expression::evaluate(name, table)
            .map_err(|why| Fault::formula("estimate.by", why))?;
        columns.push((name, column.levels(), column.labels()));
    }
    let mut members: BTreeMap<Vec<usize>, (Vec<String>, Vec<bool>)> = BTreeMap::new();
    for (row, is_in) in domain.iter().enumerate() {
        let labels: Option<Vec<String>> =
            columns.iter().map(|(_, _, labels)| labels.get(row).cloned().flatten()).collect();
        if let (true, Some(labels)) = (is_in, labels) {
            let place = |((_, levels, _), label): (&(_, Vec<String>, _), &String)| {
                levels.iter().position(|level| level == label).unwrap_or(0)
            };
            let key: Vec<usize> = columns.iter().zip(&labels).map(place).collect();
            let entry = members.entry(key).or_insert_with(|| (labels, vec![false; table.len()]));
            entry.1.get_mut(row).into_iter().for_each(|member| *member = true);
        }
    }
    let group = |(labels, domain): (Vec<String>, Vec<bool>)| Group {
        label: Some(labels.join(".")),
        labels: by.iter().cloned().zip(labels.into_iter().map(Value::from)).collect(),
        domain,
    };
    Ok(members.into_values().map(group).collect())
}

/// The rows of a group that count for the statistic.
fn counted(spec: &EstimateSpec, asked: &Asked, group: &Group) -> Vec<bool> {
    let rows = group.domain.iter().zip(&asked.is_complete);
    rows.map(|(is_in, is_complete)| *is_in && (*is_complete || !spec.na_rm)).collect()
}

/// How much a domain tells of its own uncertainty.
pub(super) struct Freedom {
    /// The domain's own degrees of freedom.
    pub domain: f64,
    /// Those of the whole design.
    pub design: f64,
    /// Those that were asked for.
    pub used: f64,
}

impl Freedom {
    pub fn new(spec: &EstimateSpec, domain: &[bool], frame: &Frame) -> Result<Self, Fault> {
        let of_domain = real(frame.degrees_of_freedom(domain));
        let design = real(frame.degrees_of_freedom(&vec![true; domain.len()]));
        let used = match &spec.df {
            None => of_domain,
            Some(DfWord::Number(number)) => *number,
            Some(DfWord::Word(word)) => match word.as_str() {
                "domain" | "degf(d)" => of_domain,
                "design" => design,
                "inf" | "Inf" => f64::INFINITY,
                _ => {
                    return Err(Fault::new(
                        "estimate.df",
                        "dùng được: domain, design, inf hoặc một con số",
                        "there are: domain, design, inf, or a number",
                    ));
                }
            },
        };
        Ok(Self { domain: of_domain, design, used })
    }
}

/// A finite number, or nothing.
pub(super) fn finite(value: f64) -> Value {
    if value.is_finite() { json!(value) } else { Value::Null }
}

fn figures(
    spec: &EstimateSpec,
    asked: &Asked,
    group: &Group,
    domain: &[bool],
    frame: &Frame,
) -> Result<(Vec<Value>, Vec<Vec<f64>>), Fault> {
    let combinations: Vec<Combination> =
        asked.figures.iter().map(|figure| figure.combination.clone()).collect();
    let question = Question { domain, variables: &asked.variables, combinations: &combinations };
    let estimates = frame.estimate(&question).map_err(lonely)?;
    let about = About::new(spec, asked, group, domain, frame)?;
    let effects = match &spec.deff {
        None | Some(Deff::Switch(false)) => Vec::new(),
        Some(against) => design_effects(against, &question, &estimates, frame)?,
    };
    let figure = |(place, figure): (usize, &super::statistic::Figure)| {
        let mut result = about.figure(spec, &estimates, place);
        result.insert("name".to_owned(), json!(name_of(group, asked, &figure.name)));
        result.insert("variable".to_owned(), json!(figure.name));
        if let Some((variable, level)) = &figure.level {
            result.insert("variable".to_owned(), json!(variable));
            result.insert("level".to_owned(), json!(level));
        }
        if !group.labels.is_empty() {
            result.insert("group".to_owned(), Value::Object(group.labels.clone()));
        }
        if let Some(effect) = effects.get(place) {
            result.insert("deff".to_owned(), effect.map_or(Value::Null, finite));
            let n = effect.map(|effect| real(about.answered) / effect);
            result.insert("n_eff".to_owned(), n.map_or(Value::Null, finite));
        }
        if spec.stat == Stat::TestPublished {
            tests_of_change::published(spec, &estimates, place, &about.freedom, &mut result)?;
        }
        Ok(Value::Object(result))
    };
    let results = asked.figures.iter().enumerate().map(figure).collect::<Result<_, Fault>>()?;
    let covariance = &estimates.covariance;
    let rows = covariance.row_iter().map(|row| row.iter().copied().collect());
    Ok((results, rows.collect()))
}

fn name_of(group: &Group, asked: &Asked, figure: &str) -> String {
    match (&group.label, asked.figures.len()) {
        (None, _) => figure.to_owned(),
        (Some(label), 1) => label.clone(),
        (Some(label), _) => format!("{label}:{figure}"),
    }
}

pub(super) fn lonely(error: impl std::fmt::Display) -> Fault {
    let mut fault = Fault::impossible("design.lonely_psu", &error);
    let said =
        "có tầng chỉ chọn một đơn vị: hãy đặt lonely_psu (adjust, average, remove, certainty)";
    said.clone_into(&mut fault.words.vi);
    fault
}

/// Variance over that of a simple random sample, from the linearised values.
fn design_effects(
    against: &Deff,
    question: &Question<'_>,
    estimates: &Estimates,
    frame: &Frame,
) -> Result<Vec<Option<f64>>, Fault> {
    let reference = match against {
        Deff::Switch(_) => Reference::WithoutReplacement,
        Deff::Word(word) if word == "replace" => Reference::WithReplacement,
        Deff::Word(_) => {
            return Err(Fault::new(
                "estimate.deff",
                "dùng true hoặc \"replace\"",
                "there are: true, \"replace\"",
            ));
        }
    };
    let rows: Vec<usize> = (0..question.domain.len())
        .filter(|row| question.domain.get(*row).copied().unwrap_or(false))
        .collect();
    let of_rows = |values: &[f64]| -> Vec<f64> {
        rows.iter().filter_map(|row| values.get(*row).copied()).collect()
    };
    let weights = of_rows(frame.weights());
    let mass: f64 = weights.iter().sum();
    let effect = |(place, values): (usize, Vec<f64>)| {
        let simple = simple_variance(&of_rows(&values), &weights, reference)? * mass * mass;
        let variance = estimates.covariance.get((place, place))?;
        Some(variance / simple).filter(|effect| effect.is_finite())
    };
    Ok(influence(frame.weights(), question).into_iter().enumerate().map(effect).collect())
}

/// The places each figure may have, at Bonferroni's joint level.
fn add_ranks(results: &mut [Value], level: f64) {
    let joint = 1.0 - (1.0 - level) / real(results.len().max(1));
    let reach = |result: &Value| -> Option<(f64, f64)> {
        let number = |key: &str| result.get(key).and_then(Value::as_f64);
        let basis = Basis {
            estimate: number("estimate")?,
            standard_error: number("se")?,
            degrees_of_freedom: number("df")?,
            row_count: 0,
            level: joint,
        };
        interval(Interval::T, &basis)
    };
    let reaches: Vec<(f64, f64)> = results
        .iter()
        .map(|result| reach(result).unwrap_or((f64::NEG_INFINITY, f64::INFINITY)))
        .collect();
    for (result, (best, worst)) in results.iter_mut().zip(rank_intervals(&reaches)) {
        if let Some(map) = result.as_object_mut() {
            map.insert("rank_interval".to_owned(), json!([best, worst]));
        }
    }
}
