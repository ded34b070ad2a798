//! `DeliveryService`.

use std::{collections::BTreeSet, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use cchc_core::{Collector, EventId, UnitCode};
use cchc_kit::server::caller;
use cchc_proto::{
    assignment::v1::{
        self as pb, Audience as PbAudience, GetRecipientsRequest, GetRecipientsResponse,
        ListDeliveriesRequest, ListDeliveriesResponse, LoadRecipientsRequest,
        LoadRecipientsResponse, ReplayDeliveryRequest, ReplayDeliveryResponse,
        delivery_service_server::DeliveryService,
    },
    convert,
};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::{Asking, command, policy, status};
use crate::{
    app::{App, Named},
    domain::{
        delivery::{Channel, Contact, Delivery, MOST_CONTACTS, MOST_EMAILS, State},
        reminder::Audience,
    },
};

pub(super) struct Deliveries(pub(super) Arc<App>);

fn recipients(c: &mut Collector, all: Vec<pb::Recipient>) -> Option<Vec<Named>> {
    let read = convert::list(c, "recipients", MOST_CONTACTS, all, recipient)?;
    let mut seen = BTreeSet::new();
    for (place, Named { contact, .. }) in read.iter().enumerate() {
        if !seen.insert(contact.about()) {
            let field = format!("recipients[{place}]");
            c.refuse(&field, "DUPLICATE", "stands in the list before", "đã có trong danh sách");
        }
    }
    Some(read)
}

fn recipient(c: &mut Collector, message: pb::Recipient) -> Option<Named> {
    let pb::Recipient {
        unit_code,
        audience,
        officer,
        email_addresses,
        webhook_url,
        webhook_secret,
    } = message;
    let unit = c.parse("unit_code", &unit_code);
    let audience = policy::audience(c, audience);
    let officer = c.text::<0, 200>("officer", &officer);
    if officer.as_ref().is_some_and(|officer| !officer.as_str().is_empty())
        && audience.is_some_and(|audience| audience != Audience::Officer)
    {
        c.refuse(
            "officer",
            "OFFICER_UNEXPECTED",
            "only AUDIENCE_OFFICER names an officer",
            "chỉ người nhận là cán bộ mới nêu tên cán bộ",
        );
    }
    if email_addresses.is_empty() && webhook_url.is_empty() {
        c.refuse(
            "email_addresses",
            "ADDRESS_MISSING",
            "needs an e-mail address or a webhook",
            "phải có địa chỉ thư điện tử hoặc webhook",
        );
    }
    let emails = convert::list(c, "email_addresses", MOST_EMAILS, email_addresses, email);
    let webhook = webhook(c, &webhook_url, &webhook_secret);
    let contact = Contact {
        unit: unit?,
        audience: audience?,
        officer: officer?.to_string(),
        emails: emails?,
        webhook: None,
    };
    Some(Named { contact, webhook: webhook? })
}

fn email(c: &mut Collector, text: String) -> Option<String> {
    let is_address = text.parse::<lettre::Address>().is_ok();
    if !is_address {
        c.refuse("", "EMAIL_INVALID", "is no e-mail address", "không phải địa chỉ thư điện tử");
    }
    is_address.then_some(text)
}

/// Reads where a webhook is and its secret; nothing inside when there is none.
#[expect(clippy::option_option, reason = "unreadable, none, or one")]
fn webhook(
    c: &mut Collector,
    url: &str,
    secret: &str,
) -> Option<Option<(String, Option<Vec<u8>>)>> {
    if url.is_empty() && secret.is_empty() {
        return Some(None);
    }
    let is_url = reqwest::Url::parse(url)
        .is_ok_and(|url| ["http", "https"].contains(&url.scheme()) && url.has_host());
    if !is_url || url.len() > 2000 {
        c.refuse(
            "webhook_url",
            "URL_INVALID",
            "must be an address that begins with https:// or http://",
            "phải là địa chỉ bắt đầu bằng https:// hoặc http://",
        );
    }
    let bytes = secret.strip_prefix("whsec_").and_then(|text| STANDARD.decode(text).ok());
    let bytes = bytes.filter(|bytes| (24..=64).contains(&bytes.len()));
    if bytes.is_none() && !secret.is_empty() {
        c.refuse(
            "webhook_secret",
            "SECRET_INVALID",
            "must be whsec_ and the base64 of 24 to 64 bytes",
            "phải là whsec_ kèm mã base64 của 24 đến 64 byte",
        );
    }
    let is_good = is_url && (secret.is_empty() || bytes.is_some());
    is_good.then(|| Some((url.to_owned(), bytes)))
}

fn channel(c: &mut Collector, channel: i32) -> Option<Channel> {
    convert::choice(c, "channel", channel, |channel| match channel {
        pb::Channel::Unspecified => None,
        pb::Channel::Email => Some(Channel::Email),
        pb::Channel::Webhook => Some(Channel::Webhook),
    })
}

const fn told(channel: Channel) -> pb::Channel {
    match channel {
        Channel::Email => pb::Channel::Email,
        Channel::Webhook => pb::Channel::Webhook,
    }
}

impl From<&Delivery> for pb::Delivery {
    fn from(of: &Delivery) -> Self {
        use pb::delivery::State as PbState;
        let state = match of.state {
            State::Pending => PbState::Pending,
            State::Sent => PbState::Sent,
            State::GivenUp => PbState::GivenUp,
        };
        Self {
            digest_id: of.digest.to_string(),
            channel: told(of.channel).into(),
            state: state.into(),
            recipient_unit_code: of.recipient.unit.to_string(),
            audience: PbAudience::from(of.recipient.audience).into(),
            officer: of.recipient.officer.clone(),
            send_date: Some(of.send_date.into()),
            notice_count: of.notice_count,
            attempt_count: of.attempt_count,
            next_attempt_time: (of.state == State::Pending)
                .then(|| convert::timestamp(of.next_time)),
            last_error: of.last_error.clone(),
            change_time: Some(convert::timestamp(of.change_time)),
        }
    }
}

fn shown(contact: &Contact) -> pb::Recipient {
    let url = contact.webhook.as_ref().map(|webhook| webhook.url.clone());
    pb::Recipient {
        unit_code: contact.unit.to_string(),
        audience: PbAudience::from(contact.audience).into(),
        officer: contact.officer.clone(),
        email_addresses: contact.emails.clone(),
        webhook_url: url.unwrap_or_default(),
        webhook_secret: String::new(),
    }
}

#[tonic::async_trait]
impl DeliveryService for Deliveries {
    async fn load_recipients(
        &self,
        request: Request<LoadRecipientsRequest>,
    ) -> Result<Response<LoadRecipientsResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let method = "cchc.assignment.v1.DeliveryService/LoadRecipients";
        let id = request.request_id.clone();
        let (command, (province, named)) =
            command(caller.actor(), method, &id, request, |c, request| {
                let province = c.parse::<UnitCode>("province_code", &request.province_code);
                let named = recipients(c, request.recipients);
                province.zip(named)
            })
            .map_err(|e| status(&e))?;
        let version = self.0.load_recipients(&command, &province, named).await;
        Ok(Response::new(LoadRecipientsResponse { version: version.map_err(|e| status(&e))? }))
    }

    async fn get_recipients(
        &self,
        request: Request<GetRecipientsRequest>,
    ) -> Result<Response<GetRecipientsResponse>, Status> {
        let province = convert::read(request.into_inner(), |c, request| {
            c.parse::<UnitCode>("province_code", &request.province_code)
        })
        .map_err(|e| status(&e))?;
        let (version, directory) = self.0.recipients(&province).await.map_err(|e| status(&e))?;
        let recipients = directory.0.iter().map(shown).collect();
        Ok(Response::new(GetRecipientsResponse { version, recipients }))
    }

    async fn list_deliveries(
        &self,
        request: Request<ListDeliveriesRequest>,
    ) -> Result<Response<ListDeliveriesResponse>, Status> {
        use pb::delivery::State as PbState;
        let request = request.into_inner();
        let wanted = convert::read(request.state, |c, state| match PbState::try_from(state) {
            Ok(PbState::Unspecified) => Some(None),
            Ok(PbState::Pending) => Some(Some(State::Pending)),
            Ok(PbState::Sent) => Some(Some(State::Sent)),
            Ok(PbState::GivenUp) => Some(Some(State::GivenUp)),
            Err(_) => {
                c.refuse("state", "ENUM_UNKNOWN", "is not known", "không có giá trị này");
                None
            }
        })
        .map_err(|e| status(&e))?;
        let question = format!("deliveries of state {}", request.state);
        let asking = Asking::read(question, request.page_size, &request.page_token)
            .map_err(|e| status(&e))?;
        let after = asking
            .after(|[digest, channel]| {
                Some((Uuid::try_parse(digest).ok()?, Channel::from_word(channel)?))
            })
            .map_err(|e| status(&e))?;
        let after = after.map(|(digest, channel)| (digest, channel.as_str().to_owned()));
        let listed = self.0.list_deliveries(wanted, after, asking.size).await;
        let listed = listed.map_err(|e| status(&e))?;
        Ok(Response::new(ListDeliveriesResponse {
            next_page_token: asking
                .next(&listed, |last| format!("{} {}", last.digest, last.channel.as_str())),
            deliveries: listed.items.iter().map(Into::into).collect(),
        }))
    }

    async fn replay_delivery(
        &self,
        request: Request<ReplayDeliveryRequest>,
    ) -> Result<Response<ReplayDeliveryResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let method = "cchc.assignment.v1.DeliveryService/ReplayDelivery";
        let id = request.request_id.clone();
        let (command, (digest, channel)) =
            command(caller.actor(), method, &id, request, |c, request| {
                let digest = c.parse::<EventId>("digest_id", &request.digest_id);
                let channel = channel(c, request.channel);
                digest.map(EventId::as_uuid).zip(channel)
            })
            .map_err(|e| status(&e))?;
        let delivery = self.0.replay_delivery(&command, digest, channel).await;
        let delivery = delivery.map_err(|e| status(&e))?;
        Ok(Response::new(ReplayDeliveryResponse { delivery: Some((&delivery).into()) }))
    }
}
