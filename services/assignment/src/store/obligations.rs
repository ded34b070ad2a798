//! Periodic reports: what units owe and every version of what they filed.

use cchc_core::{EventId, ObligationId, Period, PlanCode, UnitCode, civil_date};
use cchc_kit::db::DbError;
use futures::{Stream, StreamExt as _};
use sqlx::PgConnection;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::{Page, parsed};
use crate::domain::{
    assignment::State,
    obligation::{Content, Filed, Filing, Key, Obligation},
    reminder::{Held, Subject, Watched},
};

const TABLE: &str = "assignment.obligations";

struct Row {
    obligation_id: Uuid,
    plan_code: String,
    period: String,
    unit_code: String,
    first_date: Date,
    end_date: Date,
    last_date: Date,
    ministry_last_date: Date,
    is_requested: bool,
    open_time: OffsetDateTime,
    version: Option<i64>,
    document_number: Option<String>,
    document_date: Option<Date>,
    evidence_id: Option<Uuid>,
    evidence_version: Option<i64>,
    note: Option<String>,
    actor: Option<String>,
    record_time: Option<OffsetDateTime>,
    event_id: Uuid,
}

impl TryFrom<Row> for Obligation {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let key = Key {
            plan: parsed(TABLE, "plan_code", &row.plan_code)?,
            period: parsed(TABLE, "period", &row.period)?,
            unit: parsed(TABLE, "unit_code", &row.unit_code)?,
        };
        let note = row.note.unwrap_or_default();
        // Checks of the table tie number and date to each other and to the withdrawal.
        let content = match row.document_number.zip(row.document_date) {
            None => Content::Withdrawn { reason: note },
            Some((number, date)) => {
                let evidence = row.evidence_id.zip(row.evidence_version);
                Content::Filed(Filed { number, date, evidence, note })
            }
        };
        let filing = row.version.zip(row.record_time).map(|(version, at)| Filing {
            version,
            content,
            actor: row.actor.unwrap_or_default(),
            at,
        });
        Ok(Self {
            id: row.obligation_id.into(),
            key,
            data: (row.first_date, row.end_date),
            last_date: row.last_date,
            ministry_last_date: row.ministry_last_date,
            is_requested: row.is_requested,
            opened: row.open_time,
            filing,
        })
    }
}

/// Lists which of some obligations are not known yet.
pub(crate) async fn new_of(
    tx: &mut PgConnection,
    all: Vec<Obligation>,
) -> Result<Vec<Obligation>, DbError> {
    let ids: Vec<Uuid> = all.iter().map(|owed| owed.id.as_uuid()).collect();
    let known = sqlx::query_scalar!(
        "select obligation_id from assignment.obligations where obligation_id = any($1)",
        &ids,
    )
    .fetch_all(tx)
    .await?;
    let is_new = |owed: &Obligation| !known.contains(&owed.id.as_uuid());
    Ok(all.into_iter().filter(is_new).collect())
}

