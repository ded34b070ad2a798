//! A service that does nothing of its own: a database with the kit's tables, and a consumer that
//! writes down what it hears.

use std::sync::Mutex;

use cchc_kit::{
    db::Db,
    inbox::{Hear, HearError, Heard},
    service::Service,
};
use cchc_proto::{source::v1::Event, survey::events::v1::SurveyClosed};
use cchc_testkit::{Bench, event_of};
use futures::future::BoxFuture;
use sqlx::{PgConnection, migrate::Migrator};

/// Opens a database with the kit's tables.
pub(crate) async fn database(bench: &Bench) -> Db {
    let none = Migrator::with_migrations(Vec::new());
    Service::connect("registry", bench.config(), &none).await.unwrap().db()
}

/// An event that names a survey; the name says what the consumer does with it.
pub(crate) fn event(survey: &str) -> Event {
    event_of(&SurveyClosed { survey_code: survey.to_owned() })
}

/// Numbers events from a place on.
pub(crate) fn numbered(from: i64, surveys: &[&str]) -> Vec<Event> {
    let events = surveys.iter().map(|survey| event(survey)).zip(from..);
    events
        .map(|(event, sequence)| Event { producer: "survey".to_owned(), sequence, ..event })
        .collect()
}

/// Writes down what it hears. `BAD` cannot be applied, `PANIC` panics, `SQL` breaks a rule of the
/// database at once and `ORPHAN` one that is checked at the end, each until mended.
#[derive(Debug, Default)]
pub(crate) struct Ear {
    pub(crate) is_mended: Mutex<bool>,
}

impl Hear for Ear {
    fn hear<'a>(
        &'a self,
        tx: &'a mut PgConnection,
        heard: Heard<'a>,
    ) -> BoxFuture<'a, Result<(), HearError>> {
        Box::pin(async move {
            let survey = heard.decode::<SurveyClosed>()?.survey_code;
            let is_mended = *self.is_mended.lock().unwrap();
            match survey.as_str() {
                "BAD" if !is_mended => return Err(HearError::unusable("no such survey")),
                #[expect(clippy::panic, reason = "what is tested")]
                "PANIC" if !is_mended => panic!("a bug"),
                "ORPHAN" if !is_mended => {
                    // Found out by the database at the end of the transaction only.
                    let insert = "insert into kit.units (code, parent_code, kind, name) values ('ORPHAN', 'NOBODY', '', '')";
                    sqlx::raw_sql(insert).execute(&mut *tx).await?;
                    return Ok(());
                }
                "SQL" if !is_mended => {
                    sqlx::raw_sql("insert into kit.units (code, kind, name) values (null, '', '')")
                        .execute(&mut *tx)
                        .await?;
                }
                _ => {}
            }
            // Units serve as paper here: the kit has no other table a consumer may write.
            let insert = format!(
                "insert into kit.units (code, kind, name) values ('{survey}', 'media', '{survey}')"
            );
            sqlx::raw_sql(sqlx::AssertSqlSafe(insert)).execute(tx).await?;
            Ok(())
        })
    }
}

/// What was written down, in order.
pub(crate) async fn written(db: &Db) -> Vec<String> {
    use sqlx::{Executor as _, Row as _};
    let rows = db.pool().fetch_all(sqlx::raw_sql("select code from kit.units order by code")).await;
    rows.unwrap().into_iter().map(|row| row.get::<String, _>(0)).collect()
}
