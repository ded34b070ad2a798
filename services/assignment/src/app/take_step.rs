//! Takes an assignment a step further: accepted, delegated, confirmed, returned.

use std::collections::BTreeSet;

use cchc_core::{AssignmentId, UnitCode};
use cchc_kit::{db::DbError, outbox};

use super::{App, Command, CommandError};
use crate::{
    domain::{
        assignment::{Assignment, step::Wish},
        change::Stamp,
    },
    events::tell,
    store::{assignments, turns},
};

impl App {
    /// Says whose an assignment is.
    pub(crate) async fn unit_of(&self, id: AssignmentId) -> Result<UnitCode, CommandError> {
        let mut tx = self.db.begin().await?;
        let found = assignments::present(&mut tx, [id]).await?;
        let found = found.into_iter().next().ok_or(CommandError::AssignmentNotFound(id))?;
        Ok(found.unit)
    }

    /// Takes a step; a repeat finds the assignment as it stands.
    #[tracing::instrument(name = "app.assignment.step", skip_all, fields(assignment.id = %id))]
    pub(crate) async fn take_step(
        &self,
        command: &Command,
        id: AssignmentId,
        unit: &UnitCode,
        wish: &Wish,
    ) -> Result<Assignment, CommandError> {
        let mut tx = self.db.begin().await?;
        turns::take(&mut tx, &BTreeSet::from([unit])).await?;
        let is_repeat = command.is_repeat(&mut tx).await?;
        let present = assignments::present(&mut tx, [id]).await?;
        let present = present.into_iter().next().ok_or(CommandError::AssignmentNotFound(id))?;
        if is_repeat {
            return Ok(present);
        }
        let stamp = Stamp {
            id: self.ids.next(),
            event_id: self.ids.next().into(),
            by: command.actor.subject.clone(),
            at: self.clock.now(),
        };
        let next = wish.decide(&present, &stamp)?;
        assignments::insert_progress(&mut tx, &next, stamp.event_id).await?;
        let fact = tell::assignment_progressed(&next);
        outbox::record(&mut tx, stamp.event_id, &fact, stamp.at).await?;
        tx.commit().await?;
        Ok(next)
    }

    /// Reads every version of an assignment, the first first; nothing when there is no such assignment.
    pub(crate) async fn history(&self, id: AssignmentId) -> Result<Vec<Assignment>, DbError> {
        let mut tx = self.db.begin().await?;
        assignments::history(&mut tx, id).await
    }
}
