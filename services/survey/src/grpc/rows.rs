//! From rows of the contract to a chunk for the database: every row is read and checked in memory, and
//! what is wrong with one is noted with the row.

use std::{collections::HashMap, sync::Arc};

use cchc_core::{Collector, Fault as _, Violation, Violations};
use cchc_kit::{
    server::{Caller, OutOfReach},
    to_status,
};
use cchc_proto::{
    convert,
    survey::v1::{IngestResponsesRequest, ingest_responses_request::Channel},
};
use cchc_scoring::questionnaire::free_text::{MOST_CHARACTERS, MOST_TEXTS};
use prost::Message as _;
use time::OffsetDateTime;
use tonic::Status;

use crate::{
    app::{Chunk, Received, Surveys, kept},
    domain::{
        batch::{Batch, Row},
        paradata::Said,
        quarantine::Party,
    },
};

/// Answers kept of a refused row; no survey asks more.
const KEPT_ANSWERS: usize = 256;

/// Bytes kept of a respondent's key: one more than a key may have, so that one that is too long stays so.
const KEPT_KEY_BYTES: usize = 65;

/// Reads and checks every row of a chunk.
pub(super) async fn read(
    surveys: &Surveys,
    caller: &Caller,
    rows: &[IngestResponsesRequest],
) -> Result<Chunk, Status> {
    let codes = rows.iter().map(|row| row.survey_code.as_str());
    let fieldworks = surveys.fieldworks(codes).await.map_err(|e| to_status(&e))?;
    let mut batches: HashMap<&str, Batch> = fieldworks
        .iter()
        .map(|(code, fieldwork)| (code.as_str(), Batch::new(Arc::clone(fieldwork))))
        .collect();
    let mut reach = Reach { caller, known: HashMap::new() };
    let (mut refused, now) = (Vec::new(), surveys.now());
    for (place, row) in rows.iter().enumerate() {
        let mut collector = Collector::new();
        let batch = batches.get_mut(row.survey_code.as_str());
        if let Some(violation) = reach.refusal(batch.as_deref(), &row.cluster_code).await? {
            refused.push((place, Violations::new(vec![violation])));
            continue;
        }
        check(&mut collector, batch, place, row, now);
        if let Err(violations) = collector.finish(Some(())) {
            refused.push((place, violations));
        }
    }
    let batches = batches.into_values().filter(|batch| !batch.is_empty()).collect();
    let actor = caller.actor();
    let sender = Party { subject: actor.subject.clone(), unit: actor.unit.clone() };
    Ok(Chunk { batches, refused, senders: vec![(0, Arc::new(sender))] })
}

/// Which clusters the caller reaches, asked once a cluster and chunk.
struct Reach<'a> {
    caller: &'a Caller,
    known: HashMap<(i32, i16), Option<Violation>>,
}

impl Reach<'_> {
    /// Says why a row's commune is not the caller's. A commune outside the sample is refused for that
    /// reason, by whoever checks the row.
    async fn refusal(
        &mut self,
        batch: Option<&Batch>,
        cluster_code: &str,
    ) -> Result<Option<Violation>, Status> {
        let Some(fieldwork) = batch.map(|batch| &batch.fieldwork) else { return Ok(None) };
        let Some(place) = fieldwork.place_of(cluster_code) else { return Ok(None) };
        if let Some(known) = self.known.get(&(fieldwork.number, place)) {
            return Ok(known.clone());
        }
        let Some(cluster) = fieldwork.cluster(place) else { return Ok(None) };
        let refusal = match self.caller.reach(&cluster.commune).await {
            Ok(()) => None,
            Err(error @ OutOfReach::Unit { .. }) => Some(Violation {
                path: "cluster_code".to_owned(),
                reason: error.reason(),
                english: error.to_string(),
                vietnamese: error.vietnamese(),
            }),
            Err(error @ OutOfReach::Db(_)) => return Err(to_status(&error)),
        };
        self.known.insert((fieldwork.number, place), refusal.clone());
        Ok(refusal)
    }
}

