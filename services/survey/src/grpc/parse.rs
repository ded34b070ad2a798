//! From the contract to the domain: a survey read as far as it can be.

use cchc_core::{Collector, RequestId, SurveyCode, Violations};
use cchc_kit::idempotency::content_hash;
use cchc_proto::{
    convert::{self, limits},
    survey::v1 as pb,
};
use cchc_scoring::survey::domains::MOST_DOMAINS;

use crate::{
    app::Asked,
    domain::{
        opening::Draft,
        quality::{Flag, Policy, Rule},
        quarantine::DEFAULT_DAYS,
        survey::{AsksBy, Cluster, Instrument},
    },
};

/// Clusters of a survey; a province has fewer communes.
const MOST_CLUSTERS: usize = 2000;
/// Below which share of the median a response is fast where nobody says: a third.
const MEDIAN_PERCENT: i32 = 33;
/// Quality rules of a survey: there are fewer flags.
const MOST_RULES: usize = 16;
/// Responses one cluster may want.
const MOST_WANTED: i32 = 1_000_000;

/// Reads who asks for a change under which id.
pub(super) fn asked(
    actor: &cchc_core::Actor,
    method: &'static str,
    request_id: &str,
    message: &impl prost::Message,
) -> Result<Asked, Violations> {
    let hash = content_hash(message);
    let request_id =
        convert::read(request_id, |c, id: &str| c.parse::<RequestId>("request_id", id))?;
    Ok(Asked { actor: actor.clone(), method, request_id, hash })
}

/// Reads the code of a survey.
pub(super) fn survey_code(code: &str) -> Result<SurveyCode, Violations> {
    convert::read(code, |c, code: &str| c.parse("survey_code", code))
}

/// Reads a survey; what cannot be read is refused and left out.
pub(super) fn draft(c: &mut Collector, survey: Option<pb::Survey>) -> Draft {
    let Some(survey) = c.require("survey", survey) else { return Draft::default() };
    c.at("survey", |c| {
        // The state is ours to say; what a client sends back of it says nothing.
        let pb::Survey { code, plan_code, province_code, title, instrument, state: _, .. } =
            &survey;
        let (form, version) = (&survey.questionnaire_code, &survey.questionnaire_version);
        let is_named = !form.is_empty() || !version.is_empty();
        let asks_by = is_named.then(|| asks_by(c, form, version)).flatten();
        // A survey that asks by a registered version has its questions from there.
        let read_questions = if is_named && survey.questions.is_empty() { parts } else { some };
        Draft {
            code: c.parse("code", code),
            plan: c.parse("plan_code", plan_code),
            province: c.parse("province_code", province_code),
            title: convert::text::<500>(c, "title", title),
            instrument: self::instrument(c, *instrument),
            open_date: convert::date(c, "open_date", survey.open_date),
            close_date: convert::date(c, "close_date", survey.close_date),
            minimum_cell: convert::whole(c, "minimum_cell", survey.minimum_cell, 5..=100),
            release_after: convert::whole(c, "release_after", survey.release_after, 5..=10_000),
            quarantine_days: match survey.quarantine_days {
                0 => Some(DEFAULT_DAYS),
                days => convert::whole(c, "quarantine_days", days, 1..=365),
            },
            retention_days: match survey.retention_days {
                0 => Some(0),
                days => convert::whole(c, "retention_days", days, 30..=3650),
            },
            quality_rules: parts(
                c,
                "quality_rules",
                MOST_RULES,
                survey.quality_rules,
                quality_rule,
            ),
            asks_by,
            languages: convert::languages(c, survey.languages).unwrap_or_default(),
            sections: parts(c, "sections", limits::SECTIONS, survey.sections, convert::section),
            questions: read_questions(
                c,
                "questions",
                limits::QUESTIONS,
                survey.questions,
                convert::question,
            ),
            clusters: some(c, "clusters", MOST_CLUSTERS, survey.clusters, cluster),
            sample: {
                let plan = survey.sample_plan;
                convert::optional_part(c, "sample_plan", plan, convert::sample_plan).flatten()
            },
            domains: parts(c, "domains", MOST_DOMAINS, survey.domains, convert::domain),
        }
    })
}

