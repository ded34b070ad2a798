//! Digests on their way: sent once, tried again, given up, tried anew.

use std::sync::Arc;

use cchc_assignment::{Courier, Round};
use cchc_core::SystemIds;
use cchc_kit::{
    config::{DeliveryConfig, MailSecurity},
    vault::Vault,
};
use cchc_proto::assignment::v1::{
    Audience, Channel, Delivery, GetRecipientsRequest, ListDeliveriesRequest,
    LoadRecipientsRequest, Recipient, ReplayDeliveryRequest, delivery::State,
    delivery_service_client::DeliveryServiceClient,
};
use cchc_testkit::{assert_refused, request, violations_of};
use time::{Date, macros::date};
use tonic::{Code, Status};

use crate::{
    mail_server::MailServer,
    post::{Mood, Receiver, secret},
    reminding::Desk,
    sample::{id, plan, plan_published},
};

/// The last day of task 1.9, and the day on which its units hear that it is due.
pub(crate) const DUE: Date = date!(2018 - 06 - 29);

/// A service in which digests are due, and those who receive them.
pub(crate) struct Post {
    pub(crate) desk: Desk,
    mail: MailServer,
    hooks: Receiver,
}

fn to(unit: &str) -> Recipient {
    Recipient {
        unit_code: unit.to_owned(),
        audience: Audience::Officer.into(),
        ..Recipient::default()
    }
}

impl Post {
    /// Opens at the hour at which digests are complete, with one for 193 and one for 194.
    pub(crate) async fn open() -> Self {
        let desk = Desk::open(DUE).await;
        desk.hear(plan_published(&plan())).await;
        desk.instance().await.tick().await.unwrap();
        let post = Self { desk, mail: MailServer::start().await, hooks: Receiver::start().await };
        let both = Recipient {
            email_addresses: vec!["halong@quangninh.test".to_owned()],
            webhook_url: post.hooks.url(),
            webhook_secret: secret(),
            ..to("193")
        };
        post.load(vec![both]).await.unwrap();
        post.at(8, 0);
        post
    }

    fn at(&self, hour: u8, minute: u8) {
        self.desk.clock.set(DUE, hour, minute);
    }

    fn client(&self) -> DeliveryServiceClient<tonic::transport::Channel> {
        DeliveryServiceClient::new(self.desk.running().channel())
    }

    async fn load(&self, recipients: Vec<Recipient>) -> Result<i64, Status> {
        let province_code = "22".to_owned();
        let ask = LoadRecipientsRequest { request_id: id(), province_code, recipients };
        let loaded = self.client().load_recipients(request(ask, &self.desk.operator)).await;
        loaded.map(|reply| reply.into_inner().version)
    }

    /// One more courier.
    async fn courier(&self) -> Courier {
        self.courier_to(&self.mail, |_| {}).await
    }

    /// One that brings e-mail to another server.
    pub(crate) async fn courier_to(
        &self,
        mail: &MailServer,
        change: impl FnOnce(&mut DeliveryConfig),
    ) -> Courier {
        let wrapping = self.desk.bench.config().keys.wrapping_file.unwrap();
        let mut config = DeliveryConfig {
            smtp_host: mail.addr.ip().to_string(),
            smtp_port: Some(mail.addr.port()),
            smtp_security: MailSecurity::None,
            from: "Nhắc việc CCHC <nhacviec@quangninh.test>".to_owned(),
            webhook_seconds: 1,
            ..DeliveryConfig::default()
        };
        change(&mut config);
        let (db, clock) = (self.desk.db().await, self.desk.clock.clone());
        let vault = Some(Vault::read(&wrapping).unwrap());
        Courier::new(db, clock, Arc::new(SystemIds), vault, &config).unwrap()
    }

    pub(crate) async fn deliveries(&self, state: State) -> Vec<Delivery> {
        let ask = ListDeliveriesRequest { state: state.into(), ..ListDeliveriesRequest::default() };
        let listed = self.client().list_deliveries(request(ask, &self.desk.operator)).await;
        listed.unwrap().into_inner().deliveries
    }

    async fn replay(&self, digest_id: &str, channel: Channel) -> Result<Delivery, Status> {
        let ask = ReplayDeliveryRequest {
            request_id: id(),
            digest_id: digest_id.to_owned(),
            channel: channel.into(),
        };
        let replayed = self.client().replay_delivery(request(ask, &self.desk.operator)).await;
        replayed.map(|reply| reply.into_inner().delivery.unwrap())
    }
}

pub(crate) const NOTHING: Round = Round { sent: 0, failed: 0, given_up: 0 };
pub(crate) const SENT: Round = Round { sent: 1, ..NOTHING };
pub(crate) const FAILED: Round = Round { failed: 1, ..NOTHING };
pub(crate) const GIVEN_UP: Round = Round { given_up: 1, ..NOTHING };

