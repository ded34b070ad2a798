//! The facts as they stood at a number, counted again from the stored answers. The events' sums were
//! counted when the responses came; that both agree is what makes them believable.

use std::collections::HashMap;

use cchc_kit::{
    db::DbError,
    source::{FactSender, Facts},
};
use futures::{TryStreamExt as _, future::BoxFuture};
use sqlx::PgConnection;

use super::tell;
use crate::{
    domain::tally::{Layout, Sums},
    store::{
        changes,
        flags::{self, Which},
        outlooks,
        quarantine_counts::{self, AsOf},
        residues, responses,
        surveys::{self, Life},
    },
};

/// Exports surveys and their sums.
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
            let lives = surveys::as_of(tx, as_of).await?;
            let mut sums = recount(tx, &lives, as_of).await?;
            let which = Which { as_of: Some(as_of), ..Which::default() };
            let mut flagged = flags::counted(tx, which).await?;
            let mut parked: HashMap<i32, AsOf> = quarantine_counts::as_of(tx, as_of)
                .await?
                .into_iter()
                .map(|counted| (counted.survey_number, counted))
                .collect();
            let mut foreseen: HashMap<i32, Vec<_>> = HashMap::new();
            for (number, event_id, of) in outlooks::as_of(tx, as_of).await? {
                foreseen.entry(number).or_default().push((event_id, of));
            }
            for life in lives {
                out.send(life.opened_by, &tell::opened(&life.survey)).await;
                if let (Some(event_id), Some(sums)) = (life.tallied_by, sums.remove(&life.number)) {
                    let flagged = flagged.remove(&life.number).unwrap_or_default();
                    out.send(event_id, &tell::tallied(&life.survey, &sums, &flagged)).await;
                }
                if let Some(AsOf { told_by, parked, .. }) = parked.remove(&life.number) {
                    out.send(told_by, &tell::quarantined(&life.survey.code, parked)).await;
                }
                for (event_id, of) in foreseen.remove(&life.number).unwrap_or_default() {
                    out.send(event_id, &tell::foreseen(&life.survey.code, &of)).await;
                }
                if let Some(event_id) = life.closed_by {
                    out.send(event_id, &tell::closed(&life.survey.code)).await;
                }
            }
            Ok(())
        })
    }
}

/// Counts every released answer, in one pass and in memory that does not grow with responses.
async fn recount(
    tx: &mut PgConnection,
    lives: &[Life],
    as_of: i64,
) -> Result<HashMap<i32, Sums>, DbError> {
    let layouts: HashMap<i32, Layout> =
        lives.iter().map(|life| (life.number, life.survey.layout())).collect();
    let mut sums: HashMap<i32, Sums> = HashMap::new();
    responses::take_time(&mut *tx).await?;
    let layout = |number: i32| {
        let missing = || DbError::inconsistent("survey.batches", "survey_number", &number);
        layouts.get(&number).ok_or_else(missing)
    };
    {
        let mut released = std::pin::pin!(responses::released_as_of(&mut *tx, as_of));
        while let Some(response) = released.try_next().await? {
            let of = sums.entry(response.survey_number).or_default();
            of.count(layout(response.survey_number)?, response.cluster, &response.answers);
        }
    }
    {
        let mut changed = std::pin::pin!(changes::released_as_of(&mut *tx, as_of));
        while let Some(change) = changed.try_next().await? {
            let (of, layout) =
                (sums.entry(change.survey_number).or_default(), layout(change.survey_number)?);
            if let Some(before) = change.before {
                of.uncount(layout, change.cluster, &before);
            }
            if let Some(answers) = change.answers {
                of.count(layout, change.cluster, &answers);
            }
        }
    }
    {
        let which = Which { as_of: Some(as_of), ..Which::default() };
        let mut judged = std::pin::pin!(flags::moved(&mut *tx, which));
        while let Some(moved) = judged.try_next().await? {
            let of = sums.entry(moved.survey_number).or_default();
            moved.apply(layout(moved.survey_number)?, of);
        }
    }
    let gone = residues::Which { survey: None, as_of: Some(as_of) };
    for (survey, residue) in residues::sums(tx, gone).await? {
        sums.entry(survey).or_default().add(&residue);
    }
    Ok(sums)
}
