//! A publication as a page: what was signed, and beside it what was revised since.

use std::{collections::BTreeMap, sync::Arc};

use askama::Template;
use cchc_core::{NodeId, VIETNAM};
use cchc_scoring::tree::Layer;
use time::{OffsetDateTime, macros::format_description};

use super::view::{Figure, class_of, given, number, standing};
use crate::{
    app::Opened,
    domain::publication::{Publication, Reader, Revision, StatedNode, Statement},
};

/// A publication in the list at the foot of the page.
pub(super) struct Listed {
    pub(super) number: i32,
    pub(super) title: String,
    pub(super) document: String,
    pub(super) day: String,
    /// The end of an embargo that binds the visitor; empty when none does.
    pub(super) waits_until: String,
    /// That it was withdrawn, and why; empty while it stands.
    pub(super) withdrawn: String,
}

impl Listed {
    pub(super) fn of(publication: &Publication, reader: Reader) -> Self {
        let act = &publication.act;
        let until = reader.waits_for(publication);
        let told = |text: &str| if until.is_some() { String::new() } else { text.to_owned() };
        Self {
            number: act.number,
            title: told(&act.title),
            document: told(&act.document),
            day: day(act.publish_time),
            waits_until: until.map_or_else(String::new, moment),
            withdrawn: withdrawn(publication),
        }
    }
}

/// The page of one publication.
#[derive(Template)]
#[template(path = "publication.html")]
pub(super) struct PublicationPage {
    notice: Arc<str>,
    plan: String,
    plan_title: String,
    province: String,
    number: i32,
    title: String,
    reason: String,
    document: String,
    publisher: String,
    day: String,
    waits_until: String,
    withdrawn: String,
    rollup_checksum: String,
    content_checksum: String,
    key_id: String,
    revised: usize,
    rows: Vec<Row>,
}

struct Row {
    id: String,
    title: String,
    depth: usize,
    max: String,
    target: String,
    layers: Vec<Figure>,
    estimate: Figure,
    verdict: &'static str,
    verdict_class: &'static str,
    standing: String,
    /// What is said of it now, where that is something else.
    now: String,
}

impl PublicationPage {
    pub(super) fn of(opened: &Opened, revised: &[Revision], notice: Arc<str>) -> Self {
        let publication = &opened.publication;
        let (act, frozen) = (&publication.act, &opened.frozen);
        let now: BTreeMap<&NodeId, &Revision> = revised.iter().map(|of| (&of.id, of)).collect();
        let rows = frozen.nodes.iter().map(|node| row(node, now.get(&node.id).copied()));
        Self {
            notice,
            plan: act.plan.to_string(),
            plan_title: frozen.title.clone(),
            province: frozen.province_name.clone(),
            number: act.number,
            title: act.title.clone(),
            reason: act.reason.clone(),
            document: act.document.clone(),
            publisher: act.publisher.clone(),
            day: day(act.publish_time),
            waits_until: act.embargo_end.map_or_else(String::new, moment),
            withdrawn: withdrawn(publication),
            rollup_checksum: publication.rollup_checksum.clone(),
            content_checksum: publication.content_checksum.clone(),
            key_id: act.key_id.clone(),
            revised: revised.len(),
            rows: rows.collect(),
        }
    }
}

fn row(node: &StatedNode, revised: Option<&Revision>) -> Row {
    let says = &node.says;
    let layers = Layer::ALL.into_iter();
    Row {
        id: node.id.to_string(),
        title: node.title.clone(),
        depth: node.depth,
        max: number(node.max),
        target: number(node.target),
        layers: layers.map(|layer| given(says.layers.get(&layer).copied())).collect(),
        estimate: given(says.estimate),
        verdict: says.points_verdict.map_or("", |verdict| verdict.label()),
        verdict_class: class_of(says.points_verdict),
        standing: says.standing.map_or_else(String::new, standing),
        now: revised.map_or_else(String::new, |of| present(of.present.as_ref())),
    }
}

/// Such as `9,25, đạt, 32/63, nhóm 2`.
fn present(says: Option<&Statement>) -> String {
    let Some(says) = says else { return "không còn trong kế hoạch".to_owned() };
    let verdict = says.points_verdict.map(|verdict| verdict.label().to_owned());
    let parts = [Some(given(says.estimate).text), verdict, says.standing.map(standing)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn withdrawn(publication: &Publication) -> String {
    publication
        .withdrawal
        .as_ref()
        .map_or_else(String::new, |of| format!("Đã thu hồi ngày {}: {}", day(of.time), of.reason))
}

fn day(instant: OffsetDateTime) -> String {
    let form = format_description!("[day]/[month]/[year]");
    instant.to_offset(VIETNAM).format(form).unwrap_or_default()
}

fn moment(instant: OffsetDateTime) -> String {
    let form = format_description!("[hour]:[minute] ngày [day]/[month]/[year]");
    instant.to_offset(VIETNAM).format(form).unwrap_or_default()
}
