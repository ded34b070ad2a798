//! Findings as a table: stated and computed side by side, the gravest first.

use cchc_proto::registry::v1::{Finding, finding::Severity};
use comfy_table::{Cell, Color, ColumnConstraint, Row, Width};

use crate::{
    error::CliError,
    output::{Output, align_right},
    say::Lang,
};

/// Prints findings and how many there are of each severity.
pub(crate) fn print(findings: &[Finding], output: &Output) -> Result<(), CliError> {
    if findings.is_empty() {
        return output.line(
            output.t(
                "Không phát hiện điểm nào không khớp.",
                "Nothing was found that does not agree.",
            ),
        );
    }
    let lang = output.lang();
    let header = match lang {
        Lang::Vi => ["Mức", "Mục", "Đã nêu", "Tính ra", "Vị trí", "Phát hiện"],
        Lang::En => ["Severity", "Subject", "Stated", "Computed", "Reference", "Finding"],
    };
    let mut table = output.table(header);
    table.add_rows(findings.iter().map(|finding| row(finding, lang)));
    align_right(&mut table, [2, 3]);
    // The sentence gets the room; the rest may wrap.
    let most = |width| ColumnConstraint::UpperBoundary(Width::Fixed(width));
    for (column, width) in [(2, 12), (3, 12), (4, 22)] {
        if let Some(column) = table.column_mut(column) {
            column.set_constraint(most(width));
        }
    }
    output.line(table)?;
    output.line(count(findings, lang))
}

fn row(finding: &Finding, lang: Lang) -> Row {
    let (label, color) = severity(finding.severity(), lang);
    Row::from(vec![
        Cell::new(label).fg(color),
        Cell::new(&finding.subject),
        Cell::new(lang.figure(&finding.stated)),
        Cell::new(lang.figure(&finding.computed)),
        Cell::new(&finding.reference),
        Cell::new(lang.t(&finding.message, &finding.message_en)),
    ])
}

/// A severity's word and colour.
pub(crate) const fn severity(severity: Severity, lang: Lang) -> (&'static str, Color) {
    match severity {
        Severity::Error => (lang.t("Lỗi", "Error"), Color::Red),
        Severity::Warning => (lang.t("Cảnh báo", "Warning"), Color::Yellow),
        Severity::Note => (lang.t("Lưu ý", "Note"), Color::Cyan),
        Severity::Unspecified => ("?", Color::Reset),
    }
}

fn count(findings: &[Finding], lang: Lang) -> String {
    let of = |severity| findings.iter().filter(|finding| finding.severity() == severity).count();
    let (errors, warnings, notes) =
        (of(Severity::Error), of(Severity::Warning), of(Severity::Note));
    match lang {
        Lang::Vi => format!(
            "{} phát hiện: {errors} lỗi, {warnings} cảnh báo, {notes} lưu ý. Số liệu của kế hoạch được giữ nguyên như đã nêu.",
            findings.len()
        ),
        Lang::En => format!(
            "{} findings: {errors} errors, {warnings} warnings, {notes} notes. The plan's figures are kept as stated.",
            findings.len()
        ),
    }
}
