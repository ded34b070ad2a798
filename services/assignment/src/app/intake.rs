//! How a chunk of rows is taken, whatever the rows are: one transaction, each row its own outcome.
//!
//! | step | why there |
//! | --- | --- |
//! | wait for the turn of every unit | two pushes of one unit never decide against the same version |
//! | claim the request ids | a resend of an old row is a repeat, even when newer versions stand since |
//! | load what is known, once a chunk | a row sees what the rows before it did, without asking again |
//! | decide | row by row, in the order of the stream |
//! | save, record the facts | a statement each, however many rows |
//! | give back the claims of refused rows | only success is remembered; the corrected row may keep its id |
//!
//! Turns come before claims in every transaction, so no two wait for each other.

use std::{collections::BTreeSet, future::Future};

use cchc_core::{Actor, RequestId, UnitCode, Violations};
use cchc_kit::{
    db::DbError,
    idempotency::{self, Claim, ContentHash, RequestIdReused},
    push::Outcome,
};
use sqlx::PgConnection;

use super::{App, Purpose};
use crate::{
    domain::change::{Change, Stamp},
    store::turns,
};

/// A row that was read whole, for a unit that the caller reaches.
#[derive(Debug, Clone)]
pub(crate) struct Asked<R> {
    pub(crate) request_id: RequestId,
    pub(crate) hash: ContentHash,
    pub(crate) row: R,
}

/// A version that a row makes, with what marks it.
pub(crate) type Made<V> = (V, Stamp);

/// A kind of row that units or appraisers push.
pub(crate) trait Intake: Send + Sync {
    /// The method it comes through.
    const METHOD: &'static str;
    /// What the rows of a chunk are decided against.
    type Known: Send + Sync;
    /// What a row becomes.
    type Version: Clone + Send + Sync;

    /// The unit the row is about.
    fn unit(&self) -> &UnitCode;

    /// Reads all that the rows of a chunk are decided against.
    fn load(
        tx: &mut PgConnection,
        rows: &[&Self],
    ) -> impl Future<Output = Result<Self::Known, DbError>> + Send;

    /// Decides.
    fn decide(
        &self,
        known: &Self::Known,
        stamp: &Stamp,
    ) -> Result<Change<Self::Version>, Violations>;

    /// Saves versions and records the fact of each, in this order.
    fn save(
        tx: &mut PgConnection,
        made: &[Made<Self::Version>],
    ) -> impl Future<Output = Result<(), DbError>> + Send;

    /// Lets the rows that follow see a version.
    fn learn(known: &mut Self::Known, version: Self::Version);
}

impl App {
    /// Takes a chunk of rows, or only tries it; answers one outcome a row, in order.
    #[tracing::instrument(name = "app.rows.take", skip_all, fields(rpc.method = R::METHOD, row_count = rows.len()))]
    pub(crate) async fn take<R: Intake>(
        &self,
        actor: &Actor,
        rows: Vec<Result<Asked<R>, Violations>>,
        purpose: Purpose,
    ) -> Result<Vec<Outcome>, DbError> {
        let good: Vec<&Asked<R>> = rows.iter().flatten().collect();
        let mut decided = self.settle(actor, &good, purpose).await?.into_iter();
        let outcomes = rows.into_iter().map(|row| match row {
            Ok(_) => decided.next(),
            Err(violations) => Some(Outcome::Refused(violations)),
        });
        Ok(outcomes.flatten().collect())
    }

    async fn settle<R: Intake>(
        &self,
        actor: &Actor,
        rows: &[&Asked<R>],
        purpose: Purpose,
    ) -> Result<Vec<Outcome>, DbError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let mut tx = self.db.begin().await?;
        turns::take(&mut tx, &rows.iter().map(|asked| asked.row.unit()).collect()).await?;
        let ids: Vec<_> = rows.iter().map(|asked| (asked.request_id, asked.hash)).collect();
        let claims = idempotency::claim_all(&mut tx, actor, R::METHOD, &ids).await?;
        let bare: Vec<&R> = rows.iter().map(|asked| &asked.row).collect();
        let known = R::load(&mut tx, &bare).await?;
        let mut chunk =
            Chunk { app: self, actor, known, made: Vec::new(), refused: BTreeSet::new() };
        let settled = rows.iter().zip(claims).map(|(asked, claim)| chunk.settle(asked, claim));
        let outcomes = settled.collect();
        R::save(&mut tx, &chunk.made).await?;
        idempotency::release(&mut tx, actor, &chunk.refused).await?;
        purpose.end(tx).await?;
        Ok(outcomes)
    }
}

/// A chunk being taken.
struct Chunk<'a, R: Intake> {
    app: &'a App,
    actor: &'a Actor,
    known: R::Known,
    /// What is to be saved.
    made: Vec<Made<R::Version>>,
    /// Ids claimed by rows that were then refused.
    refused: BTreeSet<RequestId>,
}

impl<R: Intake> Chunk<'_, R> {
    fn settle(&mut self, asked: &Asked<R>, claim: Claim) -> Outcome {
        let id = asked.request_id;
        if claim == Claim::Reused {
            return Outcome::refused("request_id", &RequestIdReused(id));
        }
        let stamp = Stamp {
            id: self.app.ids.next(),
            event_id: self.app.ids.next().into(),
            by: self.actor.subject.clone(),
            at: self.app.clock.now(),
        };
        let decided = asked.row.decide(&self.known, &stamp);
        // The same row twice in a chunk, refused the first time, has not been stored.
        if claim == Claim::Repeat && !self.refused.contains(&id) {
            let stands = !matches!(decided, Ok(Change::First(_) | Change::Next(_)));
            return if stands { Outcome::Repeat } else { Outcome::Superseded };
        }
        let (version, outcome) = match decided {
            Err(violations) => {
                self.refused.insert(id);
                return Outcome::Refused(violations);
            }
            Ok(Change::First(version)) => (Some(version), Outcome::Accepted),
            Ok(Change::Next(version)) => (Some(version), Outcome::Corrected),
            Ok(Change::Same) => (None, Outcome::Repeat),
        };
        self.refused.remove(&id);
        if let Some(version) = version {
            self.made.push((version.clone(), stamp));
            R::learn(&mut self.known, version);
        }
        outcome
    }
}
