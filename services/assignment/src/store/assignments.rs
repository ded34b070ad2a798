//! Assignments and every report and step in their lives.

use std::collections::BTreeSet;

use cchc_core::{AssignmentId, EventId, PlanCode, TaskNumber, UnitCode};
use cchc_kit::db::DbError;
use futures::{Stream, StreamExt as _};
use sqlx::PgConnection;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::{Page, parsed};
use crate::domain::{
    assignment::{Assignment, Move, Percent, Progress, State},
    expansion::Moves,
};

const TABLE: &str = "assignment.assignments";

struct Row {
    assignment_id: Uuid,
    plan_code: String,
    task_number: String,
    unit_code: String,
    last_date: Option<Date>,
    is_requested: bool,
    is_recurring: bool,
    version: i64,
    state: String,
    percent_done: i16,
    done_date: Option<Date>,
    officer: String,
    note: String,
    reporter: Option<String>,
    record_time: OffsetDateTime,
    event_id: Uuid,
    from_unit: Option<String>,
    to_unit: Option<String>,
    document_number: Option<String>,
    document_date: Option<Date>,
}

/// The decision that made a version by moving the assignment: two units and a document, or nothing.
fn moved(row: &Row) -> Result<Option<Move>, DbError> {
    let units = row.from_unit.as_deref().zip(row.to_unit.as_deref());
    let Some(((from, to), document)) =
        units.zip(row.document_number.clone().zip(row.document_date))
    else {
        return Ok(None);
    };
    let unit = |column, code: &str| parsed("assignment.progress", column, code);
    Ok(Some(Move { from: unit("from_unit", from)?, to: unit("to_unit", to)?, document }))
}

impl TryFrom<Row> for Assignment {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let percent = Percent::new(row.percent_done.into()).map_err(|_| {
            DbError::inconsistent("assignment.progress", "percent_done", &row.percent_done)
        })?;
        let state = State::from_word(&row.state)
            .ok_or_else(|| DbError::inconsistent("assignment.progress", "state", &row.state))?;
        let moved = moved(&row)?;
        Ok(Self {
            id: row.assignment_id.into(),
            plan: parsed(TABLE, "plan_code", &row.plan_code)?,
            task: parsed(TABLE, "task_number", &row.task_number)?,
            unit: parsed(TABLE, "unit_code", &row.unit_code)?,
            last_date: row.last_date,
            is_requested: row.is_requested,
            is_recurring: row.is_recurring,
            progress: Progress {
                version: row.version,
                state,
                percent,
                done_date: row.done_date,
                officer: row.officer,
                note: row.note,
                reporter: row.reporter,
                at: row.record_time,
                moved,
            },
        })
    }
}

/// Stores assignments that are not known yet; says which those are.
pub(crate) async fn insert_new(
    tx: &mut PgConnection,
    assignments: &[Assignment],
) -> Result<BTreeSet<AssignmentId>, DbError> {
    let ids: Vec<Uuid> = assignments.iter().map(|a| a.id.as_uuid()).collect();
    let plans: Vec<String> = assignments.iter().map(|a| a.plan.to_string()).collect();
    let tasks: Vec<String> = assignments.iter().map(|a| a.task.to_string()).collect();
    let units: Vec<String> = assignments.iter().map(|a| a.unit.to_string()).collect();
    let last_dates: Vec<Option<Date>> = assignments.iter().map(|a| a.last_date).collect();
    let requested: Vec<bool> = assignments.iter().map(|a| a.is_requested).collect();
    let recurring: Vec<bool> = assignments.iter().map(|a| a.is_recurring).collect();
    let inserted = sqlx::query_scalar!(
        r#"insert into assignment.assignments
               (assignment_id, plan_code, task_number, unit_code, last_date, is_requested, is_recurring)
           select assignment_id, plan_code, task_number, unit_code, last_date, is_requested, is_recurring
           from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::date[], $6::boolean[],
                       $7::boolean[])
               as new (assignment_id, plan_code, task_number, unit_code, last_date, is_requested,
                       is_recurring)
           on conflict do nothing
           returning assignment_id"#,
        &ids,
        &plans,
        &tasks,
        &units,
        &last_dates as &[Option<Date>],
        &requested,
        &recurring,
    )
    .fetch_all(tx)
    .await?;
    Ok(inserted.into_iter().map(AssignmentId::from).collect())
}

