//! `cchc rollup what-if`: what to lift to reach a target, or how far an effort goes.
//!
//! A scenario is a small file, so that it is kept, sent to a colleague and compared like any other. What
//! the command line says beside it goes before the file.

pub(super) mod compare;
mod form;
pub(super) mod show;

use std::{fs, path::PathBuf, process::ExitCode};

use cchc_core::NodeId;
use cchc_proto::reporting::v1::{Solution, SolveScenarioRequest};
use clap::Args;

use self::form::{Assumed, Form};
use super::Asked;
use crate::{
    connect::QUESTION, contract_json, error::CliError, output::Output, plan_files, say::Lang,
};

/// What a scenario is made of on the command line.
#[derive(Debug, Args)]
pub(super) struct Supposing {
    /// The node to lift: PAR-2018/0 for a whole index
    node: NodeId,
    /// Points to reach, at the least effort; without it, the plan's target
    #[arg(long, value_name = "POINTS", conflicts_with = "within")]
    reach: Option<String>,
    /// Effort to spend, for the most points
    #[arg(long, value_name = "EFFORT")]
    within: Option<String>,
    /// Keep a node as it is; again for more
    #[arg(long, value_name = "NODE")]
    lock: Vec<NodeId>,
    /// Suppose points of a node, such as PAR-2018/8=9.5; again for more
    #[arg(long, value_name = "NODE=POINTS")]
    assume: Vec<Assumed>,
    /// The last day on which a lift still counts, such as 2018-12-15
    #[arg(long, value_name = "DATE")]
    by: Option<String>,
    /// A scenario's file; again for more, which are compared
    #[arg(long, value_name = "FILE")]
    scenario: Vec<PathBuf>,
    /// Write the scenario to a file, to go on from
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
}

/// A scenario and what it comes to.
pub(super) struct Solved {
    pub(super) title: String,
    pub(super) solution: Solution,
}

pub(super) async fn run(
    mut asked: Asked,
    supposing: Supposing,
    output: &Output,
) -> Result<ExitCode, CliError> {
    let forms = forms(&supposing)?;
    if let (Some(path), [form]) = (&supposing.save, forms.as_slice()) {
        save(path, form, output)?;
    }
    let mut solved = Vec::new();
    for form in forms {
        let title = form.title.clone();
        let solution = solve(&mut asked, &supposing.node, form).await?;
        solved.push(Solved { title, solution });
    }
    if output.is_json() {
        let all = solved.iter().map(|one| contract_json::json(&one.solution)).collect();
        output.json(&serde_json::Value::Array(all))?;
    } else if let [one] = solved.as_slice() {
        show::print(&one.solution, output)?;
    } else {
        compare::print(&solved, output)?;
    }
    let is_reachable = solved.iter().all(|one| one.solution.is_reachable);
    Ok(if is_reachable { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The scenarios of the files, or one of none; each with what the command line says beside it.
fn forms(supposing: &Supposing) -> Result<Vec<Form>, CliError> {
    let mut forms = Vec::new();
    for path in &supposing.scenario {
        let mut form: Form =
            plan_files::read(path).map_err(|problem| CliError::Files(vec![problem]))?;
        if form.title.is_empty() {
            form.title = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        }
        forms.push(form);
    }
    if forms.is_empty() {
        forms.push(Form::default());
    }
    for form in &mut forms {
        if supposing.reach.is_some() || supposing.within.is_some() {
            (form.reach, form.within) = (supposing.reach.clone(), supposing.within.clone());
        }
        form.lock.extend(supposing.lock.iter().map(ToString::to_string));
        form.assume.extend(supposing.assume.iter().cloned());
        form.by = supposing.by.clone().or_else(|| form.by.take());
    }
    Ok(forms)
}

fn save(path: &PathBuf, form: &Form, output: &Output) -> Result<(), CliError> {
    let text = toml::to_string_pretty(form).map_err(|error| {
        CliError::said(format!("Không ghi được kịch bản: {error}"), format!("{error}"))
    })?;
    fs::write(path, text)?;
    output.note(match output.lang() {
        Lang::Vi => format!("Đã ghi kịch bản vào {}", path.display()),
        Lang::En => format!("Wrote the scenario to {}", path.display()),
    })
}

async fn solve(asked: &mut Asked, node: &NodeId, form: Form) -> Result<Solution, CliError> {
    let request = SolveScenarioRequest {
        plan_code: asked.plan_code.clone(),
        node_id: node.to_string(),
        scenario: Some(form.into_scenario()?),
    };
    let answer = asked.client.solve_scenario(asked.server.request(request, QUESTION)).await;
    let answer = answer.map_err(|status| asked.server.refused(&status))?;
    Ok(answer.into_inner().solution.unwrap_or_default())
}
