//! What `plan check` says of the first plan, and of a copy in which every finding was answered.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{fs, path::Path};

use super::*;
use cchc_scoring::plan::FindingKind;

use crate::{output::Memory, say::Lang};

fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/plans/quang-ninh-2018")
}

/// Severity, kind, subject, stated and computed of what is found in a folder.
fn found(folder: &Path) -> Vec<String> {
    let folder = PlanFolder::load(folder).map_err(CliError::Files).unwrap();
    let told = folder.findings().into_iter().map(|finding| {
        let (stated, computed) =
            (finding.stated.unwrap_or_default(), finding.computed.unwrap_or_default());
        format!("{} {} {stated}|{computed}", finding.kind, finding.subject)
    });
    told.collect()
}

#[test]
fn the_first_plan_disagrees_with_itself_in_known_places_and_no_others() {
    assert_eq!(
        found(&shipped()),
        [
            "sum-of-targets PAPI-2018/0 39|40.1",
            "sum-of-increases PAPI-2018/0 2.28|3.42",
            "sum-of-baselines PAPI-2018/0 36.72|36.68",
            "mean-of-targets SIPAS-2018/0 95|96.7",
            "baseline-not-published PAPI-2018/1 5.92|5.91",
            "baseline-not-published PAPI-2018/2 5.86|5.85",
            "baseline-not-published PAPI-2018/6 6.77|6.83",
            "heading-rank PAPI-2018/1 top 16; top 5|",
            "heading-rank PAPI-2018/2 top 16; top 15|",
            "two-deadlines trien-khai-ke-hoach 2018-06-15; 2018-06-30|",
            "owner-missing PAPI-2018/1 |",
            "owner-missing PAPI-2018/3 |",
            "owner-missing PAPI-2018/4 |",
            "owner-missing QN-2018/7 |",
            "numbering-gap 3 |",
            "baseline-missing QN-2018/0 14|0",
            "ratio-mismatch PAR-2018/6 94.28|94.29",
            "due-before-plan 2018-Q1 2018-03-31|2018-05-23",
            "mean-of-baselines SIPAS-2018/0 92.88|93.10",
            "ambiguous-rank PAPI-2018/3 15|16",
            "ambiguous-rank PAPI-2018/5 15|16",
            "ambiguous-rank PAPI-2018/6 15|16",
            "ambiguous-rank PAR-2018/1 |",
            "ambiguous-rank PAR-2018/8 |",
            "ambiguous-increase SIPAS-2018/1 3.4%|",
            "ambiguous-increase SIPAS-2018/2 3.25%|",
            "ambiguous-increase SIPAS-2018/3 4.74%|",
            "ambiguous-increase SIPAS-2018/4 3.3%|",
            "ambiguous-increase SIPAS-2018/5 3.3%|",
            "dont-know-ignored QN-2018/10 34.15; 65.85|",
            "dont-know-ignored QN-2018/11 32.25; 67.75|",
            "dont-know-ignored QN-2018/12 51.80; 48.2|",
        ]
    );
}

#[test]
fn every_finding_of_the_first_plan_has_its_figures_its_place_and_its_severity() {
    let folder = PlanFolder::load(&shipped()).map_err(CliError::Files).unwrap();

    for finding in folder.findings() {
        assert!(!finding.reference.is_empty(), "{}", finding.id());
        assert!(!finding.message.is_empty() && !finding.message_en.is_empty(), "{}", finding.id());
        let figures = [&finding.stated, &finding.computed].into_iter().flatten();
        for figure in figures.flat_map(|figure| figure.split("; ")) {
            // Whatever the finding rests on is said in its sentence, too.
            let said = finding.message_en.contains(figure.trim_end_matches('%'))
                || finding.message_en.contains(figure.trim_end_matches('0'))
                || finding.kind == FindingKind::HeadingRank;
            assert!(said, "{figure} in {}", finding.message_en);
        }
    }
}

#[test]
fn a_corrected_copy_of_the_plan_gives_none() {
    let folder = tempfile::tempdir().unwrap();
    copy(&shipped(), folder.path());
    for (file, corrections) in CORRECTIONS {
        let path = folder.path().join(file);
        let mut text = fs::read_to_string(&path).unwrap();
        for (stated, corrected) in *corrections {
            assert!(text.contains(stated), "{file} says {stated}");
            text = text.replace(stated, corrected);
        }
        if *file == "plan.toml" {
            text += &promises_start_at_nothing();
        }
        fs::write(&path, text).unwrap();
    }

    assert_eq!(found(folder.path()), Vec::<String>::new());
}

