//! The receipt of a push, as proof and as a list of what to correct.

use cchc_proto::common::v1::Receipt;

use crate::{
    contract_json,
    error::CliError,
    output::{Output, align_right},
    say::Lang,
};

/// Prints a receipt; `lines` gives the line of each row in the file.
pub(super) fn print(receipt: &Receipt, lines: &[usize], output: &Output) -> Result<(), CliError> {
    if output.is_json() {
        return output.json(&contract_json::json(receipt));
    }
    output.line(counts(receipt, output.lang()))?;
    if receipt.refused_count == 0 {
        return Ok(());
    }
    let lang = output.lang();
    let header = match lang {
        Lang::Vi => ["Dòng", "Trường", "Lý do", "Cần sửa"],
        Lang::En => ["Line", "Field", "Reason", "What is wrong"],
    };
    let mut table = output.table(header);
    for refusal in &receipt.refusals {
        let line = line_of(refusal.row_number, lines);
        for violation in &refusal.violations {
            let message = lang.t(&violation.message_vi, &violation.message);
            table.add_row([line.as_str(), &violation.path, &violation.reason, message]);
        }
    }
    align_right(&mut table, [0]);
    output.line(table)?;
    let shown = i64::try_from(receipt.refusals.len()).unwrap_or_default();
    if receipt.refused_count > shown {
        let more = receipt.refused_count.saturating_sub(shown);
        output.line(match lang {
            Lang::Vi => format!("… và {more} dòng khác bị từ chối."),
            Lang::En => format!("… and {more} more rows were refused."),
        })?;
    }
    output.note(output.t(
        "Hãy sửa các dòng trên trong tệp rồi gửi lại cả tệp: dòng đã lưu không bị lưu hai lần.",
        "Correct these lines in the file and send the whole file again: stored rows are not stored twice.",
    ))
}

fn line_of(row_number: i64, lines: &[usize]) -> String {
    let at = usize::try_from(row_number).ok().and_then(|row| row.checked_sub(1));
    let line = at.and_then(|at| lines.get(at));
    line.map_or_else(|| format!("#{row_number}"), ToString::to_string)
}

fn counts(receipt: &Receipt, lang: Lang) -> String {
    let Receipt {
        receipt_id,
        row_count,
        accepted_count: accepted,
        corrected_count: corrected,
        repeat_count: repeats,
        refused_count: refused,
        refusals: _,
    } = receipt;
    match lang {
        Lang::Vi => format!(
            "{row_count} dòng: {accepted} mới, {corrected} điều chỉnh, {repeats} đã có, {refused} bị từ chối.\nBiên nhận: {receipt_id}"
        ),
        Lang::En => format!(
            "{row_count} rows: {accepted} new, {corrected} corrected, {repeats} known before, {refused} refused.\nReceipt: {receipt_id}"
        ),
    }
}
