//! The pure part of ingestion: a chunk of 1,000 responses of 22 items, checked and counted. What the database
//! costs stands in `cchc bench ingest`; this is what it costs to know what to store.

use cchc_survey::bench::Pushed;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use serde_json::{Value, json};

const ROWS: usize = 1_000;
const ITEMS: usize = 22;
const COMMUNES: usize = 42;

/// A survey of 22 questions; `more` is said of every question but the first.
fn survey(more: &Value) -> Value {
    let question = |place: usize| {
        let mut question = json!({
            "code": format!("Q{place}"), "text": "?", "kind": "likert5", "node": "SIPAS-2018/1",
        });
        if let (Some(question), Some(more), true) =
            (question.as_object_mut(), more.as_object(), place > 0)
        {
            question.extend(more.clone());
        }
        question
    };
    let cluster = |place: usize| json!({ "stratum": "193", "commune": format!("{:05}", 6_000 + place), "wanted_count": 10 });
    json!({
        "code": "SIPAS-QN-2018", "plan": "QN-2018", "province": "22", "title": "Khảo sát",
        "instrument": "provincial", "open_date": "2018-06-01", "close_date": "2018-06-30",
        "minimum_cell": 10, "release_after": 10,
        "questions": (0..ITEMS).map(question).collect::<Vec<_>>(),
        "clusters": (0..COMMUNES).map(cluster).collect::<Vec<_>>(),
    })
}

/// Answers of which a share is out of range: every `bad`-th row, none for 0.
fn answers(bad: usize) -> Vec<Vec<i32>> {
    let row = |row: usize| {
        let is_bad = bad > 0 && row.is_multiple_of(bad);
        let answer = |item: usize| i32::try_from((row + item) % 5 + 1).unwrap_or(1);
        (0..ITEMS).map(|item| if is_bad { 9 } else { answer(item) }).collect()
    };
    (0..ROWS).map(row).collect()
}

fn ingest(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("check and tally 1,000 responses of 22 items");
    group.throughput(Throughput::Elements(ROWS as u64));
    let asked = json!({ "relevance": "${Q0} >= 1", "is_required": true });
    for (name, more, bad) in [
        ("plain questions", json!({}), 0),
        ("every tenth row refused", json!({}), 10),
        ("required, each with a condition", asked, 0),
    ] {
        let pushed = Pushed::new(survey(&more), answers(bad));
        let pushed = pushed.unwrap_or_else(|error| panic!("{error}"));
        group.bench_function(name, |bencher| bencher.iter(|| pushed.check_and_tally()));
    }
    group.finish();
}

criterion_group!(benches, ingest);
criterion_main!(benches);
