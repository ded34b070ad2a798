//! What a statistic asks of every row, and how its totals are put together.
mod scale;

use std::path::Path;

use cchc_scoring::survey::combination::Combination;

use super::{
    expression::evaluate,
    fault::Fault,
    frame::numeric,
    spec::{Components, EstimateSpec, Stat, Within},
    table::{Column, Table},
};

/// One figure of a statistic.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Figure {
    /// What it is called.
    pub name: String,
    /// The variable and the label it is the share of, where it is a share.
    pub level: Option<(String, String)>,
    /// How it is put together.
    pub combination: Combination,
}

/// Variables by row and the figures made of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked {
    /// Values by row, zero where not answered.
    pub variables: Vec<Vec<f64>>,
    /// The figures.
    pub figures: Vec<Figure>,
    /// Rows that count: those with every variable, where a statistic needs every one.
    pub is_complete: Vec<bool>,
    /// Rows with an answer to any of the questions.
    pub is_answered: Vec<bool>,
}

impl Asked {
    /// Prepares what a statistic asks.
    pub fn new(spec: &EstimateSpec, table: &Table, folder: &Path) -> Result<Self, Fault> {
        let everybody = vec![true; table.len()];
        let mut asked = Self {
            is_complete: everybody,
            is_answered: vec![false; table.len()],
            ..Self::default()
        };
        match spec.stat {
            Stat::Total => asked.of_vars(spec, table, Combination::total_of)?,
            Stat::Mean | Stat::PropCi | Stat::Ttest => {
                asked.of_vars(spec, table, Combination::mean_of)?;
            }
            Stat::Ratio => asked.ratios(spec, table)?,
            Stat::Prop | Stat::Chisq => asked.shares(spec, table)?,
            Stat::TwoSurveys | Stat::TestPublished if spec.item.is_none() => {
                asked.of_vars(spec, table, Combination::mean_of)?;
            }
            Stat::Rate | Stat::TwoSurveys | Stat::TestPublished => {
                let item = spec.item.as_ref().ok_or_else(|| Fault::missing("estimate.item"))?;
                let combination = asked.rate(spec, table, item)?;
                asked.figure(item, combination);
            }
            Stat::PooledRate => {
                let combination = asked.pooled(spec, table, &items(spec)?)?;
                asked.figure("pooled_rate", combination);
            }
            Stat::MeanOfItemRates => {
                let combination = asked.item_rates(spec, table, &items(spec)?)?;
                asked.figure("mean_of_item_rates", combination);
            }
            Stat::MeanOfComponents => asked.components(spec, table, folder)?,
            Stat::ScaledMean => {
                let scale = scale::Scale::of_estimate(spec)?;
                let combination = asked.scaled(&scale, table)?;
                asked.figure(&scale.indicator, combination);
            }
            Stat::PapiScore => asked.papi(spec, table, folder)?,
        }
        Ok(asked)
    }

    fn figure(&mut self, name: &str, combination: Combination) {
        self.figures.push(Figure { name: name.to_owned(), level: None, combination });
    }

    fn push(&mut self, values: Vec<f64>) -> usize {
        self.variables.push(values);
        self.variables.len() - 1
    }

    /// Adds a column as a variable and notes who answered.
    fn numbers(
        &mut self,
        field: &str,
        text: &str,
        table: &Table,
    ) -> Result<Vec<Option<f64>>, Fault> {
        let column = evaluate(text, table).map_err(|why| Fault::formula(field, why))?;
        let values = numeric(field, text, &column)?.to_vec();
        self.note_answers(values.iter().map(Option::is_some));
        Ok(values)
    }

    fn note_answers(&mut self, is_answered: impl Iterator<Item = bool>) {
        self.is_answered.iter_mut().zip(is_answered).for_each(|(any, this)| *any |= this);
    }

    /// Only rows with this variable count.
    fn require<T>(&mut self, values: &[Option<T>]) {
        for (complete, value) in self.is_complete.iter_mut().zip(values) {
            *complete &= value.is_some();
        }
    }

    fn ones(&mut self, row_count: usize) -> usize {
        self.push(vec![1.0; row_count])
    }

    fn of_vars(
        &mut self,
        spec: &EstimateSpec,
        table: &Table,
        combination: fn(usize, usize) -> Combination,
    ) -> Result<(), Fault> {
        let ones = self.ones(table.len());
        for name in given("estimate.vars", spec.vars.as_slice())? {
            let values = self.numbers("estimate.vars", name, table)?;
            self.require(&values);
            let variable = self.push(filled(&values));
            self.figure(name, combination(variable, ones));
        }
        Ok(())
    }

    fn ratios(&mut self, spec: &EstimateSpec, table: &Table) -> Result<(), Fault> {
        let mut denominators = Vec::new();
        for name in given("estimate.den", spec.den.as_slice())? {
            let values = self.numbers("estimate.den", name, table)?;
            self.require(&values);
            denominators.push((name, self.push(filled(&values))));
        }
        for name in given("estimate.num", spec.num.as_slice())? {
            let values = self.numbers("estimate.num", name, table)?;
            self.require(&values);
            let above = self.push(filled(&values));
            for (below_name, below) in &denominators {
                self.figure(&format!("{name}/{below_name}"), Combination::ratio(above, *below));
            }
        }
        Ok(())
    }

