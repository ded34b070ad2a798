//! Feeding a service what it would hear, without the producer.

use cchc_kit::{
    db::Db,
    inbox::{self, Hear},
};
use cchc_proto::{fact::Fact, source::v1::Event};
use uuid::Uuid;

/// Makes an event of a fact; number it with [`feed`].
#[must_use]
pub fn event_of(fact: &impl Fact) -> Event {
    Event {
        producer: String::new(),
        sequence: 0,
        event_id: Uuid::now_v7().to_string(),
        subject: fact.subject(),
        occur_time: Some(cchc_proto::convert::timestamp(time::OffsetDateTime::now_utc())),
        trace_parent: String::new(),
        payload: Some(prost_types::Any {
            type_url: format!("type.googleapis.com/{}", fact.type_name()),
            value: fact.encode_to_vec(),
        }),
    }
}

/// Applies events as if heard from a producer, numbered after what was heard of it before.
pub async fn feed(db: &Db, hear: &dyn Hear, producer: &str, events: Vec<Event>) {
    let mut next = inbox::watermark(db, producer).await.expect("the database answers") + 1;
    let mut numbered = Vec::with_capacity(events.len());
    for mut event in events {
        producer.clone_into(&mut event.producer);
        event.sequence = next;
        next += 1;
        numbered.push(event);
    }
    inbox::apply(db, hear, producer, &numbered).await.expect("the events are applied or parked");
    let heard = inbox::watermark(db, producer).await.expect("the database answers");
    assert_eq!(heard, next - 1, "every event was heard");
}
