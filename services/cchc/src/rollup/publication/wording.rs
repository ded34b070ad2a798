//! Publications in words.

use cchc_proto::reporting::v1::{
    GetPublicationResponse, Publication, PublicationContent, Revision, Statement,
    VerifyPublicationResponse,
};

use super::proof::is_same_figures;
use crate::{
    rollup::wording::{moment, score_or_bound, verdict},
    say::Lang,
};

/// A publication on one line.
pub(super) fn listed(of: &Publication, lang: Lang) -> String {
    let (number, day) = (of.number, moment(of.publish_time.as_ref()));
    if of.is_withheld {
        let until = moment(of.embargo_end_time.as_ref());
        return match lang {
            Lang::Vi => format!("Số {number}, ký lúc {day}: chỉ được xem từ {until}"),
            Lang::En => format!("No. {number}, signed {day}: under an embargo until {until}"),
        };
    }
    let document = match of.document_number.as_str() {
        "" => String::new(),
        document => format!(" ({document})"),
    };
    let title = &of.title;
    let line = match lang {
        Lang::Vi => format!("Số {number}, {day}: {title}{document}"),
        Lang::En => format!("No. {number}, {day}: {title}{document}"),
    };
    let Some(withdrawn) = &of.withdrawal else { return line };
    let (when, why) = (moment(withdrawn.withdraw_time.as_ref()), &withdrawn.reason);
    match lang {
        Lang::Vi => format!("{line}; ĐÃ THU HỒI {when}: {why}"),
        Lang::En => format!("{line}; WITHDRAWN {when}: {why}"),
    }
}

/// Everything that is known of a publication, line by line.
pub(super) fn whole(of: &Publication, lang: Lang) -> Vec<String> {
    let Publication { publisher, unit_code, reason, key_id, .. } = of;
    let mut lines = vec![listed(of, lang)];
    lines.push(match lang {
        Lang::Vi => format!("Lý do: {reason}. Người công bố: {publisher}, {unit_code}"),
        Lang::En => format!("Reason: {reason}. Published by {publisher}, {unit_code}"),
    });
    lines.extend(of.embargo_end_time.as_ref().map(|end| match lang {
        Lang::Vi => format!("Chỉ người có quyền công bố được xem trước {}", moment(Some(end))),
        Lang::En => format!("Only those who publish see it before {}", moment(Some(end))),
    }));
    lines.push(format!("SHA-256 {}", of.rollup_checksum));
    lines.push(match lang {
        Lang::Vi => format!("Nội dung đã ký: SHA-256 {}, khóa {key_id}", of.content_checksum),
        Lang::En => format!("Signed content: SHA-256 {}, key {key_id}", of.content_checksum),
    });
    lines
}

/// A publication that was opened: what is known of it, and what was revised since.
pub(super) fn opened(got: &GetPublicationResponse, lang: Lang) -> Vec<String> {
    let mut lines = whole(&got.publication.clone().unwrap_or_default(), lang);
    let count = got.revisions.len();
    lines.push(match lang {
        Lang::Vi => format!("{count} mục đã điều chỉnh sau khi công bố"),
        Lang::En => format!("{count} nodes were revised since"),
    });
    lines.extend(got.revisions.iter().map(|of| revision(of, lang)));
    lines
}

/// Such as ` • PAR-2018/1: 9,25 ✓ đạt → 8 ✗ chưa đạt`.
fn revision(of: &Revision, lang: Lang) -> String {
    let (was, is) = (statement(of.published.as_ref(), lang), statement(of.present.as_ref(), lang));
    format!(" • {}: {was} → {is}", of.node_id)
}

