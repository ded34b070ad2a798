//! Facts in the words of the contract. None of them holds a response.

mod told;

use cchc_core::SurveyCode;
use cchc_proto::survey::{
    events::v1::{
        QuarantineTallied, ResponsesTallied, StratumOutlookChanged, SurveyClosed, SurveyOpened,
        responses_tallied::{self, DomainTally, Tally},
    },
    v1 as pb,
};
use cchc_proto::{convert, fact::Fact as _};
use cchc_scoring::questionnaire::{Question, Scale};

pub(crate) use self::told::Told;
use crate::domain::{
    flagged::Flagged,
    outlook::Foreseen,
    quality::{Flag, Policy, Rule},
    survey::{Cluster, Instrument, State, Survey},
    tally::{Of, Parked, Sums},
};

pub(crate) fn opened(survey: &Survey) -> SurveyOpened {
    SurveyOpened { survey: Some(render(survey, State::Open)) }
}

pub(crate) fn closed(code: &SurveyCode) -> SurveyClosed {
    SurveyClosed { survey_code: code.to_string() }
}

/// A stratum is foreseen otherwise than before.
pub(crate) fn foreseen(code: &SurveyCode, of: &Foreseen) -> StratumOutlookChanged {
    StratumOutlookChanged {
        survey_code: code.to_string(),
        outlook: Some(convert::stratum_outlook(&of.stratum, &of.outlook)),
        foresee_date: Some(of.day.into()),
        version: of.version.into(),
    }
}

/// Refused rows more, or fewer.
pub(crate) fn quarantined(code: &SurveyCode, parked: Parked) -> QuarantineTallied {
    QuarantineTallied {
        survey_code: code.to_string(),
        waiting_count: parked.waiting,
        given_up_count: parked.given_up,
    }
}

/// Counts to add, cluster by cluster in the survey's order; of questions that count for a node and of numbers only,
/// since nobody outside needs the others. By domain those alone that moved.
pub(crate) fn tallied(survey: &Survey, sums: &Sums, flagged: &Flagged) -> ResponsesTallied {
    let layout = survey.layout();
    let (mut tallies, mut domain_tallies) = (Vec::new(), Vec::new());
    for (place, counts) in sums.clusters() {
        let cluster = usize::try_from(place).ok().and_then(|place| survey.clusters.get(place));
        let Some(cluster) = cluster else { continue };
        for (of, scale, cell) in layout.cells(counts) {
            let question = survey.questions.get(of.question).filter(|of| of.is_told());
            let Some(question) = question else { continue };
            if of.domain.is_none() {
                tallies.push(tally(cluster, question, scale, cell));
                continue;
            }
            let moved = cell.iter().any(|count| *count != 0);
            let names = domain_names(survey, of).filter(|_| moved);
            domain_tallies.extend(names.map(|(domain_question_code, domain_answer)| {
                let tally = Some(tally(cluster, question, scale, cell));
                DomainTally { domain_question_code, domain_answer, tally }
            }));
        }
    }
    ResponsesTallied {
        survey_code: survey.code.to_string(),
        response_count: sums.response_count,
        tallies,
        flags: flagged.flags().map(self::flagged).collect(),
        excluded_count: flagged.excluded,
        domain_tallies,
    }
}

fn tally(cluster: &Cluster, question: &Question, scale: Scale, cell: &[i64]) -> Tally {
    let tally = scale.tally(cell);
    Tally {
        question_code: question.code.to_string(),
        stratum_code: cluster.stratum.to_string(),
        cluster_code: cluster.commune.to_string(),
        satisfied_count: tally.satisfied,
        valid_count: tally.valid,
        not_answered_count: tally.not_answered,
        counts: cell.to_vec(),
    }
}

/// The question of a cell's domain and the name of the answer; nothing of a cell that counts all responses.
pub(crate) fn domain_names(survey: &Survey, of: Of) -> Option<(String, String)> {
    let (domain, answer) = of.domain?;
    let domain = survey.domains.get(domain)?;
    let question = survey.questions.iter().find(|question| question.code == domain.question)?;
    let name = question.answer_names().into_iter().nth(usize::from(answer).checked_sub(1)?)?;
    Some((question.code.to_string(), name))
}

