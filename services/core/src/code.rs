//! Codes: names that people give and that stand in official lists, files and tokens.
//!
//! One grammar for all, `[A-Z0-9][A-Z0-9-]{0,31}`: safe in a NATS subject, a file name and a URL, and
//! free of look-alikes between Unicode forms. Titles carry the Vietnamese.

use std::{fmt, str::FromStr};

/// The text is not a code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to 32 of A-Z, 0-9 and '-', starting with a letter or digit")]
pub struct CodeError;

fn is_code(text: &str) -> bool {
    let bytes = text.as_bytes();
    (1..=32).contains(&bytes.len())
        && bytes.first().is_some_and(|b| *b != b'-')
        && bytes.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'-')
}

macro_rules! code {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The code as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = CodeError;

            fn from_str(text: &str) -> Result<Self, CodeError> {
                if is_code(text) { Ok(Self(text.to_owned())) } else { Err(CodeError) }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        crate::written::written!($name, "^[A-Z0-9][A-Z0-9-]{0,31}$");
    )+};
}

code! {
    /// A body of the administration: `22` (the province), `22-SNV` (a department), `193` (a
    /// district) or `06649` (a commune); districts and communes by their official numbers.
    UnitCode,
    /// One edition of an index, such as `PAR-2018`.
    IndexCode,
    /// What connects one edition of an index with the next, such as `PAPI-2017-2018`.
    CrosswalkCode,
    /// A province's plan for a year, such as `QN-2018`.
    PlanCode,
    /// A round of self-assessment and appraisal, such as `CCHC-SO-2018`.
    CampaignCode,
    /// Why an appraiser finds other points than a unit, such as `NO-EVIDENCE`.
    ReasonCode,
    /// What is counted, such as `COMMUNE-OFFICIALS`.
    VariableCode,
    /// A survey, such as `SIPAS-QN-2018`.
    SurveyCode,
    /// A question of a survey, such as `Q05`.
    QuestionCode,
    /// A section of a questionnaire, such as `TIEP-CAN`.
    SectionCode,
    /// A questionnaire through all its versions, such as `SIPAS-FORM`.
    QuestionnaireCode,
    /// A stratum of a sample, by the code of its district.
    StratumCode,
    /// A primary sampling unit, by the code of its commune.
    ClusterCode,
}
