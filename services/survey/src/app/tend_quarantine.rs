//! Tending the quarantine, every second: what has been kept for long enough is kept no longer, and how many
//! rows wait is told. Not within a push, so that a push that is refused row by row costs one event, not
//! thousands.

use cchc_core::SurveyCode;
use cchc_kit::{db::DbError, outbox};

use super::{SurveyError, Surveys};
use crate::{
    domain::tally::Parked,
    events::tell,
    store::{quarantine, quarantine_counts},
};

impl Surveys {
    /// Ends the keeping of what is due, and tells what has moved since the last look.
    pub(super) async fn tend_quarantine(&self) -> Result<(), SurveyError> {
        let mut tx = self.db.begin().await?;
        quarantine::expire(&mut tx, self.now()).await?;
        tx.commit().await?;
        let untold = {
            let mut conn = self.db.pool().acquire().await.map_err(DbError::from)?;
            quarantine_counts::untold(&mut conn).await?
        };
        for (number, code) in untold {
            self.tell_quarantine(number, &code).await?;
        }
        Ok(())
    }

    /// Tells of one survey. Of two that look at once each tells the rows it marks.
    async fn tell_quarantine(&self, number: i32, code: &SurveyCode) -> Result<(), SurveyError> {
        let mut tx = self.db.begin().await?;
        let (event_id, now) = (self.event_id(), self.now());
        let moved = quarantine_counts::mark_told(&mut tx, number, event_id).await?;
        if moved != Parked::default() {
            outbox::record(&mut tx, event_id, &tell::quarantined(code, moved), now).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}
