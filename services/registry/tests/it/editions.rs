//! Editions follow each other: copied, compared, listed, retired.

use cchc_core::Role;
use cchc_proto::registry::v1::{
    CopyIndexRequest, CopyIndexResponse, DiffIndicesRequest, GetIndexRequest, ListIndicesRequest,
    LoadIndexRequest, LoadPlanRequest, PublishIndexRequest, PublishPlanRequest, RetireIndexRequest,
    State, index::Provenance, index_diff::NodeField,
};
use cchc_scoring::catalogue::Index;
use cchc_testkit::{assert_refused, request};
use serde_json::json;
use sqlx::Executor as _;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::sample::{Office, id, index, load_units, plan, units};

/// The calls of these tests, in short.
impl Office {
    pub(crate) async fn publish(&self, code: &str, etag: &str) -> Result<(), Status> {
        let (index_code, etag) = (code.to_owned(), etag.to_owned());
        let publish = PublishIndexRequest { request_id: id(), index_code, etag };
        self.indices().publish_index(request(publish, &self.token)).await.map(|_| ())
    }

    async fn copy(&self, ask: CopyIndexRequest) -> Result<CopyIndexResponse, Status> {
        let copied = self.indices().copy_index(request(ask, &self.token)).await;
        copied.map(tonic::Response::into_inner)
    }

    async fn retire(&self, code: &str, etag: &str, reason: &str) -> Result<(), Status> {
        let retire = RetireIndexRequest {
            request_id: id(),
            index_code: code.to_owned(),
            etag: etag.to_owned(),
            reason: reason.to_owned(),
        };
        self.indices().retire_index(request(retire, &self.token)).await.map(|_| ())
    }

    async fn state(&self, code: &str) -> (State, String) {
        let ask = GetIndexRequest { index_code: code.to_owned() };
        let got = self.indices().get_index(request(ask, &self.token)).await.unwrap().into_inner();
        (got.state(), got.retire_reason)
    }
}

fn next_year() -> CopyIndexRequest {
    CopyIndexRequest {
        request_id: id(),
        from_index_code: "PAR-2018".to_owned(),
        index_code: "PAR-2019".to_owned(),
        year: 2019,
    }
}

/// Path and reason of every violation.
fn violations(status: &Status) -> Vec<(String, String)> {
    let faults = status.get_error_details().bad_request().unwrap().field_violations.clone();
    faults.into_iter().map(|fault| (fault.field, fault.reason)).collect()
}

#[tokio::test]
async fn an_edition_that_cannot_be_scored_is_refused_with_everything_that_is_wrong() {
    let office = Office::open().await;
    let mut faulty: Index = index();
    faulty.nodes[1].max = Some("11".parse().unwrap());
    faulty.nodes[1].rule = None;
    let etag = office.load(&faulty).await;

    let refusal = office.publish("PAR-2018", &etag).await.unwrap_err();

    assert_refused(&refusal, Code::InvalidArgument, "INVALID_REQUEST");
    let expected =
        [("index.nodes[0].max", "CHILDREN_EXCEED_PARENT"), ("index.nodes[1].rule", "RULE_MISSING")];
    let expected = expected.map(|(path, reason)| (path.to_owned(), reason.to_owned()));
    assert_eq!(violations(&refusal), expected);
    let message = refusal.get_error_details().bad_request().unwrap().field_violations[0].clone();
    assert_eq!(
        message.localized_message.unwrap().message,
        "các mục con của mục 0 cộng lại 11 điểm, vượt điểm tối đa 10"
    );
    assert_eq!(office.state("PAR-2018").await.0, State::Draft);
    office.running.stop().await;
}

