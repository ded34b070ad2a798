//! What a courier asks for: which digests are to be tried now, what is in one, where it goes, and how an
//! attempt ended. Each is a transaction; nothing is sent within one.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use cchc_core::{PlanCode, TaskNumber};
use cchc_kit::{
    db::DbError,
    vault::{VaultError, Wrapped},
};
use sqlx::PgConnection;
use time::Date;
use uuid::Uuid;

use super::App;
use crate::{
    domain::{
        delivery::{Attempt, Channel, Contact, Ended, Letter, Line, Sealed, State, letter},
        reminder::{Recipient, Subject},
    },
    store::{catalogue, deliveries, turns},
};

/// A digest with where it goes.
#[derive(Debug)]
pub(crate) struct Parcel {
    pub(crate) recipient: Recipient,
    pub(crate) send_date: Date,
    pub(crate) lines: Vec<Line>,
    pub(crate) letter: Letter,
    /// Nobody, when the directory does not name the recipient any more.
    pub(crate) contact: Option<Contact>,
}

impl App {
    /// Puts every complete digest on its way over a channel whose recipient is reached over it; says how many.
    ///
    /// It takes the turn of those who raise notices: whoever is about to add one to a digest does so before,
    /// and whoever comes later finds that it is on its way.
    pub(crate) async fn seal_digests(&self, channel: Channel) -> Result<usize, DbError> {
        let mut tx = self.db.begin().await?;
        let directory = deliveries::directories(&mut tx).await?;
        if !directory.0.iter().any(|contact| contact.has(channel)) {
            return Ok(0);
        }
        turns::alone(&mut tx, "reminders").await?;
        let now = self.clock.now();
        let unsent = deliveries::unsent(&mut tx, channel, now).await?;
        let reached = unsent.iter().filter(|(_, to)| directory.contact(to, channel).is_some());
        let digests: Vec<Uuid> = reached.map(|(digest, _)| *digest).collect();
        deliveries::insert(&mut tx, &digests, channel, now).await?;
        tx.commit().await?;
        Ok(digests.len())
    }

    /// Begins attempts of what is to be tried now.
    pub(crate) async fn begin_attempts(
        &self,
        channel: Channel,
        most: i64,
    ) -> Result<Vec<Attempt>, DbError> {
        let mut tx = self.db.begin().await?;
        let begun = deliveries::begin(&mut tx, channel, self.clock.now(), most).await?;
        tx.commit().await?;
        Ok(begun)
    }

    /// Reads what an attempt carries.
    pub(crate) async fn parcel(&self, attempt: &Attempt) -> Result<Parcel, DbError> {
        let mut tx = self.db.begin_snapshot().await?;
        let id = attempt.digest;
        let (recipient, name, send_date) = deliveries::digest(&mut tx, id)
            .await?
            .ok_or_else(|| DbError::inconsistent("assignment.deliveries", "digest_id", &id))?;
        let mut lines = deliveries::lines(&mut tx, id).await?;
        let titles = titles(&mut tx, &lines).await?;
        for line in &mut lines {
            let Subject::Assignment(_, task) = &line.subject else { continue };
            let title = titles.get(&(line.plan.clone(), task.clone()));
            line.title = title.cloned().unwrap_or_default();
        }
        let directory = deliveries::directories(&mut tx).await?;
        let contact = directory.contact(&recipient, attempt.channel).cloned();
        let letter = letter(&recipient, &name, send_date, &lines);
        Ok(Parcel { recipient, send_date, lines, letter, contact })
    }

    /// Takes the secret of a contact's webhook out.
    pub(crate) fn secret(&self, contact: &Contact, sealed: &Sealed) -> Result<Vec<u8>, VaultError> {
        let vault = self.vault.as_deref().ok_or(VaultError::Empty)?;
        let bytes = STANDARD.decode(&sealed.sealed).map_err(|_| VaultError::DoesNotOpen)?;
        vault.unwrap(&contact.about(), &Wrapped { key: sealed.key.clone(), sealed: bytes })
    }

    /// Ends an attempt; says how far the delivery is now, or nothing when another attempt has begun since.
    #[tracing::instrument(name = "app.delivery.end", skip_all, fields(digest.id = %attempt.digest))]
    pub(crate) async fn end_attempt(
        &self,
        attempt: &Attempt,
        ended: &Ended,
    ) -> Result<Option<State>, DbError> {
        let mut tx = self.db.begin().await?;
        let now = self.clock.now();
        let settled = attempt.settle(ended, now);
        let error = match ended {
            Ended::Taken => "",
            Ended::Failed(why) | Ended::Refused(why) => why,
        };
        let is_last = deliveries::end(&mut tx, attempt, settled, error, now).await?;
        tx.commit().await?;
        Ok(is_last.then_some(settled.0))
    }

    /// Counts what is to be tried and what was given up over a channel.
    pub(crate) async fn backlog(&self, channel: Channel) -> Result<(i64, i64), DbError> {
        let mut tx = self.db.begin().await?;
        deliveries::backlog(&mut tx, channel).await
    }
}

/// What the tasks of these notices are called.
async fn titles(
    tx: &mut PgConnection,
    lines: &[Line],
) -> Result<BTreeMap<(PlanCode, TaskNumber), String>, DbError> {
    let plans = catalogue::plans(tx, lines.iter().map(|line| &line.plan)).await?;
    let of_plan = plans.into_iter().flat_map(|plan| {
        let code = plan.code;
        plan.tasks.into_iter().map(move |task| ((code.clone(), task.number), task.title))
    });
    Ok(of_plan.collect())
}
