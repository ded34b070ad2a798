//! A CSV file of any columns: numbers where all cells are numbers, text otherwise, empty or `NA` missing.

use std::{collections::BTreeSet, path::Path};

use crate::{error::CliError, files, problem::Problem, say::Words};

/// Values of one column, missing where the cell is empty or `NA`.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Column {
    /// Every cell is a number; `TRUE` and `FALSE` count as 1 and 0.
    Numbers(Vec<Option<f64>>),
    /// Some cell is not a number.
    Texts(Vec<Option<String>>),
}

impl Column {
    /// The values as labels; whole numbers print without a point.
    pub fn labels(&self) -> Vec<Option<String>> {
        match self {
            Self::Numbers(values) => {
                values.iter().map(|value| value.map(|value| value.to_string())).collect()
            }
            Self::Texts(values) => values.clone(),
        }
    }

    /// The values as numbers; nothing when they are text.
    pub fn numbers(&self) -> Option<&[Option<f64>]> {
        match self {
            Self::Numbers(values) => Some(values),
            Self::Texts(_) => None,
        }
    }

    /// The different labels, numbers in their order and texts in theirs.
    pub fn levels(&self) -> Vec<String> {
        let distinct: BTreeSet<String> = self.labels().into_iter().flatten().collect();
        let mut levels: Vec<String> = distinct.into_iter().collect();
        if matches!(self, Self::Numbers(_)) {
            let number = |label: &String| label.parse::<f64>().unwrap_or(f64::NAN);
            levels.sort_by(|a, b| number(a).total_cmp(&number(b)));
        }
        levels
    }
}

/// The column that tells the rows of several files apart.
const FILE: &str = "file";

/// Rows of one or several files under one header.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    names: Vec<String>,
    /// Each row: the file's place among those given, its line, its cells.
    rows: Vec<(usize, u64, Vec<Option<String>>)>,
}

impl Table {
    /// Reads files with the same columns. Rows are put in an order of their own, so that the order of the
    /// file does not show in the last bit of any figure.
    pub fn read<P: AsRef<Path>>(paths: &[P]) -> Result<Self, CliError> {
        let mut table = Self::default();
        for (file, path) in paths.iter().enumerate() {
            table.add(file, path.as_ref())?;
        }
        table.rows.sort_by(|(a, line_a, one), (b, line_b, other)| {
            (a, one, line_a).cmp(&(b, other, line_b))
        });
        Ok(table)
    }

    fn add(&mut self, file: usize, path: &Path) -> Result<(), CliError> {
        let text = files::text(path).map_err(|problem| CliError::Files(vec![problem]))?;
        let at = |line: Option<u64>, words| match line.and_then(|line| usize::try_from(line).ok()) {
            Some(line) => CliError::Files(vec![Problem::at_line(path, line, "", words)]),
            None => CliError::Files(vec![Problem::of_file(path, words)]),
        };
        let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
        let broken = |error: csv::Error| {
            let line = error.position().map(csv::Position::line);
            at(line, Words::new(format!("dòng không đọc được: {error}"), error.to_string()))
        };
        let names: Vec<String> =
            reader.headers().map_err(broken)?.iter().map(|name| name.trim().to_owned()).collect();
        if file > 0 && names != self.names {
            return Err(at(
                Some(1),
                Words::new(
                    "các cột khác với tệp đầu tiên",
                    "the columns differ from those of the first file",
                ),
            ));
        }
        self.names = names;
        for record in reader.records() {
            let record = record.map_err(broken)?;
            let line = record.position().map_or(0, csv::Position::line);
            self.rows.push((file, line, record.iter().map(cell).collect()));
        }
        Ok(())
    }

    /// How many rows there are.
    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    /// The columns' names.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The file each row comes from, from 0.
    pub fn files(&self) -> impl Iterator<Item = usize> + '_ {
        self.rows.iter().map(|(file, ..)| *file)
    }

    /// The line of a row in its file.
    pub fn line(&self, row: usize) -> u64 {
        self.rows.get(row).map_or(0, |(_, line, _)| *line)
    }

    /// Only the rows that are to stay.
    pub fn keep(&mut self, is_kept: &[bool]) {
        let mut kept = is_kept.iter().copied();
        self.rows.retain(|_| kept.next().unwrap_or(false));
    }

    /// A column by its name. Several files have one more, `file`, with the place of each row's, from 1.
    pub fn column(&self, name: &str) -> Option<Column> {
        let Some(place) = self.names.iter().position(|known| known == name) else {
            let is_asked = name == FILE && self.files().any(|file| file > 0);
            let label = |file: usize| Some((file + 1).to_string());
            return is_asked.then(|| Column::Texts(self.files().map(label).collect()));
        };
        let cells =
            || self.rows.iter().map(|(_, _, cells)| cells.get(place).and_then(Option::as_ref));
        let numbers: Option<Vec<Option<f64>>> =
            cells().map(|cell| cell.map_or(Some(None), |text| number(text).map(Some))).collect();
        Some(match numbers {
            Some(numbers) => Column::Numbers(numbers),
            None => Column::Texts(cells().map(Option::<&String>::cloned).collect()),
        })
    }
}

fn cell(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty() && text != "NA" && text != "NaN").then(|| text.to_owned())
}

fn number(text: &str) -> Option<f64> {
    match text {
        "TRUE" | "true" => Some(1.0),
        "FALSE" | "false" => Some(0.0),
        _ => text.parse().ok().filter(|value: &f64| value.is_finite()),
    }
}
