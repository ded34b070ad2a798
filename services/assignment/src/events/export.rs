//! This service's facts as they stood at a number: assignments, measurements, self-assessments, appraisals.
//! Each comes in the form of the event that told its version then.

use std::pin::pin;

use cchc_core::EventId;
use cchc_kit::{
    db::DbError,
    source::{FactSender, Facts},
};
use cchc_proto::fact::Fact;
use futures::{Stream, TryStreamExt as _, future::BoxFuture};
use sqlx::PgConnection;

use super::tell;
use crate::{
    domain::assignment::State,
    store::{
        appraisals, assessments, assignments, campaigns, entries, measurements, notices,
        obligations, scorecards,
    },
};

/// Exports what was assigned, reported and decided.
#[derive(Debug)]
pub(crate) struct Export;

impl Facts for Export {
    fn export<'a>(
        &'a self,
        tx: &'a mut PgConnection,
        as_of: i64,
        out: &'a FactSender,
    ) -> BoxFuture<'a, Result<(), DbError>> {
        Box::pin(async move {
            let _ = assignments_as_of(tx, as_of, out).await?
                && send(out, measurements::as_of(tx, as_of), tell::measurement_recorded).await?
                && send(out, assessments::as_of(tx, as_of), tell::assessment_submitted).await?
                && send(out, appraisals::as_of(tx, as_of), tell::appraisal_decided).await?
                && notices_as_of(tx, as_of, out).await?
                && obligations_as_of(tx, as_of, out).await?
                && send(out, scorecards::as_of(tx, as_of), tell::scorecard_changed).await?
                && send(out, campaigns::as_of(tx, as_of), tell::campaign_set).await?
                && send(out, entries::as_of(tx, as_of), |(plan, entry)| {
                    tell::entry_moved(plan, entry)
                })
                .await?;
            Ok(())
        })
    }
}

/// An assignment that nobody reported on was told by the expansion, one that was moved by the move, others by the
/// last report or step.
async fn assignments_as_of(
    tx: &mut PgConnection,
    as_of: i64,
    out: &FactSender,
) -> Result<bool, DbError> {
    let mut rows = pin!(assignments::as_of(tx, as_of));
    while let Some((event_id, assignment)) = rows.try_next().await? {
        let is_heard = if assignment.progress.moved.is_some() {
            let (from, to) = match assignment.state() {
                State::Reassigned => (Some(&assignment), None),
                _ => (None, Some(&assignment)),
            };
            out.send(event_id, &tell::assignment_reassigned(from, to)).await
        } else if assignment.progress.version == 1 {
            let told = std::slice::from_ref(&assignment);
            out.send(event_id, &tell::plan_expanded(&assignment.plan, told)).await
        } else {
            out.send(event_id, &tell::assignment_progressed(&assignment)).await
        };
        if !is_heard {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A notice that nobody acknowledged was told when it was raised, others by the acknowledgement.
async fn notices_as_of(
    tx: &mut PgConnection,
    as_of: i64,
    out: &FactSender,
) -> Result<bool, DbError> {
    let mut rows = pin!(notices::as_of(tx, as_of));
    while let Some((event_id, notice)) = rows.try_next().await? {
        let is_heard = if notice.acknowledgement.is_none() {
            let told = std::slice::from_ref(&notice);
            out.send(event_id, &tell::notices_raised(&notice.plan, told)).await
        } else {
            out.send(event_id, &tell::notice_acknowledged(&notice)).await
        };
        if !is_heard {
            return Ok(false);
        }
    }
    Ok(true)
}

/// An obligation for which nothing was filed was told when it was opened, others by the last filing.
async fn obligations_as_of(
    tx: &mut PgConnection,
    as_of: i64,
    out: &FactSender,
) -> Result<bool, DbError> {
    let mut rows = pin!(obligations::as_of(tx, as_of));
    while let Some((event_id, owed)) = rows.try_next().await? {
        let is_heard = if owed.filing.is_none() {
            let told = std::slice::from_ref(&owed);
            out.send(event_id, &tell::obligations_opened(&owed.key.plan, told)).await
        } else {
            out.send(event_id, &tell::report_filed(&owed)).await
        };
        if !is_heard {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Sends facts while somebody listens; says whether somebody still does.
async fn send<T, F: Fact>(
    out: &FactSender,
    rows: impl Stream<Item = Result<(EventId, T), DbError>>,
    tell: impl Fn(&T) -> F,
) -> Result<bool, DbError> {
    let mut rows = pin!(rows);
    while let Some((event_id, version)) = rows.try_next().await? {
        if !out.send(event_id, &tell(&version)).await {
            return Ok(false);
        }
    }
    Ok(true)
}
