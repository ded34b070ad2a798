//! `ObligationService`.

use std::sync::Arc;

use cchc_core::{Collector, ObligationId, PlanCode, UnitCode};
use cchc_kit::server::caller;
use cchc_proto::{
    assignment::v1::{
        GetObligationRequest, GetObligationResponse, ListObligationsRequest,
        ListObligationsResponse, PushReportsRequest, PushReportsResponse,
        list_obligations_response::Owed, obligation_service_server::ObligationService,
    },
    convert,
};
use time::{Date, format_description::BorrowedFormatItem, macros::format_description};
use tonic::{Request, Response, Status, Streaming};
use uuid::Uuid;

use super::{Asking, ingest::ingest, rows, status};
use crate::{
    app::{App, CommandError, Purpose},
    domain::obligation::{Key, ReportRow, Said},
};

const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

pub(super) struct Obligations(pub(super) Arc<App>);

fn report_row(c: &mut Collector, message: PushReportsRequest) -> Option<ReportRow> {
    let PushReportsRequest {
        request_id: _,
        plan_code,
        period,
        unit_code,
        document_number,
        document_date,
        evidence_id,
        note,
        is_withdrawn,
    } = message;
    let plan = c.parse("plan_code", &plan_code);
    let period = c.parse("period", &period);
    let unit = c.parse("unit_code", &unit_code);
    let said = if is_withdrawn {
        let is_number = !document_number.is_empty();
        let absent = [
            ("document_number", is_number),
            ("document_date", document_date.is_some()),
            ("evidence_id", !evidence_id.is_empty()),
        ];
        check_absent(c, absent);
        c.require("note", Some(()).filter(|()| !note.trim().is_empty())).map(|()| Said::Withdrawal)
    } else {
        let number =
            c.require("document_number", Some(document_number).filter(|of| !of.is_empty()));
        let number = number.and_then(|number| c.text("document_number", &number));
        let date = convert::date(c, "document_date", document_date);
        let evidence = document(c, &evidence_id);
        number.zip(date).zip(evidence).map(|((number, date), evidence)| Said::Report {
            number,
            date,
            evidence,
        })
    };
    let note = c.text("note", &note);
    let key = Key { plan: plan?, period: period?, unit: unit? };
    Some(ReportRow { key, said: said?, note: note? })
}

/// A document beside a withdrawal leaves open which of the two was meant.
fn check_absent(c: &mut Collector, fields: [(&str, bool); 3]) {
    for (field, _) in fields.into_iter().filter(|(_, is_there)| *is_there) {
        let english = "must be absent when the report is withdrawn";
        c.refuse(field, "UNEXPECTED", english, "khi rút lại báo cáo thì để trống");
    }
}

#[expect(clippy::option_option, reason = "refused, absent and present are three things")]
fn document(c: &mut Collector, id: &str) -> Option<Option<Uuid>> {
    if id.is_empty() {
        return Some(None);
    }
    // Read like every other id; documents are named by bare UUIDs within this service.
    c.parse::<cchc_core::EventId>("evidence_id", id).map(|id| Some(id.as_uuid()))
}

fn after([unit, last]: [&str; 2]) -> Option<(UnitCode, Date)> {
    unit.parse().ok().zip(Date::parse(last, DAY).ok())
}

#[tonic::async_trait]
impl ObligationService for Obligations {
    async fn push_reports(
        &self,
        request: Request<Streaming<PushReportsRequest>>,
    ) -> Result<Response<PushReportsResponse>, Status> {
        let caller = caller(&request)?;
        let receipt = ingest(request.into_inner(), self.0.receipt_id(), |messages| {
            rows::take(&self.0, &caller, rows::parse(messages, report_row), Purpose::Store)
        })
        .await?;
        rows::ended(&caller, &receipt);
        Ok(Response::new(PushReportsResponse { receipt: Some(receipt) }))
    }

    async fn get_obligation(
        &self,
        request: Request<GetObligationRequest>,
    ) -> Result<Response<GetObligationResponse>, Status> {
        let caller = caller(&request)?;
        let id = convert::read(request.into_inner(), |c, request| {
            c.parse::<ObligationId>("obligation_id", &request.obligation_id)
        })
        .map_err(|e| status(&e))?;
        let versions = self.0.obligation(id).await.map_err(|error| {
            if matches!(error, CommandError::ObligationNotFound(_)) {
                caller.reach_nothing();
            }
            status(&error)
        })?;
        let present = versions.last();
        if let Some((owed, _)) = present {
            caller.reach(&owed.key.unit).await.map_err(|e| status(&e))?;
        }
        let filed = versions.iter().filter(|(owed, _)| owed.filing.is_some());
        Ok(Response::new(GetObligationResponse {
            obligation: present.map(|(owed, _)| owed.into()),
            standing: present.map(|(_, standing)| standing.into()),
            versions: filed.map(|(owed, _)| owed.into()).collect(),
        }))
    }

    async fn list_obligations(
        &self,
        request: Request<ListObligationsRequest>,
    ) -> Result<Response<ListObligationsResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let (plan, within) = convert::read(&request, |c, request: &ListObligationsRequest| {
            let plan = c.parse::<PlanCode>("plan_code", &request.plan_code);
            plan.zip(c.parse::<UnitCode>("unit_code", &request.unit_code))
        })
        .map_err(|e| status(&e))?;
        caller.reach(&within).await.map_err(|e| status(&e))?;
        let question = format!("obligations of {plan} within {within}");
        let asking = Asking::read(question, request.page_size, &request.page_token)
            .map_err(|e| status(&e))?;
        let after = asking.after(after).map_err(|e| status(&e))?;
        let listed = self.0.list_obligations(&plan, &within, after, asking.size).await;
        let listed = listed.map_err(|e| status(&e))?;
        let owed = listed.items.iter().map(|(owed, standing)| Owed {
            obligation: Some(owed.into()),
            standing: Some(standing.into()),
        });
        Ok(Response::new(ListObligationsResponse {
            obligations: owed.collect(),
            next_page_token: asking.next(&listed, |(last, _)| {
                let day = last.last_date.format(DAY).unwrap_or_default();
                format!("{} {day}", last.key.unit)
            }),
        }))
    }
}
