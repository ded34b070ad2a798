//! Crosswalks connect editions, and a node is followed over them.

use cchc_core::Role;
use cchc_proto::{
    common::v1::Decimal,
    registry::{
        events::v1::CrosswalkPublished,
        v1::{
            Crosswalk, GetCrosswalkRequest, GetSeriesRequest, GetSeriesResponse,
            LoadCrosswalkRequest, LoadPlanRequest, PublishCrosswalkRequest, PublishPlanRequest,
            Series, State,
            crosswalk_service_client::CrosswalkServiceClient,
            get_series_request::Value,
            series::{Basis, r#break, chain, entry::Step},
        },
    },
    source::v1::{ExportFactsRequest, source_service_client::SourceServiceClient},
};
use cchc_scoring::catalogue::{Crosswalk as Said, Index};
use cchc_testkit::{assert_refused, request};
use prost::Message as _;
use serde_json::json;
use tonic::{Code, Status, transport::Channel};
use tonic_types::StatusExt as _;

use crate::{
    results::{import, table},
    sample::{Office, id, index, load_units, plan, units},
    source::head,
};

impl Office {
    fn crosswalks(&self) -> CrosswalkServiceClient<Channel> {
        CrosswalkServiceClient::new(self.running.channel())
    }

    async fn load_crosswalk(&self, said: &Said) -> Result<String, Status> {
        let load = LoadCrosswalkRequest { request_id: id(), crosswalk: Some(said.into()) };
        let loaded = self.crosswalks().load_crosswalk(request(load, &self.token)).await;
        loaded.map(|loaded| loaded.into_inner().etag)
    }

    async fn publish_crosswalk(&self, code: &str, etag: &str) -> Result<(), Status> {
        let publish = PublishCrosswalkRequest {
            request_id: id(),
            crosswalk_code: code.to_owned(),
            etag: etag.to_owned(),
        };
        self.crosswalks().publish_crosswalk(request(publish, &self.token)).await.map(|_| ())
    }

    /// Publishes last year's edition, whose steering node gives five points, and this year's.
    async fn publish_editions(&self) {
        let mut before = index();
        before.code = "PAR-2017".parse().unwrap();
        before.year = cchc_core::Year::new(2017).unwrap();
        let steering = before.nodes.last_mut().unwrap();
        steering.max = Some("5".parse().unwrap());
        let mut other = steering.clone();
        other.code = "2".parse().unwrap();
        "Thể chế".clone_into(&mut other.title);
        before.nodes.push(other);
        for edition in [before, index()] {
            self.put_in_force(&edition).await;
        }
    }

    async fn publish_plan(&self) {
        let load = LoadPlanRequest { request_id: id(), plan: Some((&plan()).into()) };
        let draft = self.plans().load_plan(request(load, &self.token)).await.unwrap().into_inner();
        let plan_code = "QN-2018".to_owned();
        let publish = PublishPlanRequest { request_id: id(), plan_code, etag: draft.etag };
        self.plans().publish_plan(request(publish, &self.token)).await.unwrap();
    }

    async fn put_in_force(&self, edition: &Index) {
        let etag = self.load(edition).await;
        self.publish(edition.code.as_str(), &etag).await.unwrap();
    }

    async fn series(&self, node: &str, values: Vec<Value>) -> Result<Series, Status> {
        let ask =
            GetSeriesRequest { node_id: node.to_owned(), province_code: "22".to_owned(), values };
        let found = self.crosswalks().get_series(request(ask, &self.token)).await;
        found.map(|found| found.into_inner().series.unwrap())
    }
}

fn crosswalk() -> Said {
    serde_json::from_value(json!({
        "code": "PAR-2017-2018", "from": "PAR-2017", "to": "PAR-2018",
        "title": "Bảng chuyển đổi", "title_en": "Crosswalk", "reference": "mẫu thử",
        "links": [
            { "kind": "same", "from": ["0"], "to": ["0"] },
            { "kind": "rescaled", "from": ["1"], "to": ["1"] },
            { "kind": "dropped", "from": ["2"], "reason": "không còn chấm" },
        ],
    }))
    .unwrap()
}

#[tokio::test]
async fn a_published_crosswalk_never_changes() {
    let office = Office::open().await;
    office.publish_editions().await;
    let etag = office.load_crosswalk(&crosswalk()).await.unwrap();
    let stale = office.publish_crosswalk("PAR-2017-2018", "x").await.unwrap_err();
    let missing = office.publish_crosswalk("PAR-2016-2017", "x").await.unwrap_err();

    office.publish_crosswalk("PAR-2017-2018", &etag).await.unwrap();
    office.publish_crosswalk("PAR-2017-2018", &etag).await.unwrap();

    assert_eq!(office.load_crosswalk(&crosswalk()).await.unwrap(), etag);
    let mut other = crosswalk();
    "Tên khác".clone_into(&mut other.title);
    let refusal = office.load_crosswalk(&other).await.unwrap_err();
    assert_refused(&refusal, Code::FailedPrecondition, "CROSSWALK_NOT_DRAFT");
    assert_refused(&stale, Code::Aborted, "ETAG_MISMATCH");
    assert_refused(&missing, Code::NotFound, "CROSSWALK_NOT_FOUND");
    let ask = GetCrosswalkRequest { crosswalk_code: "PAR-2017-2018".to_owned() };
    let got = office.crosswalks().get_crosswalk(request(ask, &office.token)).await.unwrap();
    let got = got.into_inner();
    assert_eq!((got.state(), got.etag), (State::Published, etag));
    assert_eq!(got.crosswalk, Some(Crosswalk::from(&crosswalk())));
    office.running.stop().await;
}

#[tokio::test]
async fn a_crosswalk_that_leaves_nodes_out_is_refused_with_all_of_them() {
    let office = Office::open().await;
    office.publish_editions().await;
    let mut partial = crosswalk();
    partial.links.truncate(1);
    let etag = office.load_crosswalk(&partial).await.unwrap();

    let refusal = office.publish_crosswalk("PAR-2017-2018", &etag).await.unwrap_err();

    assert_refused(&refusal, Code::InvalidArgument, "INVALID_REQUEST");
    let faults = refusal.get_error_details().bad_request().unwrap().field_violations.clone();
    let said: Vec<&str> = faults
        .iter()
        .map(|fault| fault.localized_message.as_ref().unwrap().message.as_str())
        .collect();
    assert_eq!(
        said,
        ["PAR-2017/1", "PAR-2017/2", "PAR-2018/1"]
            .map(|node| format!("chưa nêu mục {node} ứng với mục nào"))
    );
    office.running.stop().await;
}

#[tokio::test]
async fn drafts_are_not_connected() {
    let office = Office::open().await;
    office.load(&index()).await;
    let etag = office.load_crosswalk(&crosswalk()).await.unwrap();

    let refusal = office.publish_crosswalk("PAR-2017-2018", &etag).await.unwrap_err();
    let series = office.series("PAR-2018/1", Vec::new()).await.unwrap_err();

    assert_refused(&refusal, Code::FailedPrecondition, "CROSSWALK_INDEX_NOT_PUBLISHED");
    assert_refused(&series, Code::FailedPrecondition, "INDEX_NOT_PUBLISHED");
    office.running.stop().await;
}

#[tokio::test]
async fn a_node_is_followed_with_what_plans_state_and_what_the_caller_gives() {
    let office = Office::open().await;
    office.units().load_units(request(load_units(&units()), &office.token)).await.unwrap();
    office.publish_editions().await;
    office.publish_plan().await;
    let value = |node: &str, year, points: &str| Value {
        node_id: node.to_owned(),
        year,
        points: Some(cchc_proto::common::v1::Decimal { value: points.to_owned() }),
    };
    let values = vec![value("PAR-2017/1", 2017, "4"), value("PAR-2018/1", 2018, "9")];

    let unmapped = office.series("PAR-2018/1", values.clone()).await.unwrap();
    let etag = office.load_crosswalk(&crosswalk()).await.unwrap();
    office.publish_crosswalk("PAR-2017-2018", &etag).await.unwrap();
    let chained = office.series("PAR-2018/1", values).await.unwrap();

    let Some(Step::Broken(why)) = &unmapped.entries[1].step else { panic!("{unmapped:?}") };
    assert_eq!(why.kind(), r#break::Kind::Unmapped);
    let [first, stated, given] = chained.entries.as_slice() else { panic!("{chained:?}") };
    assert_eq!((first.basis(), first.step.is_none()), (Basis::Given, true));
    assert_eq!((stated.basis(), stated.reference.as_str()), (Basis::Stated, "QN-2018: A"));
    let Some(Step::Chained(step)) = &stated.step else { panic!("{chained:?}") };
    assert_eq!((step.link(), step.points_change.clone()), (chain::Link::Rescaled, None));
    assert_eq!(step.crosswalk_code, "PAR-2017-2018");
    let Some(Step::Chained(step)) = &given.step else { panic!("{chained:?}") };
    assert_eq!(step.link(), chain::Link::SameEdition);
    assert_eq!(step.points_change.as_ref().unwrap().value, "1");
    assert_eq!(step.ratio_change.as_ref().unwrap().value, "10");
    office.running.stop().await;
}

#[tokio::test]
async fn a_series_shows_what_was_published_for_the_province_before_what_its_plan_says_of_it() {
    let office = Office::open().await;
    office.units().load_units(request(load_units(&units()), &office.token)).await.unwrap();
    office.publish_editions().await;
    office.publish_plan().await;
    let etag = office.load_crosswalk(&crosswalk()).await.unwrap();
    office.publish_crosswalk("PAR-2017-2018", &etag).await.unwrap();
    let row = |province, points| (province, Some(points), Some(points));
    import(&office, table(&[row("01", "6"), row("22", "8.9")]), 0).await.unwrap();
    import(&office, table(&[row("01", "6"), row("22", "9")]), 1).await.unwrap();
    let mut earlier = table(&[("22", Some("5"), None)]);
    "PAR-2017".clone_into(&mut earlier.index_code);
    import(&office, earlier, 0).await.unwrap();

    let whole = office.series("PAR-2018/0", Vec::new()).await.unwrap();
    let part = office.series("PAR-2018/1", Vec::new()).await.unwrap();

    let said = |series: &Series| -> Vec<_> {
        let entries = series.entries.iter();
        let points = |points: &Option<Decimal>| points.as_ref().map(|points| points.value.clone());
        entries.map(|entry| (entry.year, points(&entry.points), entry.basis())).collect()
    };
    let (stated, published) = (Basis::Stated, Basis::Published);
    let of = |year, points: Option<&str>, basis| (year, points.map(ToOwned::to_owned), basis);
    let source = "Báo cáo kết quả; Bộ Nội vụ công bố ngày 24/05/2019";
    // A sum of which a part is withheld is withheld too, whatever the table prints beside it.
    assert_eq!(
        said(&whole),
        [of(2017, None, published), of(2017, Some("8"), stated), of(2018, Some("9"), published)]
    );
    assert_eq!(said(&part)[0], of(2017, None, published));
    let last = part.entries.last().unwrap();
    assert_eq!(last.reference, source);
    let Some(Step::Chained(step)) = &last.step else { panic!("{part:?}") };
    assert_eq!(step.link(), chain::Link::SameEdition);
    assert_eq!(step.points_change.as_ref().unwrap().value, "1");
    office.running.stop().await;
}

#[tokio::test]
async fn a_dropped_node_ends_and_what_is_not_there_is_not_found() {
    let office = Office::open().await;
    office.units().load_units(request(load_units(&units()), &office.token)).await.unwrap();
    office.publish_editions().await;
    let etag = office.load_crosswalk(&crosswalk()).await.unwrap();
    office.publish_crosswalk("PAR-2017-2018", &etag).await.unwrap();

    let dropped = office.series("PAR-2017/2", Vec::new()).await.unwrap();
    let no_node = office.series("PAR-2017/9", Vec::new()).await.unwrap_err();
    let no_index = office.series("PAPI-2017/9", Vec::new()).await.unwrap_err();
    let stranger = office.bench.token("tinh-khac", "24", &[Role::RegistryViewer]);
    let ask = GetSeriesRequest {
        node_id: "PAR-2017/2".to_owned(),
        province_code: "22".to_owned(),
        values: Vec::new(),
    };
    let denied: Result<tonic::Response<GetSeriesResponse>, Status> =
        office.crosswalks().get_series(request(ask, &stranger)).await;

    let ended = dropped.ended.unwrap();
    assert_eq!((ended.kind(), ended.reason.as_str()), (r#break::Kind::Dropped, "không còn chấm"));
    assert_refused(&no_node, Code::NotFound, "NODE_NOT_FOUND");
    assert_refused(&no_index, Code::NotFound, "INDEX_NOT_FOUND");
    assert_refused(&denied.unwrap_err(), Code::PermissionDenied, "UNIT_NOT_YOURS");
    office.running.stop().await;
}

/// The crosswalks that are exported as the registry stood at a number.
async fn told(office: &Office, as_of_sequence: i64) -> Vec<Option<Crosswalk>> {
    let mut source = SourceServiceClient::new(office.running.channel());
    let ask = ExportFactsRequest { as_of_sequence };
    let mut replies = source.export_facts(request(ask, &office.token)).await.unwrap().into_inner();
    let mut told = Vec::new();
    while let Some(reply) = replies.message().await.unwrap() {
        let event = reply.event.unwrap();
        if event.subject == "crosswalk.published.PAR-2017-2018" {
            let payload = event.payload.unwrap();
            told.push(CrosswalkPublished::decode(payload.value.as_slice()).unwrap().crosswalk);
        }
    }
    told
}

#[tokio::test]
async fn a_crosswalk_is_told_once_when_it_is_published() {
    let office = Office::open().await;
    office.publish_editions().await;
    let etag = office.load_crosswalk(&crosswalk()).await.unwrap();
    let before = head(&office).await;

    office.publish_crosswalk("PAR-2017-2018", &etag).await.unwrap();
    office.publish_crosswalk("PAR-2017-2018", &etag).await.unwrap();

    let after = head(&office).await;
    assert_eq!(after, before + 1);
    assert_eq!(told(&office, before).await, []);
    assert_eq!(told(&office, after).await, [Some(Crosswalk::from(&crosswalk()))]);
    office.running.stop().await;
}

#[tokio::test]
async fn a_crosswalk_from_before_they_were_told_is_told_when_it_is_published_again() {
    let office = Office::open().await;
    office.publish_editions().await;
    let etag = office.load_crosswalk(&crosswalk()).await.unwrap();
    let before = head(&office).await;
    let pool = office.bench.pool().await;
    let as_of_old = "update registry.documents set state = 'published' where kind = 'crosswalk'";
    sqlx::raw_sql(as_of_old).execute(&pool).await.unwrap();

    office.publish_crosswalk("PAR-2017-2018", &etag).await.unwrap();
    office.publish_crosswalk("PAR-2017-2018", &etag).await.unwrap();

    let after = head(&office).await;
    assert_eq!(after, before + 1);
    assert_eq!(told(&office, after).await, [Some(Crosswalk::from(&crosswalk()))]);
    let again =
        "update registry.documents set event_id = gen_random_uuid() where kind = 'crosswalk'";
    assert!(sqlx::raw_sql(again).execute(&pool).await.is_err(), "it is told for good");
    office.running.stop().await;
}
