//! The bytes that are signed: a `PublicationContent`, written once and read back. The rollup in it is
//! rendered as for a call, so that whoever reads a publication reads what was shown.

use cchc_core::{Decimal, parse_decimal};
use cchc_proto::{
    common::v1::Decimal as Digits,
    convert::{instant, timestamp},
    reporting::v1 as pb,
};
use cchc_scoring::{rank::Standing, tree::Layer, verdict::Verdict};
use prost::Message as _;

use crate::{
    domain::{
        publication::{Act, Given, StatedNode, Statement},
        rollup::{Moment, Rollup, Watermark},
    },
    grpc::render,
};

/// What a publication holds, as far as it is read again.
#[derive(Debug, Clone)]
pub(crate) struct Frozen {
    pub(crate) act: Act,
    /// The checksum of the rollup.
    pub(crate) checksum: String,
    pub(crate) title: String,
    pub(crate) province_name: String,
    pub(crate) moment: Moment,
    pub(crate) watermarks: Vec<Watermark>,
    pub(crate) nodes: Vec<StatedNode>,
}

/// Stored bytes that are no content of a publication.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the content of a publication is not readable: {0}")]
pub(crate) struct Unreadable(String);

/// Writes what is signed. The same act and rollup give the same bytes.
pub(crate) fn write(act: &Act, rollup: &Rollup) -> Vec<u8> {
    let content = pb::PublicationContent {
        plan_code: act.plan.to_string(),
        number: act.number,
        title: act.title.clone(),
        reason: act.reason.clone(),
        document_number: act.document.clone(),
        publisher: act.publisher.clone(),
        unit_code: act.unit.to_string(),
        publish_time: Some(timestamp(act.publish_time)),
        embargo_end_time: act.embargo_end.map(timestamp),
        key_id: act.key_id.clone(),
        rollup: Some(render::rollup(rollup)),
    };
    content.encode_to_vec()
}

/// Reads what was signed.
pub(crate) fn read(content: &[u8]) -> Result<Frozen, Unreadable> {
    let content = pb::PublicationContent::decode(content);
    let content = content.map_err(|error| Unreadable(error.to_string()))?;
    let (act, rollup) = act(content)?;
    let at = rollup.update_time.as_ref().and_then(instant).ok_or_else(|| missing("update_time"))?;
    let moment = match rollup.as_of_time {
        Some(_) => Moment::Past(at),
        None => Moment::Live { revision: rollup.revision, time: at },
    };
    let watermarks = rollup.watermarks.into_iter().map(|mark| Watermark {
        producer: mark.producer,
        sequence: mark.sequence,
        apply_time: None,
        parked: 0,
    });
    let nodes = rollup.indices.into_iter().flat_map(|index| index.nodes);
    Ok(Frozen {
        act,
        checksum: rollup.checksum,
        title: rollup.title,
        province_name: rollup.province_name,
        moment,
        watermarks: watermarks.collect(),
        nodes: nodes.map(node).collect::<Result<_, _>>()?,
    })
}

fn act(content: pb::PublicationContent) -> Result<(Act, pb::Rollup), Unreadable> {
    let made = content.publish_time.as_ref().and_then(instant);
    let act = Act {
        plan: content.plan_code.parse().map_err(|_| missing("plan_code"))?,
        number: content.number,
        title: content.title,
        reason: content.reason,
        document: content.document_number,
        publisher: content.publisher,
        unit: content.unit_code.parse().map_err(|_| missing("unit_code"))?,
        publish_time: made.ok_or_else(|| missing("publish_time"))?,
        embargo_end: content.embargo_end_time.as_ref().and_then(instant),
        key_id: content.key_id,
    };
    Ok((act, content.rollup.ok_or_else(|| missing("rollup"))?))
}

fn missing(what: &str) -> Unreadable {
    Unreadable(format!("{what} is missing"))
}

fn node(node: pb::NodeRollup) -> Result<StatedNode, Unreadable> {
    let verdicts = (node.points_verdict(), node.rank_verdict());
    let estimate = node.estimate.as_ref().map(|of| {
        given((of.points.as_ref(), of.so_far.as_ref(), of.excluded_max.as_ref()), of.is_complete)
    });
    let layers = node.layers.iter().map(|of| {
        let score = given(
            (of.points.as_ref(), of.so_far.as_ref(), of.excluded_max.as_ref()),
            of.is_complete,
        );
        Ok((layer(of.layer())?, score?))
    });
    Ok(StatedNode {
        id: node.node_id.parse().map_err(|_| missing("node_id"))?,
        depth: usize::try_from(node.depth).map_err(|_| missing("depth"))?,
        max: decimal(node.max.as_ref())?,
        target: decimal(node.target.as_ref())?,
        says: Statement {
            estimate: estimate.transpose()?,
            layers: layers.collect::<Result<_, Unreadable>>()?,
            points_verdict: verdict(verdicts.0),
            rank_verdict: verdict(verdicts.1),
            standing: node.standing.map(standing).transpose()?,
        },
        title: node.title,
    })
}

fn given(
    (points, so_far, excluded): (Option<&Digits>, Option<&Digits>, Option<&Digits>),
    is_complete: bool,
) -> Result<Given, Unreadable> {
    Ok(Given {
        points: decimal(points)?,
        so_far: decimal(so_far)?.unwrap_or_default(),
        is_complete,
        excluded: decimal(excluded)?.unwrap_or_default(),
    })
}

fn decimal(digits: Option<&Digits>) -> Result<Option<Decimal>, Unreadable> {
    let read = digits.map(|digits| parse_decimal(&digits.value)).transpose();
    read.map_err(|error| Unreadable(error.to_string()))
}

fn layer(layer: pb::Layer) -> Result<Layer, Unreadable> {
    match layer {
        pb::Layer::Self_ => Ok(Layer::SelfAssessed),
        pb::Layer::Appraised => Ok(Layer::Appraised),
        pb::Layer::Survey => Ok(Layer::Survey),
        pb::Layer::Published => Ok(Layer::Published),
        pb::Layer::Unspecified => Err(missing("layer")),
    }
}

const fn verdict(verdict: pb::Verdict) -> Option<Verdict> {
    match verdict {
        pb::Verdict::Met => Some(Verdict::Met),
        pb::Verdict::Missed => Some(Verdict::Missed),
        pb::Verdict::NotAssessable => Some(Verdict::NotAssessable),
        pb::Verdict::Unspecified => None,
    }
}

fn standing(at: pb::Standing) -> Result<Standing, Unreadable> {
    let wrong = |_| missing("standing");
    Ok(Standing {
        rank: at.rank.try_into().map_err(wrong)?,
        of: at.of_count.try_into().map_err(wrong)?,
        group: Some(at.group.try_into().map_err(wrong)?).filter(|group| *group > 0),
    })
}
