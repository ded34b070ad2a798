//! How provinces remind, and what a tick needs to know of assignments.

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::{PlanCode, UnitCode, civil_date};
use cchc_kit::db::DbError;
use cchc_scoring::catalogue::Plan;
use sqlx::PgConnection;
use time::{Date, OffsetDateTime};

use super::{parsed, read, write};
use crate::domain::{
    assignment::State,
    reminder::{Held, Known, NoticeKey, Policy, Subject, Watched},
};

const POLICIES: &str = "assignment.reminder_policies";

/// Reads every province's policy as it is now.
pub(crate) async fn policies(tx: &mut PgConnection) -> Result<Vec<Policy>, DbError> {
    sqlx::query_scalar!(
        r#"select distinct on (province_code) document from assignment.reminder_policies
           order by province_code, version desc"#
    )
    .fetch_all(tx)
    .await?
    .into_iter()
    .map(|document| read(POLICIES, document))
    .collect()
}

/// Reads a province's policy as it is now, with its version.
pub(crate) async fn policy(
    tx: &mut PgConnection,
    province: &UnitCode,
) -> Result<Option<(i64, Policy)>, DbError> {
    let row = sqlx::query!(
        r#"select version, document from assignment.reminder_policies
           where province_code = $1 order by version desc limit 1"#,
        province.as_str(),
    )
    .fetch_optional(tx)
    .await?;
    row.map(|row| Ok((row.version, read(POLICIES, row.document)?))).transpose()
}

/// Stores a version of a policy.
pub(crate) async fn insert_policy(
    tx: &mut PgConnection,
    policy: &Policy,
    version: i64,
    loader: &str,
    at: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into assignment.reminder_policies
               (province_code, version, document, loader, load_time)
           values ($1, $2, $3, $4, $5)"#,
        policy.province.as_str(),
        version,
        write(POLICIES, policy)?,
        loader,
        at,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Reads the plans of a province, by code.
pub(crate) async fn plans_of(
    tx: &mut PgConnection,
    province: &UnitCode,
) -> Result<Vec<Plan>, DbError> {
    sqlx::query_scalar!(
        "select document from assignment.plans where document ->> 'province' = $1 order by code",
        province.as_str(),
    )
    .fetch_all(tx)
    .await?
    .into_iter()
    .map(|document| read("assignment.plans", document))
    .collect()
}

/// Reads the plans that bind a unit, by code.
pub(crate) async fn plans_binding(
    tx: &mut PgConnection,
    unit: &UnitCode,
) -> Result<Vec<Plan>, DbError> {
    sqlx::query_scalar!(
        r#"select document from assignment.plans
           where code in (select plan_code from assignment.assignments where unit_code = $1
                          union select plan_code from assignment.obligations where unit_code = $1)
           order by code"#,
        unit.as_str(),
    )
    .fetch_all(tx)
    .await?
    .into_iter()
    .map(|document| read("assignment.plans", document))
    .collect()
}

/// Reads the assignments of some tasks of a plan as they are now, by task and unit; those of one unit, or of
/// all.
pub(crate) async fn watched(
    tx: &mut PgConnection,
    plan: &PlanCode,
    tasks: &[String],
    unit: Option<&UnitCode>,
) -> Result<Vec<Watched>, DbError> {
    let rows = sqlx::query!(
        r#"select bound.assignment_id, task_number, unit_code, present.version,
                  present.record_time as "changed", present.state, present.officer,
                  given.record_time as "given", given.reporter as "giver",
                  array(select report.record_time from assignment.progress as report
                        where report.assignment_id = bound.assignment_id and report.state = 'reassigned'
                        order by report.version) as "left!: Vec<OffsetDateTime>",
                  array(select next.record_time
                        from assignment.progress as report
                        join assignment.progress as next using (assignment_id)
                        where report.assignment_id = bound.assignment_id
                          and report.state = 'reassigned' and next.version = report.version + 1
                        order by next.version) as "back!: Vec<OffsetDateTime>",
                  array(select done.done_date from assignment.progress as done
                        where done.assignment_id = bound.assignment_id
                          and done.state = 'submitted' and done.done_date is not null
                        order by done.version) as "done_dates!: Vec<Date>"
           from assignment.assignments as bound
           cross join lateral (
               select version, record_time, state, officer from assignment.progress as report
               where report.assignment_id = bound.assignment_id
               order by version desc limit 1) as present
           join assignment.progress as given
               on given.assignment_id = bound.assignment_id and given.version = 1
           where plan_code = $1 and task_number = any($2) and ($3::text is null or unit_code = $3)
           order by task_number, unit_code"#,
        plan.as_str(),
        tasks,
        unit.map(UnitCode::as_str),
    )
    .fetch_all(tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let table = "assignment.progress";
            let state = State::from_word(&row.state)
                .ok_or_else(|| DbError::inconsistent(table, "state", &row.state))?;
            Ok(Watched {
                subject: Subject::Assignment(
                    row.assignment_id.into(),
                    parsed("assignment.assignments", "task_number", &row.task_number)?,
                ),
                unit: parsed("assignment.assignments", "unit_code", &row.unit_code)?,
                version: row.version,
                changed: row.changed,
                state,
                received: row
                    .back
                    .last()
                    .copied()
                    .or_else(|| row.giver.is_some().then_some(row.given))
                    .map(civil_date),
                held: held(row.given, &row.left, &row.back),
                officer: row.officer,
                done_dates: row.done_dates,
            })
        })
        .collect()
}

/// The stretches over which a unit had something: from when it was given, and each time it came back, until the
/// next time it was moved away.
fn held(given: OffsetDateTime, left: &[OffsetDateTime], back: &[OffsetDateTime]) -> Vec<Held> {
    let starts = std::iter::once(&given).chain(back);
    let ends = left.iter().map(|end| Some(civil_date(*end))).chain(std::iter::once(None));
    let pairs = starts.zip(ends);
    pairs.map(|(from, until)| Held { from: civil_date(*from), until }).collect()
}

/// Reads what was raised since a day about a plan, and what of it was acknowledged.
pub(crate) async fn known(
    tx: &mut PgConnection,
    plan: &PlanCode,
    since: Date,
) -> Result<Known, DbError> {
    let rows = sqlx::query!(
        r#"select notices.assignment_id, notices.obligation_id, bound.task_number as "task_number?",
                  owed.period as "period?", occurrence, working_days, audience,
                  said.acknowledge_time as "acknowledge_time?"
           from assignment.notices
           left join assignment.assignments as bound using (assignment_id)
           left join assignment.obligations as owed using (obligation_id)
           left join assignment.notice_acknowledgements as said using (notice_id)
           where coalesce(bound.plan_code, owed.plan_code) = $1 and raise_date >= $2"#,
        plan.as_str(),
        since,
    )
    .fetch_all(tx)
    .await?;
    let mut known = Known { raised: BTreeSet::new(), acknowledged: BTreeMap::new() };
    for row in rows {
        let key = NoticeKey {
            subject: super::notices::subject(
                (row.assignment_id, row.task_number),
                (row.obligation_id, row.period),
            )?,
            occurrence: parsed("assignment.notices", "occurrence", &row.occurrence)?,
            working_days: row.working_days,
            audience: super::notices::audience(&row.audience)?,
        };
        if let Some(at) = row.acknowledge_time {
            let on = civil_date(at);
            let time = (key.subject.clone(), key.occurrence.clone());
            let newest = known.acknowledged.entry(time).or_insert(on);
            *newest = on.max(*newest);
        }
        known.raised.insert(key);
    }
    Ok(known)
}
