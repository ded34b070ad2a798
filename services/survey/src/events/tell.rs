//! Facts in the words of the contract. None of them holds a response.

use cchc_core::SurveyCode;
use cchc_kit::db::DbError;
use cchc_proto::fact::Fact as _;
use cchc_proto::survey::{
    events::v1::{
        QuarantineTallied, ResponsesTallied, SurveyClosed, SurveyOpened, responses_tallied::Tally,
    },
    v1 as pb,
};

use prost::Message as _;

use crate::domain::{
    survey::{Cluster, Instrument, State, Survey},
    tally::{Parked, Sums},
};

pub(crate) fn opened(survey: &Survey) -> SurveyOpened {
    SurveyOpened { survey: Some(render(survey, State::Open)) }
}

pub(crate) fn closed(code: &SurveyCode) -> SurveyClosed {
    SurveyClosed { survey_code: code.to_string() }
}

/// Refused rows more, or fewer.
pub(crate) fn quarantined(code: &SurveyCode, parked: Parked) -> QuarantineTallied {
    QuarantineTallied {
        survey_code: code.to_string(),
        waiting_count: parked.waiting,
        given_up_count: parked.given_up,
    }
}

/// Counts to add, cluster by cluster in the survey's order; of questions that count for a node only, since
/// nobody outside needs the others.
pub(crate) fn tallied(survey: &Survey, sums: &Sums) -> ResponsesTallied {
    let tallies = sums.clusters().flat_map(|(place, tallies)| {
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        let cluster = survey.clusters.get(place);
        survey.questions.iter().zip(tallies).filter_map(move |(question, tally)| {
            let Cluster { stratum, commune, .. } = cluster.filter(|_| question.node.is_some())?;
            Some(Tally {
                question_code: question.code.to_string(),
                stratum_code: stratum.to_string(),
                cluster_code: commune.to_string(),
                satisfied_count: tally.satisfied,
                valid_count: tally.valid,
                not_answered_count: tally.not_answered,
            })
        })
    });
    ResponsesTallied {
        survey_code: survey.code.to_string(),
        response_count: sums.response_count,
        tallies: tallies.collect(),
    }
}

/// What of a survey's sums is to be told: of the questions that count for a node.
pub(crate) fn due(survey: &Survey, sums: &Sums) -> Sums {
    sums.of_questions(|place| survey.questions.get(place).is_some_and(|of| of.node.is_some()))
}

/// The subject under which a survey's sums are told.
pub(crate) fn subject_of_sums(code: &SurveyCode) -> String {
    ResponsesTallied { survey_code: code.to_string(), ..ResponsesTallied::default() }.subject()
}

/// Reads back what was told of a survey.
pub(crate) fn read_tallied(survey: &Survey, payload: &[u8]) -> Result<Sums, DbError> {
    let wrong = |why: &str| DbError::inconsistent("kit.outbox", "payload", &why);
    let told = ResponsesTallied::decode(payload).map_err(|error| wrong(&error.to_string()))?;
    let mut sums = Sums::of(told.response_count);
    let questions = survey.questions.len();
    for tally in told.tallies {
        let cluster =
            survey.clusters.iter().position(|of| of.commune.as_str() == tally.cluster_code);
        let question =
            survey.questions.iter().position(|of| of.code.as_str() == tally.question_code);
        let cluster = cluster.and_then(|place| i16::try_from(place).ok());
        let (Some(cluster), Some(question)) = (cluster, question) else {
            return Err(wrong("a cell that the survey does not have"));
        };
        let counts = cchc_scoring::survey::Tally {
            satisfied: tally.satisfied_count,
            valid: tally.valid_count,
            not_answered: tally.not_answered_count,
        };
        sums.add_cell(cluster, question, questions, counts);
    }
    Ok(sums)
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
        languages: survey.languages.iter().map(ToString::to_string).collect(),
        sections: survey.sections.iter().map(Into::into).collect(),
    }
}

fn cluster(cluster: &Cluster) -> pb::Cluster {
    pb::Cluster {
        stratum_code: cluster.stratum.to_string(),
        cluster_code: cluster.commune.to_string(),
        wanted_count: cluster.wanted_count,
    }
}
