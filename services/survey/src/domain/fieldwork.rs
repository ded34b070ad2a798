//! A survey as its rows are checked against it: everything a row asks for is one look-up away, since
//! it is asked for every response that comes.

use std::{collections::HashMap, ops::Range};

use cchc_core::VIETNAM;
use time::{Date, Duration, OffsetDateTime};

use super::survey::{Cluster, QuestionKind, Survey};

/// An opened survey, prepared for its responses.
#[derive(Debug, Clone)]
pub(crate) struct Fieldwork {
    /// Its short name in the database.
    pub(crate) number: i32,
    pub(crate) survey: Survey,
    pub(crate) kinds: Vec<QuestionKind>,
    /// The instants at which answers may have been given.
    pub(crate) days: Range<OffsetDateTime>,
    places: HashMap<String, i16>,
}

impl Fieldwork {
    pub(crate) fn new(number: i32, survey: Survey) -> Self {
        let places = (0_i16..)
            .zip(&survey.clusters)
            .map(|(place, cluster)| (cluster.commune.to_string(), place))
            .collect();
        Self {
            number,
            kinds: survey.questions.iter().map(|question| question.kind).collect(),
            days: midnight(survey.open_date)..midnight(survey.close_date) + Duration::DAY,
            places,
            survey,
        }
    }

    /// Finds a commune of the sample by its code.
    pub(crate) fn place_of(&self, commune: &str) -> Option<i16> {
        self.places.get(commune).copied()
    }

    /// The cluster at a place.
    pub(crate) fn cluster(&self, place: i16) -> Option<&Cluster> {
        self.survey.clusters.get(usize::try_from(place).ok()?)
    }

    /// Answers a response must have.
    pub(crate) const fn question_count(&self) -> usize {
        self.kinds.len()
    }
}

/// A day begins at midnight in Viet Nam.
const fn midnight(day: Date) -> OffsetDateTime {
    day.midnight().assume_offset(VIETNAM)
}
