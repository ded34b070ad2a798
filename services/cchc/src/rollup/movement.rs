//! `cchc rollup movement`: how every score moved between two states, and by what.

use std::process::ExitCode;

use cchc_proto::{
    convert,
    reporting::v1::{
        Change, CompareRollupsRequest, CorrectedFact, Estimate, Movement, MovementEnd,
        NodeMovement, compare_rollups_request::From as Earlier,
    },
};
use clap::Args;
use time::OffsetDateTime;

use super::{Asked, instant, wording};
use crate::{
    connect::DELIVERY,
    contract_json,
    error::CliError,
    output::{Output, align_right},
    say::Lang,
};

/// Between which states.
#[derive(Debug, Args)]
pub(super) struct Between {
    /// The earlier state: what had been recorded by this instant, as `show --as-of` takes it
    #[arg(long, value_name = "TIME", value_parser = instant, required_unless_present = "since_publication")]
    from: Option<OffsetDateTime>,
    /// The earlier state: what the publication of this number froze
    #[arg(long, value_name = "NUMBER", conflicts_with = "from")]
    since_publication: Option<i32>,
    /// The later state: what had been recorded by this instant; the live rollup when left out
    #[arg(long, value_name = "TIME", value_parser = instant)]
    to: Option<OffsetDateTime>,
    /// Also show the nodes that did not move
    #[arg(long)]
    all: bool,
}

pub(super) async fn run(
    asked: Asked,
    between: Between,
    output: &Output,
) -> Result<ExitCode, CliError> {
    let Asked { plan_code, server, mut client } = asked;
    let instant = between.from.map(|from| Earlier::FromTime(convert::timestamp(from)));
    let from = instant.or(between.since_publication.map(Earlier::FromPublicationNumber));
    let to_time = between.to.map(convert::timestamp);
    let request = CompareRollupsRequest { plan_code, from, to_time };
    // It reads every fact, twice.
    let answer = client.compare_rollups(server.request(request, DELIVERY)).await;
    let answer = answer.map_err(|status| server.refused(&status))?;
    print(&answer.into_inner().movement.unwrap_or_default(), between.all, output)?;
    Ok(ExitCode::SUCCESS)
}

/// Prints how scores moved; of those that did not only when all are wanted.
fn print(movement: &Movement, is_all: bool, output: &Output) -> Result<(), CliError> {
    if output.is_json() {
        return output.json(&contract_json::json(movement));
    }
    let lang = output.lang();
    let ends = [&movement.from, &movement.to].map(|of| end(of.as_ref(), lang));
    output.line(format_args!("{} – {}", movement.plan_code, movement.title))?;
    output.line(format_args!("{} → {}", ends[0], ends[1]))?;
    let mut table = output.table(match lang {
        Lang::Vi => [
            "Mục",
            "Nội dung",
            "Trước",
            "Sau",
            "Thay đổi",
            "Do điều chỉnh",
            "Do số liệu mới",
            "Do đổi định nghĩa",
        ],
        Lang::En => {
            ["Node", "Title", "Before", "After", "Change", "Correction", "Measured", "Definition"]
        }
    });
    for node in movement.nodes.iter().filter(|node| is_all || has_moved(node)) {
        table.add_row(row(node, lang));
    }
    align_right(&mut table, 2..8);
    output.line(table)?;
    output.line(lang.t(
        "*: có lúc chưa biết điểm, nên so phần điểm đã chắc chắn.",
        "*: the points are unknown at one end: what is certain of them is compared.",
    ))?;
    print_causes(movement, output)
}

fn print_causes(movement: &Movement, output: &Output) -> Result<(), CliError> {
    let lang = output.lang();
    let (corrected, new) = (movement.correction_count, movement.new_fact_count);
    output.line(match lang {
        Lang::Vi => format!("\n{new} dữ kiện mới, {corrected} dữ kiện được điều chỉnh"),
        Lang::En => format!("\n{new} new facts, {corrected} corrected"),
    })?;
    for CorrectedFact { kind, about, from, to } in &movement.corrections {
        let taken_back = lang.t("(rút lại)", "(taken back)");
        let word = |text: &str| {
            if text.is_empty() { taken_back.to_owned() } else { lang.figure(text) }
        };
        output.line(format_args!(" • {kind} {about}: {} → {}", word(from), word(to)))?;
    }
    let defined = movement.definitions.iter().map(|of| format!("{} {}", of.kind, of.code));
    let defined: Vec<String> = defined.collect();
    if defined.is_empty() {
        return Ok(());
    }
    let said = lang.t("Định nghĩa thay đổi", "Definitions that changed");
    output.line(format_args!("{said}: {}", defined.join(", ")))
}

