//! `QuestionnaireService`.

use std::sync::Arc;

use cchc_core::{Collector, QuestionnaireCode, Violations};
use cchc_kit::{page, server::caller, to_status};
use cchc_proto::{
    convert,
    survey::v1::{
        GetQuestionnaireRequest, GetQuestionnaireResponse, ListQuestionnairesRequest,
        ListQuestionnairesResponse, RegisterQuestionnaireRequest, RegisterQuestionnaireResponse,
        RegisteredQuestionnaire, questionnaire_service_server::QuestionnaireService,
    },
};
use cchc_scoring::questionnaire::FormVersion;
use tonic::{Request, Response, Status};

use super::parse;
use crate::{app::Surveys, store::questionnaires::Registered};

pub(super) struct Questionnaires(pub(super) Arc<Surveys>);

#[tonic::async_trait]
impl QuestionnaireService for Questionnaires {
    async fn register_questionnaire(
        &self,
        request: Request<RegisterQuestionnaireRequest>,
    ) -> Result<Response<RegisterQuestionnaireResponse>, Status> {
        let caller = caller(&request)?;
        caller.reach_nothing();
        let request = request.into_inner();
        let method = "cchc.survey.v1.QuestionnaireService/RegisterQuestionnaire";
        let asked = parse::asked(caller.actor(), method, &request.request_id, &request)
            .map_err(|e| to_status(&e))?;
        let mut c = Collector::new();
        let form =
            convert::part(&mut c, "questionnaire", request.questionnaire, convert::questionnaire);
        let Some(form) = form else {
            let refused: Violations = c.finish::<()>(None).err().unwrap_or_default();
            return Err(to_status(&refused));
        };
        let registered = self.0.register(&asked, form, c).await.map_err(|e| to_status(&e))?;
        let registered = Some(render(&registered));
        Ok(Response::new(RegisterQuestionnaireResponse { registered }))
    }

    async fn get_questionnaire(
        &self,
        request: Request<GetQuestionnaireRequest>,
    ) -> Result<Response<GetQuestionnaireResponse>, Status> {
        caller(&request)?.reach_nothing();
        let request = request.into_inner();
        let (code, version) = convert::read(&request, wanted).map_err(|e| to_status(&e))?;
        let found = self.0.questionnaire(&code, &version).await.map_err(|e| to_status(&e))?;
        let registered = Some(render(&found));
        let questionnaire = Some((&found.form).into());
        Ok(Response::new(GetQuestionnaireResponse { questionnaire, registered }))
    }

    async fn list_questionnaires(
        &self,
        request: Request<ListQuestionnairesRequest>,
    ) -> Result<Response<ListQuestionnairesResponse>, Status> {
        caller(&request)?.reach_nothing();
        let request = request.into_inner();
        let size = page::size(request.page_size).map_err(|e| to_status(&e))?;
        let question = format!("questionnaires {}", request.code);
        let after = page::after(&question, &request.page_token).map_err(|e| to_status(&e))?;
        let code = convert::read(request, |c, request| c.parse_optional("code", &request.code));
        let code: Option<QuestionnaireCode> = code.map_err(|e| to_status(&e))?;
        let after = after.parse().unwrap_or_default();
        let found = self.0.questionnaires(code.as_ref(), after, size + 1).await;
        let mut found = found.map_err(|e| to_status(&e))?;
        let size = usize::try_from(size).unwrap_or_default();
        let has_more = found.len() > size;
        found.truncate(size);
        let next_page_token = match found.last() {
            Some(last) if has_more => page::token(&question, &last.number.to_string()),
            _ => String::new(),
        };
        let questionnaires = found.iter().map(render).collect();
        Ok(Response::new(ListQuestionnairesResponse { questionnaires, next_page_token }))
    }
}

fn wanted(
    c: &mut Collector,
    request: &GetQuestionnaireRequest,
) -> Option<(QuestionnaireCode, FormVersion)> {
    let (code, version) = (c.parse("code", &request.code), c.parse("version", &request.version));
    Some((code?, version?))
}

fn render(registered: &Registered) -> RegisteredQuestionnaire {
    let Registered { form, register_time, registrar, registrar_unit, .. } = registered;
    RegisteredQuestionnaire {
        code: form.code.to_string(),
        version: form.version.to_string(),
        title: form.title.clone(),
        question_count: i32::try_from(form.questions.len()).unwrap_or(i32::MAX),
        register_time: Some(convert::timestamp(*register_time)),
        registrar: registrar.clone(),
        registrar_unit_code: registrar_unit.clone(),
    }
}