    fn shares(&mut self, spec: &EstimateSpec, table: &Table) -> Result<(), Fault> {
        let ones = self.ones(table.len());
        for name in given("estimate.vars", spec.vars.as_slice())? {
            let column =
                evaluate(name, table).map_err(|why| Fault::formula("estimate.vars", why))?;
            let labels = column.labels();
            self.require(&labels);
            self.note_answers(labels.iter().map(Option::is_some));
            for level in column.levels() {
                let is_at = |label: &Option<String>| label.as_deref() == Some(level.as_str());
                let variable = self.push(labels.iter().map(is_at).map(one_if).collect());
                self.figures.push(Figure {
                    name: format!("{name}{level}"),
                    level: Some((name.clone(), level)),
                    combination: Combination::ratio(variable, ones),
                });
            }
        }
        Ok(())
    }

    /// Satisfied and answered of a question, as two variables.
    fn item(
        &mut self,
        spec: &EstimateSpec,
        table: &Table,
        item: &str,
    ) -> Result<(usize, usize), Fault> {
        let values = self.numbers("estimate.items", item, table)?;
        let satisfied = |value: &Option<f64>| one_if(value.is_some_and(|v| v >= spec.satisfied));
        let part = self.push(values.iter().map(satisfied).collect());
        let whole = self.push(values.iter().map(|value| one_if(value.is_some())).collect());
        Ok((part, whole))
    }

    fn rate(
        &mut self,
        spec: &EstimateSpec,
        table: &Table,
        item: &str,
    ) -> Result<Combination, Fault> {
        let (part, whole) = self.item(spec, table, item)?;
        Ok(Combination::ratio(part, whole))
    }

    fn pooled(
        &mut self,
        spec: &EstimateSpec,
        table: &Table,
        items: &[String],
    ) -> Result<Combination, Fault> {
        let (mut parts, mut wholes) = (Vec::new(), Vec::new());
        for item in items {
            let (part, whole) = self.item(spec, table, item)?;
            parts.push(part);
            wholes.push(whole);
        }
        Ok(Combination::pooled(parts, wholes))
    }

    fn item_rates(
        &mut self,
        spec: &EstimateSpec,
        table: &Table,
        items: &[String],
    ) -> Result<Combination, Fault> {
        let rates = items.iter().map(|item| self.rate(spec, table, item));
        Ok(Combination::mean(rates.collect::<Result<_, _>>()?))
    }

    fn components(
        &mut self,
        spec: &EstimateSpec,
        table: &Table,
        folder: &Path,
    ) -> Result<(), Fault> {
        let lists = match &spec.components {
            Components::Lists(lists) => lists.clone(),
            Components::Named(named) => named.values().cloned().collect(),
            Components::File(path) => scale::components_of_file(&folder.join(path))?,
        };
        if lists.is_empty() {
            return Err(Fault::missing("estimate.components"));
        }
        let rate = |items: &Vec<String>| match spec.within {
            Within::Items => self.item_rates(spec, table, items),
            Within::Pooled => self.pooled(spec, table, items),
        };
        let rates: Vec<Combination> = lists.iter().map(rate).collect::<Result<_, _>>()?;
        self.figure("mean_of_components", Combination::mean(rates));
        Ok(())
    }

    /// The mean of an indicator brought to 1..10.
    fn scaled(&mut self, scale: &scale::Scale, table: &Table) -> Result<Combination, Fault> {
        let values = self.numbers("estimate.indicator", &scale.indicator, table)?;
        let scaled = |value: &Option<f64>| value.map_or(0.0, |value| scale.score(value));
        let part = self.push(values.iter().map(scaled).collect());
        let whole = self.push(values.iter().map(|value| one_if(value.is_some())).collect());
        Ok(Combination::ratio(part, whole))
    }

    fn papi(&mut self, spec: &EstimateSpec, table: &Table, folder: &Path) -> Result<(), Fault> {
        let path = spec.scale.as_ref().ok_or_else(|| Fault::missing("estimate.scale"))?;
        let level = spec.level.as_ref().ok_or_else(|| Fault::missing("estimate.level"))?;
        let scales = scale::Scales::read(&folder.join(path))?;
        let score = scales.score(level, &mut |scale| self.scaled(scale, table))?;
        self.figure(level, score);
        Ok(())
    }
}

/// The two shapes that a list of variables can ask for.
trait OfVariable {
    fn total_of(variable: usize, ones: usize) -> Combination;
    fn mean_of(variable: usize, ones: usize) -> Combination;
}

impl OfVariable for Combination {
    fn total_of(variable: usize, _ones: usize) -> Combination {
        Self::total(variable)
    }

    fn mean_of(variable: usize, ones: usize) -> Combination {
        Self::ratio(variable, ones)
    }
}

fn one_if(is_true: bool) -> f64 {
    f64::from(u8::from(is_true))
}

fn filled(values: &[Option<f64>]) -> Vec<f64> {
    values.iter().map(|value| value.unwrap_or(0.0)).collect()
}

fn given<'a>(field: &str, names: &'a [String]) -> Result<&'a [String], Fault> {
    if names.is_empty() { Err(Fault::missing(field)) } else { Ok(names) }
}

fn items(spec: &EstimateSpec) -> Result<Vec<String>, Fault> {
    given("estimate.items", &spec.items).map(<[String]>::to_vec)
}

/// Rows for which a formula holds; a missing value does not.
pub(super) fn holds(field: &str, text: &str, table: &Table) -> Result<Vec<bool>, Fault> {
    let column = evaluate(text, table).map_err(|why| Fault::formula(field, why))?;
    match column {
        Column::Numbers(values) => {
            Ok(values.into_iter().map(|value| value.is_some_and(|value| value != 0.0)).collect())
        }
        Column::Texts(_) => {
            Err(Fault::formula(field, format!("`{text}` says neither true nor false")))
        }
    }
}
