//! What surveys and their counts have told since samples are weighed and parts of the people told apart.

use cchc_proto::survey::{
    events::v1::{ResponsesTallied, SurveyOpened, responses_tallied::DomainTally},
    v1::Domain,
};

use crate::samples;

/// A survey that says what its responses weigh and by what its figures are told apart.
pub(crate) fn survey_with_domains() -> SurveyOpened {
    let mut opened = samples::survey_opened();
    if let Some(survey) = &mut opened.survey {
        let question_code = samples::text("Q30");
        survey.domains = vec![Domain { question_code, is_sensitive: true, is_consented: true }];
        for cluster in &mut survey.clusters {
            cluster.base_weight = samples::number("392.025");
            cluster.population_count = Some(5227);
        }
    }
    opened
}

/// Counts of everybody and of a part.
pub(crate) fn responses_by_domain() -> ResponsesTallied {
    let whole = samples::responses_tallied();
    let mut tally = whole.tallies.first().cloned();
    if let Some(tally) = &mut tally {
        (tally.satisfied_count, tally.valid_count, tally.not_answered_count) = (11, 14, -1);
        tally.counts = vec![-1, 1, 0, 2, 6, 5, 0, 0];
    }
    let (domain_question_code, domain_answer) = (samples::text("Q30"), samples::text("minority"));
    let part = DomainTally { domain_question_code, domain_answer, tally };
    ResponsesTallied { domain_tallies: vec![part], ..whole }
}
