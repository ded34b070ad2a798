//! The sample year is whole, readable by `cchc push`, and the same every time.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use cchc_core::Decimal;
use cchc_proto::{
    assignment::v1::{
        PushAppraisalsRequest, PushAssessmentsRequest, PushMeasurementsRequest, PushProgressRequest,
    },
    survey::v1::IngestResponsesRequest,
};
use uuid::Uuid;

use super::*;
use crate::push::{Record, Selection, read};

fn plan() -> PlanFolder {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/plans/quang-ninh-2018");
    PlanFolder::load(Path::new(folder)).unwrap()
}

/// Reads all files with an ending as `cchc push` would, below the places given.
fn pushed<R: Record>(year: &SampleYear, is_wanted: impl Fn(&str) -> bool) -> Vec<R> {
    let folder = tempfile::tempdir().unwrap();
    year.write(folder.path()).unwrap();
    let wanted = year.files.keys().filter(|path| is_wanted(path));
    let read = |path: &String| read::<R>(&folder.path().join(path), &Selection::default()).unwrap();
    wanted.flat_map(|path| read(path).rows).collect()
}

fn points(value: Option<&cchc_proto::common::v1::Decimal>) -> Decimal {
    value.unwrap().value.parse().unwrap()
}

#[test]
fn the_same_seed_gives_the_same_bytes_on_every_machine() {
    let plan = plan();
    let bytes = |seed| {
        let year = SampleYear::make(&plan, seed);
        let all: Vec<_> = year.files.iter().map(|(path, text)| format!("{path}\n{text}")).collect();
        Uuid::new_v5(&Uuid::NAMESPACE_OID, all.concat().as_bytes()).to_string()
    };

    assert_eq!(bytes(SEED), "c2508f48-3001-5461-8185-0d891abf2b56");
    assert_ne!(bytes(SEED + 1), bytes(SEED));
}

#[test]
fn every_body_reports_and_so_does_every_reporter_of_every_variable() {
    let plan = plan();
    let year = SampleYear::make(&plan, SEED);

    let rows: Vec<PushMeasurementsRequest> =
        pushed(&year, |path| path.ends_with("/measurements.csv"));

    assert_eq!(year.units().len(), 228);
    for variable in plan.indices.iter().flat_map(|index| &index.variables) {
        for unit in plan.units.iter().filter(|unit| variable.reporters.selects(unit)) {
            let is_it = |row: &&PushMeasurementsRequest| {
                row.unit_code == unit.code.as_str() && row.variable_code == variable.code.as_str()
            };
            assert_eq!(rows.iter().filter(is_it).count(), 1, "{} {}", unit.code, variable.code);
        }
    }
}

#[test]
fn a_file_holds_rows_of_its_own_unit_only() {
    let plan = plan();
    let year = SampleYear::make(&plan, SEED);

    let rows: Vec<PushProgressRequest> =
        pushed(&year, |path| path.starts_with("units/193/") && path.ends_with("/progress.csv"));

    assert!(!rows.is_empty());
    assert!(rows.iter().all(|row| row.unit_code == "193"));
    assert!(rows.iter().all(|row| (row.percent_done == 100) == row.done_date.is_some()));
}

#[test]
fn units_are_generous_and_appraisers_leave_a_little_less_than_the_target() {
    let plan = plan();
    let year = SampleYear::make(&plan, SEED);

    let assessed: Vec<PushAssessmentsRequest> =
        pushed(&year, |path| path.ends_with("/assessments.csv"));
    let appraised: Vec<PushAppraisalsRequest> = pushed(&year, |path| path == "appraisals.csv");

    let target: Decimal = "92.28".parse().unwrap();
    let given: Decimal = assessed.iter().map(|row| points(row.points.as_ref())).sum();
    let left: Decimal = appraised.iter().map(|row| points(row.points.as_ref())).sum();
    assert_eq!((assessed.len(), appraised.len()), (8, 8));
    assert!(given > target && left < target, "{given} {left}");
    assert!(left > target - Decimal::TWO, "{left}");
    let mut of_node = appraised.iter().map(|row| {
        let own = assessed.iter().find(|own| own.node_id == row.node_id).unwrap();
        (points(own.points.as_ref()) == points(row.points.as_ref()), !row.reason.is_empty())
    });
    assert!(of_node.all(|(is_equal, has_reason)| is_equal != has_reason));
}

#[test]
fn citizens_answer_every_survey_in_every_commune_drawn() {
    let plan = plan();
    let year = SampleYear::make(&plan, SEED);

    let rows: Vec<IngestResponsesRequest> = pushed(&year, |path| path.starts_with("responses/"));

    assert_eq!(rows.len(), 2 * 14 * 3 * 40);
    for survey in &plan.surveys {
        let of_survey = rows.iter().filter(|row| row.survey_code == survey.code.as_str());
        let answers: Vec<_> = of_survey.flat_map(|row| &row.answers).copied().collect();
        assert_eq!(answers.len(), 1680 * survey.questions.len());
        let most = if survey.code.as_str().starts_with("SIPAS") { 5 } else { 2 };
        assert!(answers.iter().all(|answer| (0..=most).contains(answer)));
    }
    let satisfied = |row: &IngestResponsesRequest| row.answers.first().is_some_and(|a| *a >= 4);
    let sipas: Vec<_> = rows.iter().filter(|row| row.survey_code == "SIPAS-QN-2018").collect();
    let asked = sipas.iter().filter(|row| row.answers.first() != Some(&0)).count();
    let share = 1000 * sipas.iter().filter(|row| satisfied(row)).count() / asked;
    assert!((890..940).contains(&share), "{share}");
}

#[test]
fn a_few_units_set_their_figures_right() {
    let plan = plan();
    let year = SampleYear::make(&plan, SEED);

    let rows: Vec<PushMeasurementsRequest> = pushed(&year, |path| path.starts_with("corrections/"));

    assert_eq!(rows.iter().filter(|row| row.is_retracted).count(), 1);
    assert_eq!(rows.iter().filter(|row| row.numerator.is_some()).count(), 3);
}

#[test]
fn whoever_finds_the_files_reads_that_they_are_made_up() {
    let year = SampleYear::make(&plan(), SEED);

    assert!(
        year.files["README.md"].starts_with("# Số liệu minh họa, không phải số liệu chính thức")
    );
    let reports = year.files.iter().filter(|(path, _)| path.ends_with("measurements.csv"));
    assert!(reports.flat_map(|(_, text)| text.lines().skip(1)).all(|row| row.contains("minh họa")));
}
