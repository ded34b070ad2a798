//! What was released so far, and how sums are laid out in the database.

use cchc_kit::db::DbError;
use sqlx::PgConnection;

use crate::domain::tally::{Layout, Sums};

/// Adds what an event tells to what was released before.
pub(crate) async fn add(
    tx: &mut PgConnection,
    survey_number: i32,
    layout: &Layout,
    sums: &Sums,
) -> Result<(), DbError> {
    let clusters: Vec<i16> = sums.clusters().map(|(cluster, _)| cluster).collect();
    let responses: Vec<i64> = sums.clusters().map(|(_, row)| layout.responses(row)).collect();
    let counts: Vec<i64> = sums.clusters().flat_map(|(_, row)| row).copied().collect();
    let width = counts.len() / clusters.len().max(1);
    sqlx::query!(
        r#"insert into survey.sums (survey_number, cluster_place, response_count, counts)
           select $1, cluster.place, cluster.responses,
                  ($4::bigint[])[(cluster.n - 1) * $5::int + 1 : cluster.n * $5::int]
           from unnest($2::smallint[], $3::bigint[])
                with ordinality as cluster (place, responses, n)
           on conflict (survey_number, cluster_place) do update set
               response_count = sums.response_count + excluded.response_count,
               counts = survey.add(sums.counts, excluded.counts)"#,
        survey_number,
        &clusters,
        &responses,
        &counts,
        i32::try_from(width).unwrap_or(i32::MAX),
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Puts something else in the place of what was released so far.
pub(crate) async fn replace(
    tx: &mut PgConnection,
    survey_number: i32,
    layout: &Layout,
    sums: &Sums,
) -> Result<(), DbError> {
    sqlx::query!("delete from survey.sums where survey_number = $1", survey_number)
        .execute(&mut *tx)
        .await?;
    add(tx, survey_number, layout, sums).await
}

/// Reads what was released so far.
pub(crate) async fn read(tx: &mut PgConnection, survey_number: i32) -> Result<Sums, DbError> {
    let rows = sqlx::query!(
        r#"select cluster_place, response_count, counts
           from survey.sums where survey_number = $1"#,
        survey_number,
    )
    .fetch_all(tx)
    .await?;
    let mut sums = Sums::default();
    for row in rows {
        sums.response_count += row.response_count;
        if let Some(counts) = row.counts {
            sums.add_cluster(row.cluster_place, &counts);
        }
    }
    Ok(sums)
}

/// Counts the responses that were released.
pub(crate) async fn released_count(
    tx: &mut PgConnection,
    survey_number: i32,
) -> Result<i64, DbError> {
    Ok(sqlx::query_scalar!(
        r#"select coalesce(sum(response_count), 0)::bigint as "count!"
           from survey.sums where survey_number = $1"#,
        survey_number,
    )
    .fetch_one(tx)
    .await?)
}

/// Finds a survey of which something was counted before every answer had a count of its own.
pub(crate) async fn uncounted(tx: &mut PgConnection) -> Result<Option<String>, DbError> {
    Ok(sqlx::query_scalar!(
        r#"select code from survey.surveys
           where number in (select survey_number from survey.sums where counts is null
                            union all
                            select survey_number from survey.held where counts is null)
           order by number limit 1"#,
    )
    .fetch_optional(tx)
    .await?)
}

/// Takes away what was counted before every answer had a count of its own; it is to be counted again.
pub(crate) async fn drop_uncounted(
    tx: &mut PgConnection,
    survey_number: i32,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"with held as (
               delete from survey.held where survey_number = $1 and counts is null
           )
           delete from survey.sums where survey_number = $1 and counts is null"#,
        survey_number,
    )
    .execute(tx)
    .await?;
    Ok(())
}
