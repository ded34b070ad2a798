//! What is named on the command line takes the place of what a refused row said; the rest stays.

use cchc_proto::{convert, survey::v1::IngestResponsesRequest};
use clap::Args;

use crate::push;

/// Fields of a row to correct.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct Correction {
    /// Another response id, where it was another response's
    #[arg(long, value_name = "UUID")]
    response_id: Option<String>,
    /// The right survey
    #[arg(long, value_name = "CODE")]
    code: Option<String>,
    /// The right commune
    #[arg(long, value_name = "CODE")]
    cluster: Option<String>,
    /// The right answers, all of them, such as 5,4,0,1; 0 is not answered
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',')]
    answers: Option<Vec<i32>>,
    /// When they were given, such as 2018-10-05 08:30
    #[arg(long, value_name = "TIME", value_parser = instant)]
    answered_at: Option<prost_types::Timestamp>,
    /// The right revision of a correction
    #[arg(long, value_name = "NUMBER")]
    revision: Option<i32>,
}

impl Correction {
    /// Whether anything is corrected.
    pub(super) const fn is_any(&self) -> bool {
        self.response_id.is_some()
            || self.code.is_some()
            || self.cluster.is_some()
            || self.answers.is_some()
            || self.answered_at.is_some()
            || self.revision.is_some()
    }

    /// A row with what is corrected.
    pub(super) fn of(&self, received: IngestResponsesRequest) -> IngestResponsesRequest {
        let of = self.clone();
        IngestResponsesRequest {
            response_id: of.response_id.unwrap_or(received.response_id),
            survey_code: of.code.unwrap_or(received.survey_code),
            cluster_code: of.cluster.unwrap_or(received.cluster_code),
            answers: of.answers.unwrap_or(received.answers),
            answer_time: of.answered_at.or(received.answer_time),
            revision: of.revision.unwrap_or(received.revision),
            ..received
        }
    }
}

/// Reads an instant of the command line.
pub(super) fn instant(text: &str) -> Result<prost_types::Timestamp, String> {
    let at = push::instant(text).map(convert::timestamp);
    at.ok_or_else(|| {
        "phải là thời điểm dạng 2018-10-05 08:30 / must be a time such as 2018-10-05 08:30"
            .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_named_stays_as_it_came() {
        let received = IngestResponsesRequest {
            response_id: "a".to_owned(),
            survey_code: "S".to_owned(),
            cluster_code: "99999".to_owned(),
            answers: vec![9, 1],
            revision: 2,
            ..IngestResponsesRequest::default()
        };
        let correction = Correction {
            cluster: Some("06649".to_owned()),
            answers: Some(vec![5, 1]),
            ..Correction::default()
        };

        let corrected = correction.of(received.clone());

        assert!(correction.is_any() && !Correction::default().is_any());
        assert_eq!(Correction::default().of(received.clone()), received);
        assert_eq!(
            corrected,
            IngestResponsesRequest {
                cluster_code: "06649".to_owned(),
                answers: vec![5, 1],
                ..received
            }
        );
    }
}
