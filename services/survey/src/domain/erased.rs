//! Responses that were erased at their respondent's wish: a resend is refused, so that it does not come back, and
//! its collector learns that theirs is to be deleted too.

use std::{collections::HashSet, sync::Arc};

use cchc_core::{ResponseId, Violation, Violations};

use super::{batch::Batch, written::Written};

/// Why a response that was erased is refused. Rows refused so are not kept.
pub(crate) const ERASED: &str = "RESPONSE_ERASED";

/// Says why a response that was erased is refused.
pub(crate) fn refusal() -> Violations {
    Violations::new(vec![Violation {
        path: "response_id".to_owned(),
        reason: ERASED,
        english: "was erased at the respondent's wish; delete your copy too".to_owned(),
        vietnamese: "đã được xóa theo yêu cầu của người trả lời; hãy xóa cả bản đang lưu"
            .to_owned(),
    }])
}

impl Batch {
    /// The same without those that were erased; and the places of those in their chunk.
    pub(crate) fn without_erased(&self, erased: &HashSet<ResponseId>) -> (Self, Vec<usize>) {
        self.without(|id, _| erased.contains(&id))
    }

    /// The same without some responses; and the places of those in their chunk.
    pub(super) fn without(
        &self,
        is_left_out: impl Fn(ResponseId, Option<&Written>) -> bool,
    ) -> (Self, Vec<usize>) {
        let mut rest = Self::new(Arc::clone(&self.fieldwork));
        let mut left_out = Vec::new();
        let responses = self.places.iter().zip(&self.ids).zip(&self.clusters).zip(&self.times);
        for (n, (((place, id), cluster), time)) in responses.enumerate() {
            if is_left_out(*id, self.written.get(n)) {
                left_out.push(*place);
                continue;
            }
            rest.places.push(*place);
            rest.ids.push(*id);
            rest.clusters.push(*cluster);
            rest.times.push(*time);
            rest.answers.extend_from_slice(self.answers_at(n));
            rest.paradata.extend(self.paradata.get(n).cloned());
            rest.written.extend(self.written.get(n).cloned());
        }
        for change in &self.changes {
            if is_left_out(change.id, Some(&change.written)) {
                left_out.push(change.place);
            } else {
                rest.changes.push(change.clone());
            }
        }
        (rest, left_out)
    }
}
