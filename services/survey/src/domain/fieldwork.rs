//! A survey as its rows are checked against it: everything a row asks for is one look-up away, since
//! it is asked for every response that comes.
//!
//! A response is stored as bytes: one a question (0 not answered or not asked, 254 "not applicable", 255
//! "don't know"), and behind them eight a question of a number, in order, which are zero where none was
//! given. A survey without numbers is thus stored as it always was.

use std::{collections::HashMap, ops::Range};

use cchc_core::VIETNAM;
use cchc_scoring::questionnaire::{
    Compiled, DONT_KNOW, Given, NOT_APPLICABLE, Scale, condition::ConditionError,
};
use time::{Date, Duration, OffsetDateTime};

use super::{
    quality::Quality,
    survey::{Cluster, Survey},
    tally::Layout,
};

/// An opened survey, prepared for its responses.
#[derive(Debug, Clone)]
pub(crate) struct Fieldwork {
    /// Its short name in the database.
    pub(crate) number: i32,
    pub(crate) survey: Survey,
    /// What it asks, prepared for answers.
    pub(crate) form: Compiled,
    /// What is done about responses of doubtful quality.
    pub(crate) quality: Quality,
    /// The instants at which answers may have been given.
    pub(crate) days: Range<OffsetDateTime>,
    /// Where its answers are counted.
    pub(crate) layout: Layout,
    places: HashMap<String, i16>,
}

impl Fieldwork {
    /// Prepares a survey.
    ///
    /// # Errors
    ///
    /// When a condition cannot be used; a survey with such a one was never opened.
    pub(crate) fn new(number: i32, survey: Survey) -> Result<Self, ConditionError> {
        let places = (0_i16..)
            .zip(&survey.clusters)
            .map(|(place, cluster)| (cluster.commune.to_string(), place))
            .collect();
        let form = survey.questionnaire().compile()?;
        Ok(Self {
            number,
            days: midnight(survey.open_date)..midnight(survey.close_date) + Duration::DAY,
            layout: survey.layout(),
            form,
            quality: Quality::new(&survey.quality_rules, &survey.questions),
            places,
            survey,
        })
    }

    /// Finds a commune of the sample by its code.
    pub(crate) fn place_of(&self, commune: &str) -> Option<i16> {
        self.places.get(commune).copied()
    }

    /// The cluster at a place.
    pub(crate) fn cluster(&self, place: i16) -> Option<&Cluster> {
        self.survey.clusters.get(usize::try_from(place).ok()?)
    }

    /// Bytes of a stored response.
    pub(crate) const fn width(&self) -> usize {
        self.layout.response_width()
    }

    /// Puts checked answers behind others as they are stored.
    pub(crate) fn encode(&self, given: Given<'_>, bytes: &mut Vec<u8>) {
        bytes.extend(given.answers.iter().map(|answer| byte(*answer)));
        if self.width() > given.answers.len() {
            let numbers = self.form.spread(given).unwrap_or_default();
            bytes.extend(numbers.into_iter().flat_map(i64::to_be_bytes));
        }
    }
}

/// The byte of a checked answer: none is above the most options of a question.
fn byte(answer: i32) -> u8 {
    match answer {
        DONT_KNOW => Scale::DONT_KNOW,
        NOT_APPLICABLE => Scale::NOT_APPLICABLE,
        _ => u8::try_from(answer).unwrap_or_default(),
    }
}

/// A day begins at midnight in Viet Nam.
const fn midnight(day: Date) -> OffsetDateTime {
    day.midnight().assume_offset(VIETNAM)
}
