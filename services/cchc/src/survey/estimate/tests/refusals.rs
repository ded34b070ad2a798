//! What a design file or its data can have wrong, and the field that is named for it.

use super::{PathBuf, Spec, Table, Value, estimate, folder, sipas, spec};

fn refused(text: &str) -> (String, String) {
    let table = Table::read(&[folder().join("sipas_a.csv")]).unwrap();
    let fault = estimate(&spec(text), table, &folder()).unwrap_err();
    assert!(!fault.words.vi.is_empty());
    (fault.field, fault.words.en)
}

/// A design that holds, and an estimate that may not.
fn asking(estimate: &str) -> (String, String) {
    refused(&format!(
        "[design]\nids = ['commune']\nstrata = ['district']\nweights = 'weight'\n[[estimate]]\n{estimate}"
    ))
}

fn designed(design: &str) -> (String, String) {
    refused(&format!("[design]\n{design}\n[[estimate]]\nstat = 'rate'\nitem = 'q01'\n"))
}

#[test]
fn a_column_that_is_not_there_is_named_with_those_that_are() {
    let (field, why) = asking("stat = 'mean'\nvars = 'q99'\n");

    assert_eq!(field, "estimate.vars");
    assert!(why.contains("`q99`") && why.contains("q01, q02"), "{why}");
}

#[test]
fn what_a_statistic_needs_is_asked_for() {
    for (estimate, field) in [
        ("stat = 'rate'\n", "estimate.item"),
        ("stat = 'mean'\n", "estimate.vars"),
        ("stat = 'ratio'\nnum = 'q01'\n", "estimate.den"),
        ("stat = 'pooled_rate'\n", "estimate.items"),
        ("stat = 'mean_of_components'\n", "estimate.components"),
        ("stat = 'scaled_mean'\nindicator = 'q01'\n", "estimate.min"),
        ("stat = 'scaled_mean'\nindicator = 'q01'\nmin = 5\nmax = 1\n", "estimate.max"),
        ("stat = 'papi_score'\nlevel = 'A'\n", "estimate.scale"),
        ("stat = 'papi_score'\nlevel = 'Z'\nscale = 'papi_scale.csv'\n", "estimate.level"),
        ("stat = 'test_published'\nitem = 'q01'\n", "estimate.published"),
        ("stat = 'two_surveys'\nitem = 'q01'\n", "estimate.group"),
        ("stat = 'ttest'\nvars = 'q01'\ngroup = 'channel'\n", "estimate.group"),
        ("stat = 'chisq'\nvars = 'sex'\n", "estimate.vars"),
        ("stat = 'mean'\nvars = 'q01'\ndf = 'many'\n", "estimate.df"),
        ("stat = 'mean'\nvars = 'q01'\ndeff = 'some'\n", "estimate.deff"),
        ("stat = 'mean'\nvars = 'sex'\n", "estimate.vars"),
        ("stat = 'mean'\nvars = 'q01'\ndomain = 'sex'\n", "estimate.domain"),
    ] {
        assert_eq!(asking(estimate).0, field, "{estimate}");
    }
}

#[test]
fn a_design_that_contradicts_itself_is_refused() {
    let nest = designed("ids = ['sex']\nstrata = ['district']\nweights = 'weight'");
    assert!(nest.1.contains("nest = true"), "{}", nest.1);

    let populations = designed("ids = ['commune']\nstrata = ['district']\nfpc = ['weight']");
    assert!(populations.1.contains("population sizes"), "{}", populations.1);

    let small = designed("ids = ['commune']\nstrata = ['district']\nfpc = [2]");
    assert!(small.1.contains("3 sampled units of 2"), "{}", small.1);

    let empty = designed("ids = ['commune']\nstrata = ['district']\nweights = 'q01'");
    assert!(empty.0 == "design.weights" && empty.1.contains("empty at line"), "{}", empty.1);

    let negative = designed("ids = ['commune']\nstrata = ['district']\nweights = '-weight'");
    assert!(negative.1.contains("negative at line"), "{}", negative.1);

    let lonely =
        designed("ids = ['district']\nstrata = ['district']\nweights = 'weight'\nnest = true");
    assert_eq!(lonely.0, "design.lonely_psu");
}

