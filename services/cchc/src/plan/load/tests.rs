//! In which order things are loaded, and that a second run asks for the same and nothing else.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    path::Path,
    sync::{Arc, Mutex},
};

use cchc_core::{Violation, Violations};
use cchc_proto::{
    registry::v1::{
        index_service_server::{IndexService, IndexServiceServer},
        plan_service_server::{PlanService, PlanServiceServer},
        unit_service_server::{UnitService, UnitServiceServer},
    },
    survey::v1::{
        CloseSurveyRequest, CloseSurveyResponse, GetFieldworkRequest, GetFieldworkResponse,
        GetSurveyQualityRequest, GetSurveyQualityResponse, GetSurveyRequest, GetSurveyResponse,
        OpenSurveyResponse, RebuildSurveyRequest, RebuildSurveyResponse,
        RotateRespondentKeyRequest, RotateRespondentKeyResponse, VerifySurveyRequest,
        VerifySurveyResponse,
        survey_service_server::{SurveyService, SurveyServiceServer},
    },
};
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response};

use super::*;
use crate::{output::Memory, say::Lang};

/// Stands for the registry and the survey service, which hears of units only after a while.
#[derive(Clone, Default)]
struct Province {
    asked: Arc<Mutex<Vec<(&'static str, String)>>>,
}

impl Province {
    fn note(&self, what: &'static str, request_id: String) {
        self.asked.lock().unwrap().push((what, request_id));
    }

    fn asked(&self) -> Vec<(&'static str, String)> {
        self.asked.lock().unwrap().clone()
    }
}

fn not_here<T>() -> Result<Response<T>, Status> {
    Err(Status::unimplemented("not here"))
}

#[tonic::async_trait]
impl UnitService for Province {
    async fn record_unit_change(
        &self,
        _: Request<pb::RecordUnitChangeRequest>,
    ) -> Result<Response<pb::RecordUnitChangeResponse>, Status> {
        Err(Status::unimplemented("not asked"))
    }

    async fn load_units(
        &self,
        request: Request<pb::LoadUnitsRequest>,
    ) -> Result<Response<pb::LoadUnitsResponse>, Status> {
        self.note("units", request.into_inner().request_id);
        let etag = String::new();
        Ok(Response::new(pb::LoadUnitsResponse { changed_count: 229, unit_count: 229, etag }))
    }

    async fn list_units(
        &self,
        _: Request<pb::ListUnitsRequest>,
    ) -> Result<Response<pb::ListUnitsResponse>, Status> {
        not_here()
    }
}

#[tonic::async_trait]
impl IndexService for Province {
    async fn load_index(
        &self,
        request: Request<pb::LoadIndexRequest>,
    ) -> Result<Response<pb::LoadIndexResponse>, Status> {
        self.note("index", request.into_inner().request_id);
        let etag = "e".to_owned();
        Ok(Response::new(pb::LoadIndexResponse { state: pb::State::Draft.into(), etag }))
    }

    async fn publish_index(
        &self,
        request: Request<pb::PublishIndexRequest>,
    ) -> Result<Response<pb::PublishIndexResponse>, Status> {
        self.note("publish index", request.into_inner().request_id);
        Ok(Response::new(pb::PublishIndexResponse { state: pb::State::Published.into() }))
    }

    async fn get_index(
        &self,
        _: Request<pb::GetIndexRequest>,
    ) -> Result<Response<pb::GetIndexResponse>, Status> {
        not_here()
    }

    async fn copy_index(
        &self,
        _: Request<pb::CopyIndexRequest>,
    ) -> Result<Response<pb::CopyIndexResponse>, Status> {
        not_here()
    }

    async fn retire_index(
        &self,
        _: Request<pb::RetireIndexRequest>,
    ) -> Result<Response<pb::RetireIndexResponse>, Status> {
        not_here()
    }

    async fn list_indices(
        &self,
        _: Request<pb::ListIndicesRequest>,
    ) -> Result<Response<pb::ListIndicesResponse>, Status> {
        not_here()
    }

    async fn diff_indices(
        &self,
        _: Request<pb::DiffIndicesRequest>,
    ) -> Result<Response<pb::DiffIndicesResponse>, Status> {
        not_here()
    }
}

#[tonic::async_trait]
impl PlanService for Province {
    async fn load_plan(
        &self,
        request: Request<pb::LoadPlanRequest>,
    ) -> Result<Response<pb::LoadPlanResponse>, Status> {
        self.note("plan", request.into_inner().request_id);
        // Already in force: it must not be published again.
        Ok(Response::new(pb::LoadPlanResponse {
            state: pb::State::Published.into(),
            etag: "e".to_owned(),
            findings: Vec::new(),
        }))
    }

    async fn publish_plan(
        &self,
        request: Request<pb::PublishPlanRequest>,
    ) -> Result<Response<pb::PublishPlanResponse>, Status> {
        self.note("publish plan", request.into_inner().request_id);
        not_here()
    }