#[tokio::test]
async fn next_years_form_is_a_draft_that_claims_nothing() {
    let office = Office::open().await;
    office.load(&index()).await;
    let ask = next_year();

    let copied = office.copy(ask.clone()).await.unwrap();
    let repeat = office.copy(ask).await.unwrap();
    let taken = office.copy(next_year()).await.unwrap_err();
    let early = CopyIndexRequest { index_code: "PAR-2017".to_owned(), year: 2017, ..next_year() };
    let early = office.copy(early).await.unwrap_err();
    let unknown = CopyIndexRequest { from_index_code: "PAPI".to_owned(), ..next_year() };
    let unknown = CopyIndexRequest { index_code: "PAPI-2019".to_owned(), ..unknown };
    let unknown = office.copy(unknown).await.unwrap_err();

    assert_eq!(copied, repeat);
    let form = copied.index.unwrap();
    assert_eq!((form.year, form.provenance()), (2019, Provenance::Own));
    assert!(form.reference.contains("PAR-2018"), "{}", form.reference);
    assert_eq!(office.state("PAR-2019").await.0, State::Draft);
    assert_refused(&taken, Code::AlreadyExists, "INDEX_EXISTS");
    assert_refused(&early, Code::InvalidArgument, "INVALID_REQUEST");
    assert_eq!(violations(&early), [("year".to_owned(), "YEAR_BEFORE_ORIGINAL".to_owned())]);
    assert_refused(&unknown, Code::NotFound, "INDEX_NOT_FOUND");
    office.running.stop().await;
}

#[tokio::test]
async fn copies_at_once_make_one_edition() {
    let office = std::sync::Arc::new(Office::open().await);
    office.load(&index()).await;
    let copies = (0..8).map(|_| {
        let office = std::sync::Arc::clone(&office);
        tokio::spawn(async move { office.copy(next_year()).await })
    });

    let mut made = 0;
    for copy in copies.collect::<Vec<_>>() {
        match copy.await.unwrap() {
            Ok(_) => made += 1,
            Err(refusal) => assert_refused(&refusal, Code::AlreadyExists, "INDEX_EXISTS"),
        }
    }

    assert_eq!(made, 1);
    std::sync::Arc::into_inner(office).unwrap().running.stop().await;
}

#[tokio::test]
async fn a_retired_edition_carries_no_new_plan_and_keeps_the_old() {
    let office = Office::open().await;
    office.publish_all().await;
    let etag = office.load(&index()).await;
    let stale = office.retire("PAR-2018", "x", "đã có bản mới").await.unwrap_err();
    assert_refused(&stale, Code::Aborted, "ETAG_MISMATCH");

    office.retire("PAR-2018", &etag, "Bộ Nội vụ ban hành bản mới").await.unwrap();
    office.retire("PAR-2018", &etag, "lý do khác").await.unwrap();

    let reason = "Bộ Nội vụ ban hành bản mới".to_owned();
    assert_eq!(office.state("PAR-2018").await, (State::Retired, reason));
    let mut load = LoadPlanRequest { request_id: id(), plan: Some((&plan()).into()) };
    let same = office.plans().load_plan(request(load.clone(), &office.token)).await.unwrap();
    assert_eq!(same.get_ref().state(), State::Published, "what exists stays");
    load.request_id = id();
    load.plan.as_mut().unwrap().code = "QN-2018-B".to_owned();
    let refusal = office.plans().load_plan(request(load, &office.token)).await.unwrap_err();
    assert_refused(&refusal, Code::FailedPrecondition, "PLAN_INDEX_RETIRED");
    let copy = office.copy(next_year()).await.unwrap_err();
    assert_refused(&copy, Code::FailedPrecondition, "INDEX_RETIRED");
    let publish = office.publish("PAR-2018", &etag).await.unwrap_err();
    assert_refused(&publish, Code::FailedPrecondition, "INDEX_RETIRED");
    let mut other = index();
    "Tên khác".clone_into(&mut other.title);
    let load = LoadIndexRequest { request_id: id(), index: Some((&other).into()) };
    let load = office.indices().load_index(request(load, &office.token)).await.unwrap_err();
    assert_refused(&load, Code::FailedPrecondition, "INDEX_NOT_DRAFT");
    office.running.stop().await;
}

#[tokio::test]
async fn a_draft_plan_over_an_edition_that_was_retired_is_not_published() {
    let office = Office::open().await;
    office.units().load_units(request(load_units(&units()), &office.token)).await.unwrap();
    let etag = office.load(&index()).await;
    office.publish("PAR-2018", &etag).await.unwrap();
    let load = LoadPlanRequest { request_id: id(), plan: Some((&plan()).into()) };
    let draft = office.plans().load_plan(request(load, &office.token)).await.unwrap().into_inner();
    office.retire("PAR-2018", &etag, "thay bằng bản khác").await.unwrap();

    let plan_code = "QN-2018".to_owned();
    let publish = PublishPlanRequest { request_id: id(), plan_code, etag: draft.etag };
    let refusal = office.plans().publish_plan(request(publish, &office.token)).await.unwrap_err();

    assert_refused(&refusal, Code::FailedPrecondition, "PLAN_INDEX_RETIRED");
    office.running.stop().await;
}

