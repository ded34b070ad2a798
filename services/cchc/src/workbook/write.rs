//! The workbook is written: headings, field names, cells, drop-downs, notes, and a page set for print.

use std::collections::BTreeMap;

use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, ExcelDateTime, Formula, Note, Workbook, Worksheet,
    XlsxError,
};
use serde_json::Value;

use super::{
    HEAD,
    cell::{Cell, render},
    layout::{Column, Table},
    rows::{Cells, split},
    shape::Scalar,
    sheets::{Sheet, sheets},
    style::{self, Role},
    words,
};
use crate::plan_files::PlanFolder;

/// Rows below the last one that have drop-downs already.
const ROOM: u32 = 300;
const GUIDE: &str = "Hướng dẫn";
const LISTS: &str = "Danh mục";
/// How to edit the workbook, as its first sheet says it.
const RULES: &[(&str, &str)] = &[
    (
        "Cách sửa",
        "Mỗi trang là một loại nội dung, mỗi dòng là một mục. Sửa ô, thêm dòng ở cuối hoặc chèn dòng; xóa cả dòng để bỏ. Cột STT chỉ để đọc; thứ tự các dòng là thứ tự của kế hoạch.",
    ),
    (
        "Không sửa",
        "Dòng thứ hai (chữ nhỏ màu xám) là tên trường, để máy đọc lại: không xóa, không đổi. Không xóa cột hay trang.",
    ),
    (
        "Màu của tiêu đề",
        "Xanh lá: phải điền. Xanh dương: để trống được. Xám: cho biết dòng này thuộc về mục nào. Rê chuột vào tiêu đề để xem giải thích.",
    ),
    (
        "Con số",
        "Nhập như thường lệ (92,28 trong Excel tiếng Việt). Tỷ lệ ghi con số 95, không ghi 95%. Số viết dạng văn bản mà hiểu được hai cách, như 1.234, sẽ bị từ chối.",
    ),
    (
        "Chưa biết",
        "Để trống, không ghi 0. Số liệu kế hoạch đã nêu thì giữ nguyên, kể cả khi không khớp: hệ thống báo chỗ không khớp, không tự sửa.",
    ),
    (
        "Mã",
        "Các ô mã là văn bản, để 06649 không mất số 0 và 1.10 không thành 1.1. Nhiều mã trong một ô ngăn cách bằng dấu phẩy.",
    ),
    (
        "Đọc lại",
        "cchc plan import TỆP.xlsx --to THƯ-MỤC --check cho xem khác gì với thư mục; bỏ --check để ghi. Mọi chỗ sai được báo kèm trang và ô, ví dụ Nhiệm vụ!C14.",
    ),
];
/// A4.
const PAPER: u8 = 9;

/// Writes a folder as a workbook.
pub(super) fn workbook(folder: &PlanFolder, tables: &[Table]) -> Result<Vec<u8>, XlsxError> {
    book(folder, tables)?.save_to_buffer()
}

/// Writes a folder as a workbook in which somebody then typed over some cells (sheet, row, column, text).
#[cfg(test)]
pub(super) fn workbook_with(
    folder: &PlanFolder,
    tables: &[Table],
    typed: &[(String, u32, u16, String)],
) -> Result<Vec<u8>, XlsxError> {
    let mut book = book(folder, tables)?;
    for (sheet, row, column, text) in typed {
        book.worksheet_from_name(sheet)?.write_string(*row, *column, text)?;
    }
    book.save_to_buffer()
}

fn book(folder: &PlanFolder, tables: &[Table]) -> Result<Workbook, XlsxError> {
    let document = serde_json::to_value(folder).unwrap_or_default();
    let rows = split(tables, &document);
    let sheets = sheets(tables, &rows);
    let mut lists = Lists::new(tables, &rows);
    let mut book = Workbook::new();
    guide(book.add_worksheet(), &sheets)?;
    for sheet in &sheets {
        let page = book.add_worksheet();
        set_up(page, sheet)?;
        if sheet.table.is_form() {
            form(page, sheet, &mut lists)?;
        } else {
            table(page, sheet, &mut lists)?;
        }
    }
    lists.write(book.add_worksheet())?;
    Ok(book)
}

fn set_up(page: &mut Worksheet, sheet: &Sheet<'_>) -> Result<(), XlsxError> {
    page.set_name(&sheet.name)?.set_landscape().set_paper_size(PAPER);
    page.set_print_fit_to_pages(1, 0).set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3);
    page.set_repeat_rows(0, 0)?.set_freeze_panes(HEAD, 2)?;
    page.set_header(format!("&L&A&R{}", sheet.about.replace('&', "&&")));
    page.set_footer("&L&F&R&P/&N");
    page.set_tab_color(if sheet.table.keys.is_empty() {
        Role::Required.color()
    } else {
        Role::Optional.color()
    });
    page.set_row_height(0, 34)?.set_row_height(1, 11)?;
    page.write_with_format(1, 0, &sheet.marker, &style::field_name())?;
    Ok(())
}

