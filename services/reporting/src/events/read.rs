//! From the messages of events to facts. Everything is checked, since what cannot be understood is
//! parked with its reason instead of being scored.

mod document;
mod scorecard;

use std::collections::BTreeMap;

use cchc_core::{ClusterCode, Collector, QuestionCode, SurveyCode, UnitCode};
use cchc_kit::inbox::{HearError, Heard};
use cchc_proto::{
    assignment::{
        events::v1::{
            AppraisalDecided, AssessmentSubmitted, AssignmentProgressed, AssignmentReassigned,
            MeasurementRecorded, PlanExpanded, ScorecardChanged,
        },
        v1::{self as assignment, assignment::State},
    },
    convert::{self, choice, optional_date, optional_quantity, part, points},
    registry::events::v1::{
        CrosswalkPublished, FindingAcknowledged, IndexPublished, PlanPublished, ResultsPublished,
        UnitsChanged,
    },
    survey::{
        events::v1::{
            QuarantineTallied, ResponsesTallied, StratumOutlookChanged, SurveyClosed, SurveyOpened,
            responses_tallied,
        },
        v1 as survey,
    },
};
use cchc_scoring::{
    questionnaire::Question,
    survey::{
        Tally, domains,
        drawn::{Drawn, DrawnCluster},
    },
    variable::Reported,
};
use prost::Name;

use crate::domain::{
    answers::Answers,
    by_domain::{Domain, DomainAnswer, Part, PartCount},
    fact::{
        Appraisal, Asked, Assessment, Assignment, AssignmentState, Fact, Measurement,
        MeasurementKey, NodeKey, Survey,
    },
    flagged::{Bearing, Flagged, QualityFlag},
    numbers::AskedNumber,
    published::PublishedResults,
    quarantined::Quarantined,
    shortfall::Outlook,
};

/// More answers than people have ever lived in the country: keeps every sum of counts in its range.
const MOST_ANSWERS: i64 = 1_000_000_000_000;
/// The same of a cell's numbers, which are counts or, of a number, sums of limbs of 32 bits: four million answers
/// of a commune at once.
const MOST_OF_CELL: i64 = 1 << 54;

/// Reads the fact an event carries; nothing for types of other versions.
pub(super) fn fact(heard: &Heard<'_>) -> Result<Option<Fact>, HearError> {
    let name = heard.type_name();
    macro_rules! first_of {
        ($($message:ty => $read:expr,)+) => {$(
            if name == <$message>::full_name() {
                let message: $message = heard.decode()?;
                return Ok(Some(convert::read(message, $read)?));
            }
        )+};
    }
    first_of! {
        UnitsChanged => |c, told: UnitsChanged| {
            c.each("units", told.units, convert::unit).map(Fact::UnitsChanged)
        },
        IndexPublished => |c, told: IndexPublished| {
            part(c, "index", told.index, convert::index).map(Box::new).map(Fact::IndexPublished)
        },
        PlanPublished => plan_published,
        FindingAcknowledged => |c, told: FindingAcknowledged| {
            let said = part(c, "acknowledgement", told.acknowledgement, convert::acknowledgement);
            said.map(Fact::Acknowledged)
        },
        ResultsPublished => results_published,
        CrosswalkPublished => document::crosswalk,
        PlanExpanded => |c, told: PlanExpanded| {
            c.each("assignments", told.assignments, assigned).map(Fact::Assigned)
        },
        AssignmentProgressed => progressed,
        AssignmentReassigned => reassigned,
        MeasurementRecorded => |c, told: MeasurementRecorded| {
            part(c, "measurement", told.measurement, measurement).map(Fact::Measured)
        },
        AssessmentSubmitted => |c, told: AssessmentSubmitted| {
            part(c, "assessment", told.assessment, assessment).map(Fact::Assessed)
        },
        AppraisalDecided => appraised,
        ScorecardChanged => scorecard::changed,
        SurveyOpened => |c, told: SurveyOpened| {
            part(c, "survey", told.survey, opened).map(Fact::SurveyOpened)
        },
        ResponsesTallied => tallied,
        QuarantineTallied => quarantined,
        StratumOutlookChanged => foreseen,
        SurveyClosed => |c, told: SurveyClosed| {
            c.parse("survey_code", &told.survey_code).map(Fact::SurveyClosed)
        },
    }
    Ok(None)
}

