//! Tasks as they bind units, and their summary: counted by the database, since a province has
//! thousands of them.

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::{PlanCode, UnitCode};
use cchc_kit::db::DbError;
use sqlx::PgConnection;
use time::Date;

use crate::domain::{
    fact::{Assignment, Origin},
    rollup::TaskSummary,
};

/// Puts an assignment in the place of an earlier version; says whether it was newer.
async fn save_one(
    tx: &mut PgConnection,
    assignment: &Assignment,
    origin: Origin,
) -> Result<bool, DbError> {
    let done = sqlx::query!(
        r#"insert into reporting.assignments as present (assignment_id, plan_code, task_number, unit_code,
               state, last_date, done_date, version, event_id, sequence)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
           on conflict (assignment_id) do update set
               plan_code = excluded.plan_code, task_number = excluded.task_number,
               unit_code = excluded.unit_code, state = excluded.state, last_date = excluded.last_date,
               done_date = excluded.done_date, version = excluded.version,
               event_id = excluded.event_id, sequence = excluded.sequence
           where present.version < excluded.version"#,
        assignment.id.as_uuid(),
        assignment.plan.as_str(),
        assignment.task.as_str(),
        assignment.unit.as_str(),
        assignment.state.as_str(),
        assignment.last_date,
        assignment.done_date,
        assignment.version,
        origin.event_id.as_uuid(),
        origin.sequence,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Puts assignments in the place of earlier versions; names the plans of those that were newer.
pub(crate) async fn save(
    tx: &mut PgConnection,
    assignments: &[Assignment],
    origin: Origin,
) -> Result<BTreeSet<PlanCode>, DbError> {
    let mut plans = BTreeSet::new();
    for assignment in assignments {
        if save_one(tx, assignment, origin).await? {
            plans.insert(assignment.plan.clone());
        }
    }
    Ok(plans)
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
           where plan_code = $1
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
/// successor's: of the unit itself it is counted only where it did it before.
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
           where plan_code = $1
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
