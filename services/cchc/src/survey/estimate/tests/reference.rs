//! Every reference case, read from R's results and asked through the form of a design file.

use serde_json::{Map, json};

use super::{Path, PathBuf, Spec, Table, Value, assert_near, estimate, folder, number};

/// Relative distance from R that counts as agreement.
const TOLERANCE: f64 = 1e-9;

fn cases(file: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(folder().join(file)).unwrap();
    let read: Value = serde_json::from_str(&text).unwrap();
    read.get("cases").and_then(Value::as_array).unwrap().clone()
}

/// The design file of a case.
fn form(case: &Value) -> Spec {
    let keep = |from: &Value, keys: &[&str]| -> Map<String, Value> {
        let known =
            keys.iter().filter_map(|key| Some(((*key).to_owned(), from.get(*key)?.clone())));
        known.filter(|(_, value)| !value.is_null()).collect()
    };
    let design = keep(case.get("design").unwrap(), &["ids", "strata", "weights", "fpc", "nest"]);
    let keys = [
        "stat",
        "vars",
        "num",
        "den",
        "item",
        "items",
        "by",
        "na_rm",
        "indicator",
        "min",
        "max",
        "direction",
        "scale",
        "level",
        "method",
        "published",
    ];
    let mut asked = keep(case.get("spec").unwrap(), &keys);
    if asked.get("stat").unwrap() != "prop_ci" {
        // R's results state the degrees of freedom of the whole design.
        asked.insert("df".to_owned(), json!("design"));
    }
    asked.insert("deff".to_owned(), json!(true));
    asked.insert("vcov".to_owned(), json!(true));
    serde_json::from_value(json!({ "design": design, "estimate": [asked] })).unwrap()
}

fn data(case: &Value) -> PathBuf {
    folder().join(case.pointer("/design/data").and_then(Value::as_str).unwrap())
}

fn pair(value: &Value) -> (f64, f64) {
    let ends: Vec<f64> = value.as_array().unwrap().iter().filter_map(Value::as_f64).collect();
    (ends[0], ends[1])
}

fn assert_pair(found: Option<&Value>, expected: &Value) {
    let (found, expected) = (pair(found.unwrap()), pair(expected));
    assert_near(found.0, expected.0, TOLERANCE);
    assert_near(found.1, expected.1, TOLERANCE);
}

/// Compares every field that R gives with ours.
fn assert_agrees(found: &Value, expected: &Value) {
    for (key, value) in expected.as_object().unwrap() {
        match key.as_str() {
            "name" => {}
            "ci95_normal" => assert_pair(found.pointer("/intervals/normal"), value),
            "ci95_t" => assert_pair(found.pointer("/intervals/t"), value),
            "ci" | "ci95_diff" => assert_pair(found.get(key), value),
            _ => assert_near(number(found, key), value.as_f64().unwrap(), TOLERANCE),
        }
    }
}

fn assert_design(report: &Value, case: &Value) {
    for key in ["degf", "n", "n_psu", "n_strata", "sum_weights", "kish_neff"] {
        if let Some(expected) = case.pointer(&format!("/design_info/{key}")) {
            let found = report.pointer(&format!("/design/{key}")).and_then(Value::as_f64).unwrap();
            assert_near(found, expected.as_f64().unwrap(), TOLERANCE);
        }
    }
}

fn assert_domains(results: &[Value], case: &Value) {
    for (name, domain) in case.get("domain_info").and_then(Value::as_object).into_iter().flatten() {
        let found = results.iter().find(|result| result.get("name").unwrap() == name).unwrap();
        for (key, ours) in
            [("degf", "domain_df"), ("n", "n"), ("n_psu", "n_psu"), ("n_strata", "n_strata")]
        {
            assert_near(number(found, ours), number(domain, key), 0.0);
        }
    }
}

fn assert_covariance(report: &Value, case: &Value) {
    let rows = |value: &Value| -> Vec<f64> {
        let rows = value.as_array().into_iter().flatten();
        rows.filter_map(Value::as_array).flatten().filter_map(Value::as_f64).collect()
    };
    let expected = rows(case.get("vcov").unwrap_or(&Value::Null));
    let found = rows(report.pointer("/estimates/0/vcov").unwrap());
    let largest = expected.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
    for (found, expected) in found.iter().zip(&expected) {
        assert!((found - expected).abs() <= TOLERANCE * largest, "{found} is not {expected}");
    }
}

fn assert_all_agree(file: &str, count: usize) {
    let cases = cases(file);
    assert_eq!(cases.len(), count);
    for case in &cases {
        let table = Table::read(&[data(case)]).unwrap();

        let report = estimate(&form(case), table, Path::new(&folder())).unwrap();

        let results = report.pointer("/estimates/0/results").and_then(Value::as_array).unwrap();
        let expected = case.get("result").unwrap();
        let expected = expected.as_array().cloned().unwrap_or_else(|| vec![expected.clone()]);
        assert_eq!(results.len(), expected.len(), "{}", case.get("id").unwrap());
        results.iter().zip(&expected).for_each(|(found, expected)| assert_agrees(found, expected));
        assert_design(&report, case);
        assert_domains(results, case);
        assert_covariance(&report, case);
    }
}

#[test]
fn the_sipas_like_sample_agrees_with_r() {
    assert_all_agree("sipas_a_shared.json", 43);
}

#[test]
fn the_papi_like_sample_agrees_with_r() {
    assert_all_agree("papi_a_shared.json", 19);
}
