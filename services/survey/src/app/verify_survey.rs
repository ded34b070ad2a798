//! Counts a survey again from the stored answers, and says where the sums that were moved as they came
//! say otherwise. `VerifyRollup` compares what was told; this compares what is kept, told or not.

use futures::TryStreamExt as _;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{SurveyError, Surveys};
use crate::{
    domain::{
        fieldwork::Fieldwork,
        quality::{Flag, Flags},
        tally::{Difference, Sums},
    },
    store::{
        batches, changes,
        flags::{self, Which},
        paradata::{self, Compared},
        residues, responses, sums,
        surveys::{self, Stored},
    },
};

/// What a recount found.
#[derive(Debug)]
pub(crate) struct Recount {
    /// Responses that hold.
    pub(crate) responses: i64,
    /// The number of responses as it is kept.
    pub(crate) kept: i64,
    /// Versions read.
    pub(crate) versions: i64,
    /// The counts as kept and as counted again.
    pub(crate) differences: Vec<Difference>,
    /// Responses that are judged otherwise than the paradata of all of them give.
    pub(crate) misjudged: usize,
}

impl Surveys {
    /// Counts again, all of one moment.
    #[tracing::instrument(name = "app.survey.verify", skip_all, fields(survey.code = %survey.survey.code))]
    pub(crate) async fn verify(&self, survey: &Stored) -> Result<Recount, SurveyError> {
        let mut tx = self.db.begin_snapshot().await?;
        responses::take_time(&mut tx).await?;
        let mut kept = sums::read(&mut tx, survey.number).await?;
        kept.add(&batches::held_sums(&mut tx, survey.number).await?);
        let fieldwork = surveys::prepared(survey.clone())?;
        let (recounted, versions) = recount(&mut tx, &fieldwork).await?;
        Ok(Recount {
            responses: recounted.response_count,
            kept: kept.response_count,
            versions,
            differences: kept.differences(&fieldwork.layout, &recounted),
            misjudged: misjudged(&mut tx, &fieldwork).await?.len(),
        })
    }
}

/// Counts every response as it holds now, in memory that does not grow with them.
pub(super) async fn recount(
    tx: &mut PgConnection,
    of: &Fieldwork,
) -> Result<(Sums, i64), SurveyError> {
    let (mut sums, mut versions) = (Sums::default(), 0);
    {
        let mut stored = std::pin::pin!(responses::of_survey(&mut *tx, of.number));
        while let Some(response) = stored.try_next().await? {
            sums.count(&of.layout, response.cluster, &response.answers);
            versions += 1;
        }
    }
    {
        let mut changed = std::pin::pin!(changes::of_survey(&mut *tx, of.number));
        while let Some(change) = changed.try_next().await? {
            sums.uncount(&of.layout, change.cluster, &change.first);
            if let Some(answers) = change.newest {
                sums.count(&of.layout, change.cluster, &answers);
            }
            versions += change.versions;
        }
    }
    take_out(tx, of, &mut sums).await?;
    let which = residues::Which { survey: Some(of.number), as_of: None };
    for residue in residues::sums(tx, which).await?.values() {
        sums.add(residue);
    }
    Ok((sums, versions))
}

/// Takes out of sums what quality rules exclude.
async fn take_out(
    tx: &mut PgConnection,
    of: &Fieldwork,
    sums: &mut Sums,
) -> Result<(), SurveyError> {
    if of.quality.is_any() {
        let which = Which { survey: Some(of.number), ..Which::default() };
        let mut moved = std::pin::pin!(flags::moved(tx, which));
        while let Some(moved) = moved.try_next().await? {
            moved.apply(&of.layout, sums);
        }
    }
    Ok(())
}

/// Finds the responses that are judged otherwise than the paradata of all of them give.
pub(super) async fn misjudged(
    tx: &mut PgConnection,
    of: &Fieldwork,
) -> Result<Vec<Uuid>, SurveyError> {
    let quality = &of.quality;
    if !quality.is_any() {
        return Ok(Vec::new());
    }
    let raised = |flag: Flag| quality.limit(flag).map_or(Flags::NONE, |_| flag.alone());
    let rules = Compared {
        excluding: quality.excluding(),
        again: raised(Flag::SameRespondent),
        used_up: raised(Flag::CodeReused),
        most_slips: quality.limit(Flag::CodeReused).unwrap_or_default().into(),
    };
    Ok(paradata::misjudged(tx, of.number, &rules).await?)
}
