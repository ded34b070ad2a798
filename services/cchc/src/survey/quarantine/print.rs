//! Refused rows in words and tables.

use cchc_proto::survey::v1::{
    GetQuarantinedRowResponse, IngestResponsesRequest, QuarantinedRow, quarantined_row::State,
};

use crate::{
    channel::CHANNELS, contract_json, error::CliError, output::Output, rollup::wording::moment,
    say::Lang,
};

/// A state in words.
pub(super) const fn state(state: State, lang: Lang) -> &'static str {
    match state {
        State::Unspecified => "",
        State::Waiting => lang.t("đang chờ xử lý", "waiting"),
        State::Replayed => lang.t("đã gửi lại", "replayed"),
        State::Superseded => lang.t("đã được thay bằng phiếu đúng", "superseded by a good row"),
        State::Dropped => lang.t("đã loại bỏ", "dropped"),
        State::Expired => lang.t("đã hết hạn lưu", "expired"),
    }
}

/// Prints a list.
pub(super) fn listed(
    rows: &[QuarantinedRow],
    has_more: bool,
    output: &Output,
) -> Result<(), CliError> {
    let lang = output.lang();
    if rows.is_empty() {
        return output.line(lang.t("Không có hàng nào.", "There are no rows."));
    }
    let header = match lang {
        Lang::Vi => ["Hàng", "Nhận lúc", "Người gửi", "Phiếu", "Lý do", "Tình trạng"],
        Lang::En => ["Row", "Received", "Sender", "Response", "Why", "State"],
    };
    let mut table = output.table(header);
    for row in rows {
        let mut reasons: Vec<&str> = row.violations.iter().map(|one| one.reason.as_str()).collect();
        reasons.dedup();
        table.add_row([
            row.row_id.clone(),
            moment(row.receive_time.as_ref()),
            row.collector.clone(),
            row.response_id.clone(),
            reasons.join(" "),
            state(row.state(), lang).to_owned(),
        ]);
    }
    output.line(table)?;
    if has_more {
        output.note(
            lang.t("Còn nữa: hãy dùng --most, --from.", "There are more: use --most, --from."),
        )?;
    }
    Ok(())
}

/// Prints one row with what it said.
pub(super) fn shown(answer: &GetQuarantinedRowResponse, output: &Output) -> Result<(), CliError> {
    if output.is_json() {
        return output.json(&contract_json::json(answer));
    }
    let lang = output.lang();
    let row = answer.row.clone().unwrap_or_default();
    output.line(format_args!("{} – {}", row.row_id, state(row.state(), lang)))?;
    let (sender, unit) = (&row.collector, &row.collector_unit_code);
    let (at, until) = (moment(row.receive_time.as_ref()), moment(row.expire_time.as_ref()));
    output.line(match lang {
        Lang::Vi => format!("Nhận lúc {at} từ {sender} ({unit}); lưu đến {until}"),
        Lang::En => format!("Received {at} from {sender} ({unit}); kept until {until}"),
    })?;
    for fault in &row.violations {
        let said = lang.t(&fault.message_vi, &fault.message);
        output.line(format_args!(" • {}: {said} ({})", fault.path, fault.reason))?;
    }
    match &answer.received {
        Some(received) => {
            output.line(said(received, lang))?;
            let came_about = came_about(received, lang);
            if came_about.is_empty() { Ok(()) } else { output.line(came_about) }
        }
        None => output.line(ended(&row, lang)),
    }
}

fn said(row: &IngestResponsesRequest, lang: Lang) -> String {
    let answers: Vec<String> = row.answers.iter().map(ToString::to_string).collect();
    let (survey, cluster, id) = (&row.survey_code, &row.cluster_code, &row.response_id);
    let (at, answers) = (moment(row.answer_time.as_ref()), answers.join(","));
    let revision = row.revision;
    match lang {
        Lang::Vi => format!(
            "Phiếu {id} lần {revision}, cuộc khảo sát {survey}, địa bàn {cluster}, trả lời lúc {at}: {answers}"
        ),
        Lang::En => format!(
            "Response {id} revision {revision}, survey {survey}, commune {cluster}, answered {at}: {answers}"
        ),
    }
}

/// The numbers of a row, and how it came about.
fn came_about(row: &IngestResponsesRequest, lang: Lang) -> String {
    let numbers: Vec<String> = row.numbers.iter().map(ToString::to_string).collect();
    let known = CHANNELS.iter().find(|(channel, ..)| i32::from(*channel) == row.channel);
    let channel = match (known, row.channel) {
        (Some((_, en, vi)), _) => lang.t(vi, en).to_owned(),
        (None, 0) => String::new(),
        (None, number) => number.to_string(),
    };
    let start = row.start_time.as_ref();
    let parts = [
        (lang.t("các số", "numbers"), numbers.join(",")),
        (lang.t("bắt đầu lúc", "begun"), start.map_or(String::new(), |at| moment(Some(at)))),
        (lang.t("người phỏng vấn", "interviewer"), row.interviewer.clone()),
        (lang.t("hình thức", "channel"), channel),
        (lang.t("mã phiếu giấy", "slip"), row.slip_code.clone()),
    ];
    let said = parts.into_iter().filter(|(_, value)| !value.is_empty());
    let said: Vec<String> = said.map(|(what, value)| format!("{what} {value}")).collect();
    said.join("; ")
}

fn ended(row: &QuarantinedRow, lang: Lang) -> String {
    let by = match (row.settler.is_empty(), row.settle_reason.is_empty()) {
        (true, _) => String::new(),
        (false, true) => format!(" – {} ({})", row.settler, row.settler_unit_code),
        (false, false) => {
            format!(" – {} ({}): {}", row.settler, row.settler_unit_code, row.settle_reason)
        }
    };
    format!("{} {}{by}", moment(row.settle_time.as_ref()), state(row.state(), lang))
}
