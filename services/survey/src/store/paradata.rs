//! How responses came about, and which stand beside one another.

use std::collections::{HashMap, HashSet};

use cchc_core::ResponseId;
use cchc_kit::db::DbError;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::{
    quality::Flags,
    standing::{Member, Standing},
};

/// Which secret a respondent's key was hashed with, and what came of it.
pub(crate) type Person = (i16, Vec<u8>);

/// Paradata of versions, column by column.
#[derive(Debug, Default)]
pub(crate) struct Columns {
    pub(crate) ids: Vec<Uuid>,
    pub(crate) revisions: Vec<i32>,
    /// Absent where the version takes the response back; then everything else is.
    pub(crate) times: Vec<Option<OffsetDateTime>>,
    pub(crate) own_flags: Vec<i16>,
    pub(crate) generations: Vec<Option<i16>>,
    pub(crate) hashes: Vec<Option<Vec<u8>>>,
    pub(crate) starts: Vec<Option<OffsetDateTime>>,
    pub(crate) interviewers: Vec<Option<String>>,
    pub(crate) channels: Vec<Option<i16>>,
    pub(crate) slip_codes: Vec<Option<String>>,
}

/// Stores the paradata of versions that were just stored.
pub(crate) async fn insert(
    tx: &mut PgConnection,
    survey_number: i32,
    columns: &Columns,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into survey.paradata (response_id, revision, survey_number, answer_time, own_flags,
               key_generation, key_hash, start_time, interviewer, channel, slip_code)
           select version.id, version.revision, $1, version.time, version.flags, version.generation,
                  version.hash, version.start, version.interviewer, version.channel, version.slip
           from unnest($2::uuid[], $3::int[], $4::timestamptz[], $5::smallint[], $6::smallint[],
                       $7::bytea[], $8::timestamptz[], $9::text[], $10::smallint[], $11::text[])
                as version (id, revision, time, flags, generation, hash, start, interviewer, channel,
                            slip)"#,
        survey_number,
        &columns.ids,
        &columns.revisions,
        &columns.times as &[Option<OffsetDateTime>],
        &columns.own_flags,
        &columns.generations as &[Option<i16>],
        &columns.hashes as &[Option<Vec<u8>>],
        &columns.starts as &[Option<OffsetDateTime>],
        &columns.interviewers as &[Option<String>],
        &columns.channels as &[Option<i16>],
        &columns.slip_codes as &[Option<String>],
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Finds those of some hashes under which a person is known in a survey.
pub(crate) async fn known_persons(
    tx: &mut PgConnection,
    survey_number: i32,
    hashes: &[Vec<u8>],
) -> Result<HashSet<Person>, DbError> {
    let rows = sqlx::query!(
        r#"select distinct key_generation as "generation!", key_hash as "hash!"
           from survey.paradata where survey_number = $1 and key_hash = any($2)"#,
        survey_number,
        hashes,
    )
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.generation, row.hash)).collect())
}

/// Paradata as they are stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) person: Option<Person>,
    pub(crate) start: Option<OffsetDateTime>,
    pub(crate) interviewer: Option<String>,
    pub(crate) channel: Option<i16>,
    pub(crate) slip_code: Option<String>,
}

/// Reads the paradata of some responses, every version.
pub(crate) async fn find(
    tx: &mut PgConnection,
    ids: &[Uuid],
) -> Result<HashMap<(ResponseId, i32), Kept>, DbError> {
    let rows = sqlx::query!(
        r#"select response_id, revision, key_generation, key_hash, start_time, interviewer, channel,
                  slip_code
           from survey.paradata where response_id = any($1)"#,
        ids,
    )
    .fetch_all(tx)
    .await?;
    let kept = rows.into_iter().map(|row| {
        let kept = Kept {
            person: row.key_generation.zip(row.key_hash),
            start: row.start_time,
            interviewer: row.interviewer,
            channel: row.channel,
            slip_code: row.slip_code,
        };
        ((row.response_id.into(), row.revision), kept)
    });
    Ok(kept.collect())
}

