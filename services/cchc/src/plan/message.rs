//! A plan folder as one message of the contracts, and back.
//!
//! The parts are the very messages that `plan load` sends, read by the very conversions of the services:
//! what a service would refuse is refused here too, all of it at once.

use std::{ops::RangeInclusive, path::Path};

use cchc_core::Collector;
use cchc_proto::{
    convert::{self, limits},
    files::v1 as pb,
    survey::v1 as survey_pb,
};
use cchc_scoring::survey::{domains::MOST_DOMAINS, plan::SamplePlan};
use prost::Message as _;

use crate::{
    error::CliError,
    plan_files::{
        Cluster, Instrument, PlanFolder, QualityFlag, QualityPolicy, QualityRule, Stratum, Survey,
    },
    problem::Problem,
    say::Words,
};

/// Indices, and surveys, of a folder.
const MOST_FILES: usize = 200;
/// Quality rules of a survey: there are fewer flags.
const MOST_RULES: usize = 16;
/// Largest limit of a quality rule.
const MOST_LIMIT: u32 = 1_000_000;
/// Clusters of a survey; a province has fewer communes.
const MOST_CLUSTERS: usize = 2_000;

/// Writes a folder as a message, and reads it back before anybody relies on it.
pub(super) fn encode(folder: &PlanFolder) -> Result<Vec<u8>, CliError> {
    let bytes = message(folder).encode_to_vec();
    let read = decode(&bytes, Path::new("plan.pb")).map_err(CliError::Files)?;
    if read == *folder {
        return Ok(bytes);
    }
    Err(CliError::said(
        "Kế hoạch có nội dung mà thông điệp protobuf không giữ được nguyên vẹn (ví dụ huyện không có xã nào trong mẫu): hãy dùng .json",
        "The plan has content that the message cannot keep exactly (such as a stratum without clusters): use .json",
    ))
}

fn message(folder: &PlanFolder) -> pb::PlanFolder {
    let PlanFolder { plan, units, indices, surveys } = folder;
    pb::PlanFolder {
        plan: Some(plan.into()),
        units: units.iter().map(Into::into).collect(),
        indices: indices.iter().map(Into::into).collect(),
        surveys: surveys.iter().map(|survey| survey.message(plan)).collect(),
    }
}

/// Reads a message, or says everything that is wrong with it.
pub(super) fn decode(bytes: &[u8], file: &Path) -> Result<PlanFolder, Vec<Problem>> {
    let message = pb::PlanFolder::decode(bytes).map_err(|error| {
        let words = Words::new(
            format!("không phải thông điệp cchc.files.v1.PlanFolder ({error})"),
            format!("is no message cchc.files.v1.PlanFolder ({error})"),
        );
        vec![Problem::of_file(file, words)]
    })?;
    convert::read(message, folder).map_err(|violations| {
        let told = violations.as_slice().iter().map(|one| {
            let words = Words::new(&*one.vietnamese, &*one.english);
            Problem { field: one.path.clone(), ..Problem::of_file(file, words) }
        });
        told.collect()
    })
}

fn folder(c: &mut Collector, message: pb::PlanFolder) -> Option<PlanFolder> {
    let pb::PlanFolder { plan, units, indices, surveys } = message;
    let plan = convert::part(c, "plan", plan, convert::plan);
    let units = convert::list(c, "units", limits::UNITS, units, convert::unit);
    let indices = convert::list(c, "indices", MOST_FILES, indices, convert::index);
    let surveys = convert::list(c, "surveys", MOST_FILES, surveys, survey);
    Some(PlanFolder { plan: plan?, units: units?, indices: indices?, surveys: surveys? })
}

