//! The end of fieldwork: with the last interviewer home, the survey manager closes the surveys, and what
//! was held back for privacy comes out. Only then can a target be judged.

use cchc_proto::survey::v1::{CloseSurveyRequest, survey_service_client::SurveyServiceClient};

use crate::{
    connect::{QUESTION, Server, TokenFile},
    error::CliError,
    plan_files::PlanFolder,
    push::derived_id,
    up::place::Place,
};

/// Closes every survey of the plan; one that is closed stays as it is.
pub(super) async fn close(place: &Place, folder: &PlanFolder) -> Result<(), CliError> {
    let token = TokenFile { token_file: place.token("operator") };
    let server = Server::open(&place.grpc("survey"), &token)?;
    let mut client = SurveyServiceClient::new(server.channel());
    for survey in &folder.surveys {
        let survey_code = survey.code.to_string();
        let mut request = CloseSurveyRequest { request_id: String::new(), survey_code };
        request.request_id = derived_id("close-survey", "", &request);
        let closed = client.close_survey(server.request(request, QUESTION)).await;
        closed.map_err(|status| server.refused(&status))?;
    }
    Ok(())
}
