//! Takes how far units are.

use std::collections::BTreeMap;

use cchc_core::{AssignmentId, UnitCode, Violations};
use cchc_kit::{db::DbError, outbox};
use sqlx::PgConnection;

use super::intake::{Intake, Made};
use crate::{
    domain::{
        assignment::{Assignment, ProgressReport},
        change::{Change, Stamp},
    },
    events::tell,
    store::assignments,
};

impl Intake for ProgressReport {
    const METHOD: &'static str = "cchc.assignment.v1.AssignmentService/PushProgress";
    type Known = BTreeMap<AssignmentId, Assignment>;
    type Version = Assignment;

    fn unit(&self) -> &UnitCode {
        &self.unit
    }

    async fn load(tx: &mut PgConnection, rows: &[&Self]) -> Result<Self::Known, DbError> {
        let present = assignments::present(tx, rows.iter().map(|row| row.assignment_id())).await?;
        Ok(present.into_iter().map(|assignment| (assignment.id, assignment)).collect())
    }

    fn decide(&self, known: &Self::Known, stamp: &Stamp) -> Result<Change<Assignment>, Violations> {
        self.decide(known.get(&self.assignment_id()), stamp)
    }

    async fn save(tx: &mut PgConnection, made: &[Made<Assignment>]) -> Result<(), DbError> {
        for (version, stamp) in made {
            assignments::insert_progress(tx, version, stamp.event_id).await?;
        }
        let fact = |(version, stamp): &Made<Assignment>| {
            (stamp.event_id, tell::assignment_progressed(version), stamp.at)
        };
        outbox::record_all(tx, &made.iter().map(fact).collect::<Vec<_>>()).await
    }

    fn learn(known: &mut Self::Known, version: Assignment) {
        known.insert(version.id, version);
    }
}
