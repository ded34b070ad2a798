//! The iCalendar feed of a unit or of one of its officers, for the calendars people have:
//! `/calendar.ics?unit=193`, with `&officer=…` for one officer.
//!
//! A calendar program asks again and again and can send no header, so the token may stand in the address, as
//! calendar services do it. Addresses are copied and logged: the one token that is taken from there has the
//! role `calendar.reader` and no other, and reads deadlines and nothing else.

mod ics;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use cchc_core::{Actor, Role, UnitCode};
use cchc_kit::{auth::Verifier, db::DbError, service::Service, units::Units};
use serde::Deserialize;

use crate::app::App;

/// Who may see a feed: calendars, and those who may list assignments.
const ROLES: [Role; 4] =
    [Role::CalendarReader, Role::AgencyReporter, Role::Appraiser, Role::RollupViewer];

#[derive(Clone)]
struct Web {
    app: Arc<App>,
    verifier: Verifier,
    units: Units,
}

#[derive(Debug, Deserialize)]
struct Asked {
    unit: String,
    #[serde(default)]
    officer: String,
    #[serde(default)]
    token: String,
}

/// The feed, beside `/metrics` and `/healthz`.
pub(crate) fn pages(app: Arc<App>, service: &Service) -> Router {
    let web = Web { app, verifier: service.verifier(), units: service.units() };
    Router::new().route("/calendar.ics", get(feed)).with_state(web)
}

async fn feed(State(web): State<Web>, headers: HeaderMap, Query(asked): Query<Asked>) -> Response {
    let unit = match allowed(&web, &headers, &asked).await {
        Ok(unit) => unit,
        Err(refused) => return refused.into_response(),
    };
    match web.app.feed(&unit, &asked.officer).await {
        Ok(entries) => {
            let kind = [
                (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
                (header::CACHE_CONTROL, "private, no-store"),
                (header::REFERRER_POLICY, "no-referrer"),
            ];
            (kind, ics::text(&unit, &asked.officer, &entries)).into_response()
        }
        Err(error) => unavailable(&error).into_response(),
    }
}

type Refused = (StatusCode, &'static str);

/// The unit asked for, if the caller may see its deadlines.
async fn allowed(web: &Web, headers: &HeaderMap, asked: &Asked) -> Result<UnitCode, Refused> {
    let actor = guest(web, headers, asked)
        .ok_or((StatusCode::UNAUTHORIZED, "mã truy cập không hợp lệ hoặc đã hết hạn"))?;
    let unit: UnitCode =
        asked.unit.parse().map_err(|_| (StatusCode::BAD_REQUEST, "mã đơn vị không hợp lệ"))?;
    if !ROLES.into_iter().any(|role| actor.has(role)) {
        return Err((StatusCode::FORBIDDEN, "tài khoản này không có quyền xem nhiệm vụ"));
    }
    if !asked.token.is_empty() && actor.roles.iter().any(|role| *role != Role::CalendarReader) {
        return Err((
            StatusCode::FORBIDDEN,
            "địa chỉ lịch chỉ nhận mã truy cập có riêng vai trò calendar.reader",
        ));
    }
    match web.units.is_within(&unit, &actor.unit).await {
        Ok(true) => Ok(unit),
        Ok(false) => Err((StatusCode::FORBIDDEN, "đơn vị không thuộc phạm vi của bạn")),
        Err(error) => Err(unavailable(&error)),
    }
}

/// The caller, from the address or from the header.
fn guest(web: &Web, headers: &HeaderMap, asked: &Asked) -> Option<Arc<Actor>> {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let bearer = bearer.and_then(|value| value.strip_prefix("Bearer "));
    let token = if asked.token.is_empty() { bearer? } else { &asked.token };
    web.verifier.verify(token).ok()
}

fn unavailable(error: &DbError) -> Refused {
    tracing::error!(%error, "the calendar feed could not be made");
    (StatusCode::SERVICE_UNAVAILABLE, "tạm thời không phục vụ được, vui lòng thử lại")
}
