//! What a service answered instead of doing what it was asked: its reason, its own Vietnamese words,
//! every violation, and what to do next.

use serde_json::{Value, json};
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::say::{Lang, Words};

/// A service refused, or could not be reached.
#[derive(Debug, thiserror::Error)]
#[error("{server}: {code:?} {reason}: {}", .message.en)]
pub struct Refused {
    /// Address of the service.
    pub server: String,
    /// The gRPC code.
    pub code: Code,
    /// The stable word; empty when the answer did not come from a service of ours.
    pub reason: String,
    /// What it says.
    pub message: Words,
    /// Everything that is wrong with the request.
    pub violations: Vec<Violation>,
}

/// One fault of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Path within the request.
    pub path: String,
    /// The stable word.
    pub reason: String,
    /// What is wrong.
    pub message: Words,
}

impl Refused {
    /// Reads a status with its `google.rpc` details.
    #[must_use]
    pub fn new(server: &str, status: &Status) -> Self {
        let details = status.get_error_details();
        let reason = details.error_info().map(|info| info.reason.clone()).unwrap_or_default();
        let english = status.message().to_owned();
        let local = details.localized_message().map(|local| local.message.clone());
        let faults = details.bad_request().map(|bad| bad.field_violations.as_slice());
        let violations = faults.unwrap_or_default().iter().map(|fault| {
            let english = fault.description.as_str();
            let local = fault.localized_message.as_ref().map(|local| local.message.clone());
            Violation {
                path: fault.field.clone(),
                reason: fault.reason.clone(),
                message: Words::new(local.unwrap_or_else(|| english.to_owned()), english),
            }
        });
        Self {
            server: server.to_owned(),
            code: code(status),
            message: Words::new(local.unwrap_or_else(|| english.clone()), english),
            violations: violations.collect(),
            reason,
        }
    }

    /// Whether the very same call may succeed a moment later.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self.code, Code::Unavailable | Code::Aborted)
    }

    /// The lines to show a person: what was said, each violation, what to do next.
    #[must_use]
    pub fn say(&self, lang: Lang) -> Vec<String> {
        let mut lines = Vec::new();
        if !self.reason.is_empty() {
            lines.push(format!("{} ({})", self.message.in_lang(lang), self.reason));
        }
        lines.extend(self.violations.iter().map(|violation| {
            let Violation { path, reason, message } = violation;
            format!("  {path}: {} ({reason})", message.in_lang(lang))
        }));
        lines.push(self.advice().in_lang(lang).to_owned());
        lines
    }

    /// What to do next.
    fn advice(&self) -> Words {
        let server = &self.server;
        match self.code {
            Code::Unavailable => Words::new(
                format!(
                    "Không kết nối được với {server}: hãy kiểm tra địa chỉ và xem dịch vụ đã chạy chưa, rồi thử lại."
                ),
                format!(
                    "{server} cannot be reached: check the address and that the service runs, then try again."
                ),
            ),
            Code::Unauthenticated => Words::new(
                "Mã truy cập (token) thiếu, sai hoặc đã hết hạn: hãy xin cấp lại bằng `cchc token issue`.",
                "The token is missing, wrong or over: have a new one issued with `cchc token issue`.",
            ),
            Code::PermissionDenied => Words::new(
                "Mã truy cập (token) không có vai trò hoặc đơn vị cần thiết: hãy đề nghị quản trị viên cấp mã phù hợp.",
                "The token lacks the role or the unit: ask the operator for one that has them.",
            ),
            Code::DeadlineExceeded => Words::new(
                format!(
                    "{server} không trả lời kịp thời: hãy thử lại sau; gửi lại không làm trùng dữ liệu."
                ),
                format!(
                    "{server} did not answer in time: try again later; sending again stores nothing twice."
                ),
            ),
            Code::Unimplemented => Words::new(
                format!(
                    "{server} không có chức năng này: hãy kiểm tra xem có nhầm địa chỉ của dịch vụ khác không."
                ),
                format!(
                    "{server} does not offer this: check that it is not another service's address."
                ),
            ),
            Code::Internal | Code::Unknown | Code::DataLoss => Words::new(
                format!(
                    "{server} gặp lỗi bên trong: hãy báo quản trị viên xem nhật ký của dịch vụ vào lúc này."
                ),
                format!(
                    "{server} failed inside: ask the operator to look at its log of this moment."
                ),
            ),
            _ if self.reason.is_empty() => Words::new(
                format!("{server}: {}", self.message.vi),
                format!("{server}: {}", self.message.en),
            ),
            _ => Words::new(
                "Hãy sửa theo lý do nêu trên rồi thực hiện lại.",
                "Correct what is said above, then run it again.",
            ),
        }
    }

    /// The refusal for a program.
    #[must_use]
    pub fn to_json(&self, lang: Lang) -> Value {
        let violation = |violation: &Violation| {
            json!({
                "path": violation.path,
                "reason": violation.reason,
                "message": violation.message.in_lang(lang),
            })
        };
        json!({
            "server": self.server,
            "code": format!("{:?}", self.code),
            "reason": self.reason,
            "message": self.message.in_lang(lang),
            "violations": self.violations.iter().map(violation).collect::<Vec<_>>(),
            "advice": self.advice().in_lang(lang),
        })
    }
}

/// The code of a status. One that no server sent, since the connection broke under the call, says in
/// whatever words that the server is away.
fn code(status: &Status) -> Code {
    match (status.code(), std::error::Error::source(status)) {
        (Code::Unknown | Code::Internal | Code::Cancelled, Some(_)) => Code::Unavailable,
        (code, _) => code,
    }
}

#[cfg(test)]
mod tests {
    use cchc_core::{Violation as Fault, Violations};

    use super::*;

    #[test]
    fn a_refusal_keeps_reason_words_and_every_violation() {
        let fault = |path: &str| Fault {
            path: path.to_owned(),
            reason: "NUMBER_INVALID",
            english: "must not be negative".to_owned(),
            vietnamese: "không được âm".to_owned(),
        };
        let status = cchc_kit::to_status(&Violations::new(vec![fault("a"), fault("b")]));

        let lines = Refused::new("http://x", &status).say(Lang::Vi);

        assert_eq!(
            lines,
            [
                "a: không được âm (và 1 lỗi khác) (INVALID_REQUEST)",
                "  a: không được âm (NUMBER_INVALID)",
                "  b: không được âm (NUMBER_INVALID)",
                "Hãy sửa theo lý do nêu trên rồi thực hiện lại.",
            ]
        );
    }

    #[test]
    fn a_connection_that_breaks_is_a_server_that_is_away_and_a_server_that_says_so_is_not() {
        let broken = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
        let broken = Status::from_error(Box::new(broken));

        assert!(Refused::new("http://x", &broken).is_passing(), "{broken:?}");
        assert!(!Refused::new("http://x", &Status::unknown("said")).is_passing());
        assert!(!Refused::new("http://x", &Status::internal("said")).is_passing());
    }

    #[test]
    fn a_server_that_is_away_is_named_and_nothing_else_is_said() {
        let refused = Refused::new("http://x:1", &Status::unavailable("tcp connect error"));

        let lines = refused.say(Lang::En);

        assert!(refused.is_passing());
        assert_eq!(lines.len(), 1);
        assert!(lines.concat().starts_with("http://x:1 cannot be reached"));
    }
}
