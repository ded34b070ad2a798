//! Figures, layers, verdicts and places of a rollup in words.

use cchc_core::parse_decimal;
use cchc_proto::{
    common::v1::Decimal,
    registry::v1::{RankTarget, rank_target::Kind},
    reporting::v1::{BaselineBasis, Layer, NodeRollup, Verdict},
};
use cchc_scoring::{catalogue::Rounding, tree::display};
use comfy_table::Color;
use time::macros::format_description;

use crate::say::Lang;

/// Places that a score is shown with; `--json` has them all.
const PLACES: u32 = 2;

/// A score, shortened to two places.
pub(super) fn score(value: Option<&Decimal>, lang: Lang) -> String {
    value.map(|value| shortened(&value.value, PLACES, lang)).unwrap_or_default()
}

/// A figure as stated.
pub(super) fn stated(value: Option<&Decimal>, lang: Lang) -> String {
    value.map(|value| lang.figure(&value.value)).unwrap_or_default()
}

fn shortened(digits: &str, places: u32, lang: Lang) -> String {
    let read = parse_decimal(digits).ok();
    let shown = read.map(|value| {
        if value.scale() > places { display(value, places, Rounding::HalfUp) } else { value }
    });
    lang.figure(&shown.map_or_else(|| digits.to_owned(), |value| value.to_string()))
}

/// A score, or at least what is known of it: `≥ 12,5`.
pub(super) fn score_or_bound(
    points: Option<&Decimal>,
    so_far: Option<&Decimal>,
    lang: Lang,
) -> String {
    let bound = || {
        let known = so_far.filter(|value| value.value.bytes().any(|b| (b'1'..=b'9').contains(&b)));
        known.map(|known| format!("≥ {}", score(Some(known), lang))).unwrap_or_default()
    };
    if points.is_some() { score(points, lang) } else { bound() }
}

/// A score with the maximum that is out of its denominator: `8,5 (−15)`.
pub(super) fn without(score: String, excluded: Option<&Decimal>, lang: Lang) -> String {
    match excluded {
        Some(excluded) => format!("{score} (−{})", stated(Some(excluded), lang)),
        None => score,
    }
}

/// A baseline in the brackets of where it comes from.
pub(super) fn baseline(node: &NodeRollup, lang: Lang) -> String {
    let Some(value) = &node.baseline else { return String::new() };
    let figure = shortened(&value.value, 4, lang);
    match node.baseline_basis() {
        BaselineBasis::Implied => format!("({figure})"),
        BaselineBasis::Published => format!("[{figure}]"),
        BaselineBasis::Computed => format!("Σ {figure}"),
        BaselineBasis::Stated | BaselineBasis::Unspecified => figure,
    }
}

/// Refused rows of the surveys that ask about a node; nothing when there are none.
pub(super) fn refused_rows(node: &NodeRollup, lang: Lang) -> Option<String> {
    let NodeRollup { node_id, waiting_row_count: waiting, given_up_row_count: given_up, .. } = node;
    (*waiting > 0 || *given_up > 0).then(|| match lang {
        Lang::Vi => format!(
            "{node_id}: {waiting} hàng đang chờ xử lý, {given_up} hàng đã loại bỏ hoặc hết hạn lưu"
        ),
        Lang::En => format!("{node_id}: {waiting} refused rows wait, {given_up} were given up"),
    })
}

/// Responses that quality rules exclude from a node's figure; nothing when there are none.
pub(super) fn excluded_responses(node: &NodeRollup, lang: Lang) -> Option<String> {
    let NodeRollup { node_id, excluded_response_count: excluded, .. } = node;
    (*excluded > 0).then(|| match lang {
        Lang::Vi => format!("{node_id}: {excluded} phiếu không được tính theo quy tắc chất lượng"),
        Lang::En => format!("{node_id}: {excluded} responses excluded by quality rules"),
    })
}

/// Strata of surveys that will miss their quotas; nothing when there are none.
pub(super) fn short_strata(node: &NodeRollup, lang: Lang) -> Option<String> {
    let strata = node.short_strata.iter().map(|of| {
        let (name, stored, quota) = (&of.stratum_name, of.stored_count, of.quota_count);
        format!("{name} {stored}/{quota}")
    });
    let strata: Vec<String> = strata.collect();
    let (node, strata) = (&node.node_id, strata.join(", "));
    (!strata.is_empty()).then(|| match lang {
        Lang::Vi => format!("{node}: dự báo không đủ mẫu khảo sát ở {strata}"),
        Lang::En => format!("{node}: quotas foreseen to be missed in {strata}"),
    })
}

/// The place of the year before and, once published, of this one; the place to reach, and whether it is
/// reached.
pub(super) fn rank(node: &NodeRollup, lang: Lang) -> String {
    let before = (node.baseline_rank > 0).then(|| node.baseline_rank.to_string());
    let now = node.standing.as_ref().map(|at| format!("{}/{}", at.rank, at.of_count));
    let before: String = before.into_iter().chain(now).map(|place| place + " → ").collect();
    let Some(target) = &node.rank_target else {
        return before.trim_end_matches(" → ").to_owned();
    };
    let mark = match node.rank_verdict() {
        Verdict::Met => " ✓",
        Verdict::Missed => " ✗",
        Verdict::NotAssessable | Verdict::Unspecified => "",
    };
    format!("{before}{}{mark}", place(target, lang))
}

fn place(target: &RankTarget, lang: Lang) -> String {
    let group = lang.t("nhóm", "group");
    match &target.kind {
        Some(Kind::Exact(place)) => place.to_string(),
        Some(Kind::Top(place)) => format!("≤ {place}"),
        Some(Kind::Group(number)) => format!("{group} {number}"),
        Some(Kind::GroupOf(of)) => format!("{group} {} ({})", of.group, of.size),
        Some(Kind::Leading(_)) => lang.t("dẫn đầu", "leading").to_owned(),
        None => String::new(),
    }
}

/// A verdict's word and colour.
pub(super) const fn verdict(verdict: Verdict, lang: Lang) -> (&'static str, Color) {
    match verdict {
        Verdict::Met => (lang.t("✓ đạt", "✓ met"), Color::Green),
        Verdict::Missed => (lang.t("✗ chưa đạt", "✗ missed"), Color::Red),
        Verdict::NotAssessable => (lang.t("… chưa rõ", "… not known"), Color::Yellow),
        Verdict::Unspecified => ("", Color::Reset),
    }
}

/// A layer's name.
pub(super) const fn layer(layer: Layer, lang: Lang) -> &'static str {
    match layer {
        Layer::Self_ => lang.t("Tự đánh giá", "Self"),
        Layer::Appraised => lang.t("Thẩm định", "Appraised"),
        Layer::Survey => lang.t("Khảo sát", "Survey"),
        Layer::Published => lang.t("Công bố", "Published"),
        Layer::Unspecified => lang.t("Nhiều nguồn", "Mixed"),
    }
}

/// An instant as a clock in Viet Nam shows it.
pub(crate) fn moment(at: Option<&prost_types::Timestamp>) -> String {
    let form = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
    let at = at.and_then(cchc_proto::convert::instant);
    at.and_then(|at| at.to_offset(cchc_core::VIETNAM).format(form).ok()).unwrap_or_default()
}
