//! `cchc rollup units`: what stands against each unit, those with the most against them first.

use std::process::ExitCode;

use cchc_core::UnitCode;
use cchc_proto::{
    common::v1::Decimal,
    reporting::v1::{
        ExpectedAtNode, GetScoreboardRequest, Scoreboard, UnitRow,
        scoreboard_service_client::ScoreboardServiceClient,
    },
};

use super::{Asked, wording};
use crate::{
    connect::QUESTION,
    contract_json,
    error::CliError,
    output::{Output, align_right},
    say::Lang,
};

pub(super) async fn run(
    asked: Asked,
    unit: &UnitCode,
    output: &Output,
) -> Result<ExitCode, CliError> {
    let Asked { plan_code, server, .. } = asked;
    let ask = GetScoreboardRequest { plan_code, unit_code: unit.to_string() };
    let mut client = ScoreboardServiceClient::new(server.channel());
    let answer = client.get_scoreboard(server.request(ask, QUESTION)).await;
    let answer = answer.map_err(|status| server.refused(&status))?;
    print(&answer.into_inner().scoreboard.unwrap_or_default(), output)?;
    Ok(ExitCode::SUCCESS)
}

/// Prints a scoreboard.
fn print(board: &Scoreboard, output: &Output) -> Result<(), CliError> {
    if output.is_json() {
        return output.json(&contract_json::json(board));
    }
    let lang = output.lang();
    let mut table = output.table(match lang {
        Lang::Vi => [
            "Mã",
            "Đơn vị",
            "Nhiệm vụ",
            "Đã xong",
            "Xong muộn",
            "Quá hạn",
            "Nguy cơ",
            "Chưa đến hạn",
            "Phối hợp",
            "Báo cáo phải gửi",
            "Đúng hạn",
            "Muộn",
            "Chưa gửi",
            "Đầy đủ %",
            "Kịp thời %",
        ],
        Lang::En => [
            "Code",
            "Unit",
            "Tasks",
            "Done",
            "Done late",
            "Overdue",
            "At risk",
            "Outstanding",
            "Beside",
            "Reports owed",
            "In time",
            "Late",
            "Missing",
            "Complete %",
            "Timely %",
        ],
    });
    for row in &board.rows {
        table.add_row(cells(row, lang));
    }
    align_right(&mut table, 2..15);
    output.line(table)?;
    for line in board.rows.iter().flat_map(|row| expected(row, lang)) {
        output.line(line)?;
    }
    let (revision, moment) = (board.revision, wording::moment(board.update_time.as_ref()));
    output.line(match lang {
        Lang::Vi => format!("Phiên bản {revision}, cập nhật {moment}"),
        Lang::En => format!("Revision {revision} of {moment}"),
    })
}

/// What is expected of a unit's undelivered tasks, a line a node; nothing where the plan states nothing.
fn expected(row: &UnitRow, lang: Lang) -> Vec<String> {
    let figure = |of: Option<&Decimal>| of.map_or_else(String::new, |of| lang.figure(&of.value));
    let line = |of: &ExpectedAtNode| {
        let (unit, node) = (&row.unit_name, &of.node_id);
        let at_risk = figure(of.at_risk_points.as_ref());
        let outstanding = figure(of.outstanding_points.as_ref());
        match lang {
            Lang::Vi => format!(
                " • {unit}, {node}: {at_risk} điểm dự kiến có nguy cơ, {outstanding} chưa đến hạn"
            ),
            Lang::En => {
                format!(
                    " • {unit}, {node}: {at_risk} expected points at risk, {outstanding} outstanding"
                )
            }
        }
    };
    row.expected_at_nodes.iter().map(line).collect()
}

fn cells(row: &UnitRow, lang: Lang) -> [String; 15] {
    let open = row.undelivered.clone().unwrap_or_default();
    let reports = row.punctuality.clone().unwrap_or_default();
    let percent = |share: Option<&Decimal>| {
        share.map_or_else(|| "—".to_owned(), |share| lang.figure(&share.value))
    };
    [
        row.unit_code.clone(),
        row.unit_name.clone(),
        row.assignment_count.to_string(),
        row.submitted_count.to_string(),
        row.late_count.to_string(),
        row.overdue_count.to_string(),
        open.at_risk_task_count.to_string(),
        open.outstanding_task_count.to_string(),
        row.beside_task_count.to_string(),
        reports.owed_count.to_string(),
        reports.in_time_count.to_string(),
        reports.late_count.to_string(),
        reports.missing_count.to_string(),
        percent(reports.completeness_percent.as_ref()),
        percent(reports.timeliness_percent.as_ref()),
    ]
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use cchc_proto::reporting::v1::Punctuality;

    use super::*;
    use crate::output::Memory;

    #[test]
    fn shares_are_shown_with_commas_and_what_is_not_known_with_a_dash() {
        let share = |text: &str| Some(Decimal { value: text.to_owned() });
        let reports = Punctuality {
            owed_count: 3,
            in_time_count: 2,
            missing_count: 1,
            completeness_percent: share("66.67"),
            timeliness_percent: share("66.67"),
            ..Punctuality::default()
        };
        let row = |name: &str, punctuality| UnitRow {
            unit_name: name.to_owned(),
            punctuality,
            ..UnitRow::default()
        };
        let rows = vec![row("Hạ Long", Some(reports)), row("Hà Khánh", None)];
        let memory = Memory::default();

        let board = Scoreboard { rows, ..Scoreboard::default() };
        print(&board, &Output::to(Lang::Vi, false, memory.clone())).unwrap();

        let text = memory.text();
        assert!(text.contains("66,67"), "{text}");
        let line = text.lines().find(|line| line.contains("Hà Khánh")).unwrap();
        assert_eq!(line.matches('—').count(), 2, "{line}");
    }
}