#[tokio::test]
async fn a_draft_is_not_retired_and_retiring_needs_a_reason_and_its_role() {
    let office = Office::open().await;
    let etag = office.load(&index()).await;
    let editor = office.bench.token("soan-thao", "22", &[Role::RegistryEditor]);

    let draft = office.retire("PAR-2018", &etag, "thử").await.unwrap_err();
    let silent = office.retire("PAR-2018", &etag, " ").await.unwrap_err();
    let missing = office.retire("PAR-2017", &etag, "thử").await.unwrap_err();
    let ask = RetireIndexRequest { request_id: id(), ..RetireIndexRequest::default() };
    let denied = office.indices().retire_index(request(ask, &editor)).await.unwrap_err();

    assert_refused(&draft, Code::FailedPrecondition, "INDEX_NOT_PUBLISHED");
    assert_eq!(violations(&silent), [("reason".to_owned(), "TEXT_INVALID".to_owned())]);
    assert_refused(&missing, Code::NotFound, "INDEX_NOT_FOUND");
    assert_refused(&denied, Code::PermissionDenied, "ROLE_MISSING");
    office.running.stop().await;
}

#[tokio::test]
async fn the_database_itself_refuses_every_other_change_of_what_is_published() {
    let office = Office::open().await;
    let etag = office.load(&index()).await;
    office.publish("PAR-2018", &etag).await.unwrap();
    let pool = office.bench.pool().await;
    let change = |what: &str| format!("update registry.documents set {what} where kind = 'index'");

    let forgeries = [
        "etag = 'x'",
        "state = 'draft', event_id = null",
        "state = 'retired', retire_reason = 'x', document = '{}'",
        "state = 'retired'",
    ];
    for forgery in forgeries {
        let refused = pool.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(change(forgery)))).await;
        assert!(refused.is_err(), "{forgery}");
    }
    office.retire("PAR-2018", &etag, "thử").await.unwrap();
    let back = change("state = 'published', retire_reason = null");

    assert!(pool.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(back))).await.is_err());
    let gone = pool.execute("delete from registry.documents").await;
    assert!(gone.is_err());
    office.running.stop().await;
}

#[tokio::test]
async fn publishing_at_once_and_loading_meanwhile_leave_one_published_edition() {
    let office = std::sync::Arc::new(Office::open().await);
    let etag = office.load(&index()).await;
    let mut other = index();
    "Tên khác".clone_into(&mut other.title);
    let publishers = (0..4).map(|_| {
        let (office, etag) = (std::sync::Arc::clone(&office), etag.clone());
        tokio::spawn(async move { office.publish("PAR-2018", &etag).await })
    });
    let publishers: Vec<_> = publishers.collect();
    let load = LoadIndexRequest { request_id: id(), index: Some((&other).into()) };
    let load = office.indices().load_index(request(load, &office.token)).await;

    let mut published = 0;
    for publisher in publishers {
        match publisher.await.unwrap() {
            Ok(()) => published += 1,
            Err(refusal) => assert_refused(&refusal, Code::Aborted, "ETAG_MISMATCH"),
        }
    }

    // Either the load came first, and nobody published what they had not read; or it came too late.
    match load {
        Ok(_) => assert_eq!((published, office.state("PAR-2018").await.0), (0, State::Draft)),
        Err(refusal) => {
            assert_refused(&refusal, Code::FailedPrecondition, "INDEX_NOT_DRAFT");
            assert_eq!((published, office.state("PAR-2018").await.0), (4, State::Published));
        }
    }
    let told = "select 1 from kit.outbox where subject like 'index.published%'";
    let told = office.bench.pool().await.fetch_all(told).await.unwrap().len();
    assert_eq!(told, usize::from(published > 0), "told once, however often it was asked");
    std::sync::Arc::into_inner(office).unwrap().running.stop().await;
}

