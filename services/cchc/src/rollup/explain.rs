//! `cchc rollup explain`: a score, its rule, its steps, and the facts it rests on.

use std::process::ExitCode;

use cchc_core::NodeId;
use cchc_proto::{
    assignment::v1::CitedDocument,
    convert,
    reporting::v1::{ExplainScoreRequest, Explanation, Fact, LayerExplanation, Part},
};
use time::OffsetDateTime;

use super::{Asked, contribution, marks::sentence, wording};
use crate::{
    connect::{DELIVERY, QUESTION},
    contract_json,
    error::CliError,
    output::{Output, align_right},
    say::Lang,
};

pub(super) async fn run(
    asked: Asked,
    node: &NodeId,
    as_of: Option<OffsetDateTime>,
    output: &Output,
) -> Result<ExitCode, CliError> {
    let Asked { plan_code, server, mut client } = asked;
    // Looking back reads every fact.
    let limit = if as_of.is_some() { DELIVERY } else { QUESTION };
    let (node_id, as_of_time) = (node.to_string(), as_of.map(convert::timestamp));
    let request = ExplainScoreRequest { plan_code, node_id, as_of_time };
    let answer = client.explain_score(server.request(request, limit)).await;
    let answer = answer.map_err(|status| server.refused(&status))?;
    let explanation = answer.into_inner().explanation.unwrap_or_default();
    print(&explanation, output)?;
    Ok(ExitCode::SUCCESS)
}

/// Prints an explanation.
pub(super) fn print(explanation: &Explanation, output: &Output) -> Result<(), CliError> {
    if output.is_json() {
        return output.json(&contract_json::json(explanation));
    }
    let lang = output.lang();
    output.line(format_args!("{} – {}", explanation.node_id, explanation.title))?;
    if let Some(instant) = &explanation.as_of_time {
        let (said, moment) =
            (lang.t("Như đã ghi nhận đến", "As recorded by"), wording::moment(Some(instant)));
        output.line(format_args!("{said} {moment}"))?;
    }
    for layer in &explanation.layers {
        print_layer(layer, output)?;
    }
    if !explanation.parts.is_empty() {
        print_parts(&explanation.parts, output)?;
    }
    contribution::print(explanation, output)?;
    if !explanation.findings.is_empty() {
        output.line(lang.t("\nPhát hiện về mục này:", "\nFindings about this node:"))?;
    }
    for finding in &explanation.findings {
        let sentence = sentence(finding, &explanation.acknowledgements, lang);
        output.line(format_args!(" • {sentence}"))?;
    }
    output.line(if explanation.is_reproduced {
        lang.t(
            "\n✓ Tính lại từng bước cho đúng số điểm này.",
            "\n✓ Evaluating every step again gives these points.",
        )
    } else {
        lang.t(
            "\n✗ Tính lại không ra số điểm này: hãy báo quản trị viên chạy `cchc rollup verify`.",
            "\n✗ Evaluating again gives other points: have the operator run `cchc rollup verify`.",
        )
    })
}

fn print_layer(layer: &LayerExplanation, output: &Output) -> Result<(), CliError> {
    let lang = output.lang();
    let points = match &layer.points {
        Some(_) => wording::stated(layer.points.as_ref(), lang),
        None => lang.t("chưa biết", "not known").to_owned(),
    };
    output.line(format_args!("\n{}: {points}", wording::layer(layer.layer(), lang)))?;
    if !layer.rule.is_empty() {
        // A service from before there were English words says it in Vietnamese.
        let english = if layer.rule_en.is_empty() { &layer.rule } else { &layer.rule_en };
        let rule = lang.t(&layer.rule, english);
        output.line(format_args!("  {}: {rule}", lang.t("Quy tắc", "Rule")))?;
    }
    for step in &layer.steps {
        let what = lang.t(&step.what, &step.what_en);
        output.line(format_args!("  · {what} = {}", lang.figure(&step.value)))?;
    }
    if let Some(excluded) = &layer.excluded_max {
        let excluded = wording::stated(Some(excluded), lang);
        output.line(match lang {
            Lang::Vi => format!("  Không tính vào tổng điểm tối đa: {excluded}"),
            Lang::En => format!("  Out of the denominator: {excluded}"),
        })?;
    }
    if layer.facts.is_empty() {
        return Ok(());
    }
    print_facts(layer, output)
}

