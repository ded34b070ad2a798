//! Puts the sums of a survey right where they are not what its stored answers give: after a restore, a
//! mishap of an administrator, or a fault of ours. The answers are the record; sums are only quicker.
//!
//! Three things are compared with a recount: the sums of what was released, those of what is held back, and
//! those that were told. The first two are replaced where they differ; what was told stays told, and the
//! difference is told after it.

use std::collections::HashMap;

use cchc_core::BatchId;
use cchc_kit::outbox;
use futures::TryStreamExt as _;
use sqlx::PgConnection;

use super::{
    Asked, SurveyError, Surveys, is_repeat,
    judge::judge_again,
    verify_survey::{misjudged, recount},
};
use crate::{
    domain::{
        fieldwork::Fieldwork,
        flagged::Flagged,
        tally::{Difference, Layout, Sums},
    },
    events::tell::{self, Told},
    store::{
        batches::{self, Unreleased},
        changes,
        flags::{self, Which},
        locks, responses, sums,
        surveys::{self, Stored},
    },
};

/// What a rebuild found, and has put right.
#[derive(Debug)]
pub(crate) struct Rebuilt {
    /// Responses that hold.
    pub(crate) responses: i64,
    /// Responses as they were counted and kept, and as they were told.
    pub(crate) kept: i64,
    /// Responses in what was released, and in what was told of it.
    pub(crate) released: i64,
    pub(crate) told: i64,
    /// Versions read.
    pub(crate) versions: i64,
    pub(crate) differences: Vec<Difference>,
    pub(crate) told_differences: Vec<Difference>,
    /// Responses that were judged otherwise than the paradata of all of them give.
    pub(crate) misjudged: usize,
}

/// Sums of what is held back, by batch.
pub(super) type Held = HashMap<BatchId, Unreleased>;

/// The sums of a survey: of what was released, and of what is held back.
struct Standing {
    released: Sums,
    held: Held,
}

impl Standing {
    /// Both together.
    fn together(&self) -> Sums {
        let mut all = self.released.clone();
        for batch in self.held.values() {
            all.add(&batch.sums);
        }
        all
    }
}

impl Surveys {
    /// Counts again and puts right what differs, while nobody stores or releases.
    #[tracing::instrument(name = "app.survey.rebuild", skip_all, fields(survey.code = %survey.survey.code))]
    pub(crate) async fn rebuild(
        &self,
        asked: &Asked,
        survey: &Stored,
    ) -> Result<Rebuilt, SurveyError> {
        let mut tx = self.db.begin().await?;
        stand_still(&mut tx, survey.number).await?;
        // What a repeat finds is put right all the same: nothing, unless it came about since.
        is_repeat(&mut tx, asked).await?;
        let rebuilt = self.put_right(&mut tx, survey).await?;
        tx.commit().await?;
        Ok(rebuilt)
    }

    /// Counts those surveys again whose sums are from before every answer had a count of its own.
    #[tracing::instrument(name = "app.survey.count_every_answer", skip_all)]
    pub(super) async fn count_every_answer(&self) -> Result<(), SurveyError> {
        loop {
            let mut tx = self.db.begin().await?;
            let Some(code) = sums::uncounted(&mut tx).await? else { return Ok(()) };
            let Some(survey) = surveys::find_all(&mut tx, &[code]).await?.pop() else {
                return Ok(());
            };
            stand_still(&mut tx, survey.number).await?;
            sums::drop_uncounted(&mut tx, survey.number).await?;
            self.put_right(&mut tx, &survey).await?;
            tx.commit().await?;
        }
    }

    /// Compares with a recount and puts right what differs.
    async fn put_right(
        &self,
        tx: &mut PgConnection,
        survey: &Stored,
    ) -> Result<Rebuilt, SurveyError> {
        let (number, layout) = (survey.number, survey.survey.layout());
        let misjudged = self.judge_anew(tx, survey).await?;
        let (counted, versions) = counted_again(tx, survey).await?;
        let (released, held) =
            (sums::read(tx, number).await?, batches::held_by_batch(tx, number).await?);
        let kept = Standing { released, held };
        let told = told(tx, survey).await?;
        self.mend(tx, survey, (&kept, &told), &counted).await?;
        self.mend_flags(tx, survey, &told.flagged).await?;
        let (before, after) = (kept.together(), counted.together());
        let due = tell::due(&survey.survey, &counted.released);
        let rebuilt = Rebuilt {
            responses: after.response_count,
            kept: before.response_count,
            released: counted.released.response_count,
            told: told.sums.response_count,
            versions,
            differences: before.differences(&layout, &after),
            told_differences: told.sums.differences(&layout, &due),
            misjudged,
        };
        let (kept, told) = (rebuilt.differences.len(), rebuilt.told_differences.len());
        tracing::info!(kept, told, "sums were counted again");
        Ok(rebuilt)
    }

