//! Attaches a document to an entry: the same one to as many as it shows something for.

use std::collections::BTreeSet;

use cchc_core::civil_date;
use uuid::Uuid;

use super::super::{App, Command, CommandError};
use crate::{
    domain::{
        campaign::{CampaignError, Kind, entry::Key, next},
        evidence::EvidenceError,
    },
    store::{entries, evidence, turns},
};

impl App {
    /// Attaches, while the unit may score or explain the entry.
    #[tracing::instrument(name = "app.evidence.attach", skip_all, fields(unit.code = %key.unit))]
    pub(crate) async fn attach_evidence(
        &self,
        command: &Command,
        id: Uuid,
        key: &Key,
    ) -> Result<(), CommandError> {
        let mut tx = self.db.begin().await?;
        turns::take(&mut tx, &BTreeSet::from([&key.unit])).await?;
        if command.is_repeat(&mut tx).await? {
            return Ok(());
        }
        let standing = self.place_of(&mut tx, key).await?;
        let known = evidence::versions(&mut tx, id).await?.pop();
        if known.is_none_or(|document| document.unit != key.unit) {
            return Err(EvidenceError::NotFound(id).into());
        }
        let entry = entries::present(&mut tx, [key]).await?.into_iter().next();
        let (now, present) = (self.clock.now(), entry.as_ref());
        let today = civil_date(now);
        let is_open =
            |kind: Kind| kind.span(&standing, present).is_some_and(|span| span.contains(today));
        if !is_open(Kind::Score) && !is_open(Kind::Explain) {
            return Err(CampaignError::NotNow {
                state: present.map(|entry| entry.state),
                stage: standing.stage(today),
                next: next(&standing, present, today),
            }
            .into());
        }
        evidence::attach(&mut tx, id, key, &command.actor.subject, now).await?;
        tx.commit().await?;
        Ok(())
    }
}
