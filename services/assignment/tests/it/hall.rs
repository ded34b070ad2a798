//! A campaign of Quảng Ninh's 228 units at a time of the test's choice, and those who take part.

use cchc_core::Role;
use cchc_proto::{
    assignment::v1::{
        AppraiserStep, Campaign, CopyFormRequest, Entry, GetCampaignRequest,
        GetCampaignStatisticsRequest, GetCampaignStatisticsResponse, GetFormRequest,
        GetFormResponse, JudgeEntryRequest, LoadCampaignRequest, MoveEntryRequest, UnitStep,
        appraiser_step::{self, Judging, Reopening},
        campaign::{ReasonCode, Window},
        campaign_service_client::CampaignServiceClient,
        unit_step::{self, Explaining, SelfScoring, Withdrawal},
    },
    registry::{
        events::v1::IndexPublished,
        v1::{UnitSelector, unit::Kind},
    },
};
use cchc_scoring::catalogue::Index;
use cchc_testkit::{assert_refused, request};
use serde_json::json;
use time::{Date, macros::date};
use tonic::{Code, Status, transport::Channel};
use tonic_types::StatusExt as _;

use crate::{
    reminding::{Desk, province},
    sample::{day, id, number, plan_published},
};

pub(crate) const BEFORE: Date = date!(2018 - 10 - 31);
pub(crate) const SCORING: Date = date!(2018 - 11 - 05);
pub(crate) const APPRAISING: Date = date!(2018 - 11 - 15);
pub(crate) const EXPLAINING: Date = date!(2018 - 11 - 24);
pub(crate) const AGAIN: Date = date!(2018 - 11 - 30);
pub(crate) const OVER: Date = date!(2018 - 12 - 06);

/// The service with a campaign loaded.
pub(crate) struct Hall {
    pub(crate) desk: Desk,
    /// The units that are scored, by code.
    pub(crate) units: Vec<String>,
}

impl Hall {
    /// Opens the day before the self-assessment.
    pub(crate) async fn open() -> Self {
        let desk = Desk::open_without_policy(BEFORE).await;
        desk.hear(IndexPublished { index: Some((&index()).into()) }).await;
        desk.hear(plan_published(&province().0)).await;
        let mut hall = Self { desk, units: Vec::new() };
        hall.units = hall.load(campaign(), "").await.unwrap().bound_unit_codes;
        hall
    }

    pub(crate) fn at(&self, day: Date) {
        self.desk.clock.set(day, 9, 0);
    }

    pub(crate) fn client(&self) -> CampaignServiceClient<Channel> {
        CampaignServiceClient::new(self.desk.running().channel())
    }

    pub(crate) fn reporter(&self, unit: &str) -> String {
        self.desk.bench.token(&format!("can-bo-{unit}"), unit, &[Role::AgencyReporter])
    }

    pub(crate) fn appraiser(&self, unit: &str) -> String {
        self.desk.bench.token(&format!("tham-dinh-{unit}"), unit, &[Role::Appraiser])
    }

    pub(crate) async fn load(&self, campaign: Campaign, etag: &str) -> Result<Campaign, Status> {
        let (campaign, etag) = (Some(campaign), etag.to_owned());
        let ask = LoadCampaignRequest { request_id: id(), campaign, etag };
        let token = self.appraiser("22-SNV");
        let reply = self.client().load_campaign(request(ask, &token)).await;
        reply.map(|reply| reply.into_inner().campaign.unwrap())
    }

    pub(crate) async fn campaign(&self, code: &str) -> Campaign {
        let ask = GetCampaignRequest { code: code.to_owned() };
        let reply = self.client().get_campaign(request(ask, &self.desk.reporter)).await;
        reply.unwrap().into_inner().campaign.unwrap()
    }

    pub(crate) async fn step(&self, ask: MoveEntryRequest, token: &str) -> Result<Entry, Status> {
        let reply = self.client().move_entry(request(ask, token)).await;
        reply.map(|reply| reply.into_inner().entry.unwrap())
    }

