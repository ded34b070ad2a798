//! `QuarantineService`. What a row said is told to whoever asks for that row, and never logged.

use std::sync::Arc;

use cchc_core::{Collector, QuarantinedRowId, Violation, Violations};
use cchc_kit::{
    page,
    server::{Caller, caller},
    to_status,
};
use cchc_proto::{
    common::v1::receipt,
    convert,
    survey::v1::{
        DropQuarantinedRowRequest, DropQuarantinedRowResponse, GetQuarantinedRowRequest,
        GetQuarantinedRowResponse, IngestResponsesRequest, ListQuarantinedRowsRequest,
        ListQuarantinedRowsResponse, QuarantinedRow as Rendered, ReplayQuarantinedRowRequest,
        ReplayQuarantinedRowResponse, quarantine_service_server::QuarantineService,
        quarantined_row::State as RenderedState,
    },
};
use prost::Message as _;
use tonic::{Request, Response, Status};

use super::{parse, rows};
use crate::{
    app::{Content, Resent, SurveyError, Surveys},
    domain::quarantine::{KeptFault, QuarantinedRow, State},
    store::quarantined_rows::Wanted,
};

pub(super) struct Quarantine(pub(super) Arc<Surveys>);

impl Quarantine {
    /// Finds a row that the caller reaches: its survey's province, or the unit of whoever sent it.
    async fn find(
        &self,
        caller: &Caller,
        row: &str,
    ) -> Result<(QuarantinedRow, Option<Content>), Status> {
        let row = row_id(row).map_err(|e| to_status(&e))?;
        let (row, content) = self.0.quarantined_row(row).await.map_err(|e| to_status(&e))?;
        let survey = match row.survey_code.parse() {
            Ok(code) => self.0.find(&code).await.ok(),
            Err(_) => None,
        };
        match (survey, row.collector_unit.parse()) {
            (Some(stored), _) => caller.reach(&stored.survey.province).await,
            (None, Ok(unit)) => caller.reach(&unit).await,
            (None, Err(_)) => return Err(to_status(&SurveyError::RowNotFound(row.id))),
        }
        .map_err(|e| to_status(&e))?;
        Ok((row, content))
    }

    /// A corrected row with what whoever corrects it cannot read of the row as it was: the respondent's key, and
    /// the texts to those questions that it still says were answered.
    async fn completed(
        &self,
        mut corrected: IngestResponsesRequest,
        as_it_was: Option<&IngestResponsesRequest>,
        without_key: bool,
    ) -> Result<IngestResponsesRequest, Status> {
        let Some(row) = as_it_was else { return Ok(corrected) };
        if corrected.respondent_key.is_empty() && !without_key {
            corrected.respondent_key.clone_from(&row.respondent_key);
        }
        if corrected.texts.is_empty() && !row.texts.is_empty() {
            let codes = std::iter::once(corrected.survey_code.as_str());
            let fieldworks = self.0.fieldworks(codes).await.map_err(|e| to_status(&e))?;
            let form = fieldworks.values().next().map(|fieldwork| &fieldwork.form);
            let written = form.map(|form| form.texts_of(&row.answers).zip(&row.texts));
            let still = form.map(|form| form.texts_of(&corrected.answers).collect::<Vec<_>>());
            let kept = written
                .into_iter()
                .flatten()
                .filter(|(at, _)| still.iter().flatten().any(|still| still == at));
            corrected.texts = kept.map(|(_, text)| text.clone()).collect();
        }
        Ok(corrected)
    }

    /// Reads and checks a row as one of a push.
    async fn resent(
        &self,
        caller: &Caller,
        row: &IngestResponsesRequest,
    ) -> Result<Resent, Status> {
        let chunk = rows::read(&self.0, caller, std::slice::from_ref(row)).await?;
        Ok(Resent { response: row.response_id.parse().ok(), chunk })
    }

