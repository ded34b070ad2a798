//! What the workbooks that people fill in have in common: how their first line looks, lists to choose from,
//! and what is said beside a cell.

use std::path::Path;

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, Format, FormatAlign, FormatBorder, Formula,
    Worksheet, XlsxError,
};

use crate::error::CliError;

/// The sheet that explains.
pub(crate) const HELP: &str = "Hướng dẫn";
/// The sheet with what the lists offer.
const LISTS: &str = "Danh mục";
/// Characters that Excel shows beside a cell.
const MOST_HINT: usize = 255;

/// Tells beside a cell what it takes, and why it does not take something else.
pub(crate) fn told(
    rule: DataValidation,
    title: &str,
    hint: &str,
) -> Result<DataValidation, XlsxError> {
    let hint: String = hint.chars().take(MOST_HINT).collect();
    rule.set_input_title(title.chars().take(32).collect::<String>())?
        .set_input_message(hint)?
        .set_error_title("Không dùng được")?
        .set_error_message("Hãy chọn trong danh sách hoặc nhập đúng dạng được hướng dẫn.")
        .map(|rule| rule.set_error_style(DataValidationErrorStyle::Stop))
}

/// How the first line of a form looks.
pub(crate) fn heading() -> Format {
    Format::new()
        .set_bold()
        .set_font_color(Color::White)
        .set_background_color(Color::RGB(0x1F_6F_54))
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap()
        .set_border(FormatBorder::Thin)
}

/// The sheet with what lists offer, a column each.
pub(crate) struct Lists {
    sheet: Worksheet,
    next: u16,
}

impl Lists {
    /// Makes an empty one.
    pub(crate) fn new() -> Result<Self, XlsxError> {
        let mut sheet = Worksheet::new();
        sheet.set_name(LISTS)?;
        Ok(Self { sheet, next: 0 })
    }

    /// Adds a list; gives where it stands.
    pub(crate) fn add<'a>(
        &mut self,
        name: &str,
        offered: impl Iterator<Item = &'a str>,
    ) -> Result<Formula, XlsxError> {
        let at = self.begin(name)?;
        let mut last = 0;
        for (row, text) in (1_u32..).zip(offered) {
            self.sheet.write_string(row, at, text)?;
            last = row;
        }
        Ok(Self::formula(at, last))
    }

    /// Adds a list of numbers, which a workbook shows with the reader's own decimal mark.
    pub(crate) fn add_numbers(
        &mut self,
        name: &str,
        offered: &[f64],
    ) -> Result<Formula, XlsxError> {
        let at = self.begin(name)?;
        let mut last = 0;
        for (row, number) in (1_u32..).zip(offered) {
            self.sheet.write_number(row, at, *number)?;
            last = row;
        }
        Ok(Self::formula(at, last))
    }

    /// The sheet, once every list stands in it.
    pub(crate) fn into_sheet(self) -> Worksheet {
        self.sheet
    }

    fn begin(&mut self, name: &str) -> Result<u16, XlsxError> {
        let at = self.next;
        self.next += 1;
        self.sheet.write_string(0, at, name)?;
        Ok(at)
    }

    fn formula(at: u16, last: u32) -> Formula {
        let column = rust_xlsxwriter::utility::column_number_to_name(at);
        let last = last + 1;
        Formula::new(format!("='{LISTS}'!${column}$2:${column}${last}"))
    }
}

/// Why a workbook was not written.
pub(crate) fn cannot_write(path: &Path, error: &XlsxError) -> CliError {
    let path = path.display();
    CliError::unusable(
        format!("không ghi được {path} ({error})"),
        format!("cannot write {path} ({error})"),
    )
}
