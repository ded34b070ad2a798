//! Estimates against reference results of R's survey package, and what a design file can have wrong.
//!
//! `tests/data/survey` has two synthetic samples with R's results: a SIPAS-like one (14 districts, 3
//! communes each) and a PAPI-like one (6 districts, 4 villages each). No real person.
#![expect(
    clippy::unwrap_used,
    clippy::float_arithmetic,
    reason = "a test may panic and compares figures"
)]

mod reference;
mod refusals;

use super::*;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/survey")
}

fn spec(text: &str) -> Spec {
    toml::from_str(text).unwrap()
}

/// What a design file says about the SIPAS-like sample.
fn sipas(text: &str) -> Value {
    let table = Table::read(&[folder().join("sipas_a.csv")]).unwrap();
    let design = "[design]\nids = ['commune']\nstrata = ['district']\nweights = 'weight'\n";
    estimate(&spec(&format!("{design}{text}")), table, &folder()).unwrap()
}

fn first(report: &Value) -> &Value {
    report.pointer("/estimates/0/results/0").unwrap()
}

fn number(value: &Value, key: &str) -> f64 {
    value.get(key).and_then(Value::as_f64).unwrap()
}

fn assert_near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance * expected.abs(), "{found} is not {expected}");
}

const MARGINS: &str = "margins = [\n\
    { by = ['sex', 'age'], population = 'sipas_a_pop.csv' },\n\
    { by = 'urban', population = 'sipas_a_pop_urban.csv' },\n]\n";

#[test]
fn raked_weights_are_those_of_exponential_calibration() {
    let rate = "[[estimate]]\nstat = 'rate'\nitem = 'q01'\n";

    let swept = sipas(&format!("[adjust]\ntype = 'rake'\n{MARGINS}{rate}"));
    let raked =
        sipas(&format!("[adjust]\ntype = 'rake'\nvariance = 'regression'\n{MARGINS}{rate}"));
    let calibrated =
        sipas(&format!("[adjust]\ntype = 'calibrate'\ncalfun = 'raking'\n{MARGINS}{rate}"));

    let (swept, raked, calibrated) = (first(&swept), first(&raked), first(&calibrated));
    assert_near(number(raked, "estimate"), number(calibrated, "estimate"), 1e-10);
    assert_near(number(raked, "se"), number(calibrated, "se"), 1e-9);
    assert_near(number(swept, "estimate"), number(raked, "estimate"), 1e-12);
    // The same two variances from a second implementation, in another language and without a library.
    assert_near(number(swept, "se"), 0.019_577_843_749_089, 1e-9);
    assert_near(number(raked, "se"), 0.019_647_047_280_52, 1e-9);
}

#[test]
fn known_margins_do_not_vary_whichever_way_they_are_met() {
    let share = "[[estimate]]\nstat = 'prop'\nvars = 'urban'\n";
    let ways = [
        "type = 'poststratify'\nby = 'urban'\npopulation = 'sipas_a_pop_urban.csv'\n",
        "type = 'calibrate'\n[adjust.totals]\n'(Intercept)' = 1270646\nurbanurban = 473744\n",
        "type = 'calibrate'\ncalfun = 'logit'\nbounds = [0.3, 3]\n[adjust.totals]\n'(Intercept)' = 1270646\nurbanurban = 473744\n",
    ];

    for way in ways {
        let report = sipas(&format!("[adjust]\n{way}{share}"));

        let rural = first(&report);
        assert_near(number(rural, "estimate"), 796_902.0 / 1_270_646.0, 1e-10);
        assert!(number(rural, "se") < 1e-10);
    }
}

#[test]
fn the_jackknife_is_near_the_linearised_error() {
    let rate = "[[estimate]]\nstat = 'rate'\nitem = 'q01'\n";

    let linear = sipas(rate);
    let jackknife = sipas(&format!("[replicates]\ntype = 'JKn'\n{rate}"));

    assert_near(number(first(&jackknife), "se"), number(first(&linear), "se"), 0.02);
    assert_near(number(first(&jackknife), "df"), 28.0, 0.0);
}

