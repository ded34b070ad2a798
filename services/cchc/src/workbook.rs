//! A whole plan folder as one workbook that an official edits in Excel or `LibreOffice`, and back.
//!
//! ```text
//!   PlanFolder ─ serde ─► document ─ rows ─► tables ─ sheets, write ─► XLSX
//!   PlanFolder ◄─ serde ─ document ◄─ join ─ tables ◄───────── read ─ XLSX
//!                             layout ◄─ shape ◄─ JSON Schema of PlanFolder
//! ```
//!
//! Nothing here names a field: sheets and columns follow from the types' schema ([`shape`], [`layout`]),
//! words for people are looked up beside it ([`words`]). So a new field is a column by itself, and a
//! workbook that was made before it is refused instead of read as if the field had been emptied.
//! Why the form is as it is: decision 0017.

mod cell;
mod differences;
mod join;
mod layout;
mod read;
mod rows;
mod shape;
mod sheets;
mod style;
mod words;
mod write;

#[cfg(test)]
mod tests;

use std::path::Path;

use schemars::schema_for;
use serde_json::Value;

pub(crate) use self::differences::{Difference, differences};
use self::layout::{Table, tables};
use crate::{error::CliError, plan_files::PlanFolder, problem::Problem};

/// Rows above the first row of data: headings and field names.
const HEAD: u32 = 2;
/// The marker of the folder's own sheet.
const FORM: &str = "folder";

/// Writes a folder as a workbook, and reads it back before anybody relies on it.
pub(crate) fn write(folder: &PlanFolder, name: &Path) -> Result<Vec<u8>, CliError> {
    let bytes = write::workbook(folder, &layout()).map_err(|error| {
        CliError::said(
            format!("Không lập được bảng tính: {error}"),
            format!("The workbook could not be made: {error}"),
        )
    })?;
    match read(&bytes, name) {
        Ok(read) if read == *folder => Ok(bytes),
        Ok(_) => Err(CliError::said(
            "Kế hoạch có nội dung mà bảng tính không giữ được nguyên vẹn (ví dụ văn bản để trống): hãy dùng .json",
            "The plan has content that a workbook cannot keep exactly (such as an empty text): use .json",
        )),
        Err(problems) => Err(CliError::Files(problems)),
    }
}

/// Reads a workbook, or says everything that is wrong with it, cell by cell.
pub(crate) fn read(bytes: &[u8], name: &Path) -> Result<PlanFolder, Vec<Problem>> {
    read::workbook(bytes, name, &layout())
}

fn layout() -> Vec<Table> {
    let schema: Value = schema_for!(PlanFolder).into();
    tables(&shape::of_schema(&schema))
}