/// Checks everything about a row, and takes it into its batch when nothing is wrong.
fn check(
    c: &mut Collector,
    batch: Option<&mut Batch>,
    place: usize,
    row: &IngestResponsesRequest,
    now: OffsetDateTime,
) {
    let IngestResponsesRequest { response_id, survey_code, cluster_code, .. } = row;
    let (revision, is_retracted) = (row.revision, row.is_retracted);
    let id = c.parse("response_id", response_id);
    if survey_code.is_empty() || cluster_code.is_empty() {
        let field = if survey_code.is_empty() { "survey_code" } else { "cluster_code" };
        c.require::<()>(field, None);
    }
    // Nobody answered anything in a retraction.
    let time = if is_retracted { None } else { convert::time(c, "answer_time", row.answer_time) };
    let Some(batch) = batch else {
        if !survey_code.is_empty() {
            c.refuse(
                "survey_code",
                "SURVEY_NOT_FOUND",
                "there is no such survey",
                "không có cuộc khảo sát này",
            );
        }
        return;
    };
    let cluster = batch.fieldwork.place_of(cluster_code);
    if cluster.is_none() && !cluster_code.is_empty() {
        c.refuse(
            "cluster_code",
            "CLUSTER_NOT_IN_SAMPLE",
            "is not a commune of the survey's sample",
            "không phải là đơn vị cấp xã thuộc mẫu khảo sát",
        );
    }
    let (answers, numbers, texts) = (&row.answers, &row.numbers, &row.texts);
    let said = said(c, row);
    let row = Row { id, cluster, answers, numbers, texts, time, said, revision, is_retracted };
    batch.take(c, place, &row, now);
}

/// Reads how a response came about; of one that is taken back that is not asked.
fn said<'a>(c: &mut Collector, row: &'a IngestResponsesRequest) -> Said<'a> {
    if row.is_retracted {
        return Said::default();
    }
    let channel = match row.channel {
        0 => Some(0),
        number => convert::choice(c, "channel", number, |channel: Channel| {
            i16::try_from(i32::from(channel)).ok().filter(|channel| *channel > 0)
        }),
    };
    Said {
        key: &row.respondent_key,
        start: convert::optional_time(c, "start_time", row.start_time).flatten(),
        interviewer: &row.interviewer,
        channel: channel.unwrap_or_default(),
        slip_code: &row.slip_code,
    }
}

impl Received for IngestResponsesRequest {
    fn survey_code(&self) -> &str {
        &self.survey_code
    }

    fn response_id(&self) -> &str {
        &self.response_id
    }

    fn revision(&self) -> i32 {
        self.revision
    }

    fn is_personal(&self) -> bool {
        !(self.respondent_key.is_empty() && self.texts.is_empty())
    }

    fn encoded(&self) -> Vec<u8> {
        cut(self).encode_to_vec()
    }

    fn impersonal(&self) -> Vec<u8> {
        impersonal(cut(self)).encode_to_vec()
    }
}

/// A row without who answered, and without their words.
pub(super) fn impersonal(row: IngestResponsesRequest) -> IngestResponsesRequest {
    IngestResponsesRequest { respondent_key: Vec::new(), texts: Vec::new(), ..row }
}

/// Texts of a row, each so long that one that is too long stays so, and no more than any survey asks for.
fn kept_texts(texts: &[String]) -> Vec<String> {
    let most = usize::try_from(MOST_CHARACTERS).unwrap_or_default() + 1;
    let kept = texts.iter().take(MOST_TEXTS + 1);
    kept.map(|text| text.chars().take(most).collect()).collect()
}

/// The fields of a row, each cut to a bound: a giant text takes no room while it waits or is kept.
pub(super) fn cut(row: &IngestResponsesRequest) -> IngestResponsesRequest {
    IngestResponsesRequest {
        response_id: kept(&row.response_id),
        survey_code: kept(&row.survey_code),
        cluster_code: kept(&row.cluster_code),
        answers: row.answers.iter().take(KEPT_ANSWERS).copied().collect(),
        answer_time: row.answer_time,
        revision: row.revision,
        is_retracted: row.is_retracted,
        respondent_key: row.respondent_key.iter().take(KEPT_KEY_BYTES).copied().collect(),
        start_time: row.start_time,
        interviewer: kept(&row.interviewer),
        channel: row.channel,
        slip_code: kept(&row.slip_code),
        numbers: row.numbers.iter().take(KEPT_ANSWERS).copied().collect(),
        texts: kept_texts(&row.texts),
    }
}