    pub(crate) async fn judge(&self, ask: JudgeEntryRequest, token: &str) -> Result<Entry, Status> {
        let reply = self.client().judge_entry(request(ask, token)).await;
        reply.map(|reply| reply.into_inner().entry.unwrap())
    }

    pub(crate) async fn form(&self, campaign: &str, unit: &str) -> GetFormResponse {
        let (campaign_code, unit_code) = (campaign.to_owned(), unit.to_owned());
        let ask = GetFormRequest { campaign_code, unit_code };
        let reply = self.client().get_form(request(ask, &self.desk.reporter)).await;
        reply.unwrap().into_inner()
    }

    pub(crate) async fn copy(
        &self,
        from: &str,
        to: &str,
        unit: &str,
    ) -> Result<Vec<Entry>, Status> {
        let ask = CopyFormRequest {
            request_id: id(),
            campaign_code: to.to_owned(),
            source_campaign_code: from.to_owned(),
            unit_code: unit.to_owned(),
        };
        let reply = self.client().copy_form(request(ask, &self.reporter(unit))).await;
        reply.map(|reply| reply.into_inner().entries)
    }

    pub(crate) async fn statistics(&self, within: &str) -> GetCampaignStatisticsResponse {
        let (campaign_code, unit_code) = ("CCHC-2018".to_owned(), within.to_owned());
        let ask = GetCampaignStatisticsRequest { campaign_code, unit_code };
        let reply = self.client().get_campaign_statistics(request(ask, &self.desk.reporter)).await;
        reply.unwrap().into_inner()
    }
}

fn window(first: Date, last: Date) -> Window {
    Window { first_date: Some(day(first)), last_date: Some(day(last)) }
}

/// A campaign for every unit but the province itself.
pub(crate) fn campaign() -> Campaign {
    use Kind::{CentralBranch, Commune, Department, District, MassOrganisation, Media};
    let kinds = [Department, CentralBranch, Media, MassOrganisation, District, Commune];
    Campaign {
        code: "CCHC-2018".to_owned(),
        title: "Đánh giá cải cách hành chính năm 2018".to_owned(),
        plan_code: "QN-2018".to_owned(),
        index_code: "PAR-2018".to_owned(),
        organiser_unit_code: "22-SNV".to_owned(),
        units: Some(UnitSelector { unit_codes: Vec::new(), kinds: kinds.map(Into::into).to_vec() }),
        self_assessment: Some(window(date!(2018 - 11 - 01), date!(2018 - 11 - 10))),
        appraisal: Some(window(date!(2018 - 11 - 12), date!(2018 - 11 - 20))),
        explanation: Some(window(date!(2018 - 11 - 22), date!(2018 - 11 - 26))),
        second_appraisal: Some(window(date!(2018 - 11 - 28), date!(2018 - 12 - 05))),
        reason_codes: vec![ReasonCode {
            code: "NO-EVIDENCE".to_owned(),
            title: "Chưa có tài liệu kiểm chứng".to_owned(),
            title_en: "No evidence".to_owned(),
        }],
        ..Campaign::default()
    }
}

