//! `cchc results districts`: the province's own index of its districts, in the manner of PAPI.

use std::{collections::BTreeMap, path::PathBuf, process::ExitCode};

use cchc_core::{NodeCode, Points, Quantity, UnitCode, VariableCode};
use cchc_scoring::{
    rank::{Standing, standings},
    rescale::{DistrictIndex, DistrictScores, Reported, score},
};
use clap::Args;
use serde_json::json;

use super::{
    grid::{self, Cell, Grid, Row},
    marks::{self, Column, Mark},
    table::WITHHELD,
};
use crate::{
    error::CliError,
    output::{Output, align_right},
    plan_files,
    problem::Problem,
    say::Words,
};

/// What `cchc results districts` is called with.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The figures: CSV or XLSX with the columns `unit`, `name` and one for each indicator's code
    file: PathBuf,
    /// The index: its dimensions, sub-dimensions and indicators (TOML)
    #[arg(long, value_name = "FILE")]
    definition: PathBuf,
    /// Sheet of a workbook; the first one when left out
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// The decimal mark, where the table does not tell it
    #[arg(long, value_enum)]
    decimal: Option<Mark>,
}

/// Figures of all units, and their names.
#[derive(Debug, Default)]
struct Districts {
    reported: Reported,
    names: BTreeMap<UnitCode, String>,
}

pub(super) fn run(arguments: &Arguments, output: &Output) -> Result<ExitCode, CliError> {
    let index: DistrictIndex = plan_files::read(&arguments.definition)
        .map_err(|problem| CliError::Files(vec![problem]))?;
    let grid = grid::read(&arguments.file, arguments.sheet.as_deref()).map_err(CliError::Files)?;
    let districts = read(&grid, &index, arguments.decimal).map_err(CliError::Files)?;
    let scores = score(&index, &districts.reported).map_err(|faults| {
        let said = |fault: &cchc_scoring::rescale::RescaleFault| {
            Problem::of_file(
                &arguments.definition,
                Words::new(fault.vietnamese(), fault.to_string()),
            )
        };
        CliError::Files(faults.iter().map(said).collect())
    })?;
    print(&index, &districts, &scores, output)?;
    Ok(ExitCode::SUCCESS)
}

/// The columns of a file: of the unit, its name, and each indicator with its decimal mark.
struct Columns<'a> {
    unit: usize,
    name: Option<usize>,
    indicators: Vec<(&'a VariableCode, usize, Column)>,
}

fn columns<'a>(
    grid: &Grid,
    (heading, rows): (&Row, &[Row]),
    index: &'a DistrictIndex,
    decimal: Option<Mark>,
) -> Result<Columns<'a>, Vec<Problem>> {
    let place =
        |name: &str| heading.cells.iter().position(|cell| cell.text().eq_ignore_ascii_case(name));
    let mut problems = Vec::new();
    let mut find = |name: &str| {
        let found = place(name);
        if found.is_none() {
            let words = Words::new("thiếu cột này", "the column is missing");
            problems.push(Problem::at_line(&grid.path, heading.line, name, words));
        }
        found
    };
    let unit = find("unit");
    let mut indicators = Vec::new();
    for indicator in &index.indicators {
        if let Some(at) = find(indicator.code.as_str()) {
            let told = || marks::of_column(rows.iter().filter_map(|row| row.cells.get(at)));
            indicators.push((&indicator.code, at, decimal.map_or_else(told, Column::Uses)));
        }
    }
    match unit {
        Some(unit) if problems.is_empty() => Ok(Columns { unit, name: place("name"), indicators }),
        _ => Err(problems),
    }
}

fn read(
    grid: &Grid,
    index: &DistrictIndex,
    decimal: Option<Mark>,
) -> Result<Districts, Vec<Problem>> {
    let Some((heading, rows)) = grid.rows.split_first() else {
        let words = Words::new("tệp không có dòng nào", "has no row");
        return Err(vec![Problem::of_file(&grid.path, words)]);
    };
    let columns = columns(grid, (heading, rows), index, decimal)?;
    let (mut districts, mut problems) = (Districts::default(), Vec::new());
    for row in rows {
        let text = |at: usize| row.cells.get(at).map_or("", Cell::text);
        let code = unit_of(grid, row, text(columns.unit), &districts, &mut problems);
        let figures = figures(grid, row, &columns, &mut problems);
        if let Some(code) = code {
            let name = columns.name.map_or("", text).to_owned();
            districts.names.insert(code.clone(), name);
            districts.reported.insert(code, figures);
        }
    }
    if problems.is_empty() { Ok(districts) } else { Err(problems) }
}

/// The figures of a row; a cell with a word for withheld has none.
fn figures(
    grid: &Grid,
    row: &Row,
    columns: &Columns<'_>,
    problems: &mut Vec<Problem>,
) -> BTreeMap<VariableCode, Quantity> {
    let mut figures = BTreeMap::new();
    for (indicator, at, mark) in &columns.indicators {
        let Some(cell) = row.cells.get(*at) else { continue };
        if WITHHELD.contains(&cell.text().to_lowercase().as_str()) {
            continue;
        }
        match marks::figure(cell, *mark) {
            // Points and quantities are the same exact numbers, zero or more.
            Ok(points) => figures
                .extend(Quantity::new(points.get()).map(|value| ((*indicator).clone(), value))),
            Err(words) => {
                problems.push(Problem::at_line(&grid.path, row.line, indicator.as_str(), words));
            }
        }
    }
    figures
}

