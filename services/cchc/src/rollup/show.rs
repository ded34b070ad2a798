//! `cchc rollup show`: the whole tree on one screen, the plan's own totals beside what their parts give.

use std::process::ExitCode;

use cchc_proto::{
    convert,
    reporting::v1::{GetRollupRequest, Rollup, TaskSummary},
};
use time::OffsetDateTime;

use super::{Asked, marks, marks::Marks, promise, table, undelivered, wording};
use crate::{
    connect::{DELIVERY, QUESTION},
    contract_json,
    error::CliError,
    output::Output,
    say::Lang,
};

pub(super) async fn run(
    asked: Asked,
    as_of: Option<OffsetDateTime>,
    output: &Output,
) -> Result<ExitCode, CliError> {
    let Asked { plan_code, server, mut client } = asked;
    // Looking back reads every fact.
    let limit = if as_of.is_some() { DELIVERY } else { QUESTION };
    let as_of_time = as_of.map(convert::timestamp);
    let request = server.request(GetRollupRequest { plan_code, as_of_time }, limit);
    let answer = client.get_rollup(request).await.map_err(|status| server.refused(&status))?;
    let answer = answer.into_inner();
    print_citing(&answer.rollup.unwrap_or_default(), answer.publication_number, output)?;
    Ok(ExitCode::SUCCESS)
}

/// Prints a rollup.
pub(super) fn print(rollup: &Rollup, output: &Output) -> Result<(), CliError> {
    print_citing(rollup, 0, output)
}

/// Prints a rollup, citing the publication that it is; 0 for none.
fn print_citing(rollup: &Rollup, publication_number: i32, output: &Output) -> Result<(), CliError> {
    if output.is_json() {
        let mut written = contract_json::json(rollup);
        if let Some(fields) = written.as_object_mut().filter(|_| publication_number > 0) {
            fields.insert("publication_number".to_owned(), publication_number.into());
        }
        return output.json(&written);
    }
    let lang = output.lang();
    output.line(format_args!("{} – {}", rollup.plan_code, rollup.title))?;
    for index in &rollup.indices {
        let marks = Marks::new(index, &rollup.findings);
        output.line(format_args!("\n{}", table::heading(index, lang)))?;
        output.line(table::lay_out(index, &marks, output))?;
        for line in promise::others(index, lang) {
            output.line(line)?;
        }
        for line in index.nodes.iter().filter_map(|node| wording::refused_rows(node, lang)) {
            output.line(line)?;
        }
        for line in index.nodes.iter().filter_map(|node| wording::excluded_responses(node, lang)) {
            output.line(line)?;
        }
        for line in index.nodes.iter().filter_map(|node| wording::short_strata(node, lang)) {
            output.line(line)?;
        }
        for line in index.nodes.iter().filter_map(|node| undelivered::line(node, lang)) {
            output.line(line)?;
        }
        for line in marks.lines(&rollup.acknowledgements, lang) {
            output.line(line)?;
        }
    }
    footer(rollup, output)?;
    match (output.lang(), publication_number) {
        (_, 0) => Ok(()),
        (Lang::Vi, number) => output.line(format_args!("Số liệu đã công bố số {number}")),
        (Lang::En, number) => output.line(format_args!("Published as no. {number}")),
    }
}

fn footer(rollup: &Rollup, output: &Output) -> Result<(), CliError> {
    let lang = output.lang();
    let mut others = marks::elsewhere(&rollup.indices, &rollup.findings).peekable();
    if others.peek().is_some() {
        output.line(lang.t("\nPhát hiện khác:", "\nOther findings:"))?;
    }
    for finding in others {
        let sentence = marks::sentence(finding, &rollup.acknowledgements, lang);
        output.line(format_args!(" • {sentence}"))?;
    }
    if let Some(tasks) = &rollup.tasks {
        output.line(format_args!("\n{}", task_line(*tasks, lang)))?;
    }
    let (revision, moment) = (rollup.revision, wording::moment(rollup.update_time.as_ref()));
    let sources = sources(rollup);
    output.line(match (lang, rollup.as_of_time.is_some()) {
        (Lang::Vi, false) => format!("Phiên bản {revision}, cập nhật {moment}; nguồn: {sources}"),
        (Lang::En, false) => format!("Revision {revision} of {moment}; sources: {sources}"),
        (Lang::Vi, true) => format!("Như đã ghi nhận đến {moment}; nguồn: {sources}"),
        (Lang::En, true) => format!("As recorded by {moment}; sources: {sources}"),
    })?;
    output.line(format_args!("SHA-256 {}", rollup.checksum))
}

fn task_line(tasks: TaskSummary, lang: Lang) -> String {
    let TaskSummary {
        task_count,
        assignment_count,
        submitted_count: submitted,
        late_count: late,
        overdue_count: overdue,
    } = tasks;
    match lang {
        Lang::Vi => format!(
            "Nhiệm vụ: {task_count} nhiệm vụ giao thành {assignment_count} việc; {submitted} đã báo cáo xong ({late} trễ hạn), {overdue} quá hạn chưa xong"
        ),
        Lang::En => format!(
            "Tasks: {task_count}, as {assignment_count} assignments; {submitted} submitted ({late} late), {overdue} overdue"
        ),
    }
}

/// How far each producer was heard, such as `registry 12, survey 40 (1 parked)`.
fn sources(rollup: &Rollup) -> String {
    let marks = rollup.watermarks.iter().map(|mark| match mark.parked_count {
        0 => format!("{} {}", mark.producer, mark.sequence),
        parked => format!("{} {} ({parked} ⚠)", mark.producer, mark.sequence),
    });
    marks.collect::<Vec<_>>().join(", ")
}
