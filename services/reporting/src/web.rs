//! The dashboard's first page: the rollup, rendered from the same query layer as the API (P11), moving
//! as data arrives. Rendered on the server, with one small script that swaps what changed, so that it
//! works on the old machines of a district office and prints as it looks.

mod explanation;
mod forecast;
mod movement;
mod publication;
mod session;
mod surveys;
mod units;
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
use cchc_core::{Fault as _, PlanCode, UnitCode, VIETNAM};
use cchc_kit::{auth::Verifier, service::Service, units::Units};
use futures::{Stream, StreamExt as _};
use serde::Deserialize;
use time::{OffsetDateTime, PrimitiveDateTime, macros::format_description};

use crate::{
    app::{App, PublicationError, Start, read::ReadError},
    domain::rollup::Rollup,
};
use publication::{Listed, PublicationPage};
use session::{Guest, NotAdmitted};
use surveys::SurveysView;
use units::UnitsView;
use view::View;

/// Publications listed at the foot of a page; older ones are had by the call.
const LISTED: i64 = 20;

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
    /// The number of a publication; empty for the rollup.
    #[serde(default)]
    publication: String,
    /// The domain of surveys by whose answers districts are told apart; empty for none.
    #[serde(default)]
    crossed: String,
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
    publications: Vec<Listed>,
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
#[template(path = "units.html")]
struct UnitsPage {
    view: UnitsView,
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
        .route("/explanation", get(explanation::show))
        .route("/movement", get(movement::show))
        .route("/units", get(show_units))
        .route("/live", get(live))
        .route("/surveys", get(surveys))
        .route("/forecast", get(forecast::show))
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
    let shown = if asked.publication.is_empty() {
        web.page(&headers, &asked).await.map(|page| render(&page))
    } else {
        web.publication(&headers, &asked).await.map(|page| render(&page))
    };
    shown.unwrap_or_else(refuse)
}

