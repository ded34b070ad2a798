//! Whether a campaign can be as it was sent.

use std::collections::BTreeSet;

use cchc_core::{Collector, UnitCode, Violations};
use cchc_scoring::catalogue::{Index, Plan, Unit};

use super::Campaign;

/// What a campaign is checked against.
#[derive(Debug)]
pub(crate) struct Surroundings<'a> {
    pub(crate) plan: Option<&'a Plan>,
    pub(crate) index: Option<&'a Index>,
    /// The units of the plan's province.
    pub(crate) units: &'a [Unit],
}

/// Refuses a campaign with everything that is wrong with it; fills in its province and its units.
pub(crate) fn check(
    mut campaign: Campaign,
    around: &Surroundings<'_>,
) -> Result<Campaign, Violations> {
    let mut c = Collector::new();
    c.at("campaign", |c| {
        check_windows(c, &campaign);
        check_reasons(c, &campaign);
        check_index(c, &campaign, around);
        let Some(plan) = around.plan else {
            let plan = &campaign.plan;
            let vietnamese = format!("chưa có kế hoạch {plan}");
            c.refuse(
                "plan_code",
                "PLAN_NOT_FOUND",
                format!("plan {plan} is not known"),
                vietnamese,
            );
            return;
        };
        campaign.province = plan.province.clone();
        check_organiser(c, &campaign, around);
        campaign.units = bound(&campaign, around.units);
        if campaign.units.is_empty() {
            let english = "selects no unit that exists within the self-assessment";
            let vietnamese = "không có đơn vị nào tồn tại trong thời gian tự đánh giá";
            c.refuse("units", "UNITS_NONE", english, vietnamese);
        }
    });
    c.finish(Some(campaign))
}

/// Who is scored. Never the province itself, of which all others are parts.
fn bound(campaign: &Campaign, units: &[Unit]) -> BTreeSet<UnitCode> {
    let window = campaign.windows.self_assessment;
    let is_bound = |unit: &&Unit| {
        unit.code != campaign.province
            && campaign.selector.selects_within(unit, (window.first, window.last))
    };
    units.iter().filter(is_bound).map(|unit| unit.code.clone()).collect()
}

fn check_windows(c: &mut Collector, campaign: &Campaign) {
    let mut before = None;
    for (field, window) in campaign.windows.named() {
        if window.last < window.first || before.is_some_and(|last| window.first <= last) {
            let english =
                "must end no earlier than it begins, and begin after the window before it";
            let vietnamese = "ngày kết thúc không được trước ngày bắt đầu, và phải bắt đầu sau khi bước \
                              trước kết thúc";
            c.refuse(field, "WINDOWS_OUT_OF_ORDER", english, vietnamese);
        }
        before = Some(window.last);
    }
}

fn check_reasons(c: &mut Collector, campaign: &Campaign) {
    let mut seen = BTreeSet::new();
    for (place, reason) in campaign.reasons.iter().enumerate() {
        if !seen.insert(&reason.code) {
            let field = format!("reason_codes[{place}].code");
            let vietnamese = format!("mã {} đã có ở trên", reason.code);
            c.refuse(
                &field,
                "DUPLICATE",
                format!("{} stands above already", reason.code),
                vietnamese,
            );
        }
    }
}

fn check_index(c: &mut Collector, campaign: &Campaign, around: &Surroundings<'_>) {
    let code = &campaign.index;
    match around.index {
        None => {
            let english = format!("index {code} is not known");
            c.refuse("index_code", "INDEX_NOT_FOUND", english, format!("chưa có bộ chỉ số {code}"));
        }
        Some(index) if !index.nodes.iter().any(Campaign::scores) => {
            let english = format!("index {code} has no node for which units are scored");
            let vietnamese = format!("bộ chỉ số {code} không có mục nào để đơn vị tự chấm");
            c.refuse("index_code", "NODES_NONE", english, vietnamese);
        }
        Some(_) => {}
    }
}

fn check_organiser(c: &mut Collector, campaign: &Campaign, around: &Surroundings<'_>) {
    let code = &campaign.organiser;
    if !around.units.iter().any(|unit| unit.code == *code) {
        let english = format!("unit {code} is not known in the plan's province");
        let vietnamese = format!("không có đơn vị {code} trong tỉnh của kế hoạch");
        c.refuse("organiser_unit_code", "UNIT_NOT_FOUND", english, vietnamese);
    }
}