fn has_moved(node: &NodeMovement) -> bool {
    node.from != node.to || node.is_new || node.is_gone
}

fn row(node: &NodeMovement, lang: Lang) -> [String; 8] {
    let (change, mark) = match (&node.points, &node.certain) {
        (Some(points), _) => (points.clone(), ""),
        (None, Some(certain)) => (certain.clone(), " *"),
        (None, None) => (Change::default(), ""),
    };
    let figures = [&change.whole, &change.correction, &change.measured, &change.definition];
    let [whole, correction, measured, definition] = figures.map(|of| signed(of.as_ref(), lang));
    let state = match (node.is_new, node.is_gone) {
        (true, _) => lang.t(" (mới)", " (new)"),
        (_, true) => lang.t(" (không còn)", " (gone)"),
        _ => "",
    };
    [
        node.node_id.clone(),
        format!("{}{state}", node.title),
        score(node.from.as_ref(), lang),
        score(node.to.as_ref(), lang),
        if whole.is_empty() { whole } else { format!("{whole}{mark}") },
        correction,
        measured,
        definition,
    ]
}

fn score(of: Option<&Estimate>, lang: Lang) -> String {
    of.map_or_else(String::new, |of| {
        wording::score_or_bound(of.points.as_ref(), of.so_far.as_ref(), lang)
    })
}

/// A change with its sign, so that a rise and a fall are told apart at a glance; zero is empty.
fn signed(of: Option<&cchc_proto::common::v1::Decimal>, lang: Lang) -> String {
    let text = wording::score(of, lang);
    match text.as_str() {
        "" | "0" | "0,00" | "0.00" => String::new(),
        falls if falls.starts_with('-') => text,
        _ => format!("+{text}"),
    }
}

/// Which state it is, such as `bản công bố số 3` or an instant.
fn end(of: Option<&MovementEnd>, lang: Lang) -> String {
    let Some(of) = of else { return String::new() };
    let moment = wording::moment(of.time.as_ref());
    let (number, revision) = (of.publication_number, of.revision);
    match lang {
        Lang::Vi if number > 0 => format!("bản công bố số {number} ({moment})"),
        Lang::En if number > 0 => format!("publication {number} ({moment})"),
        Lang::Vi if revision > 0 => format!("hiện nay, phiên bản {revision} ({moment})"),
        Lang::En if revision > 0 => format!("now, revision {revision} ({moment})"),
        _ => moment,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use cchc_proto::common::v1::Decimal;

    use super::*;
    use crate::output::Memory;

    fn number(text: &str) -> Decimal {
        Decimal { value: text.to_owned() }
    }

    fn moved() -> NodeMovement {
        let estimate =
            |points: &str| Estimate { points: Some(number(points)), ..Estimate::default() };
        NodeMovement {
            node_id: "P-2018/1".to_owned(),
            from: Some(estimate("9.5")),
            to: Some(estimate("9.25")),
            points: Some(Change {
                whole: Some(number("-0.25")),
                correction: Some(number("-0.5")),
                measured: Some(number("0.25")),
                definition: Some(number("0")),
            }),
            ..NodeMovement::default()
        }
    }

    #[test]
    fn what_moved_is_shown_with_its_parts_and_what_was_corrected() {
        let still = NodeMovement { node_id: "P-2018/2".to_owned(), ..NodeMovement::default() };
        let correction = CorrectedFact {
            kind: "assessment".to_owned(),
            about: "P-2018/1".to_owned(),
            from: "9,5 điểm".to_owned(),
            to: String::new(),
        };
        let movement = Movement {
            nodes: vec![moved(), still],
            corrections: vec![correction],
            correction_count: 1,
            ..Movement::default()
        };
        let printed = |is_all| {
            let memory = Memory::default();
            print(&movement, is_all, &Output::to(Lang::Vi, false, memory.clone())).unwrap();
            memory.text()
        };

        let text = printed(false);

        for said in ["9,5", "9,25", "-0,25", "-0,5", "+0,25", "9,5 điểm → (rút lại)"] {
            assert!(text.contains(said), "{said}: {text}");
        }
        assert!(!text.contains("P-2018/2"), "{text}");
        assert!(printed(true).contains("P-2018/2"));
    }
}
