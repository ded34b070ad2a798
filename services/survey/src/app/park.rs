//! The quarantine from the side of a push: refused rows are kept, and a good row settles the refused ones
//! whose place it takes.

use std::{
    collections::{HashMap, HashSet, hash_map::Entry},
    sync::Arc,
};

use cchc_core::{QuarantinedRowId, ResponseId};
use cchc_kit::push::Outcome;
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    Received, SurveyError, Surveys,
    secrets::{ABOUT_ROWS, Contents, Secrets},
};
use crate::{
    domain::{
        batch::{Batch, Verdict},
        quarantine::{DEFAULT_DAYS, KeptFault, Party},
    },
    store::{
        erasures,
        quarantine::{self, Refused},
    },
};

/// Characters of a code or id that are kept of a refused row.
const KEPT_CHARACTERS: usize = 64;
/// Faults that are kept of a refused row.
const KEPT_FAULTS: usize = 32;
/// Why a row of another's commune is refused.
const OUT_OF_REACH: &str = "UNIT_NOT_YOURS";

/// The secrets of the surveys of a push, by number.
type Sealing = HashMap<i32, Secrets>;

/// A refused row as it is kept.
struct Parked {
    received: Vec<u8>,
    /// Tells whether it is another.
    hash: Vec<u8>,
    is_sealed: bool,
}

impl Parked {
    fn plain(received: Vec<u8>) -> Self {
        Self { hash: Sha256::digest(&received).to_vec(), received, is_sealed: false }
    }

    fn sealed(contents: &Contents, row: &[u8]) -> Result<Self, SurveyError> {
        let received = contents.key.seal(ABOUT_ROWS, row)?;
        Ok(Self { received, hash: contents.hash.of(row).as_ref().to_vec(), is_sealed: true })
    }
}

impl Surveys {
    /// Keeps the rows that were refused, each with who sent it.
    pub(super) async fn park<R: Received + Sync>(
        &self,
        tx: &mut PgConnection,
        rows: &[R],
        outcomes: &[Outcome],
        senders: &[(usize, Arc<Party>)],
    ) -> Result<(), SurveyError> {
        let (mut refused, mut sealing) = (Refused::default(), Sealing::default());
        let erased = erased_among(tx, rows, outcomes).await?;
        for (place, (row, outcome)) in rows.iter().zip(outcomes).enumerate() {
            let Outcome::Refused(violations) = outcome else { continue };
            let faults = violations.as_slice();
            let response: Option<ResponseId> = row.response_id().parse().ok();
            // What strangers send says nothing of the survey, and must not count against it. What was erased
            // is not kept in another place.
            if faults.iter().any(|fault| fault.reason == OUT_OF_REACH)
                || response.is_some_and(|response| erased.contains(&response))
            {
                continue;
            }
            let faults = faults.iter().take(KEPT_FAULTS).map(|fault| KeptFault {
                path: fault.path.clone(),
                reason: fault.reason.to_owned(),
                english: fault.english.clone(),
                vietnamese: fault.vietnamese.clone(),
            });
            let Parked { received, hash, is_sealed } = self.parked(tx, row, &mut sealing).await?;
            let sender = sender_of(senders, place);
            refused.ids.push(QuarantinedRowId::from(self.ids.next()).as_uuid());
            refused.hashes.push(hash);
            refused.survey_codes.push(kept(row.survey_code()));
            refused.response_ids.push(kept(row.response_id()));
            refused.responses.push(response.map(ResponseId::as_uuid));
            refused.revisions.push(row.revision());
            refused.reasons.push(serde_json::json!(faults.collect::<Vec<_>>()));
            refused.received.push(received);
            refused.are_sealed.push(is_sealed);
            refused
                .collectors
                .push(sender.map_or_else(String::new, |sender| sender.subject.clone()));
            refused.units.push(sender.map_or_else(String::new, |sender| sender.unit.to_string()));
        }
        if !refused.hashes.is_empty() {
            quarantine::keep(tx, &refused, self.now(), DEFAULT_DAYS).await?;
        }
        Ok(())
    }

    /// A row as it is kept: one that says who answered, or in which words, is sealed, and says it no more where
    /// its survey has no secret to seal it with.
    async fn parked<R: Received>(
        &self,
        tx: &mut PgConnection,
        row: &R,
        sealing: &mut Sealing,
    ) -> Result<Parked, SurveyError> {
        if !row.is_personal() {
            return Ok(Parked::plain(row.encoded()));
        }
        let fieldwork = self.known_fieldwork(row.survey_code()).filter(|_| self.has_vault());
        let Some(number) = fieldwork.map(|fieldwork| fieldwork.number) else {
            return Ok(Parked::plain(row.impersonal()));
        };
        if let Entry::Vacant(entry) = sealing.entry(number) {
            entry.insert(self.secrets(tx, number).await?);
        }
        match sealing.get(&number).and_then(Secrets::contents) {
            Some(contents) => Parked::sealed(contents, &row.encoded()),
            None => Ok(Parked::plain(row.impersonal())),
        }
    }

    /// What a sealed row said.
    pub(super) async fn unsealed(
        &self,
        tx: &mut PgConnection,
        survey_number: i32,
        received: &[u8],
    ) -> Result<Vec<u8>, SurveyError> {
        Ok(self.secrets(tx, survey_number).await?.unsealed(received)?)
    }

    /// Settles the refused rows whose place stored ones of a batch take.
    pub(super) async fn supersede(
        &self,
        tx: &mut PgConnection,
        batch: &Batch,
        verdicts: &[Verdict],
        changed: &[(usize, Outcome)],
    ) -> Result<(), SurveyError> {
        let accepted = batch.ids.iter().zip(verdicts);
        let accepted = accepted.filter(|(_, verdict)| **verdict == Verdict::Accepted);
        let corrected = batch.changes.iter().zip(changed);
        let corrected = corrected.filter(|(_, (_, outcome))| *outcome == Outcome::Corrected);
        let good = accepted
            .map(|(id, _)| (id.as_uuid(), 0))
            .chain(corrected.map(|(change, _)| (change.id.as_uuid(), change.revision)));
        let (responses, revisions): (Vec<_>, Vec<_>) = good.unzip();
        quarantine::supersede(tx, &responses, &revisions, self.now()).await?;
        Ok(())
    }
}

/// The responses that refused rows name and that were erased.
async fn erased_among<R: Received>(
    tx: &mut PgConnection,
    rows: &[R],
    outcomes: &[Outcome],
) -> Result<HashSet<ResponseId>, SurveyError> {
    let refused = rows.iter().zip(outcomes);
    let refused = refused.filter(|(_, outcome)| matches!(outcome, Outcome::Refused(_)));
    let ids: Vec<Uuid> = refused
        .filter_map(|(row, _)| Some(row.response_id().parse::<ResponseId>().ok()?.as_uuid()))
        .collect();
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    Ok(erasures::among(tx, &ids).await?)
}

/// Who sent the row at a place.
fn sender_of(senders: &[(usize, Arc<Party>)], place: usize) -> Option<&Party> {
    let behind = senders.partition_point(|(first, _)| *first <= place);
    senders.get(behind.checked_sub(1)?).map(|(_, sender)| sender.as_ref())
}

/// The beginning of a text, without what the database or a terminal would trip over.
pub(crate) fn kept(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(KEPT_CHARACTERS).collect()
}