    /// Replaces what is kept and tells what was told, where they are not as counted.
    async fn mend(
        &self,
        tx: &mut PgConnection,
        survey: &Stored,
        (kept, told): (&Standing, &Told),
        counted: &Standing,
    ) -> Result<(), SurveyError> {
        let (number, layout) = (survey.number, survey.survey.layout());
        if !kept.released.is_as(&layout, &counted.released) {
            sums::replace(tx, number, &layout, &counted.released).await?;
        }
        if !is_as(&layout, &kept.held, &counted.held) {
            batches::replace_held(tx, number, &counted.held).await?;
        }
        let due = tell::due(&survey.survey, &counted.released);
        if !told.is(&layout, &due) {
            let message = told.missing(&survey.survey, &due);
            outbox::record(tx, self.event_id(), &message, self.now()).await?;
        }
        Ok(())
    }
}

impl Surveys {
    /// Judges anew what is judged otherwise than the paradata give; what that changes waits for its release
    /// as any other batch.
    async fn judge_anew(
        &self,
        tx: &mut PgConnection,
        survey: &Stored,
    ) -> Result<usize, SurveyError> {
        let fieldwork = surveys::prepared(survey.clone())?;
        let misjudged = misjudged(tx, &fieldwork).await?;
        let (batch_id, mut sums) = (BatchId::from(self.ids.next()), Sums::default());
        let moved = judge_again(tx, batch_id, &fieldwork, &misjudged, &mut sums).await?;
        if moved > 0 {
            batches::insert(tx, batch_id, survey.number, moved, &sums, self.now()).await?;
        }
        Ok(misjudged.len())
    }

    /// Tells by how much the flags that were told differ from those that are released.
    async fn mend_flags(
        &self,
        tx: &mut PgConnection,
        survey: &Stored,
        told: &Flagged,
    ) -> Result<(), SurveyError> {
        let which = Which { survey: Some(survey.number), released: true, ..Which::default() };
        let mut missing =
            flags::counted(tx, which).await?.remove(&survey.number).unwrap_or_default();
        missing.add_all(told, -1);
        if missing != Flagged::default() {
            let message = tell::tallied(&survey.survey, &Sums::default(), &missing);
            outbox::record(tx, self.event_id(), &message, self.now()).await?;
        }
        Ok(())
    }
}

/// Keeps everybody from storing and releasing responses of a survey until the transaction ends.
async fn stand_still(tx: &mut PgConnection, number: i32) -> Result<(), SurveyError> {
    locks::end_fieldwork(tx, number).await?;
    locks::release(tx, number).await?;
    Ok(responses::take_time(tx).await?)
}

/// Counts every stored answer, and says how many versions there were.
async fn counted_again(
    tx: &mut PgConnection,
    survey: &Stored,
) -> Result<(Standing, i64), SurveyError> {
    let fieldwork = surveys::prepared(survey.clone())?;
    let (mut released, versions) = recount(tx, &fieldwork).await?;
    let held = held_again(tx, &fieldwork).await?;
    for batch in held.values() {
        released.subtract(&batch.sums);
    }
    Ok((Standing { released, held }, versions))
}

/// Adds up everything that was told.
async fn told(tx: &mut PgConnection, survey: &Stored) -> Result<Told, SurveyError> {
    let mut told = Told::default();
    for payload in batches::told(tx, &tell::subject_of_sums(&survey.survey.code)).await? {
        told.read(&survey.survey, &payload)?;
    }
    Ok(told)
}

/// Counts what is not released again, batch by batch.
pub(super) async fn held_again(tx: &mut PgConnection, of: &Fieldwork) -> Result<Held, SurveyError> {
    let mut held = Held::new();
    {
        let mut stored = std::pin::pin!(responses::unreleased(&mut *tx, of.number));
        while let Some(response) = stored.try_next().await? {
            let batch = held.entry(response.batch_id.into()).or_default();
            batch.moved += 1;
            batch.sums.count(&of.layout, response.cluster, &response.answers);
        }
    }
    {
        let mut changed = std::pin::pin!(changes::unreleased(&mut *tx, of.number));
        while let Some(change) = changed.try_next().await? {
            let batch = held.entry(change.batch_id.into()).or_default();
            batch.moved += 1;
            if let Some(before) = change.before {
                batch.sums.uncount(&of.layout, change.cluster, &before);
            }
            if let Some(answers) = change.answers {
                batch.sums.count(&of.layout, change.cluster, &answers);
            }
        }
    }
    let which = Which { survey: Some(of.number), ..Which::default() };
    let mut judgements: HashMap<BatchId, i64> = HashMap::new();
    let mut judged = std::pin::pin!(flags::moved(tx, which));
    while let Some(moved) = judged.try_next().await? {
        if !moved.is_released {
            let batch_id = moved.batch_id.into();
            moved.apply(&of.layout, &mut held.entry(batch_id).or_default().sums);
            *judgements.entry(batch_id).or_default() += 1;
        }
    }
    // A batch that stored nothing only judged.
    for (batch_id, judged) in judgements {
        let batch = held.entry(batch_id).or_default();
        batch.moved = if batch.moved == 0 { judged } else { batch.moved };
    }
    Ok(held)
}

/// Whether the same is held back of the same batches.
fn is_as(layout: &Layout, kept: &Held, counted: &Held) -> bool {
    kept.len() == counted.len()
        && counted.iter().all(|(batch, counted)| {
            kept.get(batch).is_some_and(|kept| {
                kept.moved == counted.moved && kept.sums.is_as(layout, &counted.sums)
            })
        })
}
