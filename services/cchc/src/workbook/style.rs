//! How the workbook looks. Colours mean something: green must be filled in, blue may be, grey says which
//! row above a row belongs to.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

use serde_json::Value;

use super::{layout::Column, shape::Scalar};

/// A heading that must be filled in, may be filled in, or says where a row belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Required,
    Optional,
    Key,
}

impl Role {
    pub(super) fn of(column: &Column) -> Self {
        match (column.name.starts_with("in:"), column.is_required) {
            (true, _) => Self::Key,
            (false, true) => Self::Required,
            (false, false) => Self::Optional,
        }
    }

    pub(super) const fn color(self) -> Color {
        match self {
            Self::Required => Color::RGB(0x1F_6F_54),
            Self::Optional => Color::RGB(0x2F_5D_8C),
            Self::Key => Color::RGB(0x6B_6B_6B),
        }
    }
}

const LINE: Color = Color::RGB(0xD0_D7_DE);

fn base() -> Format {
    Format::new().set_font_name("Arial").set_font_size(10)
}

pub(super) fn heading(role: Role) -> Format {
    base()
        .set_bold()
        .set_font_color(Color::White)
        .set_background_color(role.color())
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap()
        .set_border(FormatBorder::Thin)
        .set_border_color(LINE)
}

/// The row of field names: there for the import, small for the reader.
pub(super) fn field_name() -> Format {
    base()
        .set_font_size(7)
        .set_font_color(Color::RGB(0x8C_95_9F))
        .set_background_color(Color::RGB(0xF3_F4_F6))
        .set_num_format("@")
}

pub(super) fn note() -> Format {
    data().set_font_color(Color::RGB(0x57_60_6A))
}

pub(super) fn label() -> Format {
    data().set_bold()
}

pub(super) fn title() -> Format {
    base().set_bold().set_font_size(16).set_font_color(Role::Required.color())
}

pub(super) fn prose() -> Format {
    base().set_text_wrap().set_align(FormatAlign::Top)
}

fn data() -> Format {
    base()
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_border(FormatBorder::Thin)
        .set_border_color(LINE)
}

/// A cell of a column: texts stay texts, so that `06649` keeps its zero and `1.10` its own.
pub(super) fn cell(column: &Column) -> Format {
    match (&column.scalar, column.is_list) {
        (Scalar::Exact { .. } | Scalar::Whole { .. }, false) => {
            data().set_num_format("General").set_align(FormatAlign::Right)
        }
        (Scalar::Day, false) => data().set_num_format("dd/mm/yyyy").set_align(FormatAlign::Center),
        (Scalar::Flag, false) => data().set_num_format("@").set_align(FormatAlign::Center),
        _ => data().set_num_format("@").set_indent(1),
    }
}

/// The number of a row.
pub(super) fn ordinal() -> Format {
    data().set_font_color(Color::RGB(0x8C_95_9F)).set_align(FormatAlign::Center)
}

/// A row's height in points, for as many lines as its longest cell wraps into: not every program does
/// that by itself.
pub(super) fn height<'a>(cells: impl Iterator<Item = (&'a Value, u16)>) -> u16 {
    let lines = |(value, width): (&Value, u16)| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let wrapped = |line: &str| line.chars().count().div_ceil(usize::from(width).max(1)).max(1);
        text.lines().map(wrapped).sum::<usize>()
    };
    let most = cells.map(lines).max().unwrap_or_default().clamp(1, 25);
    u16::try_from(most).unwrap_or(1) * 13 + 3
}

/// A column's width in characters.
pub(super) fn width(column: &Column) -> u16 {
    let last = column.name.rsplit('.').next().unwrap_or_default();
    match (&column.scalar, last) {
        (_, "title" | "text" | "name" | "title_en" | "numerator" | "denominator") => 44,
        (Scalar::Text, _) => 30,
        (_, _) if column.is_list => 26,
        (Scalar::Choice(_), _) => 20,
        (Scalar::Code { .. }, _) => 16,
        (Scalar::Json, _) => 40,
        (Scalar::Whole { .. }, _) => 10,
        _ => 13,
    }
}
