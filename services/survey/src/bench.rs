//! What the benchmarks call: the pure part of ingestion, without a database.

use std::sync::Arc;

use cchc_core::{Collector, ResponseId, VIETNAM};
use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

use crate::domain::{
    batch::{Batch, Row, Verdict},
    fieldwork::Fieldwork,
    paradata::Said,
    survey::Survey,
};

/// A survey that is open, and answers to it.
#[derive(Debug, Clone)]
pub struct Pushed {
    fieldwork: Arc<Fieldwork>,
    answers: Vec<Vec<i32>>,
    at: OffsetDateTime,
}

impl Pushed {
    /// Prepares a survey, in the form in which the service keeps it, for answers to it.
    ///
    /// # Errors
    ///
    /// When it is no survey.
    pub fn new(survey: serde_json::Value, answers: Vec<Vec<i32>>) -> Result<Self, String> {
        let survey: Survey = serde_json::from_value(survey).map_err(|error| error.to_string())?;
        let day: Date = survey.open_date;
        let at = day.midnight().assume_offset(VIETNAM);
        let fieldwork = Fieldwork::new(1, survey).map_err(|error| error.to_string())?;
        Ok(Self { fieldwork: Arc::new(fieldwork), answers, at })
    }

    /// Checks every row and counts the good ones, as a chunk is before and after it is stored; says how
    /// many were good and how many answers of theirs were counted.
    #[must_use]
    pub fn check_and_tally(&self) -> (usize, i64) {
        let mut batch = Batch::new(Arc::clone(&self.fieldwork));
        let now = self.at + Duration::WEEK;
        let communes = i16::try_from(self.fieldwork.survey.clusters.len()).unwrap_or(1).max(1);
        for ((place, answers), cluster) in
            self.answers.iter().enumerate().zip((0..communes).cycle())
        {
            let id = ResponseId::from(Uuid::from_u128(place as u128));
            let row = Row {
                id: Some(id),
                cluster: Some(cluster),
                answers,
                numbers: &[],
                texts: &[],
                time: Some(self.at),
                said: Said::default(),
                revision: 0,
                is_retracted: false,
            };
            batch.take(&mut Collector::new(), place, &row, now);
        }
        let verdicts = vec![Verdict::Accepted; batch.ids.len()];
        let sums = batch.sums(&verdicts);
        let counted = sums.clusters().flat_map(|(_, counts)| counts).sum();
        (batch.ids.len(), counted)
    }
}
