//! What was found amiss with responses, and by how much that moves the sums.

use std::collections::HashMap;

use cchc_core::{BatchId, ResponseId};
use cchc_kit::db::DbError;
use futures::{Stream, TryStreamExt as _};
use sqlx::PgConnection;
use uuid::Uuid;

use super::residues;
use crate::domain::{
    flagged::Flagged,
    quality::Flags,
    standing::Standing,
    tally::{Layout, Sums},
};

/// A response that is judged otherwise than before.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Judged {
    pub(crate) id: ResponseId,
    pub(crate) before: Standing,
    pub(crate) after: Standing,
}

/// Stores how responses are judged from here on.
pub(crate) async fn insert(
    tx: &mut PgConnection,
    batch_id: BatchId,
    judged: &[Judged],
) -> Result<(), DbError> {
    let ids: Vec<Uuid> = judged.iter().map(|one| one.id.as_uuid()).collect();
    let flags: Vec<i16> = judged.iter().map(|one| one.after.flags.0).collect();
    let before: Vec<i16> = judged.iter().map(|one| one.before.flags.0).collect();
    let excluded: Vec<_> = judged.iter().map(|one| one.after.excluded).collect();
    let was_excluded: Vec<_> = judged.iter().map(|one| one.before.excluded).collect();
    sqlx::query!(
        r#"insert into survey.flags (response_id, batch_id, flags, flags_before, excluded_revision,
                                     excluded_before)
           select judged.id, $1, judged.flags, judged.before, judged.excluded, judged.was_excluded
           from unnest($2::uuid[], $3::smallint[], $4::smallint[], $5::int[], $6::int[])
                as judged (id, flags, before, excluded, was_excluded)"#,
        batch_id.as_uuid(),
        &ids,
        &flags,
        &before,
        &excluded as &[Option<i32>],
        &was_excluded as &[Option<i32>],
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// What versions of responses say: the cluster and the answers.
pub(crate) type Versions = HashMap<(ResponseId, i32), (i16, Vec<u8>)>;

/// Reads versions of responses, named by response and revision.
pub(crate) async fn versions(
    tx: &mut PgConnection,
    named: &[(ResponseId, i32)],
) -> Result<Versions, DbError> {
    let (ids, revisions): (Vec<Uuid>, Vec<i32>) =
        named.iter().map(|(id, revision)| (id.as_uuid(), *revision)).unzip();
    let rows = sqlx::query!(
        r#"select named.id as "id!", named.revision as "revision!", responses.cluster_place as "cluster_place!",
                  case named.revision when 0 then responses.answers else changes.answers end
                      as "answers!"
           from unnest($1::uuid[], $2::int[]) as named (id, revision)
           join survey.responses on responses.response_id = named.id
           left join survey.changes
                  on changes.response_id = named.id and changes.revision = named.revision"#,
        &ids,
        &revisions,
    )
    .fetch_all(tx)
    .await?;
    let versions = rows.into_iter();
    Ok(versions
        .map(|row| ((row.id.into(), row.revision), (row.cluster_place, row.answers)))
        .collect())
}

/// By how much judging a response moves the sums: what does not count any more, and what counts again.
pub(crate) struct Moved {
    pub(crate) survey_number: i32,
    pub(crate) batch_id: Uuid,
    pub(crate) is_released: bool,
    pub(crate) cluster: i16,
    pub(crate) excluded: Option<Vec<u8>>,
    pub(crate) included: Option<Vec<u8>>,
}

impl Moved {
    /// Moves sums by it.
    pub(crate) fn apply(&self, layout: &Layout, sums: &mut Sums) {
        if let Some(answers) = &self.excluded {
            sums.uncount(layout, self.cluster, answers);
        }
        if let Some(answers) = &self.included {
            sums.count(layout, self.cluster, answers);
        }
    }
}

/// Which judgements are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Which {
    /// Those of one survey.
    pub(crate) survey: Option<i32>,
    /// Those that had been released when a number was the head.
    pub(crate) as_of: Option<i64>,
    /// Those that are released, whenever.
    pub(crate) released: bool,
}

