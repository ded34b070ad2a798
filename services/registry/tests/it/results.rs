//! Published results: kept as printed, revision by revision, ranked among those present.

use cchc_core::Role;
use cchc_proto::{
    common::v1::{Date, Decimal},
    registry::v1::{
        GetResultsRequest, GetResultsResponse, ImportResultsRequest, ImportResultsResponse,
        NodeResult, ProvinceResult, PublishIndexRequest, RankResultsRequest, RankResultsResponse,
        Results, ResultsSource, results_service_client::ResultsServiceClient,
    },
    source::v1::{ExportFactsRequest, source_service_client::SourceServiceClient},
};
use cchc_testkit::{assert_refused, request};
use tonic::{Code, Status, transport::Channel};

use crate::{
    sample::{Office, id, index},
    source::head,
};

/// Province, and points of the whole and of its only part.
type Row<'a> = (&'a str, Option<&'a str>, Option<&'a str>);

pub(crate) fn table(rows: &[Row<'_>]) -> Results {
    let value = |node: &str, points: Option<&str>| NodeResult {
        node_code: node.to_owned(),
        points: points.map(|points| Decimal { value: points.to_owned() }),
    };
    let row = |(province, whole, part): &Row<'_>| ProvinceResult {
        province_code: (*province).to_owned(),
        values: vec![value("0", *whole), value("1", *part)],
    };
    Results {
        index_code: "PAR-2018".to_owned(),
        source: Some(ResultsSource {
            publisher: "Bộ Nội vụ".to_owned(),
            publish_date: Some(Date { year: 2019, month: 5, day: 24 }),
            document: "Báo cáo kết quả".to_owned(),
        }),
        provinces: rows.iter().map(row).collect(),
    }
}

fn client(office: &Office) -> ResultsServiceClient<Channel> {
    ResultsServiceClient::new(office.running.channel())
}

/// An office whose index is published, with letters.
async fn office() -> Office {
    let office = Office::open().await;
    let mut index = index();
    index.letters = serde_json::from_value(serde_json::json!([
        { "letter": "A", "at_least": "80" }, { "letter": "B", "at_least": "0" }
    ]))
    .unwrap();
    let etag = office.load(&index).await;
    let publish = PublishIndexRequest { request_id: id(), index_code: "PAR-2018".to_owned(), etag };
    office.indices().publish_index(request(publish, &office.token)).await.unwrap();
    office
}

pub(crate) async fn import(
    office: &Office,
    results: Results,
    after_revision: i64,
) -> Result<ImportResultsResponse, Status> {
    let ask = ImportResultsRequest { request_id: id(), results: Some(results), after_revision };
    Ok(client(office).import_results(request(ask, &office.token)).await?.into_inner())
}

async fn get(
    office: &Office,
    ask: impl FnOnce(&mut GetResultsRequest),
) -> Result<GetResultsResponse, Status> {
    let mut request_of =
        GetResultsRequest { index_code: "PAR-2018".to_owned(), ..Default::default() };
    ask(&mut request_of);
    Ok(client(office).get_results(request(request_of, &office.token)).await?.into_inner())
}

async fn rank(office: &Office, node: &str) -> Result<RankResultsResponse, Status> {
    let ask = RankResultsRequest {
        index_code: "PAR-2018".to_owned(),
        node_code: node.to_owned(),
        ..Default::default()
    };
    Ok(client(office).rank_results(request(ask, &office.token)).await?.into_inner())
}

fn whole_of(got: &GetResultsResponse) -> String {
    let row = &got.results.as_ref().unwrap().provinces.first().unwrap();
    row.values.first().unwrap().points.as_ref().unwrap().value.clone()
}

#[tokio::test]
async fn a_later_import_is_a_revision_and_the_earlier_one_can_still_be_read() {
    let office = office().await;

    let first = import(&office, table(&[("22", Some("8.906"), Some("8.906"))]), 0).await.unwrap();
    let before = get(&office, |_| {}).await.unwrap();
    let again = import(&office, table(&[("22", Some("8.906"), Some("8.906"))]), 0).await.unwrap();
    let second = import(&office, table(&[("22", Some("8.907"), Some("8.907"))]), 1).await.unwrap();

    assert_eq!([first.revision, again.revision, second.revision], [1, 1, 2]);
    let now = get(&office, |_| {}).await.unwrap();
    assert_eq!((now.revision, whole_of(&now).as_str(), now.revisions.len()), (2, "8.907", 2));
    let by_number = get(&office, |ask| ask.revision = 1).await.unwrap();
    assert_eq!(whole_of(&by_number), "8.906");
    let recorded = before.revisions[0].record_time;
    let as_of = get(&office, |ask| ask.as_of_time = recorded).await.unwrap();
    assert_eq!((as_of.revision, whole_of(&as_of).as_str()), (1, "8.906"));
    office.running.stop().await;
}

