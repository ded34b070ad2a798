//! Those who receive digests take, refuse, fail or never answer, as the test says. Here is a receiver of
//! webhooks that checks what is signed as a receiver of its own would; `mail_server.rs` has the other.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{Router, body::Bytes, extract::State, http::HeaderMap, http::StatusCode, routing::post};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::hmac;
use tokio::{net::TcpListener, sync::Notify};

/// How a receiver is disposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    Takes,
    Refuses,
    Fails,
    Hangs,
    /// Lets nobody in who has not signed in.
    IsLocked,
}

/// What came, and how what comes is received.
#[derive(Debug)]
pub(crate) struct Desk<T> {
    pub(crate) mood: Mutex<Mood>,
    pub(crate) taken: Mutex<Vec<T>>,
    /// Something came, whatever became of it.
    came: Notify,
}

impl<T> Desk<T> {
    pub(crate) fn new() -> Arc<Self> {
        let (mood, taken) = (Mutex::new(Mood::Takes), Mutex::default());
        Arc::new(Self { mood, taken, came: Notify::new() })
    }

    pub(crate) fn mood(&self) -> Mood {
        *self.mood.lock().unwrap()
    }
}

/// A webhook as it came.
#[derive(Debug, Clone)]
pub(crate) struct Hook {
    pub(crate) id: String,
    pub(crate) timestamp: i64,
    pub(crate) body: serde_json::Value,
}

/// A receiver of webhooks.
pub(crate) struct Receiver {
    pub(crate) addr: SocketAddr,
    desk: Arc<Desk<Hook>>,
}

/// The bytes that receiver and sender share.
pub(crate) const SHARED: &[u8] = b"chia-khoa-chung-giua-hai-ben";

/// The secret as it is written down.
pub(crate) fn secret() -> String {
    format!("whsec_{}", STANDARD.encode(SHARED))
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (addr, desk) = (listener.local_addr().unwrap(), Desk::new());
        let router = Router::new().route("/nhac-viec", post(take)).with_state(Arc::clone(&desk));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { addr, desk }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/nhac-viec", self.addr)
    }

    pub(crate) fn is(&self, mood: Mood) {
        *self.desk.mood.lock().unwrap() = mood;
    }

    /// Every webhook that was taken.
    pub(crate) fn hooks(&self) -> Vec<Hook> {
        self.desk.taken.lock().unwrap().clone()
    }

    /// Waits until a webhook has come, whatever becomes of it.
    pub(crate) async fn has_come(&self) {
        self.desk.came.notified().await;
    }
}

async fn take(State(desk): State<Arc<Desk<Hook>>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    desk.came.notify_one();
    match desk.mood() {
        Mood::Takes | Mood::IsLocked => {}
        Mood::Refuses => return StatusCode::FORBIDDEN,
        Mood::Fails => return StatusCode::INTERNAL_SERVER_ERROR,
        Mood::Hangs => std::future::pending().await,
    }
    let of = |name: &str| headers.get(name).unwrap().to_str().unwrap().to_owned();
    let (id, timestamp) = (of("webhook-id"), of("webhook-timestamp"));
    let signature = of("webhook-signature");
    let signature = STANDARD.decode(signature.strip_prefix("v1,").unwrap()).unwrap();
    let signed = [id.as_bytes(), b".", timestamp.as_bytes(), b".", &body].concat();
    let key = hmac::Key::new(hmac::HMAC_SHA256, SHARED);
    if hmac::verify(&key, &signed, &signature).is_err() {
        return StatusCode::UNAUTHORIZED;
    }
    let body = serde_json::from_slice(&body).unwrap();
    desk.taken.lock().unwrap().push(Hook { id, timestamp: timestamp.parse().unwrap(), body });
    StatusCode::NO_CONTENT
}