#[tokio::test]
async fn a_digest_is_sent_once_over_each_channel_under_its_own_id() {
    let post = Post::open().await;
    let courier = post.courier().await;
    post.at(7, 0);
    let early = (courier.mail().await.unwrap(), courier.hooks().await.unwrap());
    post.at(8, 0);

    let sent = (courier.mail().await.unwrap(), courier.hooks().await.unwrap());
    let again = (courier.mail().await.unwrap(), courier.hooks().await.unwrap());

    assert_eq!((early, sent, again), ((NOTHING, NOTHING), (SENT, SENT), (NOTHING, NOTHING)));
    let (messages, hooks) = (post.mail.messages(), post.hooks.hooks());
    let digest = &hooks[0].id;
    assert_eq!((messages.len(), hooks.len()), (1, 1));
    assert!(
        messages[0].contains(&format!("Message-ID: <{digest}@quangninh.test>")),
        "{}",
        messages[0]
    );
    assert!(messages[0].contains("List-Id: <nhac-viec.quangninh.test>"));
    assert!(messages[0].contains("Auto-Submitted: auto-generated"));
    assert!(messages[0].contains("To: halong@quangninh.test"));
    assert_eq!(hooks[0].body["digest_id"], digest.as_str());
    assert_eq!(hooks[0].body["notices"][0]["task_number"], "1.9");
    assert_eq!(hooks[0].body["notices"][0]["title"], "Kiểm tra");
    assert!(hooks[0].timestamp > 1_530_000_000);
    let sent = post.deliveries(State::Sent).await;
    // What was due five working days ago is caught up with in the same digest.
    assert_eq!(sent.iter().map(|of| of.notice_count).collect::<Vec<_>>(), [2, 2]);
    post.desk.close().await;
}

#[tokio::test]
async fn a_mail_server_that_fails_holds_up_no_webhook_and_is_tried_again() {
    let post = Post::open().await;
    let courier = post.courier().await;
    post.mail.is(Mood::Fails);

    let failed = courier.mail().await.unwrap();
    let hooks = courier.hooks().await.unwrap();
    let too_early = courier.mail().await.unwrap();
    let waiting = post.deliveries(State::Pending).await;
    post.mail.is(Mood::Takes);
    post.at(8, 5);
    let later = courier.mail().await.unwrap();

    assert_eq!((failed, hooks, too_early, later), (FAILED, SENT, NOTHING, SENT));
    assert_eq!(waiting.len(), 1);
    assert!(waiting[0].last_error.contains("try again later"), "{}", waiting[0].last_error);
    assert!(waiting[0].next_attempt_time.is_some());
    let sent = post.deliveries(State::Sent).await;
    let mailed = sent.iter().find(|of| of.channel() == Channel::Email).unwrap();
    assert_eq!((mailed.attempt_count, mailed.last_error.as_str()), (2, ""));
    post.desk.close().await;
}

#[tokio::test]
async fn what_is_refused_is_given_up_and_an_operator_tries_it_anew() {
    let post = Post::open().await;
    let courier = post.courier().await;
    post.mail.is(Mood::Refuses);
    post.hooks.is(Mood::Refuses);

    let refused = (courier.mail().await.unwrap(), courier.hooks().await.unwrap());
    let given_up = post.deliveries(State::GivenUp).await;
    post.mail.is(Mood::Takes);
    post.hooks.is(Mood::Takes);
    let still = (courier.mail().await.unwrap(), courier.hooks().await.unwrap());
    for of in &given_up {
        let pending = post.replay(&of.digest_id, of.channel()).await.unwrap();
        assert_eq!(pending.state(), State::Pending);
    }
    let anew = (courier.mail().await.unwrap(), courier.hooks().await.unwrap());

    assert_eq!(refused, (GIVEN_UP, GIVEN_UP));
    assert_eq!((still, anew), ((NOTHING, NOTHING), (SENT, SENT)));
    let errors: Vec<&str> = given_up.iter().map(|of| of.last_error.as_str()).collect();
    assert!(errors.iter().any(|error| error.contains("no such mailbox")), "{errors:?}");
    assert!(errors.iter().any(|error| error.contains("403")), "{errors:?}");
    let sent = post.replay(&given_up[0].digest_id, given_up[0].channel()).await.unwrap_err();
    assert_refused(&sent, Code::FailedPrecondition, "DELIVERY_NOT_GIVEN_UP");
    let unknown = post.replay(&id(), Channel::Email).await.unwrap_err();
    assert_refused(&unknown, Code::NotFound, "DELIVERY_NOT_FOUND");
    post.desk.close().await;
}

#[tokio::test]
async fn a_mail_server_that_lets_us_not_in_is_a_setting_to_mend_and_nothing_is_given_up() {
    let post = Post::open().await;
    let courier = post.courier().await;
    post.mail.is(Mood::IsLocked);

    let locked_out = courier.mail().await.unwrap();
    post.mail.is(Mood::Takes);
    post.at(8, 5);
    let let_in = courier.mail().await.unwrap();

    assert_eq!((locked_out, let_in), (FAILED, SENT));
    post.desk.close().await;
}

