//! A figure as it is printed: the estimate, its error, the intervals, and what to mind.
#![expect(clippy::float_arithmetic, reason = "standard errors are real-valued")]

use cchc_scoring::survey::{
    interval::{Basis, Interval, exact_at_end, interval},
    sample::{Estimates, kish},
    special::real,
};
use serde_json::{Map, Value, json};

use super::{Asked, EstimateSpec, Fault, Frame, Freedom, Group, Stat, finite};
use crate::survey::estimate::spec::IntervalWord;

/// Fewer people than this and a figure is marked.
const FEW: usize = 30;

/// What holds for all figures of a domain.
pub(super) struct About {
    rows: usize,
    pub answered: usize,
    units: usize,
    strata: usize,
    weight: f64,
    kish: Option<f64>,
    pub freedom: Freedom,
    has_missing: bool,
}

impl About {
    pub fn new(
        spec: &EstimateSpec,
        asked: &Asked,
        group: &Group,
        domain: &[bool],
        frame: &Frame,
    ) -> Result<Self, Fault> {
        let extent = frame.extent(&group.domain);
        let counted = domain.iter().zip(&asked.is_answered);
        let answered = counted.filter(|(is_in, is_answered)| **is_in && **is_answered).count();
        let of_domain = frame.weights().iter().zip(domain).filter(|(_, is_in)| **is_in);
        let weights: Vec<f64> = of_domain.map(|(weight, _)| *weight).collect();
        let mut counted = domain.iter().zip(&asked.is_complete);
        let has_missing = !spec.na_rm && counted.any(|(is_in, is_complete)| *is_in && !is_complete);
        Ok(Self {
            rows: extent.rows,
            answered,
            units: extent.units,
            strata: extent.strata,
            weight: weights.iter().sum(),
            kish: kish(&weights),
            freedom: Freedom::new(spec, &group.domain, frame)?,
            has_missing,
        })
    }

    pub fn figure(
        &self,
        spec: &EstimateSpec,
        estimates: &Estimates,
        place: usize,
    ) -> Map<String, Value> {
        let value = estimates.values.get(place).copied().flatten().filter(|_| !self.has_missing);
        let error = value.and_then(|_| estimates.standard_error(place));
        let mut intervals = Map::new();
        if let (Some(estimate), Some(standard_error)) = (value, error) {
            let basis = Basis {
                estimate,
                standard_error,
                degrees_of_freedom: self.freedom.used,
                row_count: self.rows,
                level: spec.confidence,
            };
            intervals = self.intervals(spec, &basis);
        }
        let shown = |value: Option<f64>| value.map_or(Value::Null, finite);
        let cv = value.zip(error).map(|(value, error)| error / value.abs());
        let mut result = Map::new();
        let mut put = |key: &str, value: Value| result.insert(key.to_owned(), value);
        put("estimate", shown(value));
        put("se", shown(error));
        put("cv", shown(cv));
        if let Some(ci) =
            spec.method.or_else(|| (spec.stat == Stat::PropCi).then_some(IntervalWord::Logit))
        {
            put("ci", intervals.get(word(ci)).cloned().unwrap_or(Value::Null));
        }
        put("intervals", Value::Object(intervals));
        put("df", finite(self.freedom.used));
        put("domain_df", finite(self.freedom.domain));
        put("design_df", finite(self.freedom.design));
        put("n", json!(self.rows));
        put("n_answered", json!(self.answered));
        put("n_psu", json!(self.units));
        put("n_strata", json!(self.strata));
        put("sum_weights", finite(self.weight));
        put("kish_neff", shown(self.kish));
        put("flags", json!(self.flags(value)));
        result
    }

    fn intervals(&self, spec: &EstimateSpec, basis: &Basis) -> Map<String, Value> {
        const ALL: [IntervalWord; 7] = [
            IntervalWord::Normal,
            IntervalWord::T,
            IntervalWord::Logit,
            IntervalWord::Asin,
            IntervalWord::Beta,
            IntervalWord::Wilson,
            IntervalWord::Likelihood,
        ];
        let is_rate = matches!(
            spec.stat,
            Stat::Prop
                | Stat::Rate
                | Stat::PooledRate
                | Stat::MeanOfItemRates
                | Stat::MeanOfComponents
                | Stat::PropCi
        ) || (0.0..=1.0).contains(&basis.estimate);
        let mut chosen: Vec<IntervalWord> = match &spec.intervals {
            Some(chosen) => chosen.clone(),
            None if is_rate && spec.stat != Stat::Total => ALL.to_vec(),
            None => vec![IntervalWord::Normal, IntervalWord::T],
        };
        chosen.extend(spec.method);
        let mut intervals = Map::new();
        for kind in chosen {
            let found = interval(kind_of(kind), basis);
            intervals.insert(
                word(kind).to_owned(),
                found.map_or(Value::Null, |(low, high)| json!([low, high])),
            );
        }
        // Nobody, or everybody: the standard error is zero and says nothing. As many independent answers
        // as the units allow for at least give a bound.
        let size = self.kish.unwrap_or(0.0).min(real(self.answered));
        if is_rate && let Some((low, high)) = exact_at_end(basis.estimate, size, basis.level) {
            intervals.insert("exact".to_owned(), json!([low, high]));
        }
        intervals
    }

    fn flags(&self, value: Option<f64>) -> Vec<&'static str> {
        let mut flags = Vec::new();
        let mut flag = |is_so: bool, word| flags.extend(is_so.then_some(word));
        flag(self.has_missing, "MISSING_VALUES");
        flag(value.is_none() && !self.has_missing, "NO_ESTIMATE");
        flag(self.answered > 0 && self.answered < FEW, "FEW_PEOPLE");
        flag(self.units == 1, "SINGLE_UNIT");
        flag(self.freedom.domain < 1.0, "NO_DEGREES_OF_FREEDOM");
        flags
    }
}

const fn kind_of(word: IntervalWord) -> Interval {
    match word {
        IntervalWord::Normal => Interval::Normal,
        IntervalWord::T => Interval::T,
        IntervalWord::Logit => Interval::Logit,
        IntervalWord::Asin => Interval::Asin,
        IntervalWord::Beta => Interval::Beta,
        IntervalWord::Wilson => Interval::Wilson,
        IntervalWord::Likelihood => Interval::Likelihood,
    }
}

const fn word(kind: IntervalWord) -> &'static str {
    match kind {
        IntervalWord::Normal => "normal",
        IntervalWord::T => "t",
        IntervalWord::Logit => "logit",
        IntervalWord::Asin => "asin",
        IntervalWord::Beta => "beta",
        IntervalWord::Wilson => "wilson",
        IntervalWord::Likelihood => "likelihood",
    }
}
