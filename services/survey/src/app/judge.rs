//! Judges what a batch has stored, for surveys that have rules: keeps how it came about, finds what is amiss
//! with it and with what stands beside it, and takes out of the sums what does not count.
//!
//! The caller stores responses of the survey alone (`store::locks`), so what is found is of all that is
//! there. The sums were moved as if everything counted; each judgement then takes a version out of them
//! or puts one back.

use std::collections::{HashMap, HashSet};

use cchc_core::{BatchId, ResponseId};
use cchc_kit::push::Outcome;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{SurveyError, Surveys, secrets::Secrets};
use crate::{
    domain::{
        batch::{Batch, Verdict},
        change::Ruling,
        fieldwork::Fieldwork,
        paradata::{Paradata, RespondentKey},
        quality::{Flag, Flags},
        standing,
        tally::Sums,
    },
    store::{
        flags::{self, Judged},
        paradata::{self, Columns, Kept, Person},
    },
};

/// What became of the rows of a batch.
pub(super) struct Became<'a> {
    /// Of its responses, in their order.
    pub(super) verdicts: &'a mut [Verdict],
    /// Of its changes, in their order.
    pub(super) changed: &'a mut [(usize, Outcome)],
}

impl Surveys {
    /// Judges a batch that was stored, and moves its sums by what does not count.
    pub(super) async fn judge(
        &self,
        tx: &mut PgConnection,
        batch_id: BatchId,
        batch: &Batch,
        mut became: Became<'_>,
        sums: &mut Sums,
    ) -> Result<(), SurveyError> {
        let fieldwork = &batch.fieldwork;
        let secrets = if batch.respondent_keys().next().is_some() {
            self.secrets(tx, fieldwork.number).await?
        } else {
            Secrets::default()
        };
        let persons = persons(tx, batch, &secrets).await?;
        let columns = columns(batch, &became, &persons);
        paradata::insert(tx, fieldwork.number, &columns).await?;
        refuse_reused(tx, batch, &mut became, &secrets).await?;
        judge_again(tx, batch_id, fieldwork, &columns.ids, sums).await?;
        Ok(())
    }
}

/// Judges responses and all that stand beside them, and moves sums by what that changes; says how many are
/// judged otherwise than before.
pub(super) async fn judge_again(
    tx: &mut PgConnection,
    batch_id: BatchId,
    fieldwork: &Fieldwork,
    ids: &[Uuid],
    sums: &mut Sums,
) -> Result<usize, SurveyError> {
    if ids.is_empty() {
        return Ok(0);
    }
    let quality = &fieldwork.quality;
    let compares = [Flag::SameRespondent, Flag::CodeReused].map(|of| quality.limit(of).is_some());
    let members = paradata::members(tx, fieldwork.number, ids, compares.into()).await?;
    let judged: Vec<Judged> = members
        .iter()
        .zip(standing::judge(quality, &members))
        .filter(|(member, after)| member.known != *after)
        .map(|(member, after)| Judged { id: member.id, before: member.known, after })
        .collect();
    if judged.is_empty() {
        return Ok(0);
    }
    flags::insert(tx, batch_id, &judged).await?;
    let named = |of: fn(&Judged) -> Option<i32>| {
        judged.iter().filter_map(move |one| Some((one.id, of(one)?))).collect::<Vec<_>>()
    };
    let (excluded, included) = (named(|one| one.after.excluded), named(|one| one.before.excluded));
    let versions = flags::versions(tx, &[excluded.as_slice(), &included].concat()).await?;
    for (cluster, answers) in excluded.iter().filter_map(|named| versions.get(named)) {
        sums.uncount(&fieldwork.layout, *cluster, answers);
    }
    for (cluster, answers) in included.iter().filter_map(|named| versions.get(named)) {
        sums.count(&fieldwork.layout, *cluster, answers);
    }
    Ok(judged.len())
}

/// Names the person of each respondent's key: under the oldest secret under which they are known, under the
/// newest when they are not.
async fn persons<'a>(
    tx: &mut PgConnection,
    batch: &'a Batch,
    secrets: &Secrets,
) -> Result<HashMap<&'a [u8], Person>, SurveyError> {
    let possible: HashMap<&[u8], Vec<Person>> =
        batch.respondent_keys().map(|key| (key.reveal(), secrets.persons(key))).collect();
    let is_rotated = possible.values().any(|persons| persons.len() > 1);
    let known: HashSet<Person> = if is_rotated {
        let hashes: Vec<Vec<u8>> =
            possible.values().flatten().map(|(_, hash)| hash.clone()).collect();
        paradata::known_persons(tx, batch.fieldwork.number, &hashes).await?
    } else {
        HashSet::new()
    };
    let named = possible.into_iter().filter_map(|(key, persons)| {
        let oldest = persons.iter().find(|person| known.contains(*person));
        Some((key, oldest.or(persons.last())?.clone()))
    });
    Ok(named.collect())
}

