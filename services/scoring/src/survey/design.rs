//! The sample design: which stratum and which sampled unit a row belongs to, stage by stage, and how many
//! units of the population each stratum has.
//!
//! The design is a table of its own: how many units were sampled in a stratum does not depend on who
//! answered, so a domain or a question left open never makes the design smaller.
#![expect(clippy::float_arithmetic, reason = "sampling fractions and weights are real-valued")]

use std::collections::{BTreeMap, BTreeSet};

use super::special::real;

/// One stage of one row: the stratum it was drawn in and the unit that was drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// Stratum of this stage, as labelled in the data; the same everywhere in an unstratified stage.
    pub stratum: String,
    /// The sampled unit: commune, village, person.
    pub unit: String,
    /// Units the stratum has in the population: a count above one, or the share of them sampled (0 to 1).
    /// Nothing when the population is taken as infinite.
    pub population: Option<f64>,
}

/// Why rows make no design.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DesignError {
    /// A unit belongs to two strata, so that one of the labels is wrong or units are numbered anew in each.
    #[error("unit {unit} is in the strata {one} and {other}")]
    UnitInTwoStrata {
        /// The unit's label.
        unit: String,
        /// A stratum it is in.
        one: String,
        /// Another.
        other: String,
    },
    /// A stratum states two population sizes.
    #[error("stratum {stratum} of stage {stage} states the population sizes {one} and {other}")]
    TwoPopulations {
        /// The stratum's label.
        stratum: String,
        /// The stage, from 1.
        stage: usize,
        /// A size it states.
        one: f64,
        /// Another.
        other: f64,
    },
    /// More units were sampled than there are.
    #[error("stratum {stratum} of stage {stage} has {sampled} sampled units of {population}")]
    PopulationTooSmall {
        /// The stratum's label.
        stratum: String,
        /// The stage, from 1.
        stage: usize,
        /// Units sampled.
        sampled: usize,
        /// Units said to exist.
        population: f64,
    },
}

/// What may differ from design to design.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Nesting {
    /// Units of the first stage are numbered anew in each stratum; otherwise one label is one unit.
    pub is_nested: bool,
    /// Population sizes stand for probabilities of inclusion and may differ from unit to unit (Brewer's
    /// approximation for sampling without replacement with unequal probabilities).
    pub has_unequal_probabilities: bool,
}

/// A stratum of a stage and the units sampled in it.
#[derive(Debug, Clone, Default)]
pub(super) struct Stratum {
    /// Units sampled, n of the stratum.
    pub sampled: usize,
    /// The units, in the order of their labels.
    pub units: Vec<Unit>,
}

/// A sampled unit.
#[derive(Debug, Clone, Default)]
pub(super) struct Unit {
    /// Share of the stratum's units that were sampled; zero where the population counts as infinite.
    pub fraction: f64,
    /// Rows inside.
    pub rows: Vec<usize>,
    /// Strata of the next stage, inside this unit; empty at the last stage that matters.
    pub below: Vec<Stratum>,
}

/// A sample design over the rows of a data set.
#[derive(Debug, Clone)]
pub struct Design {
    pub(super) strata: Vec<Stratum>,
    row_count: usize,
    base_weights: Vec<f64>,
}

/// How much a part of a sample can tell of its own uncertainty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Rows.
    pub rows: usize,
    /// Units of the first stage with a row.
    pub units: usize,
    /// Strata of the first stage with a row.
    pub strata: usize,
}

impl Extent {
    /// Degrees of freedom: units less strata, each counted where there are members.
    #[must_use]
    pub const fn degrees_of_freedom(&self) -> usize {
        self.units.saturating_sub(self.strata)
    }
}

impl Design {
    /// Reads the design off the rows, each with its stages from the first to the last.
    ///
    /// # Errors
    ///
    /// When a unit is in two strata, or population sizes contradict one another or the sample.
    pub fn new(rows: &[Vec<Stage>], nesting: Nesting) -> Result<Self, DesignError> {
        if !nesting.is_nested {
            refuse_units_in_two_strata(rows)?;
        }
        let all: Vec<usize> = (0..rows.len()).collect();
        let mut base_weights = vec![1.0; rows.len()];
        let strata = strata(rows, &all, 0, nesting, &mut base_weights)?;
        Ok(Self { strata, row_count: rows.len(), base_weights })
    }

    /// Rows of the data.
    #[must_use]
    pub const fn row_count(&self) -> usize {
        self.row_count
    }

    /// The weights that follow from the population sizes: the product of N/n over the stages.
    #[must_use]
    pub fn base_weights(&self) -> &[f64] {
        &self.base_weights
    }

