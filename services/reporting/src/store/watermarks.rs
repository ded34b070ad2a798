//! How far this service has come with each producer, read beside the rollup in one snapshot.

use cchc_kit::db::DbError;
use sqlx::PgConnection;

use crate::domain::rollup::Watermark;

/// Reads the watermarks, by producer.
pub(crate) async fn list(conn: &mut PgConnection) -> Result<Vec<Watermark>, DbError> {
    let rows = sqlx::query!(
        r#"select producer, sequence, apply_time,
                  (select count(*) from kit.parked where parked.producer = watermarks.producer) as "parked!"
           from kit.watermarks order by producer"#
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Watermark {
            producer: row.producer,
            sequence: row.sequence,
            apply_time: row.apply_time,
            parked: row.parked,
        })
        .collect())
}
