//! The dashboard's first page: the rollup, rendered from the same query layer as the API (P11), moving
//! as data arrives. Rendered on the server, with one small script that swaps what changed, so that it
//! works on the old machines of a district office and prints as it looks.

mod session;
mod surveys;
mod view;

use std::{convert::Infallible, sync::Arc, time::Duration};

use askama::Template;
use axum::{
    Router,
    extract::{Form, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{
        Html, IntoResponse, Redirect, Response,
        sse::{Event, KeepAlive, Sse},
    },
    routing::get,
};
use cchc_core::{Fault as _, PlanCode, VIETNAM};
use cchc_kit::{auth::Verifier, service::Service, units::Units};
use futures::{Stream, StreamExt as _};
use serde::Deserialize;
use time::{OffsetDateTime, PrimitiveDateTime, macros::format_description};

use crate::app::{App, read::ReadError};
use session::{Guest, NotAdmitted};
use surveys::SurveysView;
use view::View;

/// What the pages need.
#[derive(Clone)]
struct Web {
    app: Arc<App>,
    verifier: Verifier,
    units: Units,
    /// Stands above every page; empty for nothing.
    notice: Arc<str>,
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    plan: String,
    /// The instant to look back to, in Vietnamese time as a browser's field writes it; empty for now.
    #[serde(default)]
    as_of: String,
    #[serde(default)]
    token: String,
}

#[derive(Debug, Deserialize)]
struct SignIn {
    token: String,
}

#[derive(Template)]
#[template(path = "page.html")]
struct Page {
    view: View,
    notice: Arc<str>,
}

#[derive(Template)]
#[template(path = "rollup.html")]
struct Fragment {
    view: View,
}

#[derive(Template)]
#[template(path = "surveys.html")]
struct SurveysPage {
    view: SurveysView,
    notice: Arc<str>,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    refusal: String,
}

/// The pages, beside `/metrics` and `/healthz`.
pub(crate) fn pages(app: Arc<App>, service: &Service) -> Router {
    let (verifier, units, notice) = (service.verifier(), service.units(), service.notice());
    Router::new()
        .route("/", get(show).post(sign_in))
        .route("/live", get(live))
        .route("/surveys", get(surveys))
        .route(
            "/assets/page.css",
            get(async || asset("text/css", include_str!("../assets/page.css"))),
        )
        .route(
            "/assets/live.js",
            get(async || asset("text/javascript", include_str!("../assets/live.js"))),
        )
        .layer(axum::middleware::map_response(harden))
        .with_state(Web { app, verifier, units, notice: notice.into() })
}

fn asset(kind: &'static str, text: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, format!("{kind}; charset=utf-8"))], text)
}

/// Nothing from elsewhere, in no other page's frame, in no shared cache.
async fn harden(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let policy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn show(State(web): State<Web>, headers: HeaderMap, Query(asked): Query<Asked>) -> Response {
    if !asked.token.is_empty() {
        return admit(&web, &asked.token);
    }
    match web.view(&headers, &asked).await {
        Ok(view) => render(&Page { view, notice: Arc::clone(&web.notice) }),
        Err(refusal) => refuse(refusal),
    }
}

/// What the surveys of a plan say so far, with the errors of their samples.
async fn surveys(
    State(web): State<Web>,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Response {
    match web.surveys(&headers, &asked.plan).await {
        Ok(view) => render(&SurveysPage { view, notice: Arc::clone(&web.notice) }),
        Err(refusal) => refuse(refusal),
    }
}

async fn sign_in(State(web): State<Web>, Form(form): Form<SignIn>) -> Response {
    admit(&web, form.token.trim())
}

/// Keeps a good token in a cookie that scripts cannot read, and takes it out of the address.
fn admit(web: &Web, token: &str) -> Response {
    match Guest::of(&web.verifier, token) {
        Ok(_) => {
            ([(header::SET_COOKIE, session::cookie(token))], Redirect::to("/")).into_response()
        }
        Err(refusal) => refuse(Refusal::NotAdmitted(refusal)),
    }
}

async fn live(
    State(web): State<Web>,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let opened = web.open(&headers, &asked.plan).await.map(|plan| web.app.watch(plan, None));
    let rollups = match opened {
        Ok(rollups) => rollups.map(Some).boxed(),
        Err(_) => futures::stream::iter([None]).boxed(),
    };
    let events = rollups.map(move |rollup| {
        // A token that has ended ends the page with the next change.
        let is_guest = Guest::from_headers(&web.verifier, &headers).is_ok();
        let rendered = match rollup {
            Some(Ok(rollup)) if is_guest => Fragment { view: View::of(&rollup) }.render().ok(),
            _ => None,
        };
        Ok(match rendered {
            Some(html) => Event::default().event("rollup").data(html),
            None => Event::default().event("refused").data("refused"),
        })
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}

/// Why a page is not shown.
#[derive(Debug)]
enum Refusal {
    NotAdmitted(NotAdmitted),
    Read(ReadError),
    /// What was asked to look back to is no time.
    NoTime,
}

impl From<NotAdmitted> for Refusal {
    fn from(refusal: NotAdmitted) -> Self {
        Self::NotAdmitted(refusal)
    }
}

impl From<ReadError> for Refusal {
    fn from(refusal: ReadError) -> Self {
        Self::Read(refusal)
    }
}

impl Web {
    /// The plan that a visitor may see: the one asked for, or the first of their province.
    async fn open(&self, headers: &HeaderMap, plan: &str) -> Result<PlanCode, Refusal> {
        let guest = Guest::from_headers(&self.verifier, headers)?;
        for (code, province) in self.app.plans().await? {
            let is_asked = plan.is_empty() || plan == code.as_str();
            if is_asked && guest.is_of(&self.units, &province).await? {
                return Ok(code);
            }
        }
        Err(NotAdmitted::NoPlan.into())
    }

    async fn view(&self, headers: &HeaderMap, asked: &Asked) -> Result<View, Refusal> {
        let plan = self.open(headers, &asked.plan).await?;
        if asked.as_of.is_empty() {
            return Ok(View::of(self.app.rollup(&plan).await?.as_ref()));
        }
        let instant = instant(&asked.as_of).ok_or(Refusal::NoTime)?;
        Ok(View::of(&self.app.rollup_as_of(&plan, instant).await?))
    }

    async fn surveys(&self, headers: &HeaderMap, plan: &str) -> Result<SurveysView, Refusal> {
        let plan = self.open(headers, plan).await?;
        Ok(SurveysView::of(&plan, &self.app.estimates(&plan).await?))
    }
}

/// Reads an instant of Viet Nam as a browser's field for one writes it, with or without seconds.
fn instant(text: &str) -> Option<OffsetDateTime> {
    let form = format_description!("[year]-[month]-[day]T[hour]:[minute][optional [:[second]]]");
    Some(PrimitiveDateTime::parse(text, form).ok()?.assume_offset(VIETNAM))
}

fn refuse(refusal: Refusal) -> Response {
    let (status, words) = match refusal {
        Refusal::NotAdmitted(NotAdmitted::NoToken) => (StatusCode::UNAUTHORIZED, String::new()),
        Refusal::NotAdmitted(refusal) => (StatusCode::FORBIDDEN, refusal.to_string()),
        Refusal::Read(ReadError::NotPassed) | Refusal::NoTime => {
            (StatusCode::BAD_REQUEST, "thời điểm xem lại phải là một lúc đã qua".to_owned())
        }
        Refusal::Read(error @ ReadError::PlanNotFound(_)) => {
            (StatusCode::NOT_FOUND, error.vietnamese())
        }
        Refusal::Read(error) => (StatusCode::SERVICE_UNAVAILABLE, error.vietnamese()),
    };
    (status, render(&SignInPage { refusal: words })).into_response()
}

fn render(template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => Html(html).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page cannot be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