fn survey(c: &mut Collector, message: survey_pb::Survey) -> Option<Survey> {
    let survey_pb::Survey { code, title, instrument, open_date, close_date, .. } = &message;
    let code = c.parse("code", code);
    let title = convert::text::<500>(c, "title", title);
    let instrument = convert::choice(c, "instrument", *instrument, |value| match value {
        survey_pb::survey::Instrument::Unspecified => None,
        survey_pb::survey::Instrument::NationalSipas => Some(Instrument::NationalSipas),
        survey_pb::survey::Instrument::Provincial => Some(Instrument::Provincial),
        survey_pb::survey::Instrument::PapiLike => Some(Instrument::PapiLike),
        survey_pb::survey::Instrument::District => Some(Instrument::District),
    });
    let opens = convert::date(c, "open_date", *open_date);
    let closes = convert::date(c, "close_date", *close_date);
    let minimum_cell = convert::whole(c, "minimum_cell", message.minimum_cell, 5..=100);
    let release_after = convert::whole(c, "release_after", message.release_after, 5..=10_000);
    let quarantine_days = days(c, "quarantine_days", message.quarantine_days, 1..=365);
    let retention_days = days(c, "retention_days", message.retention_days, 30..=3650);
    let questionnaire_code = c.parse_optional("questionnaire_code", &message.questionnaire_code);
    let questionnaire_version =
        c.parse_optional("questionnaire_version", &message.questionnaire_version);
    let sample =
        convert::optional_part(c, "sample_plan", message.sample_plan, convert::sample_plan)?;
    let strata = strata(c, message.clusters, sample.as_ref());
    let questions = message.questions;
    // A message does not say which edition a survey serves; the nodes of its questions do.
    let questions = c.require("questions", Some(questions).filter(|all| !all.is_empty()));
    let questions =
        convert::list(c, "questions", limits::QUESTIONS, questions?, convert::question)?;
    let index = questions.iter().find_map(|question| question.node.as_ref());
    let index = c.require("questions[0].node_id", index.map(|node| node.index.clone()));
    let domains = convert::list(c, "domains", MOST_DOMAINS, message.domains, convert::domain);
    let quality_rules =
        convert::list(c, "quality_rules", MOST_RULES, message.quality_rules, quality_rule);
    let languages = convert::languages(c, message.languages);
    let sections =
        convert::list(c, "sections", limits::SECTIONS, message.sections, convert::section);
    Some(Survey {
        code: code?,
        title: title?,
        instrument: instrument?,
        index: index?,
        minimum_cell: minimum_cell?,
        release_after: release_after?,
        quarantine_days,
        retention_days,
        questionnaire_code: questionnaire_code?,
        questionnaire_version: questionnaire_version?,
        opens: opens?,
        closes: closes?,
        quality_rules: quality_rules?,
        languages: languages?,
        sections: sections?,
        questions,
        strata: strata?,
        allocation: sample.as_ref().map(|plan| plan.allocation),
        margin: sample.as_ref().and_then(|plan| plan.margin),
        design_effect: sample.as_ref().and_then(|plan| plan.design_effect),
        pace: sample.map(|plan| plan.pace).unwrap_or_default(),
        domains: domains?,
    })
}

/// Reads days that may be left unsaid; those that are refused are on the list.
fn days(c: &mut Collector, field: &str, days: i32, within: RangeInclusive<u16>) -> Option<u16> {
    if days == 0 { None } else { convert::whole(c, field, days, within) }
}

fn quality_rule(c: &mut Collector, rule: survey_pb::QualityRule) -> Option<QualityRule> {
    let flag = convert::choice(c, "flag", rule.flag, |flag| match flag {
        survey_pb::QualityFlag::Unspecified => None,
        survey_pb::QualityFlag::SameRespondent => Some(QualityFlag::SameRespondent),
        survey_pb::QualityFlag::Speeder => Some(QualityFlag::Speeder),
        survey_pb::QualityFlag::StraightLining => Some(QualityFlag::StraightLining),
        survey_pb::QualityFlag::ImpossibleTime => Some(QualityFlag::ImpossibleTime),
        survey_pb::QualityFlag::CodeReused => Some(QualityFlag::CodeReused),
        survey_pb::QualityFlag::InterviewerShare => Some(QualityFlag::InterviewerShare),
    });
    let policy = convert::choice(c, "policy", rule.policy, |policy| match policy {
        survey_pb::quality_rule::Policy::Unspecified => None,
        survey_pb::quality_rule::Policy::Ignore => Some(QualityPolicy::Ignore),
        survey_pb::quality_rule::Policy::Flag => Some(QualityPolicy::Flag),
        survey_pb::quality_rule::Policy::Exclude => Some(QualityPolicy::Exclude),
    });
    let limit = convert::whole(c, "limit", rule.limit, 0..=MOST_LIMIT);
    Some(QualityRule { flag: flag?, policy: policy?, limit: limit? })
}

