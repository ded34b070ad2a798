//! Figures as a table for people; programs read the JSON.

use cchc_core::Decimal;
use serde_json::Value;

use crate::{
    error::CliError,
    output::{Output, align_right},
};

/// Digits after the point that a person reads.
const PLACES: u32 = 4;

/// Prints a report.
pub(super) fn print(report: &Value, output: &Output) -> Result<(), CliError> {
    for estimate in report.get("estimates").and_then(Value::as_array).into_iter().flatten() {
        let stat = text(estimate.get("name")).or_else(|| text(estimate.get("stat")));
        output.line(stat.unwrap_or_default())?;
        let mut table = output.table(if output.t("vi", "en") == "vi" {
            ["", "Ước lượng", "Sai số chuẩn", "Khoảng tin cậy", "Bậc tự do", "n", "Ghi chú"]
        } else {
            ["", "Estimate", "Std. error", "Interval", "df", "n", "Notes"]
        });
        for result in estimate.get("results").and_then(Value::as_array).into_iter().flatten() {
            table.add_row(row(result, output));
        }
        align_right(&mut table, 1..=5);
        output.line(table)?;
    }
    Ok(())
}

fn row(result: &Value, output: &Output) -> Vec<String> {
    let number = |key: &str| figure(result.get(key), output);
    let flags: Vec<&str> = result
        .get("flags")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let p = result.get("p_value").map(|p| format!("p = {}", figure(Some(p), output)));
    // One sampled unit says nothing of how units differ: its zero is no precision.
    let error = if flags.contains(&"SINGLE_UNIT") { "–".to_owned() } else { number("se") };
    let first =
        ["estimate", "diff", "statistic"].into_iter().find(|key| result.get(*key).is_some());
    vec![
        text(result.get("name")).unwrap_or_default(),
        number(first.unwrap_or("estimate")),
        error,
        reach(result, output),
        number("df"),
        number("n"),
        p.into_iter().chain(flags.into_iter().map(str::to_owned)).collect::<Vec<_>>().join(", "),
    ]
}

/// The interval that fits: logit for a rate, t otherwise.
fn reach(result: &Value, output: &Output) -> String {
    let intervals = result.get("intervals");
    let of = |key: &str| intervals.and_then(|all| all.get(key)).filter(|found| !found.is_null());
    let ends =
        result.get("ci").or_else(|| result.get("ci95_diff")).filter(|found| !found.is_null());
    let ends = ends.or_else(|| of("exact")).or_else(|| of("logit")).or_else(|| of("t"));
    match ends.and_then(Value::as_array).map(Vec::as_slice) {
        Some([low, high]) => {
            format!("{} – {}", figure(Some(low), output), figure(Some(high), output))
        }
        _ => "–".to_owned(),
    }
}

fn text(value: Option<&Value>) -> Option<String> {
    value.and_then(Value::as_str).map(str::to_owned)
}

fn figure(value: Option<&Value>, output: &Output) -> String {
    let rounded =
        |number: f64| Decimal::try_from(number).map(|exact| exact.round_dp(PLACES).normalize());
    match value.and_then(Value::as_f64).map(rounded) {
        Some(Ok(number)) => output.lang().figure(&number.to_string()),
        Some(Err(_)) => value.map(ToString::to_string).unwrap_or_default(),
        None => "–".to_owned(),
    }
}
