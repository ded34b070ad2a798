//! Alerts, and how far each plan was looked at.

use cchc_core::PlanCode;
use cchc_kit::db::DbError;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{document, json};
use crate::domain::alert::{Alert, AlertKind, Missing, Noticed, Raised};

/// How far a plan was looked at.
#[derive(Debug)]
pub(crate) struct Mark {
    pub(crate) revision: i64,
    pub(crate) noticed: Noticed,
}

/// The plans whose rollups have changed since they were looked at.
pub(crate) async fn with_news(conn: &mut PgConnection) -> Result<Vec<PlanCode>, DbError> {
    let rows = sqlx::query_scalar!(
        r#"select rollups.plan_code from reporting.rollups
               left join reporting.alert_marks using (plan_code)
           where alert_marks.revision is null or alert_marks.revision < rollups.revision
           order by rollups.plan_code"#,
    )
    .fetch_all(conn)
    .await?;
    rows.iter().map(|code| super::parse("rollups", "plan_code", code)).collect()
}

/// Waits for the turn to look at a plan, until the transaction ends; says what was noticed last.
pub(crate) async fn take_turn(
    tx: &mut PgConnection,
    plan: &PlanCode,
) -> Result<Option<Mark>, DbError> {
    sqlx::query!(
        "insert into reporting.alert_marks (plan_code) values ($1) on conflict (plan_code) do nothing",
        plan.as_str(),
    )
    .execute(&mut *tx)
    .await?;
    let row = sqlx::query!(
        "select revision, noticed from reporting.alert_marks where plan_code = $1 for update",
        plan.as_str(),
    )
    .fetch_one(tx)
    .await?;
    let known = row.revision.zip(row.noticed);
    let mark = known.map(|(revision, noticed)| {
        Ok(Mark { revision, noticed: document("alert_marks", "noticed", noticed)? })
    });
    mark.transpose()
}

/// Keeps what was noticed at a revision.
pub(crate) async fn keep_mark(
    tx: &mut PgConnection,
    plan: &PlanCode,
    mark: &Mark,
) -> Result<(), DbError> {
    sqlx::query!(
        "update reporting.alert_marks set revision = $2, noticed = $3 where plan_code = $1",
        plan.as_str(),
        mark.revision,
        json("alert_marks", "noticed", &mark.noticed)?,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Keeps an alert under the next number; says whether it was new. Only in one's turn.
pub(crate) async fn raise(
    tx: &mut PgConnection,
    plan: &PlanCode,
    raised: &Raised,
    (revision, now): (i64, OffsetDateTime),
) -> Result<bool, DbError> {
    let kept = sqlx::query!(
        r#"insert into reporting.alerts
               (plan_code, number, alert_id, kind, subject, title, detail, revision, notice_time)
           select $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5, $6, $7, $8
           from reporting.alerts where plan_code = $1
           on conflict (alert_id) do nothing"#,
        plan.as_str(),
        raised.id(plan, revision),
        raised.kind.as_str(),
        raised.subject,
        raised.title,
        raised.detail,
        revision,
        now,
    )
    .execute(tx)
    .await?;
    Ok(kept.rows_affected() > 0)
}

/// The periodic reports of a plan that are missing, by unit.
pub(crate) async fn missing(conn: &mut PgConnection, plan: &PlanCode) -> Result<Missing, DbError> {
    let rows = sqlx::query!(
        r#"select unit_code, report ->> 'period' as "period!"
           from reporting.scorecards, jsonb_array_elements(document -> 'reports') as report
           where plan_code = $1 and report ->> 'state' = 'missing'"#,
        plan.as_str(),
    )
    .fetch_all(conn)
    .await?;
    let mut missing = Missing::new();
    for row in rows {
        let unit = super::parse("scorecards", "unit_code", &row.unit_code)?;
        let period = super::parse("scorecards", "document", &row.period)?;
        missing.entry(unit).or_default().insert(period);
    }
    Ok(missing)
}

/// An alert as it is stored.
struct Row {
    number: i64,
    alert_id: Uuid,
    kind: String,
    subject: String,
    title: String,
    detail: String,
    revision: i64,
    notice_time: OffsetDateTime,
}

/// Alerts of some kinds below a number, the newest first.
pub(crate) async fn below(
    conn: &mut PgConnection,
    plan: &PlanCode,
    kinds: &[AlertKind],
    (below, most): (Option<i64>, i64),
) -> Result<Vec<Alert>, DbError> {
    let rows = sqlx::query_as!(
        Row,
        r#"select number, alert_id, kind, subject, title, detail, revision, notice_time
           from reporting.alerts
           where plan_code = $1 and kind = any($2) and ($3::bigint is null or number < $3)
           order by number desc limit $4"#,
        plan.as_str(),
        &words(kinds),
        below,
        most,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|row| alert(plan, row)).collect()
}

/// Alerts of some kinds after a number, in their order.
pub(crate) async fn after(
    conn: &mut PgConnection,
    plan: &PlanCode,
    kinds: &[AlertKind],
    (after, most): (i64, i64),
) -> Result<Vec<Alert>, DbError> {
    let rows = sqlx::query_as!(
        Row,
        r#"select number, alert_id, kind, subject, title, detail, revision, notice_time
           from reporting.alerts
           where plan_code = $1 and kind = any($2) and number > $3
           order by number limit $4"#,
        plan.as_str(),
        &words(kinds),
        after,
        most,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|row| alert(plan, row)).collect()
}

/// The number of the newest alert; 0 while there is none.
pub(crate) async fn last(conn: &mut PgConnection, plan: &PlanCode) -> Result<i64, DbError> {
    let last = sqlx::query_scalar!(
        r#"select coalesce(max(number), 0) as "last!" from reporting.alerts where plan_code = $1"#,
        plan.as_str(),
    )
    .fetch_one(conn)
    .await?;
    Ok(last)
}

fn words(kinds: &[AlertKind]) -> Vec<String> {
    kinds.iter().map(|kind| kind.as_str().to_owned()).collect()
}

fn alert(plan: &PlanCode, row: Row) -> Result<Alert, DbError> {
    let kind = AlertKind::ALL.into_iter().find(|kind| kind.as_str() == row.kind);
    let kind = kind.ok_or_else(|| DbError::inconsistent("alerts", "kind", &row.kind))?;
    Ok(Alert {
        plan: plan.clone(),
        number: row.number,
        id: row.alert_id,
        what: Raised { kind, subject: row.subject, title: row.title, detail: row.detail },
        revision: row.revision,
        time: row.notice_time,
    })
}
