//! What was published in earlier years is continued as far as crosswalks say that it is one thing.

use cchc_proto::{
    common::v1::{Date, Decimal},
    registry::{
        events::v1::{CrosswalkPublished, IndexPublished, ResultsPublished},
        v1::{Crosswalk, Index as PbIndex, NodeResult, ProvinceResult, Results, ResultsSource},
    },
    reporting::v1::node_forecast::{Method, Unknown},
    source::v1::Event,
};
use cchc_scoring::catalogue::{Crosswalk as Said, Index};
use cchc_testkit::event_of;
use serde_json::{Value, json};

use crate::{
    forecast::{bounds, likely, number, of},
    province::{assignment, index, registry_beside, survey},
    verify::{verify, world_with},
    world::World,
};

/// An edition that others publish: the whole and its two parts.
fn edition(year: i32) -> Index {
    let node = |code: &str, max: &str, source: &str| json!({ "code": code, "title": "Trục", "title_en": "Part", "max": max, "source": source });
    serde_json::from_value(json!({
        "code": format!("PAPI-{year}"), "year": year, "family": "PAPI", "title": "Chỉ số",
        "title_en": "Index", "unit": "điểm", "provenance": "official", "reference": "r",
        "nodes": [node("0", "20", "children"), node("1", "10", "external"), node("2", "10", "external")]
    }))
    .unwrap()
}

/// Three years of three provinces; the third column is of the plan's.
fn results(year: i32, rows: [[&str; 2]; 3]) -> Event {
    let row = |(province, points): (&str, [&str; 2])| ProvinceResult {
        province_code: province.to_owned(),
        values: ["1", "2"]
            .into_iter()
            .zip(points)
            .map(|(node, points)| NodeResult {
                node_code: node.to_owned(),
                points: Some(Decimal { value: points.to_owned() }),
            })
            .collect(),
    };
    event_of(&ResultsPublished {
        revision: 1,
        results: Some(Results {
            index_code: format!("PAPI-{year}"),
            source: Some(ResultsSource {
                publisher: "PAPI".to_owned(),
                publish_date: Some(Date { year: year + 1, month: 4, day: 4 }),
                document: "Báo cáo minh họa".to_owned(),
            }),
            provinces: ["01", "48", "22"].into_iter().zip(rows).map(row).collect(),
        }),
    })
}

fn crosswalk(year: i32, links: &Value) -> Event {
    let said: Said = serde_json::from_value(json!({
        "code": format!("PAPI-{year}-{}", year + 1), "from": format!("PAPI-{year}"),
        "to": format!("PAPI-{}", year + 1), "title": "Bảng", "title_en": "Crosswalk",
        "reference": "minh họa", "links": links
    }))
    .unwrap();
    event_of(&CrosswalkPublished { crosswalk: Some(Crosswalk::from(&said)) })
}

fn same(codes: &[&str]) -> Value {
    let link = |code: &&str| json!({ "kind": "same", "from": [code], "to": [code] });
    codes.iter().map(link).collect()
}

/// The plan speaks of the edition of 2018, too, of which it wants 13 points and the second place.
fn registry() -> Vec<Event> {
    let promise = json!({ "node": "PAPI-2018/0", "points": "13", "rank": { "top": 2 },
                          "reference": "r" });
    registry_beside(&index(), &edition(2018), &promise)
}

/// What was published before, with crosswalks.
fn past(last: &Value) -> Vec<Event> {
    let editions = (2015..2018)
        .map(|year| event_of(&IndexPublished { index: Some(PbIndex::from(&edition(year))) }));
    let tables = [
        results(2015, [["6.0", "5.0"], ["5.0", "5.5"], ["6.2", "6.0"]]),
        results(2016, [["6.4", "5.3"], ["5.1", "5.2"], ["6.1", "6.3"]]),
        results(2017, [["6.1", "5.1"], ["5.6", "5.4"], ["6.5", "6.6"]]),
    ];
    let all = same(&["0", "1", "2"]);
    let said = [crosswalk(2015, &all), crosswalk(2016, &all), crosswalk(2017, last)];
    editions.chain(tables).chain(said).collect()
}

