//! Steps of entries: read each, check on whose behalf it is taken, take the good ones; one outcome each.

use std::collections::BTreeMap;

use cchc_core::{Actor, Collector, Fault, RequestId, UnitCode};
use cchc_kit::{
    db::DbError,
    idempotency::content_hash,
    server::{Caller, OutOfReach},
    to_status,
};
use cchc_proto::{assignment::v1 as pb, convert};
use tonic::Status;

use super::{
    super::{batch, status},
    read,
};
use crate::{
    app::{
        App, Purpose,
        campaign::{Asked, Taken},
    },
    domain::campaign::{
        entry::{Entry, Key},
        step::Step,
    },
};

/// A request for one step.
pub(in crate::grpc) trait StepRequest: prost::Message + Clone {
    /// Full name of the method; a step sent again in a batch, or alone, is the same step.
    const METHOD: &'static str;
    /// Whether it is the appraiser's side that takes it.
    const IS_APPRAISERS: bool;

    /// The id the client chose.
    fn request_id(&self) -> &str;

    /// Reads what is asked.
    fn read(self, c: &mut Collector) -> Option<(Key, i64, Step)>;
}

impl StepRequest for pb::MoveEntryRequest {
    const METHOD: &'static str = "cchc.assignment.v1.CampaignService/MoveEntry";
    const IS_APPRAISERS: bool = false;

    fn request_id(&self) -> &str {
        &self.request_id
    }

    fn read(self, c: &mut Collector) -> Option<(Key, i64, Step)> {
        convert::part(c, "step", self.step, read::unit_step)
    }
}

impl StepRequest for pb::JudgeEntryRequest {
    const METHOD: &'static str = "cchc.assignment.v1.CampaignService/JudgeEntry";
    const IS_APPRAISERS: bool = true;

    fn request_id(&self) -> &str {
        &self.request_id
    }

    fn read(self, c: &mut Collector) -> Option<(Key, i64, Step)> {
        convert::part(c, "step", self.step, read::appraiser_step)
    }
}

type Read = Result<Asked, Box<dyn Fault>>;

fn read_one<R: StepRequest>(message: R) -> Read {
    let hash = content_hash(&message);
    let asked = convert::read(message, |c, message| {
        let request_id = c.parse::<RequestId>("request_id", message.request_id());
        let (key, seen, step) = message.read(c)?;
        Some(Asked { request_id: request_id?, hash, key, seen, step })
    });
    asked.map_err(|violations| Box::new(violations) as Box<dyn Fault>)
}

/// Takes one step.
pub(in crate::grpc) async fn take_one<R: StepRequest>(
    app: &App,
    caller: &Caller,
    message: R,
) -> Result<Entry, Status> {
    let taken = take(app, caller, vec![message], Purpose::Store).await?;
    match taken.into_iter().next().map(|taken| taken.outcome) {
        Some(Ok(entry)) => Ok(entry),
        Some(Err(fault)) => Err(to_status(fault.as_ref())),
        None => Err(Status::internal("internal error")),
    }
}

/// Takes a batch.
pub(in crate::grpc) async fn take_batch<R: StepRequest>(
    app: &App,
    caller: &Caller,
    messages: Vec<R>,
    validate_only: bool,
) -> Result<Vec<pb::StepOutcome>, Status> {
    batch::check_size(caller, messages.len())?;
    let taken = take(app, caller, messages, Purpose::of(validate_only)).await?;
    Ok(taken.iter().map(super::render::outcome).collect())
}

async fn take<R: StepRequest>(
    app: &App,
    caller: &Caller,
    messages: Vec<R>,
    purpose: Purpose,
) -> Result<Vec<Taken>, Status> {
    let read: Vec<Read> = messages.into_iter().map(read_one).collect();
    let reached = reach::<R>(app, caller, read).await.map_err(|e| status(&e))?;
    let good: Vec<Asked> =
        reached.iter().filter_map(|asked| asked.as_ref().ok().cloned()).collect();
    if good.is_empty() {
        caller.reach_nothing();
    }
    let actor: &Actor = caller.actor();
    let taken = app.take_steps(actor, R::METHOD, &good, purpose).await.map_err(|e| status(&e))?;
    let mut taken = taken.into_iter();
    let in_order = reached.into_iter().filter_map(|asked| match asked {
        Ok(_) => taken.next(),
        Err(fault) => Some(Taken { outcome: Err(fault), is_repeat: false, present: None }),
    });
    Ok(in_order.collect())
}

/// Refuses the steps that the caller may not take on anybody's behalf.
async fn reach<R: StepRequest>(
    app: &App,
    caller: &Caller,
    read: Vec<Read>,
) -> Result<Vec<Read>, DbError> {
    let keys: Vec<(&Key, bool)> = read
        .iter()
        .flatten()
        .map(|asked| (&asked.key, matches!(asked.step, Step::Reopen { .. })))
        .collect();
    let behalf: Vec<Result<UnitCode, Box<dyn Fault>>> = if R::IS_APPRAISERS {
        let found = app.appraisers(keys.into_iter()).await?;
        found.into_iter().map(|of| of.map_err(|e| Box::new(e) as Box<dyn Fault>)).collect()
    } else {
        keys.into_iter().map(|(key, _)| Ok(key.unit.clone())).collect()
    };
    let mut behalf = behalf.into_iter();
    let mut known: BTreeMap<UnitCode, Option<(UnitCode, UnitCode)>> = BTreeMap::new();
    let mut reached = Vec::with_capacity(read.len());
    for asked in read {
        let asked = match asked {
            Err(fault) => Err(fault),
            Ok(asked) => match behalf.next() {
                Some(Ok(unit)) => reach_one(caller, &mut known, unit).await?.map(|()| asked),
                Some(Err(fault)) => Err(fault),
                None => continue,
            },
        };
        reached.push(asked);
    }
    Ok(reached)
}

/// Asks once for each unit of a batch.
async fn reach_one(
    caller: &Caller,
    known: &mut BTreeMap<UnitCode, Option<(UnitCode, UnitCode)>>,
    unit: UnitCode,
) -> Result<Result<(), Box<dyn Fault>>, DbError> {
    if !known.contains_key(&unit) {
        let answer = match caller.reach(&unit).await {
            Ok(()) => None,
            Err(OutOfReach::Db(error)) => return Err(error),
            Err(OutOfReach::Unit { unit, own }) => Some((unit, own)),
        };
        known.insert(unit.clone(), answer);
    }
    Ok(match known.get(&unit) {
        Some(Some((unit, own))) => {
            Err(Box::new(OutOfReach::Unit { unit: unit.clone(), own: own.clone() }))
        }
        Some(None) | None => Ok(()),
    })
}
