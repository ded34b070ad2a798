//! From a design file and a table to a weighted sample over its design.
mod margins;
mod multipliers;

use std::path::Path;

use cchc_scoring::survey::{
    design::{Design, Extent, Nesting, Stage},
    replicate::Replicates,
    sample::{Estimates, Question, Sample},
    variance::{Centre, Lonely, LonelyStratum, Policy},
};

use super::{
    expression::evaluate,
    fault::Fault,
    spec::{CentreWord, DesignSpec, LonelyWord, NumberOrFormula, Spec},
    table::{Column, Table},
};

/// A sample ready to be asked.
#[derive(Debug)]
pub(super) struct Frame {
    /// Rows over the design.
    pub sample: Sample,
    /// Replicate weights, when standard errors come from them.
    pub replicates: Option<Replicates>,
}

impl Frame {
    /// Builds the sample; paths in the design file are relative to `folder`.
    pub fn new(spec: &Spec, table: &Table, folder: &Path) -> Result<Self, Fault> {
        let design = design(&spec.design, table)?;
        let weights = weights(&spec.design, table, &design)?;
        let mut sample = Sample::new(design, weights, policy(&spec.design));
        let mut replicates = match &spec.replicates {
            Some(how) => Some(multipliers::replicates(how, table, &sample, folder)?),
            None => None,
        };
        for adjust in spec.adjust.as_slice() {
            let adjustment = margins::adjustment(adjust, table, folder)?;
            let fault = |error| Fault::impossible("adjust", error);
            sample.adjust(&adjustment).map_err(fault)?;
            if let Some(replicates) = &mut replicates {
                replicates.adjust(&adjustment).map_err(fault)?;
            }
        }
        Ok(Self { sample, replicates })
    }

    /// The weights as they stand.
    pub fn weights(&self) -> &[f64] {
        self.sample.weights()
    }

    /// Estimates with their covariance.
    pub fn estimate(&self, question: &Question<'_>) -> Result<Estimates, LonelyStratum> {
        match &self.replicates {
            Some(replicates) => Ok(replicates.estimate(question)),
            None => self.sample.estimate(question),
        }
    }

    /// What of the design a domain touches.
    pub fn extent(&self, domain: &[bool]) -> Extent {
        self.sample.extent(domain)
    }

    /// Degrees of freedom of a domain.
    pub fn degrees_of_freedom(&self, domain: &[bool]) -> usize {
        match &self.replicates {
            Some(replicates) => replicates.degrees_of_freedom(domain),
            None => self.extent(domain).degrees_of_freedom(),
        }
    }
}

const fn policy(design: &DesignSpec) -> Policy {
    let centre = match design.lonely_center {
        CentreWord::Zero => Centre::Zero,
        CentreWord::Mean => Centre::Mean,
    };
    let lonely = match design.lonely_psu {
        LonelyWord::Fail => Lonely::Fail,
        LonelyWord::Adjust => Lonely::Adjust(centre),
        LonelyWord::Remove => Lonely::Remove,
        LonelyWord::Certainty => Lonely::Certainty,
        LonelyWord::Average => Lonely::Average,
    };
    Policy { lonely, includes_domains: design.adjust_domain_lonely }
}

/// A column or formula that must not be missing anywhere, as labels.
fn labels(field: &str, text: &str, table: &Table) -> Result<Vec<String>, Fault> {
    let column = evaluate(text, table).map_err(|why| Fault::formula(field, why))?;
    let rows = column.labels().into_iter().enumerate();
    rows.map(|(row, label)| label.ok_or_else(|| empty(field, text, row, table))).collect()
}

