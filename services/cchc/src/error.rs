//! Why a command ends: one friendly sentence that says what to do next, in either language, and an exit
//! code that scripts can branch on.

mod refused;

use std::{io, process::ExitCode};

use serde_json::{Value, json};

pub use self::refused::Refused;
use crate::{
    problem::Problem,
    say::{Lang, Words},
};

/// Something failed; nothing more specific is known of it.
pub const FAILED: u8 = 1;
/// A file or argument cannot be used.
pub const UNUSABLE: u8 = 2;
/// A push was stored without some of its rows.
pub const ROWS_REFUSED: u8 = 3;
/// Problems listed of one file set; more would only hide the first ones.
const MOST_PROBLEMS: usize = 50;

/// Why a command ends.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// A sentence that says it all.
    #[error("{}", .0.en)]
    Said(Words),
    /// An argument or a file as a whole cannot be used.
    #[error("{}", .0.en)]
    Unusable(Words),
    /// Files with something wrong at some of their lines.
    #[error("{} problems in files", .0.len())]
    Files(Vec<Problem>),
    /// A service refused, or could not be reached.
    #[error(transparent)]
    Refused(#[from] Box<Refused>),
    /// What was to be printed could not be.
    #[error("cannot write the output")]
    Output(#[from] io::Error),
}

impl CliError {
    /// Ends with a sentence: what happened and what to do next.
    pub fn said(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Said(Words::new(vi, en))
    }

    /// Ends because an argument or a file cannot be used.
    pub fn unusable(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Unusable(Words::new(vi, en))
    }

    /// The code a script sees.
    #[must_use]
    pub fn exit_code(&self) -> ExitCode {
        match self {
            // Whoever pipes into `head` has what they wanted.
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
            Self::Said(_) | Self::Refused(_) | Self::Output(_) => ExitCode::from(FAILED),
            Self::Unusable(_) | Self::Files(_) => ExitCode::from(UNUSABLE),
        }
    }

    /// The lines to show a person.
    #[must_use]
    pub fn say(&self, lang: Lang) -> Vec<String> {
        match self {
            Self::Said(words) | Self::Unusable(words) => vec![words.in_lang(lang).to_owned()],
            Self::Files(problems) => {
                let shown = problems.iter().take(MOST_PROBLEMS).map(|problem| problem.say(lang));
                let mut lines: Vec<String> = shown.collect();
                if let Some(more) = problems.len().checked_sub(MOST_PROBLEMS).filter(|n| *n > 0) {
                    lines.push(match lang {
                        Lang::Vi => format!("… và {more} lỗi khác"),
                        Lang::En => format!("… and {more} more"),
                    });
                }
                lines
            }
            Self::Refused(refused) => refused.say(lang),
            Self::Output(error) => vec![match lang {
                Lang::Vi => format!("Không ghi được kết quả ra: {error}"),
                Lang::En => format!("The output could not be written: {error}"),
            }],
        }
    }

    /// The failure for a program.
    #[must_use]
    pub fn to_json(&self, lang: Lang) -> Value {
        match self {
            Self::Files(problems) => {
                let problems: Vec<Value> = problems.iter().map(|p| p.to_json(lang)).collect();
                json!({ "error": { "reason": "FILE_INVALID", "problems": problems } })
            }
            Self::Refused(refused) => json!({ "error": refused.to_json(lang) }),
            Self::Said(_) | Self::Unusable(_) | Self::Output(_) => {
                json!({ "error": { "message": self.say(lang).join(" ") } })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_long_list_of_problems_ends_with_how_many_more_there_are() {
        let problem = |line| {
            Problem::at_line(Path::new("a.csv"), line, "unit", Words::new("thiếu", "missing"))
        };
        let error = CliError::Files((1..=60).map(problem).collect());

        let lines = error.say(Lang::Vi);

        assert_eq!(lines.len(), 51);
        assert_eq!(lines.first().map(String::as_str), Some("a.csv:1: unit: thiếu"));
        assert_eq!(lines.last().map(String::as_str), Some("… và 10 lỗi khác"));
    }

    #[test]
    fn a_reader_that_went_away_is_no_failure() {
        let error = CliError::Output(io::ErrorKind::BrokenPipe.into());

        assert_eq!(error.exit_code(), ExitCode::SUCCESS);
    }
}