/// Stores the assigning itself as version 1 of many assignments.
pub(crate) async fn insert_assigned(
    tx: &mut PgConnection,
    assignments: &[Assignment],
    event_id: EventId,
    at: OffsetDateTime,
) -> Result<(), DbError> {
    let ids: Vec<Uuid> = assignments.iter().map(|a| a.id.as_uuid()).collect();
    sqlx::query!(
        r#"insert into assignment.progress
               (assignment_id, version, state, percent_done, officer, record_time, event_id)
           select assignment_id, 1, 'assigned', 0, '', $2, $3 from unnest($1::uuid[]) as assignment_id"#,
        &ids,
        at,
        event_id.as_uuid(),
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Stores the newest report on an assignment.
pub(crate) async fn insert_progress(
    tx: &mut PgConnection,
    assignment: &Assignment,
    event_id: EventId,
) -> Result<(), DbError> {
    let Progress { version, state, percent, done_date, officer, note, reporter, at, moved } =
        &assignment.progress;
    let (number, date) = moved.as_ref().map(|moved| &moved.document).cloned().unzip();
    sqlx::query!(
        r#"insert into assignment.progress
               (assignment_id, version, percent_done, done_date, note, reporter, record_time, event_id,
                state, officer, from_unit, to_unit, document_number, document_date)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"#,
        assignment.id.as_uuid(),
        version,
        i16::from(percent.get()),
        *done_date,
        note,
        reporter.as_deref(),
        at,
        event_id.as_uuid(),
        state.as_str(),
        officer,
        moved.as_ref().map(|moved| moved.from.as_str()),
        moved.as_ref().map(|moved| moved.to.as_str()),
        number,
        date,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Reads every version of an assignment, the first first.
pub(crate) async fn history(
    tx: &mut PgConnection,
    id: AssignmentId,
) -> Result<Vec<Assignment>, DbError> {
    sqlx::query_as!(
        Row,
        r#"select assignment_id, plan_code, task_number, unit_code, last_date, is_requested, is_recurring,
               version, state, percent_done, done_date, officer, note, reporter, record_time, event_id,
               from_unit, to_unit, document_number, document_date
           from assignment.assignments join assignment.progress using (assignment_id)
           where assignment_id = $1 order by version"#,
        id.as_uuid(),
    )
    .fetch_all(tx)
    .await?
    .into_iter()
    .map(Assignment::try_from)
    .collect()
}

/// Reads assignments as they are now.
pub(crate) async fn present(
    tx: &mut PgConnection,
    ids: impl IntoIterator<Item = AssignmentId>,
) -> Result<Vec<Assignment>, DbError> {
    let ids: Vec<Uuid> = ids.into_iter().map(AssignmentId::as_uuid).collect();
    sqlx::query_as!(
        Row,
        r#"select distinct on (assignment_id)
               assignment_id, plan_code, task_number, unit_code, last_date, is_requested, is_recurring,
               version, state, percent_done, done_date, officer, note, reporter, record_time, event_id,
               from_unit, to_unit, document_number, document_date
           from assignment.assignments join assignment.progress using (assignment_id)
           where assignment_id = any($1)
           order by assignment_id, version desc"#,
        &ids,
    )
    .fetch_all(tx)
    .await?
    .into_iter()
    .map(Assignment::try_from)
    .collect()
}

/// Which assignments a list shows.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    /// Of a unit's own and those below it: which of requested (true) and ordered ones (false).
    pub(crate) own: Vec<bool>,
    /// Tasks of which those of every unit are shown.
    pub(crate) tasks: Vec<TaskNumber>,
}

/// Lists assignments of a plan as they are now, for a unit and those below it, by task and unit.
pub(crate) async fn list(
    tx: &mut PgConnection,
    (plan, within): (&PlanCode, &UnitCode),
    shown: &Shown,
    page: Page<(TaskNumber, UnitCode)>,
) -> Result<Vec<Assignment>, DbError> {
    let (task, unit) = page.after.unzip();
    let tasks: Vec<String> = shown.tasks.iter().map(ToString::to_string).collect();
    sqlx::query_as!(
        Row,
        r#"with recursive below as (
               select $2::text as code
               union
               select units.code from kit.hierarchy as units join below on units.parent_code = below.code
           )
           select assignment_id, plan_code, task_number, unit_code, last_date, is_requested, is_recurring,
                  version, state, percent_done, done_date, officer, note, reporter, record_time, event_id,
                  from_unit, to_unit, document_number, document_date
           from assignment.assignments as bound
           join assignment.progress using (assignment_id)
           where plan_code = $1
             and (task_number = any($7)
                  or (is_requested = any($6) and unit_code in (select code from below)))
             and version = (select max(version) from assignment.progress as report
                            where report.assignment_id = bound.assignment_id)
             and ($3::text is null
                  or (string_to_array(task_number, '.')::int[], task_number, unit_code)
                      > (string_to_array($3, '.')::int[], $3, $4::text))
           order by string_to_array(task_number, '.')::int[], task_number, unit_code
           limit $5"#,
        plan.as_str(),
        within.as_str(),
        task.as_ref().map(TaskNumber::as_str),
        unit.as_ref().map(UnitCode::as_str),
        page.limit,
        &shown.own,
        &tasks,
    )
    .fetch_all(tx)
    .await?
    .into_iter()
    .map(Assignment::try_from)
    .collect()
}

/// Reads which tasks of a plan were moved away from a unit, and which to one, and are still so.
pub(crate) async fn moves(tx: &mut PgConnection, plan: &PlanCode) -> Result<Moves, DbError> {
    let rows = sqlx::query!(
        r#"select task_number, unit_code, present.state = 'reassigned' as "is_away!"
           from assignment.assignments as bound
           cross join lateral (
               select state from assignment.progress as report
               where report.assignment_id = bound.assignment_id
               order by version desc limit 1) as present
           where plan_code = $1
             and exists (select from assignment.progress as report
                         where report.assignment_id = bound.assignment_id and report.to_unit is not null)"#,
        plan.as_str(),
    )
    .fetch_all(tx)
    .await?;
    let mut moves = Moves::default();
    for row in rows {
        let side = if row.is_away { &mut moves.away } else { &mut moves.come };
        side.insert((
            parsed(TABLE, "task_number", &row.task_number)?,
            parsed(TABLE, "unit_code", &row.unit_code)?,
        ));
    }
    Ok(moves)
}

/// Reads every assignment as it stood when a number was the head, with the event that told it.
pub(crate) fn as_of(
    tx: &mut PgConnection,
    as_of: i64,
) -> impl Stream<Item = Result<(EventId, Assignment), DbError>> {
    sqlx::query_as!(
        Row,
        r#"select distinct on (plan_code, task_number, unit_code)
               assignment_id, plan_code, task_number, unit_code, last_date, is_requested, is_recurring,
               version, state, percent_done, done_date, officer, note, reporter, record_time, event_id,
               from_unit, to_unit, document_number, document_date
           from assignment.assignments
           join assignment.progress using (assignment_id)
           join kit.outbox using (event_id)
           where outbox.sequence <= $1
           order by plan_code, task_number, unit_code, version desc"#,
        as_of,
    )
    .fetch(tx)
    .map(|row| {
        let row = row?;
        Ok((row.event_id.into(), row.try_into()?))
    })
}
