//! Entries of campaigns, every version.

use std::collections::BTreeSet;

use cchc_core::{CampaignCode, Decimal, EventId, NodeId, PlanCode, Points, UnitCode};
use cchc_kit::db::DbError;
use futures::{Stream, StreamExt as _};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Page, parsed, read, write};
use crate::domain::campaign::{
    entry::{Entry, Key, State},
    gap::{Count, Gap, Of},
};

const TABLE: &str = "assignment.entries";

struct Row {
    campaign_code: String,
    unit_code: String,
    node_id: String,
    version: i64,
    state: String,
    content: serde_json::Value,
    actor: String,
    record_time: OffsetDateTime,
}

impl TryFrom<Row> for Entry {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let state = State::from_word(&row.state);
        Ok(Self {
            key: Key {
                campaign: parsed(TABLE, "campaign_code", &row.campaign_code)?,
                unit: parsed(TABLE, "unit_code", &row.unit_code)?,
                node: parsed(TABLE, "node_id", &row.node_id)?,
            },
            version: row.version,
            state: state.ok_or_else(|| DbError::inconsistent(TABLE, "state", &row.state))?,
            content: read(TABLE, row.content)?,
            by: row.actor,
            at: row.record_time,
        })
    }
}

/// Stores versions, each with the unit that appraises it and the event that tells it.
pub(crate) async fn insert_all(
    tx: &mut PgConnection,
    made: &[(&Entry, &UnitCode, EventId)],
) -> Result<(), DbError> {
    let texts = |of: fn(&Entry) -> String| -> Vec<String> {
        made.iter().map(|(entry, ..)| of(entry)).collect()
    };
    let points = |of: fn(&Entry) -> Option<Points>| -> Vec<Option<Decimal>> {
        made.iter().map(|(entry, ..)| of(entry).map(Points::get)).collect()
    };
    let versions: Vec<i64> = made.iter().map(|(entry, ..)| entry.version).collect();
    let appraisers: Vec<String> = made.iter().map(|(_, unit, _)| unit.to_string()).collect();
    let contents: Result<Vec<_>, _> =
        made.iter().map(|(entry, ..)| write(TABLE, &entry.content)).collect();
    let times: Vec<OffsetDateTime> = made.iter().map(|(entry, ..)| entry.at).collect();
    let events: Vec<Uuid> = made.iter().map(|(.., event)| event.as_uuid()).collect();
    sqlx::query!(
        r#"insert into assignment.entries
               (campaign_code, unit_code, node_id, version, state, self_points, appraised_points,
                appraiser_code, content, actor, record_time, event_id)
           select campaign_code, unit_code, node_id, version, state, self_points, appraised_points,
                  appraiser_code, content, actor, record_time, event_id
           from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::numeric[],
                       $7::numeric[], $8::text[], $9::jsonb[], $10::text[], $11::timestamptz[], $12::uuid[])
                as made (campaign_code, unit_code, node_id, version, state, self_points, appraised_points,
                         appraiser_code, content, actor, record_time, event_id)"#,
        &texts(|of| of.key.campaign.to_string()),
        &texts(|of| of.key.unit.to_string()),
        &texts(|of| of.key.node.to_string()),
        &versions,
        &texts(|of| of.state.as_str().to_owned()),
        &points(Entry::self_points) as &[Option<Decimal>],
        &points(|of| of.content.judged().map(|judged| judged.points)) as &[Option<Decimal>],
        &appraisers,
        &contents?,
        &texts(|of| of.by.clone()),
        &times,
        &events,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Reads the present versions of these entries.
pub(crate) async fn present(
    tx: &mut PgConnection,
    keys: impl IntoIterator<Item = &Key>,
) -> Result<Vec<Entry>, DbError> {
    let (mut campaigns, mut units, mut nodes) = (Vec::new(), Vec::new(), Vec::new());
    for key in keys {
        campaigns.push(key.campaign.to_string());
        units.push(key.unit.to_string());
        nodes.push(key.node.to_string());
    }
    sqlx::query_as!(
        Row,
        r#"select distinct on (known.campaign_code, known.unit_code, known.node_id)
               known.campaign_code, known.unit_code, known.node_id, version, state, content, actor,
               record_time
           from unnest($1::text[], $2::text[], $3::text[]) as asked (campaign_code, unit_code, node_id)
           join assignment.entries as known
               on known.campaign_code = asked.campaign_code and known.unit_code = asked.unit_code
                  and known.node_id = asked.node_id
           order by known.campaign_code, known.unit_code, known.node_id, version desc"#,
        &campaigns,
        &units,
        &nodes,
    )
    .fetch_all(tx)
    .await?
    .into_iter()
    .map(Entry::try_from)
    .collect()
}

/// Reads the present versions of a unit's entries.
pub(crate) async fn of_unit(
    tx: &mut PgConnection,
    campaign: &CampaignCode,
    unit: &UnitCode,
) -> Result<Vec<Entry>, DbError> {
    sqlx::query_as!(
        Row,
        r#"select distinct on (node_id)
               campaign_code, unit_code, node_id, version, state, content, actor, record_time
           from assignment.entries where campaign_code = $1 and unit_code = $2
           order by node_id, version desc"#,
        campaign.as_str(),
        unit.as_str(),
    )
    .fetch_all(tx)
    .await?
    .into_iter()
    .map(Entry::try_from)
    .collect()
}

/// Whose entries are listed.
#[derive(Debug, Clone)]
pub(crate) enum Whose {
    /// Of these units.
    Units(BTreeSet<UnitCode>),
    /// Those that a unit appraises.
    Appraiser(UnitCode),
}

/// Lists present versions by unit and node.
pub(crate) async fn list(
    tx: &mut PgConnection,
    campaign: &CampaignCode,
    whose: &Whose,
    page: Page<(UnitCode, NodeId)>,
) -> Result<Vec<Entry>, DbError> {
    let (units, appraiser) = match whose {
        Whose::Units(units) => {
            (Some(units.iter().map(ToString::to_string).collect::<Vec<_>>()), None)
        }
        Whose::Appraiser(unit) => (None, Some(unit.as_str())),
    };
    let (unit, node) = page.after.map(|(unit, node)| (unit.to_string(), node.to_string())).unzip();
    sqlx::query_as!(
        Row,
        r#"select campaign_code, unit_code, node_id, version, state, content, actor, record_time
           from (select distinct on (unit_code, node_id)
                     campaign_code, unit_code, node_id, version, state, content, actor, record_time
                 from assignment.entries
                 where campaign_code = $1
                   and ($2::text[] is null or unit_code = any($2))
                   and ($3::text is null or appraiser_code = $3)
                 order by unit_code, node_id, version desc) as present
           where $4::text is null
              or (unit_code, string_to_array(split_part(node_id, '/', 2), '.')::int[])
                  > ($4, string_to_array(split_part($5::text, '/', 2), '.')::int[])
           order by unit_code, string_to_array(split_part(node_id, '/', 2), '.')::int[]
           limit $6"#,
        campaign.as_str(),
        units.as_deref(),
        appraiser,
        unit,
        node,
        page.limit,
    )
    .fetch_all(tx)
    .await?
    .into_iter()
    .map(Entry::try_from)
    .collect()
}

/// Reads every version of an entry, the first first.
pub(crate) async fn history(tx: &mut PgConnection, key: &Key) -> Result<Vec<Entry>, DbError> {
    sqlx::query_as!(
        Row,
        r#"select campaign_code, unit_code, node_id, version, state, content, actor, record_time
           from assignment.entries
           where campaign_code = $1 and unit_code = $2 and node_id = $3 order by version"#,
        key.campaign.as_str(),
        key.unit.as_str(),
        key.node.to_string(),
    )
    .fetch_all(tx)
    .await?
    .into_iter()
    .map(Entry::try_from)
    .collect()
}

/// Counts how far self-scores and appraisals of these units lie apart: for each unit, for each node, and for
/// all together. Only what has both is compared.
pub(crate) async fn gaps(
    tx: &mut PgConnection,
    campaign: &CampaignCode,
    units: &BTreeSet<UnitCode>,
) -> Result<Vec<Gap>, DbError> {
    let units: Vec<String> = units.iter().map(ToString::to_string).collect();
    let rows = sqlx::query!(
        r#"with present as (
               select distinct on (unit_code, node_id) unit_code, node_id, self_points,
                   case when self_points is not null then appraised_points end as appraised_points
               from assignment.entries where campaign_code = $1 and unit_code = any($2)
               order by unit_code, node_id, version desc
           )
           select unit_code as "unit_code?", node_id as "node_id?",
                  count(self_points) as "scored!", count(appraised_points) as "appraised!",
                  count(*) filter (where self_points > appraised_points) as "inflated!",
                  count(*) filter (where self_points < appraised_points) as "deflated!",
                  coalesce(sum(self_points - appraised_points), 0) as "difference!"
           from present group by grouping sets ((unit_code), (node_id), ())"#,
        campaign.as_str(),
        &units,
    )
    .fetch_all(tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let of = match (row.unit_code, row.node_id) {
                (Some(unit), _) => Of::Unit(parsed(TABLE, "unit_code", &unit)?),
                (None, Some(node)) => Of::Node(parsed(TABLE, "node_id", &node)?),
                (None, None) => Of::All,
            };
            let difference: Decimal = row.difference;
            let count = Count {
                scored: row.scored,
                appraised: row.appraised,
                inflated: row.inflated,
                deflated: row.deflated,
                difference,
            };
            Ok(Gap { of, count })
        })
        .collect()
}