/// What an author would add: where each promise of the plan's own index started from.
fn promises_start_at_nothing() -> String {
    let baseline = |node| {
        format!(
            "\n[[baselines]]\nnode = \"QN-2018/{node}\"\nyear = 2017\nstated = \"0\"\nreference = \"thử\"\n"
        )
    };
    (1..=14).map(baseline).collect()
}

#[tokio::test]
async fn findings_are_told_with_both_figures_in_the_language_asked_for() {
    let memory = Memory::default();
    let output = Output::to(Lang::Vi, false, memory.clone());
    let command = Command::Check { folder: shipped(), strict: true };

    let ended = run(Arguments { command }, &output).await.unwrap();

    let said = memory.text();
    assert_eq!(ended, ExitCode::from(FAILED));
    assert!(said.contains("40,1") && said.contains("A.I.1; A.II.3.1"), "{said}");
    assert!(said.contains("62 nhiệm vụ"), "{said}");
}

#[tokio::test]
async fn findings_alone_are_no_failure() {
    let memory = Memory::default();
    let output = Output::to(Lang::En, true, memory.clone());
    let command = Command::Check { folder: shipped(), strict: false };

    let ended = run(Arguments { command }, &output).await.unwrap();

    let told: serde_json::Value = serde_json::from_str(&memory.text()).unwrap();
    assert_eq!(ended, ExitCode::SUCCESS);
    assert_eq!(told["plan_code"], "QN-2018");
    assert!(told["findings"].as_array().unwrap().len() > 20);
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

/// What an author would change, file by file, as text: each finding's cause, and nothing to silence it.
const CORRECTIONS: &[(&str, &[(&str, &str)])] = &[
    (
        "plan.toml",
        &[
            // PAPI: the total is the sum, and 2017 is what was published of each dimension.
            ("points = \"39\"\nincrease = \"2.28\"", "points = \"40.1\"\nincrease = \"3.38\""),
            ("increase = \"0.48\"", "increase = \"0.49\""),
            ("increase = \"0.34\"", "increase = \"0.35\""),
            ("increase = \"0.53\"", "increase = \"0.47\""),
            ("heading_rank = { top = 16 }\n", ""),
            ("group = 2, size = 15", "group = 2, size = 16"),
            // SIPAS: percentage points are meant, and the whole stands among its parts, then and now.
            ("points = \"95\"\nrank", "points = \"96.7\"\nrank"),
            ("increase_unit = \"percent\"", "increase_unit = \"percentage-points\""),
            ("increase = \"3.4\"", "increase = \"4.51\""),
            // PAR INDEX: rounded as the other shares are, and a leading group that can be counted.
            ("percent = \"94.28\"", "percent = \"94.29\""),
            ("rank = \"leading\"", "rank = { top = 9 }"),
            ("date = \"2018-06-30\"", "date = \"2018-06-15\""),
            // The year's plan reports from its first half on.
            ("periods = [\"2018-Q1\", ", "periods = ["),
            // Survey answers: those who did not know are counted for themselves.
            ("rest_percent = \"65.85\"", "rest_percent = \"60\"\nunanswered_percent = \"5.85\""),
            ("rest_percent = \"67.75\"", "rest_percent = \"60\"\nunanswered_percent = \"7.75\""),
            ("rest_percent = \"48.2\"", "rest_percent = \"40\"\nunanswered_percent = \"8.2\""),
            ("year = 2018\ntitle", "year = 2018\nnumbers_left_out = [3]\ntitle"),
        ],
    ),
    (
        "indices/papi-2018.toml",
        &[
            ("coordinating = [\"22-MTTQ\"]", "lead = \"22-MTTQ\""),
            ("coordinating = [\"193\"", "lead = \"22-SNV\"\ncoordinating = [\"193\""),
            ("reference = \"A.II.3.2.a(3)\"", "lead = \"22-SNV\"\nreference = \"A.II.3.2.a(3)\""),
        ],
    ),
    (
        "indices/qn-2018.toml",
        &[(
            "variable = \"RECEPTIONS\"\nref",
            "variable = \"RECEPTIONS\"\nlead = \"22-VPUBND\"\nref",
        )],
    ),
];
