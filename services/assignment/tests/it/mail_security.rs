//! E-mail over TLS and with sign-in: what is secret is said to nobody but the server that is meant, and stands
//! in no log.

use std::{
    io,
    path::PathBuf,
    sync::{Arc, Mutex},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use cchc_kit::config::{DeliveryConfig, MailSecurity};
use cchc_proto::assignment::v1::{Channel, delivery::State};
use tempfile::TempDir;
use tracing::Level;
use tracing_subscriber::fmt::MakeWriter;

use crate::{
    authority::Authority,
    deliveries::{DUE, FAILED, GIVEN_UP, Post, SENT},
    mail_server::{MailServer, Manner, identity},
};

const NAME: &str = "nhacviec";
const PASSWORD: &str = "mat-khau-rat-kin";

/// Whom the courier trusts, and what it signs in with.
struct Safe {
    folder: TempDir,
    authority: Authority,
}

impl Safe {
    fn new() -> Self {
        let (folder, authority) = (tempfile::tempdir().unwrap(), Authority::new());
        std::fs::write(folder.path().join("authority.pem"), &authority.pem).unwrap();
        Self { folder, authority }
    }

    fn password(&self, password: &str) -> PathBuf {
        let path = self.folder.path().join("password");
        std::fs::write(&path, format!("{password}\n")).unwrap();
        path
    }

    /// A server of that name; who sends signs in.
    async fn server(&self, name: &str, at_once: bool) -> MailServer {
        let tls = Some(identity(&self.authority, name));
        let account = Some((NAME, PASSWORD));
        MailServer::start_with(Manner { tls, at_once, account }).await
    }

    /// Settings of a courier that trusts the authority and signs in.
    fn settings(&self, security: MailSecurity, password: &str) -> impl FnOnce(&mut DeliveryConfig) {
        let (authority, password) =
            (self.folder.path().join("authority.pem"), self.password(password));
        move |config| {
            config.smtp_security = security;
            config.smtp_ca_file = Some(authority);
            NAME.clone_into(&mut config.smtp_user);
            config.smtp_password_file = Some(password);
        }
    }
}

/// The e-mail that waits or was given up, with the reason it is told for.
async fn told(post: &Post, state: State) -> (i64, String) {
    let all = post.deliveries(state).await;
    let mail = all.into_iter().find(|of| of.channel() == Channel::Email).unwrap();
    (mail.attempt_count, mail.last_error)
}

#[tokio::test]
async fn over_tls_from_the_beginning_a_digest_is_sent_by_who_signs_in_and_nothing_is_overheard() {
    let (post, safe) = (Post::open().await, Safe::new());
    let server = safe.server("127.0.0.1", true).await;
    let courier = post.courier_to(&server, safe.settings(MailSecurity::Tls, PASSWORD)).await;

    let sent = courier.mail().await.unwrap();

    assert_eq!((sent, server.messages().len()), (SENT, 1));
    assert!(server.overheard().is_empty());
    post.desk.close().await;
}

#[tokio::test]
async fn with_starttls_nothing_but_the_wish_for_it_is_said_in_the_clear() {
    let (post, safe) = (Post::open().await, Safe::new());
    let server = safe.server("127.0.0.1", false).await;
    let courier = post.courier_to(&server, safe.settings(MailSecurity::StartTls, PASSWORD)).await;

    let sent = courier.mail().await.unwrap();

    assert_eq!((sent, server.messages().len()), (SENT, 1));
    assert_eq!(server.overheard(), ["EHLO quangninh.test", "STARTTLS"]);
    post.desk.close().await;
}

#[tokio::test]
async fn a_server_that_offers_no_starttls_hears_neither_password_nor_digest() {
    let (post, safe) = (Post::open().await, Safe::new());
    let server = MailServer::start().await;
    let courier = post.courier_to(&server, safe.settings(MailSecurity::StartTls, PASSWORD)).await;

    let failed = courier.mail().await.unwrap();

    assert_eq!((failed, server.messages().len()), (FAILED, 0));
    let verbs: Vec<String> = server.overheard().iter().map(|line| line[..4].to_owned()).collect();
    assert!(verbs.iter().all(|verb| verb == "EHLO" || verb == "QUIT"), "{verbs:?}");
    let (_, why) = told(&post, State::Pending).await;
    assert!(why.contains("STARTTLS is not supported"), "{why}");
    post.desk.close().await;
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_or_another_servers_is_refused_before_anything_is_said()
 {
    for (name, is_trusted) in [("127.0.0.1", false), ("thu.khac.test", true)] {
        for (security, at_once) in [(MailSecurity::Tls, true), (MailSecurity::StartTls, false)] {
            let (post, safe) = (Post::open().await, Safe::new());
            let server = safe.server(name, at_once).await;
            let settings = safe.settings(security, PASSWORD);
            let courier = post.courier_to(&server, |config| {
                settings(config);
                config.smtp_ca_file = config.smtp_ca_file.take().filter(|_| is_trusted);
            });

            let failed = courier.await.mail().await.unwrap();

            assert_eq!((failed, server.messages().len()), (FAILED, 0), "{name} {security:?}");
            let (_, why) = told(&post, State::Pending).await;
            assert!(why.contains("invalid peer certificate"), "{why}");
            post.desk.close().await;
        }
    }
}

/// Everything that is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn a_wrong_password_is_given_up_with_the_servers_word_and_stands_in_no_log() {
    let (post, safe) = (Post::open().await, Safe::new());
    let server = safe.server("127.0.0.1", true).await;
    let wrong = "mat-khau-da-doi-thang-truoc";
    let courier = post.courier_to(&server, safe.settings(MailSecurity::Tls, wrong)).await;
    let log = Log::default();
    let logs = tracing_subscriber::fmt().with_max_level(Level::TRACE).with_writer(log.clone());
    let logging = tracing::subscriber::set_default(logs.finish());

    // Longer than any pause between two attempts.
    let mut rounds = Vec::new();
    for hour in (8..24).chain(0..24) {
        let day = if rounds.len() < 16 { DUE } else { DUE.next_day().unwrap() };
        post.desk.clock.set(day, hour, 0);
        rounds.push(courier.mail().await.unwrap());
        if rounds.last() == Some(&GIVEN_UP) {
            break;
        }
    }
    drop(logging);

    assert_eq!(rounds.pop(), Some(GIVEN_UP));
    let (attempts, why) = told(&post, State::GivenUp).await;
    assert_eq!((attempts, server.messages().len()), (14, 0));
    assert!(why.contains("535") && why.contains("name or password is wrong"), "{why}");
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("not delivered"), "what is logged is looked at");
    let signed = STANDARD.encode(format!("\0{NAME}\0{wrong}"));
    for secret in [wrong, signed.as_str()] {
        assert!(!log.contains(secret) && !why.contains(secret));
    }
    post.desk.close().await;
}