#[test]
fn the_order_of_rows_does_not_show() {
    let text = std::fs::read_to_string(folder().join("sipas_a.csv")).unwrap();
    let (header, rows) = text.split_once('\n').unwrap();
    let mut rows: Vec<&str> = rows.lines().collect();
    rows.reverse();
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("reversed.csv");
    std::fs::write(&path, format!("{header}\n{}\n", rows.join("\n"))).unwrap();
    let asked = "[design]\nids = ['commune']\nstrata = ['district']\nweights = 'weight'\n\
        [adjust]\ntype = 'poststratify'\nby = ['sex', 'age']\npopulation = 'sipas_a_pop.csv'\n\
        [[estimate]]\nstat = 'pooled_rate'\nitems = ['q01', 'q02']\nby = 'district'\n";

    let of = |path: &Path| {
        let table = Table::read(&[path]).unwrap();
        estimate(&spec(asked), table, &folder()).unwrap().to_string()
    };

    assert_eq!(of(&path), of(&folder().join("sipas_a.csv")));
}

#[test]
fn a_lonely_unit_counts_as_the_design_file_says() {
    let only = "row_filter = \"district != 'D01' | commune == 'D01X11'\"\n";
    let error = |rest: &str| {
        let report = sipas(&format!("{only}{rest}[[estimate]]\nstat = 'rate'\nitem = 'q01'\n"));
        number(first(&report), "se")
    };

    let removed = error("lonely_psu = 'remove'\n");

    assert_near(error("lonely_psu = 'certainty'\n"), removed, 0.0);
    assert!(error("lonely_psu = 'adjust'\n") > removed);
    assert_near(error("lonely_psu = 'average'\n"), removed * (14.0_f64 / 13.0).sqrt(), 1e-12);
}

#[test]
fn several_files_are_independent_surveys() {
    let path = folder().join("sipas_a.csv");
    let table = Table::read(&[&path, &path]).unwrap();
    let asked = "[design]\nids = ['commune']\nstrata = ['district']\nweights = 'weight'\n\
        [[estimate]]\nstat = 'two_surveys'\nitem = 'q01'\ngroup = 'file'\n";

    let report = estimate(&spec(asked), table, &folder()).unwrap();

    let change = first(&report);
    assert_near(number(change, "se"), 0.020_513_233_251_582_733 * 2.0_f64.sqrt(), 1e-9);
    assert_near(number(change, "df"), 56.0, 0.0);
    assert!(number(change, "diff").abs() < 1e-15);
}

#[test]
fn a_table_with_itself_is_not_independent() {
    let asked = |statistic: &str| {
        let report = sipas(&format!(
            "[[estimate]]\nstat = 'chisq'\nvars = ['urban', 'channel']\nstatistic = '{statistic}'\n"
        ));
        number(first(&report), "p_value")
    };

    for statistic in ["F", "Chisq", "Wald", "adjWald"] {
        let p = asked(statistic);
        assert!(p > 0.0 && p < 1.0, "{statistic}: {p}");
    }
}

#[test]
fn a_unanimous_answer_has_a_bound_and_a_single_unit_a_mark() {
    let report =
        sipas("[[estimate]]\nstat = 'mean'\nvars = 'q01 >= 1'\ndomain = \"commune == 'D01X11'\"\n");

    let all = first(&report);
    assert_near(number(all, "estimate"), 1.0, 0.0);
    assert!(all.pointer("/intervals/t").is_none_or(Value::is_null));
    let flags = all.get("flags").unwrap().to_string();
    assert!(flags.contains("SINGLE_UNIT") && flags.contains("NO_DEGREES_OF_FREEDOM"), "{flags}");
}

#[test]
fn groups_get_the_places_they_may_have() {
    let report = sipas("[[estimate]]\nstat = 'rate'\nitem = 'q01'\nby = 'sex'\nranks = true\n");

    assert_eq!(first(&report).get("rank_interval").unwrap().to_string(), "[1,2]");
}

#[test]
fn a_missing_answer_leaves_no_mean_unless_it_is_left_out() {
    let report = sipas("[[estimate]]\nstat = 'mean'\nvars = 'q01'\nna_rm = false\n");

    assert!(first(&report).get("estimate").unwrap().is_null());
    assert_eq!(first(&report).get("flags").unwrap().to_string(), "[\"MISSING_VALUES\"]");
}
