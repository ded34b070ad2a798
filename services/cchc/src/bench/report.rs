//! The figures, for a person and for a program.

use serde_json::{Value, json};

use super::meter::Measured;
use crate::{
    error::CliError,
    output::{Output, align_right},
    say::Lang,
};

/// Prints what was measured.
pub(super) fn print(measured: &[Measured], output: &Output) -> Result<(), CliError> {
    if output.is_json() {
        return output
            .json(&json!({ "measured": measured.iter().map(to_json).collect::<Vec<_>>() }));
    }
    let header = match output.lang() {
        Lang::Vi => [
            "Phép đo",
            "mỗi giây",
            "so với",
            "p50 ms",
            "p99 ms",
            "CPU dịch vụ s",
            "CPU CSDL s",
            "bộ nhớ MB",
        ],
        Lang::En => [
            "measured",
            "a second",
            "of",
            "p50 ms",
            "p99 ms",
            "service CPU s",
            "database CPU s",
            "memory MB",
        ],
    };
    let mut table = output.table(header);
    for one in measured {
        let latency = |micros: Option<u64>| {
            micros.map_or(String::new(), |n| output.lang().figure(&thousandths(n)))
        };
        let beside = one.beside.map_or(String::new(), |(what, share)| {
            let (what, tenths) = (name(what, output.lang()), share);
            output.lang().figure(&format!("{}.{}", tenths / 10, tenths % 10)) + " % " + what
        });
        table.add_row([
            name(one.what, output.lang()).to_owned(),
            one.rate().to_string(),
            beside,
            latency(one.latency.map(|(half, _)| half)),
            latency(one.latency.map(|(_, most)| most)),
            output.lang().figure(&thousandths(one.service_cpu)),
            output.lang().figure(&thousandths(one.database_cpu)),
            (one.peak_memory / 1024).to_string(),
        ]);
    }
    align_right(&mut table, [1, 3, 4, 5, 6, 7]);
    output.line(table)
}

fn to_json(one: &Measured) -> Value {
    json!({
        "what": one.what,
        "rows": one.rows,
        "milliseconds": u64::try_from(one.elapsed.as_millis()).unwrap_or(u64::MAX),
        "rows_per_second": one.rate(),
        "beside": one.beside.map(|(what, _)| what),
        "permille_of_beside": one.beside.map(|(_, share)| share),
        "p50_microseconds": one.latency.map(|(half, _)| half),
        "p99_microseconds": one.latency.map(|(_, most)| most),
        "service_cpu_milliseconds": one.service_cpu,
        "database_cpu_milliseconds": one.database_cpu,
        "peak_memory_kilobytes": one.peak_memory,
    })
}

/// A number of thousandths as a decimal.
fn thousandths(n: u64) -> String {
    format!("{}.{:03}", n / 1000, n % 1000)
}

const fn name(what: &'static str, lang: Lang) -> &'static str {
    let (vi, en) = match what.as_bytes() {
        b"copy" => ("COPY trần", "bare COPY"),
        b"skeleton-stream" => ("luồng trần", "bare stream"),
        b"stream" => ("luồng phiếu", "streamed responses"),
        b"stream-again" => ("gửi lại luồng", "the same again, streamed"),
        b"recount" => ("đếm lại", "counted again"),
        b"outside" => ("chương trình khác đếm", "counted by another"),
        b"bare-read" => ("đọc trần", "bare read"),
        b"single-commit" => ("ghi từng dòng", "bare single commits"),
        b"echo" => ("lời gọi trần", "bare call"),
        b"single" => ("phiếu lẻ", "single responses"),
        b"fill" => ("nạp phiếu", "responses taken in"),
        b"told" => ("báo cáo nhận vào", "reports taken in"),
        b"bare-replay" => ("đọc lại sự kiện", "events read again"),
        b"replay" => ("tổng hợp lại từ đầu", "heard again from nothing"),
        b"visible" => ("gửi đến khi thấy", "push until visible"),
        b"read" => ("đọc bảng", "rollup read"),
        b"explain" => ("giải trình", "score explained"),
        b"single-again" => ("gửi lại phiếu lẻ", "the same again, single"),
        _ => (what, what),
    };
    lang.t(vi, en)
}
