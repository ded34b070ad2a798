//! `CampaignService`.

use std::sync::Arc;

use cchc_core::{CampaignCode, Collector, UnitCode};
use cchc_kit::server::caller;
use cchc_proto::{
    assignment::v1::{
        self as pb, campaign_service_server::CampaignService, list_entries_request::Whose,
    },
    convert,
};
use tonic::{Request, Response, Status};

use super::{
    Asking,
    campaign::{read, render, steps},
    command, status,
};
use crate::app::{
    App,
    campaign::{Listing, place_of_shown},
};

pub(super) struct Campaigns(pub(super) Arc<App>);

fn listing(c: &mut Collector, request: &pb::ListEntriesRequest) -> Option<(CampaignCode, Listing)> {
    let code = c.parse("campaign_code", &request.campaign_code);
    let whose = c.require("unit_code", request.whose.as_ref()).and_then(|whose| match whose {
        Whose::UnitCode(unit) => c.parse("unit_code", unit).map(Listing::Within),
        Whose::AppraiserUnitCode(unit) => {
            c.parse("appraiser_unit_code", unit).map(Listing::AppraisedBy)
        }
    });
    code.zip(whose)
}

fn both(c: &mut Collector, campaign: &str, unit: &str) -> Option<(CampaignCode, UnitCode)> {
    let code = c.parse("campaign_code", campaign);
    let unit = c.parse("unit_code", unit);
    code.zip(unit)
}

