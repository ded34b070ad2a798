//! When a step is possible. One table decides, and the same table says who may do what next and until when,
//! so that a refusal can never promise what the service would refuse.

use time::Date;

use super::{Standing, entry::Entry, entry::State};

/// A kind of step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Score,
    Withdraw,
    Judge,
    Explain,
    Reopen,
}

/// Days on which a step is possible; open where absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) from: Option<Date>,
    pub(crate) until: Option<Date>,
}

/// Who may do what next, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Next {
    pub(crate) kind: Kind,
    pub(crate) span: Span,
    is_locked: bool,
}

impl Span {
    const fn of(window: super::Window) -> Self {
        Self { from: Some(window.first), until: Some(window.last) }
    }

    pub(crate) fn contains(self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && !self.is_over(day)
    }

    pub(crate) fn is_over(self, day: Date) -> bool {
        self.until.is_some_and(|until| until < day)
    }
}

impl Kind {
    const ALL: [Self; 5] = [Self::Score, Self::Withdraw, Self::Judge, Self::Explain, Self::Reopen];

    /// When this step is possible for an entry as it stands; never where absent.
    pub(crate) fn span(self, standing: &Standing, entry: Option<&Entry>) -> Option<Span> {
        let windows = &standing.campaign.windows;
        let state = entry.map(|entry| entry.state);
        let given_back = entry.and_then(|entry| entry.content.open_until);
        let reopened = given_back.map(|until| Span { from: None, until: Some(until) });
        let in_time = reopened.unwrap_or(Span::of(windows.self_assessment));
        match (self, state) {
            (
                Self::Score,
                None | Some(State::Draft | State::Submitted | State::Withdrawn | State::Reopened),
            )
            | (Self::Withdraw, Some(State::Submitted)) => Some(in_time),
            // What came late by leave of an appraiser is appraised whenever the appraiser gets to it.
            (Self::Judge, Some(State::Submitted)) if given_back.is_some() => {
                Some(Span { from: None, until: None })
            }
            (Self::Judge, Some(State::Submitted | State::Appraised)) => {
                Some(Span::of(windows.appraisal))
            }
            (Self::Judge, Some(State::Explained | State::Reappraised)) => {
                Some(Span::of(windows.second_appraisal))
            }
            (Self::Explain, Some(State::Appraised | State::Explained)) => {
                Some(Span::of(windows.explanation))
            }
            (Self::Reopen, _) => {
                Some(Span { from: windows.self_assessment.last.next_day(), until: None })
            }
            _ => None,
        }
    }

    const fn english(self, is_locked: bool) -> &'static str {
        match self {
            Self::Score => "the unit scores itself",
            Self::Withdraw => "the unit takes its score back",
            Self::Judge => "the appraiser judges",
            Self::Explain => "the unit explains",
            Self::Reopen if is_locked => "the organiser gives it back to the unit with a reason",
            Self::Reopen => "the appraiser gives it back to the unit with a reason",
        }
    }

    const fn vietnamese(self, is_locked: bool) -> &'static str {
        match self {
            Self::Score => "đơn vị tự chấm điểm",
            Self::Withdraw => "đơn vị rút lại điểm tự chấm",
            Self::Judge => "đơn vị thẩm định chấm điểm",
            Self::Explain => "đơn vị giải trình",
            Self::Reopen if is_locked => "đơn vị chủ trì đợt đánh giá mở lại, nêu lý do",
            Self::Reopen => "đơn vị thẩm định mở lại, nêu lý do",
        }
    }
}

/// Says who may do what next: every step that is possible today or later as things stand.
pub(crate) fn next(standing: &Standing, entry: Option<&Entry>, today: Date) -> Vec<Next> {
    let is_locked = standing.locked_at.is_some();
    let of = |kind: Kind| {
        let span = kind.span(standing, entry)?;
        (!span.is_over(today)).then_some(Next { kind, span, is_locked })
    };
    Kind::ALL.into_iter().filter_map(of).collect()
}

/// A day as officials write it.
pub(crate) fn vietnamese_day(day: Date) -> String {
    format!("{:02}/{:02}/{}", day.day(), u8::from(day.month()), day.year())
}

impl Next {
    pub(crate) fn english(&self) -> String {
        let what = self.kind.english(self.is_locked);
        match (self.span.from, self.span.until) {
            (Some(from), Some(until)) => format!("{what} from {from} to {until}"),
            (Some(from), None) => format!("{what} from {from}"),
            (None, Some(until)) => format!("{what} until {until}"),
            (None, None) => what.to_owned(),
        }
    }

    pub(crate) fn vietnamese(&self) -> String {
        let what = self.kind.vietnamese(self.is_locked);
        match (self.span.from.map(vietnamese_day), self.span.until.map(vietnamese_day)) {
            (Some(from), Some(until)) => format!("{what} từ ngày {from} đến hết ngày {until}"),
            (Some(from), None) => format!("{what} từ ngày {from}"),
            (None, Some(until)) => format!("{what} đến hết ngày {until}"),
            (None, None) => what.to_owned(),
        }
    }
}
