//! A small province with a small, consistent plan.

use cchc_core::Role;
use cchc_proto::registry::v1::{
    LoadIndexRequest, LoadPlanRequest, LoadUnitsRequest, PublishIndexRequest, PublishPlanRequest,
    index_service_client::IndexServiceClient, plan_service_client::PlanServiceClient,
    unit_service_client::UnitServiceClient,
};
use cchc_registry::startup;
use cchc_scoring::catalogue::{Index, Plan, Unit};
use cchc_testkit::{Bench, Running, request};
use serde_json::json;
use sqlx::Executor as _;
use tonic::transport::Channel;
use uuid::Uuid;

/// A registry and somebody who may do everything in it.
pub(crate) struct Office {
    pub(crate) bench: Bench,
    pub(crate) running: Running,
    pub(crate) token: String,
}

impl Office {
    pub(crate) async fn open() -> Self {
        let bench = Bench::new("registry").await;
        let running = bench.start(startup::build).await;
        let roles =
            [Role::RegistryViewer, Role::RegistryEditor, Role::RegistryPublisher, Role::Operator];
        let token = bench.token("so-noi-vu", "22", &roles);
        Self { bench, running, token }
    }

    pub(crate) fn units(&self) -> UnitServiceClient<Channel> {
        UnitServiceClient::new(self.running.channel())
    }

    pub(crate) fn indices(&self) -> IndexServiceClient<Channel> {
        IndexServiceClient::new(self.running.channel())
    }

    pub(crate) fn plans(&self) -> PlanServiceClient<Channel> {
        PlanServiceClient::new(self.running.channel())
    }

    /// Loads the units, and publishes the index and the plan.
    pub(crate) async fn publish_all(&self) {
        let units = load_units(&units());
        self.units().load_units(request(units, &self.token)).await.unwrap();
        let etag = self.load(&index()).await;
        let publish =
            PublishIndexRequest { request_id: id(), index_code: "PAR-2018".to_owned(), etag };
        self.indices().publish_index(request(publish, &self.token)).await.unwrap();
        let load = LoadPlanRequest { request_id: id(), plan: Some((&plan()).into()) };
        let loaded = self.plans().load_plan(request(load, &self.token)).await.unwrap().into_inner();
        assert_eq!(loaded.findings, []);
        let publish = PublishPlanRequest {
            request_id: id(),
            plan_code: "QN-2018".to_owned(),
            etag: loaded.etag,
        };
        self.plans().publish_plan(request(publish, &self.token)).await.unwrap();
    }

    /// Loads an index as a draft; gives its etag.
    pub(crate) async fn load(&self, index: &Index) -> String {
        let load = LoadIndexRequest { request_id: id(), index: Some(index.into()) };
        self.indices().load_index(request(load, &self.token)).await.unwrap().into_inner().etag
    }
}

impl Office {
    /// Puts another document into a draft, as an older version of the service may have left it.
    pub(crate) async fn overwrite_draft(&self, index: &Index) {
        let document = serde_json::to_string(index).unwrap();
        let update = format!("update registry.documents set document = $doc${document}$doc$");
        self.bench.pool().await.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(update))).await.unwrap();
    }
}

pub(crate) fn id() -> String {
    Uuid::new_v4().to_string()
}

pub(crate) fn load_units(units: &[Unit]) -> LoadUnitsRequest {
    LoadUnitsRequest {
        request_id: id(),
        province_code: "22".to_owned(),
        units: units.iter().map(Into::into).collect(),
        withdraws_history: false,
    }
}

pub(crate) fn units() -> Vec<Unit> {
    serde_json::from_value(json!([
        { "code": "06649", "parent": "193", "kind": "commune", "name": "Phường Hà Khánh" },
        { "code": "193", "parent": "22", "kind": "district", "name": "Thành phố Hạ Long" },
        { "code": "22", "kind": "province", "name": "Tỉnh Quảng Ninh" },
        { "code": "22-SNV", "parent": "22", "kind": "department", "name": "Sở Nội vụ" },
    ]))
    .unwrap()
}

pub(crate) fn index() -> Index {
    serde_json::from_value(json!({
        "code": "PAR-2018", "year": 2018, "family": "PAR INDEX", "unit": "điểm",
        "title": "Chỉ số cải cách hành chính", "title_en": "PAR INDEX",
        "provenance": "own", "reference": "mẫu thử",
        "nodes": [
            { "code": "0", "title": "Cả chỉ số", "title_en": "Whole", "max": "10", "source": "children", "lead": "22-SNV" },
            { "code": "1", "title": "Chỉ đạo", "title_en": "Steering", "max": "10", "source": "self-assessed", "rule": { "kind": "assessed" }, "lead": "22-SNV" },
        ],
    }))
    .unwrap()
}

pub(crate) fn plan() -> Plan {
    serde_json::from_value(json!({
        "code": "QN-2018", "province": "22", "year": 2018, "title": "Kế hoạch", "title_en": "Plan",
        "reference": "mẫu thử",
        "baselines": [
            { "node": "PAR-2018/0", "year": 2017, "stated": "8", "reference": "A" },
            { "node": "PAR-2018/1", "year": 2017, "stated": "8", "reference": "A" },
        ],
        "targets": [
            { "node": "PAR-2018/0", "points": "9", "increase": "1", "reference": "A" },
            { "node": "PAR-2018/1", "points": "9", "increase": "1", "reference": "A" },
        ],
        "tasks": [
            { "number": "1.1", "title": "Chỉ đạo", "reference": "III.1.1", "binds": { "units": ["22-SNV"] }, "nodes": ["PAR-2018/0", "PAR-2018/1"] },
        ],
    }))
    .unwrap()
}