fn statement(says: Option<&Statement>, lang: Lang) -> String {
    let Some(says) = says else { return lang.t("không có", "not there").to_owned() };
    let score = score_or_bound(says.points.as_ref(), says.so_far.as_ref(), lang);
    let place = says.standing.map_or_else(String::new, |at| format!("{}/{}", at.rank, at.of_count));
    let word = verdict(says.points_verdict(), lang).0;
    let parts = [if score.is_empty() { "—".to_owned() } else { score }, word.to_owned(), place];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// What was found of a file: whether the key given is the one it names, and whether the signature holds.
pub(super) fn checked(
    of: &PublicationContent,
    (is_its_key, is_valid): (bool, bool),
    lang: Lang,
) -> Vec<String> {
    let PublicationContent { plan_code, number, title, key_id, .. } = of;
    let day = moment(of.publish_time.as_ref());
    let checksum = of.rollup.as_ref().map_or("", |rollup| rollup.checksum.as_str());
    let named = match lang {
        Lang::Vi => format!("{plan_code}, bản công bố số {number}, {day}: {title}"),
        Lang::En => format!("{plan_code}, publication {number}, {day}: {title}"),
    };
    let verdict = match (lang, is_its_key, is_valid) {
        (Lang::Vi, _, true) => format!("✓ Chữ ký đúng với khóa {key_id}."),
        (Lang::En, _, true) => format!("✓ The signature is that of key {key_id}."),
        (Lang::Vi, false, _) => format!("✗ Không phải khóa đã ký: bản này nêu khóa {key_id}."),
        (Lang::En, false, _) => format!("✗ Not the key it names, which is {key_id}."),
        (Lang::Vi, true, _) => {
            "✗ Chữ ký không đúng: nội dung hoặc chữ ký đã bị thay đổi.".to_owned()
        }
        (Lang::En, true, _) => {
            "✗ The signature does not hold: content or signature was changed.".to_owned()
        }
    };
    vec![named, format!("SHA-256 {checksum}"), verdict]
}

/// What a verification found, there and here.
pub(super) fn proof(
    found: &VerifyPublicationResponse,
    is_signed_here: bool,
    lang: Lang,
) -> Vec<String> {
    let mut lines = vec![listed(&found.publication.clone().unwrap_or_default(), lang)];
    let is_signed = found.is_signature_valid && is_signed_here;
    lines.push(match (lang, is_signed) {
        (Lang::Vi, true) => "✓ Chữ ký đúng.".to_owned(),
        (Lang::En, true) => "✓ The signature holds.".to_owned(),
        (Lang::Vi, false) => "✗ Chữ ký không đúng: hãy báo quản trị viên.".to_owned(),
        (Lang::En, false) => {
            "✗ The signature does not hold: tell whoever looks after the system.".to_owned()
        }
    });
    lines.extend((!found.is_record_signed).then(|| {
        match lang {
            Lang::Vi => {
                "✗ Tiêu đề, thời điểm hoặc mã kiểm tra lưu cạnh nội dung khác với nội dung đã ký."
                    .to_owned()
            }
            Lang::En => {
                "✗ Title, times or checksum beside the content are not those that were signed."
                    .to_owned()
            }
        }
    }));
    lines.push(recomputed(found, lang));
    lines.extend(found.differences.iter().map(|of| revision(of, lang)));
    lines
}

/// What the recomputation came to.
fn recomputed(found: &VerifyPublicationResponse, lang: Lang) -> String {
    let facts = found.fact_count;
    match (lang, found.is_reproduced, is_same_figures(found)) {
        (Lang::Vi, true, _) => format!("✓ Tính lại từ {facts} dữ kiện: trùng khớp từng byte."),
        (Lang::En, true, _) => format!("✓ Recomputed from {facts} facts: the same bytes."),
        (Lang::Vi, false, true) => format!(
            "✓ Tính lại từ {facts} dữ kiện: trùng khớp mọi số liệu; byte khác đi vì phiên bản mới ghi nhiều hơn."
        ),
        (Lang::En, false, true) => format!(
            "✓ Recomputed from {facts} facts: every figure is the same; a newer version writes other bytes."
        ),
        (Lang::Vi, false, false) => {
            format!("✗ Tính lại từ {facts} dữ kiện: khác {} mục.", found.differences.len())
        }
        (Lang::En, false, false) => {
            format!("✗ Recomputed from {facts} facts: {} nodes differ.", found.differences.len())
        }
    }
}
