//! Secrets of surveys, wrapped.

use cchc_kit::{db::DbError, vault::Wrapped};
use sqlx::PgConnection;
use time::OffsetDateTime;

/// What a secret is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Hashing respondents' keys.
    Respondents,
    /// Sealing texts and refused rows.
    Contents,
}

impl Purpose {
    /// The word in the database.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Respondents => "respondents",
            Self::Contents => "contents",
        }
    }
}

/// A secret as it is kept.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub(crate) survey_number: i32,
    pub(crate) purpose: String,
    pub(crate) generation: i16,
    pub(crate) wrapped: Wrapped,
}

impl Kept {
    /// What is authenticated with it.
    pub(crate) fn about(&self) -> String {
        about(self.survey_number, &self.purpose, self.generation)
    }
}

/// What is authenticated with a secret: one moved to another survey does not open there.
pub(crate) fn about(survey_number: i32, purpose: &str, generation: i16) -> String {
    format!("cchc survey {survey_number} {purpose} {generation}")
}

/// Keeps a new secret.
pub(crate) async fn insert(
    tx: &mut PgConnection,
    kept: &Kept,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into survey.secrets (survey_number, purpose, generation, wrapping_key, sealed,
                                       create_time)
           values ($1, $2, $3, $4, $5, $6)"#,
        kept.survey_number,
        kept.purpose,
        kept.generation,
        kept.wrapped.key,
        kept.wrapped.sealed,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Reads the secrets of a survey, the oldest first.
pub(crate) async fn of_survey(
    tx: &mut PgConnection,
    survey_number: i32,
) -> Result<Vec<Kept>, DbError> {
    let rows = sqlx::query!(
        r#"select purpose, generation, wrapping_key, sealed from survey.secrets
           where survey_number = $1 order by generation"#,
        survey_number,
    )
    .fetch_all(tx)
    .await?;
    let kept = rows.into_iter().map(|row| Kept {
        survey_number,
        purpose: row.purpose,
        generation: row.generation,
        wrapped: Wrapped { key: row.wrapping_key, sealed: row.sealed },
    });
    Ok(kept.collect())
}

/// Reads the secrets that another key wraps, and keeps others from wrapping them meanwhile.
pub(crate) async fn wrapped_otherwise(
    tx: &mut PgConnection,
    wrapping_key: &str,
) -> Result<Vec<Kept>, DbError> {
    let rows = sqlx::query!(
        r#"select survey_number, purpose, generation, wrapping_key, sealed from survey.secrets
           where wrapping_key <> $1
           order by survey_number, purpose, generation
           for update"#,
        wrapping_key,
    )
    .fetch_all(tx)
    .await?;
    let kept = rows.into_iter().map(|row| Kept {
        survey_number: row.survey_number,
        purpose: row.purpose,
        generation: row.generation,
        wrapped: Wrapped { key: row.wrapping_key, sealed: row.sealed },
    });
    Ok(kept.collect())
}

/// Keeps a secret wrapped anew.
pub(crate) async fn rewrap(tx: &mut PgConnection, kept: &Kept) -> Result<(), DbError> {
    sqlx::query!(
        r#"update survey.secrets set wrapping_key = $4, sealed = $5
           where survey_number = $1 and purpose = $2 and generation = $3"#,
        kept.survey_number,
        kept.purpose,
        kept.generation,
        kept.wrapped.key,
        kept.wrapped.sealed,
    )
    .execute(tx)
    .await?;
    Ok(())
}