fn progressed(c: &mut Collector, told: AssignmentProgressed) -> Option<Fact> {
    part(c, "assignment", told.assignment, assigned).map(|now| Fact::Assigned(vec![now]))
}

/// Both sides of a move at once; of an export the one it tells.
fn reassigned(c: &mut Collector, told: AssignmentReassigned) -> Option<Fact> {
    let from = convert::optional_part(c, "from", told.from, assigned);
    let to = convert::optional_part(c, "to", told.to, assigned);
    Some(Fact::Assigned([from?, to?].into_iter().flatten().collect()))
}

fn plan_published(c: &mut Collector, told: PlanPublished) -> Option<Fact> {
    let plan = part(c, "plan", told.plan, convert::plan);
    let findings = c.each("findings", told.findings, convert::finding);
    Some(Fact::PlanPublished { plan: Box::new(plan?), findings: findings? })
}

fn results_published(c: &mut Collector, told: ResultsPublished) -> Option<Fact> {
    let results = part(c, "results", told.results, convert::results);
    let revision = version(c, told.revision);
    let heard = PublishedResults { revision: revision?, results: results? };
    Some(Fact::ResultsPublished(Box::new(heard)))
}

#[expect(clippy::needless_pass_by_value, reason = "a reader takes its message")]
fn assigned(c: &mut Collector, told: assignment::Assignment) -> Option<Assignment> {
    let id = c.parse("assignment_id", &told.assignment_id);
    let plan = c.parse("plan_code", &told.plan_code);
    let task = c.parse("task_number", &told.task_number);
    let unit = c.parse("unit_code", &told.unit_code);
    let state = choice(c, "state", told.state, |state| match state {
        State::Unspecified => None,
        // Taken on is not begun; confirmed is what the unit said and more.
        State::Assigned | State::Accepted => Some(AssignmentState::Assigned),
        State::InProgress => Some(AssignmentState::InProgress),
        State::Returned => Some(AssignmentState::Returned),
        State::Reassigned => Some(AssignmentState::Reassigned),
        State::Submitted | State::Confirmed => Some(AssignmentState::Submitted),
    });
    let last_date = optional_date(c, "last_date", told.last_date);
    let done_date = optional_date(c, "done_date", told.done_date);
    let version = version(c, told.version);
    Some(Assignment {
        id: id?,
        plan: plan?,
        task: task?,
        unit: unit?,
        state: state?,
        last_date: last_date?,
        done_date: done_date?,
        version: version?,
    })
}

fn measurement(c: &mut Collector, told: assignment::Measurement) -> Option<Measurement> {
    let id = c.parse("measurement_id", &told.measurement_id);
    let unit = c.parse("unit_code", &told.unit_code);
    let variable = c.parse("variable_code", &told.variable_code);
    let period = c.parse("period", &told.period);
    let version = version(c, told.version);
    let reported = if told.is_retracted {
        Some(None)
    } else {
        let numerator = convert::quantity(c, "numerator", told.numerator);
        let denominator = optional_quantity(c, "denominator", told.denominator);
        numerator
            .zip(denominator)
            .map(|(numerator, denominator)| Some(Reported { numerator, denominator }))
    };
    Some(Measurement {
        id: id?,
        key: MeasurementKey { unit: unit?, variable: variable?, period: period? },
        version: version?,
        reported: reported?,
        evidence: told.evidence,
    })
}

fn assessment(c: &mut Collector, told: assignment::Assessment) -> Option<Assessment> {
    let id = c.parse("assessment_id", &told.assessment_id);
    let key = node_key(c, &told.plan_code, &told.node_id);
    let unit = c.parse("unit_code", &told.unit_code);
    let version = version(c, told.version);
    let points = points(c, "points", told.points);
    let documents = c.each("documents", told.documents, document::cited);
    Some(Assessment {
        id: id?,
        key: key?,
        unit: unit?,
        version: version?,
        points: points?,
        evidence: told.evidence,
        explanation: told.explanation,
        documents: documents?,
    })
}

