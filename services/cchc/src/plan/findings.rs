//! Findings as a report: the gravest first, stated and computed side by side, and what somebody has said of
//! them.

use std::collections::BTreeMap;

use cchc_proto::registry::v1::{Acknowledgement, Finding, finding::Severity};
use comfy_table::{Cell, Color, ColumnConstraint, Row, Table, Width};

use crate::{
    error::CliError,
    output::{Output, align_right},
    say::Lang,
};

/// Severities, the gravest first.
const SEVERITIES: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Note];

/// Findings and who acknowledged them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Report<'a> {
    pub(crate) findings: &'a [Finding],
    /// Versions in their order: the last of each finding is the present one.
    pub(crate) acknowledgements: &'a [Acknowledgement],
    /// Whether the names of the findings are shown, by which they can be acknowledged.
    pub(crate) names: bool,
}

/// Prints findings and how many there are of each severity.
pub(crate) fn print(findings: &[Finding], output: &Output) -> Result<(), CliError> {
    report(Report { findings, acknowledgements: &[], names: false }, output)
}

/// Prints findings, one table for each severity, with what was said of them.
pub(crate) fn report(report: Report<'_>, output: &Output) -> Result<(), CliError> {
    let Report { findings, acknowledgements, names } = report;
    if findings.is_empty() {
        return output.line(
            output.t(
                "Không phát hiện điểm nào không khớp.",
                "Nothing was found that does not agree.",
            ),
        );
    }
    let lang = output.lang();
    let said = present(acknowledgements);
    for severity in SEVERITIES {
        let of_severity: Vec<&Finding> =
            findings.iter().filter(|finding| finding.severity() == severity).collect();
        if of_severity.is_empty() {
            continue;
        }
        let (label, _) = self::severity(severity, lang);
        output.line(format_args!("\n{label} ({})", of_severity.len()))?;
        let mut table = table(output);
        table.add_rows(of_severity.into_iter().map(|finding| row(finding, &said, names, lang)));
        output.line(table)?;
    }
    output.line(count(findings, &said, lang))
}

/// The acknowledgements that stand, by the finding.
fn present(acknowledgements: &[Acknowledgement]) -> BTreeMap<&str, &Acknowledgement> {
    let by_finding: BTreeMap<&str, &Acknowledgement> =
        acknowledgements.iter().map(|said| (said.finding_id.as_str(), said)).collect();
    by_finding.into_iter().filter(|(_, said)| !said.is_revoked).collect()
}

fn table(output: &Output) -> Table {
    let header = match output.lang() {
        Lang::Vi => ["Mục", "Đã nêu", "Tính ra", "Vị trí", "Phát hiện"],
        Lang::En => ["Subject", "Stated", "Computed", "Reference", "Finding"],
    };
    let mut table = output.table(header);
    align_right(&mut table, [1, 2]);
    // The sentence gets the room; the rest may wrap.
    let most = |width| ColumnConstraint::UpperBoundary(Width::Fixed(width));
    for (column, width) in [(1, 12), (2, 12), (3, 22)] {
        if let Some(column) = table.column_mut(column) {
            column.set_constraint(most(width));
        }
    }
    table
}

fn row(finding: &Finding, said: &BTreeMap<&str, &Acknowledgement>, names: bool, lang: Lang) -> Row {
    let (_, color) = severity(finding.severity(), lang);
    let said = said.get(finding.finding_id.as_str());
    let sentence = lang.t(&finding.message, &finding.message_en).to_owned();
    let name = names.then(|| format!("[{}]", finding.finding_id));
    let acknowledged = said.map(|said| acknowledgement(said, lang));
    let lines: Vec<String> = std::iter::once(sentence).chain(acknowledged).chain(name).collect();
    let color = if said.is_some() { Color::Green } else { color };
    Row::from(vec![
        Cell::new(&finding.subject).fg(color),
        Cell::new(lang.figure(&finding.stated)),
        Cell::new(lang.figure(&finding.computed)),
        Cell::new(&finding.reference),
        Cell::new(lines.join("\n")),
    ])
}

/// Who acknowledged a finding, and why: `✓ Đã ghi nhận: giữ theo văn bản (lanh-dao, 22)`.
pub(crate) fn acknowledgement(said: &Acknowledgement, lang: Lang) -> String {
    let word = lang.t("Đã ghi nhận", "Acknowledged");
    format!("✓ {word}: {} ({}, {})", said.reason, said.actor, said.unit_code)
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

fn count(findings: &[Finding], said: &BTreeMap<&str, &Acknowledgement>, lang: Lang) -> String {
    let [errors, warnings, notes] =
        SEVERITIES.map(|severity| findings.iter().filter(|f| f.severity() == severity).count());
    let is_acknowledged = |finding: &&Finding| said.contains_key(finding.finding_id.as_str());
    let (all, acknowledged) = (findings.len(), findings.iter().filter(is_acknowledged).count());
    match lang {
        Lang::Vi => format!(
            "\n{all} phát hiện: {errors} lỗi, {warnings} cảnh báo, {notes} lưu ý; {acknowledged} đã được ghi nhận. Số liệu của kế hoạch được giữ nguyên như đã nêu."
        ),
        Lang::En => format!(
            "\n{all} findings: {errors} errors, {warnings} warnings, {notes} notes; {acknowledged} acknowledged. The plan's figures are kept as stated."
        ),
    }
}
