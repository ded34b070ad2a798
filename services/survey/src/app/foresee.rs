//! Foreseeing whether the strata of a survey will have their quotas, from what is in the figures: in the
//! transaction of every release, and once a minute, since days pass without one. The lock of the release
//! makes everybody who foresees take turns.

use cchc_core::civil_date;
use cchc_kit::{db::DbError, outbox};
use cchc_scoring::survey::plan::Outlook;
use sqlx::PgConnection;
use time::Date;

use super::{SurveyError, Surveys};
use crate::{
    domain::{
        outlook::to_tell,
        survey::{State, Survey},
    },
    events::tell,
    store::{locks, outlooks, surveys, surveys::Stored},
};

/// How the strata of a survey stand on a day.
#[derive(Debug)]
pub(crate) struct Standing {
    pub(crate) day: Date,
    pub(crate) strata: Vec<(cchc_core::UnitCode, Outlook)>,
}

impl Surveys {
    /// Says how the strata of a survey stand today.
    pub(crate) async fn fieldwork(&self, survey: &Stored) -> Result<Standing, SurveyError> {
        let mut conn = self.db.pool().acquire().await.map_err(DbError::from)?;
        let released = outlooks::released(&mut conn, survey.number).await?;
        let day = civil_date(self.now());
        Ok(Standing { day, strata: survey.survey.outlooks(&released, day) })
    }

    /// Foresees for every open survey that has a plan.
    pub(super) async fn foresee_all(&self) -> Result<(), SurveyError> {
        let planned = {
            let mut conn = self.db.pool().acquire().await.map_err(DbError::from)?;
            outlooks::planned(&mut conn).await?
        };
        for survey in planned {
            let mut tx = self.db.begin().await?;
            locks::release(&mut tx, survey.number).await?;
            // Its closing may have come first.
            let now = surveys::find(&mut tx, &survey.survey.code).await?;
            if now.is_some_and(|now| now.state == State::Open) {
                self.foresee(&mut tx, survey.number, &survey.survey).await?;
            }
            tx.commit().await?;
        }
        Ok(())
    }

    /// Tells of every stratum that is foreseen otherwise than before; the caller has the release lock.
    pub(super) async fn foresee(
        &self,
        tx: &mut PgConnection,
        number: i32,
        survey: &Survey,
    ) -> Result<(), SurveyError> {
        if survey.sample.is_none() {
            return Ok(());
        }
        let now = self.now();
        let day = civil_date(now);
        let standing = survey.outlooks(&outlooks::released(tx, number).await?, day);
        for foreseen in to_tell(standing, &outlooks::last(tx, number).await?, day) {
            let event_id = self.event_id();
            outlooks::insert(tx, number, &foreseen, event_id).await?;
            outbox::record(tx, event_id, &tell::foreseen(&survey.code, &foreseen), now).await?;
        }
        Ok(())
    }
}