#[tokio::test]
async fn an_import_over_a_revision_nobody_read_is_refused() {
    let office = office().await;
    import(&office, table(&[("22", Some("8"), Some("8"))]), 0).await.unwrap();

    let stale = import(&office, table(&[("22", Some("9"), Some("9"))]), 0).await.unwrap_err();

    assert_refused(&stale, Code::Aborted, "RESULTS_REVISED");
    office.running.stop().await;
}

#[tokio::test]
async fn of_two_imports_at_once_one_is_refused() {
    let office = office().await;

    let (one, other) = tokio::join!(
        import(&office, table(&[("22", Some("8"), Some("8"))]), 0),
        import(&office, table(&[("22", Some("9"), Some("9"))]), 0),
    );

    let refused = [&one, &other].into_iter().filter_map(|outcome| outcome.as_ref().err());
    let [refused] = refused.collect::<Vec<_>>()[..] else { panic!("one of two") };
    assert_refused(refused, Code::Aborted, "RESULTS_REVISED");
    assert_eq!(get(&office, |_| {}).await.unwrap().revisions.len(), 1);
    office.running.stop().await;
}

#[tokio::test]
async fn the_same_request_is_answered_again_and_another_under_its_id_is_refused() {
    let office = office().await;
    let mut ask = ImportResultsRequest {
        request_id: id(),
        results: Some(table(&[("22", Some("8"), Some("8"))])),
        after_revision: 0,
    };

    client(&office).import_results(request(ask.clone(), &office.token)).await.unwrap();
    let again = client(&office).import_results(request(ask.clone(), &office.token)).await.unwrap();
    ask.results = Some(table(&[("22", Some("9"), Some("9"))]));
    let reused = client(&office).import_results(request(ask, &office.token)).await.unwrap_err();

    assert_eq!(again.into_inner().revision, 1);
    assert_refused(&reused, Code::InvalidArgument, "REQUEST_ID_REUSED");
    office.running.stop().await;
}

#[tokio::test]
async fn provinces_are_ranked_among_those_with_a_figure() {
    let office = office().await;
    let rows = [
        ("01", Some("7.9"), Some("7.9")),
        ("22", Some("8"), Some("8")),
        ("48", Some("8"), Some("8")),
        ("87", None, None),
    ];
    let found = import(&office, table(&rows), 0).await.unwrap().findings;
    assert_eq!(found.len(), 59, "the provinces that are not in the table");

    let ranked = rank(&office, "").await.unwrap();

    assert_eq!(ranked.ranked_count, 3);
    let places = ranked
        .provinces
        .iter()
        .map(|at| (at.province_name.as_str(), at.rank, at.letter.as_str(), at.points.is_some()));
    assert_eq!(
        places.collect::<Vec<_>>(),
        [
            ("Quảng Ninh", 1, "A", true),
            ("Đà Nẵng", 1, "A", true),
            ("Hà Nội", 3, "B", true),
            ("Đồng Tháp", 0, "", false)
        ]
    );
    assert_eq!(rank(&office, "1").await.unwrap().provinces[0].letter, "");
    assert_refused(
        &rank(&office, "7").await.unwrap_err(),
        Code::InvalidArgument,
        "INVALID_REQUEST",
    );
    office.running.stop().await;
}

#[tokio::test]
async fn a_disagreement_is_told_and_kept_as_printed() {
    let office = office().await;

    let found = import(&office, table(&[("22", Some("8.5"), Some("8.4"))]), 0).await.unwrap();

    let first = &found.findings[0];
    assert_eq!((first.kind.as_str(), first.stated.as_str()), ("sum-of-parts", "8.5"));
    assert_eq!(first.computed, "8.4");
    assert_eq!(whole_of(&get(&office, |_| {}).await.unwrap()), "8.5");
    office.running.stop().await;
}