    /// What of the design the chosen rows touch.
    #[must_use]
    pub fn extent(&self, is_member: &[bool]) -> Extent {
        let is_in = |row: &usize| is_member.get(*row).copied().unwrap_or(false);
        let mut extent = Extent { rows: 0, units: 0, strata: 0 };
        for stratum in &self.strata {
            let mut has_member = false;
            for unit in &stratum.units {
                let members = unit.rows.iter().filter(|row| is_in(row)).count();
                extent.rows += members;
                extent.units += usize::from(members > 0);
                has_member |= members > 0;
            }
            extent.strata += usize::from(has_member);
        }
        extent
    }

    /// The units of the first stage, stratum by stratum, as the rows in each.
    #[must_use]
    pub fn first_stage(&self) -> Vec<Vec<&[usize]>> {
        self.strata
            .iter()
            .map(|stratum| stratum.units.iter().map(|unit| unit.rows.as_slice()).collect())
            .collect()
    }

    /// The sampled share of the units of each stratum of the first stage.
    #[must_use]
    pub fn first_stage_fractions(&self) -> Vec<f64> {
        let first = |stratum: &Stratum| stratum.units.first().map_or(0.0, |unit| unit.fraction);
        self.strata.iter().map(first).collect()
    }
}

fn refuse_units_in_two_strata(rows: &[Vec<Stage>]) -> Result<(), DesignError> {
    let mut home: BTreeMap<&str, &str> = BTreeMap::new();
    for stage in rows.iter().filter_map(|stages| stages.first()) {
        let known = home.entry(&stage.unit).or_insert(&stage.stratum);
        if *known != stage.stratum {
            return Err(DesignError::UnitInTwoStrata {
                unit: stage.unit.clone(),
                one: (*known).to_owned(),
                other: stage.stratum.clone(),
            });
        }
    }
    Ok(())
}

/// The strata of one stage among the given rows, and below them those of the later stages.
fn strata(
    rows: &[Vec<Stage>],
    among: &[usize],
    depth: usize,
    nesting: Nesting,
    weights: &mut [f64],
) -> Result<Vec<Stratum>, DesignError> {
    let mut found: BTreeMap<&str, BTreeMap<&str, Vec<usize>>> = BTreeMap::new();
    for row in among {
        if let Some(stage) = rows.get(*row).and_then(|stages| stages.get(depth)) {
            found.entry(&stage.stratum).or_default().entry(&stage.unit).or_default().push(*row);
        }
    }
    let mut strata = Vec::with_capacity(found.len());
    for (label, units) in found {
        let sampled = units.len();
        let of_stratum: Vec<usize> = units.values().flatten().copied().collect();
        if !nesting.has_unequal_probabilities {
            check_populations(rows, &of_stratum, depth, label, sampled)?;
        }
        let mut stratum = Stratum { sampled, units: Vec::with_capacity(sampled) };
        for members in units.into_values() {
            let population = members.first().and_then(|row| population(rows, *row, depth));
            let fraction = population.map_or(0.0, |size| share(size, sampled));
            if fraction > 0.0 {
                for row in &members {
                    weights.get_mut(*row).into_iter().for_each(|weight| *weight /= fraction);
                }
            }
            // Where a stage has no finite population its later stages add nothing: all of the variance
            // between its units is there already.
            let below = if fraction > 0.0 && has_population(rows, &members, depth + 1) {
                self::strata(rows, &members, depth + 1, nesting, weights)?
            } else {
                Vec::new()
            };
            stratum.units.push(Unit { fraction, rows: members, below });
        }
        strata.push(stratum);
    }
    Ok(strata)
}

fn population(rows: &[Vec<Stage>], row: usize, depth: usize) -> Option<f64> {
    rows.get(row)?.get(depth)?.population
}

fn has_population(rows: &[Vec<Stage>], members: &[usize], depth: usize) -> bool {
    members.iter().any(|row| population(rows, *row, depth).is_some())
}

/// The sampled share of a stratum's units, from their number or as given.
fn share(population: f64, sampled: usize) -> f64 {
    if population > 1.0 { real(sampled) / population } else { population }
}

fn check_populations(
    rows: &[Vec<Stage>],
    members: &[usize],
    depth: usize,
    label: &str,
    sampled: usize,
) -> Result<(), DesignError> {
    let (stratum, stage) = (label.to_owned(), depth + 1);
    let sizes: BTreeSet<u64> = members
        .iter()
        .map(|row| population(rows, *row, depth).unwrap_or(f64::INFINITY).to_bits())
        .collect();
    let mut sizes = sizes.into_iter().map(f64::from_bits);
    match (sizes.next(), sizes.next()) {
        (Some(one), Some(other)) => Err(DesignError::TwoPopulations { stratum, stage, one, other }),
        (Some(population), None) if population > 1.0 && population < real(sampled) => {
            Err(DesignError::PopulationTooSmall { stratum, stage, sampled, population })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