    /// Reads which rows are asked for, as far as the caller reaches them.
    async fn wanted(
        &self,
        caller: &Caller,
        request: &ListQuarantinedRowsRequest,
    ) -> Result<Wanted, Status> {
        let mut wanted = convert::read(request, wanted).map_err(|e| to_status(&e))?;
        if request.survey_code.is_empty() {
            let own = &caller.actor().unit;
            caller.reach(own).await.map_err(|e| to_status(&e))?;
            wanted.units = self.0.units_within(own).await.map_err(|e| to_status(&e))?;
        } else {
            let code = parse::survey_code(&request.survey_code).map_err(|e| to_status(&e))?;
            let stored = self.0.find(&code).await.map_err(|e| to_status(&e))?;
            caller.reach(&stored.survey.province).await.map_err(|e| to_status(&e))?;
            wanted.survey_number = Some(stored.number);
        }
        Ok(wanted)
    }
}

#[tonic::async_trait]
impl QuarantineService for Quarantine {
    async fn list_quarantined_rows(
        &self,
        request: Request<ListQuarantinedRowsRequest>,
    ) -> Result<Response<ListQuarantinedRowsResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let size = page::size(request.page_size).map_err(|e| to_status(&e))?;
        let asked = ListQuarantinedRowsRequest {
            page_size: 0,
            page_token: String::new(),
            ..request.clone()
        };
        let question = format!("quarantined rows {asked:?}");
        let after = page::after(&question, &request.page_token).map_err(|e| to_status(&e))?;
        let wanted = self.wanted(&caller, &request).await?;
        let found = self.0.quarantined_rows(&wanted, after.parse().ok(), size + 1).await;
        let mut found = found.map_err(|e| to_status(&e))?;
        let size = usize::try_from(size).unwrap_or_default();
        let has_more = found.len() > size;
        found.truncate(size);
        let next_page_token = match found.last() {
            Some(last) if has_more => page::token(&question, &last.id.to_string()),
            _ => String::new(),
        };
        let rows = found.iter().map(render).collect();
        Ok(Response::new(ListQuarantinedRowsResponse { rows, next_page_token }))
    }

    async fn get_quarantined_row(
        &self,
        request: Request<GetQuarantinedRowRequest>,
    ) -> Result<Response<GetQuarantinedRowResponse>, Status> {
        let caller = caller(&request)?;
        let (row, content) = self.find(&caller, &request.into_inner().row_id).await?;
        let received = content.as_ref().map(|content| decoded(&content.received)).transpose()?;
        // Who answered, and in which words, is nobody's to read here.
        let received = received.map(rows::impersonal);
        Ok(Response::new(GetQuarantinedRowResponse {
            row: Some(render(&row)),
            received,
            etag: content.map_or_else(String::new, |content| content.etag),
        }))
    }

    async fn replay_quarantined_row(
        &self,
        request: Request<ReplayQuarantinedRowRequest>,
    ) -> Result<Response<ReplayQuarantinedRowResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let method = "cchc.survey.v1.QuarantineService/ReplayQuarantinedRow";
        // A hash that is kept is of nothing that somebody could try to find in it.
        let corrected = request.corrected.clone().map(rows::impersonal);
        let impersonal = ReplayQuarantinedRowRequest { corrected, ..request.clone() };
        let asked = parse::asked(caller.actor(), method, &request.request_id, &impersonal)
            .map_err(|e| to_status(&e))?;
        let (row, content) = self.find(&caller, &request.row_id).await?;
        let is_corrected = request.corrected.is_some();
        let as_it_was = content.map(|content| decoded(&content.received)).transpose()?;
        let corrected = match request.corrected {
            Some(corrected) => {
                let without_key = request.without_respondent_key;
                Some(self.completed(corrected, as_it_was.as_ref(), without_key).await?)
            }
            None => None,
        };
        let resent = match corrected.or(as_it_was) {
            Some(row) => Some(self.resent(&caller, &row).await?),
            None => None,
        };
        let replayed =
            self.0.replay(&asked, row.id, resent).await.map_err(|error| match error {
                SurveyError::Invalid(faults) if is_corrected => {
                    to_status(&within("corrected", &faults))
                }
                error => to_status(&error),
            })?;
        Ok(Response::new(ReplayQuarantinedRowResponse { row: Some(render(&replayed)) }))
    }

    async fn drop_quarantined_row(
        &self,
        request: Request<DropQuarantinedRowRequest>,
    ) -> Result<Response<DropQuarantinedRowResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let method = "cchc.survey.v1.QuarantineService/DropQuarantinedRow";
        let asked = parse::asked(caller.actor(), method, &request.request_id, &request)
            .map_err(|e| to_status(&e))?;
        let (etag, reason) = convert::read(&request, |c, request: &DropQuarantinedRowRequest| {
            let etag = Some(request.etag.clone()).filter(|etag| !etag.is_empty());
            let etag = c.require("etag", etag);
            let reason = convert::text::<1000>(c, "reason", &request.reason);
            etag.zip(reason)
        })
        .map_err(|e| to_status(&e))?;
        let (row, _) = self.find(&caller, &request.row_id).await?;
        let dropped = self.0.drop_row(&asked, row.id, &etag, reason).await;
        let dropped = dropped.map_err(|e| to_status(&e))?;
        Ok(Response::new(DropQuarantinedRowResponse { row: Some(render(&dropped)) }))
    }
}

