//! Languages as XLSForm names them in its headers: `label::Tiếng Việt (vi)`.

/// Vietnamese, which every text has.
pub(super) const VIETNAMESE: &str = "vi";

/// Languages whose names are known; any other is named by its code.
const NAMES: [(&str, &str); 4] =
    [("vi", "Tiếng Việt"), ("en", "English"), ("fr", "Français"), ("zh", "中文")];
/// Names that are read besides.
const ALIASES: [(&str, &str); 4] =
    [("vietnamese", "vi"), ("french", "fr"), ("chinese", "zh"), ("tieng viet", "vi")];

/// The name and code of a language, as a header has it.
pub(super) fn written(code: &str) -> String {
    let name = NAMES.iter().find(|(known, _)| *known == code).map_or(code, |(_, name)| name);
    format!("{name} ({code})")
}

/// The code of a language as a header has it: in brackets, or a name or code that is known.
pub(super) fn code_of(written: &str) -> Option<String> {
    let written = written.trim();
    let in_brackets = written.strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
    let name = in_brackets.map_or(written, |(_, code)| code).trim().to_lowercase();
    let by_name = NAMES.iter().find(|(_, known)| known.to_lowercase() == name);
    let by_alias = ALIASES.iter().find(|(known, _)| *known == name);
    let code = by_name.map(|(code, _)| *code).or_else(|| by_alias.map(|(_, code)| *code));
    let is_code = |text: &str| {
        (2..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_lowercase())
    };
    // Regions and scripts after the language make no difference here: `en-GB`.
    let base = name.split(['-', '_']).next().unwrap_or_default();
    code.map(str::to_owned).or_else(|| is_code(base).then(|| base.to_owned()))
}
