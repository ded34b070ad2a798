//! Comparing two states of a plan: both recomputed from what the producers had recorded, and taken apart by
//! what lies between them.

use cchc_core::PlanCode;
use time::OffsetDateTime;

use super::{App, PublicationError, checksum, read::ReadError};
use crate::domain::{
    canon,
    movement::{self, Movement},
    publication::Reader,
    recorded::Recorded,
    rollup::{self, Moment, Watermark},
};

/// The earlier of two states.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Since {
    /// What had been recorded by an instant.
    Instant(OffsetDateTime),
    /// What a publication froze, as far as this reader may see it.
    Publication(i32, Reader),
}

/// Two states of a plan and how its scores moved from one to the other.
#[derive(Debug)]
pub(crate) struct Compared {
    pub(crate) plan: PlanCode,
    pub(crate) from: End,
    pub(crate) to: End,
    pub(crate) movement: Movement,
}

/// A state that is compared.
#[derive(Debug)]
pub(crate) struct End {
    pub(crate) moment: Moment,
    /// The publication it was asked for by.
    pub(crate) publication: Option<i32>,
    pub(crate) watermarks: Vec<Watermark>,
    /// The checksum of the rollup.
    pub(crate) checksum: String,
}

impl App {
    /// Says how a plan's scores moved since an earlier state, until an instant or now.
    #[tracing::instrument(name = "app.rollup.compare", skip_all, fields(plan.code = %plan))]
    pub(crate) async fn compare(
        &self,
        plan: &PlanCode,
        since: Since,
        until: Option<OffsetDateTime>,
    ) -> Result<Compared, PublicationError> {
        let mut from = self.beginning(plan, since).await?;
        let mut to = self.end(plan, until).await?;
        if until.is_some_and(|until| from.moment.time() > until) {
            return Err(ReadError::Reversed.into());
        }
        let before = self.recall(&from.watermarks).await?.recorded;
        let after = self.recall(&to.watermarks).await?.recorded;
        let missing = || ReadError::PlanNotFound(plan.clone());
        let movement = movement::between(plan, &before, &after).ok_or_else(missing)?;
        from.checksum = checksum_of(plan, before).ok_or_else(missing)?;
        to.checksum = checksum_of(plan, after).ok_or_else(missing)?;
        Ok(Compared { plan: plan.clone(), from, to, movement })
    }

    async fn beginning(&self, plan: &PlanCode, since: Since) -> Result<End, PublicationError> {
        let (moment, watermarks, publication) = match since {
            Since::Instant(instant) => {
                (Moment::Past(instant), self.numbers_at(instant).await?, None)
            }
            Since::Publication(number, reader) => {
                let opened = self.open_publication((plan, number), reader).await?.frozen;
                let watermarks = match opened.moment {
                    Moment::Past(instant) => self.numbers_at(instant).await?,
                    Moment::Live { .. } => opened.watermarks,
                };
                (opened.moment, watermarks, Some(number))
            }
        };
        Ok(End { moment, publication, watermarks, checksum: String::new() })
    }

    async fn end(&self, plan: &PlanCode, until: Option<OffsetDateTime>) -> Result<End, ReadError> {
        let (moment, watermarks) = if let Some(instant) = until {
            (Moment::Past(instant), self.numbers_at(instant).await?)
        } else {
            let live = self.rollup(plan).await?;
            (live.moment, live.watermarks.clone())
        };
        Ok(End { moment, publication: None, watermarks, checksum: String::new() })
    }
}

/// The checksum of the rollup that follows from what was recorded.
fn checksum_of(plan: &PlanCode, recorded: Recorded) -> Option<String> {
    let catalogue = recorded.catalogue();
    let scope = catalogue.scope(plan)?;
    let facts = recorded.facts.within(scope);
    let sums = facts.sums(scope);
    let (sheets, beside) = (facts.sheets(scope, &sums), facts.beside(scope));
    Some(checksum::of_lines(&canon::scored(&rollup::indices(scope, &sheets, &beside))))
}