struct Told {
    plan_code: Option<String>,
    campaign_code: String,
    unit_code: String,
    node_id: String,
    version: i64,
    state: String,
    content: serde_json::Value,
    actor: String,
    record_time: OffsetDateTime,
    event_id: Uuid,
}

/// Reads every entry as it stood when a number was the head, with its plan and the event that told it.
pub(crate) fn as_of(
    tx: &mut PgConnection,
    as_of: i64,
) -> impl Stream<Item = Result<(EventId, (PlanCode, Entry)), DbError>> {
    sqlx::query_as!(
        Told,
        r#"select distinct on (campaign_code, unit_code, node_id)
               campaigns.document ->> 'plan' as plan_code, campaign_code, unit_code, node_id,
               entries.version, state, content, entries.actor, entries.record_time, entries.event_id
           from assignment.entries join kit.outbox on outbox.event_id = entries.event_id
           join assignment.campaigns on campaigns.code = campaign_code and campaigns.version = 1
           where outbox.sequence <= $1
           order by campaign_code, unit_code, node_id, entries.version desc"#,
        as_of,
    )
    .fetch(tx)
    .map(|row| {
        let row = row?;
        let plan = parsed("assignment.campaigns", "document", &row.plan_code.unwrap_or_default())?;
        let (event_id, entry) = (
            row.event_id,
            Row {
                campaign_code: row.campaign_code,
                unit_code: row.unit_code,
                node_id: row.node_id,
                version: row.version,
                state: row.state,
                content: row.content,
                actor: row.actor,
                record_time: row.record_time,
            },
        );
        Ok((event_id.into(), (plan, entry.try_into()?)))
    })
}
