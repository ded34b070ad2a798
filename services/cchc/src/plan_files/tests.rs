//! The folder of the first plan, and what is said of one that is broken.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use super::*;
use crate::say::Lang;

fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/plans/quang-ninh-2018")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// What is said of the shipped folder once a text in one of its files is replaced by another.
fn said_after(file: &str, from: &str, to: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    copy(&shipped(), folder.path());
    let path = folder.path().join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{from}");
    fs::write(&path, text.replacen(from, to, 1)).unwrap();
    let root = format!("{}/", folder.path().display());
    let problems = PlanFolder::load(folder.path()).unwrap_err();
    problems.iter().map(|problem| problem.say(Lang::En).replace(&root, "")).collect()
}

#[test]
fn the_shipped_folder_is_read_whole() {
    let folder = PlanFolder::load(&shipped()).unwrap();

    assert_eq!(folder.plan.code.as_str(), "QN-2018");
    assert_eq!(folder.plan.tasks.len(), 62);
    assert_eq!(folder.units.len(), 229);
    assert_eq!(folder.indices.len(), 4);
    let sample: usize =
        folder.surveys.iter().flat_map(|s| &s.strata).map(|s| s.clusters.len()).sum();
    assert_eq!((folder.surveys.len(), sample), (2, 84));
}

#[test]
fn a_survey_reads_back_from_its_message() {
    let folder = PlanFolder::load(&shipped()).unwrap();

    let message = folder.surveys.first().unwrap().message(&folder.plan);

    assert_eq!((message.code.as_str(), message.plan_code.as_str()), ("PAPI-QN-2018", "QN-2018"));
    assert_eq!((message.questions.len(), message.clusters.len()), (6, 42));
}

#[test]
fn a_fault_is_told_with_file_line_and_what_to_do() {
    let line = |file: &str, what: &str| {
        let text = fs::read_to_string(shipped().join(file)).unwrap();
        line_at(&text, text.find(what).unwrap())
    };
    let points = line("plan.toml", "points = \"92.28\"");

    let said = said_after("plan.toml", "points = \"92.28\"", "pionts = \"92.28\"");

    assert!(
        said[0].starts_with(&format!("plan.toml:{points}: there is no field `pionts`")),
        "{said:?}"
    );
    let said = said_after("plan.toml", "points = \"92.28\"", "points = 92.28");
    assert!(said[0].contains("a number stands in quotes"), "{said:?}");
    let said = said_after("plan.toml", "points = \"92.28\"", "points = \"92,28\"");
    assert!(said[0].contains("ambiguous"), "{said:?}");
}

#[test]
fn files_are_all_looked_at_before_anything_is_said() {
    let folder = tempfile::tempdir().unwrap();
    copy(&shipped(), folder.path());
    for file in ["plan.toml", "surveys/sipas.toml", "units.csv"] {
        fs::write(folder.path().join(file), "x").unwrap();
    }

    let problems = PlanFolder::load(folder.path()).unwrap_err();

    for file in ["plan.toml", "sipas.toml", "units.csv"] {
        assert!(problems.iter().any(|problem| problem.file.ends_with(file)), "{problems:?}");
    }
}

#[test]
fn units_that_stand_twice_or_below_nobody_are_refused_at_their_line() {
    let said = said_after("units.csv", "22-STP,22,department", "22-STP,99,ministry");

    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].starts_with("units.csv:5: kind: \"ministry\" is no kind of unit"), "{said:?}");
    let said = said_after("units.csv", "22-STP,22,department", "22-STP,99,department");
    assert!(said[0].starts_with("units.csv:5: parent"), "{said:?}");
}

#[test]
fn the_plan_of_a_sample_is_checked_as_the_service_checks_it() {
    let after = |more: &str| {
        let to = format!("release_after = 10\n{more}\n");
        said_after("surveys/sipas.toml", "release_after = 10\n", &to)
    };

    let unshared = after("margin = \"0.05\"");
    let bare = after("allocation = \"equal\"");

    assert_eq!(unshared.len(), 1, "{unshared:?}");
    assert!(unshared[0].contains("say how the sample is shared"), "{unshared:?}");
    let strata = bare.iter().filter(|said| said.contains("must say its population")).count();
    assert_eq!(strata, 14, "{bare:?}");
    assert!(bare.iter().any(|said| said.contains("margin") && said.contains("is required")));
}