/// Three nodes: assessed points with evidence, yes or no, and a count in steps.
pub(crate) fn index() -> Index {
    serde_json::from_value(json!({
        "code": "PAR-2018", "year": 2018, "family": "PAR INDEX", "unit": "điểm",
        "title": "Bộ chỉ số mẫu", "title_en": "Sample", "provenance": "own", "reference": "mẫu thử",
        "nodes": [
            { "code": "0", "title": "Cả chỉ số", "title_en": "Whole", "max": "19", "source": "children" },
            { "code": "1", "title": "Chỉ đạo", "title_en": "Steering", "max": "10", "source": "self-assessed", "rule": { "kind": "assessed" }, "lead": "22-SNV", "evidence": "Văn bản chỉ đạo" },
            { "code": "2", "title": "Kế hoạch", "title_en": "Planning", "max": "5", "source": "self-assessed", "rule": { "kind": "yes-no" }, "lead": "22-STP" },
            { "code": "3", "title": "Sáng kiến", "title_en": "Initiatives", "max": "4", "source": "administrative", "rule": { "kind": "count-steps", "steps": [{ "at_least": "1", "points": "2" }, { "at_least": "2", "points": "4" }] }, "variable": "INITIATIVES" },
        ],
        "variables": [
            { "code": "INITIATIVES", "title": "Sáng kiến", "title_en": "Initiatives", "measure": "count", "numerator": "Số sáng kiến", "reporters": { "kinds": ["district"] }, "collection": "latest" },
        ],
    }))
    .unwrap()
}

fn unit_step(unit: &str, node: &str, etag: &str, step: unit_step::Step) -> MoveEntryRequest {
    let step = UnitStep {
        campaign_code: "CCHC-2018".to_owned(),
        unit_code: unit.to_owned(),
        node_id: format!("PAR-2018/{node}"),
        etag: etag.to_owned(),
        step: Some(step),
    };
    MoveEntryRequest { request_id: id(), step: Some(step) }
}

pub(crate) fn score(unit: &str, node: &str, etag: &str, points: &str) -> MoveEntryRequest {
    let (evidence, explanation) = (vec!["Báo cáo số 15/BC".to_owned()], String::new());
    let said = SelfScoring { points: Some(number(points)), evidence, explanation };
    unit_step(unit, node, etag, unit_step::Step::Score(said))
}

pub(crate) fn withdraw(unit: &str, node: &str, etag: &str) -> MoveEntryRequest {
    let said = Withdrawal { note: "Gửi nhầm".to_owned() };
    unit_step(unit, node, etag, unit_step::Step::Withdraw(said))
}

pub(crate) fn explain(unit: &str, node: &str, etag: &str) -> MoveEntryRequest {
    let (text, evidence) = ("Đã có văn bản".to_owned(), vec!["Công văn 7/CV".to_owned()]);
    unit_step(unit, node, etag, unit_step::Step::Explain(Explaining { text, evidence }))
}

fn appraiser_step(
    unit: &str,
    node: &str,
    etag: &str,
    step: appraiser_step::Step,
) -> JudgeEntryRequest {
    let step = AppraiserStep {
        campaign_code: "CCHC-2018".to_owned(),
        unit_code: unit.to_owned(),
        node_id: format!("PAR-2018/{node}"),
        etag: etag.to_owned(),
        step: Some(step),
    };
    JudgeEntryRequest { request_id: id(), step: Some(step) }
}

pub(crate) fn judge(
    unit: &str,
    node: &str,
    etag: &str,
    points: &str,
    code: &str,
) -> JudgeEntryRequest {
    let reason_code = code.to_owned();
    let said = Judging { points: Some(number(points)), reason_code, reason: String::new() };
    appraiser_step(unit, node, etag, appraiser_step::Step::Judge(said))
}

pub(crate) fn reopen(unit: &str, node: &str, etag: &str, until: Date) -> JudgeEntryRequest {
    let (reason, until_date) = ("Thiếu tài liệu".to_owned(), Some(day(until)));
    let said = Reopening { reason, until_date };
    appraiser_step(unit, node, etag, appraiser_step::Step::Reopen(said))
}

/// Checks code and reason of a refusal, and that it speaks Vietnamese too.
pub(crate) fn refused<T: std::fmt::Debug>(
    answer: Result<T, Status>,
    code: Code,
    reason: &str,
) -> Status {
    let status = answer.unwrap_err();
    assert_refused(&status, code, reason);
    let details = status.get_error_details();
    assert!(!details.localized_message().unwrap().message.is_empty());
    status
}
