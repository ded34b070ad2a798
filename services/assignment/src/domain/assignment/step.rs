//! The life of an assignment beside its reports: taken on, delegated, confirmed, returned.
//!
//! | state | what comes next | by whom |
//! | --- | --- | --- |
//! | assigned | accepted, or a report | the unit |
//! | accepted, in progress, returned | a report | the unit |
//! | submitted | confirmed or returned; or a corrected report | who watches over the plan; the unit |
//! | confirmed | returned; of a recurring task the next report | who watches over the plan; the unit |
//! | all but submitted and confirmed | reassigned ([`super::reassign`]) | who watches over the plan |
//! | reassigned | nothing: the other unit has it | |
//!
//! A report takes an assignment on by itself: nobody is made to press two buttons. An officer can be named
//! at any time before the confirmation.

use cchc_core::{Fault, Kind, Text};

use super::{Assignment, Progress, State};
use crate::domain::change::Stamp;

/// Names an officer, as tokens name them.
pub(crate) type Officer = Text<1, 128>;

/// What is done to an assignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// The unit takes it on.
    Accept,
    /// The unit names the officer who answers for it.
    Delegate(Officer),
    /// Whoever watches over the plan agrees that it is done.
    Confirm,
    /// Whoever watches over the plan does not agree.
    Return,
}

/// Somebody wants to take a step.
#[derive(Debug, Clone)]
pub(crate) struct Wish {
    pub(crate) step: Step,
    /// The version that was read; for judging it must be the present one.
    pub(crate) seen: Option<i64>,
    pub(crate) note: Text<0, 2000>,
}

/// A step is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum StepError {
    /// The right step in the wrong state.
    #[error("the assignment is {}; next: {}", .0.english(), said_next(*.0, ", or ", |next| next.english))]
    NotNow(State),
    /// The other unit has done the task already, so that what is moved to it would count as done.
    #[error("unit {unit} has done the task: an appraiser returns it first")]
    ReceiverIsDone {
        /// The unit that is to have it.
        unit: cchc_core::UnitCode,
    },
    /// What was judged is not what stands there.
    #[error("the assignment has changed: version {now} is the present one")]
    Changed {
        /// The present version.
        now: i64,
    },
}

impl Fault for StepError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotNow(_) | Self::ReceiverIsDone { .. } => Kind::Precondition,
            Self::Changed { .. } => Kind::Conflict,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::NotNow(_) => "STEP_NOT_NOW",
            Self::ReceiverIsDone { .. } => "RECEIVER_IS_DONE",
            Self::Changed { .. } => "ASSIGNMENT_CHANGED",
        }
    }

    fn vietnamese(&self) -> String {
        match self {
            Self::NotNow(state) => format!(
                "nhiệm vụ đang ở trạng thái “{}”; bước tiếp theo: {}",
                state.vietnamese(),
                said_next(*state, " hoặc ", |next| next.vietnamese)
            ),
            Self::ReceiverIsDone { unit } => format!(
                "đơn vị {unit} đã báo cáo hoàn thành nhiệm vụ này: cơ quan thẩm định cần trả lại trước"
            ),
            Self::Changed { now } => {
                format!("nhiệm vụ đã thay đổi, hiện là lần {now}: hãy đọc lại rồi quyết định")
            }
        }
    }

    fn metadata(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::NotNow(state) => vec![("state", state.as_str().to_owned())],
            Self::ReceiverIsDone { unit } => vec![("unit", unit.to_string())],
            Self::Changed { now } => vec![("version", now.to_string())],
        }
    }
}

/// Who may do what next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NextStep {
    pub(crate) english: &'static str,
    pub(crate) vietnamese: &'static str,
}

const ACCEPT: NextStep =
    NextStep { english: "the unit accepts it", vietnamese: "đơn vị tiếp nhận" };
const REPORT: NextStep =
    NextStep { english: "the unit reports on it", vietnamese: "đơn vị báo cáo tiến độ" };
const CORRECT: NextStep = NextStep {
    english: "the unit corrects its report",
    vietnamese: "đơn vị điều chỉnh báo cáo",
};
const JUDGE: NextStep = NextStep {
    english: "an appraiser confirms or returns it",
    vietnamese: "cơ quan thẩm định xác nhận hoặc trả lại",
};
const RETURN: NextStep = NextStep {
    english: "an appraiser returns it with a reason",
    vietnamese: "cơ quan thẩm định trả lại, nêu lý do",
};
const NEXT_TIME: NextStep = NextStep {
    english: "of a recurring task the unit reports the next time",
    vietnamese: "với việc định kỳ, đơn vị báo cáo kỳ tiếp theo",
};

const ELSEWHERE: NextStep = NextStep {
    english: "the unit that has it now reports on it",
    vietnamese: "đơn vị đang được giao báo cáo tiến độ",
};

/// Says who may do what next.
pub(crate) const fn next_steps(state: State) -> &'static [NextStep] {
    match state {
        State::Assigned => &[ACCEPT, REPORT],
        State::Accepted | State::InProgress | State::Returned => &[REPORT, CORRECT],
        State::Submitted => &[JUDGE, CORRECT],
        State::Confirmed => &[RETURN, NEXT_TIME],
        State::Reassigned => &[ELSEWHERE],
    }
}

fn said_next(state: State, or: &str, word: impl Fn(&NextStep) -> &'static str) -> String {
    next_steps(state).iter().map(word).collect::<Vec<_>>().join(or)
}

impl Wish {
    /// Decides what the step makes of an assignment.
    pub(crate) fn decide(
        &self,
        present: &Assignment,
        stamp: &Stamp,
    ) -> Result<Assignment, StepError> {
        let was = &present.progress;
        if self.seen.is_some_and(|seen| seen != was.version) {
            return Err(StepError::Changed { now: was.version });
        }
        let state = match (&self.step, was.state) {
            (Step::Accept, State::Assigned) => State::Accepted,
            (Step::Delegate(_), state)
                if !matches!(state, State::Confirmed | State::Reassigned) =>
            {
                state
            }
            (Step::Confirm, State::Submitted) => State::Confirmed,
            (Step::Return, State::Submitted | State::Confirmed) => State::Returned,
            (_, state) => return Err(StepError::NotNow(state)),
        };
        let officer = match &self.step {
            Step::Delegate(officer) => officer.to_string(),
            Step::Accept | Step::Confirm | Step::Return => was.officer.clone(),
        };
        let progress = Progress {
            version: was.version + 1,
            state,
            percent: was.percent,
            done_date: was.done_date,
            officer,
            note: self.note.to_string(),
            reporter: Some(stamp.by.clone()),
            at: stamp.at,
            moved: None,
        };
        Ok(Assignment { progress, ..present.clone() })
    }
}
