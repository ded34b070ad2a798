//! A task of a plan: what is to be done, by whom, who takes part, and what it is expected to bring.

use std::collections::BTreeSet;

use cchc_core::Collector;
use cchc_scoring::catalogue::{ExpectedPoints, Recurrence, Task, Weekday};

use super::{due, mode, recurrence, weekday};
use crate::{
    convert::{
        limits,
        parts::{codes, distinct, list, optional_part, optional_text, part, text},
        unit::unit_selector,
        values::points,
    },
    registry::v1 as pb,
};

/// Reads a task.
pub fn task(c: &mut Collector, message: pb::Task) -> Option<Task> {
    // Taken apart field by field: a field added to the contract does not compile until it is read.
    let pb::Task {
        number,
        title,
        reference,
        binds,
        mode: asked,
        due: day,
        recurrence: often,
        node_ids,
        weekday: on,
        coordinating,
        advising,
        requested,
        product,
        responsible_post,
        expected_points: expected,
    } = message;
    let number = c.parse("number", &number);
    let title = text::<{ limits::SHORT_TITLE }>(c, "title", &title);
    let reference = text::<{ limits::REFERENCE }>(c, "reference", &reference);
    let binds = part(c, "binds", binds, unit_selector);
    let mode = mode(c, "mode", asked);
    let due = optional_part(c, "due", day, due);
    let times = times(c, often, on);
    let nodes = codes(c, "node_ids", limits::NODES, node_ids);
    let coordinating = optional_part(c, "coordinating", coordinating, unit_selector);
    let advising = optional_part(c, "advising", advising, unit_selector);
    let requested = optional_part(c, "requested", requested, unit_selector);
    let product = optional_text::<{ limits::SHORT_TITLE }>(c, "product", &product);
    let post = optional_text::<{ limits::SHORT_TITLE }>(c, "responsible_post", &responsible_post);
    let expected_points = all_expected(c, expected);
    let (recurrence, weekday) = times?;
    Some(Task {
        number: number?,
        title: title?,
        reference: reference?,
        binds: binds?,
        mode: mode?,
        due: due?,
        recurrence,
        weekday,
        nodes: nodes?,
        coordinating: coordinating?,
        advising: advising?,
        requested: requested?,
        product: product?,
        responsible_post: post?,
        expected_points: expected_points?,
    })
}

/// How often, and on which day of the week; unspecified is a value in both: once, and no day.
fn times(c: &mut Collector, often: i32, on: i32) -> Option<(Option<Recurrence>, Option<Weekday>)> {
    let recurrence = match often {
        0 => Some(None),
        often => recurrence(c, "recurrence", often).map(Some),
    };
    let weekday = match on {
        0 => Some(None),
        _ if recurrence.is_some_and(|often| often != Some(Recurrence::Weekly)) => {
            let english = "only a weekly task falls due on a day of the week";
            c.refuse("weekday", "WEEKDAY_UNEXPECTED", english, "chỉ nhiệm vụ hằng tuần mới có thứ");
            None
        }
        on => weekday(c, "weekday", on).map(Some),
    };
    recurrence.zip(weekday)
}

/// Reads what a task is expected to bring: at each node once.
fn all_expected(
    c: &mut Collector,
    messages: Vec<pb::ExpectedPoints>,
) -> Option<Vec<ExpectedPoints>> {
    let mut seen = BTreeSet::new();
    list(c, "expected_points", limits::NODES, messages, |c, message| {
        distinct(c, "node_id", &mut seen, &message.node_id);
        expected_points(c, message)
    })
}

/// Reads what a task is expected to bring at a node.
fn expected_points(c: &mut Collector, message: pb::ExpectedPoints) -> Option<ExpectedPoints> {
    let pb::ExpectedPoints { node_id, points: brings } = message;
    let node = c.parse("node_id", &node_id);
    let points = points(c, "points", brings);
    Some(ExpectedPoints { node: node?, points: points? })
}
