//! `AlertService`.

use std::{pin::Pin, sync::Arc};

use cchc_core::{Collector, PlanCode};
use cchc_kit::{page, server, to_status};
use cchc_proto::{
    convert::{self, timestamp},
    reporting::v1::{
        self as pb, ListAlertsRequest, ListAlertsResponse, WatchAlertsRequest, WatchAlertsResponse,
        alert::Kind, alert_service_server::AlertService,
    },
};
use futures::{Stream, StreamExt as _};
use tonic::{Request, Response, Status};

use crate::{
    app::App,
    domain::alert::{Alert, AlertKind},
};

/// Serves `AlertService`.
pub(super) struct AlertGrpc {
    pub(super) app: Arc<App>,
}

#[tonic::async_trait]
impl AlertService for AlertGrpc {
    type WatchAlertsStream =
        Pin<Box<dyn Stream<Item = Result<WatchAlertsResponse, Status>> + Send>>;

    async fn list_alerts(
        &self,
        request: Request<ListAlertsRequest>,
    ) -> Result<Response<ListAlertsResponse>, Status> {
        let caller = server::caller(&request)?;
        let asked = request.into_inner();
        let read = convert::read((), |c, ()| of_plan(c, &asked.plan_code, &asked.kinds));
        let (plan, kinds) = read.map_err(|refused| to_status(&refused))?;
        super::reach(&self.app, &caller, &plan).await?;
        let most = page::size(asked.page_size).map_err(|error| to_status(&error))?;
        let question = format!("alerts {plan} {kinds:?}");
        let below = page::after(&question, &asked.page_token).map_err(|error| to_status(&error))?;
        let below = below.parse::<i64>().ok();
        let found = self.app.alerts_below(&plan, &kinds, (below, most)).await;
        let mut found = found.map_err(|error| to_status(&error))?;
        let shown = usize::try_from(most).unwrap_or(usize::MAX);
        let has_more = found.len() > shown;
        found.truncate(shown);
        let last = found.last().filter(|_| has_more);
        let next = last.map(|last| page::token(&question, &last.number.to_string()));
        Ok(Response::new(ListAlertsResponse {
            alerts: found.into_iter().map(alert).collect(),
            next_page_token: next.unwrap_or_default(),
        }))
    }

    async fn watch_alerts(
        &self,
        request: Request<WatchAlertsRequest>,
    ) -> Result<Response<Self::WatchAlertsStream>, Status> {
        let caller = server::caller(&request)?;
        let asked = request.into_inner();
        let read = convert::read((), |c, ()| of_plan(c, &asked.plan_code, &asked.kinds));
        let (plan, kinds) = read.map_err(|refused| to_status(&refused))?;
        super::reach(&self.app, &caller, &plan).await?;
        let token = Some(asked.resume_token.as_str()).filter(|token| !token.is_empty());
        let sent = self.app.watch_alerts(plan, kinds, token).await;
        let sent = sent.map_err(|error| to_status(&error))?.map(|sent| {
            let sent = sent.map_err(|error| to_status(&error))?;
            Ok(WatchAlertsResponse {
                alert: sent.alert.map(alert),
                resume_token: sent.token,
                is_reset: sent.is_reset,
            })
        });
        Ok(Response::new(Box::pin(sent)))
    }
}

/// Reads the plan, and which kinds are asked for: all where none is named.
fn of_plan(c: &mut Collector, plan: &str, kinds: &[i32]) -> Option<(PlanCode, Vec<AlertKind>)> {
    let plan = c.parse::<PlanCode>("plan_code", plan);
    let named: Option<Vec<AlertKind>> = kinds.iter().map(|kind| read_kind(c, *kind)).collect();
    let named = named?;
    Some((plan?, if named.is_empty() { AlertKind::ALL.to_vec() } else { named }))
}

fn read_kind(c: &mut Collector, kind: i32) -> Option<AlertKind> {
    match Kind::try_from(kind) {
        Ok(Kind::TargetReached) => Some(AlertKind::TargetReached),
        Ok(Kind::TargetLost) => Some(AlertKind::TargetLost),
        Ok(Kind::TargetMissed) => Some(AlertKind::TargetMissed),
        Ok(Kind::UnitBehind) => Some(AlertKind::UnitBehind),
        Ok(Kind::VerifyDiffers) => Some(AlertKind::VerifyDiffers),
        Ok(Kind::Unspecified) | Err(_) => {
            c.refuse("kinds", "ENUM_UNKNOWN", "is no kind of alert", "không phải loại cảnh báo");
            None
        }
    }
}

fn alert(of: Alert) -> pb::Alert {
    let (message, message_en) = of.what.message();
    let kind = match of.what.kind {
        AlertKind::TargetReached => Kind::TargetReached,
        AlertKind::TargetLost => Kind::TargetLost,
        AlertKind::TargetMissed => Kind::TargetMissed,
        AlertKind::UnitBehind => Kind::UnitBehind,
        AlertKind::VerifyDiffers => Kind::VerifyDiffers,
    };
    pb::Alert {
        plan_code: of.plan.to_string(),
        number: of.number,
        alert_id: of.id.to_string(),
        kind: kind.into(),
        subject: of.what.subject,
        title: of.what.title,
        detail: of.what.detail,
        revision: of.revision,
        notice_time: Some(timestamp(of.time)),
        message,
        message_en,
    }
}
