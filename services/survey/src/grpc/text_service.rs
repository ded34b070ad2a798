//! `TextService`. What somebody wrote is told to whoever asks and may, and never logged.

use std::sync::Arc;

use cchc_core::Violations;
use cchc_kit::{
    page,
    server::{Caller, caller},
    to_status,
};
use cchc_proto::{
    convert,
    survey::v1::{
        ListTextViewsRequest, ListTextViewsResponse, ListTextsRequest, ListTextsResponse, TextView,
        WrittenText, text_service_server::TextService,
    },
};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::parse;
use crate::{
    app::{Asking, Opened, Surveys},
    domain::survey::Survey,
    store::{surveys::Stored, texts::View},
};

/// Before every text.
const FIRST: (Uuid, i16) = (Uuid::nil(), -1);

pub(super) struct Texts(pub(super) Arc<Surveys>);

impl Texts {
    /// Finds a survey that the caller reaches.
    async fn find(&self, caller: &Caller, code: &str) -> Result<Stored, Status> {
        let code = parse::survey_code(code).map_err(|e| to_status(&e))?;
        let stored = self.0.find(&code).await.map_err(|e| to_status(&e))?;
        caller.reach(&stored.survey.province).await.map_err(|e| to_status(&e))?;
        Ok(stored)
    }
}

#[tonic::async_trait]
impl TextService for Texts {
    async fn list_texts(
        &self,
        request: Request<ListTextsRequest>,
    ) -> Result<Response<ListTextsResponse>, Status> {
        let caller = caller(&request)?;
        let ListTextsRequest { survey_code, question_code, page_size, page_token } =
            request.into_inner();
        let size = page::size(page_size).map_err(|e| to_status(&e))?;
        let asked = format!("texts {survey_code} {question_code}");
        let after = page::after(&asked, &page_token).map_err(|e| to_status(&e))?;
        let stored = self.find(&caller, &survey_code).await?;
        let question = question(&stored.survey, &question_code).map_err(|e| to_status(&e))?;
        let asking = Asking {
            actor: caller.actor(),
            question: question.map(|place| (question_code.as_str(), place)),
            after: behind(&after).unwrap_or(FIRST),
            most: size,
        };
        let found = self.0.read_texts(&stored, &asking).await.map_err(|e| to_status(&e))?;
        // A page is remembered as it is given, so none is read ahead to see whether there is another.
        let is_full = usize::try_from(size).is_ok_and(|size| found.len() == size);
        let next_page_token = match found.last() {
            Some(last) if is_full => {
                page::token(&asked, &format!("{} {}", last.response_id, last.question_place))
            }
            _ => String::new(),
        };
        let texts = found.into_iter().map(|text| render(&stored.survey, text)).collect();
        Ok(Response::new(ListTextsResponse { texts, next_page_token }))
    }

    async fn list_text_views(
        &self,
        request: Request<ListTextViewsRequest>,
    ) -> Result<Response<ListTextViewsResponse>, Status> {
        let caller = caller(&request)?;
        let ListTextViewsRequest { survey_code, page_size, page_token } = request.into_inner();
        let size = page::size(page_size).map_err(|e| to_status(&e))?;
        let asked = format!("text views {survey_code}");
        let before = page::after(&asked, &page_token).map_err(|e| to_status(&e))?;
        let stored = self.find(&caller, &survey_code).await?;
        let before = before.parse().unwrap_or(i64::MAX);
        let found = self.0.text_views(&stored, before, size + 1).await;
        let mut found = found.map_err(|e| to_status(&e))?;
        let size = usize::try_from(size).unwrap_or_default();
        let has_more = found.len() > size;
        found.truncate(size);
        let next_page_token = match found.last() {
            Some(last) if has_more => page::token(&asked, &last.number.to_string()),
            _ => String::new(),
        };
        let views = found.into_iter().map(view).collect();
        Ok(Response::new(ListTextViewsResponse { views, next_page_token }))
    }
}

/// The place of a question of a text; nothing where none is named.
fn question(survey: &Survey, code: &str) -> Result<Option<i16>, Violations> {
    if code.is_empty() {
        return Ok(None);
    }
    let is_it = |place: &usize| {
        let question = survey.questions.get(*place);
        question.is_some_and(|of| of.code.as_str() == code && of.text_length().is_some())
    };
    let place = (0..survey.questions.len()).find(is_it).and_then(|at| i16::try_from(at).ok());
    convert::read(place, |c, place| {
        if place.is_none() {
            c.refuse(
                "question_code",
                "QUESTION_NOT_TEXT",
                format!("the survey has no question {code} that is answered in one's own words"),
                format!("cuộc khảo sát không có câu hỏi tự do {code}"),
            );
        }
        place.map(Some)
    })
}

/// The text behind which a page begins.
fn behind(after: &str) -> Option<(Uuid, i16)> {
    let (response, place) = after.split_once(' ')?;
    Some((response.parse().ok()?, place.parse().ok()?))
}

fn render(survey: &Survey, text: Opened) -> WrittenText {
    let at = |place: i16| usize::try_from(place).ok();
    let question = at(text.question_place).and_then(|place| survey.questions.get(place));
    let cluster = at(text.cluster_place).and_then(|place| survey.clusters.get(place));
    WrittenText {
        response_id: text.response_id.to_string(),
        question_code: question.map_or_else(String::new, |question| question.code.to_string()),
        cluster_code: cluster.map_or_else(String::new, |cluster| cluster.commune.to_string()),
        text: text.text,
    }
}

fn view(view: View) -> TextView {
    TextView {
        viewer: view.viewer,
        viewer_unit_code: view.viewer_unit_code,
        view_time: Some(convert::timestamp(view.at)),
        question_code: view.question_code,
        text_count: view.text_count,
    }
}
