//! What was told of responses that are not there any more.

use std::collections::HashMap;

use cchc_core::EventId;
use cchc_kit::db::DbError;
use futures::{Stream, TryStreamExt as _};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::{
    flagged::Flagged,
    quality::{Flag, Flags},
    tally::{Layout, Sums},
};

/// The number under which responses that do not count stand, each once.
const EXCLUDED: i16 = 0;

/// What one event told of responses.
#[derive(Debug, Clone, Default)]
pub(crate) struct Residue {
    pub(crate) sums: Sums,
    pub(crate) flagged: Flagged,
}

/// Which residues are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Which {
    /// Those of one survey.
    pub(crate) survey: Option<i32>,
    /// Those told when a number was the head.
    pub(crate) as_of: Option<i64>,
}

/// Adds what an event told of responses that go.
pub(crate) async fn add(
    tx: &mut PgConnection,
    survey_number: i32,
    event_id: EventId,
    layout: &Layout,
    residue: &Residue,
) -> Result<(), DbError> {
    for (cluster, counts) in residue.sums.clusters() {
        let responses = layout.responses(counts);
        sqlx::query!(
            r#"insert into survey.residues as present
                   (survey_number, release_event_id, cluster_place, response_count, counts)
               values ($1, $2, $3, $4, $5)
               on conflict (survey_number, release_event_id, cluster_place) do update set
                   response_count = present.response_count + excluded.response_count,
                   counts = survey.add(present.counts, excluded.counts)"#,
            survey_number,
            event_id.as_uuid(),
            cluster,
            responses,
            counts,
        )
        .execute(&mut *tx)
        .await?;
    }
    add_flags(tx, survey_number, event_id, &residue.flagged).await
}

async fn add_flags(
    tx: &mut PgConnection,
    survey_number: i32,
    event_id: EventId,
    flagged: &Flagged,
) -> Result<(), DbError> {
    let excluded = (EXCLUDED, flagged.excluded, flagged.excluded);
    let flags = flagged.flags().map(|(flag, flagged, excluded)| (flag as i16, flagged, excluded));
    for (number, flagged, excluded) in std::iter::once(excluded).chain(flags) {
        sqlx::query!(
            r#"insert into survey.residual_flags as present
                   (survey_number, release_event_id, flag, flagged_count, excluded_count)
               select $1, $2, $3, $4, $5 where $4::bigint <> 0 or $5::bigint <> 0
               on conflict (survey_number, release_event_id, flag) do update set
                   flagged_count = present.flagged_count + excluded.flagged_count,
                   excluded_count = present.excluded_count + excluded.excluded_count"#,
            survey_number,
            event_id.as_uuid(),
            number,
            flagged,
            excluded,
        )
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}

/// Adds up what was told of responses that are not there any more, by survey.
pub(crate) async fn sums(
    tx: &mut PgConnection,
    which: Which,
) -> Result<HashMap<i32, Sums>, DbError> {
    let rows = sqlx::query!(
        r#"select residues.survey_number, residues.cluster_place, residues.response_count,
                  residues.counts
           from survey.residues
           join kit.outbox on outbox.event_id = residues.release_event_id
           where ($1::int is null or residues.survey_number = $1)
             and ($2::bigint is null or outbox.sequence <= $2)"#,
        which.survey,
        which.as_of,
    )
    .fetch_all(tx)
    .await?;
    let mut by_survey: HashMap<i32, Sums> = HashMap::new();
    for row in rows {
        let of = by_survey.entry(row.survey_number).or_default();
        of.response_count += row.response_count;
        of.add_cluster(row.cluster_place, &row.counts);
    }
    Ok(by_survey)
}

/// Adds up the flags of responses that are not there any more, by survey.
pub(crate) async fn flagged(
    tx: &mut PgConnection,
    which: Which,
) -> Result<HashMap<i32, Flagged>, DbError> {
    let rows = sqlx::query!(
        r#"select flags.survey_number, flags.flag, flags.flagged_count, flags.excluded_count
           from survey.residual_flags as flags
           join kit.outbox on outbox.event_id = flags.release_event_id
           where ($1::int is null or flags.survey_number = $1)
             and ($2::bigint is null or outbox.sequence <= $2)"#,
        which.survey,
        which.as_of,
    )
    .fetch_all(tx)
    .await?;
    let mut by_survey: HashMap<i32, Flagged> = HashMap::new();
    for row in rows {
        let of = by_survey.entry(row.survey_number).or_default();
        match Flag::ALL.into_iter().find(|flag| *flag as i16 == row.flag) {
            Some(flag) => of.add_flag(flag, row.flagged_count, row.excluded_count),
            None => of.excluded += row.excluded_count,
        }
    }
    Ok(by_survey)
}

/// Of whose responses something is asked, all of one survey.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Whose<'a> {
    /// Those with these ids.
    These(&'a [Uuid]),
    Everybody,
}

impl<'a> Whose<'a> {
    /// The ids, where it is not everybody's.
    const fn ids(self) -> Option<&'a [Uuid]> {
        match self {
            Self::These(ids) => Some(ids),
            Self::Everybody => None,
        }
    }
}