/// Reads responses with all that stand beside any version of them: the same person's where persons are
/// compared, those under the same code where codes are.
pub(crate) async fn members(
    tx: &mut PgConnection,
    survey_number: i32,
    ids: &[Uuid],
    (compares_persons, compares_slips): (bool, bool),
) -> Result<Vec<Member>, DbError> {
    let rows = sqlx::query!(
        r#"with touched as materialized (
               select distinct key_hash, slip_code from survey.paradata where response_id = any($2)
           ), persons as materialized (
               select distinct key_hash from touched where key_hash is not null and $3
           ), slips as materialized (
               select distinct slip_code from touched where slip_code is not null and $4
           ), looked_at as (
               select unnest($2::uuid[]) as response_id
               union select paradata.response_id from persons join survey.paradata
                         on paradata.survey_number = $1 and paradata.key_hash = persons.key_hash
               union select paradata.response_id from slips join survey.paradata
                         on paradata.survey_number = $1 and paradata.slip_code = slips.slip_code
           )
           select present.response_id as "response_id!", present.revision as "revision!",
                  present.answer_time, present.own_flags as "own_flags!", present.key_generation,
                  present.key_hash, present.slip_code,
                  exists (select from persons where persons.key_hash = present.key_hash)
                      as "is_person_whole!",
                  exists (select from slips where slips.slip_code = present.slip_code)
                      as "is_slip_whole!",
                  newest.flags as "flags?", newest.excluded_revision
           from looked_at
           cross join lateral (
               select * from survey.paradata where paradata.response_id = looked_at.response_id
               order by revision desc limit 1
           ) as present
           left join lateral (
               select flags, excluded_revision from survey.flags
               where flags.response_id = looked_at.response_id order by number desc limit 1
           ) as newest on true"#,
        survey_number,
        ids,
        compares_persons,
        compares_slips,
    )
    .fetch_all(tx)
    .await?;
    let members = rows.into_iter().map(|row| Member {
        id: row.response_id.into(),
        revision: row.revision,
        time: row.answer_time,
        own: Flags(row.own_flags),
        person: row.key_generation.zip(row.key_hash),
        slip_code: row.slip_code,
        is_person_whole: row.is_person_whole,
        is_slip_whole: row.is_slip_whole,
        known: Standing {
            flags: Flags(row.flags.unwrap_or_default()),
            excluded: row.excluded_revision,
        },
    });
    Ok(members.collect())
}

/// Finds the responses of a survey that are judged otherwise than the paradata of all of them give.
///
/// The flags that follow from comparing are found another way than when a response comes: over the whole
/// survey at once, by the database.
pub(crate) async fn misjudged(
    tx: &mut PgConnection,
    survey_number: i32,
    rules: &Compared,
) -> Result<Vec<Uuid>, DbError> {
    Ok(sqlx::query_scalar!(
        r#"with present as (
               select distinct on (response_id) response_id, revision, answer_time, own_flags, key_hash,
                      slip_code
               from survey.paradata where survey_number = $1
               order by response_id, revision desc
           ), ranked as (
               select *,
                      row_number() over (partition by key_hash, answer_time is null
                          order by own_flags::int & $2::int <> 0, answer_time, response_id) as of_person,
                      row_number() over (partition by slip_code, answer_time is null
                          order by own_flags::int & $2::int <> 0, answer_time, response_id) as of_slip
               from present
           ), judged as (
               select response_id, revision,
                      case when answer_time is null then 0 else own_flags::int
                          | case when key_hash is not null and of_person > 1 then $3::int else 0 end
                          | case when slip_code is not null and of_slip > $4 then $5::int else 0 end
                      end as flags
               from ranked
           )
           select judged.response_id as "response_id!"
           from judged
           left join lateral (
               select flags, excluded_revision from survey.flags
               where flags.response_id = judged.response_id order by number desc limit 1
           ) as newest on true
           where coalesce(newest.flags, 0) <> judged.flags
              or newest.excluded_revision is distinct from
                 case when judged.flags & $2::int <> 0 then judged.revision end"#,
        survey_number,
        i32::from(rules.excluding.0),
        i32::from(rules.again.0),
        rules.most_slips,
        i32::from(rules.used_up.0),
    )
    .fetch_all(tx)
    .await?)
}

/// What comparing responses raises.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Compared {
    /// Flags for which a response does not count.
    pub(crate) excluding: Flags,
    /// Raised where a person answers again; none where that is not looked for.
    pub(crate) again: Flags,
    /// Raised behind so many responses under one code; none where that is not looked for.
    pub(crate) used_up: Flags,
    pub(crate) most_slips: i64,
}
