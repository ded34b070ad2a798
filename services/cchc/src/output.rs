//! The one way out to the reader: text for people, JSON for programs, tables and progress on a terminal.
//!
//! Results go to standard output and everything else to standard error, so that a pipe carries results
//! alone. Progress is shown on a terminal only: in a log it is noise.

use std::{
    fmt::Display,
    io::{self, IsTerminal as _, Write},
    sync::{Arc, Mutex, PoisonError},
};

use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, presets};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::Value;

use crate::{error::CliError, say::Lang};

type Sink = Arc<Mutex<dyn Write + Send>>;

/// Where a command prints, and how.
#[derive(Clone)]
pub struct Output {
    lang: Lang,
    json: bool,
    results: Sink,
    notes: Sink,
}

/// Columns of a table that no terminal limits.
const WIDE: u16 = 180;

impl Output {
    /// Prints to the process's own streams.
    #[must_use]
    pub fn new(lang: Lang, json: bool) -> Self {
        let (results, notes) =
            (Arc::new(Mutex::new(io::stdout())), Arc::new(Mutex::new(io::stderr())));
        Self { lang, json, results, notes }
    }

    /// Prints results and notes to a place of the caller's, as tests do.
    pub fn to(lang: Lang, json: bool, sink: impl Write + Send + 'static) -> Self {
        let sink: Sink = Arc::new(Mutex::new(sink));
        Self { lang, json, results: Arc::clone(&sink), notes: sink }
    }

    /// The language.
    #[must_use]
    pub const fn lang(&self) -> Lang {
        self.lang
    }

    /// Whether a program reads.
    #[must_use]
    pub const fn is_json(&self) -> bool {
        self.json
    }

    /// Picks one of two sentences.
    #[must_use]
    pub const fn t<'a>(&self, vi: &'a str, en: &'a str) -> &'a str {
        self.lang.t(vi, en)
    }

    /// Prints a line of the result.
    pub fn line(&self, text: impl Display) -> Result<(), CliError> {
        print(&self.results, text)
    }

    /// Prints a result for a program.
    pub fn json(&self, value: &Value) -> Result<(), CliError> {
        print(&self.results, format_args!("{value:#}"))
    }

    /// Prints a result as it is, such as an encoded message.
    pub fn bytes(&self, bytes: &[u8]) -> Result<(), CliError> {
        let mut sink = self.results.lock().unwrap_or_else(PoisonError::into_inner);
        sink.write_all(bytes)?;
        Ok(sink.flush()?)
    }

    /// Tells the person something beside the result; nothing when a program reads.
    pub fn note(&self, text: impl Display) -> Result<(), CliError> {
        if self.json { Ok(()) } else { print(&self.notes, text) }
    }

    /// Prints a failure to standard error; there is nobody left to tell when that fails.
    pub fn failure(&self, error: &CliError) {
        if matches!(error, CliError::Output(source) if source.kind() == io::ErrorKind::BrokenPipe) {
            return;
        }
        let text = if self.json {
            format!("{:#}", error.to_json(self.lang))
        } else {
            format!("{}: {}", self.t("Lỗi", "Error"), error.say(self.lang).join("\n"))
        };
        print(&self.notes, text).ok();
    }

    /// Starts a table as wide as the terminal; where there is none, as wide as it needs.
    #[must_use]
    pub fn table<H: Display>(&self, header: impl IntoIterator<Item = H>) -> Table {
        let mut table = Table::new();
        let mut style = presets::UTF8_HORIZONTAL_ONLY;
        style = style.header_separator(LineStyle::none().fill('─').junction('─'));
        style = style.row_separator(LineStyle::none());
        table.load_style(style);
        table.set_content_arrangement(ContentArrangement::Dynamic);
        if table.width().is_none() {
            // Into a file or a pipe: as wide as a wide terminal, not as the longest sentence.
            table.set_width(WIDE);
        }
        table.set_header(header.into_iter().map(|title| title.to_string()));
        table
    }

    /// Starts a progress bar over so many things; it stays hidden where nobody watches.
    #[must_use]
    pub fn progress(&self, length: u64, what: &str) -> ProgressBar {
        let is_watched = !self.json && io::stderr().is_terminal();
        let target =
            if is_watched { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let style = ProgressStyle::with_template("{msg} {bar:30} {pos}/{len} {elapsed}");
        ProgressBar::with_draw_target(Some(length), target)
            .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
            .with_message(what.to_owned())
    }
}

/// Aligns columns of a table to the right, as figures stand.
pub fn align_right(table: &mut Table, columns: impl IntoIterator<Item = usize>) {
    for column in columns {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}

fn print(sink: &Sink, text: impl Display) -> Result<(), CliError> {
    let mut sink = sink.lock().unwrap_or_else(PoisonError::into_inner);
    writeln!(sink, "{text}")?;
    Ok(sink.flush()?)
}

impl std::fmt::Debug for Output {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Output")
            .field("lang", &self.lang)
            .field("json", &self.json)
            .finish_non_exhaustive()
    }
}

/// A place in memory to print to; clones write to the same place.
#[cfg(test)]
#[derive(Debug, Clone, Default)]
pub(crate) struct Memory(Arc<Mutex<Vec<u8>>>);

#[cfg(test)]
impl Memory {
    /// What was printed so far.
    pub(crate) fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

#[cfg(test)]
impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