/// Streams by how much judgements move the sums, in no order; any part of them may be added up.
pub(crate) fn moved(
    tx: &mut PgConnection,
    which: Which,
) -> impl Stream<Item = Result<Moved, DbError>> {
    sqlx::query_as!(
        Moved,
        r#"select batches.survey_number as "survey_number!", flags.batch_id as "batch_id!",
                  batches.release_event_id is not null as "is_released!",
                  responses.cluster_place as "cluster!",
                  case flags.excluded_revision when 0 then responses.answers else after.answers end
                      as "excluded?",
                  case flags.excluded_before when 0 then responses.answers else before.answers end
                      as "included?"
           from survey.flags
           join survey.batches on batches.batch_id = flags.batch_id
           join survey.responses on responses.response_id = flags.response_id
           left join survey.changes as after on after.response_id = flags.response_id
                                            and after.revision = flags.excluded_revision
           left join survey.changes as before on before.response_id = flags.response_id
                                             and before.revision = flags.excluded_before
           left join kit.outbox on outbox.event_id = batches.release_event_id
           where ($1::int is null or batches.survey_number = $1)
             and ($2::bigint is null or outbox.sequence <= $2)
             and (not $3 or batches.release_event_id is not null)"#,
        which.survey,
        which.as_of,
        which.released,
    )
    .fetch(tx)
    .map_err(DbError::from)
}

/// Counts the flags that judgements move, by survey; with those of responses that are not there any more.
pub(crate) async fn counted(
    tx: &mut PgConnection,
    which: Which,
) -> Result<HashMap<i32, Flagged>, DbError> {
    let rows = sqlx::query_as!(
        Counted,
        r#"select batches.survey_number, flags.flags, flags.flags_before,
                  flags.excluded_revision is not null as "is_excluded!",
                  flags.excluded_before is not null as "was_excluded!", count(*) as "times!"
           from survey.flags
           join survey.batches on batches.batch_id = flags.batch_id
           left join kit.outbox on outbox.event_id = batches.release_event_id
           where ($1::int is null or batches.survey_number = $1)
             and ($2::bigint is null or outbox.sequence <= $2)
             and (not $3 or batches.release_event_id is not null)
           group by 1, 2, 3, 4, 5"#,
        which.survey,
        which.as_of,
        which.released,
    )
    .fetch_all(&mut *tx)
    .await?;
    let mut counted: HashMap<i32, Flagged> = HashMap::new();
    for row in rows {
        row.add_to(counted.entry(row.survey_number).or_default());
    }
    let gone = residues::Which { survey: which.survey, as_of: which.as_of };
    for (survey, flagged) in residues::flagged(tx, gone).await? {
        counted.entry(survey).or_default().add_all(&flagged, 1);
    }
    Ok(counted)
}

/// Counts the flags that the judgements of some batches move.
pub(crate) async fn of_batches(
    tx: &mut PgConnection,
    batches: &[Uuid],
) -> Result<Flagged, DbError> {
    let rows = sqlx::query_as!(
        Counted,
        r#"select 0 as "survey_number!", flags, flags_before,
                  excluded_revision is not null as "is_excluded!",
                  excluded_before is not null as "was_excluded!", count(*) as "times!"
           from survey.flags where batch_id = any($1)
           group by 1, 2, 3, 4, 5"#,
        batches,
    )
    .fetch_all(tx)
    .await?;
    let mut counted = Flagged::default();
    for row in rows {
        row.add_to(&mut counted);
    }
    Ok(counted)
}

/// Judgements that say the same, and how many there are.
struct Counted {
    survey_number: i32,
    flags: i16,
    flags_before: i16,
    is_excluded: bool,
    was_excluded: bool,
    times: i64,
}

impl Counted {
    /// Adds what they move.
    fn add_to(&self, flagged: &mut Flagged) {
        flagged.add(Flags(self.flags), self.is_excluded, self.times);
        flagged.add(Flags(self.flags_before), self.was_excluded, -self.times);
    }
}
