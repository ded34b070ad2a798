//! A workbook to be filled in: a line for everything that is asked, lists to choose from, and a sheet that
//! explains. It is read back by the import of the same kind as it is.

use std::path::Path;

use cchc_core::Decimal;
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationRule, ExcelDateTime, Format, Formula, Workbook, Worksheet,
    XlsxError,
};

use super::Bulk;
use crate::{
    error::CliError,
    template::{HELP, Lists, cannot_write, heading, told},
};

/// Empty lines below those that are asked for, with the same lists.
const SPARE_ROWS: usize = 200;

/// What the cells of a column take.
#[derive(Debug)]
pub(crate) enum Takes {
    /// Nothing: it tells something.
    Nothing,
    /// A text, or a code that the line has already.
    Text,
    /// A number that is not negative.
    Number,
    /// A whole number of a percentage.
    Percent,
    /// A day.
    Day,
    /// One of these.
    OneOf(Vec<String>),
    /// For each line, what its rule can give; where it can give anything, up to the most.
    Points(Vec<(Vec<Decimal>, Option<Decimal>)>),
}

/// A column.
#[derive(Debug)]
pub(crate) struct Field {
    /// The column of the record that it is, or the heading of one that only tells something.
    pub(crate) column: &'static str,
    pub(crate) width: f64,
    pub(crate) takes: Takes,
    /// What is said beside its cells.
    pub(crate) hint: &'static str,
}

impl Field {
    /// A column that tells something.
    pub(crate) const fn aside(column: &'static str, width: f64) -> Self {
        Self { column, width, takes: Takes::Nothing, hint: "" }
    }

    /// A column that the line has filled in already.
    pub(crate) const fn code(column: &'static str, width: f64, takes: Takes) -> Self {
        Self { column, width, takes, hint: "" }
    }

    /// A column to be filled in.
    pub(crate) const fn filled(
        column: &'static str,
        width: f64,
        takes: Takes,
        hint: &'static str,
    ) -> Self {
        Self { column, width, takes, hint }
    }
}

/// A workbook to be filled in.
#[derive(Debug)]
pub(crate) struct Form {
    /// The sheet that is filled in.
    pub(crate) sheet: &'static str,
    pub(crate) fields: Vec<Field>,
    /// What stands in each line, cell by cell; what is to be filled in is empty.
    pub(crate) rows: Vec<Vec<String>>,
    /// Whether lines that nobody asked for may be added below.
    pub(crate) has_spare_rows: bool,
    /// The sheet that explains, line by line.
    pub(crate) help: Vec<String>,
}

impl Form {
    /// Writes the workbook.
    pub(crate) fn write<R: Bulk>(&self, path: &Path) -> Result<(), CliError> {
        let written = self.workbook::<R>().and_then(|mut book| book.save(path));
        written.map_err(|error| cannot_write(path, &error))
    }

    /// Makes the workbook.
    pub(super) fn workbook<R: Bulk>(&self) -> Result<Workbook, XlsxError> {
        let mut book = Workbook::new();
        let (mut sheet, mut lists) = (Worksheet::new(), Lists::new()?);
        sheet.set_name(self.sheet)?.set_freeze_panes(1, 0)?;
        sheet.set_row_height(0, 32)?;
        for (at, field) in (0_u16..).zip(&self.fields) {
            let column = R::COLUMNS.iter().find(|column| column.name == field.column);
            let name = column.map_or(field.column, |column| column.heading);
            sheet.write_string_with_format(0, at, name, &heading())?;
            sheet.set_column_width(at, field.width)?;
            sheet.set_column_format(at, &format(&field.takes))?;
            self.offer(&mut sheet, &mut lists, at, field, name)?;
        }
        for (row, cells) in (1_u32..).zip(&self.rows) {
            for ((at, cell), field) in (0_u16..).zip(cells).zip(&self.fields) {
                if !cell.is_empty() {
                    sheet.write_string_with_format(row, at, cell, &format(&field.takes))?;
                }
            }
        }
        book.push_worksheet(sheet);
        book.push_worksheet(self.explanation()?);
        book.push_worksheet(lists.into_sheet());
        Ok(book)
    }

