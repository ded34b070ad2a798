//! Settling a refused row: sending it again, or giving it up. One transaction each, so that a row is settled
//! once, however many try at the same moment.

use cchc_core::{QuarantinedRowId, ResponseId};
use cchc_kit::push::Outcome;
use sqlx::PgConnection;

use super::{Asked, Chunk, SurveyError, Surveys, is_repeat, quarantine::etag};
use crate::{
    domain::quarantine::{QuarantinedRow, Settling},
    store::{locks, quarantine, quarantined_rows},
};

/// A row that is sent again, read and checked as any row of a push.
pub(crate) struct Resent {
    /// The response it names; nothing when it names none, and it is refused for that.
    pub(crate) response: Option<ResponseId>,
    pub(crate) chunk: Chunk,
}

impl Surveys {
    /// Stores a waiting row as it is sent again. Nothing is sent when the row no longer has what it said:
    /// then it was settled before, by this very request or by another.
    #[tracing::instrument(name = "app.quarantine.replay", skip_all, fields(row.id = %row))]
    pub(crate) async fn replay(
        &self,
        asked: &Asked,
        row: QuarantinedRowId,
        resent: Option<Resent>,
    ) -> Result<QuarantinedRow, SurveyError> {
        let mut tx = self.db.begin().await?;
        if let Some(resent) = &resent {
            // Before anything is written: whoever closes the survey waits for this, and not the other
            // way round.
            locks::fieldwork(&mut tx, &resent.chunk.turns()).await?;
        }
        if !is_repeat(&mut tx, asked).await? {
            match resent {
                Some(resent) => self.store_again(&mut tx, asked, row, resent).await?,
                None => return Err(settled(&mut tx, row).await?),
            }
        }
        let found = quarantined_rows::find(&mut tx, row).await?;
        tx.commit().await?;
        found.ok_or(SurveyError::RowNotFound(row))
    }

    async fn store_again(
        &self,
        tx: &mut PgConnection,
        asked: &Asked,
        row: QuarantinedRowId,
        Resent { response, chunk }: Resent,
    ) -> Result<(), SurveyError> {
        if let Some((_, violations)) = chunk.refused.into_iter().next() {
            return Err(violations.into());
        }
        let response = response.ok_or(SurveyError::RowNotFound(row))?;
        let settling = Settling::Replayed(response);
        // Settled first: then the row is not taken for one whose place the stored one takes.
        if !quarantine::settle(tx, row, &settling, &asked.party(), self.now()).await? {
            return Err(settled(tx, row).await?);
        }
        let chunk = Chunk { batches: chunk.batches, ..Chunk::default() };
        match self.take_in(tx, 1, chunk).await?.pop() {
            // The transaction ends here, and the row goes on waiting.
            Some(Outcome::Refused(violations)) => Err(violations.into()),
            _ => Ok(()),
        }
    }

    /// Gives up a waiting row that was read.
    #[tracing::instrument(name = "app.quarantine.drop", skip_all, fields(row.id = %row))]
    pub(crate) async fn drop_row(
        &self,
        asked: &Asked,
        row: QuarantinedRowId,
        read: &str,
        reason: String,
    ) -> Result<QuarantinedRow, SurveyError> {
        let mut tx = self.db.begin().await?;
        if !is_repeat(&mut tx, asked).await? {
            match quarantined_rows::received(&mut tx, row).await? {
                None => return Err(settled(&mut tx, row).await?),
                // What a waiting row said does not change.
                Some(received) if etag(&received.hash) != read => {
                    return Err(SurveyError::EtagMismatch(row));
                }
                Some(_) => {}
            }
            let settling = Settling::Dropped(reason);
            if !quarantine::settle(&mut tx, row, &settling, &asked.party(), self.now()).await? {
                return Err(settled(&mut tx, row).await?);
            }
        }
        let found = quarantined_rows::find(&mut tx, row).await?;
        tx.commit().await?;
        found.ok_or(SurveyError::RowNotFound(row))
    }
}

/// Says why a row cannot be settled any more.
async fn settled(tx: &mut PgConnection, row: QuarantinedRowId) -> Result<SurveyError, SurveyError> {
    let found = quarantined_rows::find(tx, row).await?;
    Ok(match found {
        Some(found) => SurveyError::RowSettled { row, state: found.state },
        None => SurveyError::RowNotFound(row),
    })
}