#[tokio::test]
async fn published_years_go_on_and_tell_how_likely_points_and_place_are() {
    let world = World::new().await;
    world.hear("registry", registry()).await;
    let before = world.forecast().await;

    world.hear("registry", past(&same(&["0", "1", "2"]))).await;

    let forecast = world.forecast().await;
    assert_eq!(of(&before, "PAPI-2018/0").unknown(), Unknown::Parts);
    assert_eq!(of(&before, "PAPI-2018/1").unknown(), Unknown::NothingYet);
    let whole = of(&forecast, "PAPI-2018/0");
    assert_eq!(whole.method(), Method::Series, "its own years, in which parts moved together");
    assert!((number(whole.middle.as_ref()) - 13.1).abs() < 0.01, "{whole:?}");
    let ((low, high), (lower, higher)) =
        (bounds(whole.eighty.as_ref()), bounds(whole.ninety_five.as_ref()));
    assert!(lower < low && low < 13.1 && 13.1 < high && high < higher && higher <= 20.0);
    let points: f64 = likely(whole.points_chance.as_ref()).unwrap().parse().unwrap();
    let place: f64 = likely(whole.rank_chance.as_ref()).unwrap().parse().unwrap();
    assert!((0.5..0.7).contains(&points), "{points}");
    assert!(place > 0.9, "{place}");
    assert_eq!((whole.best_rank, whole.of_count), (1, 3));
    for part in ["PAPI-2018/1", "PAPI-2018/2"] {
        assert_eq!(of(&forecast, part).method(), Method::Series);
        assert_eq!(of(&forecast, part).points_chance, None, "nothing is promised of it");
    }
}

#[tokio::test]
async fn a_change_of_the_definition_ends_the_years_before_it() {
    let world = World::new().await;
    world.hear("registry", registry()).await;
    let links = json!([
        { "kind": "dropped", "from": ["0"], "reason": "khác" }, { "kind": "new", "to": ["0"] },
        { "kind": "same", "from": ["1"], "to": ["1"] },
        { "kind": "dropped", "from": ["2"] }, { "kind": "new", "to": ["2"] }
    ]);

    world.hear("registry", past(&links)).await;

    let forecast = world.forecast().await;
    assert_eq!(of(&forecast, "PAPI-2018/1").method(), Method::Series);
    assert_eq!(of(&forecast, "PAPI-2018/2").unknown(), Unknown::TooFewYears);
    let whole = of(&forecast, "PAPI-2018/0");
    assert_eq!((whole.method(), whole.unknown()), (Method::Unspecified, Unknown::Parts));
    assert_eq!(likely(whole.rank_chance.as_ref()), None);
    assert!(of(&forecast, "PAPI-2018/2").note.contains("bảng chuyển đổi"));
}

#[tokio::test]
async fn the_recomputation_covers_crosswalks() {
    let told: Vec<Event> = registry().into_iter().chain(past(&same(&["0", "1", "2"]))).collect();
    let stored = [("registry", told.clone()), ("assignment", assignment()), ("survey", survey())];
    let world = world_with(stored).await;
    world.hear("registry", told).await;
    world.hear("assignment", assignment()).await;
    world.hear("survey", survey()).await;
    let found = verify(&world).await.unwrap();
    assert_eq!(found.differences, []);
    let tamper =
        "update reporting.crosswalks set document = jsonb_set(document, '{title}', '\"khác\"')
                      where code = 'PAPI-2016-2017';
                  update reporting.catalogue set stamp = gen_random_uuid()";
    sqlx::raw_sql(tamper).execute(world.pool()).await.unwrap();

    let found = verify(&world).await.unwrap();

    let what: Vec<&str> = found.differences.iter().map(|d| d.what.as_str()).collect();
    assert_eq!(what, ["crosswalk PAPI-2016-2017"]);
}
