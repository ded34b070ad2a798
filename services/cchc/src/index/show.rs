//! `cchc index show`: the tree for people, or the whole edition for a program or an editor.

use std::{fs, path::Path};

use cchc_core::Violation;
use cchc_proto::registry::v1 as pb;
use cchc_scoring::{
    catalogue::{Index, Node},
    edition::check,
};
use prost::Message as _;

use super::{Format, source::Edition, wording};
use crate::{
    contract_json,
    error::CliError,
    output::{Output, align_right},
    say::Lang,
};

pub(super) fn run(
    edition: &Edition,
    format: Format,
    out: Option<&Path>,
    output: &Output,
) -> Result<(), CliError> {
    let index = &edition.index;
    let format = if output.is_json() && format == Format::Text { Format::Json } else { format };
    let bytes = match format {
        Format::Text => text(edition, output).into_bytes(),
        Format::Json => {
            format!("{:#}\n", contract_json::json(&pb::Index::from(index))).into_bytes()
        }
        Format::Proto => pb::Index::from(index).encode_to_vec(),
        Format::Toml => toml_text(index)?.into_bytes(),
    };
    match out {
        None => output.bytes(&bytes),
        Some(path) => fs::write(path, bytes).map_err(|error| {
            let shown = path.display();
            CliError::unusable(
                format!("Không ghi được {shown}: {error}."),
                format!("{shown} cannot be written: {error}."),
            )
        }),
    }
}

/// The edition in the form of the plan files.
pub(super) fn toml_text(index: &Index) -> Result<String, CliError> {
    toml::to_string(index).map_err(|error| {
        CliError::said(
            format!("Bộ chỉ số không viết được dạng TOML: {error}"),
            format!("The edition cannot be written as TOML: {error}"),
        )
    })
}

fn text(edition: &Edition, output: &Output) -> String {
    let (index, lang) = (&edition.index, output.lang());
    let mut lines = vec![heading(index, lang), origin(index, lang)];
    lines.extend(standing(edition, lang));
    let header = match lang {
        Lang::Vi => ["Mục", "Nội dung", "Điểm tối đa", "Nguồn điểm", "Quy tắc", "Chủ trì"],
        Lang::En => ["Node", "Title", "Maximum", "Source", "Rule", "Lead"],
    };
    let mut table = output.table(header);
    table.add_rows(index.nodes.iter().map(|node| row(node, lang)));
    align_right(&mut table, [2]);
    lines.push(table.to_string());
    lines.extend(faults(&check(index), lang));
    lines.join("\n") + "\n"
}

fn heading(index: &Index, lang: Lang) -> String {
    let title = lang.t(&index.title, &index.title_en);
    format!("{} – {title} ({}, {}) [{}]", index.code, index.family, index.year, index.unit)
}

fn origin(index: &Index, lang: Lang) -> String {
    let word = lang.t("Nguồn gốc", "Provenance");
    format!("{word}: {}. {}", wording::provenance(index.provenance, lang), index.reference)
}

fn standing(edition: &Edition, lang: Lang) -> Option<String> {
    let standing = edition.standing.as_ref()?;
    let (word, state) = (lang.t("Trạng thái", "State"), wording::state(standing.state, lang));
    let why = match standing.retire_reason.as_str() {
        "" => String::new(),
        reason => format!(" ({reason})"),
    };
    Some(format!("{word}: {state}{why}; etag {}", standing.etag))
}

fn row(node: &Node, lang: Lang) -> Vec<String> {
    let indent = "  ".repeat(node.code.depth());
    vec![
        node.code.to_string(),
        format!("{indent}{}", lang.t(&node.title, &node.title_en)),
        wording::max(node, lang),
        wording::source(node.source, lang).to_owned(),
        wording::rule(node, lang),
        node.lead.as_ref().map(ToString::to_string).unwrap_or_default(),
    ]
}

/// What keeps an edition from publication.
fn faults(faults: &[Violation], lang: Lang) -> Vec<String> {
    let said = faults
        .iter()
        .map(|fault| format!(" • {} [{}]", lang.t(&fault.vietnamese, &fault.english), fault.path));
    let heading = match faults.len() {
        0 => lang.t("Có thể ban hành.", "It can be published.").to_owned(),
        count => match lang {
            Lang::Vi => format!("Chưa thể ban hành, có {count} lỗi:"),
            Lang::En => format!("It cannot be published, {count} faults:"),
        },
    };
    std::iter::once(heading).chain(said).collect()
}
