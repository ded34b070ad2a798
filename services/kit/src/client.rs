//! Calls to other services: one lazy channel a peer, with the service's own token and the trace.

use std::time::Duration;

use tonic::{
    Request,
    metadata::{Ascii, MetadataValue},
    transport::{Channel, Endpoint},
};

use crate::{config::Secret, telemetry::propagation};

/// Another service.
#[derive(Debug, Clone)]
pub struct Peer {
    channel: Channel,
    authorization: MetadataValue<Ascii>,
}

/// The peer's address or our token cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("cannot use {0:?} as the address of a service, or the token for it")]
pub struct PeerError(String);

impl Peer {
    /// Names a peer; it is called when needed and need not be up.
    pub fn new(address: &str, token: &Secret) -> Result<Self, PeerError> {
        let wrong = || PeerError(address.to_owned());
        let channel = Endpoint::from_shared(address.to_owned())
            .map_err(|_| wrong())?
            .connect_timeout(Duration::from_secs(3))
            .tcp_nodelay(true)
            .http2_keep_alive_interval(Duration::from_secs(20))
            .keep_alive_timeout(Duration::from_secs(10))
            .connect_lazy();
        let authorization = format!("Bearer {}", token.reveal()).parse().map_err(|_| wrong())?;
        Ok(Self { channel, authorization })
    }

    /// The channel, for a generated client.
    #[must_use]
    pub fn channel(&self) -> Channel {
        self.channel.clone()
    }

    /// Wraps a message with who we are and the present trace.
    pub fn request<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        request.metadata_mut().insert("authorization", self.authorization.clone());
        if let Ok(trace_parent) = propagation::present().parse() {
            request.metadata_mut().insert("traceparent", trace_parent);
        }
        request
    }
}
