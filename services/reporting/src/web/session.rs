//! Who visits: the same tokens as everywhere, kept in a cookie.

use std::sync::Arc;

use axum::http::{HeaderMap, header};
use cchc_core::{Actor, Role, UnitCode};
use cchc_kit::{auth::Verifier, units::Units};

use super::Refusal;
use crate::app::read::ReadError;

const COOKIE: &str = "cchc_token";
/// As long as a working day; the token's own end comes first if it is sooner.
const COOKIE_SECONDS: u32 = 12 * 3600;
/// Who may see a rollup; the same roles as for `GetRollup`.
const ROLES: [Role; 4] =
    [Role::RollupViewer, Role::RollupPublisher, Role::Appraiser, Role::Operator];

/// Who may see what single units reported; the same roles as for `ExplainScore`.
const EXPLAINED_TO: [Role; 3] = [Role::RollupViewer, Role::Appraiser, Role::Operator];

/// A visitor with a good token and a role to see rollups.
#[derive(Debug)]
pub(super) struct Guest(Arc<Actor>);

/// Why a visitor is not let in.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotAdmitted {
    #[error("chưa đăng nhập")]
    NoToken,
    #[error("Mã truy cập không hợp lệ hoặc đã hết hạn.")]
    BadToken,
    #[error("Tài khoản này không có quyền xem chỉ số.")]
    NoRole,
    #[error("Chưa có kế hoạch nào thuộc phạm vi của bạn được ban hành.")]
    NoPlan,
    #[error(
        "Giải thích điểm nêu số liệu của mọi đơn vị, chỉ dành cho người của tỉnh có quyền xem."
    )]
    NotTheProvince,
}

impl Guest {
    pub(super) fn from_headers(
        verifier: &Verifier,
        headers: &HeaderMap,
    ) -> Result<Self, NotAdmitted> {
        let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|v| v.to_str().ok());
        let token = cookies
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(name, value)| (name == COOKIE).then_some(value))
            .ok_or(NotAdmitted::NoToken)?;
        Self::of(verifier, token)
    }

    pub(super) fn of(verifier: &Verifier, token: &str) -> Result<Self, NotAdmitted> {
        let actor = verifier.verify(token).map_err(|_| NotAdmitted::BadToken)?;
        if ROLES.into_iter().any(|role| actor.has(role)) {
            Ok(Self(actor))
        } else {
            Err(NotAdmitted::NoRole)
        }
    }

    /// Who visits.
    pub(super) fn actor(&self) -> &Actor {
        &self.0
    }

    /// The visitor's unit.
    pub(super) fn unit(&self) -> &UnitCode {
        &self.0.unit
    }

    /// Whether the visitor's unit is the province or lies within it.
    pub(super) async fn is_of(
        &self,
        units: &Units,
        province: &UnitCode,
    ) -> Result<bool, ReadError> {
        Ok(units.is_within(&self.0.unit, province).await?)
    }

    /// Lets in only who may see what every unit of a province reported: the province, or above it.
    pub(super) async fn sees_all_of(
        &self,
        units: &Units,
        province: &UnitCode,
    ) -> Result<(), Refusal> {
        let has_role = EXPLAINED_TO.into_iter().any(|role| self.0.has(role));
        let is_above = units.is_within(province, &self.0.unit).await.map_err(ReadError::from)?;
        if has_role && is_above { Ok(()) } else { Err(NotAdmitted::NotTheProvince.into()) }
    }
}

/// Keeps a token that was found good.
pub(super) fn cookie(token: &str) -> String {
    format!("{COOKIE}={token}; Path=/; Max-Age={COOKIE_SECONDS}; HttpOnly; SameSite=Strict")
}
