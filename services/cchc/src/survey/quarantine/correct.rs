//! What is named on the command line, or stands in a file, takes the place of what a refused row said; the rest
//! stays.
//!
//! Who answered and what was written are in files alone: a command line is read by whoever is at the machine, and is
//! kept in its history.

use std::path::{Path, PathBuf};

use cchc_proto::{
    convert,
    survey::v1::{
        IngestResponsesRequest, ReplayQuarantinedRowRequest, ingest_responses_request::Channel,
    },
};
use clap::Args;

use crate::{
    channel,
    error::CliError,
    push::{self, Read, Selection},
    say::Words,
};

/// Fields of a row to correct.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct Correction {
    /// The corrected row as a file that `cchc push responses` takes, with its texts and its respondent's key: the
    /// row of the same response, or the only one
    #[arg(long = "row", value_name = "FILE")]
    row_file: Option<PathBuf>,
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
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',', allow_hyphen_values = true)]
    answers: Option<Vec<i32>>,
    /// The right numbers, all of them, whole, in units of their questions' last places; empty for none
    #[arg(long, value_name = "NUMBERS", value_parser = numbers, allow_hyphen_values = true)]
    numbers: Option<Numbers>,
    /// When they were given, such as 2018-10-05 08:30
    #[arg(long, value_name = "TIME", value_parser = instant)]
    answered_at: Option<prost_types::Timestamp>,
    /// When the respondent began; empty for not said
    #[arg(long, value_name = "TIME", value_parser = started)]
    started_at: Option<Started>,
    /// The code of the interviewer; empty for not said
    #[arg(long, value_name = "CODE")]
    interviewer: Option<String>,
    /// How it was answered: face-to-face, telephone, paper, qr, online, kiosk; empty for not said
    #[arg(long, value_name = "WORD", value_parser = how)]
    channel: Option<Channel>,
    /// The code printed on the slip; empty for not said
    #[arg(long, value_name = "CODE")]
    slip_code: Option<String>,
    /// Whether the row has no respondent's key
    #[arg(long)]
    without_respondent_key: bool,
    /// The right revision of a correction
    #[arg(long, value_name = "NUMBER")]
    revision: Option<i32>,
    /// Whether the response is taken back
    #[arg(long, value_name = "BOOL")]
    retracted: Option<bool>,
}

/// Numbers of a row.
#[derive(Debug, Clone, Default)]
struct Numbers(Vec<i64>);

/// When a respondent began, if that is said.
#[derive(Debug, Clone, Copy, Default)]
struct Started(Option<prost_types::Timestamp>);

impl Correction {
    /// Whether anything is corrected.
    pub(super) const fn is_any(&self) -> bool {
        self.row_file.is_some()
            || self.response_id.is_some()
            || self.code.is_some()
            || self.cluster.is_some()
            || self.answers.is_some()
            || self.numbers.is_some()
            || self.answered_at.is_some()
            || self.started_at.is_some()
            || self.interviewer.is_some()
            || self.channel.is_some()
            || self.slip_code.is_some()
            || self.without_respondent_key
            || self.revision.is_some()
            || self.retracted.is_some()
    }

    /// Asks for a row to be sent again with what is corrected.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or says nothing of the response.
    pub(super) fn ask(
        &self,
        row_id: String,
        received: IngestResponsesRequest,
    ) -> Result<ReplayQuarantinedRowRequest, CliError> {
        let (base, without_key) = match &self.row_file {
            // A row of a file is all there is of it.
            Some(file) => {
                let row = of_file(file, &received.response_id)?;
                let without_key = row.respondent_key.is_empty();
                (row, without_key)
            }
            None => (received, false),
        };
        Ok(ReplayQuarantinedRowRequest {
            request_id: String::new(),
            row_id,
            corrected: Some(self.of(base)),
            without_respondent_key: without_key || self.without_respondent_key,
        })
    }

    /// A row with what is corrected.
    fn of(&self, base: IngestResponsesRequest) -> IngestResponsesRequest {
        let of = self.clone();
        let channel = of.channel.map_or(base.channel, i32::from);
        let respondent_key =
            if of.without_respondent_key { Vec::new() } else { base.respondent_key };
        IngestResponsesRequest {
            response_id: of.response_id.unwrap_or(base.response_id),
            survey_code: of.code.unwrap_or(base.survey_code),
            cluster_code: of.cluster.unwrap_or(base.cluster_code),
            answers: of.answers.unwrap_or(base.answers),
            numbers: of.numbers.map_or(base.numbers, |Numbers(numbers)| numbers),
            answer_time: of.answered_at.or(base.answer_time),
            start_time: of.started_at.map_or(base.start_time, |Started(at)| at),
            interviewer: of.interviewer.unwrap_or(base.interviewer),
            channel,
            slip_code: of.slip_code.unwrap_or(base.slip_code),
            revision: of.revision.unwrap_or(base.revision),
            is_retracted: of.retracted.unwrap_or(base.is_retracted),
            respondent_key,
            texts: base.texts,
        }
    }
}

