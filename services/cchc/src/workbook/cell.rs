//! One cell: how a value stands in it, and what may be read out of it again.
//!
//! A number is a number cell, so that a Vietnamese Excel shows `92,28`, sorts and adds. Excel keeps
//! fifteen digits; what has more stands as text. Read back, the fifteen digits that Excel shows are the
//! number, exactly. Text in a number's place is read only where it has one meaning.

use serde_json::Value;
use time::{Date, format_description::BorrowedFormatItem, macros::format_description};
use unicode_normalization::UnicodeNormalization as _;

use super::{
    layout::Column,
    shape::Scalar,
    words::{self, choice_label},
};
use crate::{push::exact, say::Words};

/// Digits that a number cell keeps.
const DIGITS: usize = 15;
const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");
const DAY_OF_OFFICE: &[BorrowedFormatItem<'_>] =
    format_description!("[day padding:none]/[month padding:none]/[year]");

/// What a cell of a workbook holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    Empty,
    Text(String),
    Number(f64),
    /// A number that is shown with so many places, zeros and all: `51,80`.
    Fixed(f64, usize),
    /// A number that is shown a hundred times as large.
    Percent(f64),
    Flag(bool),
    Day(Date),
    /// `#REF!` and its kin, or a time of day.
    Broken(String),
}

impl Cell {
    /// Whether nothing stands in it.
    pub(super) fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    fn shown(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) | Self::Broken(text) => text.clone(),
            Self::Number(number) => digits(*number),
            Self::Fixed(number, places) => padded(digits(*number), *places),
            Self::Percent(number) => format!("{} (%)", digits(*number)),
            Self::Flag(flag) => flag.to_string(),
            Self::Day(day) => day.to_string(),
        }
    }
}

/// Writes a value of a column; several stand in one cell.
pub(super) fn render(column: &Column, value: &Value) -> Cell {
    let text = |value: &Value| match (&column.scalar, value) {
        (Scalar::Choice(_), Value::String(word)) => choice_label(&column.name, word),
        (_, Value::String(text)) => text.clone(),
        (_, other) => other.to_string(),
    };
    match (column.is_list, value, &column.scalar) {
        (_, Value::Null, _) => Cell::Empty,
        (_, value, Scalar::Json) => Cell::Text(value.to_string()),
        (true, Value::Array(items), scalar) => {
            let items: Vec<String> = items.iter().map(text).collect();
            Cell::Text(items.join(separator(scalar)))
        }
        (_, Value::Bool(flag), _) => Cell::Text(if *flag { "có" } else { "không" }.to_owned()),
        (_, Value::Number(number), _) => number.as_f64().map_or(Cell::Empty, Cell::Number),
        (_, Value::String(number), Scalar::Exact { .. }) => decimal_cell(number),
        (_, Value::String(day), Scalar::Day) => day_cell(day),
        (_, value, _) => Cell::Text(text(value)),
    }
}

fn decimal_cell(number: &str) -> Cell {
    let significant = number.bytes().filter(u8::is_ascii_digit).count();
    let trimmed = number.trim_start_matches(['-', '0', '.']);
    let is_kept = significant.min(trimmed.bytes().filter(u8::is_ascii_digit).count()) <= DIGITS;
    match number.parse() {
        Ok(value) if is_kept && number.contains('.') && number.ends_with('0') => {
            let places = number.split('.').next_back().unwrap_or_default().len();
            Cell::Fixed(value, places)
        }
        Ok(value) if is_kept => Cell::Number(value),
        _ => Cell::Text(number.to_owned()),
    }
}

/// Excel has no days before 1900, and a wrong one in that year.
fn day_cell(day: &str) -> Cell {
    match Date::parse(day, DAY) {
        Ok(day) if (1901..=9999).contains(&day.year()) => Cell::Day(day),
        _ => Cell::Text(day.to_owned()),
    }
}

const fn separator(scalar: &Scalar) -> &'static str {
    if matches!(scalar, Scalar::Text) { "\n" } else { ", " }
}

/// Reads a cell of a column; nothing when it is empty.
pub(super) fn parse(column: &Column, cell: &Cell) -> Result<Option<Value>, Words> {
    match cell {
        cell if cell.is_blank() => Ok(None),
        Cell::Broken(shown) => Err(Words::new(
            format!("ô đang báo lỗi hoặc chứa giờ ({shown}): hãy nhập lại giá trị"),
            format!("the cell shows an error or a time of day ({shown}): enter the value again"),
        )),
        cell if column.is_list => {
            let text = plain(cell)?;
            let marks: &[char] =
                if column.scalar == Scalar::Text { &['\n'] } else { &[',', ';', '\n', '|'] };
            let parts = text.split(marks).map(str::trim).filter(|part| !part.is_empty());
            let read = parts.map(|part| one(column, &Cell::Text(part.to_owned())));
            Ok(Some(Value::Array(read.collect::<Result<_, _>>()?)))
        }
        cell => one(column, cell).map(Some),
    }
}

fn one(column: &Column, cell: &Cell) -> Result<Value, Words> {
    let is_of_form = |text: &str| column.form.as_ref().is_none_or(|form| form.is_match(text));
    match &column.scalar {
        Scalar::Text => plain(cell).map(Value::String),
        Scalar::Code { of, .. } => {
            let text = plain(cell)?;
            if is_of_form(&text) { Ok(text.into()) } else { Err(words::not_of_form(of, &text)) }
        }
        Scalar::Exact { .. } => {
            let number = number(cell)?;
            if is_of_form(&number) { Ok(number.into()) } else { Err(out_of_form(&number)) }
        }
        Scalar::Day => day(cell).map(|day| day.to_string().into()),
        Scalar::Whole { least, most } => {
            let text = match cell {
                Cell::Fixed(number, _) => digits(*number),
                other => number(other)?,
            };
            let whole = text.parse().ok().filter(|whole| (least..=most).contains(&whole));
            whole.map(|whole: i64| whole.into()).ok_or_else(|| not_whole(&text, *least, *most))
        }
        Scalar::Flag => flag(cell).map(Value::Bool),
        Scalar::Choice(known) => {
            let text = plain(cell)?;
            words::word_of(&column.name, known, &text).map(Value::String)
        }
        Scalar::Json => serde_json::from_str(&plain(cell)?).map_err(|error| {
            let en = format!("the cell holds JSON, which cannot be read ({error})");
            Words::new(format!("ô này chứa JSON và không đọc được ({error})"), en)
        }),
    }
}