/// What the surveys of a plan say so far, with the errors of their samples.
async fn surveys(
    State(web): State<Web>,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Response {
    match web.surveys(&headers, &asked).await {
        Ok(view) => render(&SurveysPage { view, notice: Arc::clone(&web.notice) }),
        Err(refusal) => refuse(refusal),
    }
}

/// The scoreboard of the visitor's own unit and those below it.
async fn show_units(
    State(web): State<Web>,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Response {
    match web.units_view(&headers, &asked.plan).await {
        Ok(view) => render(&UnitsPage { view, notice: Arc::clone(&web.notice) }),
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
    let rollups = match web.open(&headers, &asked.plan).await {
        Ok(opened) => web.app.watch(opened.plan, Start::Now).await.ok(),
        Err(_) => None,
    };
    let rollups = match rollups {
        Some(rollups) => rollups.map(Some).boxed(),
        None => futures::stream::iter([None]).boxed(),
    };
    let events = rollups.then(move |sent| {
        let (web, headers) = (web.clone(), headers.clone());
        async move {
            // A token that has ended ends the page with the next change.
            let is_guest = Guest::from_headers(&web.verifier, &headers).is_ok();
            let rendered = match sent {
                Some(Ok(sent)) if is_guest => web.fragment(&sent.rollup).await,
                _ => None,
            };
            Ok(match rendered {
                Some(html) => Event::default().event("rollup").data(html),
                None => Event::default().event("refused").data("refused"),
            })
        }
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}

/// Why a page is not shown.
#[derive(Debug)]
enum Refusal {
    NotAdmitted(NotAdmitted),
    Read(ReadError),
    Publication(PublicationError),
    /// What was asked to look back to is no time.
    NoTime,
    /// What was asked to be explained is the name of no node.
    NoNode,
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

impl From<PublicationError> for Refusal {
    fn from(refusal: PublicationError) -> Self {
        match refusal {
            PublicationError::Read(refusal) => Self::Read(refusal),
            refusal => Self::Publication(refusal),
        }
    }
}

/// A plan that a visitor may see.
struct Opened {
    plan: PlanCode,
    province: UnitCode,
    guest: Guest,
}

impl Web {
    /// The plan that a visitor may see: the one asked for, or the first of their province.
    async fn open(&self, headers: &HeaderMap, plan: &str) -> Result<Opened, Refusal> {
        let guest = Guest::from_headers(&self.verifier, headers)?;
        for (code, province) in self.app.plans().await? {
            let is_asked = plan.is_empty() || plan == code.as_str();
            if is_asked && guest.is_of(&self.units, &province).await? {
                return Ok(Opened { plan: code, province, guest });
            }
        }
        Err(NotAdmitted::NoPlan.into())
    }

    async fn page(&self, headers: &HeaderMap, asked: &Asked) -> Result<Page, Refusal> {
        let Opened { plan, province, guest } = self.open(headers, &asked.plan).await?;
        let rollup = if asked.as_of.is_empty() {
            self.app.rollup(&plan).await?
        } else {
            let instant = instant(&asked.as_of).ok_or(Refusal::NoTime)?;
            Arc::new(self.app.rollup_as_of(&plan, instant).await?)
        };
        let view = self.view(&rollup).await?;
        let reader = self.app.reader(guest.actor(), &province);
        let mut listed = self.app.publications(&plan, None, LISTED).await?;
        listed.truncate(usize::try_from(LISTED).unwrap_or_default());
        let publications = listed.iter().map(|of| Listed::of(of, reader)).collect();
        Ok(Page { view, publications, notice: Arc::clone(&self.notice) })
    }

    /// One publication as it was published, with what was revised since.
    async fn publication(
        &self,
        headers: &HeaderMap,
        asked: &Asked,
    ) -> Result<PublicationPage, Refusal> {
        let Opened { plan, province, guest } = self.open(headers, &asked.plan).await?;
        let reader = self.app.reader(guest.actor(), &province);
        // What is no number is the number of no publication.
        let number = asked.publication.parse().unwrap_or_default();
        let opened = self.app.open_publication((&plan, number), reader).await?;
        let revised = self.app.revised_since(&opened).await?;
        Ok(PublicationPage::of(&opened, &revised, Arc::clone(&self.notice)))
    }

    /// A rollup, with the publication it is.
    async fn view(&self, rollup: &Rollup) -> Result<View, ReadError> {
        let number = self.app.citable(rollup).await?;
        Ok(View { published_as: number, ..View::of(rollup) })
    }

    async fn fragment(&self, rollup: &Rollup) -> Option<String> {
        let view = self.view(rollup).await.ok()?;
        Fragment { view }.render().ok()
    }

    async fn surveys(&self, headers: &HeaderMap, asked: &Asked) -> Result<SurveysView, Refusal> {
        let Opened { plan, .. } = self.open(headers, &asked.plan).await?;
        // What is no question is the domain of no survey.
        let crossed = asked.crossed.parse().ok();
        Ok(SurveysView::of(&plan, &self.app.estimates(&plan, crossed.as_ref()).await?))
    }

    async fn units_view(&self, headers: &HeaderMap, plan: &str) -> Result<UnitsView, Refusal> {
        let Opened { plan, guest, .. } = self.open(headers, plan).await?;
        Ok(UnitsView::of(&self.app.scoreboard(&plan, guest.unit()).await?))
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
        Refusal::Read(error @ ReadError::Reversed) => (StatusCode::BAD_REQUEST, error.vietnamese()),
        Refusal::Read(error @ (ReadError::PlanNotFound(_) | ReadError::NodeNotFound { .. })) => {
            (StatusCode::NOT_FOUND, error.vietnamese())
        }
        Refusal::NoNode => (StatusCode::NOT_FOUND, "không có mục này".to_owned()),
        Refusal::Publication(error @ PublicationError::NotFound { .. }) => {
            (StatusCode::NOT_FOUND, error.vietnamese())
        }
        Refusal::Publication(error @ PublicationError::Embargoed { .. }) => {
            (StatusCode::FORBIDDEN, error.vietnamese())
        }
        Refusal::Publication(error) => (StatusCode::SERVICE_UNAVAILABLE, error.vietnamese()),
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
