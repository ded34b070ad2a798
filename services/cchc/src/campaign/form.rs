//! A unit's form as a table.

use cchc_proto::{
    assignment::v1::{Entry, GetFormResponse, entry::State, get_form_response::Item},
    common::v1::Decimal,
};
use serde_json::json;

use crate::{
    contract_json,
    error::CliError,
    output::{Output, align_right},
    say::Lang,
};

/// Prints a form: points side by side, where each entry stands, and who may do what next.
pub(super) fn show(form: &GetFormResponse, output: &Output) -> Result<(), CliError> {
    if output.is_json() {
        let items: Vec<_> = form.items.iter().map(as_json).collect();
        return output.json(&json!({ "items": items }));
    }
    let lang = output.lang();
    let mut table = output.table(match lang {
        Lang::Vi => {
            ["Mục", "Tên", "Tối đa", "Tự chấm", "Thẩm định", "Trạng thái", "Bước tiếp theo"]
        }
        Lang::En => ["Node", "Title", "Max", "Self", "Appraised", "State", "Next"],
    });
    for item in &form.items {
        let entry = item.entry.clone().unwrap_or_default();
        let changed = lang.t(" (có thay đổi sau thẩm định)", " (changed since appraisal)");
        let changed = if entry.is_changed_since_appraisal { changed } else { "" };
        table.add_row([
            entry.node_id.clone(),
            item.title.clone(),
            figure(item.maximum.as_ref(), lang),
            figure(self_points(&entry), lang),
            figure(appraised(&entry), lang),
            format!("{}{changed}", state(entry.state(), lang)),
            entry.next_steps.join("; "),
        ]);
    }
    align_right(&mut table, 2..5);
    output.line(table)
}

/// Prints an entry after a step.
pub(super) fn show_entry(entry: &Entry, output: &Output) -> Result<(), CliError> {
    if output.is_json() {
        return output.json(&contract_json::json(entry));
    }
    let lang = output.lang();
    let (node, state) = (&entry.node_id, state(entry.state(), lang));
    let (own, found) = (figure(self_points(entry), lang), figure(appraised(entry), lang));
    output.line(match lang {
        Lang::Vi => {
            format!("{node}: {state}; tự chấm {own}; thẩm định {found}; lần {}.", entry.etag)
        }
        Lang::En => {
            format!("{node}: {state}; self {own}; appraised {found}; version {}.", entry.etag)
        }
    })
}

fn figure(number: Option<&Decimal>, lang: Lang) -> String {
    number.map_or_else(String::new, |number| lang.figure(&number.value))
}

fn self_points(entry: &Entry) -> Option<&Decimal> {
    entry.self_score.as_ref()?.points.as_ref()
}

fn appraised(entry: &Entry) -> Option<&Decimal> {
    entry.second_appraisal.as_ref().or(entry.first_appraisal.as_ref())?.points.as_ref()
}

const fn state(state: State, lang: Lang) -> &'static str {
    match state {
        State::Unspecified => lang.t("chưa rõ", "unknown"),
        State::Draft => lang.t("bản nháp", "draft"),
        State::Submitted => lang.t("đã gửi", "submitted"),
        State::Withdrawn => lang.t("đã rút", "withdrawn"),
        State::Appraised => lang.t("đã thẩm định lần 1", "appraised"),
        State::Explained => lang.t("đã giải trình", "explained"),
        State::Reappraised => lang.t("đã thẩm định lần 2", "reappraised"),
        State::Reopened => lang.t("được mở lại", "reopened"),
        State::Empty => lang.t("chưa chấm", "empty"),
    }
}

fn as_json(item: &Item) -> serde_json::Value {
    let entry = item.entry.clone().unwrap_or_default();
    json!({
        "node": entry.node_id,
        "title": item.title,
        "state": entry.state().as_str_name(),
        "etag": entry.etag,
        "maximum": item.maximum.as_ref().map(|of| &of.value),
        "self": self_points(&entry).map(|of| &of.value),
        "appraised": appraised(&entry).map(|of| &of.value),
        "changed": entry.is_changed_since_appraisal,
        "appraiser": entry.appraiser_unit_code,
    })
}
