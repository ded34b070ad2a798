//! Asking the producers for their stored facts, as they stood at given numbers.

use cchc_core::{Fault, Kind};
use cchc_kit::{client::Peer, inbox::Heard};
use cchc_proto::{
    convert,
    source::v1::{
        Event, ExportFactsRequest, FindSequenceRequest, source_service_client::SourceServiceClient,
    },
};
use time::OffsetDateTime;

use super::read;
use crate::domain::{
    canon::Lines, fact::Origin, ground::Origins, recorded::Recorded, rollup::Watermark,
};

/// The largest event a producer may send, as when it is replayed.
const LARGEST: usize = 1 << 26;

/// The producers, by name.
#[derive(Debug)]
pub(crate) struct Sources(Vec<(&'static str, Peer)>);

/// What the producers have stored.
#[derive(Debug, Default)]
pub(crate) struct Recalled {
    pub(crate) recorded: Recorded,
    /// The events that announced those facts that explanations cite.
    pub(crate) origins: Origins,
    /// How many were read.
    pub(crate) count: i64,
    /// What could not be read, and why.
    pub(crate) unreadable: Lines,
}

/// A producer does not tell its facts.
#[derive(Debug, thiserror::Error)]
#[error("{producer} does not tell its facts")]
pub(crate) struct RecallError {
    producer: &'static str,
    #[source]
    status: Box<tonic::Status>,
}

impl Fault for RecallError {
    fn kind(&self) -> Kind {
        Kind::Unavailable
    }

    fn reason(&self) -> &'static str {
        "PRODUCER_UNAVAILABLE"
    }

    fn vietnamese(&self) -> String {
        format!(
            "dịch vụ {} tạm thời không cung cấp được dữ liệu gốc, vui lòng thử lại",
            self.producer
        )
    }
}

impl Sources {
    /// Names the producers.
    pub(crate) fn new(peers: Vec<(&'static str, Peer)>) -> Self {
        Self(peers)
    }

    /// How far each producer had come at an instant that has passed.
    pub(crate) async fn numbers_at(
        &self,
        instant: OffsetDateTime,
    ) -> Result<Vec<Watermark>, RecallError> {
        let mut numbers = Vec::with_capacity(self.0.len());
        for (producer, peer) in &self.0 {
            let asked = FindSequenceRequest { as_of_time: Some(convert::timestamp(instant)) };
            let mut client = SourceServiceClient::new(peer.channel());
            let found = client.find_sequence(peer.request(asked)).await;
            let found = found.map_err(|status| unavailable(producer, status))?;
            numbers.push(Watermark {
                producer: (*producer).to_owned(),
                sequence: found.into_inner().sequence,
                apply_time: None,
                parked: 0,
            });
        }
        numbers.sort_by(|one, other| one.producer.cmp(&other.producer));
        Ok(numbers)
    }

    /// Reads every producer's facts as they stood at the watermarks.
    pub(crate) async fn recall(&self, watermarks: &[Watermark]) -> Result<Recalled, RecallError> {
        let mut recalled = Recalled::default();
        for (producer, peer) in &self.0 {
            let of = watermarks.iter().find(|watermark| watermark.producer == *producer);
            let as_of = of.map_or(0, |watermark| watermark.sequence);
            recalled.read(peer, as_of).await.map_err(|status| unavailable(producer, status))?;
        }
        Ok(recalled)
    }
}

fn unavailable(producer: &'static str, status: tonic::Status) -> RecallError {
    RecallError { producer, status: Box::new(status) }
}

impl Recalled {
    async fn read(&mut self, peer: &Peer, as_of_sequence: i64) -> Result<(), tonic::Status> {
        if as_of_sequence == 0 {
            return Ok(());
        }
        let mut client =
            SourceServiceClient::new(peer.channel()).max_decoding_message_size(LARGEST);
        let request = peer.request(ExportFactsRequest { as_of_sequence });
        let mut replies = client.export_facts(request).await?.into_inner();
        while let Some(reply) = replies.message().await? {
            if let Some(event) = reply.event {
                self.take(&event);
            }
        }
        Ok(())
    }

    fn take(&mut self, event: &Event) {
        self.count += 1;
        let read =
            event.event_id.parse().map_err(|error| format!("{error}")).and_then(|event_id| {
                let fact =
                    read::fact(&Heard { event, event_id }).map_err(|error| error.to_string());
                Ok((fact?, Origin { event_id, sequence: event.sequence }))
            });
        match read {
            Ok((Some(fact), origin)) => {
                self.origins.note(&fact, origin);
                self.recorded.learn(fact);
            }
            Ok((None, _)) => {}
            Err(reason) => {
                self.unreadable.insert(format!("unreadable {}", event.event_id), reason);
            }
        }
    }
}
