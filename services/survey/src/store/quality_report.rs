//! What is amiss with the responses of a survey, counted from their paradata when asked for.

use cchc_kit::db::DbError;
use sqlx::PgConnection;

/// How long it took to answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Times {
    /// Responses that hold.
    pub(crate) responses: i64,
    /// Those of which it is known, and possible.
    pub(crate) timed: i64,
    /// The median in whole seconds.
    pub(crate) median: Option<i64>,
    /// Those below a share of the median.
    pub(crate) fast: i64,
}

/// Counts responses by how long they took, and those below so many per cent of the median.
pub(crate) async fn times(
    conn: &mut PgConnection,
    survey_number: i32,
    median_percent: i32,
) -> Result<Times, DbError> {
    Ok(sqlx::query_as!(
        Times,
        r#"with present as (
               select distinct on (response_id) answer_time, start_time from survey.paradata
               where survey_number = $1 order by response_id, revision desc
           ), took as (
               select extract(epoch from answer_time - start_time) as seconds from present
               where answer_time >= start_time
           ), median as (
               select percentile_disc(0.5) within group (order by seconds) as seconds from took
           )
           select (select count(*) from present where answer_time is not null) as "responses!",
                  (select count(*) from took) as "timed!",
                  (select round(seconds)::bigint from median) as median,
                  (select count(*) from took, median
                   where took.seconds * 100 < median.seconds * $2::int) as "fast!""#,
        survey_number,
        median_percent,
    )
    .fetch_one(conn)
    .await?)
}

/// What one interviewer brought.
#[derive(Debug, Clone)]
pub(crate) struct Interviewer {
    pub(crate) name: String,
    pub(crate) responses: i64,
    pub(crate) flagged: i64,
    /// Whether that is more than so many per cent of all that name an interviewer.
    pub(crate) is_over: bool,
}

/// Lists those who brought most responses that hold, and marks who brought more than so many per cent.
pub(crate) async fn interviewers(
    conn: &mut PgConnection,
    survey_number: i32,
    most_percent: Option<i32>,
) -> Result<Vec<Interviewer>, DbError> {
    let rows = sqlx::query!(
        r#"with present as (
               select distinct on (response_id) response_id, answer_time, interviewer
               from survey.paradata
               where survey_number = $1 order by response_id, revision desc
           )
           select present.interviewer as "interviewer!", count(*) as "responses!",
                  count(*) filter (where newest.flags <> 0) as "flagged!",
                  coalesce(count(*) * 100 > sum(count(*)) over () * $2::int, false) as "is_over!"
           from present
           left join lateral (
               select flags from survey.flags where flags.response_id = present.response_id
               order by number desc limit 1
           ) as newest on true
           where present.answer_time is not null and present.interviewer is not null
           group by present.interviewer
           order by count(*) desc, present.interviewer limit 100"#,
        survey_number,
        most_percent,
    )
    .fetch_all(conn)
    .await?;
    let interviewers = rows.into_iter().map(|row| Interviewer {
        name: row.interviewer,
        responses: row.responses,
        flagged: row.flagged,
        is_over: row.is_over,
    });
    Ok(interviewers.collect())
}
