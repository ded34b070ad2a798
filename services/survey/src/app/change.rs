//! Stores corrections and retractions of a chunk, after its new responses: a chunk may correct what it
//! brings. This is not the hot path; changes are few, and each is decided by what is stored.

use cchc_core::BatchId;
use cchc_kit::push::Outcome;
use sqlx::PgConnection;

use super::SurveyError;
use crate::{
    domain::{
        batch::Batch,
        change::{Change, Ruling},
        tally::Sums,
    },
    store::changes,
};

/// Stores the changes of a batch and moves its sums by the differences; says what became of each.
pub(super) async fn change(
    tx: &mut PgConnection,
    batch_id: BatchId,
    batch: &Batch,
    is_open: bool,
    sums: &mut Sums,
) -> Result<Vec<(usize, Outcome)>, SurveyError> {
    if batch.changes.is_empty() {
        return Ok(Vec::new());
    }
    let fieldwork = &batch.fieldwork;
    let mut known = changes::lock(tx, batch).await?;
    let (mut outcomes, mut stored): (Vec<_>, Vec<&Change>) = (Vec::new(), Vec::new());
    for change in &batch.changes {
        let ruling = change.decide(known.get_mut(&change.id), fieldwork.number, is_open);
        let outcome = match ruling.refusal(&fieldwork.survey.code) {
            Some(violations) => Outcome::Refused(violations),
            None if ruling == Ruling::Repeat => Outcome::Repeat,
            None => Outcome::Corrected,
        };
        if let Ruling::Stored(replaced) = ruling {
            sums.replace(&fieldwork.layout, change, replaced.as_ref());
            stored.push(change);
        }
        outcomes.push((change.place, outcome));
    }
    changes::insert(tx, batch_id, &stored).await?;
    Ok(outcomes)
}
