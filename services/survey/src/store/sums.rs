//! Sums as columns, and what was released so far.

use cchc_kit::db::DbError;
use cchc_scoring::survey::Tally;
use sqlx::PgConnection;

use crate::domain::tally::Sums;

/// Sums laid out for the database: for each cluster in turn, one number a question.
#[derive(Debug, Default)]
pub(super) struct Columns {
    pub(super) clusters: Vec<i16>,
    pub(super) responses: Vec<i64>,
    pub(super) satisfied: Vec<i64>,
    pub(super) valid: Vec<i64>,
    pub(super) not_answered: Vec<i64>,
}

impl Columns {
    pub(super) fn of(sums: &Sums) -> Self {
        let mut columns = Self::default();
        for (cluster, tallies) in sums.clusters() {
            columns.clusters.push(cluster);
            // Every response answers a question or leaves it open.
            columns.responses.push(tallies.first().map_or(0, |t| t.valid + t.not_answered));
            columns.satisfied.extend(tallies.iter().map(|tally| tally.satisfied));
            columns.valid.extend(tallies.iter().map(|tally| tally.valid));
            columns.not_answered.extend(tallies.iter().map(|tally| tally.not_answered));
        }
        columns
    }
}

/// Adds what an event tells to what was released before.
pub(crate) async fn add(
    tx: &mut PgConnection,
    survey_number: i32,
    sums: &Sums,
) -> Result<(), DbError> {
    let columns = Columns::of(sums);
    let questions = columns.valid.len() / columns.clusters.len().max(1);
    sqlx::query!(
        r#"insert into survey.sums (survey_number, cluster_place, response_count,
                                    satisfied, valid, not_answered)
           select $1, cluster.place, cluster.responses,
                  ($4::bigint[])[(cluster.n - 1) * $7::int + 1 : cluster.n * $7::int],
                  ($5::bigint[])[(cluster.n - 1) * $7::int + 1 : cluster.n * $7::int],
                  ($6::bigint[])[(cluster.n - 1) * $7::int + 1 : cluster.n * $7::int]
           from unnest($2::smallint[], $3::bigint[])
                with ordinality as cluster (place, responses, n)
           on conflict (survey_number, cluster_place) do update set
               response_count = sums.response_count + excluded.response_count,
               satisfied = survey.add(sums.satisfied, excluded.satisfied),
               valid = survey.add(sums.valid, excluded.valid),
               not_answered = survey.add(sums.not_answered, excluded.not_answered)"#,
        survey_number,
        &columns.clusters,
        &columns.responses,
        &columns.satisfied,
        &columns.valid,
        &columns.not_answered,
        i32::try_from(questions).unwrap_or(i32::MAX),
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Puts something else in the place of what was released so far.
pub(crate) async fn replace(
    tx: &mut PgConnection,
    survey_number: i32,
    sums: &Sums,
) -> Result<(), DbError> {
    sqlx::query!("delete from survey.sums where survey_number = $1", survey_number)
        .execute(&mut *tx)
        .await?;
    add(tx, survey_number, sums).await
}

/// Reads what was released so far.
pub(crate) async fn read(tx: &mut PgConnection, survey_number: i32) -> Result<Sums, DbError> {
    let rows = sqlx::query!(
        r#"select cluster_place, response_count, satisfied, valid, not_answered
           from survey.sums where survey_number = $1"#,
        survey_number,
    )
    .fetch_all(tx)
    .await?;
    let mut sums = Sums::default();
    for row in rows {
        let mut cluster = Sums::of(row.response_count);
        cluster.add_cluster(
            row.cluster_place,
            &tallies(&row.satisfied, &row.valid, &row.not_answered),
        );
        sums.add(&cluster);
    }
    Ok(sums)
}

/// Tallies of columns that stand side by side.
pub(super) fn tallies(satisfied: &[i64], valid: &[i64], not_answered: &[i64]) -> Vec<Tally> {
    satisfied
        .iter()
        .zip(valid)
        .zip(not_answered)
        .map(|((satisfied, valid), not_answered)| Tally {
            satisfied: *satisfied,
            valid: *valid,
            not_answered: *not_answered,
        })
        .collect()
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
