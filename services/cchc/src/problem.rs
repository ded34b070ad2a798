//! What is wrong with a file: where, and in words that say what to do. Problems are collected, so that a
//! file is corrected once and not once per line.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::say::{Lang, Words};

/// One thing wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1; absent when it is about the file as a whole.
    pub line: Option<usize>,
    /// The column's or field's name; empty when it is about the line as a whole.
    pub field: String,
    /// What is wrong and what to do.
    pub words: Words,
}

impl Problem {
    /// Says what is wrong with a file as a whole.
    #[must_use]
    pub fn of_file(file: &Path, words: Words) -> Self {
        Self { file: file.to_owned(), line: None, field: String::new(), words }
    }

    /// Says what is wrong with a line.
    #[must_use]
    pub fn at_line(file: &Path, line: usize, field: &str, words: Words) -> Self {
        Self { file: file.to_owned(), line: Some(line), field: field.to_owned(), words }
    }

    /// The problem on one line, the way editors and terminals make a link of: `file:line: …`.
    #[must_use]
    pub fn say(&self, lang: Lang) -> String {
        let place = match self.line {
            Some(line) => format!("{}:{line}", self.file.display()),
            None => self.file.display().to_string(),
        };
        let words = self.words.in_lang(lang);
        match self.field.as_str() {
            "" => format!("{place}: {words}"),
            field => format!("{place}: {field}: {words}"),
        }
    }

    /// The problem for a program.
    #[must_use]
    pub fn to_json(&self, lang: Lang) -> Value {
        json!({
            "file": self.file.display().to_string(),
            "line": self.line,
            "field": self.field,
            "message": self.words.in_lang(lang),
        })
    }
}