    async fn acknowledge_finding(
        &self,
        _: Request<pb::AcknowledgeFindingRequest>,
    ) -> Result<Response<pb::AcknowledgeFindingResponse>, Status> {
        not_here()
    }

    async fn revoke_acknowledgement(
        &self,
        _: Request<pb::RevokeAcknowledgementRequest>,
    ) -> Result<Response<pb::RevokeAcknowledgementResponse>, Status> {
        not_here()
    }

    async fn get_plan(
        &self,
        _: Request<pb::GetPlanRequest>,
    ) -> Result<Response<pb::GetPlanResponse>, Status> {
        not_here()
    }
}

#[tonic::async_trait]
impl SurveyService for Province {
    async fn open_survey(
        &self,
        request: Request<OpenSurveyRequest>,
    ) -> Result<Response<OpenSurveyResponse>, Status> {
        self.note("survey", request.into_inner().request_id);
        let attempts = self.asked().iter().filter(|(what, _)| *what == "survey").count();
        if attempts == 1 {
            let unheard = Violation {
                path: "survey.clusters[0]".to_owned(),
                reason: "UNIT_NOT_FOUND",
                english: "is not known".to_owned(),
                vietnamese: "chưa có".to_owned(),
            };
            return Err(cchc_kit::to_status(&Violations::new(vec![unheard])));
        }
        Ok(Response::new(OpenSurveyResponse::default()))
    }

    async fn close_survey(
        &self,
        _: Request<CloseSurveyRequest>,
    ) -> Result<Response<CloseSurveyResponse>, Status> {
        not_here()
    }

    async fn verify_survey(
        &self,
        _: Request<VerifySurveyRequest>,
    ) -> Result<Response<VerifySurveyResponse>, Status> {
        not_here()
    }

    async fn rebuild_survey(
        &self,
        _: Request<RebuildSurveyRequest>,
    ) -> Result<Response<RebuildSurveyResponse>, Status> {
        not_here()
    }

    async fn get_survey_quality(
        &self,
        _: Request<GetSurveyQualityRequest>,
    ) -> Result<Response<GetSurveyQualityResponse>, Status> {
        not_here()
    }

    async fn rotate_respondent_key(
        &self,
        _: Request<RotateRespondentKeyRequest>,
    ) -> Result<Response<RotateRespondentKeyResponse>, Status> {
        not_here()
    }

    async fn get_fieldwork(
        &self,
        _: Request<GetFieldworkRequest>,
    ) -> Result<Response<GetFieldworkResponse>, Status> {
        not_here()
    }

    async fn get_survey(
        &self,
        _: Request<GetSurveyRequest>,
    ) -> Result<Response<GetSurveyResponse>, Status> {
        not_here()
    }
}

#[tokio::test]
async fn a_folder_is_loaded_in_order_and_a_second_run_asks_for_the_very_same() {
    let province = Province::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let serving = tonic::transport::Server::builder()
        .add_service(UnitServiceServer::new(province.clone()))
        .add_service(IndexServiceServer::new(province.clone()))
        .add_service(PlanServiceServer::new(province.clone()))
        .add_service(SurveyServiceServer::new(province.clone()))
        .serve_with_incoming(TcpListenerStream::new(listener));
    let serving = tokio::spawn(serving);
    let server = Server::new(&url, "t").unwrap();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/plans/quang-ninh-2018");
    let folder = PlanFolder::load(&shipped).map_err(CliError::Files).unwrap();
    let output = Output::to(Lang::Vi, false, Memory::default());

    load(&folder, &server, Some(&server), &output).await.unwrap();
    let first = province.asked();
    province.asked.lock().unwrap().retain(|(what, _)| *what == "survey");
    load(&folder, &server, Some(&server), &output).await.unwrap();

    serving.abort();
    let steps: Vec<&str> = first.iter().map(|(what, _)| *what).collect();
    assert_eq!(steps[..3], ["units", "index", "publish index"]);
    assert_eq!(
        steps[9..],
        ["plan", "survey", "survey", "survey"],
        "the first survey is asked twice"
    );
    let second: Vec<_> = province.asked().split_off(3);
    let mut once = first;
    once.remove(11);
    assert_eq!(second, once);
}

#[test]
fn only_what_may_not_have_arrived_yet_is_asked_again() {
    let refused = |code, reason: &str| {
        let details = tonic_types::ErrorDetails::with_error_info(reason, "x", []);
        Status::with_error_details(code, "", details)
    };

    assert!(has_not_heard(&refused(Code::FailedPrecondition, "PLAN_NOT_FOUND")));
    assert!(has_not_heard(&refused(Code::NotFound, "NODE_NOT_FOUND")));
    assert!(has_not_heard(&refused(Code::Unavailable, "")));
    assert!(!has_not_heard(&refused(Code::AlreadyExists, "SURVEY_EXISTS")));
    assert!(!has_not_heard(&refused(Code::InvalidArgument, "DATE_INVALID")));
    assert!(!has_not_heard(&refused(Code::PermissionDenied, "ROLE_MISSING")));
}
