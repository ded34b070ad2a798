//! Who acts in the tests: people and systems with tokens.

use cchc_core::Role;
use cchc_kit::auth::KeyPair;
use cchc_testkit::signed_token;

/// Tokens of an installation.
#[derive(Debug)]
pub struct People {
    keys: KeyPair,
}

impl People {
    pub(crate) fn new(keys: KeyPair) -> Self {
        Self { keys }
    }

    /// Anybody.
    #[must_use]
    pub fn token(&self, subject: &str, unit: &str, roles: &[Role]) -> String {
        signed_token(&self.keys, subject, unit, roles)
    }

    /// Sở Nội vụ acting for the province: loads and publishes.
    #[must_use]
    pub fn editor(&self) -> String {
        let roles = [
            Role::RegistryViewer,
            Role::RegistryEditor,
            Role::RegistryPublisher,
            Role::SurveyManager,
        ];
        self.token("so-noi-vu", "22", &roles)
    }

    /// A unit's own system.
    #[must_use]
    pub fn agency(&self, unit: &str) -> String {
        self.token(&format!("he-thong-{unit}"), unit, &[Role::AgencyReporter])
    }

    /// The appraisal team of the province.
    #[must_use]
    pub fn appraiser(&self) -> String {
        self.token("to-tham-dinh", "22", &[Role::Appraiser])
    }

    /// Whoever collects answers in a unit.
    #[must_use]
    pub fn collector(&self, unit: &str) -> String {
        self.token(&format!("khao-sat-{unit}"), unit, &[Role::SurveyCollector])
    }

    /// Whoever publishes the province's figures.
    #[must_use]
    pub fn publisher(&self) -> String {
        self.token("cong-bo", "22", &[Role::RollupPublisher])
    }

    /// A leader of the province who also may verify.
    #[must_use]
    pub fn leader(&self) -> String {
        self.token("chu-tich", "22", &[Role::RollupViewer, Role::Operator])
    }
}