/// A column or formula that must be a number everywhere.
fn numbers(field: &str, what: &NumberOrFormula, table: &Table) -> Result<Vec<f64>, Fault> {
    let text = match what {
        NumberOrFormula::Number(number) => return Ok(vec![*number; table.len()]),
        NumberOrFormula::Formula(text) => text,
    };
    let column = evaluate(text, table).map_err(|why| Fault::formula(field, why))?;
    let rows = numeric(field, text, &column)?.iter().enumerate();
    rows.map(|(row, value)| value.ok_or_else(|| empty(field, text, row, table))).collect()
}

/// The numbers of a column.
pub(super) fn numeric<'a>(
    field: &str,
    text: &str,
    column: &'a Column,
) -> Result<&'a [Option<f64>], Fault> {
    column.numbers().ok_or_else(|| {
        Fault::new(
            field,
            format!("cột “{text}” có ô không phải là số"),
            format!("column `{text}` has cells that are not numbers"),
        )
    })
}

fn empty(field: &str, text: &str, row: usize, table: &Table) -> Fault {
    let line = table.line(row);
    Fault::new(
        field,
        format!("“{text}” trống ở dòng {line}: thiết kế mẫu không được thiếu"),
        format!("`{text}` is empty at line {line}: a design must be complete"),
    )
}

fn design(spec: &DesignSpec, table: &Table) -> Result<Design, Fault> {
    let ids: Vec<&String> = spec.ids.as_slice().iter().collect();
    let ids: Vec<Option<&str>> = if ids.is_empty() {
        vec![None]
    } else {
        ids.into_iter().map(|id| (id != "1").then_some(id.as_str())).collect()
    };
    let files: Vec<usize> = table.files().collect();
    let mut rows: Vec<Vec<Stage>> = vec![Vec::new(); table.len()];
    for (stage, id) in ids.iter().enumerate() {
        let units = match id {
            Some(column) => labels("design.ids", column, table)?,
            None => (0..table.len()).map(|row| format!("{row:09}")).collect(),
        };
        let strata = match spec.strata.as_slice().get(stage) {
            Some(column) => labels("design.strata", column, table)?,
            None => vec![String::new(); table.len()],
        };
        let populations = match spec.fpc.as_slice().get(stage) {
            Some(what) => Some(numbers("design.fpc", what, table)?),
            None => None,
        };
        let columns = rows.iter_mut().zip(units).zip(strata).zip(&files).enumerate();
        for (row, (((stages, unit), stratum), file)) in columns {
            let population = populations.as_ref().and_then(|all| all.get(row).copied());
            // Files are surveys of their own: neither strata nor units are shared.
            let of_file = |label: String| {
                if *file == 0 { label } else { format!("{label} (file {})", file + 1) }
            };
            let stratum = if stage == 0 { of_file(stratum) } else { stratum };
            let unit = if stage == 0 { of_file(unit) } else { unit };
            stages.push(Stage { stratum, unit, population });
        }
    }
    let nesting = Nesting { is_nested: spec.nest, has_unequal_probabilities: spec.pps.is_some() };
    Design::new(&rows, nesting).map_err(|error| {
        let mut fault = Fault::impossible("design", &error);
        if matches!(error, cchc_scoring::survey::design::DesignError::UnitInTwoStrata { .. }) {
            fault.words.vi.push_str("; nếu mã đơn vị lặp lại giữa các tầng, hãy đặt nest = true");
            fault
                .words
                .en
                .push_str("; if units are numbered anew in each stratum, set nest = true");
        }
        fault
    })
}

fn weights(spec: &DesignSpec, table: &Table, design: &Design) -> Result<Vec<f64>, Fault> {
    match &spec.weights {
        None => Ok(design.base_weights().to_vec()),
        Some(what) => {
            let weights = numbers("design.weights", what, table)?;
            match weights.iter().position(|weight| *weight < 0.0) {
                None => Ok(weights),
                Some(row) => {
                    let line = table.line(row);
                    Err(Fault::new(
                        "design.weights",
                        format!("trọng số âm ở dòng {line}"),
                        format!("a weight is negative at line {line}"),
                    ))
                }
            }
        }
    }
}
