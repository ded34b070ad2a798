//! Which copies these are.

use cchc_kit::db::DbError;
use sqlx::PgConnection;
use uuid::Uuid;

/// The name of the copies, made with their schema.
pub(crate) async fn id(conn: &mut PgConnection) -> Result<Uuid, DbError> {
    Ok(sqlx::query_scalar!("select id from reporting.copies").fetch_one(conn).await?)
}
