//! `ReminderService`.

use std::sync::Arc;

use cchc_core::{Collector, Text, UnitCode};
use cchc_kit::server::caller;
use cchc_proto::{
    assignment::v1::{
        AcknowledgeNoticeRequest, AcknowledgeNoticeResponse, GetReminderPolicyRequest,
        GetReminderPolicyResponse, ListNoticesRequest, ListNoticesResponse,
        LoadReminderPolicyRequest, LoadReminderPolicyResponse,
        reminder_service_server::ReminderService,
    },
    convert,
};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::{Asking, command, policy, status};
use crate::app::{App, CommandError};

pub(super) struct Reminding(pub(super) Arc<App>);

fn notice_id(c: &mut Collector, text: &str) -> Option<Uuid> {
    // Read like every other id; a notice has no type of its own in core, since only this service has notices.
    c.parse::<cchc_core::EventId>("notice_id", text).map(cchc_core::EventId::as_uuid)
}

#[tonic::async_trait]
impl ReminderService for Reminding {
    async fn load_reminder_policy(
        &self,
        request: Request<LoadReminderPolicyRequest>,
    ) -> Result<Response<LoadReminderPolicyResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let method = "cchc.assignment.v1.ReminderService/LoadReminderPolicy";
        let id = request.request_id.clone();
        let (command, policy) = command(caller.actor(), method, &id, request, |c, request| {
            convert::part(c, "policy", request.policy, policy::read)
        })
        .map_err(|e| status(&e))?;
        let version = self.0.load_policy(&command, &policy).await.map_err(|e| status(&e))?;
        Ok(Response::new(LoadReminderPolicyResponse { version }))
    }

    async fn get_reminder_policy(
        &self,
        request: Request<GetReminderPolicyRequest>,
    ) -> Result<Response<GetReminderPolicyResponse>, Status> {
        let province = convert::read(request.into_inner(), |c, request| {
            c.parse::<UnitCode>("province_code", &request.province_code)
        })
        .map_err(|e| status(&e))?;
        let policy = self.0.policy(&province).await.map_err(|e| status(&e))?;
        Ok(Response::new(GetReminderPolicyResponse { policy: Some((&policy).into()) }))
    }

    async fn list_notices(
        &self,
        request: Request<ListNoticesRequest>,
    ) -> Result<Response<ListNoticesResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let within = convert::read(&request, |c, request: &ListNoticesRequest| {
            c.parse::<UnitCode>("recipient_unit_code", &request.recipient_unit_code)
        })
        .map_err(|e| status(&e))?;
        caller.reach(&within).await.map_err(|e| status(&e))?;
        let question = format!("notices to {within}");
        let asking = Asking::read(question, request.page_size, &request.page_token)
            .map_err(|e| status(&e))?;
        let after = asking.after(|[id]| Uuid::try_parse(id).ok()).map_err(|e| status(&e))?;
        let listed =
            self.0.list_notices(&within, after, asking.size).await.map_err(|e| status(&e))?;
        Ok(Response::new(ListNoticesResponse {
            next_page_token: asking.next(&listed, |last| last.id.to_string()),
            notices: listed.items.iter().map(Into::into).collect(),
        }))
    }

    async fn acknowledge_notice(
        &self,
        request: Request<AcknowledgeNoticeRequest>,
    ) -> Result<Response<AcknowledgeNoticeResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let method = "cchc.assignment.v1.ReminderService/AcknowledgeNotice";
        let asked = request.request_id.clone();
        let (command, (id, note)) =
            command(caller.actor(), method, &asked, request, |c, request| {
                let id = notice_id(c, &request.notice_id);
                let note: Option<Text<0, 2000>> = c.text("note", &request.note);
                id.zip(note)
            })
            .map_err(|e| status(&e))?;
        let notice = self.0.notice(id).await.map_err(|error| {
            if matches!(error, CommandError::NoticeNotFound(_)) {
                caller.reach_nothing();
            }
            status(&error)
        })?;
        caller.reach(&notice.recipient.unit).await.map_err(|e| status(&e))?;
        let notice = self
            .0
            .acknowledge_notice(&command, id, note.to_string())
            .await
            .map_err(|e| status(&e))?;
        Ok(Response::new(AcknowledgeNoticeResponse { notice: Some((&notice).into()) }))
    }
}