#[tokio::test]
async fn editions_are_listed_page_by_page_and_by_what_is_asked() {
    let office = Office::open().await;
    let etag = office.load(&index()).await;
    office.publish("PAR-2018", &etag).await.unwrap();
    office.copy(next_year()).await.unwrap();
    let mut sipas = index();
    sipas.code = "SIPAS-2018".parse().unwrap();
    "SIPAS".clone_into(&mut sipas.family);
    office.load(&sipas).await;
    let list = async |ask: ListIndicesRequest| {
        let found = office.indices().list_indices(request(ask, &office.token)).await.unwrap();
        let found = found.into_inner();
        let codes: Vec<String> = found.indices.into_iter().map(|index| index.code).collect();
        (codes, found.next_page_token)
    };

    let all = ListIndicesRequest { page_size: 2, ..ListIndicesRequest::default() };
    let (first, next) = list(all.clone()).await;
    let (second, end) = list(ListIndicesRequest { page_token: next.clone(), ..all }).await;
    let par = ListIndicesRequest { family: "PAR INDEX".to_owned(), ..Default::default() };
    let drafts = ListIndicesRequest { state: State::Draft.into(), ..Default::default() };
    let later = ListIndicesRequest { year: 2019, ..Default::default() };
    let wrong = ListIndicesRequest { page_token: next, year: 2019, ..Default::default() };
    let wrong = office.indices().list_indices(request(wrong, &office.token)).await.unwrap_err();
    let odd = ListIndicesRequest { state: 9, year: 1900, ..Default::default() };
    let odd = office.indices().list_indices(request(odd, &office.token)).await.unwrap_err();

    assert_eq!(
        (first, second, end.as_str()),
        (vec!["PAR-2018".to_owned(), "PAR-2019".to_owned()], vec!["SIPAS-2018".to_owned()], "",)
    );
    assert_eq!(list(par).await.0, ["PAR-2018", "PAR-2019"]);
    assert_eq!(list(drafts).await.0, ["PAR-2019", "SIPAS-2018"]);
    assert_eq!(list(later).await.0, ["PAR-2019"]);
    assert_refused(&wrong, Code::InvalidArgument, "PAGE_TOKEN_MISMATCH");
    assert_eq!(violations(&odd).len(), 2);
    office.running.stop().await;
}

#[tokio::test]
async fn what_an_edition_changes_is_told_as_data() {
    let office = Office::open().await;
    office.load(&index()).await;
    let mut later = index();
    later.code = "PAR-2019".parse().unwrap();
    later.nodes[1].max = Some("8".parse().unwrap());
    later.nodes.push(
        serde_json::from_value(json!({
            "code": "2", "title": "Thể chế", "title_en": "Institutions", "max": "2",
            "source": "self-assessed", "rule": { "kind": "assessed" },
        }))
        .unwrap(),
    );
    office.load(&later).await;
    let ask = DiffIndicesRequest {
        from_index_code: "PAR-2018".to_owned(),
        to_index_code: "PAR-2019".to_owned(),
    };
    let unknown = DiffIndicesRequest { to_index_code: "PAR-2020".to_owned(), ..ask.clone() };

    let diff = office.indices().diff_indices(request(ask, &office.token)).await.unwrap();
    let unknown = office.indices().diff_indices(request(unknown, &office.token)).await.unwrap_err();

    let diff = diff.into_inner().diff.unwrap();
    assert!(diff.fields.is_empty() && diff.variables.is_empty());
    let [changed, added] = diff.nodes.as_slice() else { panic!("{diff:?}") };
    assert_eq!(changed.fields().collect::<Vec<_>>(), [NodeField::Max]);
    let max = |node: &Option<cchc_proto::registry::v1::Node>| {
        node.as_ref().and_then(|node| node.max.clone()).unwrap().value
    };
    assert_eq!((max(&changed.from), max(&changed.to)), ("10".to_owned(), "8".to_owned()));
    assert!(added.from.is_none());
    assert_eq!(added.to.as_ref().unwrap().code, "2");
    assert_refused(&unknown, Code::NotFound, "INDEX_NOT_FOUND");
    office.running.stop().await;
}