fn appraised(c: &mut Collector, told: AppraisalDecided) -> Option<Fact> {
    let key = node_key(c, &told.plan_code, &told.node_id);
    let appraisal = part(c, "appraisal", told.appraisal, |c, told| {
        let id = c.parse("appraisal_id", &told.appraisal_id);
        let version = version(c, told.version);
        let points = points(c, "points", told.points);
        let documents = c.each("documents", told.documents, document::cited);
        Some(Appraisal {
            id: id?,
            key: key?,
            version: version?,
            assessment_version: told.assessment_version,
            points: points?,
            reason: told.reason,
            documents: documents?,
        })
    });
    appraisal.map(Fact::Appraised)
}

fn node_key(c: &mut Collector, plan: &str, node: &str) -> Option<NodeKey> {
    let plan = c.parse("plan_code", plan);
    let node = c.parse("node_id", node);
    Some(NodeKey { plan: plan?, node: node? })
}

fn opened(c: &mut Collector, told: survey::Survey) -> Option<Survey> {
    let code = c.parse("code", &told.code);
    let plan = c.parse("plan_code", &told.plan_code);
    let minimum = convert::whole(c, "minimum_cell", told.minimum_cell, 0..=u32::MAX / 2);
    let questions = c.each("questions", told.questions, convert::question);
    let domains = c.each("domains", told.domains, convert::domain);
    let drawn = drawn(c, told.clusters, told.sample_plan);
    let (questions, domains) = (questions?, domains?);
    let domains = domains.iter().filter_map(|of| domain(of, &questions)).collect();
    let numbers = questions.iter().filter_map(AskedNumber::of).collect();
    Some(Survey {
        code: code?,
        plan: plan?,
        title: told.title,
        minimum_cell: minimum?,
        questions: questions
            .into_iter()
            // One that counts for no node is nothing to the rollup.
            .filter_map(|question| Some((question.code.clone(), asked(question)?)))
            .collect::<BTreeMap<_, _>>(),
        numbers,
        drawn: drawn?,
        domains,
    })
}

/// A domain with the words of its question.
fn domain(of: &domains::Domain, questions: &[Question]) -> Option<Domain> {
    let question = questions.iter().find(|question| question.code == of.question)?;
    let answers = question.answer_names().into_iter().zip(question.answer_texts());
    Some(Domain {
        question: question.code.clone(),
        text: question.text.clone(),
        answers: answers.map(|(name, text)| DomainAnswer { name, text }).collect(),
    })
}

fn asked(question: Question) -> Option<Asked> {
    let answers = question.answer_names();
    Some(Asked { node: question.node?, answers })
}

/// How the sample was drawn: the communes, and how many there are of them.
fn drawn(
    c: &mut Collector,
    clusters: Vec<survey::Cluster>,
    plan: Option<survey::SamplePlan>,
) -> Option<Drawn> {
    let clusters = c.each("clusters", clusters, |c, of: survey::Cluster| {
        let code = c.parse("cluster_code", &of.cluster_code);
        let stratum = c.parse("stratum_code", &of.stratum_code);
        let base_weight = convert::base_weight(c, "base_weight", of.base_weight);
        let population = convert::population(c, "population_count", of.population_count);
        let (base_weight, population) = (base_weight?, population?);
        Some((code?, DrawnCluster { stratum: stratum?, base_weight, population }))
    });
    let strata = plan.map(|plan| plan.strata).unwrap_or_default();
    let communes = c.each("sample_plan.strata", strata, |c, of: survey::sample_plan::Stratum| {
        let code = c.parse("stratum_code", &of.stratum_code);
        Some((code?, i64::from(of.commune_count)))
    });
    Some(Drawn {
        clusters: clusters?.into_iter().collect(),
        communes: communes?.into_iter().collect(),
    })
}

fn tallied(c: &mut Collector, told: ResponsesTallied) -> Option<Fact> {
    let survey: Option<SurveyCode> = c.parse("survey_code", &told.survey_code);
    let counts = c.each("tallies", told.tallies, tally);
    let by_domain = c.each("domain_tallies", told.domain_tallies, part_count);
    let flagged = flagged(c, told.excluded_count, told.flags);
    let (counts, by_domain) = (counts?, by_domain?);
    Some(Fact::Tallied { survey: survey?, counts, by_domain, flagged: flagged? })
}

