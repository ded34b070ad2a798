//! Codes of the house and names of a form. A name must be one that XML takes, so a code that begins with
//! a digit goes with a `_` before it; a name of somebody else's form becomes a code where it can.

use std::collections::BTreeMap;

/// What goes before the code of a section: a group and a question may not share a name.
const SECTION: &str = "section_";

/// The name of a question.
pub(super) fn of_question(code: &str) -> String {
    if code.starts_with(|c: char| c.is_ascii_digit()) {
        format!("_{code}")
    } else {
        code.to_owned()
    }
}

/// The name of a section's group.
pub(super) fn of_section(code: &str) -> String {
    format!("{SECTION}{code}")
}

/// A name as a code; whether it is one is for its type to say.
pub(super) fn to_code(name: &str) -> String {
    let name = name.strip_prefix(SECTION).filter(|rest| is_code(rest)).unwrap_or(name);
    let bare = name.strip_prefix('_').filter(|rest| is_code(rest)).unwrap_or(name);
    bare.to_ascii_uppercase().replace(['_', '.'], "-").trim_matches('-').to_owned()
}

fn is_code(text: &str) -> bool {
    text.parse::<cchc_core::QuestionCode>().is_ok()
}

/// Why a condition could not be carried over: it speaks of a question that is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unnamed(pub(super) String);

/// A condition with its questions called otherwise; texts within it stay.
pub(super) fn renamed(
    condition: &str,
    mut name: impl FnMut(&str) -> Option<String>,
) -> Result<String, Unnamed> {
    let mut parts = condition.split("${");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let Some((of, rest)) = part.split_once('}') else {
            return Err(Unnamed(part.to_owned()));
        };
        let of = of.trim();
        let called = name(of).ok_or_else(|| Unnamed(of.to_owned()))?;
        text.extend(["${", &called, "}", rest]);
    }
    Ok(text)
}

/// Names of a form met so far, and the codes they became.
#[derive(Debug, Default)]
pub(super) struct Codes(BTreeMap<String, String>);

impl Codes {
    /// Gives a name its code; nothing when it is none, or another name's already.
    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        let code = to_code(name);
        let is_free = is_code(&code) && !self.0.values().any(|taken| *taken == code);
        is_free.then(|| self.put(name, code))
    }

    /// Gives a name a code that was made for it.
    pub(super) fn put(&mut self, name: &str, code: String) -> String {
        self.0.insert(name.to_owned(), code.clone());
        code
    }

    /// The code of a name.
    pub(super) fn code(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }
}