/// The folder's own sheet: one field below the other.
fn form(page: &mut Worksheet, sheet: &Sheet<'_>, lists: &mut Lists) -> Result<(), XlsxError> {
    let heads = [("STT", 5), ("Mục", 34), ("Giá trị", 60), ("Giải thích", 60), ("Trường", 24)];
    for (column, (head, width)) in (0..).zip(heads) {
        page.write_with_format(0, column, head, &style::heading(Role::Key))?;
        page.set_column_width(column, width)?;
    }
    let empty = Cells::new();
    let values = sheet.rows.first().copied().unwrap_or(&empty);
    for (number, column) in (0_u32..).zip(&sheet.columns) {
        let row = HEAD + number;
        let (heading, note) = words::heading(&sheet.table.path, &column.name);
        page.write_with_format(row, 0, number + 1, &style::ordinal())?;
        page.write_with_format(row, 1, heading, &style::label())?;
        put(page, (row, 2), column, values)?;
        let texts = [(values.get(&column.name), 60), (Some(&note.into()), 60)];
        page.set_row_height(
            row,
            style::height(texts.into_iter().filter_map(|(v, w)| Some((v?, w)))),
        )?;
        page.write_with_format(row, 3, note, &style::note())?;
        page.write_with_format(row, 4, &column.name, &style::field_name())?;
        lists.offer(page, column, (row, row), 2)?;
    }
    Ok(())
}

fn table(page: &mut Worksheet, sheet: &Sheet<'_>, lists: &mut Lists) -> Result<(), XlsxError> {
    let count = u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX - HEAD - ROOM);
    page.write_with_format(0, 0, "STT", &style::heading(Role::Key))?;
    page.set_column_width(0, 5)?;
    for (at, column) in (1_u16..).zip(&sheet.columns) {
        let (heading, note) = words::heading(&sheet.table.path, &column.name);
        page.write_with_format(0, at, &heading, &style::heading(Role::of(column)))?;
        page.write_with_format(1, at, &column.name, &style::field_name())?;
        page.insert_note(0, at, &explanation(column, note))?;
        page.set_column_width(at, style::width(column))?;
        page.set_column_format(at, &style::cell(column))?;
        lists.offer(page, column, (HEAD, HEAD + count + ROOM), at)?;
    }
    for (number, row) in (0_u32..).zip(&sheet.rows) {
        page.write_with_format(HEAD + number, 0, number + 1, &style::ordinal())?;
        let cells = sheet.columns.iter().filter_map(|c| Some((row.get(&c.name)?, style::width(c))));
        page.set_row_height(HEAD + number, style::height(cells))?;
        for (at, column) in (1_u16..).zip(&sheet.columns) {
            put(page, (HEAD + number, at), column, row)?;
        }
    }
    if count > 0
        && let Ok(last) = u16::try_from(sheet.columns.len())
    {
        page.autofilter(1, 0, HEAD + count - 1, last)?;
    }
    Ok(())
}

fn put(
    page: &mut Worksheet,
    (row, at): (u32, u16),
    column: &Column,
    cells: &Cells,
) -> Result<(), XlsxError> {
    let format = &style::cell(column);
    match cells.get(&column.name).map_or(Cell::Empty, |value| render(column, value)) {
        Cell::Text(text) | Cell::Broken(text) => {
            page.write_string_with_format(row, at, text, format)?;
        }
        Cell::Number(number) | Cell::Percent(number) => {
            page.write_number_with_format(row, at, number, format)?;
        }
        Cell::Fixed(number, places) => {
            let format = format.clone().set_num_format(format!("0.{}", "0".repeat(places)));
            page.write_number_with_format(row, at, number, &format)?;
        }
        Cell::Flag(flag) => {
            page.write_boolean_with_format(row, at, flag, format)?;
        }
        Cell::Day(day) => {
            let year = u16::try_from(day.year()).unwrap_or_default();
            let day = ExcelDateTime::from_ymd(year, day.month().into(), day.day())?;
            page.write_datetime_with_format(row, at, &day, format)?;
        }
        Cell::Empty => {
            page.write_blank(row, at, format)?;
        }
    }
    Ok(())
}

/// The note of a heading: what to enter, the choices, and the documentation of the field.
fn explanation(column: &Column, note: &str) -> Note {
    let mut lines = vec![note.to_owned()];
    if column.is_required {
        lines.push("Phải điền.".to_owned());
    }
    if let Scalar::Choice(choices) = &column.scalar {
        let labels = choices.iter().map(|word| words::choice_label(&column.name, &word.word));
        lines.push(format!("Chọn: {}.", labels.collect::<Vec<_>>().join("; ")));
    }
    lines.push(format!("{}: {}", column.name, column.about));
    lines.retain(|line| !line.is_empty());
    Note::new(lines.join("\n")).add_author_prefix(false).set_width(300).set_height(120)
}