#[test]
fn how_long_answers_are_kept_and_which_form_they_answer_is_checked_as_the_service_checks_it() {
    let after = |more: &str| {
        let to = format!("release_after = 10\n{more}\n");
        said_after("surveys/sipas.toml", "release_after = 10\n", &to)
    };

    let short = after("retention_days = 29\nquarantine_days = 0");
    let half = after("questionnaire_code = \"SIPAS-FORM\"");

    assert!(short[0].ends_with("quarantine_days: must be 1 to 365 days"), "{short:?}");
    assert!(short[1].ends_with("retention_days: must be 30 to 3650 days"), "{short:?}");
    assert!(half[0].contains("say both questionnaire_code and questionnaire_version"), "{half:?}");
}

#[test]
fn domains_are_checked_as_the_service_checks_them() {
    let after = |domain: &str| {
        let to = format!("release_after = 10\ndomains = [{domain}]\n");
        said_after("surveys/sipas.toml", "release_after = 10\n", &to)
    };

    let unknown = after("{ question = \"SEX\" }");
    let many = after(&"{ question = \"SEX\" }, ".repeat(5));

    assert_eq!(unknown.len(), 1, "{unknown:?}");
    assert!(unknown[0].contains("the survey has no question SEX"), "{unknown:?}");
    assert!(many.iter().any(|said| said.contains("must have at most 4 domains")), "{many:?}");
}

#[test]
fn a_survey_that_asks_in_the_wrong_district_or_for_no_node_is_refused() {
    let said = said_after("surveys/papi-questions.toml", "code = \"06691\"", "code = \"06718\"");

    assert!(said.iter().any(|line| line.contains("\"06718\" is no commune of 193")), "{said:?}");
    assert!(said.iter().any(|line| line.contains("commune \"06718\" stands above already")));
    let said = said_after("surveys/papi-questions.toml", "\"QN-2018/9\"", "\"QN-2018/99\"");
    assert!(said[0].contains("the node \"QN-2018/99\""), "{said:?}");
}

#[test]
fn a_folder_that_already_says_it_is_not_touched() {
    let folder = PlanFolder::load(&shipped()).unwrap();

    assert_eq!(changes(&folder, &shipped()).unwrap(), []);
}

#[test]
fn a_change_replaces_one_value_and_keeps_every_comment() {
    let copied = tempfile::tempdir().unwrap();
    copy(&shipped(), copied.path());
    let mut folder = PlanFolder::load(copied.path()).unwrap();
    let cluster = &mut folder.surveys[1].strata[0].clusters[1];
    cluster.respondents = 41;
    folder.plan.tasks.remove(1);

    let changes = changes(&folder, copied.path()).unwrap();
    apply(&changes, copied.path()).unwrap();

    let paths: Vec<_> = changes.iter().map(|change| change.path.to_str().unwrap()).collect();
    assert_eq!(paths, ["tasks.toml", "surveys/sipas.toml"]);
    assert_eq!(PlanFolder::load(copied.path()).unwrap(), folder);
    let before = fs::read_to_string(shipped().join("surveys/sipas.toml")).unwrap();
    let after = fs::read_to_string(copied.path().join("surveys/sipas.toml")).unwrap();
    let line = "{ code = \"06667\", respondents = 40 },  # Phường Hà Trung";
    assert_eq!(after, before.replacen(line, &line.replace("40", "41"), 1));
}

#[test]
fn an_empty_folder_gets_every_file_and_a_vanished_index_loses_its_own() {
    let target = tempfile::tempdir().unwrap();
    let mut folder = PlanFolder::load(&shipped()).unwrap().in_order();

    apply(&changes(&folder, target.path()).unwrap(), target.path()).unwrap();

    assert_eq!(PlanFolder::load(target.path()).unwrap().in_order(), folder);
    let gone = folder.indices.pop().unwrap();
    folder.surveys.retain(|survey| survey.index != gone.code);
    apply(&changes(&folder, target.path()).unwrap(), target.path()).unwrap();
    assert!(!target.path().join("indices/sipas-2018.toml").exists());
    assert_eq!(PlanFolder::load(target.path()).unwrap().in_order(), folder);
}
