//! Sealed texts, and who read them.

use std::collections::HashMap;

use cchc_kit::db::DbError;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// Where a text belongs: response, revision, place of the question.
pub(crate) type At = (Uuid, i32, i16);

/// Texts of versions, column by column.
#[derive(Debug, Default)]
pub(crate) struct Columns {
    pub(crate) ids: Vec<Uuid>,
    pub(crate) revisions: Vec<i32>,
    pub(crate) places: Vec<i16>,
    pub(crate) sealed: Vec<Vec<u8>>,
    pub(crate) hashes: Vec<Vec<u8>>,
}

/// Stores the texts of versions that were just stored.
pub(crate) async fn insert(
    tx: &mut PgConnection,
    survey_number: i32,
    columns: &Columns,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into survey.texts (response_id, revision, question_place, survey_number, sealed,
                                     text_hash)
           select text.id, text.revision, text.place, $1, text.sealed, text.hash
           from unnest($2::uuid[], $3::int[], $4::smallint[], $5::bytea[], $6::bytea[])
                as text (id, revision, place, sealed, hash)"#,
        survey_number,
        &columns.ids,
        &columns.revisions,
        &columns.places,
        &columns.sealed,
        &columns.hashes,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Deletes the words of versions of some responses in whose place a later one stands.
pub(crate) async fn forget_earlier(tx: &mut PgConnection, ids: &[Uuid]) -> Result<(), DbError> {
    sqlx::query!(
        r#"update survey.texts set sealed = null
           where response_id = any($1) and sealed is not null
             and revision < (select max(changes.revision) from survey.changes
                             where changes.response_id = texts.response_id)"#,
        ids,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Reads the hashes of what was written with some responses, every version.
pub(crate) async fn hashes(
    tx: &mut PgConnection,
    ids: &[Uuid],
) -> Result<HashMap<At, Vec<u8>>, DbError> {
    let rows = sqlx::query!(
        r#"select response_id, revision, question_place, text_hash
           from survey.texts where response_id = any($1)"#,
        ids,
    )
    .fetch_all(tx)
    .await?;
    let kept = rows.into_iter();
    Ok(kept
        .map(|row| ((row.response_id, row.revision, row.question_place), row.text_hash))
        .collect())
}

/// A text as it is kept.
#[derive(Debug)]
pub(crate) struct Sealed {
    pub(crate) response_id: Uuid,
    pub(crate) revision: i32,
    pub(crate) question_place: i16,
    pub(crate) cluster_place: i16,
    pub(crate) words: Vec<u8>,
}

/// Which texts to list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted {
    pub(crate) survey_number: i32,
    /// Of one question only.
    pub(crate) question_place: Option<i16>,
    /// Behind the text of this response to this question.
    pub(crate) after: (Uuid, i16),
    pub(crate) most: i64,
}

/// Lists texts that hold, in the order of the responses' ids.
pub(crate) async fn list(tx: &mut PgConnection, wanted: Wanted) -> Result<Vec<Sealed>, DbError> {
    let (after, after_place) = wanted.after;
    Ok(sqlx::query_as!(
        Sealed,
        r#"select texts.response_id, texts.revision, texts.question_place,
                  responses.cluster_place, texts.sealed as "words!"
           from survey.texts join survey.responses using (response_id)
           where texts.survey_number = $1 and texts.sealed is not null
             and ($2::smallint is null or texts.question_place = $2)
             and (texts.response_id, texts.question_place) > ($3, $4)
           order by texts.response_id, texts.question_place
           limit $5"#,
        wanted.survey_number,
        wanted.question_place,
        after,
        after_place,
        wanted.most,
    )
    .fetch_all(tx)
    .await?)
}

/// That somebody read texts.
#[derive(Debug, Clone)]
pub(crate) struct View {
    /// Rises in the order of reading; whatever before it is kept.
    pub(crate) number: i64,
    pub(crate) viewer: String,
    pub(crate) viewer_unit_code: String,
    pub(crate) at: OffsetDateTime,
    /// Empty when they asked for all.
    pub(crate) question_code: String,
    pub(crate) text_count: i32,
}

/// Keeps that somebody reads texts.
pub(crate) async fn insert_view(
    tx: &mut PgConnection,
    survey_number: i32,
    view: &View,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into survey.text_views (survey_number, viewer, viewer_unit_code, view_time,
                                          question_code, text_count)
           values ($1, $2, $3, $4, $5, $6)"#,
        survey_number,
        view.viewer,
        view.viewer_unit_code,
        view.at,
        view.question_code,
        view.text_count,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Lists who read texts of a survey before a number, the latest first.
pub(crate) async fn views(
    tx: &mut PgConnection,
    survey_number: i32,
    before: i64,
    most: i64,
) -> Result<Vec<View>, DbError> {
    Ok(sqlx::query_as!(
        View,
        r#"select number, viewer, viewer_unit_code, view_time as at, question_code, text_count
           from survey.text_views
           where survey_number = $1 and number < $2
           order by number desc limit $3"#,
        survey_number,
        before,
        most,
    )
    .fetch_all(tx)
    .await?)
}