#[tokio::test]
async fn everything_wrong_with_a_table_is_told_at_once() {
    use tonic_types::StatusExt as _;
    let office = office().await;
    let mut faulty =
        table(&[("99", Some("8"), None), ("22", Some("-1"), None), ("22", None, None)]);
    let repeated = faulty.provinces[1].values[0].clone();
    faulty.provinces[1].values.push(repeated);
    faulty.source.as_mut().unwrap().publisher.clear();

    let refused = import(&office, faulty, 0).await.unwrap_err();
    let mut stranger = table(&[("22", Some("8"), None)]);
    stranger.provinces[0].values[1].node_code = "7".to_owned();
    let unknown_node = import(&office, stranger, 0).await.unwrap_err();
    let nobody = import(&office, table(&[]), 0).await.unwrap_err();

    let paths = |status: &Status| -> Vec<String> {
        let all = status.get_details_bad_request().unwrap().field_violations;
        all.into_iter().map(|violation| violation.field).collect()
    };
    assert_eq!(
        paths(&refused),
        [
            "results.source.publisher",
            "results.provinces[0].province_code",
            "results.provinces[1].values[0].points",
            "results.provinces[1].values[2].node_code",
            "results.provinces[1].values[2].points",
            "results.provinces[2].province_code",
        ]
    );
    let said = |status: &Status, path: &str| {
        let all = status.get_details_bad_request().unwrap().field_violations;
        let one = all.into_iter().find(|violation| violation.field == path).unwrap();
        (one.reason, one.localized_message.unwrap().message)
    };
    let is = |reason: &str, message: &str| (reason.to_owned(), message.to_owned());
    let province = "phải là mã số chính thức của một tỉnh, như 22";
    let twice = is("DUPLICATE", "đã có trong danh sách");
    assert_eq!(
        said(&refused, "results.provinces[0].province_code"),
        is("PROVINCE_UNKNOWN", province)
    );
    assert_eq!(said(&refused, "results.provinces[1].values[2].node_code"), twice);
    assert_eq!(said(&refused, "results.provinces[2].province_code"), twice);
    assert_eq!(paths(&unknown_node), ["results.provinces[0].values[1].node_code"]);
    assert_eq!(
        said(&unknown_node, "results.provinces[0].values[1].node_code"),
        is("NODE_UNKNOWN", "phải là một mục của PAR-2018")
    );
    assert_eq!(paths(&nobody), ["results.provinces"]);
    office.running.stop().await;
}

#[tokio::test]
async fn results_need_a_published_index_and_their_own_role() {
    let office = Office::open().await;
    let rows = [("22", Some("8"), Some("8"))];

    let nowhere = import(&office, table(&rows), 0).await.unwrap_err();
    office.load(&index()).await;
    let draft = import(&office, table(&rows), 0).await.unwrap_err();
    let none = get(&office, |_| {}).await.unwrap_err();
    let editor = office.bench.token("soan-thao", "22", &[Role::RegistryEditor]);
    let ask =
        ImportResultsRequest { request_id: id(), results: Some(table(&rows)), after_revision: 0 };
    let stranger = client(&office).import_results(request(ask, &editor)).await.unwrap_err();

    assert_refused(&nowhere, Code::NotFound, "INDEX_NOT_FOUND");
    assert_refused(&draft, Code::FailedPrecondition, "RESULTS_INDEX_NOT_PUBLISHED");
    assert_refused(&none, Code::NotFound, "RESULTS_NOT_FOUND");
    assert_refused(&stranger, Code::PermissionDenied, "ROLE_MISSING");
    office.running.stop().await;
}

#[tokio::test]
async fn a_revision_and_an_instant_are_not_asked_for_together() {
    let office = office().await;

    let both = get(&office, |ask| {
        ask.revision = 1;
        ask.as_of_time = Some(prost_types::Timestamp { seconds: 1, nanos: 0 });
    });
    let negative = get(&office, |ask| ask.revision = -1);

    assert_refused(&both.await.unwrap_err(), Code::InvalidArgument, "INVALID_REQUEST");
    assert_refused(&negative.await.unwrap_err(), Code::InvalidArgument, "INVALID_REQUEST");
    office.running.stop().await;
}

#[tokio::test]
async fn the_revision_of_the_time_is_exported_and_none_can_be_changed() {
    let office = office().await;
    import(&office, table(&[("22", Some("8"), Some("8"))]), 0).await.unwrap();
    import(&office, table(&[("22", Some("9"), Some("9"))]), 1).await.unwrap();
    while head(&office).await < 3 {}
    let mut source = SourceServiceClient::new(office.running.channel());
    let mut counts = Vec::new();

    for as_of_sequence in 1..=3 {
        let ask = ExportFactsRequest { as_of_sequence };
        let mut replies =
            source.export_facts(request(ask, &office.token)).await.unwrap().into_inner();
        let mut subjects = Vec::new();
        while let Some(reply) = replies.message().await.unwrap() {
            subjects.push(reply.event.unwrap().subject);
        }
        counts.push(subjects.iter().filter(|of| *of == "results.published.PAR-2018").count());
    }
    let tampered = sqlx::raw_sql("update registry.results set revision = 7")
        .execute(&office.bench.pool().await)
        .await;

    assert_eq!(counts, [0, 1, 1]);
    assert!(tampered.unwrap_err().to_string().contains("does not change"));
    office.running.stop().await;
}
