//! What runs where, who may enter with what, and what to try next.

use std::fs;

use cchc_scoring::catalogue::UnitKind;
use serde_json::json;

use super::place::{Place, SERVICES};
use crate::{error::CliError, output::Output, plan_files::PlanFolder, say::Lang};

/// Prints where to look.
pub(super) fn print(place: &Place, folder: &PlanFolder, output: &Output) -> Result<(), CliError> {
    let token = fs::read_to_string(place.token("viewer"))?;
    let dashboard = format!("{}/?token={}", place.pages("reporting"), token.trim());
    if output.is_json() {
        let services = SERVICES.map(
            |name| json!({ "service": name, "grpc": place.grpc(name), "http": place.pages(name) }),
        );
        return output.json(&json!({
            "dashboard": dashboard, "services": services, "data": place.data(),
            "tokens": place.data().join("tokens"),
        }));
    }
    let lang = output.lang();
    output.line(lang.t("\nHệ thống đã sẵn sàng.\n", "\nEverything is up.\n"))?;
    output.line(format_args!("{}\n  {dashboard}\n", lang.t("Bảng theo dõi:", "Dashboard:")))?;
    let mut table = output.table([
        lang.t("Dịch vụ", "Service"),
        "gRPC",
        lang.t("Trang, số đo", "Pages, metrics"),
    ]);
    for name in SERVICES {
        table.add_row([name.to_owned(), place.grpc(name), place.pages(name)]);
    }
    output.line(table)?;
    output.line(tokens(place, lang))?;
    output.line(examples(place, folder, lang))
}

fn tokens(place: &Place, lang: Lang) -> String {
    let folder = place.data().join("tokens");
    let shown = folder.display();
    match lang {
        Lang::Vi => format!(
            "\nMã truy cập (token) ở {shown}:\n  operator, viewer, appraiser; units/MÃ (mỗi đơn vị), collectors/MÃ (điều tra viên mỗi huyện)"
        ),
        Lang::En => format!(
            "\nTokens are in {shown}:\n  operator, viewer, appraiser; units/CODE (each body), collectors/CODE (interviewers of each district)"
        ),
    }
}

fn examples(place: &Place, folder: &PlanFolder, lang: Lang) -> String {
    let (plan, reporting) = (&folder.plan.code, place.grpc("reporting"));
    let viewer = place.token("viewer");
    let node = folder.plan.targets.iter().find(|target| !target.node.to_string().ends_with("/0"));
    let node = node.map(|target| target.node.to_string()).unwrap_or_default();
    let district = folder.units.iter().find(|unit| unit.kind == UnitKind::District);
    let unit = district.map(|unit| unit.code.to_string()).unwrap_or_default();
    let asked = format!("--reporting {reporting} --token-file {}", viewer.display());
    let (to, token) = (place.grpc("assignment"), place.token(&format!("units/{unit}")));
    format!(
        "\n{}\n  cchc rollup show {plan} {asked}\n  cchc rollup explain {plan} {node} {asked}\n  cchc push measurements FILE.csv --to {to} --token-file {}\n",
        lang.t("Hãy thử:", "Try:"),
        token.display(),
    )
}
