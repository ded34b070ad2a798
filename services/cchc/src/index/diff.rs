//! `cchc index diff`: what one edition changes against another, as a table.

use cchc_proto::registry::v1 as pb;
use cchc_scoring::{
    catalogue::Index,
    edition::{EditionDiff, NodeDiff, diff},
};

use super::wording;
use crate::{contract_json, error::CliError, output::Output, say::Lang};

pub(super) fn run(from: &Index, to: &Index, output: &Output) -> Result<(), CliError> {
    let found = diff(from, to);
    if output.is_json() {
        return output.json(&contract_json::json(&pb::IndexDiff::from(&found)));
    }
    let lang = output.lang();
    output.line(format_args!("{} → {}", from.code, to.code))?;
    if found.is_empty() {
        return output.line(lang.t("Không có khác biệt.", "They do not differ."));
    }
    if !found.fields.is_empty() {
        let fields = found.fields.iter().map(|field| wording::index_field(*field, lang));
        let fields = fields.collect::<Vec<_>>().join(", ");
        output.line(match lang {
            Lang::Vi => format!("Thông tin chung khác nhau: {fields}."),
            Lang::En => format!("The index itself differs in: {fields}."),
        })?;
    }
    nodes(&found, output)?;
    variables(&found, output)?;
    output.line(lang.t(
        "Bảng này so sánh hình thức. Mục nào còn cùng ý nghĩa phải do bảng chuyển đổi nêu rõ.",
        "This compares forms. Which nodes still mean the same is said by a crosswalk.",
    ))
}

fn nodes(found: &EditionDiff, output: &Output) -> Result<(), CliError> {
    if found.nodes.is_empty() {
        return Ok(());
    }
    let lang = output.lang();
    let header = match lang {
        Lang::Vi => ["Mục cũ", "Mục mới", "Nội dung", "Thay đổi", "Trước", "Sau"],
        Lang::En => ["Was", "Is", "Title", "Change", "Before", "After"],
    };
    let mut table = output.table(header);
    table.add_rows(found.nodes.iter().flat_map(|node| rows(node, lang)));
    output.line(table)
}

/// A row for each change of a node; its place and title stand in the first.
fn rows(diff: &NodeDiff, lang: Lang) -> Vec<Vec<String>> {
    let code = |node: &Option<_>| {
        node.as_ref()
            .map(|n: &cchc_scoring::catalogue::Node| n.code.to_string())
            .unwrap_or_default()
    };
    let Some(shown) = diff.to.as_ref().or(diff.from.as_ref()) else { return Vec::new() };
    let title = lang.t(&shown.title, &shown.title_en).to_owned();
    let place = [code(&diff.from), code(&diff.to), title];
    let change = |what: &str, before: String, after: String| [what.to_owned(), before, after];
    let changes: Vec<[String; 3]> = match (&diff.from, &diff.to) {
        (Some(from), Some(to)) => diff
            .fields
            .iter()
            .map(|field| {
                let of = |node| wording::value(node, *field, lang);
                change(wording::field(*field, lang), of(from), of(to))
            })
            .collect(),
        (None, _) => {
            vec![change(lang.t("Thêm", "Added"), String::new(), wording::max(shown, lang))]
        }
        (_, None) => {
            vec![change(lang.t("Bỏ", "Removed"), wording::max(shown, lang), String::new())]
        }
    };
    let places = std::iter::once(place).chain(std::iter::repeat_with(Default::default));
    places.zip(changes).map(|(place, change)| [place, change].concat()).collect()
}

fn variables(found: &EditionDiff, output: &Output) -> Result<(), CliError> {
    let lang = output.lang();
    for variable in &found.variables {
        let (what, code) = match (&variable.from, &variable.to) {
            (Some(_), Some(to)) => (lang.t("thay đổi", "changed"), &to.code),
            (None, Some(to)) => (lang.t("thêm", "added"), &to.code),
            (Some(from), None) => (lang.t("bỏ", "removed"), &from.code),
            (None, None) => continue,
        };
        let word = lang.t("Số liệu báo cáo", "Variable");
        output.line(format_args!("{word} {code}: {what}"))?;
    }
    Ok(())
}
