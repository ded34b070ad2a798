//! What cannot be kept in one place is compared: each event stands in its contract, in
//! [`crate::fact`] and in the table that people read.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;

use prost::Message;
use prost_types::{FileDescriptorProto, FileDescriptorSet};

use crate::{
    FILE_DESCRIPTOR_SET,
    assignment::events::v1::{
        AppraisalDecided, AssessmentSubmitted, AssignmentProgressed, AssignmentReassigned,
        CampaignSet, EntryMoved, MeasurementRecorded, NoticeAcknowledged, NoticesRaised,
        ObligationsOpened, PlanExpanded, ReportFiled, ScorecardChanged,
    },
    fact::Fact,
    registry::events::v1::{
        CrosswalkPublished, FindingAcknowledged, IndexPublished, PlanPublished, ResultsPublished,
        UnitsChanged,
    },
    survey::events::v1::{
        QuarantineTallied, ResponsesTallied, StratumOutlookChanged, SurveyClosed, SurveyOpened,
    },
};

/// Name and subject of an event; the subject without the id at its end.
type Events = BTreeMap<String, String>;

fn files() -> Vec<FileDescriptorProto> {
    FileDescriptorSet::decode(FILE_DESCRIPTOR_SET).unwrap().file
}

/// The events of a file, with the subject that its comments name.
fn events(file: &FileDescriptorProto) -> Events {
    let comments = file.source_code_info.as_ref().unwrap();
    let comment = |path: &[i32]| {
        let place = comments.location.iter().find(|location| location.path == path).unwrap();
        place.leading_comments().to_owned()
    };
    (0..)
        .zip(&file.message_type)
        // 4 is the field of a file's messages.
        .map(|(place, message)| (message.name().to_owned(), subject(&comment(&[4, place]))))
        .collect()
}

/// The subject that a comment names, up to the id.
fn subject(text: &str) -> String {
    let (_, subject) = text.split_once("Subject `").unwrap();
    subject.split_once('{').unwrap().0.to_owned()
}

fn contracts() -> Events {
    files()
        .iter()
        .filter(|file| file.package().contains(".events."))
        .flat_map(|file| events(file).into_iter())
        .collect()
}

#[test]
fn the_readme_lists_every_event_with_its_subject() {
    let readme: Events = include_str!("../README.md")
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` | `"))
        .filter_map(|(name, rest)| Some((name.to_owned(), rest.split_once('{')?.0.to_owned())))
        .collect();

    assert_eq!(readme, contracts());
}

#[test]
fn every_event_of_the_contracts_is_a_fact_under_its_subject() {
    fn fact<F: Fact + Default>() -> (String, String) {
        (F::NAME.to_owned(), F::default().subject())
    }

    let facts = Events::from([
        fact::<UnitsChanged>(),
        fact::<IndexPublished>(),
        fact::<PlanPublished>(),
        fact::<FindingAcknowledged>(),
        fact::<ResultsPublished>(),
        fact::<CrosswalkPublished>(),
        fact::<PlanExpanded>(),
        fact::<AssignmentProgressed>(),
        fact::<AssignmentReassigned>(),
        fact::<MeasurementRecorded>(),
        fact::<AssessmentSubmitted>(),
        fact::<AppraisalDecided>(),
        fact::<NoticesRaised>(),
        fact::<NoticeAcknowledged>(),
        fact::<CampaignSet>(),
        fact::<EntryMoved>(),
        fact::<ObligationsOpened>(),
        fact::<ReportFiled>(),
        fact::<ScorecardChanged>(),
        fact::<SurveyOpened>(),
        fact::<ResponsesTallied>(),
        fact::<QuarantineTallied>(),
        fact::<StratumOutlookChanged>(),
        fact::<SurveyClosed>(),
    ]);

    assert_eq!(facts, contracts());
}