    /// Says beside the cells of a column what they take.
    fn offer(
        &self,
        sheet: &mut Worksheet,
        lists: &mut Lists,
        at: u16,
        field: &Field,
        name: &str,
    ) -> Result<(), XlsxError> {
        let spare = if self.has_spare_rows { SPARE_ROWS } else { 0 };
        let last = u32::try_from(self.rows.len() + spare).unwrap_or(u32::MAX);
        let rule = match &field.takes {
            Takes::Nothing | Takes::Text => return Ok(()),
            Takes::Points(rows) => {
                for (row, (offered, most)) in (1_u32..).zip(rows) {
                    let rule = points(lists, offered, *most)?;
                    sheet.add_data_validation(row, at, row, at, &told(rule, name, field.hint)?)?;
                }
                return Ok(());
            }
            Takes::Number => number(None),
            Takes::Percent => {
                DataValidation::new().allow_whole_number(DataValidationRule::Between(0, 100))
            }
            Takes::Day => {
                let first = ExcelDateTime::from_ymd(2000, 1, 1)?;
                DataValidation::new().allow_date(DataValidationRule::GreaterThanOrEqualTo(first))
            }
            Takes::OneOf(offered) => {
                let choices = lists.add(name, offered.iter().map(String::as_str))?;
                DataValidation::new().allow_list_formula(choices)
            }
        };
        sheet.add_data_validation(1, at, last.max(1), at, &told(rule, name, field.hint)?)?;
        Ok(())
    }

    fn explanation(&self) -> Result<Worksheet, XlsxError> {
        let mut sheet = Worksheet::new();
        sheet.set_name(HELP)?.set_column_width(0, 120)?;
        for (row, line) in (0_u32..).zip(&self.help) {
            let format = if row == 0 { Format::new().set_bold() } else { Format::new() };
            sheet.write_string_with_format(row, 0, line, &format.set_text_wrap())?;
        }
        Ok(sheet)
    }
}

/// A number that is not negative, up to the most.
fn number(most: Option<Decimal>) -> DataValidation {
    let bound = |text: String| Formula::new(format!("={text}"));
    let rule = match most {
        Some(most) => DataValidationRule::Between(bound("0".to_owned()), bound(most.to_string())),
        None => DataValidationRule::GreaterThanOrEqualTo(bound("0".to_owned())),
    };
    DataValidation::new().allow_decimal_number_formula(rule)
}

/// What a node's rule can give, as a list of numbers.
fn points(
    lists: &mut Lists,
    offered: &[Decimal],
    most: Option<Decimal>,
) -> Result<DataValidation, XlsxError> {
    if offered.is_empty() {
        return Ok(number(most));
    }
    // A workbook's numbers are floats, whatever is written; they are read back as they are shown.
    let numbers: Vec<f64> = offered.iter().filter_map(|of| f64::try_from(*of).ok()).collect();
    Ok(DataValidation::new().allow_list_formula(lists.add_numbers("Điểm", &numbers)?))
}

/// How the cells of a column look. Codes stay texts, so that they keep their zeros.
fn format(takes: &Takes) -> Format {
    match takes {
        Takes::Nothing => Format::new()
            .set_num_format("@")
            .set_font_color(Color::RGB(0x60_60_60))
            .set_background_color(Color::RGB(0xF2_F2_F2)),
        Takes::Text | Takes::OneOf(_) => Format::new().set_num_format("@"),
        Takes::Number | Takes::Percent | Takes::Points(_) => {
            Format::new().set_num_format("General")
        }
        Takes::Day => Format::new().set_num_format("dd/mm/yyyy"),
    }
}
