//! Those who receive digests: a mail server that speaks SMTP, and a receiver of webhooks that checks what is
//! signed as a receiver of its own would. Both take, refuse, fail or never answer, as the test says.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{Router, body::Bytes, extract::State, http::HeaderMap, http::StatusCode, routing::post};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::hmac;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    sync::Notify,
};

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
struct Desk<T> {
    mood: Mutex<Mood>,
    taken: Mutex<Vec<T>>,
    /// Something came, whatever became of it.
    came: Notify,
}

impl<T> Desk<T> {
    fn new() -> Arc<Self> {
        let (mood, taken) = (Mutex::new(Mood::Takes), Mutex::default());
        Arc::new(Self { mood, taken, came: Notify::new() })
    }

    fn mood(&self) -> Mood {
        *self.mood.lock().unwrap()
    }
}

/// A mail server.
pub(crate) struct MailServer {
    pub(crate) addr: SocketAddr,
    desk: Arc<Desk<String>>,
}

impl MailServer {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (addr, desk) = (listener.local_addr().unwrap(), Desk::new());
        let serving = Arc::clone(&desk);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(talk(stream, Arc::clone(&serving)));
            }
        });
        Self { addr, desk }
    }

    pub(crate) fn is(&self, mood: Mood) {
        *self.desk.mood.lock().unwrap() = mood;
    }

    /// Every message that was taken, as it came.
    pub(crate) fn messages(&self) -> Vec<String> {
        self.desk.taken.lock().unwrap().clone()
    }
}

/// A conversation by RFC 5321, as far as a client needs it.
async fn talk(stream: TcpStream, desk: Arc<Desk<String>>) {
    let (read, mut write) = stream.into_split();
    let (mut read, mut line) = (BufReader::new(read), String::new());
    let mut message: Option<String> = None;
    write.write_all(b"220 thu.quangninh.test ESMTP\r\n").await.unwrap();
    loop {
        line.clear();
        if read.read_line(&mut line).await.unwrap_or(0) == 0 {
            return;
        }
        if let Some(text) = &mut message {
            if line != ".\r\n" {
                text.push_str(&line);
                continue;
            }
            desk.taken.lock().unwrap().push(std::mem::take(text));
            message = None;
            write.write_all(b"250 2.0.0 queued\r\n").await.unwrap();
            continue;
        }
        let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        let answer: &[u8] = match (verb.as_str(), desk.mood()) {
            ("EHLO", _) => b"250-thu.quangninh.test\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n",
            ("MAIL", Mood::Fails) => b"451 4.3.0 try again later\r\n",
            ("MAIL", Mood::IsLocked) => b"530 5.7.0 sign in first\r\n",
            ("RCPT", Mood::Refuses) => b"550 5.1.1 no such mailbox\r\n",
            ("DATA", _) => {
                message = Some(String::new());
                b"354 go on\r\n"
            }
            ("QUIT", _) => b"221 2.0.0 bye\r\n",
            _ => b"250 2.0.0 ok\r\n",
        };
        write.write_all(answer).await.unwrap();
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