fn tally(
    c: &mut Collector,
    told: responses_tallied::Tally,
) -> Option<(QuestionCode, ClusterCode, Answers)> {
    let question = c.parse("question_code", &told.question_code);
    let cluster = c.parse("cluster_code", &told.cluster_code);
    let counts = c.each("counts", told.counts, |c, number| within(c, "", number, MOST_OF_CELL));
    let tally = Tally {
        satisfied: count(c, "satisfied_count", told.satisfied_count)?,
        valid: count(c, "valid_count", told.valid_count)?,
        not_answered: count(c, "not_answered_count", told.not_answered_count)?,
    };
    Some((question?, cluster?, Answers { tally, counts: counts? }))
}

/// Counts of those who gave an answer to a domain.
fn part_count(c: &mut Collector, told: responses_tallied::DomainTally) -> Option<PartCount> {
    let domain = c.parse("domain_question_code", &told.domain_question_code);
    let (question, cluster, answers) = part(c, "tally", told.tally, tally)?;
    let part = Part { question: domain?, answer: told.domain_answer };
    Some(PartCount { part, question, cluster, answers })
}

fn flagged(
    c: &mut Collector,
    excluded: i64,
    flags: Vec<responses_tallied::Flagged>,
) -> Option<Flagged> {
    let excluded = count(c, "excluded_count", excluded);
    let flags = c.each("flags", flags, |c, told: responses_tallied::Flagged| {
        let flag = choice(c, "flag", told.flag, |flag: survey::QualityFlag| {
            QualityFlag::read(i16::try_from(i32::from(flag)).ok()?)
        });
        let flagged = count(c, "flagged_count", told.flagged_count);
        let excluded = count(c, "excluded_count", told.excluded_count);
        Some((flag?, Bearing { flagged: flagged?, excluded: excluded? }))
    });
    let mut flagged = Flagged::default();
    flagged.excluded = excluded?;
    for (flag, bearing) in flags? {
        flagged.add(flag, bearing);
    }
    Some(flagged)
}

#[expect(clippy::needless_pass_by_value, reason = "a reader takes its message")]
fn quarantined(c: &mut Collector, told: QuarantineTallied) -> Option<Fact> {
    let survey: Option<SurveyCode> = c.parse("survey_code", &told.survey_code);
    let waiting = count(c, "waiting_count", told.waiting_count);
    let given_up = count(c, "given_up_count", told.given_up_count);
    let rows = Quarantined { waiting: waiting?, given_up: given_up? };
    Some(Fact::Quarantined { survey: survey?, rows })
}

fn foreseen(c: &mut Collector, told: StratumOutlookChanged) -> Option<Fact> {
    let survey: Option<SurveyCode> = c.parse("survey_code", &told.survey_code);
    let version = version(c, told.version);
    let day = convert::date(c, "foresee_date", told.foresee_date);
    let of = part(c, "outlook", told.outlook, |c, of| {
        let stratum: Option<UnitCode> = c.parse("stratum_code", &of.stratum_code);
        let quota = count(c, "quota_count", of.quota_count);
        let stored = count(c, "stored_count", of.stored_count);
        Some((stratum?, quota?, stored?, of.foreseen_count, of.will_miss))
    });
    let (stratum, quota, stored, foreseen, will_miss) = of?;
    let outlook = Outlook { version: version?, will_miss, quota, stored, foreseen, day: day? };
    Some(Fact::Foreseen { survey: survey?, stratum, outlook })
}

fn version(c: &mut Collector, version: i64) -> Option<i64> {
    if version < 1 {
        c.refuse("version", "OUT_OF_RANGE", "must be at least 1", "phải từ 1 trở lên");
        return None;
    }
    Some(version)
}

/// Reads a count to add; negative for answers taken back.
fn count(c: &mut Collector, field: &str, count: i64) -> Option<i64> {
    within(c, field, count, MOST_ANSWERS)
}

fn within(c: &mut Collector, field: &str, count: i64, most: i64) -> Option<i64> {
    if !(-most..=most).contains(&count) {
        c.refuse(field, "OUT_OF_RANGE", "is no count of answers", "không phải là số câu trả lời");
        return None;
    }
    Some(count)
}
