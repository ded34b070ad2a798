//! Moves an assignment from one unit to another: both versions and what tells them, in one transaction.

use std::collections::BTreeSet;

use cchc_core::AssignmentId;
use cchc_kit::{db::DbError, outbox, units};
use sqlx::PgConnection;

use super::{App, Command, CommandError};
use crate::{
    domain::{
        assignment::{
            Assignment,
            reassign::{Ground, MoveError, Moved, Reassigning},
        },
        change::Stamp,
        expansion::assignment_id,
    },
    events::tell,
    store::{assignments, catalogue, turns},
};

impl App {
    /// Moves an assignment; a repeat finds both as they stand.
    #[tracing::instrument(name = "app.assignment.reassign", skip_all, fields(assignment.id = %id))]
    pub(crate) async fn reassign(
        &self,
        command: &Command,
        id: AssignmentId,
        wish: &Reassigning,
    ) -> Result<Moved, CommandError> {
        let mut tx = self.db.begin().await?;
        let from = one(&mut tx, id).await?.ok_or(CommandError::AssignmentNotFound(id))?;
        turns::take(&mut tx, &BTreeSet::from([&from.unit, &wish.to])).await?;
        let is_repeat = command.is_repeat(&mut tx).await?;
        // Read again under the turn: nobody changes either of them now.
        let from = one(&mut tx, id).await?.ok_or(CommandError::AssignmentNotFound(id))?;
        let receiver = one(&mut tx, assignment_id(&from.plan, &from.task, &wish.to)).await?;
        if is_repeat {
            let to = receiver.ok_or(CommandError::AssignmentNotFound(id))?;
            return Ok(Moved { from, to });
        }
        let stamp = Stamp {
            id: self.ids.next(),
            event_id: self.ids.next().into(),
            by: command.actor.subject.clone(),
            at: self.clock.now(),
        };
        let moved = decide(&mut tx, wish, (&from, receiver.as_ref()), &stamp).await?;
        save(&mut tx, &moved, receiver.is_none(), &stamp).await?;
        tx.commit().await?;
        Ok(moved)
    }
}

async fn one(tx: &mut PgConnection, id: AssignmentId) -> Result<Option<Assignment>, DbError> {
    Ok(assignments::present(tx, [id]).await?.into_iter().next())
}

async fn decide(
    tx: &mut PgConnection,
    wish: &Reassigning,
    (from, receiver): (&Assignment, Option<&Assignment>),
    stamp: &Stamp,
) -> Result<Moved, CommandError> {
    let plan = catalogue::plans(tx, [&from.plan]).await?.into_iter().next();
    let plan = plan.ok_or(CommandError::AssignmentNotFound(from.id))?;
    let units = units::list(tx, Some(&plan.province)).await?.into_iter().collect();
    let ground = Ground { plan: &plan, units: &units, receiver };
    wish.decide(from, ground, stamp).map_err(|error| match error {
        MoveError::Invalid(violations) => violations.into(),
        MoveError::Step(error) => error.into(),
    })
}

async fn save(
    tx: &mut PgConnection,
    moved: &Moved,
    is_new: bool,
    stamp: &Stamp,
) -> Result<(), DbError> {
    if is_new {
        assignments::insert_new(tx, std::slice::from_ref(&moved.to)).await?;
    }
    for version in [&moved.from, &moved.to] {
        assignments::insert_progress(tx, version, stamp.event_id).await?;
    }
    let fact = tell::assignment_reassigned(Some(&moved.from), Some(&moved.to));
    outbox::record(tx, stamp.event_id, &fact, stamp.at).await
}