/// What an event told that concerns a response: what it took out of the sums and what it put in.
pub(crate) struct Told {
    pub(crate) event_id: Uuid,
    pub(crate) cluster: i16,
    pub(crate) taken_out: Option<Vec<u8>>,
    pub(crate) put_in: Option<Vec<u8>>,
}

/// Streams everything that was told of responses: as they came, as they were changed, as they were judged.
/// Any order of it adds up to the same.
pub(crate) fn told_of<'a>(
    tx: &'a mut PgConnection,
    survey_number: i32,
    whose: Whose<'a>,
) -> impl Stream<Item = Result<Told, DbError>> + 'a {
    sqlx::query_as!(
        Told,
        r#"with told as (
               select response_id, batch_id, null::int as before, 0 as after
               from survey.responses where $1::uuid[] is null or response_id = any($1)
               union all
               select changes.response_id, changes.batch_id,
                      coalesce(lag(changes.revision) over each, 0), changes.revision
               from survey.changes where $1::uuid[] is null or response_id = any($1)
               window each as (partition by changes.response_id order by changes.revision)
               union all
               select response_id, batch_id, excluded_revision, excluded_before
               from survey.flags where $1::uuid[] is null or response_id = any($1)
           )
           select batches.release_event_id as "event_id!", responses.cluster_place as "cluster!",
                  case told.before when 0 then responses.answers else before.answers end
                      as "taken_out?",
                  case told.after when 0 then responses.answers else after.answers end as "put_in?"
           from told
           join survey.batches on batches.batch_id = told.batch_id
           join survey.responses on responses.response_id = told.response_id
           left join survey.changes as before on before.response_id = told.response_id
                                             and before.revision = told.before
           left join survey.changes as after on after.response_id = told.response_id
                                            and after.revision = told.after
           where batches.survey_number = $2 and batches.release_event_id is not null"#,
        whose.ids() as Option<&[Uuid]>,
        survey_number,
    )
    .fetch(tx)
    .map_err(DbError::from)
}

/// Flags that each event told of responses.
pub(crate) async fn flags_told_of(
    tx: &mut PgConnection,
    survey_number: i32,
    whose: Whose<'_>,
) -> Result<HashMap<EventId, Flagged>, DbError> {
    let rows = sqlx::query!(
        r#"select batches.release_event_id as "event_id!", flags.flags, flags.flags_before,
                  flags.excluded_revision is not null as "is_excluded!",
                  flags.excluded_before is not null as "was_excluded!", count(*) as "times!"
           from survey.flags join survey.batches using (batch_id)
           where ($1::uuid[] is null or flags.response_id = any($1))
             and batches.survey_number = $2 and batches.release_event_id is not null
           group by 1, 2, 3, 4, 5"#,
        whose.ids() as Option<&[Uuid]>,
        survey_number,
    )
    .fetch_all(tx)
    .await?;
    let mut by_event: HashMap<EventId, Flagged> = HashMap::new();
    for row in rows {
        let of = by_event.entry(row.event_id.into()).or_default();
        of.add(Flags(row.flags), row.is_excluded, row.times);
        of.add(Flags(row.flags_before), row.was_excluded, -row.times);
    }
    Ok(by_event)
}
