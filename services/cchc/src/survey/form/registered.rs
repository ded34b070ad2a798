//! `cchc survey form list|show|register|diff`: versions of questionnaires, kept by the survey service, and
//! two of them side by side. A version is a file, or `CODE@VERSION` at the service.

use std::path::{Path, PathBuf};

use cchc_core::{Collector, Fault as _};
use cchc_proto::{
    convert,
    survey::v1::{
        GetQuestionnaireRequest, ListQuestionnairesRequest, RegisterQuestionnaireRequest,
        RegisteredQuestionnaire, questionnaire_service_client::QuestionnaireServiceClient,
    },
};
use cchc_scoring::questionnaire::{Comparison, Likeness, Questionnaire, compare};
use clap::Args;
use serde_json::json;
use tonic::transport::Channel;

use crate::{
    connect::{QUESTION, Server, TokenFile},
    contract_json,
    error::CliError,
    output::{Output, align_right},
    push::derived_id,
    say::Lang,
};

/// The service that keeps versions.
#[derive(Debug, Args)]
pub(super) struct At {
    /// Address of the survey service
    #[arg(long, value_name = "URL")]
    survey: String,
    #[command(flatten)]
    token: TokenFile,
}

/// The service, where a version may be a file as well.
#[derive(Debug, Args)]
pub(super) struct MaybeAt {
    /// Address of the survey service, for versions it keeps
    #[arg(long, value_name = "URL", requires = "token_file")]
    survey: Option<String>,
    /// File with the token that says who you are
    #[arg(long, value_name = "FILE", env = "CCHC_TOKEN_FILE")]
    token_file: Option<PathBuf>,
}

fn client(server: &Server) -> QuestionnaireServiceClient<Channel> {
    QuestionnaireServiceClient::new(server.channel())
}

/// Registers a version for good; one that is there with the same content stays as it is.
pub(super) async fn register(form: &Path, at: &At, output: &Output) -> Result<(), CliError> {
    let form = super::read(form)?;
    let server = Server::open(&at.survey, &at.token)?;
    let mut request = RegisterQuestionnaireRequest {
        request_id: String::new(),
        questionnaire: Some((&form).into()),
    };
    request.request_id = derived_id("questionnaire", "", &request);
    let answer = client(&server).register_questionnaire(server.request(request, QUESTION)).await;
    let answer = answer.map_err(|status| server.refused(&status))?.into_inner();
    if output.is_json() {
        return output.json(&contract_json::json(&answer));
    }
    let (code, version) = (&form.code, &form.version);
    output.line(match output.lang() {
        Lang::Vi => format!("Đã đăng ký {code}@{version}; phiên bản này không thay đổi nữa."),
        Lang::En => format!("Registered {code}@{version}; it does not change any more."),
    })
}

/// Lists the versions that are kept.
pub(super) async fn list(code: Option<&str>, at: &At, output: &Output) -> Result<(), CliError> {
    let server = Server::open(&at.survey, &at.token)?;
    let mut ask = ListQuestionnairesRequest {
        code: code.unwrap_or_default().to_owned(),
        page_size: 200,
        page_token: String::new(),
    };
    let mut all: Vec<RegisteredQuestionnaire> = Vec::new();
    loop {
        let answer =
            client(&server).list_questionnaires(server.request(ask.clone(), QUESTION)).await;
        let answer = answer.map_err(|status| server.refused(&status))?.into_inner();
        all.extend(answer.questionnaires);
        if answer.next_page_token.is_empty() {
            break;
        }
        ask.page_token = answer.next_page_token;
    }
    if output.is_json() {
        let all: Vec<_> = all.iter().map(contract_json::json).collect();
        return output.json(&json!(all));
    }
    let mut table = output.table(match output.lang() {
        Lang::Vi => ["Phiếu", "Phiên bản", "Tiêu đề", "Số câu", "Người đăng ký"],
        Lang::En => ["Questionnaire", "Version", "Title", "Questions", "Registered by"],
    });
    for one in &all {
        let count = one.question_count.to_string();
        table.add_row([one.code.as_str(), &one.version, &one.title, &count, &one.registrar]);
    }
    align_right(&mut table, [3]);
    output.line(table)
}

/// Prints a version as a questionnaire file.
pub(super) async fn show(version: &str, at: &MaybeAt, output: &Output) -> Result<(), CliError> {
    let form = one(version, at).await?;
    if output.is_json() {
        return output.json(&json!(form));
    }
    let text = toml::to_string(&form)
        .map_err(|error| CliError::said(error.to_string(), error.to_string()))?;
    output.line(text.trim_end())
}

/// Says what differs between two versions, and which nodes may be compared over them.
pub(super) async fn diff(
    earlier: &str,
    later: &str,
    at: &MaybeAt,
    output: &Output,
) -> Result<(), CliError> {
    let (earlier, later) = (one(earlier, at).await?, one(later, at).await?);
    let Comparison { changes, nodes } = compare(&earlier, &later);
    let lang = output.lang();
    if output.is_json() {
        let changes = changes.iter().map(|(code, what)| {
            let (vi, en) = what.label();
            json!({
                "question": code, "what": format!("{what:?}"), "message": lang.t(vi, en),
                "likeness": format!("{:?}", what.likeness()),
            })
        });
        let nodes = nodes.iter().map(|(node, likeness)| {
            json!({ "node": node.to_string(), "likeness": format!("{likeness:?}") })
        });
        return output.json(&json!({
            "changes": changes.collect::<Vec<_>>(), "nodes": nodes.collect::<Vec<_>>(),
        }));
    }
    if changes.is_empty() {
        output.line(output.t("Hai phiên bản hỏi như nhau.", "Both versions ask the same."))?;
    }
    for (code, what) in &changes {
        let (vi, en) = what.label();
        output.line(format!("{code}: {}", lang.t(vi, en)))?;
    }
    for (node, likeness) in &nodes {
        output.line(format!("{node}: {}", said(*likeness, lang)))?;
    }
    Ok(())
}

const fn said(likeness: Likeness, lang: Lang) -> &'static str {
    match likeness {
        Likeness::Same => lang.t("so sánh được", "comparable"),
        Likeness::WithCare => lang.t(
            "so sánh được, kèm ghi chú về thay đổi nêu trên",
            "comparable, with a note of the changes above",
        ),
        Likeness::Broken => lang.t("không so sánh được", "not comparable"),
    }
}

/// A version: a file, or `CODE@VERSION` at the service.
async fn one(version: &str, at: &MaybeAt) -> Result<Questionnaire, CliError> {
    let registered = version.split_once('@').filter(|_| !Path::new(version).exists());
    let Some((code, version)) = registered else { return super::read(Path::new(version)) };
    let (Some(url), Some(token_file)) = (&at.survey, &at.token_file) else {
        return Err(CliError::unusable(
            format!("Phiên bản {code}@{version} nằm ở dịch vụ: hãy nêu --survey và --token-file."),
            format!("{code}@{version} is kept by the service: name --survey and --token-file."),
        ));
    };
    let server = Server::open(url, &TokenFile { token_file: token_file.clone() })?;
    let ask = GetQuestionnaireRequest { code: code.to_owned(), version: version.to_owned() };
    let answer = client(&server).get_questionnaire(server.request(ask, QUESTION)).await;
    let answer = answer.map_err(|status| server.refused(&status))?.into_inner();
    let read = |c: &mut Collector, message| {
        convert::part(c, "questionnaire", message, convert::questionnaire)
    };
    convert::read(answer.questionnaire, read)
        .map_err(|refused| CliError::said(refused.vietnamese(), refused.to_string()))
}
