//! Tasks as they bind units, and their summary: counted by the database, since a province has
//! thousands of them.

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::{AssignmentId, PlanCode, UnitCode};
use cchc_kit::db::DbError;
use sqlx::PgConnection;
use time::Date;
use uuid::Uuid;

use crate::domain::{
    batch::Newest,
    delivery::Piece,
    fact::{Assignment, AssignmentState, Told},
    rollup::TaskSummary,
};

/// Puts assignments in the place of earlier versions; names the plans of those that were newer.
pub(crate) async fn save(
    tx: &mut PgConnection,
    told: &Newest<AssignmentId, Assignment>,
) -> Result<BTreeSet<PlanCode>, DbError> {
    if told.is_empty() {
        return Ok(BTreeSet::new());
    }
    let columns = Columns::of(told.values());
    let newer = sqlx::query_scalar!(
        r#"with newer as (
               insert into reporting.assignments as present (assignment_id, plan_code, task_number,
                   unit_code, state, last_date, done_date, version, event_id, sequence)
               select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[],
                   $6::date[], $7::date[], $8::bigint[], $9::uuid[], $10::bigint[])
               on conflict (assignment_id) do update set
                   plan_code = excluded.plan_code, task_number = excluded.task_number,
                   unit_code = excluded.unit_code, state = excluded.state,
                   last_date = excluded.last_date, done_date = excluded.done_date,
                   version = excluded.version, event_id = excluded.event_id,
                   sequence = excluded.sequence
               where present.version < excluded.version
               returning plan_code)
           select distinct plan_code from newer"#,
        &columns.ids,
        &columns.plans,
        &columns.tasks,
        &columns.units,
        &columns.states,
        &columns.last_dates as &[Option<Date>],
        &columns.done_dates as &[Option<Date>],
        &columns.versions,
        &columns.events,
        &columns.sequences,
    );
    let plans = newer.fetch_all(tx).await?;
    plans.iter().map(|plan| super::parse("assignments", "plan_code", plan)).collect()
}

/// Assignments by column, as an array statement takes them.
#[derive(Default)]
struct Columns {
    ids: Vec<Uuid>,
    plans: Vec<String>,
    tasks: Vec<String>,
    units: Vec<String>,
    states: Vec<String>,
    last_dates: Vec<Option<Date>>,
    done_dates: Vec<Option<Date>>,
    versions: Vec<i64>,
    events: Vec<Uuid>,
    sequences: Vec<i64>,
}

impl Columns {
    fn of<'a>(told: impl Iterator<Item = &'a Told<Assignment>>) -> Self {
        let mut columns = Self::default();
        for Told { fact, origin } in told {
            columns.ids.push(fact.id.as_uuid());
            columns.plans.push(fact.plan.to_string());
            columns.tasks.push(fact.task.to_string());
            columns.units.push(fact.unit.to_string());
            columns.states.push(fact.state.as_str().to_owned());
            columns.last_dates.push(fact.last_date);
            columns.done_dates.push(fact.done_date);
            columns.versions.push(fact.version);
            columns.events.push(origin.event_id.as_uuid());
            columns.sequences.push(origin.sequence);
        }
        columns
    }
}

/// Reads a plan's assignments as far as their delivery goes.
pub(crate) async fn pieces(
    conn: &mut PgConnection,
    plan: &PlanCode,
) -> Result<Vec<Piece>, DbError> {
    let rows = sqlx::query!(
        r#"select task_number, unit_code, state, last_date, units.valid_to as "ended?"
           from reporting.assignments left join kit.units on units.code = assignments.unit_code
           where plan_code = $1"#,
        plan.as_str(),
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let state = AssignmentState::ALL.into_iter().find(|state| state.as_str() == row.state);
            Ok(Piece {
                task: super::parse("assignments", "task_number", &row.task_number)?,
                unit: super::parse("assignments", "unit_code", &row.unit_code)?,
                state: state
                    .ok_or_else(|| DbError::inconsistent("assignments", "state", &row.state))?,
                last_date: row.last_date,
                ended: row.ended,
            })
        })
        .collect()
}

/// Counts a plan's assignments unit by unit, as [`summary`] counts them all.
pub(crate) async fn by_unit(
    conn: &mut PgConnection,
    plan: &PlanCode,
    today: Date,
) -> Result<BTreeMap<UnitCode, TaskSummary>, DbError> {
    let rows = sqlx::query!(
        r#"select unit_code, count(*) as "assignments!",
                  count(*) filter (where state = 'submitted') as "submitted!",
                  count(*) filter (where state = 'submitted' and done_date > last_date) as "late!",
                  count(*) filter (where state <> 'submitted' and last_date < $2) as "overdue!"
           from reporting.assignments left join kit.units on units.code = assignments.unit_code
           where plan_code = $1 and state <> 'reassigned'
             and (state = 'submitted' or last_date is null
                  or units.valid_to is null or units.valid_to > last_date)
           group by unit_code"#,
        plan.as_str(),
        today,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let summary = TaskSummary {
                tasks: 0,
                assignments: row.assignments,
                submitted: row.submitted,
                late: row.late,
                overdue: row.overdue,
            };
            Ok((super::parse("assignments", "unit_code", &row.unit_code)?, summary))
        })
        .collect()
}

/// Counts a plan's assignments as they stand on a day. What falls due after a unit has ended is its
/// successor's: of the unit itself it is counted only where it did it before. What was moved to another unit is
/// counted there.
pub(crate) async fn summary(
    conn: &mut PgConnection,
    plan: &PlanCode,
    today: Date,
) -> Result<TaskSummary, DbError> {
    let row = sqlx::query!(
        r#"select count(*) as "assignments!",
                  count(*) filter (where state = 'submitted') as "submitted!",
                  count(*) filter (where state = 'submitted' and done_date > last_date) as "late!",
                  count(*) filter (where state <> 'submitted' and last_date < $2) as "overdue!"
           from reporting.assignments left join kit.units on units.code = assignments.unit_code
           where plan_code = $1 and state <> 'reassigned'
             and (state = 'submitted' or last_date is null
                  or units.valid_to is null or units.valid_to > last_date)"#,
        plan.as_str(),
        today,
    )
    .fetch_one(conn)
    .await?;
    Ok(TaskSummary {
        tasks: 0,
        assignments: row.assignments,
        submitted: row.submitted,
        late: row.late,
        overdue: row.overdue,
    })
}
