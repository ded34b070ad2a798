//! The end of fieldwork: with the last interviewer home, the survey manager closes the surveys, and what
//! was held back for privacy comes out. Only then can a target be judged.

use crate::{
    connect::{Server, TokenFile},
    error::CliError,
    plan_files::PlanFolder,
    survey,
    up::place::Place,
};

/// Closes every survey of the plan; one that is closed stays as it is.
pub(super) async fn close(place: &Place, folder: &PlanFolder) -> Result<(), CliError> {
    let token = TokenFile { token_file: place.token("operator") };
    let server = Server::open(&place.grpc("survey"), &token)?;
    for asked in &folder.surveys {
        survey::close(&server, asked.code.as_str()).await?;
    }
    Ok(())
}
