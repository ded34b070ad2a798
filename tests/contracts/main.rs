//! Yesterday's events still mean what they meant: one golden line an event and release, in hexadecimal.
//!
//! A line is never edited. A change that alters what an old line decodes to breaks whoever replays an
//! outbox of years ago. A new event, or a field whose meaning matters, gets a new line.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod campaign_samples;
mod crosswalks;
mod documents;
mod domains;
mod flagged;
mod obligation_samples;
mod role_samples;
mod samples;

use cchc_proto::{
    common::v1::Date,
    fact::Fact,
    survey::{events::v1::StratumOutlookChanged, v1::StratumOutlook},
};
use prost::Message;

const GOLDEN: &str = include_str!("golden/v1.txt");

/// Checks that the golden line of an event decodes to the sample.
fn decodes<F: Fact + Default + PartialEq + std::fmt::Debug>(sample: &F) {
    decodes_from(&sample.type_name(), sample);
}

/// Checks a golden line that has a name of its own: of a release that added fields.
fn decodes_from<F: Fact + Default + PartialEq + std::fmt::Debug>(name: &str, sample: &F) {
    let line = GOLDEN.lines().find_map(|line| line.strip_prefix(&format!("{name} ")));
    let golden = line.unwrap_or_else(|| {
        panic!(
            "add this line to tests/contracts/golden/v1.txt:\n{name} {}",
            hex::encode(sample.encode_to_vec())
        )
    });

    let decoded = F::decode(hex::decode(golden).unwrap().as_slice()).unwrap();

    assert_eq!(&decoded, sample, "{name}");
}

#[test]
fn golden_events_of_the_registry_still_decode() {
    decodes(&samples::units_changed());
    decodes_from("cchc.registry.events.v1.UnitsChanged/history", &samples::units_succeeded());
    decodes(&samples::index_published());
    decodes(&samples::plan_published());
    decodes_from("cchc.registry.events.v1.PlanPublished/roles", &role_samples::plan_with_roles());
    decodes(&samples::finding_acknowledged());
    decodes(&samples::results_published());
    decodes(&crosswalks::crosswalk_published());
}

#[test]
fn golden_events_of_assignment_still_decode() {
    decodes(&samples::plan_expanded());
    decodes(&samples::assignment_progressed());
    decodes(&role_samples::assignment_reassigned());
    decodes(&samples::measurement_recorded());
    decodes(&samples::assessment_submitted());
    decodes(&samples::appraisal_decided());
    decodes_from(
        "cchc.assignment.events.v1.AssessmentSubmitted/documents",
        &documents::assessment_with_documents(),
    );
    decodes_from(
        "cchc.assignment.events.v1.AppraisalDecided/documents",
        &documents::appraisal_with_documents(),
    );
    decodes(&samples::notices_raised());
    decodes(&samples::notice_acknowledged());
    decodes(&campaign_samples::campaign_set());
    decodes(&campaign_samples::entry_moved());
    decodes(&obligation_samples::obligations_opened());
    decodes(&obligation_samples::report_filed());
    decodes_from(
        "cchc.assignment.events.v1.ReportFiled/withdrawn",
        &obligation_samples::report_withdrawn(),
    );
    decodes(&obligation_samples::scorecard_changed());
    decodes_from(
        "cchc.assignment.events.v1.ScorecardChanged/tasks",
        &role_samples::scorecard_with_tasks(),
    );
    decodes_from(
        "cchc.assignment.events.v1.NoticesRaised/reports",
        &obligation_samples::notices_of_reports(),
    );
}

#[test]
fn golden_events_of_survey_still_decode() {
    decodes(&samples::survey_opened());
    decodes(&samples::responses_tallied());
    let mut with_counts = samples::responses_tallied();
    for tally in &mut with_counts.tallies {
        // 0 to 5, not applicable, not known.
        tally.counts = vec![3, 1, 2, 3, 20, 9, 1, 1];
    }
    decodes_from("cchc.survey.events.v1.ResponsesTallied/counts", &with_counts);
    decodes_from("cchc.survey.events.v1.ResponsesTallied/flags", &flagged::responses_flagged());
    let by_domain = domains::responses_by_domain();
    decodes_from("cchc.survey.events.v1.ResponsesTallied/domains", &by_domain);
    let opened = domains::survey_with_domains();
    decodes_from("cchc.survey.events.v1.SurveyOpened/domains", &opened);
    decodes(&samples::quarantine_tallied());
    decodes(&outlook_changed());
    decodes(&samples::survey_closed());
}

fn outlook_changed() -> StratumOutlookChanged {
    StratumOutlookChanged {
        survey_code: "SIPAS-QN-2018".to_owned(),
        outlook: Some(StratumOutlook {
            stratum_code: "193".to_owned(),
            quota_count: 300,
            stored_count: 99,
            needed_count: 201,
            due_count: 100,
            foreseen_count: Some(297),
            will_miss: true,
            needed_a_day_count: Some(11),
        }),
        foresee_date: Some(Date { year: 2018, month: 10, day: 11 }),
        version: 1,
    }
}

#[test]
fn a_newer_producer_may_add_fields() {
    let mut newer = samples::survey_closed().encode_to_vec();
    // Field 99, a text: what a later release might add.
    newer.extend([0x9a, 0x06, 0x02, b'h', b'i']);

    let decoded = cchc_proto::survey::events::v1::SurveyClosed::decode(newer.as_slice()).unwrap();

    assert_eq!(decoded, samples::survey_closed());
}
