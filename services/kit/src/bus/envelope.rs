//! Events as NATS messages: CloudEvents 1.0 in binary mode, the payload as it is and everything about
//! it in headers, so that any CloudEvents reader understands them.

use async_nats::{HeaderMap, Message};
use bytes::Bytes;
use cchc_proto::source::v1::Event;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::BusError;
use crate::{source, telemetry::propagation};

/// Before the full name of a message in `ce-type`.
const TYPE_PREFIX: &str = "vn.gov.";
/// Before the full name of a message in `Any.type_url`.
pub(crate) const URL_PREFIX: &str = "type.googleapis.com/";

/// Makes a message of an event, within the span that publishes it.
pub(crate) fn seal(event: &Event) -> Result<(HeaderMap, Bytes), BusError> {
    let payload =
        event.payload.as_ref().ok_or_else(|| BusError("event without payload".to_owned()))?;
    let time = source::occur_time(event).format(&Rfc3339).unwrap_or_default();
    let name = payload.type_url.trim_start_matches(URL_PREFIX);
    let mut headers = HeaderMap::new();
    headers.insert("Nats-Msg-Id", format!("{}:{}", event.producer, event.sequence));
    headers.insert("ce-specversion", "1.0");
    headers.insert("ce-id", event.event_id.as_str());
    headers.insert("ce-type", format!("{TYPE_PREFIX}{name}"));
    headers.insert("ce-source", format!("/cchc/{}", event.producer));
    headers.insert("ce-subject", event.subject.as_str());
    headers.insert("ce-time", time);
    headers.insert("ce-datacontenttype", "application/protobuf");
    headers.insert("ce-sequence", event.sequence.to_string());
    let present = propagation::present();
    let trace_parent = if present.is_empty() { &event.trace_parent } else { &present };
    if !trace_parent.is_empty() {
        headers.insert("traceparent", trace_parent.as_str());
    }
    Ok((headers, payload.value.clone().into()))
}

/// Reads an event from a message; says what is missing when it is not one of ours.
pub(crate) fn open(message: &Message) -> Result<Event, String> {
    let headers = message.headers.as_ref().ok_or("message without headers")?;
    let header = |name: &str| {
        headers.get(name).map(|v| v.as_str().to_owned()).ok_or_else(|| format!("no header {name}"))
    };
    let occur_time =
        OffsetDateTime::parse(&header("ce-time")?, &Rfc3339).map_err(|e| e.to_string())?;
    let type_name = header("ce-type")?;
    Ok(Event {
        producer: header("ce-source")?.trim_start_matches("/cchc/").to_owned(),
        sequence: header("ce-sequence")?.parse().map_err(|_| "ce-sequence is no number")?,
        event_id: header("ce-id")?,
        subject: header("ce-subject")?,
        occur_time: Some(cchc_proto::convert::timestamp(occur_time)),
        trace_parent: header("traceparent").unwrap_or_default(),
        payload: Some(prost_types::Any {
            type_url: format!("{URL_PREFIX}{}", type_name.trim_start_matches(TYPE_PREFIX)),
            value: message.payload.to_vec(),
        }),
    })
}