fn print_facts(layer: &LayerExplanation, output: &Output) -> Result<(), CliError> {
    let lang = output.lang();
    let header = match lang {
        Lang::Vi => ["Đơn vị", "Tên", "Giá trị", "Bản", "Tài liệu kiểm chứng", "Dữ kiện", "Nguồn"],
        Lang::En => ["Unit", "Name", "Value", "Version", "Evidence", "Fact", "Source"],
    };
    let mut table = output.table(header);
    table.add_rows(layer.facts.iter().map(|fact| row(fact, lang)));
    align_right(&mut table, [3]);
    output.line(table)?;
    for document in layer.facts.iter().flat_map(|fact| &fact.documents) {
        output.line(document_line(document, lang))?;
    }
    let shown = i64::try_from(layer.facts.len()).unwrap_or_default();
    if layer.fact_count > shown {
        let more = layer.fact_count.saturating_sub(shown);
        output.line(match lang {
            Lang::Vi => format!("  … và {more} dữ kiện khác"),
            Lang::En => format!("  … and {more} more facts"),
        })?;
    }
    Ok(())
}

/// A document with what names its bytes, so that whoever has them can hash them again.
fn document_line(of: &CitedDocument, lang: Lang) -> String {
    let date = of.document_date.map_or_else(String::new, |date| {
        format!(" {} {:02}/{:02}/{}", lang.t("ngày", "of"), date.day, date.month, date.year)
    });
    let version = lang.t("bản", "version");
    let (number, name) = (&of.document_number, &of.name);
    format!(
        "  ▪ {number}{date} ({name}), {} {version} {}, SHA-256 {}",
        of.evidence_id, of.version, of.sha256
    )
}

fn row(fact: &Fact, lang: Lang) -> [String; 7] {
    [
        fact.unit_code.clone(),
        fact.unit_name.clone(),
        lang.figure(&fact.value),
        fact.version.to_string(),
        fact.evidence.clone(),
        format!("{} {}", fact.kind, fact.fact_id),
        format!("{} {}", fact.producer, fact.sequence),
    ]
}

fn print_parts(parts: &[Part], output: &Output) -> Result<(), CliError> {
    let lang = output.lang();
    let header = match lang {
        Lang::Vi => ["Mục", "Nội dung", "Điểm", "Dựa trên"],
        Lang::En => ["Node", "Title", "Points", "Basis"],
    };
    let mut table = output.table(header);
    table.add_rows(parts.iter().map(|part| {
        let basis = if part.points.is_some() { wording::layer(part.basis(), lang) } else { "" };
        let points = wording::stated(part.points.as_ref(), lang);
        [part.node_id.clone(), part.title.clone(), points, basis.to_owned()]
    }));
    align_right(&mut table, [2]);
    output.line(table)
}

#[cfg(test)]
mod tests {
    use cchc_proto::common::v1::Date;

    use super::*;

    #[test]
    fn a_document_is_named_down_to_its_bytes() {
        let document = CitedDocument {
            evidence_id: "01903f6e".to_owned(),
            version: 2,
            name: "Báo cáo.pdf".to_owned(),
            document_number: "15/BC-SNV".to_owned(),
            document_date: Some(Date { year: 2018, month: 11, day: 2 }),
            sha256: "ab".repeat(32),
        };

        let line = document_line(&document, Lang::Vi);

        let expected = "  ▪ 15/BC-SNV ngày 02/11/2018 (Báo cáo.pdf), 01903f6e bản 2, SHA-256 ";
        assert_eq!(line, format!("{expected}{}", "ab".repeat(32)));
    }
}
