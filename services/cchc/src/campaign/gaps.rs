//! How far self-scores and appraisals lie apart, as a table: all, then nodes, then the units that differ.

use cchc_proto::{
    assignment::v1::{GetCampaignStatisticsResponse, get_campaign_statistics_response::Gap},
    common::v1::Decimal,
};
use comfy_table::Table;
use serde_json::json;

use crate::{
    error::CliError,
    output::{Output, align_right},
    say::Lang,
};

/// Prints the gaps. A unit without any difference takes no line.
pub(super) fn show(found: &GetCampaignStatisticsResponse, output: &Output) -> Result<(), CliError> {
    if output.is_json() {
        let all = |gaps: &[Gap]| gaps.iter().map(as_json).collect::<Vec<_>>();
        let total = found.total.as_ref().map(as_json);
        let (units, nodes) = (all(&found.units), all(&found.nodes));
        return output.json(&json!({ "total": total, "nodes": nodes, "units": units }));
    }
    let lang = output.lang();
    let mut table = output.table(match lang {
        Lang::Vi => [
            "",
            "Số mục",
            "Đã tự chấm",
            "Đã thẩm định",
            "Tự chấm cao",
            "Tự chấm thấp",
            "Chênh lệch",
            "Bình quân",
        ],
        Lang::En => {
            ["", "Entries", "Scored", "Appraised", "Inflated", "Deflated", "Difference", "Mean"]
        }
    });
    for gap in &found.nodes {
        add(&mut table, &gap.of, gap, lang);
    }
    let differs = |gap: &&Gap| gap.inflated_count + gap.deflated_count > 0;
    for gap in found.units.iter().filter(differs) {
        add(&mut table, &gap.of, gap, lang);
    }
    if let Some(total) = &found.total {
        add(&mut table, lang.t("Tất cả", "All"), total, lang);
    }
    align_right(&mut table, 1..8);
    output.line(table)
}

fn add(table: &mut Table, title: &str, gap: &Gap, lang: Lang) {
    let figure = |number: Option<&Decimal>| {
        number.map_or_else(String::new, |number| lang.figure(&number.value))
    };
    table.add_row([
        title.to_owned(),
        gap.entry_count.to_string(),
        gap.scored_count.to_string(),
        gap.appraised_count.to_string(),
        gap.inflated_count.to_string(),
        gap.deflated_count.to_string(),
        figure(gap.difference.as_ref()),
        figure(gap.mean_difference.as_ref()),
    ]);
}

fn as_json(gap: &Gap) -> serde_json::Value {
    json!({
        "of": gap.of,
        "entries": gap.entry_count,
        "scored": gap.scored_count,
        "appraised": gap.appraised_count,
        "inflated": gap.inflated_count,
        "deflated": gap.deflated_count,
        "difference": gap.difference.as_ref().map(|of| &of.value),
        "mean": gap.mean_difference.as_ref().map(|of| &of.value),
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;
    use crate::output::Memory;

    fn gap(of: &str, inflated: i64, mean: Option<&str>) -> Gap {
        let number = |text: &str| Decimal { value: text.to_owned() };
        Gap {
            of: of.to_owned(),
            entry_count: 3,
            scored_count: 3,
            appraised_count: 2,
            inflated_count: inflated,
            deflated_count: 0,
            difference: Some(number("0.5")),
            mean_difference: mean.map(number),
        }
    }

    #[test]
    fn officials_see_who_inflates_with_commas_and_no_line_of_who_does_not() {
        let found = GetCampaignStatisticsResponse {
            total: Some(gap("", 1, Some("0.25"))),
            units: vec![gap("193", 1, Some("0.25")), gap("194", 0, None)],
            nodes: vec![gap("PAR-2018/1", 1, Some("0.25"))],
        };
        let memory = Memory::default();

        show(&found, &Output::to(Lang::Vi, false, memory.clone())).unwrap();

        let text = memory.text();
        assert!(text.contains("193") && !text.contains("194"), "{text}");
        assert!(text.contains("0,25") && text.contains("Tất cả"), "{text}");
    }
}
