//! Reading untrusted input whole: every fault is found before the refusal, so that an official
//! corrects a form once and not once per field.

use std::{fmt::Display, str::FromStr};

use crate::{
    CodeError, IdError, PeriodError, QuantityError, Text, TextError, Violation, Violations,
    YearError,
};

/// Why a single value is refused. English is its `Display`.
pub trait Refusal: Display {
    /// A stable upper-case word.
    fn reason(&self) -> &'static str;

    /// The message in Vietnamese.
    fn vietnamese(&self) -> String;
}

/// Collects the violations of one request while it is read.
#[derive(Debug, Default)]
pub struct Collector {
    path: Vec<String>,
    violations: Vec<Violation>,
}

impl Collector {
    /// Starts with nothing refused.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a part of the request under its name, such as `plan` or `targets[2]`.
    pub fn at<R>(&mut self, segment: impl Into<String>, read: impl FnOnce(&mut Self) -> R) -> R {
        self.path.push(segment.into());
        let value = read(self);
        self.path.pop();
        value
    }

    /// Reads every element of a list under its index; `None` when any was refused.
    pub fn each<T, R>(
        &mut self,
        field: &str,
        items: impl IntoIterator<Item = T>,
        mut read: impl FnMut(&mut Self, T) -> Option<R>,
    ) -> Option<Vec<R>> {
        let mut values = Some(Vec::new());
        for (index, item) in items.into_iter().enumerate() {
            let value = self.at(format!("{field}[{index}]"), |c| read(c, item));
            match (&mut values, value) {
                (Some(values), Some(value)) => values.push(value),
                _ => values = None,
            }
        }
        values
    }

    /// Refuses a field of the present part; an empty name refuses the part itself.
    pub fn refuse(
        &mut self,
        field: &str,
        reason: &'static str,
        english: impl Into<String>,
        vietnamese: impl Into<String>,
    ) {
        let mut path = self.path.join(".");
        if !field.is_empty() {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(field);
        }
        let (english, vietnamese) = (english.into(), vietnamese.into());
        self.violations.push(Violation { path, reason, english, vietnamese });
    }

    /// Refuses a field for a known cause.
    pub fn refuse_because(&mut self, field: &str, refusal: &dyn Refusal) {
        self.refuse(field, refusal.reason(), refusal.to_string(), refusal.vietnamese());
    }

    /// Reads a required field.
    pub fn parse<T: FromStr<Err: Refusal>>(&mut self, field: &str, text: &str) -> Option<T> {
        if text.is_empty() {
            self.missing(field);
            return None;
        }
        text.parse().map_err(|refusal| self.refuse_because(field, &refusal)).ok()
    }

    /// Reads a field that may be empty: `Some(None)` when it is, `None` when it is refused.
    pub fn parse_optional<T: FromStr<Err: Refusal>>(
        &mut self,
        field: &str,
        text: &str,
    ) -> Option<Option<T>> {
        if text.is_empty() { Some(None) } else { self.parse(field, text).map(Some) }
    }

    /// Reads a text.
    pub fn text<const MIN: usize, const MAX: usize>(
        &mut self,
        field: &str,
        text: &str,
    ) -> Option<Text<MIN, MAX>> {
        Text::new(text).map_err(|refusal| self.refuse_because(field, &refusal)).ok()
    }

    /// Refuses an absent field, and hands through a present one.
    pub fn require<T>(&mut self, field: &str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.missing(field);
        }
        value
    }

    fn missing(&mut self, field: &str) {
        self.refuse(field, "REQUIRED", "is required", "là trường bắt buộc");
    }

    /// Whether nothing was refused so far.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.violations.is_empty()
    }

    /// Ends with what was read, or with everything that was refused.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Violations> {
        match value {
            Some(value) if self.violations.is_empty() => Ok(value),
            _ => Err(Violations::new(self.violations)),
        }
    }
}

impl Refusal for CodeError {
    fn reason(&self) -> &'static str {
        "CODE_INVALID"
    }

    fn vietnamese(&self) -> String {
        "mã không hợp lệ: chỉ gồm chữ in hoa không dấu, chữ số và dấu '-' (1 đến 32 ký tự); số thứ tự \
         viết dạng 2.1.3"
            .to_owned()
    }
}

impl Refusal for IdError {
    fn reason(&self) -> &'static str {
        "ID_INVALID"
    }

    fn vietnamese(&self) -> String {
        "phải là một UUID khác rỗng".to_owned()
    }
}

impl Refusal for QuantityError {
    fn reason(&self) -> &'static str {
        "NUMBER_INVALID"
    }

    fn vietnamese(&self) -> String {
        match self {
            Self::NotDecimal => "phải là số thập phân, ví dụ 12.25",
            Self::Ambiguous => "số viết không rõ ràng; hãy dùng dấu chấm thập phân, ví dụ 12.25",
            Self::TooLong => "có tối đa 15 chữ số phần nguyên và 9 chữ số thập phân",
            Self::Negative => "không được âm",
        }
        .to_owned()
    }
}

impl Refusal for PeriodError {
    fn reason(&self) -> &'static str {
        "PERIOD_INVALID"
    }

    fn vietnamese(&self) -> String {
        "phải là kỳ báo cáo dạng 2018, 2018-Q1, 2018-6M hoặc 2018-9M".to_owned()
    }
}

impl Refusal for YearError {
    fn reason(&self) -> &'static str {
        "YEAR_INVALID"
    }

    fn vietnamese(&self) -> String {
        "phải là năm từ 2000 đến 2100".to_owned()
    }
}

impl Refusal for TextError {
    fn reason(&self) -> &'static str {
        "TEXT_INVALID"
    }

    fn vietnamese(&self) -> String {
        match self {
            Self::TooShort(least) => format!("phải có ít nhất {least} ký tự"),
            Self::TooLong(most) => format!("có tối đa {most} ký tự"),
            Self::Control => "không được chứa ký tự điều khiển hoặc ký tự đổi chiều chữ".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;
    use crate::{Points, UnitCode};

    #[test]
    fn every_fault_is_found_with_its_path() {
        let mut collector = Collector::new();

        let unit = collector.parse::<UnitCode>("unit_code", "");
        let points = collector
            .each("targets", ["1", "x", "1,5"], |c, text| c.parse::<Points>("points", text));
        let refusal = collector.finish(unit.zip(points)).unwrap_err();

        let found: Vec<_> =
            refusal.as_slice().iter().map(|v| (v.path.as_str(), v.reason)).collect();
        assert_eq!(
            found,
            [
                ("unit_code", "REQUIRED"),
                ("targets[1].points", "NUMBER_INVALID"),
                ("targets[2].points", "NUMBER_INVALID"),
            ]
        );
    }
}
