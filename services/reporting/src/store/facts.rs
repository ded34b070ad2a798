//! All stored facts that a plan rests on.

use std::collections::BTreeMap;

use cchc_core::{PlanCode, SurveyCode};
use cchc_kit::db::DbError;
use sqlx::PgConnection;

use super::{
    acknowledgements, assessments, by_domain, flagged, measurements, outlooks, parse, quarantined,
    scorecards, surveys,
};
use crate::domain::{
    answers::Answers,
    catalogue::Scope,
    fact::{
        Appraisal, Asked, Assessment, Assignment, AssignmentState, Measurement, Survey, TallyKey,
    },
    facts::Facts,
};

/// Reads what a plan's scores rest on: everything but the assignments.
pub(crate) async fn scored(conn: &mut PgConnection, scope: &Scope) -> Result<Facts, DbError> {
    let mut facts = Facts::default();
    let plan = &scope.plan.code;
    read_measurements(conn, scope, &mut facts).await?;
    read_assessments(conn, plan, &mut facts).await?;
    let answered = answered(conn, plan).await?;
    (facts.surveys, facts.closed, facts.tallies, facts.by_domain) =
        (answered.surveys, answered.closed, answered.tallies, answered.by_domain);
    facts.quarantined = quarantined::of_plan(conn, plan).await?;
    facts.flagged = flagged::of_plan(conn, plan).await?;
    facts.outlooks = outlooks::of_plan(conn, plan).await?;
    Ok(facts)
}

/// Reads what citizens answered in the surveys of a plan.
pub(crate) async fn answered(conn: &mut PgConnection, plan: &PlanCode) -> Result<Facts, DbError> {
    let mut facts = Facts::default();
    read_surveys(conn, plan, &mut facts).await?;
    read_questions(conn, plan, &mut facts).await?;
    read_tallies(conn, plan, &mut facts).await?;
    facts.by_domain = by_domain::of_plan(conn, plan).await?;
    Ok(facts)
}

/// Reads everything a plan's rollup rests on.
pub(crate) async fn all(conn: &mut PgConnection, scope: &Scope) -> Result<Facts, DbError> {
    let mut facts = scored(conn, scope).await?;
    read_assignments(conn, &scope.plan.code, &mut facts).await?;
    let plan = &scope.plan.code;
    for (finding, said) in acknowledgements::of_plan(conn, plan).await? {
        facts.acknowledgements.insert((plan.clone(), finding), said);
    }
    for (unit, card) in scorecards::of_plan(conn, plan).await? {
        facts.scorecards.insert((plan.clone(), unit), card);
    }
    Ok(facts)
}

async fn read_measurements(
    conn: &mut PgConnection,
    scope: &Scope,
    facts: &mut Facts,
) -> Result<(), DbError> {
    let units: Vec<String> = scope.units.keys().map(ToString::to_string).collect();
    let rows = sqlx::query_as!(
        measurements::Row,
        r#"select unit_code, variable_code, period, version, measurement_id, numerator, denominator, evidence
           from reporting.measurements where unit_code = any($1)"#,
        &units,
    );
    for row in rows.fetch_all(conn).await? {
        let measurement = Measurement::try_from(row)?;
        facts.measurements.insert(measurement.key.clone(), measurement);
    }
    Ok(())
}

async fn read_assessments(
    conn: &mut PgConnection,
    plan: &PlanCode,
    facts: &mut Facts,
) -> Result<(), DbError> {
    let rows = sqlx::query_as!(
        assessments::AssessmentRow,
        r#"select plan_code, node_id, version, assessment_id, unit_code, points, evidence, explanation,
                  documents
           from reporting.assessments where plan_code = $1"#,
        plan.as_str(),
    );
    for row in rows.fetch_all(&mut *conn).await? {
        let assessment = Assessment::try_from(row)?;
        facts.assessments.insert(assessment.key.clone(), assessment);
    }
    let rows = sqlx::query_as!(
        assessments::AppraisalRow,
        r#"select plan_code, node_id, version, appraisal_id, assessment_version, points, reason,
                  documents
           from reporting.appraisals where plan_code = $1"#,
        plan.as_str(),
    );
    for row in rows.fetch_all(conn).await? {
        let appraisal = Appraisal::try_from(row)?;
        facts.appraisals.insert(appraisal.key.clone(), appraisal);
    }
    Ok(())
}

