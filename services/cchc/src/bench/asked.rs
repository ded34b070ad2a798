//! What is measured on: of the plan a node that its lead scores, a node that its first survey feeds, and made-up
//! answers to that survey.

use std::{path::Path, sync::Arc};

use cchc_core::{ClusterCode, NodeId, PlanCode, SurveyCode, UnitCode, Year};
use cchc_proto::{convert::timestamp, survey::v1::IngestResponsesRequest};
use cchc_scoring::{
    catalogue::Source,
    questionnaire::{Compiled, Given, QuestionKind},
};
use time::{Duration, Time};

use super::load::{Responses, id, mixed};
use crate::{error::CliError, plan_files::PlanFolder};

/// What is measured on.
pub(super) struct Asked {
    pub(super) plan: PlanCode,
    pub(super) province: UnitCode,
    pub(super) year: Year,
    /// A node that its lead scores.
    pub(super) node: NodeId,
    pub(super) lead: UnitCode,
    /// A node that citizens score.
    pub(super) surveyed: NodeId,
    pub(super) survey: SurveyCode,
    answers: Arc<Answers>,
}

/// How answers to the survey are made up.
struct Answers {
    survey: SurveyCode,
    clusters: Vec<ClusterCode>,
    /// Answers of each question; none where something is to be written.
    offered: Vec<u64>,
    form: Compiled,
    answered: prost_types::Timestamp,
}

impl Asked {
    /// Reads a plan's folder.
    pub(super) fn read(plan: &Path) -> Result<Self, CliError> {
        let folder = PlanFolder::load(plan).map_err(CliError::Files)?;
        Self::of(&folder).ok_or_else(unmeasurable)
    }

    fn of(folder: &PlanFolder) -> Option<Self> {
        let scored = folder.indices.iter().flat_map(|index| {
            let own = index.nodes.iter().filter(|node| node.source == Source::SelfAssessed);
            own.filter_map(|node| Some((index.id(&node.code), node.lead.clone()?)))
        });
        let (node, lead) = scored.into_iter().next()?;
        let survey = folder.surveys.first()?;
        let surveyed = survey.questions.iter().find_map(|question| question.node.clone())?;
        let strata = survey.strata.iter().flat_map(|stratum| &stratum.clusters);
        let answers = survey.questions.iter().map(|question| match question.kind {
            QuestionKind::Number | QuestionKind::Text => 0,
            _ => question.scale().highest().into(),
        });
        let offered: Vec<u64> = answers.collect();
        let noon = Time::MIDNIGHT + Duration::hours(5);
        let answers = Answers {
            survey: survey.code.clone(),
            clusters: strata.map(|cluster| cluster.code.clone()).collect(),
            offered,
            form: survey.questionnaire().compile().ok()?,
            answered: timestamp(survey.opens.with_time(noon).assume_utc()),
        };
        Some(Self {
            plan: folder.plan.code.clone(),
            province: folder.plan.province.clone(),
            year: folder.plan.year,
            node,
            lead,
            surveyed,
            survey: survey.code.clone(),
            answers: Arc::new(answers),
        })
    }

    /// Responses to the survey.
    pub(super) fn responses(&self) -> Arc<dyn Responses> {
        Arc::<Answers>::clone(&self.answers)
    }
}

impl Responses for Answers {
    fn response(&self, n: u64) -> IngestResponsesRequest {
        let mut answers = vec![0; self.offered.len()];
        for (place, offered) in (0_u64..).zip(&self.offered) {
            let at = usize::try_from(place).unwrap_or_default();
            let is_asked = self.form.is_asked(at, &Given { answers: &answers, numbers: &[] });
            if let (true, Some(answer)) = (is_asked && *offered > 0, answers.get_mut(at)) {
                let chosen = mixed(n ^ mixed(place)) % offered;
                *answer = i32::try_from(chosen).unwrap_or_default() + 1;
            }
        }
        let places = u64::try_from(self.clusters.len()).unwrap_or(u64::MAX).max(1);
        let cluster = self.clusters.get(usize::try_from(n % places).unwrap_or_default());
        IngestResponsesRequest {
            response_id: id(n),
            survey_code: self.survey.to_string(),
            cluster_code: cluster.map(ToString::to_string).unwrap_or_default(),
            answers,
            answer_time: Some(self.answered),
            ..IngestResponsesRequest::default()
        }
    }
}

fn unmeasurable() -> CliError {
    CliError::unusable(
        "Kế hoạch phải có một mục tự đánh giá có đơn vị chủ trì và một cuộc khảo sát thì mới đo được.",
        "A plan can be measured when it has a self-assessed node with a lead, and a survey.",
    )
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn the_projects_own_plan_can_be_measured() {
        let plan = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/plans/quang-ninh-2018");
        let asked = Asked::read(Path::new(plan)).unwrap();

        let response = asked.responses().response(7);

        assert_eq!(response, asked.responses().response(7));
        assert_eq!(response.survey_code, asked.survey.to_string());
        assert!(response.answers.iter().all(|answer| (0..=5).contains(answer)));
        assert!(response.answers.iter().any(|answer| *answer > 0));
    }
}
