//! `cchc rollup verify`: the live rollup against a recomputation from the producers' stored facts.

use std::process::ExitCode;

use cchc_proto::reporting::v1::{VerifyRollupRequest, VerifyRollupResponse};

use super::Asked;
use crate::{
    connect::DELIVERY,
    contract_json,
    error::{CliError, FAILED},
    output::{Output, align_right},
    say::Lang,
};

pub(super) async fn run(asked: Asked, output: &Output) -> Result<ExitCode, CliError> {
    let Asked { plan_code, server, mut client } = asked;
    // A recomputation reads every fact; it may take a while.
    let request = server.request(VerifyRollupRequest { plan_code }, DELIVERY);
    let answer = client.verify_rollup(request).await.map_err(|status| server.refused(&status))?;
    let answer = answer.into_inner();
    print(&answer, output)?;
    Ok(if is_equal(&answer) { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

/// Whether live and recomputed are one; two empty checksums say nothing.
pub(super) fn is_equal(answer: &VerifyRollupResponse) -> bool {
    answer.differences.is_empty()
        && !answer.live_checksum.is_empty()
        && answer.live_checksum == answer.recomputed_checksum
}

/// Prints what was compared, and every difference.
pub(super) fn print(answer: &VerifyRollupResponse, output: &Output) -> Result<(), CliError> {
    if output.is_json() {
        return output.json(&contract_json::json(answer));
    }
    let lang = output.lang();
    let mut table = output.table(match lang {
        Lang::Vi => ["Nguồn", "Đã nghe đến số", "Tạm giữ"],
        Lang::En => ["Source", "Heard up to", "Parked"],
    });
    table.add_rows(answer.watermarks.iter().map(|mark| {
        [mark.producer.clone(), mark.sequence.to_string(), mark.parked_count.to_string()]
    }));
    align_right(&mut table, [1, 2]);
    output.line(table)?;
    let facts = answer.fact_count;
    output.line(match lang {
        Lang::Vi => format!(
            "Dữ kiện đã đọc: {facts}\nĐang hiển thị: {}\nTính lại:      {}",
            answer.live_checksum, answer.recomputed_checksum
        ),
        Lang::En => format!(
            "Facts read: {facts}\nLive:       {}\nRecomputed: {}",
            answer.live_checksum, answer.recomputed_checksum
        ),
    })?;
    if is_equal(answer) {
        return output
            .line(lang.t("✓ Hai kết quả trùng khớp hoàn toàn.", "✓ The two are the same."));
    }
    print_differences(answer, output)
}

fn print_differences(answer: &VerifyRollupResponse, output: &Output) -> Result<(), CliError> {
    let lang = output.lang();
    let mut table = output.table(match lang {
        Lang::Vi => ["Khác nhau ở", "Đang hiển thị", "Tính lại"],
        Lang::En => ["What differs", "Live", "Recomputed"],
    });
    table.add_rows(
        answer
            .differences
            .iter()
            .map(|differing| [&differing.what, &differing.live, &differing.recomputed]),
    );
    align_right(&mut table, [1, 2]);
    output.line(table)?;
    output.line(lang.t(
        "✗ Hai kết quả khác nhau: hãy giữ lại bản in này và báo quản trị viên.",
        "✗ The two differ: keep this printout and tell whoever looks after the system.",
    ))
}