fn unit_of(
    grid: &Grid,
    row: &Row,
    text: &str,
    known: &Districts,
    problems: &mut Vec<Problem>,
) -> Option<UnitCode> {
    let code: Option<UnitCode> = text.parse().ok();
    let words = match &code {
        None => Words::new(
            format!("“{text}” không phải mã đơn vị, như 193"),
            format!("{text:?} is no code of a unit, such as 193"),
        ),
        Some(code) if known.reported.contains_key(code) => Words::new(
            format!("{code} đã có ở trên: mỗi đơn vị chỉ có một dòng"),
            format!("{code} stands above already"),
        ),
        Some(_) => return code,
    };
    problems.push(Problem::at_line(&grid.path, row.line, "unit", words));
    None
}

fn print(
    index: &DistrictIndex,
    districts: &Districts,
    scores: &BTreeMap<UnitCode, DistrictScores>,
    output: &Output,
) -> Result<(), CliError> {
    let of = |unit: &UnitCode, node: &NodeCode| -> Option<Points> {
        scores.get(unit).and_then(|scores| scores.points.get(node).copied().flatten())
    };
    let root = index.nodes.iter().map(|node| &node.code).find(|code| code.is_root());
    let totals = scores.keys().map(|unit| (unit.clone(), root.and_then(|root| of(unit, root))));
    let places = standings(&totals.collect());
    let mut units: Vec<&UnitCode> = scores.keys().collect();
    units.sort_by_key(|unit| places.get(*unit).map_or(u16::MAX, |at| at.rank));
    if output.is_json() {
        return output.json(&of_json(index, districts, scores, &places));
    }
    let lang = output.lang();
    let dimensions: Vec<&NodeCode> =
        index.nodes.iter().map(|node| &node.code).filter(|code| code.depth() < 2).collect();
    let first = [lang.t("Hạng", "Rank"), lang.t("Mã", "Code"), lang.t("Đơn vị", "Unit")];
    let header =
        first.map(str::to_owned).into_iter().chain(dimensions.iter().map(ToString::to_string));
    let mut table = output.table(header);
    table.add_rows(units.iter().map(|unit| {
        let place =
            places.get(*unit).map_or_else(|| "—".to_owned(), |at| format!("{}/{}", at.rank, at.of));
        let name = districts.names.get(*unit).cloned().unwrap_or_default();
        let figures = dimensions.iter().map(|node| {
            of(unit, node).map_or_else(|| "—".to_owned(), |points| lang.figure(&points.to_string()))
        });
        [place, unit.to_string(), name].into_iter().chain(figures).collect::<Vec<_>>()
    }));
    align_right(&mut table, std::iter::once(0).chain(3..dimensions.len().saturating_add(3)));
    output.line(format_args!("{} – {}", index.code, lang.t(&index.title, &index.title_en)))?;
    output.line(table)?;
    output.line(lang.t(
        "Chỉ số riêng của tỉnh, không phải PAPI; “—” là thiếu số liệu, không phải bằng không.",
        "The province's own index, not PAPI; “—” lacks figures and is not zero.",
    ))
}

fn of_json(
    index: &DistrictIndex,
    districts: &Districts,
    scores: &BTreeMap<UnitCode, DistrictScores>,
    places: &BTreeMap<UnitCode, Standing>,
) -> serde_json::Value {
    let unit = |(code, scores): (&UnitCode, &DistrictScores)| {
        let nodes: BTreeMap<String, _> =
            scores.points.iter().map(|(node, points)| (node.to_string(), points)).collect();
        let steps: BTreeMap<String, _> =
            scores.steps.iter().map(|(node, steps)| (node.to_string(), steps)).collect();
        json!({
            "unit_code": code, "name": districts.names.get(code),
            "rank": places.get(code).map(|at| at.rank), "of": places.get(code).map(|at| at.of),
            "points": nodes, "steps": steps,
        })
    };
    json!({ "index_code": index.code, "units": scores.iter().map(unit).collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use std::path::Path;

    use super::*;

    /// Computed by hand: (1 + 9 × 0.905 + 10) / 2 / 2 + (1 + 9 × 0.6) / 2 for the first district.
    #[test]
    fn the_example_scores_districts_and_ranks_those_with_every_figure() {
        let folder =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/results/districts-example");
        let index: DistrictIndex = plan_files::read(&folder.join("index.toml")).unwrap();
        let grid = grid::read(&folder.join("figures.csv"), None).unwrap();

        let districts = read(&grid, &index, None).unwrap();
        let scores = score(&index, &districts.reported).unwrap();

        let root: NodeCode = NodeCode::ROOT.parse().unwrap();
        let totals: Vec<_> = scores
            .iter()
            .map(|(unit, of)| (unit.as_str(), of.points[&root].map(|points| points.to_string())))
            .collect();
        let total = |text: &str| Some(text.to_owned());
        assert_eq!(
            totals,
            [
                ("193", total("7.98625")),
                ("194", total("5.730625")),
                ("195", total("4.825")),
                ("207", None),
            ]
        );
    }
}