/// The row of a file about a response, or its only one.
fn of_file(file: &Path, response_id: &str) -> Result<IngestResponsesRequest, CliError> {
    let read = push::read::<IngestResponsesRequest>(file, &Selection::default());
    let Read { mut rows, .. } = read.map_err(CliError::Files)?;
    let same = rows.iter().position(|row| row.response_id == response_id);
    match (same, rows.len()) {
        (Some(at), _) => Ok(rows.swap_remove(at)),
        (None, 1) => Ok(rows.swap_remove(0)),
        (None, _) => Err(CliError::unusable(
            format!("{}: không có dòng nào của phiếu {response_id}.", file.display()),
            format!("{}: no row is of the response {response_id}.", file.display()),
        )),
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

fn started(text: &str) -> Result<Started, String> {
    if text.is_empty() { Ok(Started(None)) } else { instant(text).map(|at| Started(Some(at))) }
}

fn numbers(text: &str) -> Result<Numbers, String> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    let read: Result<Vec<i64>, _> = parts.map(str::parse).collect();
    read.map(Numbers).map_err(|_| {
        "phải là các số nguyên như 125,-30 / must be whole numbers such as 125,-30".to_owned()
    })
}

fn how(text: &str) -> Result<Channel, String> {
    let both = |Words { vi, en }| format!("{vi} / {en}");
    if text.is_empty() { Ok(Channel::Unspecified) } else { channel::read(text).map_err(both) }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use std::io::Write as _;

    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        correction: Correction,
    }

    fn correction(words: &[&str]) -> Result<Correction, clap::Error> {
        let words = std::iter::once("replay").chain(words.iter().copied());
        Line::try_parse_from(words).map(|line| line.correction)
    }

    fn received() -> IngestResponsesRequest {
        IngestResponsesRequest {
            response_id: "a".to_owned(),
            survey_code: "S".to_owned(),
            cluster_code: "99999".to_owned(),
            answers: vec![9, 1, 1],
            numbers: vec![2_500],
            start_time: Some(prost_types::Timestamp { seconds: 7, nanos: 0 }),
            interviewer: "Chị Lan".to_owned(),
            channel: 99,
            slip_code: "số 1".to_owned(),
            revision: 2,
            ..IngestResponsesRequest::default()
        }
    }

    fn asked(words: &[&str]) -> ReplayQuarantinedRowRequest {
        correction(words).unwrap().ask("7".to_owned(), received()).unwrap()
    }

    #[test]
    fn what_is_not_named_stays_as_it_came() {
        let asked = asked(&["--cluster", "06649", "--answers", "5,1,-1"]);

        assert!(!Correction::default().is_any());
        assert_eq!(Correction::default().of(received()), received());
        assert_eq!(
            asked.corrected,
            Some(IngestResponsesRequest {
                cluster_code: "06649".to_owned(),
                answers: vec![5, 1, -1],
                ..received()
            })
        );
        assert_eq!((&asked.row_id[..], asked.without_respondent_key), ("7", false));
    }

    #[test]
    fn numbers_and_how_it_came_about_are_named_or_taken_away() {
        let named = asked(&[
            "--numbers",
            "-25,30",
            "--started-at",
            "2018-10-05 08:12",
            "--interviewer",
            "DTV-07",
            "--channel",
            "Phiếu giấy",
            "--slip-code",
            "HK-1",
            "--retracted",
            "false",
        ]);
        let away = asked(&[
            "--numbers",
            "",
            "--started-at",
            "",
            "--interviewer",
            "",
            "--channel",
            "",
            "--slip-code",
            "",
            "--without-respondent-key",
        ]);

        let row = named.corrected.unwrap();
        assert_eq!((row.numbers.as_slice(), row.channel()), (&[-25, 30][..], Channel::Paper));
        assert_eq!((&row.interviewer[..], &row.slip_code[..]), ("DTV-07", "HK-1"));
        assert_eq!(row.start_time, Some(instant("2018-10-05 08:12").unwrap()));
        let row = away.corrected.unwrap();
        let nothing = IngestResponsesRequest {
            numbers: Vec::new(),
            start_time: None,
            interviewer: String::new(),
            channel: 0,
            slip_code: String::new(),
            ..received()
        };
        assert_eq!((row, away.without_respondent_key), (nothing, true));
    }

    #[test]
    fn a_file_says_all_of_its_row_and_words_that_are_none_are_refused() {
        let mut file = tempfile::NamedTempFile::with_suffix(".csv").unwrap();
        let text = "response_id,survey,cluster,answered_at,Q1,Q2.number,Q3.text,respondent_key\n\
                    b,S,06649,2018-10-05 08:30,4,12,Khác,\n\
                    a,S,06652,2018-10-05 08:30,5,25,Chờ lâu,00ff00ff00ff00ff00ff00ff00ff00ff\n";
        file.write_all(text.as_bytes()).unwrap();
        let path = file.path().to_str().unwrap();

        let of_file = asked(&["--row", path, "--cluster", "06709"]);
        let other = IngestResponsesRequest { response_id: "c".to_owned(), ..received() };
        let missing = correction(&["--row", path]).unwrap().ask(String::new(), other);

        let row = of_file.corrected.unwrap();
        assert_eq!((&row.cluster_code[..], &row.answers[..]), ("06709", &[5, 1, 1][..]));
        assert_eq!((&row.numbers[..], &row.texts[..]), (&[25][..], &["Chờ lâu".to_owned()][..]));
        assert_eq!((row.respondent_key.len(), of_file.without_respondent_key), (16, false));
        assert!(missing.unwrap_err().to_string().contains('c'));
        for wrong in [["--numbers", "2,5x"], ["--channel", "thư"], ["--started-at", "hôm qua"]] {
            assert!(correction(&wrong).is_err(), "{wrong:?}");
        }
    }
}
