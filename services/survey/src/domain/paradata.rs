//! Paradata: how a response came about. Kept apart from what was answered, for surveys that have a rule
//! that needs it, and of it only what is needed: a datum without a rule is refused, not dropped, so
//! that no collector sends what nobody may keep.

use std::fmt;

use cchc_core::Collector;
use time::OffsetDateTime;

use super::quality::{Flag, Quality};

/// Bytes of a respondent's key: what a keyed hash gives.
const KEY_LENGTHS: std::ops::RangeInclusive<usize> = 16..=64;
/// Characters of an interviewer's name and of a printed code.
const MOST_CHARACTERS: usize = 64;

/// What a collector made of who the respondent is. Never printed, and stored only as a hash of its own.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct RespondentKey(Vec<u8>);

impl RespondentKey {
    /// Takes a key of the right length.
    pub(crate) fn new(key: &[u8]) -> Option<Self> {
        KEY_LENGTHS.contains(&key.len()).then(|| Self(key.to_vec()))
    }

    /// The key itself, for the one place that hashes it.
    pub(crate) fn reveal(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for RespondentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RespondentKey(***)")
    }
}

/// How a version of a response came about; what was not said is absent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Paradata {
    pub(crate) key: Option<RespondentKey>,
    pub(crate) start: Option<OffsetDateTime>,
    pub(crate) interviewer: Option<String>,
    /// The contract's number of the channel.
    pub(crate) channel: Option<i16>,
    pub(crate) slip_code: Option<String>,
}

/// The same as it came, as far as it could be read.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Said<'a> {
    pub(crate) key: &'a [u8],
    pub(crate) start: Option<OffsetDateTime>,
    pub(crate) interviewer: &'a str,
    /// Of those that the contract names; 0 when not said.
    pub(crate) channel: i16,
    pub(crate) slip_code: &'a str,
}

impl Said<'_> {
    /// Whether nothing was said.
    const fn is_nothing(&self) -> bool {
        self.key.is_empty()
            && self.start.is_none()
            && self.interviewer.is_empty()
            && self.channel == 0
            && self.slip_code.is_empty()
    }
}

/// Checks what was said against the rules of the survey; nothing for a survey without rules.
pub(crate) fn read(
    c: &mut Collector,
    quality: &Quality,
    said: Said<'_>,
    now: OffsetDateTime,
) -> Option<Paradata> {
    if !quality.is_any() && said.is_nothing() {
        return None;
    }
    let takes = |flag: Flag| quality.rule(flag).is_some();
    let times = takes(Flag::Speeder) || takes(Flag::ImpossibleTime);
    taken(c, "respondent_key", takes(Flag::SameRespondent), said.key.is_empty());
    taken(c, "start_time", times, said.start.is_none());
    taken(c, "interviewer", takes(Flag::InterviewerShare), said.interviewer.is_empty());
    taken(c, "channel", quality.is_any(), said.channel == 0);
    taken(c, "slip_code", takes(Flag::CodeReused), said.slip_code.is_empty());
    let key = RespondentKey::new(said.key);
    if key.is_none() && !said.key.is_empty() {
        refuse_key(c);
    }
    if said.start.is_some_and(|start| start > now) {
        c.refuse(
            "start_time",
            "TIME_IN_FUTURE",
            "must not lie in the future",
            "không được ở thời điểm trong tương lai",
        );
    }
    let interviewer = code(c, "interviewer", said.interviewer);
    let slip_code = code(c, "slip_code", said.slip_code);
    let channel = Some(said.channel).filter(|channel| *channel > 0);
    Some(Paradata { key, start: said.start, interviewer, channel, slip_code })
}

/// Refuses a respondent's key that is none.
pub(crate) fn refuse_key(c: &mut Collector) {
    let (least, most) = KEY_LENGTHS.into_inner();
    c.refuse(
        "respondent_key",
        "KEY_LENGTH_OFF",
        format!("must have {least} to {most} bytes"),
        format!("phải có từ {least} đến {most} byte"),
    );
}

/// Refuses what is said and not taken.
fn taken(c: &mut Collector, field: &str, is_taken: bool, is_absent: bool) {
    if !is_taken && !is_absent {
        c.refuse(
            field,
            "NOT_TAKEN",
            "no quality rule of the survey needs it, so it must not be sent",
            "cuộc khảo sát không có quy tắc chất lượng nào cần trường này, không được gửi",
        );
    }
}

/// Reads a code that people print on slips or give to interviewers.
fn code(c: &mut Collector, field: &str, code: &str) -> Option<String> {
    if code.is_empty() {
        return None;
    }
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "._-".contains(character);
    if code.len() > MOST_CHARACTERS || !code.chars().all(is_plain) {
        c.refuse(
            field,
            "CODE_INVALID",
            format!("must have 1 to {MOST_CHARACTERS} letters, digits, '.', '_' or '-'"),
            format!("phải có 1 đến {MOST_CHARACTERS} chữ cái không dấu, chữ số, '.', '_' hoặc '-'"),
        );
        return None;
    }
    Some(code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_does_not_show() {
        let key = RespondentKey::new(&[7; 16]);

        assert_eq!(format!("{key:?}"), "Some(RespondentKey(***))");
        assert_eq!((RespondentKey::new(&[7; 15]), RespondentKey::new(&[7; 65])), (None, None));
    }
}