async fn read_surveys(
    conn: &mut PgConnection,
    plan: &PlanCode,
    facts: &mut Facts,
) -> Result<(), DbError> {
    let rows = sqlx::query!(
        r#"select code, title, minimum_cell, drawn, domains, numbers,
                  exists (select from reporting.closed_surveys where survey_code = code) as "is_closed!"
           from reporting.surveys where plan_code = $1"#,
        plan.as_str(),
    );
    for row in rows.fetch_all(conn).await? {
        let code: SurveyCode = parse("surveys", "code", &row.code)?;
        let wrong = |_| DbError::inconsistent("surveys", "minimum_cell", &row.minimum_cell);
        let survey = Survey {
            code: code.clone(),
            plan: plan.clone(),
            title: row.title,
            minimum_cell: u32::try_from(row.minimum_cell).map_err(wrong)?,
            questions: BTreeMap::new(),
            drawn: surveys::drawn(row.drawn)?,
            domains: by_domain::domains(row.domains)?,
            numbers: surveys::numbers(row.numbers)?,
        };
        if row.is_closed {
            facts.closed.insert(code.clone());
        }
        facts.surveys.insert(code, survey);
    }
    Ok(())
}

async fn read_questions(
    conn: &mut PgConnection,
    plan: &PlanCode,
    facts: &mut Facts,
) -> Result<(), DbError> {
    let rows = sqlx::query!(
        r#"select survey_code, question_code, node_id, answers
           from reporting.questions join reporting.surveys on surveys.code = survey_code
           where plan_code = $1"#,
        plan.as_str(),
    );
    for row in rows.fetch_all(conn).await? {
        let code: SurveyCode = parse("questions", "survey_code", &row.survey_code)?;
        let question = parse("questions", "question_code", &row.question_code)?;
        let node = parse("questions", "node_id", &row.node_id)?;
        if let Some(survey) = facts.surveys.get_mut(&code) {
            survey.questions.insert(question, Asked { node, answers: row.answers });
        }
    }
    Ok(())
}

async fn read_tallies(
    conn: &mut PgConnection,
    plan: &PlanCode,
    facts: &mut Facts,
) -> Result<(), DbError> {
    let rows = sqlx::query!(
        r#"select survey_code, question_code, cluster_code, satisfied_count, valid_count,
                  not_answered_count, counts
           from reporting.tallies join reporting.surveys on surveys.code = survey_code
           where plan_code = $1"#,
        plan.as_str(),
    );
    for row in rows.fetch_all(conn).await? {
        let key = TallyKey {
            survey: parse("tallies", "survey_code", &row.survey_code)?,
            question: parse("tallies", "question_code", &row.question_code)?,
            cluster: parse("tallies", "cluster_code", &row.cluster_code)?,
        };
        let tally = surveys::tally(row.satisfied_count, row.valid_count, row.not_answered_count);
        facts.tallies.insert(key, Answers { tally, counts: row.counts });
    }
    Ok(())
}

async fn read_assignments(
    conn: &mut PgConnection,
    plan: &PlanCode,
    facts: &mut Facts,
) -> Result<(), DbError> {
    let rows = sqlx::query!(
        r#"select assignment_id, task_number, unit_code, state, last_date, done_date, version
           from reporting.assignments where plan_code = $1"#,
        plan.as_str(),
    );
    for row in rows.fetch_all(conn).await? {
        let state = AssignmentState::ALL.into_iter().find(|state| state.as_str() == row.state);
        let assignment = Assignment {
            id: row.assignment_id.into(),
            plan: plan.clone(),
            task: parse("assignments", "task_number", &row.task_number)?,
            unit: parse("assignments", "unit_code", &row.unit_code)?,
            state: state
                .ok_or_else(|| DbError::inconsistent("assignments", "state", &row.state))?,
            last_date: row.last_date,
            done_date: row.done_date,
            version: row.version,
        };
        facts.assignments.insert(assignment.id, assignment);
    }
    Ok(())
}
