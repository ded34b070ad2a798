//! What respondents wrote in their own words. It goes from the wire to the seal, and is seen by nothing between:
//! no sum, no event, no log.

use std::fmt;

use cchc_core::{Violation, Violations};

use super::batch::Batch;

/// The texts of a response, each by the place of its question. Never printed.
#[derive(Clone, PartialEq, Eq, Default)]
pub(crate) struct Written(pub(crate) Vec<(usize, String)>);

impl fmt::Debug for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Written({} texts)", self.0.len())
    }
}

impl Batch {
    /// Whether anything was written.
    pub(crate) fn has_written(&self) -> bool {
        let changes = self.changes.iter().map(|change| &change.written);
        self.written.iter().chain(changes).any(|written| !written.0.is_empty())
    }

    /// The same without responses with which something was written; and the places of those in their chunk.
    pub(crate) fn without_written(&self) -> (Self, Vec<usize>) {
        self.without(|_, written| written.is_some_and(|written| !written.0.is_empty()))
    }
}

/// Says why a response is refused whose texts cannot be sealed.
pub(crate) fn not_kept() -> Violations {
    Violations::new(vec![Violation {
        path: "texts".to_owned(),
        reason: "TEXT_NOT_KEPT",
        english: "the service has no key to seal texts of this survey with; send it again once it has, or without"
            .to_owned(),
        vietnamese: "dịch vụ không có khóa để niêm phong câu trả lời tự do của cuộc khảo sát này; hãy gửi lại sau, hoặc gửi không kèm nội dung tự do"
            .to_owned(),
    }])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_does_not_show() {
        let written = Written(vec![(3, "Chờ lâu".to_owned())]);

        assert_eq!(format!("{written:?}"), "Written(1 texts)");
    }
}