/// Stores obligations that are told by one event.
pub(crate) async fn insert(
    tx: &mut PgConnection,
    all: &[Obligation],
    event_id: EventId,
) -> Result<(), DbError> {
    for owed in all {
        sqlx::query!(
            r#"insert into assignment.obligations
                   (obligation_id, plan_code, period, unit_code, first_date, end_date, last_date,
                    ministry_last_date, is_requested, open_time, event_id)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"#,
            owed.id.as_uuid(),
            owed.key.plan.as_str(),
            owed.key.period.to_string(),
            owed.key.unit.as_str(),
            owed.data.0,
            owed.data.1,
            owed.last_date,
            owed.ministry_last_date,
            owed.is_requested,
            owed.opened,
            event_id.as_uuid(),
        )
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}

/// Stores the newest version of what was filed.
pub(crate) async fn insert_filing(
    tx: &mut PgConnection,
    id: ObligationId,
    filing: &Filing,
    event_id: EventId,
) -> Result<(), DbError> {
    let Filing { version, content, actor, at } = filing;
    let (filed, note) = match content {
        Content::Filed(filed) => (Some(filed), &filed.note),
        Content::Withdrawn { reason } => (None, reason),
    };
    let evidence = filed.and_then(|filed| filed.evidence);
    sqlx::query!(
        r#"insert into assignment.filings
               (obligation_id, version, is_withdrawn, document_number, document_date, evidence_id,
                evidence_version, note, actor, record_time, event_id)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"#,
        id.as_uuid(),
        version,
        filed.is_none(),
        filed.map(|filed| filed.number.as_str()),
        filed.map(|filed| filed.date),
        evidence.map(|(id, _)| id),
        evidence.map(|(_, version)| version),
        note,
        actor,
        at,
        event_id.as_uuid(),
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Reads these obligations as they are now.
pub(crate) async fn present(
    tx: &mut PgConnection,
    keys: impl IntoIterator<Item = &Key>,
) -> Result<Vec<Obligation>, DbError> {
    let (mut plans, mut periods, mut units) = (Vec::new(), Vec::new(), Vec::new());
    for Key { plan, period, unit } in keys {
        plans.push(plan.to_string());
        periods.push(period.to_string());
        units.push(unit.to_string());
    }
    sqlx::query_as!(
        Row,
        r#"select distinct on (owed.obligation_id)
               owed.obligation_id, owed.plan_code, owed.period, owed.unit_code, first_date, end_date,
               last_date, ministry_last_date, is_requested, open_time, version as "version?", document_number,
               document_date, evidence_id, evidence_version, note as "note?", actor as "actor?",
               record_time as "record_time?", owed.event_id
           from unnest($1::text[], $2::text[], $3::text[]) as asked (plan_code, period, unit_code)
           join assignment.obligations as owed
               on owed.plan_code = asked.plan_code and owed.period = asked.period
              and owed.unit_code = asked.unit_code
           left join assignment.filings using (obligation_id)
           order by owed.obligation_id, version desc"#,
        &plans,
        &periods,
        &units,
    )
    .fetch_all(tx)
    .await?
    .into_iter()
    .map(Obligation::try_from)
    .collect()
}

/// Reads what units owe under a plan as it is now, by last day and unit; one unit, or all.
pub(crate) async fn of_plan(
    tx: &mut PgConnection,
    plan: &PlanCode,
    unit: Option<&UnitCode>,
) -> Result<Vec<Obligation>, DbError> {
    sqlx::query_as!(
        Row,
        r#"select distinct on (last_date, unit_code, obligation_id)
               owed.obligation_id, plan_code, period, unit_code, first_date, end_date,
               last_date, ministry_last_date, is_requested, open_time, version as "version?", document_number,
               document_date, evidence_id, evidence_version, note as "note?", actor as "actor?",
               record_time as "record_time?", owed.event_id
           from assignment.obligations as owed left join assignment.filings using (obligation_id)
           where plan_code = $1 and ($2::text is null or unit_code = $2)
           order by last_date, unit_code, obligation_id, version desc"#,
        plan.as_str(),
        unit.map(UnitCode::as_str),
    )
    .fetch_all(tx)
    .await?
    .into_iter()
    .map(Obligation::try_from)
    .collect()
}

/// Lists what a unit and those below it owe under a plan, by unit and last day.
pub(crate) async fn list(
    tx: &mut PgConnection,
    plan: &PlanCode,
    within: &UnitCode,
    page: Page<(UnitCode, Date)>,
) -> Result<Vec<Obligation>, DbError> {
    let (unit, last) = page.after.unzip();
    sqlx::query_as!(
        Row,
        r#"with recursive below as (
               select $2::text as code
               union
               select units.code from kit.hierarchy as units join below on units.parent_code = below.code
           )
           select distinct on (unit_code, last_date, obligation_id)
               owed.obligation_id, plan_code, period, unit_code, first_date, end_date,
               last_date, ministry_last_date, is_requested, open_time, version as "version?", document_number,
               document_date, evidence_id, evidence_version, note as "note?", actor as "actor?",
               record_time as "record_time?", owed.event_id
           from assignment.obligations as owed
           join below on below.code = owed.unit_code
           left join assignment.filings using (obligation_id)
           where plan_code = $1
             and ($3::text is null or (unit_code, last_date) > ($3, $4::date))
           order by unit_code, last_date, obligation_id, version desc
           limit $5"#,
        plan.as_str(),
        within.as_str(),
        unit.as_ref().map(UnitCode::as_str),
        last,
        page.limit,
    )
    .fetch_all(tx)
    .await?
    .into_iter()
    .map(Obligation::try_from)
    .collect()
}

/// Reads an obligation with every version of what was filed, the first first; once without any.
pub(crate) async fn history(
    tx: &mut PgConnection,
    id: ObligationId,
) -> Result<Vec<Obligation>, DbError> {
    sqlx::query_as!(
        Row,
        r#"select owed.obligation_id, plan_code, period, unit_code, first_date, end_date, last_date,
                  ministry_last_date, is_requested, open_time, version as "version?", document_number,
                  document_date, evidence_id, evidence_version, note as "note?", actor as "actor?",
                  record_time as "record_time?", owed.event_id
           from assignment.obligations as owed left join assignment.filings using (obligation_id)
           where owed.obligation_id = $1 order by version"#,
        id.as_uuid(),
    )
    .fetch_all(tx)
    .await?
    .into_iter()
    .map(Obligation::try_from)
    .collect()
}

/// Reads who owes the reports on some periods of a plan, as far as reminding goes; one unit, or all.
pub(crate) async fn watched(
    tx: &mut PgConnection,
    plan: &PlanCode,
    periods: impl IntoIterator<Item = Period>,
    unit: Option<&UnitCode>,
) -> Result<Vec<Watched>, DbError> {
    let periods: Vec<Period> = periods.into_iter().collect();
    if periods.is_empty() {
        return Ok(Vec::new());
    }
    let owed = of_plan(tx, plan, unit).await?;
    let owed = owed.into_iter().filter(|owed| periods.contains(&owed.key.period));
    Ok(owed.map(watch).collect())
}

fn watch(owed: Obligation) -> Watched {
    let state = if owed.filed().is_some() { State::Submitted } else { State::Assigned };
    let changed = owed.filing.as_ref().map_or(owed.opened, |filing| filing.at);
    Watched {
        version: owed.version() + 1,
        subject: Subject::Obligation(owed.id, owed.key.period),
        unit: owed.key.unit,
        changed,
        state,
        held: vec![Held::since(civil_date(owed.opened))],
        received: None,
        officer: String::new(),
        done_dates: Vec::new(),
    }
}

/// Reads every obligation as it stood when a number was the head, with the event that told it.
pub(crate) fn as_of(
    tx: &mut PgConnection,
    as_of: i64,
) -> impl Stream<Item = Result<(EventId, Obligation), DbError>> {
    sqlx::query_as!(
        Row,
        r#"select distinct on (owed.obligation_id)
               owed.obligation_id, plan_code, period, unit_code, first_date, end_date,
               last_date, ministry_last_date, is_requested, open_time, version as "version?", document_number,
               document_date, evidence_id, evidence_version, note as "note?", actor as "actor?",
               record_time as "record_time?", coalesce(filed.event_id, owed.event_id) as "event_id!"
           from assignment.obligations as owed
           join kit.outbox as opened on opened.event_id = owed.event_id
           left join (assignment.filings as filed
                      join kit.outbox as told on told.event_id = filed.event_id and told.sequence <= $1)
               using (obligation_id)
           where opened.sequence <= $1
           order by owed.obligation_id, version desc"#,
        as_of,
    )
    .fetch(tx)
    .map(|row| {
        let row = row?;
        Ok((row.event_id.into(), row.try_into()?))
    })
}
