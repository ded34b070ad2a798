//! Rows of a push: read each, check whether the caller reaches its unit, take the good ones.

use std::collections::BTreeMap;

use cchc_core::{Collector, RequestId, UnitCode, Violations};
use cchc_kit::{
    db::DbError,
    idempotency::content_hash,
    push::Outcome,
    server::{Caller, OutOfReach},
};
use cchc_proto::{common::v1::Receipt, convert};

use super::{Row, ingest::Named};
use crate::app::{
    App, Purpose,
    intake::{Asked, Intake},
};

/// Reads rows; those that cannot be read are refused with all that is wrong with them.
pub(super) fn parse<M: Named + prost::Message, R>(
    messages: Vec<M>,
    read: impl Fn(&mut Collector, M) -> Option<R>,
) -> Vec<Row<R>> {
    let parse_one = |message: M| {
        let hash = content_hash(&message);
        convert::read(message, |c, message| {
            let request_id = c.parse::<RequestId>("request_id", message.request_id());
            let row = read(c, message);
            Some(Asked { request_id: request_id?, hash, row: row? })
        })
    };
    messages.into_iter().map(parse_one).collect()
}

/// Refuses the rows of units that are not the caller's to report for, and takes the others, or only tries
/// them.
pub(super) async fn take<R: Intake>(
    app: &App,
    caller: &Caller,
    rows: Vec<Row<R>>,
    purpose: Purpose,
) -> Result<Vec<Outcome>, DbError> {
    let mut reach = Reach { caller, asked: BTreeMap::new() };
    let mut reached = Vec::with_capacity(rows.len());
    for row in rows {
        reached.push(match row {
            Ok(asked) => reach.check(asked.row.unit()).await?.map(|()| asked),
            Err(violations) => Err(violations),
        });
    }
    app.take(caller.actor(), reached, purpose).await
}

/// Tells the gate of a push of which no row could be read.
pub(super) fn ended(caller: &Caller, receipt: &Receipt) {
    if receipt.row_count == receipt.refused_count {
        caller.reach_nothing();
    }
}

/// Asks once for each unit of a chunk.
struct Reach<'a> {
    caller: &'a Caller,
    asked: BTreeMap<UnitCode, Result<(), Violations>>,
}

impl Reach<'_> {
    async fn check(&mut self, unit: &UnitCode) -> Result<Result<(), Violations>, DbError> {
        if let Some(answer) = self.asked.get(unit) {
            return Ok(answer.clone());
        }
        let answer = match self.caller.reach(unit).await {
            Ok(()) => Ok(()),
            Err(OutOfReach::Db(error)) => return Err(error),
            Err(refusal @ OutOfReach::Unit { .. }) => {
                match Outcome::refused("unit_code", &refusal) {
                    Outcome::Refused(violations) => Err(violations),
                    Outcome::Accepted
                    | Outcome::Corrected
                    | Outcome::Repeat
                    | Outcome::Superseded => Ok(()),
                }
            }
        };
        self.asked.insert(unit.clone(), answer.clone());
        Ok(answer)
    }
}