/// The paradata of what was stored of a batch.
fn columns(batch: &Batch, became: &Became<'_>, persons: &HashMap<&[u8], Person>) -> Columns {
    let (quality, mut columns) = (&batch.fieldwork.quality, Columns::default());
    let responses = batch.ids.iter().zip(&batch.times).zip(&batch.paradata).enumerate();
    for ((place, ((id, time), paradata)), verdict) in responses.zip(became.verdicts.iter()) {
        if *verdict == Verdict::Accepted {
            let own = quality.own(batch.answers_at(place), *time, paradata.start);
            push(&mut columns, (*id, 0), Some((*time, own, paradata)), persons);
        }
    }
    for (change, (_, outcome)) in batch.changes.iter().zip(became.changed.iter()) {
        if *outcome == Outcome::Corrected {
            let content = change.content.as_ref().zip(change.paradata.as_ref());
            let content = content.map(|(content, paradata)| {
                let own = quality.own(&content.answers, content.time, paradata.start);
                (content.time, own, paradata)
            });
            push(&mut columns, (change.id, change.revision), content, persons);
        }
    }
    columns
}

fn push(
    columns: &mut Columns,
    (id, revision): (ResponseId, i32),
    content: Option<(time::OffsetDateTime, Flags, &Paradata)>,
    persons: &HashMap<&[u8], Person>,
) {
    let paradata = content.map(|(_, _, paradata)| paradata);
    let key = paradata.and_then(|paradata| paradata.key.as_ref());
    let person = key.and_then(|key| persons.get(key.reveal())).cloned();
    columns.ids.push(id.as_uuid());
    columns.revisions.push(revision);
    columns.times.push(content.map(|(time, _, _)| time));
    columns.own_flags.push(content.map_or(0, |(_, own, _)| own.0));
    columns.generations.push(person.as_ref().map(|(generation, _)| *generation));
    columns.hashes.push(person.map(|(_, hash)| hash));
    columns.starts.push(paradata.and_then(|paradata| paradata.start));
    columns.interviewers.push(paradata.and_then(|paradata| paradata.interviewer.clone()));
    columns.channels.push(paradata.and_then(|paradata| paradata.channel));
    columns.slip_codes.push(paradata.and_then(|paradata| paradata.slip_code.clone()));
}

/// Refuses repeats whose paradata are not those that are stored: an id is one response for ever, a revision
/// one version.
async fn refuse_reused(
    tx: &mut PgConnection,
    batch: &Batch,
    became: &mut Became<'_>,
    secrets: &Secrets,
) -> Result<(), SurveyError> {
    let responses = batch.ids.iter().zip(became.verdicts.iter());
    let responses = responses.filter(|(_, verdict)| **verdict == Verdict::Repeat);
    let changes = batch.changes.iter().zip(became.changed.iter());
    let changes = changes.filter(|(_, (_, outcome))| *outcome == Outcome::Repeat);
    let ids: Vec<Uuid> = responses
        .map(|(id, _)| id.as_uuid())
        .chain(changes.map(|(change, _)| change.id.as_uuid()))
        .collect();
    if ids.is_empty() {
        return Ok(());
    }
    let kept = paradata::find(tx, &ids).await?;
    let is_as = |named: (ResponseId, i32), own: Option<&Paradata>| {
        kept.get(&named).is_some_and(|kept| is_as(kept, own, secrets))
    };
    let responses = batch.ids.iter().zip(&batch.paradata).zip(became.verdicts.iter_mut());
    for ((id, own), verdict) in responses {
        if *verdict == Verdict::Repeat && !is_as((*id, 0), Some(own)) {
            *verdict = Verdict::IdReused;
        }
    }
    let code = &batch.fieldwork.survey.code;
    for (change, (_, outcome)) in batch.changes.iter().zip(became.changed.iter_mut()) {
        let is_reused = *outcome == Outcome::Repeat
            && !is_as((change.id, change.revision), change.paradata.as_ref());
        if let Some(refusal) = Ruling::RevisionReused.refusal(code).filter(|_| is_reused) {
            *outcome = Outcome::Refused(refusal);
        }
    }
    Ok(())
}

/// Whether paradata are those that are stored.
fn is_as(kept: &Kept, own: Option<&Paradata>, secrets: &Secrets) -> bool {
    let nothing = Paradata::default();
    let own = own.unwrap_or(&nothing);
    let is_same_person = match (&kept.person, &own.key) {
        (None, None) => true,
        (Some(person), Some(key)) => secrets.person(key, person.0).as_ref() == Some(person),
        _ => false,
    };
    is_same_person
        && (kept.start, kept.channel) == (own.start, own.channel)
        && (&kept.interviewer, &kept.slip_code) == (&own.interviewer, &own.slip_code)
}

impl Batch {
    /// The respondents' keys of everything in it.
    pub(super) fn respondent_keys(&self) -> impl Iterator<Item = &RespondentKey> {
        let changed = self.changes.iter().filter_map(|change| change.paradata.as_ref());
        self.paradata.iter().chain(changed).filter_map(|paradata| paradata.key.as_ref())
    }
}