/// Communes in a row that name the same district are its sample.
fn strata(
    c: &mut Collector,
    messages: Vec<survey_pb::Cluster>,
    plan: Option<&SamplePlan>,
) -> Option<Vec<Stratum>> {
    let all = convert::list(c, "clusters", MOST_CLUSTERS, messages, |c, message| {
        let survey_pb::Cluster {
            stratum_code,
            cluster_code,
            wanted_count,
            base_weight,
            population_count,
        } = message;
        let stratum = c.parse("stratum_code", &stratum_code);
        let code = c.parse("cluster_code", &cluster_code);
        let respondents = u16::try_from(wanted_count).ok().filter(|count| *count > 0);
        let respondents = c.require("wanted_count", respondents);
        let base_weight = convert::base_weight(c, "base_weight", base_weight);
        let population = convert::population(c, "population_count", population_count);
        let (base_weight, population) = (base_weight?, population?);
        Some((
            stratum?,
            Cluster { code: code?, respondents: respondents?, base_weight, population },
        ))
    })?;
    let mut strata: Vec<Stratum> = Vec::new();
    for (code, cluster) in all {
        if let Some(stratum) = strata.last_mut().filter(|stratum| stratum.code == code) {
            stratum.clusters.push(cluster);
            continue;
        }
        let mut planned = plan.into_iter().flat_map(|plan| &plan.strata);
        let planned = planned.find(|of| of.code.as_str() == code.as_str());
        strata.push(Stratum {
            population: planned.map(|of| of.population),
            communes: planned.map(|of| of.communes),
            quota: planned.and_then(|of| of.quota),
            clusters: vec![cluster],
            code,
        });
    }
    Some(strata)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use cchc_scoring::survey::plan::{Allocation, PacePoint};

    use super::*;

    fn shipped() -> PlanFolder {
        let plans = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/plans");
        PlanFolder::load(&plans.join("quang-ninh-2018")).unwrap()
    }

    #[test]
    fn whatever_a_survey_may_say_comes_back_too() {
        let mut folder = shipped();
        let survey = folder.surveys.last_mut().unwrap();
        (survey.quarantine_days, survey.retention_days) = (Some(30), Some(365));
        survey.questionnaire_code = Some("SIPAS-FORM".parse().unwrap());
        survey.questionnaire_version = Some("2018.1".parse().unwrap());
        survey.allocation = Some(Allocation::Proportional);
        survey.margin = Some("0.05".parse().unwrap());
        survey.design_effect = Some("1.5".parse().unwrap());
        survey.pace = vec![PacePoint { date: survey.opens, percent: 1 }];
        for stratum in &mut survey.strata {
            (stratum.population, stratum.communes) = (Some(9000), Some(12));
        }

        let back = decode(&encode(&folder).unwrap(), Path::new("plan.pb")).unwrap();

        assert_eq!(back.surveys, folder.surveys);
    }

    #[test]
    fn the_plan_of_2018_comes_back_from_its_message() {
        let folder = shipped();

        let bytes = encode(&folder).unwrap();

        assert_eq!(decode(&bytes, Path::new("a.pb")).unwrap(), folder);
    }

    #[test]
    fn everything_that_is_wrong_with_a_message_is_told() {
        let mut message = message(&shipped());
        message.surveys[0].questions.clear();
        message.surveys[1].minimum_cell = 1;
        message.units[3].code = "x".to_owned();

        let refused = decode(&message.encode_to_vec(), Path::new("a.pb")).unwrap_err();

        let paths: Vec<&str> = refused.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(paths, ["units[3].code", "surveys[0].questions", "surveys[1].minimum_cell"]);
        assert!(decode(b"not a message", Path::new("a.pb")).is_err());
    }
}
