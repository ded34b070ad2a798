//! Who acts: a subject, for one unit, in some roles. Made by the kit from a verified token, and by
//! nothing else.

use std::{collections::BTreeSet, fmt, str::FromStr};

use crate::UnitCode;

/// What somebody may do. The words stand in tokens and in the policies of the contracts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Reads units, indices and plans.
    RegistryViewer,
    /// Loads units and plans.
    RegistryEditor,
    /// Puts an index or a plan in force.
    RegistryPublisher,
    /// Reports for a unit: progress, measurements, self-assessments.
    AgencyReporter,
    /// Appraises what units assessed of themselves.
    Appraiser,
    /// Reads deadlines into a calendar and nothing else; the one role whose token may stand in an address.
    CalendarReader,
    /// Opens and closes surveys.
    SurveyManager,
    /// Pushes survey responses.
    SurveyCollector,
    /// Reads the province rollup.
    RollupViewer,
    /// Publishes the province rollup, and sees what is under an embargo.
    RollupPublisher,
    /// Compares the rollup with its recomputation, sees what is parked.
    Operator,
    /// Another service of this installation.
    Service,
}

/// The word is not a role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a role")]
pub struct UnknownRole(pub String);

impl Role {
    /// Every role, in the order of the glossary.
    pub const ALL: [Self; 12] = [
        Self::RegistryViewer,
        Self::RegistryEditor,
        Self::RegistryPublisher,
        Self::AgencyReporter,
        Self::Appraiser,
        Self::CalendarReader,
        Self::SurveyManager,
        Self::SurveyCollector,
        Self::RollupViewer,
        Self::RollupPublisher,
        Self::Operator,
        Self::Service,
    ];

    /// The word used in tokens and policies.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RegistryViewer => "registry.viewer",
            Self::RegistryEditor => "registry.editor",
            Self::RegistryPublisher => "registry.publisher",
            Self::AgencyReporter => "agency.reporter",
            Self::Appraiser => "appraiser",
            Self::CalendarReader => "calendar.reader",
            Self::SurveyManager => "survey.manager",
            Self::SurveyCollector => "survey.collector",
            Self::RollupViewer => "rollup.viewer",
            Self::RollupPublisher => "rollup.publisher",
            Self::Operator => "operator",
            Self::Service => "service",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or_else(|| UnknownRole(text.to_owned()))
    }
}

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The person or system, unique within the installation; 1 to 128 characters.
    pub subject: String,
    /// The unit acted for.
    pub unit: UnitCode,
    /// What they may do.
    pub roles: BTreeSet<Role>,
}

impl Actor {
    /// Whether the actor has a role.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}