/// A text, composed; a whole number stands for its digits, anything else would be a guess.
fn plain(cell: &Cell) -> Result<String, Words> {
    match cell {
        Cell::Text(text) => Ok(text.replace("\r\n", "\n").trim().nfc().collect()),
        Cell::Number(number) | Cell::Fixed(number, _) if !digits(*number).contains('.') => {
            Ok(digits(*number))
        }
        other => {
            let shown = other.shown();
            Err(Words::new(
                format!(
                    "ô này phải là văn bản, không phải số, ngày hay công thức ({shown}): hãy chọn định dạng Text rồi nhập lại, để 1.10 không thành 1.1"
                ),
                format!(
                    "must be text, not a number, a day or a formula ({shown}): format the cell as Text and enter it again, so that 1.10 does not become 1.1"
                ),
            ))
        }
    }
}

/// The decimal that Excel shows of a number, to the fifteen digits that it keeps.
fn digits(number: f64) -> String {
    let scientific = format!("{number:.14e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else { return scientific };
    let sign = if mantissa.starts_with('-') { "-" } else { "" };
    let mantissa: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let point = exponent.parse::<isize>().unwrap_or_default().saturating_add(1);
    let (whole, fraction) = match usize::try_from(point) {
        Ok(0) | Err(_) => ("0".to_owned(), "0".repeat(point.unsigned_abs()) + &mantissa),
        Ok(point) if point >= mantissa.len() => (format!("{mantissa:0<point$}"), String::new()),
        Ok(point) => {
            let (whole, fraction) = mantissa.split_at(point);
            (whole.to_owned(), fraction.to_owned())
        }
    };
    match fraction.trim_end_matches('0') {
        "" if whole == "0" => whole,
        "" => format!("{sign}{whole}"),
        fraction => format!("{sign}{whole}.{fraction}"),
    }
}

/// Zeros that the format of the cell shows are part of what was stated.
fn padded(number: String, places: usize) -> String {
    let fraction = number.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    match places.checked_sub(fraction) {
        None | Some(0) => number,
        Some(zeros) if fraction == 0 => format!("{number}.{}", "0".repeat(zeros)),
        Some(zeros) => number + &"0".repeat(zeros),
    }
}

fn number(cell: &Cell) -> Result<String, Words> {
    match cell {
        Cell::Number(_) | Cell::Fixed(..) => Ok(cell.shown()),
        Cell::Text(text) => {
            let text = text.trim();
            let (sign, size) = text.strip_prefix('-').map_or(("", text), |size| ("-", size));
            exact(size).map(|size| format!("{sign}{size}"))
        }
        Cell::Percent(share) => {
            let share = digits(*share);
            Err(Words::new(
                format!(
                    "ô đang định dạng phần trăm nên Excel lưu {share}: hãy bỏ định dạng % rồi nhập con số (95, không phải 95%)"
                ),
                format!(
                    "the cell is formatted as a percentage, so that Excel keeps {share}: take the format off and enter the number (95, not 95%)"
                ),
            ))
        }
        other => {
            let shown = other.shown();
            Err(Words::new(
                format!("“{shown}” phải là một con số"),
                format!("{shown:?} must be a number"),
            ))
        }
    }
}

fn day(cell: &Cell) -> Result<Date, Words> {
    let read = match cell {
        Cell::Day(day) => Some(*day),
        Cell::Text(text) => {
            let text = text.trim();
            Date::parse(text, DAY).or_else(|_| Date::parse(text, DAY_OF_OFFICE)).ok()
        }
        _ => None,
    };
    read.ok_or_else(|| {
        let shown = cell.shown();
        Words::new(
            format!("“{shown}” phải là ngày, như 15/6/2018 hoặc 2018-06-15 (ô định dạng ngày)"),
            format!("{shown:?} must be a day such as 15/6/2018 or 2018-06-15 (in a date cell)"),
        )
    })
}

fn flag(cell: &Cell) -> Result<bool, Words> {
    let text = match cell {
        Cell::Flag(flag) => return Ok(*flag),
        other => other.shown().trim().nfc().collect::<String>().to_lowercase(),
    };
    match text.as_str() {
        "có" | "x" | "1" | "true" | "yes" => Ok(true),
        "không" | "0" | "false" | "no" => Ok(false),
        _ => Err(Words::new(
            format!("“{text}” phải là “có” hoặc “không”"),
            format!("{text:?} must be “có” (yes) or “không” (no)"),
        )),
    }
}

fn out_of_form(number: &str) -> Words {
    Words::new(
        format!(
            "{number} phải là số không âm, nhiều nhất 9 chữ số sau dấu phẩy (nếu là kết quả công thức, hãy làm tròn)"
        ),
        format!(
            "{number} must not be negative nor have more than nine decimals (round the result of a formula)"
        ),
    )
}

fn not_whole(text: &str, least: i64, most: i64) -> Words {
    Words::new(
        format!("{text} phải là số nguyên từ {least} đến {most}"),
        format!("{text} must be a whole number from {least} to {most}"),
    )
}