#[tokio::test]
async fn a_receiver_that_never_answers_is_left_and_tried_again() {
    let post = Post::open().await;
    let courier = post.courier().await;
    post.hooks.is(Mood::Hangs);

    let hung = courier.hooks().await.unwrap();
    post.hooks.is(Mood::Fails);
    post.at(8, 5);
    let failed = courier.hooks().await.unwrap();
    post.hooks.is(Mood::Takes);
    post.at(8, 30);
    let taken = courier.hooks().await.unwrap();

    assert_eq!((hung, failed, taken), (FAILED, FAILED, SENT));
    assert_eq!(post.hooks.hooks().len(), 1);
    post.desk.close().await;
}

#[tokio::test]
async fn a_courier_killed_in_the_middle_leaves_the_digest_to_the_next_under_the_same_id() {
    let post = Post::open().await;
    let (killed, next) = (post.courier().await, post.courier().await);
    post.hooks.is(Mood::Hangs);
    let working = tokio::spawn(async move { killed.hooks().await });
    post.hooks.has_come().await;
    working.abort();
    let under_way = post.deliveries(State::Pending).await;
    post.hooks.is(Mood::Takes);

    let at_once = next.hooks().await.unwrap();
    post.at(8, 3);
    let later = next.hooks().await.unwrap();

    assert_eq!((at_once, later), (NOTHING, SENT));
    let hooks = post.hooks.hooks();
    let ids: Vec<&str> = hooks.iter().map(|hook| hook.id.as_str()).collect();
    let under_way = under_way.iter().find(|of| of.channel() == Channel::Webhook).unwrap();
    assert_eq!(ids, [under_way.digest_id.as_str()]);
    post.desk.close().await;
}

#[tokio::test]
async fn two_couriers_share_the_work_and_send_nothing_twice() {
    let post = Post::open().await;
    let hook = |unit: &str| Recipient {
        webhook_url: post.hooks.url(),
        webhook_secret: secret(),
        ..to(unit)
    };
    post.load(vec![hook("193"), hook("194"), hook("22-SNV")]).await.unwrap();
    let (one, other) = (post.courier().await, post.courier().await);

    let (one, other) = tokio::join!(one.hooks(), other.hooks());

    assert_eq!(one.unwrap().sent + other.unwrap().sent, 3);
    let mut ids: Vec<String> = post.hooks.hooks().into_iter().map(|hook| hook.id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), post.hooks.hooks().len()), (3, 3));
    post.desk.close().await;
}

#[tokio::test]
async fn a_directory_is_refused_with_everything_that_is_wrong_with_it() {
    let post = Post::open().await;
    let wrong = vec![
        Recipient { email_addresses: vec!["halong".to_owned()], ..to("193") },
        Recipient {
            webhook_url: "ftp://a".to_owned(),
            webhook_secret: "whsec_ngan".to_owned(),
            ..to("194")
        },
        Recipient { audience: Audience::Head.into(), officer: "an".to_owned(), ..to("195") },
    ];
    let twice = vec!["a@b.test".to_owned()];
    let twice = Recipient { email_addresses: twice, ..to("193") };

    let refused = post.load(wrong).await.unwrap_err();
    let doubled = post.load(vec![twice.clone(), twice]).await.unwrap_err();

    let violation = |path: &str, reason: &str| (format!("recipients{path}"), reason.to_owned());
    assert_eq!(
        violations_of(&refused),
        [
            violation("[0].email_addresses[0]", "EMAIL_INVALID"),
            violation("[1].webhook_url", "URL_INVALID"),
            violation("[1].webhook_secret", "SECRET_INVALID"),
            violation("[2].officer", "OFFICER_UNEXPECTED"),
            violation("[2].email_addresses", "ADDRESS_MISSING"),
        ]
    );
    assert_eq!(violations_of(&doubled), [violation("[1]", "DUPLICATE")]);
    post.desk.close().await;
}

#[tokio::test]
async fn a_secret_is_kept_wrapped_told_to_nobody_and_stays_when_it_is_left_out() {
    let mut post = Post::open().await;
    let without = |url: String| Recipient { webhook_url: url, ..to("193") };

    let version = post.load(vec![without(post.hooks.url())]).await.unwrap();
    let elsewhere = post.load(vec![without("http://127.0.0.1:9/khac".to_owned())]).await;
    let courier = post.courier().await;
    let sent = courier.hooks().await.unwrap();

    assert_eq!((version, sent), (2, SENT));
    assert_refused(&elsewhere.unwrap_err(), Code::FailedPrecondition, "WEBHOOK_SECRET_MISSING");
    let ask = GetRecipientsRequest { province_code: "22".to_owned() };
    let told = post.client().get_recipients(request(ask, &post.desk.operator)).await;
    let told = told.unwrap().into_inner();
    assert_eq!((told.version, told.recipients[0].webhook_secret.as_str()), (2, ""));
    post.desk.restart_with(|config| config.keys.wrapping_file = None).await;
    let keyless = post.load(vec![without(post.hooks.url())]).await.unwrap_err();
    assert_refused(&keyless, Code::FailedPrecondition, "WRAPPING_KEY_MISSING");
    post.desk.close().await;
}