#[test]
fn population_figures_must_fit_the_sample() {
    let adjusted = |adjust: &str| {
        refused(&format!(
            "[design]\nids = ['commune']\nstrata = ['district']\nweights = 'weight'\n[adjust]\n{adjust}\n[[estimate]]\nstat = 'rate'\nitem = 'q01'\n"
        ))
    };

    let missing = adjusted("type = 'poststratify'\nby = 'urban'\npopulation = { rural = 5 }");
    assert!(missing.1.contains("no cell `urban`"), "{}", missing.1);

    let empty = adjusted(
        "type = 'poststratify'\nby = 'urban'\npopulation = { rural = 5, urban = 3, island = 2 }",
    );
    assert!(empty.1.contains("island"), "{}", empty.1);

    let bounds = adjusted("type = 'calibrate'\ncalfun = 'logit'\ntotals = { '(Intercept)' = 5 }");
    assert_eq!(bounds.0, "adjust.bounds");

    let apart = adjusted(
        "type = 'rake'\nmargins = [{ by = 'urban', population = { rural = 5, urban = 3 } }, { by = 'sex', population = { F = 9, M = 9 } }]",
    );
    assert_eq!(apart.0, "adjust");
}

#[test]
fn an_unknown_word_is_refused_before_any_data_is_read() {
    for text in [
        "[design]\nclusters = ['commune']\n[[estimate]]\nstat = 'rate'\n",
        "[[estimate]]\nstat = 'median'\n",
        "[adjust]\ntype = 'trim'\n[[estimate]]\nstat = 'rate'\n",
    ] {
        assert!(toml::from_str::<Spec>(text).is_err(), "{text}");
    }
}

#[test]
fn a_broken_formula_says_where_it_breaks() {
    for (formula, part) in [
        ("q01 >=", "ends too early"),
        ("(q01", "`)` is missing"),
        ("q01 $ 2", "`$`"),
        ("'q01", "not closed"),
        ("median(q01)", "no function `median`"),
        ("q01 %in% 5", "list"),
        ("q01 q02", "after its end"),
    ] {
        let (_, why) = asking(&format!("stat = 'mean'\nvars = \"{formula}\"\n"));
        assert!(why.contains(part), "{formula}: {why}");
    }
    let deep = format!("{}q01{}", "(".repeat(5_000), ")".repeat(5_000));
    let (_, why) = asking(&format!("stat = 'mean'\nvars = \"{deep}\"\n"));
    assert!(why.contains("too deeply"), "{why}");
}

#[test]
fn formulas_mean_what_they_mean_in_r() {
    let share = |formula: &str| {
        let report = sipas(&format!("[[estimate]]\nstat = 'mean'\nvars = \"{formula}\"\n"));
        report.pointer("/estimates/0/results/0/estimate").and_then(Value::as_f64).unwrap()
    };

    assert!((share("1 + 2 * 3 ^ 2 - -1") - 20.0).abs() < 1e-12);
    assert!((share("ifelse(is.na(q01), 0, 1) + is.na(q01)") - 1.0).abs() < 1e-12);
    assert!((share("q01 > 5 & is.na(q02) | !(1 == 2)") - 1.0).abs() < 1e-12);
    assert!((share("sex %in% c('F', 'M')") - 1.0).abs() < 1e-12);
    assert!(
        (share("interaction(sex, urban) == 'F.urban'") - share("sex == 'F' && urban == 'urban'"))
            .abs()
            < 1e-15
    );
    assert!((share("pmin(pmax(as.numeric(q01), 2), 2) / 2") - 1.0).abs() < 1e-12);
}

#[test]
fn a_ragged_file_is_refused_with_its_line() {
    let place = tempfile::tempdir().unwrap();
    let path: PathBuf = place.path().join("ragged.csv");
    std::fs::write(&path, "a,b\n1,2\n3\n").unwrap();

    let refused = Table::read(&[path]).unwrap_err();

    assert!(refused.say(crate::say::Lang::En).join("").contains(":3"), "{refused:?}");
}