fn flagged((flag, flagged_count, excluded_count): (Flag, i64, i64)) -> responses_tallied::Flagged {
    let flag = render_flag(flag).into();
    responses_tallied::Flagged { flag, flagged_count, excluded_count }
}

/// A flag in the words of the contract.
pub(crate) const fn render_flag(flag: Flag) -> pb::QualityFlag {
    match flag {
        Flag::SameRespondent => pb::QualityFlag::SameRespondent,
        Flag::Speeder => pb::QualityFlag::Speeder,
        Flag::StraightLining => pb::QualityFlag::StraightLining,
        Flag::ImpossibleTime => pb::QualityFlag::ImpossibleTime,
        Flag::CodeReused => pb::QualityFlag::CodeReused,
        Flag::InterviewerShare => pb::QualityFlag::InterviewerShare,
    }
}

/// What of a survey's sums is to be told: of the questions that count for a node, and of numbers.
pub(crate) fn due(survey: &Survey, sums: &Sums) -> Sums {
    let is_told = |place: usize| survey.questions.get(place).is_some_and(Question::is_told);
    sums.of_questions(&survey.layout(), is_told)
}

/// The subject under which a survey's sums are told.
pub(crate) fn subject_of_sums(code: &SurveyCode) -> String {
    ResponsesTallied { survey_code: code.to_string(), ..ResponsesTallied::default() }.subject()
}

/// A survey in the words of the contract.
pub(crate) fn render(survey: &Survey, state: State) -> pb::Survey {
    let state = match state {
        State::Open => pb::survey::State::Open,
        State::Closed => pb::survey::State::Closed,
    };
    let instrument = match survey.instrument {
        Instrument::NationalSipas => pb::survey::Instrument::NationalSipas,
        Instrument::Provincial => pb::survey::Instrument::Provincial,
        Instrument::PapiLike => pb::survey::Instrument::PapiLike,
        Instrument::District => pb::survey::Instrument::District,
    };
    let asks_by = survey.asks_by.as_ref();
    pb::Survey {
        code: survey.code.to_string(),
        plan_code: survey.plan.to_string(),
        province_code: survey.province.to_string(),
        title: survey.title.clone(),
        instrument: instrument.into(),
        state: state.into(),
        open_date: Some(survey.open_date.into()),
        close_date: Some(survey.close_date.into()),
        minimum_cell: survey.minimum_cell,
        release_after: survey.release_after,
        questions: survey.questions.iter().map(Into::into).collect(),
        clusters: survey.clusters.iter().map(cluster).collect(),
        quarantine_days: survey.quarantine_days,
        retention_days: survey.retention_days,
        quality_rules: survey.quality_rules.iter().copied().map(rule).collect(),
        languages: survey.languages.iter().map(ToString::to_string).collect(),
        sections: survey.sections.iter().map(Into::into).collect(),
        sample_plan: survey.sample.as_ref().map(Into::into),
        domains: survey.domains.iter().map(Into::into).collect(),
        questionnaire_code: asks_by.map_or(String::new(), |by| by.questionnaire.to_string()),
        questionnaire_version: asks_by.map_or(String::new(), |by| by.version.to_string()),
    }
}

fn cluster(cluster: &Cluster) -> pb::Cluster {
    pb::Cluster {
        stratum_code: cluster.stratum.to_string(),
        cluster_code: cluster.commune.to_string(),
        wanted_count: cluster.wanted_count,
        base_weight: cluster.base_weight.map(Into::into),
        population_count: cluster.population,
    }
}

fn rule(rule: Rule) -> pb::QualityRule {
    let policy = match rule.policy {
        Policy::Ignore => pb::quality_rule::Policy::Ignore,
        Policy::Flag => pb::quality_rule::Policy::Flag,
        Policy::Exclude => pb::quality_rule::Policy::Exclude,
    };
    pb::QualityRule {
        flag: render_flag(rule.flag).into(),
        policy: policy.into(),
        limit: rule.limit,
    }
}
