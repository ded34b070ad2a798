//! Registered versions of questionnaires.

use cchc_core::QuestionnaireCode;
use cchc_kit::db::DbError;
use cchc_scoring::questionnaire::{FormVersion, Questionnaire};
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::domain::quarantine::Party;

/// A registered version.
#[derive(Debug, Clone)]
pub(crate) struct Registered {
    pub(crate) number: i64,
    pub(crate) form: Questionnaire,
    pub(crate) register_time: OffsetDateTime,
    pub(crate) registrar: String,
    pub(crate) registrar_unit: String,
}

struct Columns {
    number: i64,
    document: serde_json::Value,
    register_time: OffsetDateTime,
    registrar: String,
    registrar_unit_code: String,
}

impl TryFrom<Columns> for Registered {
    type Error = DbError;

    fn try_from(row: Columns) -> Result<Self, DbError> {
        let form = serde_json::from_value(row.document)
            .map_err(|error| DbError::inconsistent("survey.questionnaires", "document", &error))?;
        Ok(Self {
            number: row.number,
            form,
            register_time: row.register_time,
            registrar: row.registrar,
            registrar_unit: row.registrar_unit_code,
        })
    }
}

/// Stores a version; nothing happens when it is there.
pub(crate) async fn insert(
    tx: &mut PgConnection,
    form: &Questionnaire,
    by: &Party,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    let document = serde_json::to_value(form)
        .map_err(|error| DbError::inconsistent("survey.questionnaires", "document", &error))?;
    sqlx::query!(
        r#"insert into survey.questionnaires
               (code, version, document, register_time, registrar, registrar_unit_code)
           values ($1, $2, $3, $4, $5, $6)
           on conflict on constraint questionnaire_once do nothing"#,
        form.code.as_str(),
        form.version.as_str(),
        document,
        now,
        by.subject,
        by.unit.as_str(),
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Reads a version.
pub(crate) async fn find(
    conn: &mut PgConnection,
    code: &QuestionnaireCode,
    version: &FormVersion,
) -> Result<Option<Registered>, DbError> {
    let row = sqlx::query_as!(
        Columns,
        r#"select number, document, register_time, registrar, registrar_unit_code
           from survey.questionnaires where code = $1 and version = $2"#,
        code.as_str(),
        version.as_str(),
    )
    .fetch_optional(conn)
    .await?;
    row.map(TryInto::try_into).transpose()
}

/// Lists versions in the order of their registration, behind one, at most so many.
pub(crate) async fn list(
    conn: &mut PgConnection,
    code: Option<&QuestionnaireCode>,
    after: i64,
    most: i64,
) -> Result<Vec<Registered>, DbError> {
    let rows = sqlx::query_as!(
        Columns,
        r#"select number, document, register_time, registrar, registrar_unit_code
           from survey.questionnaires
           where number > $1 and ($2::text is null or code = $2)
           order by number limit $3"#,
        after,
        code.map(QuestionnaireCode::as_str),
        most,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}