fn row_id(row: &str) -> Result<QuarantinedRowId, Violations> {
    convert::read(row, |c, row: &str| c.parse("row_id", row))
}

fn wanted(c: &mut Collector, request: &ListQuarantinedRowsRequest) -> Option<Wanted> {
    let state = match request.state {
        0 => Some(None),
        state => convert::choice(c, "state", state, |state| match state {
            RenderedState::Unspecified => None,
            RenderedState::Waiting => Some(State::Waiting),
            RenderedState::Replayed => Some(State::Replayed),
            RenderedState::Superseded => Some(State::Superseded),
            RenderedState::Dropped => Some(State::Dropped),
            RenderedState::Expired => Some(State::Expired),
        })
        .map(Some),
    };
    let collector = convert::optional_text::<200>(c, "collector", &request.collector);
    let reason = convert::optional_text::<100>(c, "reason", &request.reason);
    let from = convert::optional_time(c, "from_time", request.from_time);
    let to = convert::optional_time(c, "to_time", request.to_time);
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    Some(Wanted {
        survey_number: None,
        units: Vec::new(),
        state: state?,
        collector: some(collector?),
        reason: some(reason?),
        from: from?,
        to: to?,
    })
}

/// Reads what was kept of a row.
fn decoded(received: &[u8]) -> Result<IngestResponsesRequest, Status> {
    IngestResponsesRequest::decode(received).map_err(|error| {
        tracing::error!(%error, "a quarantined row cannot be read");
        Status::internal("internal error")
    })
}

/// Puts faults of a row under the field of the request that it came in.
fn within(field: &str, faults: &Violations) -> Violations {
    let moved = faults
        .as_slice()
        .iter()
        .map(|fault| Violation { path: format!("{field}.{}", fault.path), ..fault.clone() });
    Violations::new(moved.collect())
}

fn render(row: &QuarantinedRow) -> Rendered {
    let state = match row.state {
        State::Waiting => RenderedState::Waiting,
        State::Replayed => RenderedState::Replayed,
        State::Superseded => RenderedState::Superseded,
        State::Dropped => RenderedState::Dropped,
        State::Expired => RenderedState::Expired,
    };
    let fault = |fault: &KeptFault| receipt::Violation {
        path: fault.path.clone(),
        reason: fault.reason.clone(),
        message: fault.english.clone(),
        message_vi: fault.vietnamese.clone(),
    };
    Rendered {
        row_id: row.id.to_string(),
        survey_code: row.survey_code.clone(),
        response_id: row.response_id.clone(),
        collector: row.collector.clone(),
        collector_unit_code: row.collector_unit.clone(),
        violations: row.faults.iter().map(fault).collect(),
        receive_time: Some(convert::timestamp(row.receive_time)),
        expire_time: Some(convert::timestamp(row.expire_time)),
        state: state.into(),
        settle_time: row.settle_time.map(convert::timestamp),
        settler: row.settler.clone(),
        settler_unit_code: row.settler_unit.clone(),
        settle_reason: row.settle_reason.clone(),
        settled_response_id: row.settled_response_id.map_or_else(String::new, |id| id.to_string()),
    }
}
