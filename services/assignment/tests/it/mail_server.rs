//! A mail server that speaks SMTP (RFC 5321) as far as a client needs it: in the clear, over TLS from the
//! beginning, or turned to TLS (RFC 3207); whoever has an account there signs in (RFC 4954).

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader},
    net::TcpListener,
};
use tokio_rustls::{TlsAcceptor, rustls::ServerConfig};

use crate::{
    authority::Authority,
    post::{Desk, Mood},
};

/// How it is spoken with.
#[derive(Default)]
pub(crate) struct Manner {
    /// What it shows who wants TLS; nobody can have it without.
    pub(crate) tls: Option<Arc<ServerConfig>>,
    /// Whether TLS begins with the connection; otherwise the client asks for it.
    pub(crate) at_once: bool,
    /// Who may send, when it is not everybody: a name and a password.
    pub(crate) account: Option<(&'static str, &'static str)>,
}

/// What a server of that name shows.
pub(crate) fn identity(authority: &Authority, name: &str) -> Arc<ServerConfig> {
    let (certificate, key) = authority.vouch(name);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config =
        ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let key = key.serialize_der().try_into().unwrap();
    let chain = vec![certificate.der().clone()];
    Arc::new(config.unwrap().with_no_client_auth().with_single_cert(chain, key).unwrap())
}

/// The server and what it was told.
pub(crate) struct MailServer {
    pub(crate) addr: SocketAddr,
    house: Arc<House>,
}

struct House {
    desk: Arc<Desk<String>>,
    manner: Manner,
    /// Every line that came where others can read along.
    overheard: Mutex<Vec<String>>,
}

impl MailServer {
    /// One that everybody talks to in the clear.
    pub(crate) async fn start() -> Self {
        Self::start_with(Manner::default()).await
    }

    pub(crate) async fn start_with(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let house = Arc::new(House { desk: Desk::new(), manner, overheard: Mutex::default() });
        let serving = Arc::clone(&house);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let house = Arc::clone(&serving);
                tokio::spawn(async move { house.receive(stream).await });
            }
        });
        Self { addr, house }
    }

    pub(crate) fn is(&self, mood: Mood) {
        *self.house.desk.mood.lock().unwrap() = mood;
    }

    /// Every message that was taken, as it came.
    pub(crate) fn messages(&self) -> Vec<String> {
        self.house.desk.taken.lock().unwrap().clone()
    }

    /// Every line that came in the clear.
    pub(crate) fn overheard(&self) -> Vec<String> {
        self.house.overheard.lock().unwrap().clone()
    }
}

impl House {
    async fn receive(&self, stream: impl AsyncRead + AsyncWrite + Unpin) {
        let acceptor = self.manner.tls.clone().map(TlsAcceptor::from);
        match acceptor {
            Some(acceptor) if self.manner.at_once => {
                if let Ok(stream) = acceptor.accept(stream).await {
                    self.talk(stream, true, true).await;
                }
            }
            Some(acceptor) => {
                let Some(stream) = self.talk(stream, true, false).await else { return };
                if let Ok(stream) = acceptor.accept(stream).await {
                    self.talk(stream, false, true).await;
                }
            }
            None => {
                self.talk(stream, true, false).await;
            }
        }
    }

    /// A conversation; gives the connection back when it is to turn to TLS.
    async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: S,
        greets: bool,
        is_secret: bool,
    ) -> Option<S> {
        let (mut stream, mut line) = (BufReader::new(stream), String::new());
        let (mut message, mut is_known): (Option<String>, _) =
            (None, self.manner.account.is_none());
        if greets {
            stream.write_all(b"220 thu.quangninh.test ESMTP\r\n").await.ok()?;
        }
        loop {
            line.clear();
            if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
                return None;
            }
            if !is_secret {
                self.overheard.lock().unwrap().push(line.trim_end().to_owned());
            }
            if let Some(text) = &mut message {
                if line != ".\r\n" {
                    text.push_str(&line);
                    continue;
                }
                self.desk.taken.lock().unwrap().push(std::mem::take(text));
                message = None;
                stream.write_all(b"250 2.0.0 queued\r\n").await.ok()?;
                continue;
            }
            let turns = line.starts_with("STARTTLS");
            let answer = self.answer(&line, is_secret, &mut is_known);
            message = answer.starts_with("354").then(String::new);
            stream.write_all(answer.as_bytes()).await.ok()?;
            stream.flush().await.ok()?;
            if turns && answer.starts_with("220") {
                return Some(stream.into_inner());
            }
        }
    }

    fn answer(&self, line: &str, is_secret: bool, is_known: &mut bool) -> String {
        let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        let said = match (verb.as_str(), self.desk.mood()) {
            ("EHLO", _) => return self.offers(is_secret),
            ("STAR", _) if self.manner.tls.is_some() && !is_secret => "220 2.0.0 go on",
            ("STAR", _) => "502 5.5.1 not here",
            ("AUTH", _) => {
                *is_known = self.knows(line);
                if *is_known { "235 2.7.0 welcome" } else { "535 5.7.8 name or password is wrong" }
            }
            ("MAIL", _) if !*is_known => "530 5.7.0 sign in first",
            ("MAIL", Mood::Fails) => "451 4.3.0 try again later",
            ("MAIL", Mood::IsLocked) => "530 5.7.0 sign in first",
            ("RCPT", Mood::Refuses) => "550 5.1.1 no such mailbox",
            ("DATA", _) => "354 go on",
            ("QUIT", _) => "221 2.0.0 bye",
            _ => "250 2.0.0 ok",
        };
        format!("{said}\r\n")
    }

    /// What it can do. Names and passwords are asked for where nobody reads along.
    fn offers(&self, is_secret: bool) -> String {
        let starttls = self.manner.tls.is_some() && !is_secret;
        let auth = self.manner.account.is_some() && is_secret;
        [
            Some("250-thu.quangninh.test\r\n250-8BITMIME\r\n"),
            starttls.then_some("250-STARTTLS\r\n"),
            auth.then_some("250-AUTH PLAIN\r\n"),
            Some("250 SMTPUTF8\r\n"),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// Whether `AUTH PLAIN` names the account (RFC 4616): nobody else's place, name, password.
    fn knows(&self, line: &str) -> bool {
        let said = line.trim_end().strip_prefix("AUTH PLAIN ").unwrap_or_default();
        let said = STANDARD.decode(said).unwrap_or_default();
        self.manner.account.is_some_and(|(name, password)| {
            said == [b"\0", name.as_bytes(), b"\0", password.as_bytes()].concat()
        })
    }
}
