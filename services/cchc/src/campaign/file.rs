//! A campaign as a file.

use cchc_proto::assignment::v1::{
    Campaign,
    campaign::{ReasonCode, Window},
};
use cchc_scoring::catalogue::UnitSelector;
use serde::Deserialize;
use time::Date;

/// A campaign as operators write it down; what the names mean stands in the contract.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CampaignFile {
    code: String,
    title: String,
    plan: String,
    index: String,
    organiser: String,
    units: UnitSelector,
    windows: Windows,
    #[serde(default)]
    reasons: Vec<Reason>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Windows {
    self_assessment: Days,
    appraisal: Days,
    explanation: Days,
    second_appraisal: Days,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Days {
    first: Date,
    last: Date,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reason {
    code: String,
    title: String,
    title_en: String,
}

impl From<Days> for Window {
    fn from(days: Days) -> Self {
        Self { first_date: Some(days.first.into()), last_date: Some(days.last.into()) }
    }
}

impl From<CampaignFile> for Campaign {
    fn from(file: CampaignFile) -> Self {
        let reason = |Reason { code, title, title_en }| ReasonCode { code, title, title_en };
        Self {
            code: file.code,
            title: file.title,
            plan_code: file.plan,
            index_code: file.index,
            organiser_unit_code: file.organiser,
            units: Some((&file.units).into()),
            self_assessment: Some(file.windows.self_assessment.into()),
            appraisal: Some(file.windows.appraisal.into()),
            explanation: Some(file.windows.explanation.into()),
            second_appraisal: Some(file.windows.second_appraisal.into()),
            reason_codes: file.reasons.into_iter().map(reason).collect(),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use std::path::Path;

    use super::*;
    use crate::plan_files;

    #[test]
    fn the_campaign_that_is_deployed_can_be_read() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"));
        let path = path.join("../../deploy/campaigns/cchc-2018.toml");

        let campaign = Campaign::from(plan_files::read::<CampaignFile>(&path).unwrap());

        assert_eq!((campaign.code.as_str(), campaign.reason_codes.len()), ("CCHC-2018", 4));
        assert_eq!(campaign.units.unwrap().kinds.len(), 6);
        assert_eq!(campaign.explanation.unwrap().last_date.unwrap().day, 17);
    }
}