/// Reads which registered version a survey asks by.
fn asks_by(c: &mut Collector, questionnaire: &str, version: &str) -> Option<AsksBy> {
    let questionnaire = c.parse("questionnaire_code", questionnaire);
    let version = c.parse("questionnaire_version", version);
    Some(AsksBy { questionnaire: questionnaire?, version: version? })
}

/// Reads a list that must not be empty, keeping the places of what could not be read.
fn some<M, T>(
    c: &mut Collector,
    field: &str,
    most: usize,
    messages: Vec<M>,
    read: impl FnMut(&mut Collector, M) -> Option<T>,
) -> Vec<Option<T>> {
    if messages.is_empty() {
        c.refuse(field, "REQUIRED", "is required", "là trường bắt buộc");
    }
    parts(c, field, most, messages, read)
}

/// Reads a list, keeping the places of what could not be read.
fn parts<M, T>(
    c: &mut Collector,
    field: &str,
    most: usize,
    messages: Vec<M>,
    mut read: impl FnMut(&mut Collector, M) -> Option<T>,
) -> Vec<Option<T>> {
    let mut parts = Vec::with_capacity(messages.len().min(most));
    convert::list(c, field, most, messages, |c, message| {
        parts.push(read(c, message));
        Some(())
    });
    parts
}

/// Reads below which share of the median a response is fast, in per cent.
pub(super) fn median_percent(percent: i32) -> Result<i32, Violations> {
    convert::read(percent, |c, percent| match percent {
        0 => Some(MEDIAN_PERCENT),
        percent => convert::whole(c, "median_percent", percent, 1..=99),
    })
}

fn instrument(c: &mut Collector, number: i32) -> Option<Instrument> {
    convert::choice(c, "instrument", number, |value| match value {
        pb::survey::Instrument::Unspecified => None,
        pb::survey::Instrument::NationalSipas => Some(Instrument::NationalSipas),
        pb::survey::Instrument::Provincial => Some(Instrument::Provincial),
        pb::survey::Instrument::PapiLike => Some(Instrument::PapiLike),
        pb::survey::Instrument::District => Some(Instrument::District),
    })
}

fn cluster(c: &mut Collector, cluster: pb::Cluster) -> Option<Cluster> {
    let pb::Cluster { stratum_code, cluster_code, wanted_count, base_weight, population_count } =
        cluster;
    let stratum = c.parse("stratum_code", &stratum_code);
    let commune = c.parse("cluster_code", &cluster_code);
    let wanted_count = convert::whole(c, "wanted_count", wanted_count, 1..=MOST_WANTED);
    let base_weight = convert::base_weight(c, "base_weight", base_weight);
    let population = convert::population(c, "population_count", population_count);
    Some(Cluster {
        stratum: stratum?,
        commune: commune?,
        wanted_count: wanted_count?,
        base_weight: base_weight?,
        population: population?,
    })
}

fn quality_rule(c: &mut Collector, rule: pb::QualityRule) -> Option<Rule> {
    let pb::QualityRule { flag, policy, limit } = rule;
    let flag = convert::choice(c, "flag", flag, |flag| match flag {
        pb::QualityFlag::Unspecified => None,
        pb::QualityFlag::SameRespondent => Some(Flag::SameRespondent),
        pb::QualityFlag::Speeder => Some(Flag::Speeder),
        pb::QualityFlag::StraightLining => Some(Flag::StraightLining),
        pb::QualityFlag::ImpossibleTime => Some(Flag::ImpossibleTime),
        pb::QualityFlag::CodeReused => Some(Flag::CodeReused),
        pb::QualityFlag::InterviewerShare => Some(Flag::InterviewerShare),
    });
    let policy = convert::choice(c, "policy", policy, |policy| match policy {
        pb::quality_rule::Policy::Unspecified => None,
        pb::quality_rule::Policy::Ignore => Some(Policy::Ignore),
        pb::quality_rule::Policy::Flag => Some(Policy::Flag),
        pb::quality_rule::Policy::Exclude => Some(Policy::Exclude),
    });
    Some(Rule { flag: flag?, policy: policy?, limit })
}