/// The lists that drop-downs offer, on a sheet of their own: the choices of a column, the codes there are.
struct Lists {
    lists: BTreeMap<String, (u16, Vec<String>)>,
    codes: BTreeMap<&'static str, Vec<String>>,
}

impl Lists {
    fn new(tables: &[Table], rows: &[Vec<Cells>]) -> Self {
        Self { lists: BTreeMap::new(), codes: codes(tables, rows) }
    }

    /// Offers a column's choices in its cells; codes only as advice, since new ones may be written.
    fn offer(
        &mut self,
        page: &mut Worksheet,
        column: &Column,
        (first, last): (u32, u32),
        at: u16,
    ) -> Result<(), XlsxError> {
        let label = |word: &super::shape::Word| words::choice_label(&column.name, &word.word);
        let (name, items, style) = match &column.scalar {
            _ if column.is_list => return Ok(()),
            Scalar::Choice(all) => {
                let labels: Vec<String> = all.iter().map(label).collect();
                (labels.join("|"), labels, DataValidationErrorStyle::Stop)
            }
            Scalar::Flag => {
                let both = vec!["có".to_owned(), "không".to_owned()];
                ("?".to_owned(), both, DataValidationErrorStyle::Stop)
            }
            Scalar::Code { of, .. } if column.name != "code" => match self.codes.get(of.as_str()) {
                Some(codes) => (of.clone(), codes.clone(), DataValidationErrorStyle::Warning),
                None => return Ok(()),
            },
            _ => return Ok(()),
        };
        let next = u16::try_from(self.lists.len()).unwrap_or(u16::MAX);
        let (place, items) = self.lists.entry(name).or_insert((next, items));
        if items.is_empty() {
            return Ok(());
        }
        let letter = rust_xlsxwriter::utility::column_number_to_name(*place);
        let range = format!("='{LISTS}'!${letter}$1:${letter}${}", items.len());
        let offered = DataValidation::new()
            .allow_list_formula(Formula::new(range))
            .set_error_style(style)
            .set_error_title("Không có trong danh sách")?
            .set_error_message("Hãy chọn một giá trị trong danh sách thả xuống.")?;
        page.add_data_validation(first, at, last, at, &offered)?;
        Ok(())
    }

    fn write(&self, page: &mut Worksheet) -> Result<(), XlsxError> {
        page.set_name(LISTS)?.set_hidden(true);
        for (place, items) in self.lists.values() {
            for (row, item) in (0_u32..).zip(items) {
                page.write_string(row, *place, item)?;
            }
        }
        Ok(())
    }
}

/// Every code that others may point at, by the type of the code.
pub(super) fn codes(tables: &[Table], rows: &[Vec<Cells>]) -> BTreeMap<&'static str, Vec<String>> {
    let of = |path: &str| {
        let rows = tables.iter().zip(rows).find(|(table, _)| table.path == path);
        rows.map(|(_, rows)| rows.as_slice()).unwrap_or_default()
    };
    let text = |row: &Cells, name: &str| {
        row.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let all = |path: &str| of(path).iter().map(|row| text(row, "code")).collect::<Vec<_>>();
    let node = |row: &Cells| format!("{}/{}", text(row, "in:indices"), text(row, "code"));
    BTreeMap::from([
        ("UnitCode", all("units")),
        ("StratumCode", all("units")),
        ("ClusterCode", all("units")),
        ("IndexCode", all("indices")),
        ("VariableCode", all("indices.variables")),
        ("NodeId", of("indices.nodes").iter().map(node).collect()),
    ])
}

fn guide(page: &mut Worksheet, sheets: &[Sheet<'_>]) -> Result<(), XlsxError> {
    page.set_name(GUIDE)?.set_landscape().set_paper_size(PAPER).set_print_fit_to_pages(1, 0);
    page.set_column_width(0, 26)?.set_column_width(1, 100)?;
    page.write_with_format(0, 0, "Kế hoạch dưới dạng bảng tính", &style::title())?;
    let mut row = 2;
    for &(name, text) in RULES {
        page.write_with_format(row, 0, name, &style::label())?;
        page.write_with_format(row, 1, text, &style::prose())?;
        page.set_row_height(row, style::height([(&text.into(), 100)].into_iter()))?;
        row += 1;
    }
    row += 1;
    for sheet in sheets {
        let target = format!("internal:'{}'!A1", sheet.name);
        page.write_url_with_text(row, 0, target.as_str(), &sheet.name)?;
        page.write_with_format(
            row,
            1,
            format!("{} ({} dòng)", sheet.about, sheet.rows.len()),
            &style::prose(),
        )?;
        row += 1;
    }
    Ok(())
}
