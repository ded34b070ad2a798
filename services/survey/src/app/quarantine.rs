//! Looking at refused rows.

use cchc_core::{QuarantinedRowId, UnitCode};
use cchc_kit::{db::DbError, units};

use super::{SurveyError, Surveys};
use crate::{
    domain::quarantine::QuarantinedRow,
    store::quarantined_rows::{self, Received, Wanted},
};

/// What a waiting row said.
#[derive(Clone)]
pub(crate) struct Content {
    /// The row, encoded.
    pub(crate) received: Vec<u8>,
    pub(crate) etag: String,
}

impl Surveys {
    /// Lists refused rows in the order of their arrival, behind one, at most so many.
    pub(crate) async fn quarantined_rows(
        &self,
        wanted: &Wanted,
        after: Option<QuarantinedRowId>,
        most: i64,
    ) -> Result<Vec<QuarantinedRow>, SurveyError> {
        let mut conn = self.db.pool().acquire().await.map_err(DbError::from)?;
        Ok(quarantined_rows::list(&mut conn, wanted, after, most).await?)
    }

    /// One refused row, with what it said while it waits.
    pub(crate) async fn quarantined_row(
        &self,
        row: QuarantinedRowId,
    ) -> Result<(QuarantinedRow, Option<Content>), SurveyError> {
        let mut snapshot = self.db.begin_snapshot().await?;
        let found = quarantined_rows::find(&mut snapshot, row).await?;
        let found = found.ok_or(SurveyError::RowNotFound(row))?;
        let content = quarantined_rows::received(&mut snapshot, row).await?;
        let Some(Received { content, sealed_by, hash }) = content else { return Ok((found, None)) };
        let received = match sealed_by {
            Some(survey) => self.unsealed(&mut snapshot, survey, &content).await?,
            None => content,
        };
        Ok((found, Some(Content { received, etag: etag(&hash) })))
    }

    /// A unit and every unit below it.
    pub(crate) async fn units_within(&self, unit: &UnitCode) -> Result<Vec<String>, SurveyError> {
        let mut conn = self.db.pool().acquire().await.map_err(DbError::from)?;
        let units = units::list(&mut conn, Some(unit)).await?;
        Ok(units.into_iter().map(|unit| unit.code.to_string()).collect())
    }
}

/// Names what a row said, by its hash.
pub(super) fn etag(hash: &[u8]) -> String {
    hex::encode(hash.get(..12).unwrap_or(hash))
}
