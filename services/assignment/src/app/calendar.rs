//! The holidays from which working days are counted: loaded by operators, a year at a time.

use cchc_core::{Collector, Violations};
use cchc_kit::db::DbError;
use cchc_scoring::calendar::CalendarYear;

use super::{App, Command, CommandError};
use crate::store::{calendar, turns};

impl App {
    /// Loads a year; says which version it is now. What is known already makes no other version.
    #[tracing::instrument(name = "app.calendar.load", skip_all, fields(calendar.year = %year.year))]
    pub(crate) async fn load_calendar_year(
        &self,
        command: &Command,
        year: &CalendarYear,
    ) -> Result<i64, CommandError> {
        check(year)?;
        let mut tx = self.db.begin().await?;
        turns::alone(&mut tx, "calendar").await?;
        let is_repeat = command.is_repeat(&mut tx).await?;
        let version = match calendar::present(&mut tx, year.year).await? {
            Some((version, known)) if is_repeat || known == *year => version,
            known => {
                let version = known.map_or(1, |(version, _)| version + 1);
                let (loader, at) = (&command.actor.subject, self.clock.now());
                calendar::insert(&mut tx, year, version, loader, at).await?;
                version
            }
        };
        tx.commit().await?;
        Ok(version)
    }

    /// Lists the years that are known.
    pub(crate) async fn calendar_years(&self) -> Result<Vec<CalendarYear>, DbError> {
        let mut tx = self.db.begin().await?;
        calendar::years(&mut tx).await
    }
}

/// Refuses a year with everything that is wrong with it, each where the message has it.
fn check(year: &CalendarYear) -> Result<(), Violations> {
    let mut c = Collector::new();
    for fault in year.check() {
        let path = fault.path().replace("off[", "days_off[").replace("worked[", "worked_days[");
        let path = if path == "off" { "days_off".to_owned() } else { path };
        let path = path.replace(".in_place_of", ".replaced_date");
        let path = match path.strip_suffix(".date") {
            Some(day) if day.starts_with("days_off") => format!("{day}.off_date"),
            Some(day) => format!("{day}.worked_date"),
            None => path,
        };
        let violation = fault.violation();
        let path = format!("calendar_year.{path}");
        c.refuse(&path, violation.reason, violation.english, violation.vietnamese);
    }
    c.finish(Some(()))
}
