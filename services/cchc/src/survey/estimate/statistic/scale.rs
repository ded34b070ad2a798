//! PAPI-like scales: an indicator between its worst and best value becomes 1..10, sub-dimensions and
//! dimensions are plain means of those below (in PAPI's print a dimension is the sum of its
//! sub-dimensions, each divided by their number; the same figure).
#![expect(clippy::float_arithmetic, reason = "scores of a sample are real-valued")]

use std::{collections::BTreeMap, path::Path};

use cchc_scoring::survey::combination::Combination;

use super::{EstimateSpec, Fault, Table};

/// An indicator and its end points, fixed before the survey so that years compare.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scale {
    /// The column.
    pub indicator: String,
    min: f64,
    max: f64,
    is_reversed: bool,
}

impl Scale {
    pub fn of_estimate(spec: &EstimateSpec) -> Result<Self, Fault> {
        let indicator =
            spec.indicator.clone().ok_or_else(|| Fault::missing("estimate.indicator"))?;
        let min = spec.min.ok_or_else(|| Fault::missing("estimate.min"))?;
        let max = spec.max.ok_or_else(|| Fault::missing("estimate.max"))?;
        Self::new(indicator, min, max, spec.direction.unwrap_or(1.0))
    }

    fn new(indicator: String, min: f64, max: f64, direction: f64) -> Result<Self, Fault> {
        if max <= min {
            return Err(Fault::new(
                "estimate.max",
                format!("max của “{indicator}” phải lớn hơn min"),
                format!("max of `{indicator}` must be above min"),
            ));
        }
        Ok(Self { indicator, min, max, is_reversed: direction < 0.0 })
    }

    /// 1 at the worst and 10 at the best value, values outside clipped.
    pub fn score(&self, value: f64) -> f64 {
        let value = value.clamp(self.min, self.max);
        let gone = if self.is_reversed { self.max - value } else { value - self.min };
        1.0 + 9.0 * gone / (self.max - self.min)
    }
}

/// The indicators of an index, in dimensions and sub-dimensions.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scales(Vec<(String, String, Scale)>);

impl Scales {
    pub fn read(path: &Path) -> Result<Self, Fault> {
        let table = read(path)?;
        let text = |name: &str| column(&table, name, path);
        let number = |name: &str| -> Result<Vec<f64>, Fault> {
            let labels = text(name)?;
            labels.iter().map(|label| label.parse().map_err(|_| unusable(path, name))).collect()
        };
        let places = text("dimension")?.into_iter().zip(text("subdimension")?);
        let ends = number("min")?.into_iter().zip(number("max")?).zip(number("direction")?);
        let scales = places.zip(text("indicator")?).zip(ends).map(
            |(((dimension, subdimension), indicator), ((min, max), direction))| {
                Ok((dimension, subdimension, Scale::new(indicator, min, max, direction)?))
            },
        );
        Ok(Self(scales.collect::<Result<_, Fault>>()?))
    }

    /// The score at a level: a sub-dimension, a dimension, or the total, which is the sum of dimensions.
    pub fn score(
        &self,
        level: &str,
        mean: &mut impl FnMut(&Scale) -> Result<Combination, Fault>,
    ) -> Result<Combination, Fault> {
        let mut dimensions: BTreeMap<&str, BTreeMap<&str, Vec<Combination>>> = BTreeMap::new();
        for (dimension, subdimension, scale) in &self.0 {
            if level == "total" || level == dimension || level == subdimension {
                let of = dimensions.entry(dimension).or_default().entry(subdimension).or_default();
                of.push(mean(scale)?);
            }
        }
        if dimensions.is_empty() {
            return Err(Fault::new(
                "estimate.level",
                format!("thang đo không có “{level}”"),
                format!("the scale has no `{level}`"),
            ));
        }
        let scores = dimensions.into_values().map(|subdimensions| {
            Combination::mean(subdimensions.into_values().map(Combination::mean).collect())
        });
        Ok(scores.fold(Combination::default(), Combination::plus))
    }
}

/// Components and their questions from a file with the columns item and component.
pub(super) fn components_of_file(path: &Path) -> Result<Vec<Vec<String>>, Fault> {
    let table = read(path)?;
    let mut components: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let items = column(&table, "item", path)?.into_iter();
    for (item, component) in items.zip(column(&table, "component", path)?) {
        components.entry(component).or_default().push(item);
    }
    Ok(components.into_values().collect())
}

fn read(path: &Path) -> Result<Table, Fault> {
    Table::read(&[path]).map_err(|error| {
        let why = error.say(crate::say::Lang::En).join("; ");
        Fault::new("estimate", format!("không dùng được tệp: {why}"), why)
    })
}

fn column(table: &Table, name: &str, path: &Path) -> Result<Vec<String>, Fault> {
    let column = table.column(name).ok_or_else(|| unusable(path, name))?;
    column.labels().into_iter().map(|label| label.ok_or_else(|| unusable(path, name))).collect()
}

fn unusable(path: &Path, name: &str) -> Fault {
    let shown = path.display();
    Fault::new(
        "estimate",
        format!("tệp {shown} cần cột “{name}” đầy đủ"),
        format!("{shown} needs a complete column `{name}`"),
    )
}