#[tonic::async_trait]
impl CampaignService for Campaigns {
    async fn load_campaign(
        &self,
        request: Request<pb::LoadCampaignRequest>,
    ) -> Result<Response<pb::LoadCampaignResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let method = "cchc.assignment.v1.CampaignService/LoadCampaign";
        let (id, seen) = (request.request_id.clone(), read::etag(&request.etag));
        let (command, campaign) = command(caller.actor(), method, &id, request, |c, request| {
            convert::part(c, "campaign", request.campaign, read::campaign)
        })
        .map_err(|e| status(&e))?;
        caller.reach(&campaign.organiser).await.map_err(|e| status(&e))?;
        let loaded = self.0.load_campaign(&command, campaign, seen).await;
        let loaded = loaded.map_err(|e| status(&e))?;
        let campaign = Some(render::campaign(&loaded, self.0.today()));
        Ok(Response::new(pb::LoadCampaignResponse { campaign }))
    }

    async fn get_campaign(
        &self,
        request: Request<pb::GetCampaignRequest>,
    ) -> Result<Response<pb::GetCampaignResponse>, Status> {
        let code = convert::read(request.into_inner(), |c, request| {
            c.parse::<CampaignCode>("code", &request.code)
        })
        .map_err(|e| status(&e))?;
        let standing = self.0.campaign(&code).await.map_err(|e| status(&e))?;
        let campaign = Some(render::campaign(&standing, self.0.today()));
        Ok(Response::new(pb::GetCampaignResponse { campaign }))
    }

    async fn list_campaigns(
        &self,
        request: Request<pb::ListCampaignsRequest>,
    ) -> Result<Response<pb::ListCampaignsResponse>, Status> {
        let request = request.into_inner();
        let asking = Asking::read("campaigns".to_owned(), request.page_size, &request.page_token)
            .map_err(|e| status(&e))?;
        let after = asking.after(|[code]| code.parse().ok()).map_err(|e| status(&e))?;
        let listed = self.0.list_campaigns(after, asking.size).await.map_err(|e| status(&e))?;
        let today = self.0.today();
        Ok(Response::new(pb::ListCampaignsResponse {
            next_page_token: asking.next(&listed, |last| last.campaign.code.to_string()),
            campaigns: listed.items.iter().map(|of| render::campaign(of, today)).collect(),
        }))
    }

    async fn move_entry(
        &self,
        request: Request<pb::MoveEntryRequest>,
    ) -> Result<Response<pb::MoveEntryResponse>, Status> {
        let caller = caller(&request)?;
        let entry = steps::take_one(&self.0, &caller, request.into_inner()).await?;
        Ok(Response::new(pb::MoveEntryResponse { entry: Some((&entry).into()) }))
    }

    async fn batch_move_entries(
        &self,
        request: Request<pb::BatchMoveEntriesRequest>,
    ) -> Result<Response<pb::BatchMoveEntriesResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let (steps, validate_only) = (request.requests, request.validate_only);
        let outcomes = steps::take_batch(&self.0, &caller, steps, validate_only).await?;
        Ok(Response::new(pb::BatchMoveEntriesResponse { outcomes }))
    }

    async fn judge_entry(
        &self,
        request: Request<pb::JudgeEntryRequest>,
    ) -> Result<Response<pb::JudgeEntryResponse>, Status> {
        let caller = caller(&request)?;
        let entry = steps::take_one(&self.0, &caller, request.into_inner()).await?;
        Ok(Response::new(pb::JudgeEntryResponse { entry: Some((&entry).into()) }))
    }

    async fn batch_judge_entries(
        &self,
        request: Request<pb::BatchJudgeEntriesRequest>,
    ) -> Result<Response<pb::BatchJudgeEntriesResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let (steps, validate_only) = (request.requests, request.validate_only);
        let outcomes = steps::take_batch(&self.0, &caller, steps, validate_only).await?;
        Ok(Response::new(pb::BatchJudgeEntriesResponse { outcomes }))
    }

    async fn copy_form(
        &self,
        request: Request<pb::CopyFormRequest>,
    ) -> Result<Response<pb::CopyFormResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let method = "cchc.assignment.v1.CampaignService/CopyForm";
        let id = request.request_id.clone();
        let (command, ((code, unit), source)) =
            command(caller.actor(), method, &id, request, |c, request| {
                let both = both(c, &request.campaign_code, &request.unit_code);
                let source =
                    c.parse::<CampaignCode>("source_campaign_code", &request.source_campaign_code);
                both.zip(source)
            })
            .map_err(|e| status(&e))?;
        caller.reach(&unit).await.map_err(|e| status(&e))?;
        let made = self.0.copy_form(&command, &code, &source, &unit).await;
        let entries = made.map_err(|e| status(&e))?.iter().map(Into::into).collect();
        Ok(Response::new(pb::CopyFormResponse { entries }))
    }

    async fn get_form(
        &self,
        request: Request<pb::GetFormRequest>,
    ) -> Result<Response<pb::GetFormResponse>, Status> {
        let caller = caller(&request)?;
        let (code, unit) = convert::read(request.into_inner(), |c, request| {
            both(c, &request.campaign_code, &request.unit_code)
        })
        .map_err(|e| status(&e))?;
        caller.reach(&unit).await.map_err(|e| status(&e))?;
        let (standing, items) = self.0.form(&code, &unit).await.map_err(|e| status(&e))?;
        let campaign = render::campaign(&standing, self.0.today());
        Ok(Response::new(pb::GetFormResponse {
            campaign: Some(pb::Campaign { bound_unit_codes: Vec::new(), ..campaign }),
            items: items.iter().map(render::item).collect(),
        }))
    }

    async fn list_entries(
        &self,
        request: Request<pb::ListEntriesRequest>,
    ) -> Result<Response<pb::ListEntriesResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let (code, listing) = convert::read(&request, listing).map_err(|e| status(&e))?;
        caller.reach(listing.unit()).await.map_err(|e| status(&e))?;
        let question = match &listing {
            Listing::Within(unit) => format!("entries of {code} within {unit}"),
            Listing::AppraisedBy(unit) => format!("entries of {code} appraised by {unit}"),
        };
        let asking = Asking::read(question, request.page_size, &request.page_token)
            .map_err(|e| status(&e))?;
        let after = asking
            .after(|[unit, node]| unit.parse().ok().zip(node.parse().ok()))
            .map_err(|e| status(&e))?;
        let listed = self.0.list_entries(&code, &listing, after, asking.size).await;
        let listed = listed.map_err(|e| status(&e))?;
        Ok(Response::new(pb::ListEntriesResponse {
            next_page_token: asking.next(&listed, place_of_shown),
            entries: listed.items.iter().map(render::shown).collect(),
        }))
    }

    async fn get_entry_history(
        &self,
        request: Request<pb::GetEntryHistoryRequest>,
    ) -> Result<Response<pb::GetEntryHistoryResponse>, Status> {
        let caller = caller(&request)?;
        let key = convert::read(request.into_inner(), |c, request| {
            read::key(c, &request.campaign_code, &request.unit_code, &request.node_id)
        })
        .map_err(|e| status(&e))?;
        let (appraiser, versions) = self.0.entry_history(&key).await.map_err(|e| {
            caller.reach_nothing();
            status(&e)
        })?;
        if caller.reach(&key.unit).await.is_err() {
            caller.reach(&appraiser).await.map_err(|e| status(&e))?;
        }
        let versions = versions.iter().map(Into::into).collect();
        Ok(Response::new(pb::GetEntryHistoryResponse { versions }))
    }

    async fn get_campaign_statistics(
        &self,
        request: Request<pb::GetCampaignStatisticsRequest>,
    ) -> Result<Response<pb::GetCampaignStatisticsResponse>, Status> {
        let caller = caller(&request)?;
        let (code, within) = convert::read(request.into_inner(), |c, request| {
            both(c, &request.campaign_code, &request.unit_code)
        })
        .map_err(|e| status(&e))?;
        caller.reach(&within).await.map_err(|e| status(&e))?;
        let statistics = self.0.statistics(&code, &within).await.map_err(|e| status(&e))?;
        Ok(Response::new(render::statistics(&statistics)))
    }
}
