//! An assignment moves from one unit to another: units are merged, a responsibility changes hands.
//!
//! Both keep what was said. The unit that had it gets a last version that names who has it now; the other unit's
//! assignment begins with a version that names where it came from, or, where the task binds that unit already,
//! goes on with one. Of what recurs, times whose last day passed before the move stay with the unit that had it.
//! Decision 0045.

use cchc_core::{Collector, Refusal, Text, UnitCode, Violations, civil_date};
use cchc_scoring::{
    catalogue::{Plan, Unit},
    hierarchy::Hierarchy,
};
use time::Date;

use super::{Assignment, Move, Percent, Progress, State, step::StepError};
use crate::domain::{change::Stamp, expansion::assignment_id};

/// Somebody wants to move an assignment.
#[derive(Debug, Clone)]
pub(crate) struct Reassigning {
    pub(crate) to: UnitCode,
    /// The version that was read.
    pub(crate) seen: i64,
    /// Number and date of the document that decides it.
    pub(crate) document: (Text<1, 200>, Date),
    pub(crate) reason: Text<1, 2000>,
}

/// Both assignments after a move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Moved {
    /// Of the unit that had it.
    pub(crate) from: Assignment,
    /// Of the unit that has it.
    pub(crate) to: Assignment,
}

/// What a move is decided against.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ground<'a> {
    pub(crate) plan: &'a Plan,
    /// The units of the plan's province.
    pub(crate) units: &'a Hierarchy,
    /// The other unit's assignment of the task, where it has or had one.
    pub(crate) receiver: Option<&'a Assignment>,
}

/// A move is not made, whatever the state of the assignment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum MoveRefusal {
    /// No such unit in the province.
    #[error("the province of the plan has no unit {0}")]
    UnitNotFound(UnitCode),
    /// It has it already.
    #[error("is the unit that has it")]
    UnitUnchanged,
    /// The province itself, or a unit that does not exist on the day.
    #[error(
        "unit {unit} cannot be given a task on {day}: it does not exist then, or gives the orders"
    )]
    UnitNotThere {
        /// The unit.
        unit: UnitCode,
        /// The last day of the task, or today.
        day: Date,
    },
    /// Nothing is decided tomorrow.
    #[error("must not be after today, {today}")]
    DateInFuture {
        /// The day in Viet Nam.
        today: Date,
    },
    /// Nobody can have moved what was not assigned yet.
    #[error("must not be before {issued}, from which the plan can have been issued")]
    OlderThanPlan {
        /// The first day of the plan.
        issued: Date,
    },
}

impl Refusal for MoveRefusal {
    fn reason(&self) -> &'static str {
        match self {
            Self::UnitNotFound(_) => "UNIT_NOT_FOUND",
            Self::UnitUnchanged => "UNIT_UNCHANGED",
            Self::UnitNotThere { .. } => "UNIT_NOT_THERE",
            Self::DateInFuture { .. } => "DATE_IN_FUTURE",
            Self::OlderThanPlan { .. } => "DOCUMENT_OLDER_THAN_PLAN",
        }
    }

    fn vietnamese(&self) -> String {
        match self {
            Self::UnitNotFound(unit) => format!("tỉnh của kế hoạch không có đơn vị {unit}"),
            Self::UnitUnchanged => "đơn vị này đang được giao nhiệm vụ".to_owned(),
            Self::UnitNotThere { unit, day } => {
                format!(
                    "không thể giao cho đơn vị {unit}: vào ngày {} đơn vị không tồn tại, hoặc là cấp giao việc",
                    written(*day)
                )
            }
            Self::DateInFuture { today } => {
                format!("ngày văn bản không được sau ngày hôm nay ({})", written(*today))
            }
            Self::OlderThanPlan { issued } => {
                format!(
                    "ngày văn bản không được trước ngày ban hành kế hoạch ({})",
                    written(*issued)
                )
            }
        }
    }
}

fn written(day: Date) -> String {
    format!("{:02}/{:02}/{}", day.day(), u8::from(day.month()), day.year())
}

/// A move is not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum MoveError {
    /// What was sent is wrong.
    #[error(transparent)]
    Invalid(#[from] Violations),
    /// It is not the time for it.
    #[error(transparent)]
    Step(#[from] StepError),
}

impl Reassigning {
    /// Decides what the move makes of both units' assignments.
    pub(crate) fn decide(
        &self,
        present: &Assignment,
        ground: Ground<'_>,
        stamp: &Stamp,
    ) -> Result<Moved, MoveError> {
        self.check(present, ground, civil_date(stamp.at))?;
        let was = &present.progress;
        if self.seen != was.version {
            return Err(StepError::Changed { now: was.version }.into());
        }
        let is_over = was.state.is_done() && !present.is_recurring;
        if was.state == State::Reassigned || is_over {
            return Err(StepError::NotNow(was.state).into());
        }
        if let Some(other) = ground.receiver.filter(|other| other.state().is_done())
            && !other.is_recurring
        {
            return Err(StepError::ReceiverIsDone { unit: other.unit.clone() }.into());
        }
        let (number, date) = &self.document;
        let moved = Move {
            from: present.unit.clone(),
            to: self.to.clone(),
            document: (number.to_string(), *date),
        };
        let from = Progress { state: State::Reassigned, ..self.stamped(was, &moved, stamp) };
        let from = Assignment { progress: from, ..present.clone() };
        Ok(Moved { from, to: self.receive(present, ground.receiver, &moved, stamp) })
    }

    fn check(
        &self,
        present: &Assignment,
        Ground { plan, units, .. }: Ground<'_>,
        today: Date,
    ) -> Result<(), Violations> {
        let mut c = Collector::new();
        let day = present.last_date.map_or(today, |last| last.max(today));
        match units.unit(&self.to) {
            None => c.refuse_because("unit_code", &MoveRefusal::UnitNotFound(self.to.clone())),
            Some(unit) if unit.code == present.unit => {
                c.refuse_because("unit_code", &MoveRefusal::UnitUnchanged);
            }
            Some(unit) if !is_there(unit, plan, day) => {
                let unit = unit.code.clone();
                c.refuse_because("unit_code", &MoveRefusal::UnitNotThere { unit, day });
            }
            Some(_) => {}
        }
        let (_, date) = self.document;
        if date > today {
            c.refuse_because("document_date", &MoveRefusal::DateInFuture { today });
        }
        if let Some(issued) = plan.issued_from.filter(|issued| date < *issued) {
            c.refuse_because("document_date", &MoveRefusal::OlderThanPlan { issued });
        }
        c.finish(Some(()))
    }

    /// The other unit's assignment: anew, or, where the task binds it already, as it stands.
    fn receive(
        &self,
        present: &Assignment,
        receiver: Option<&Assignment>,
        moved: &Move,
        stamp: &Stamp,
    ) -> Assignment {
        let anew = Progress {
            version: 0,
            state: State::Assigned,
            percent: Percent::ZERO,
            done_date: None,
            officer: String::new(),
            ..present.progress.clone()
        };
        let (id, was) = match receiver {
            Some(other) if other.state() == State::Reassigned => {
                (other.id, Progress { version: other.progress.version, ..anew })
            }
            Some(other) => (other.id, other.progress.clone()),
            None => (assignment_id(&present.plan, &present.task, &self.to), anew),
        };
        let progress = self.stamped(&was, moved, stamp);
        Assignment { id, unit: self.to.clone(), progress, ..present.clone() }
    }

    fn stamped(&self, was: &Progress, moved: &Move, stamp: &Stamp) -> Progress {
        Progress {
            version: was.version + 1,
            note: self.reason.to_string(),
            reporter: Some(stamp.by.clone()),
            at: stamp.at,
            moved: Some(moved.clone()),
            ..was.clone()
        }
    }
}

fn is_there(unit: &Unit, plan: &Plan, day: Date) -> bool {
    unit.code != plan.province && unit.exists_on(day)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use serde_json::json;
    use time::macros::{date, datetime};

    use super::*;

    fn plan() -> Plan {
        serde_json::from_value(json!({
            "code": "QN-2018", "province": "22", "year": 2018, "title": "", "title_en": "",
            "reference": "", "issued_from": "2018-05-23",
        }))
        .unwrap()
    }

    fn units() -> Hierarchy {
        let units: Vec<Unit> = serde_json::from_value(json!([
            { "code": "22", "kind": "province", "name": "Tỉnh" },
            { "code": "193", "parent": "22", "kind": "district", "name": "Hạ Long" },
            { "code": "204", "parent": "22", "kind": "district", "name": "Hoành Bồ" },
            { "code": "205", "parent": "22", "kind": "district", "name": "Cũ", "valid_to": "2018-06-20" },
        ]))
        .unwrap();
        units.into_iter().collect()
    }

    fn assigned(unit: &str, state: State) -> Assignment {
        let (plan, task) = ("QN-2018".parse().unwrap(), "19.1".parse().unwrap());
        let unit = unit.parse().unwrap();
        let is_done = state.is_done();
        Assignment {
            id: assignment_id(&plan, &task, &unit),
            plan,
            task,
            unit,
            last_date: Some(date!(2018 - 06 - 29)),
            is_requested: false,
            is_recurring: false,
            progress: Progress {
                version: 3,
                state,
                percent: Percent::new(if is_done { 100 } else { 40 }).unwrap(),
                done_date: is_done.then_some(date!(2018 - 06 - 10)),
                officer: "nguyen-van-a".to_owned(),
                note: "Đang làm".to_owned(),
                reporter: Some("can-bo".to_owned()),
                at: datetime!(2018-06-05 00:00 UTC),
                moved: None,
            },
        }
    }

    fn moving(to: &str) -> Reassigning {
        Reassigning {
            to: to.parse().unwrap(),
            seen: 3,
            document: (Text::new("12/QĐ-UBND").unwrap(), date!(2018 - 06 - 12)),
            reason: Text::new("Sáp nhập").unwrap(),
        }
    }

    fn decided(
        wish: &Reassigning,
        from: &Assignment,
        receiver: Option<&Assignment>,
    ) -> Result<Moved, MoveError> {
        let (plan, units) = (plan(), units());
        let ground = Ground { plan: &plan, units: &units, receiver };
        wish.decide(from, ground, &Stamp::of("hoi-dong", date!(2018 - 06 - 15)))
    }

    fn reasons(refused: Result<Moved, MoveError>) -> Vec<&'static str> {
        match refused.unwrap_err() {
            MoveError::Invalid(all) => all.as_slice().iter().map(|of| of.reason).collect(),
            MoveError::Step(error) => vec![cchc_core::Fault::reason(&error)],
        }
    }

    #[test]
    fn the_other_unit_begins_anew_and_what_the_first_said_stays_with_it() {
        let from = assigned("204", State::InProgress);

        let moved = decided(&moving("193"), &from, None).unwrap();

        let (left, came) = (&moved.from.progress, &moved.to.progress);
        assert_eq!((left.version, left.state, left.percent.get()), (4, State::Reassigned, 40));
        assert_eq!((came.version, came.state, came.percent.get()), (1, State::Assigned, 0));
        assert_eq!((left.officer.as_str(), came.officer.as_str()), ("nguyen-van-a", ""));
        assert_eq!(left.moved, came.moved);
        assert_eq!(moved.to.id, assignment_id(&from.plan, &from.task, &moved.to.unit));
        assert_eq!(moved.to.last_date, from.last_date);
    }

    #[test]
    fn a_unit_that_the_task_binds_already_goes_on_where_it_is() {
        let (from, other) = (assigned("204", State::Assigned), assigned("193", State::InProgress));

        let moved = decided(&moving("193"), &from, Some(&other)).unwrap();

        let came = &moved.to.progress;
        assert_eq!((came.version, came.state, came.percent.get()), (4, State::InProgress, 40));
        assert_eq!((came.officer.as_str(), came.note.as_str()), ("nguyen-van-a", "Sáp nhập"));
    }

    #[test]
    fn a_unit_that_gave_it_away_may_have_it_back() {
        let there = decided(&moving("193"), &assigned("204", State::InProgress), None).unwrap();
        let back = Reassigning { seen: 1, ..moving("204") };

        let moved = decided(&back, &there.to, Some(&there.from)).unwrap();

        assert_eq!((moved.from.state(), moved.to.state()), (State::Reassigned, State::Assigned));
        assert_eq!((moved.to.progress.version, moved.to.progress.percent.get()), (5, 0));
    }

    #[test]
    fn what_is_wrong_with_a_move_is_said_all_at_once() {
        let from = assigned("204", State::Assigned);
        let dated = |to: &str, date| Reassigning {
            document: (Text::new("1").unwrap(), date),
            ..moving(to)
        };
        let of = |wish: &Reassigning| reasons(decided(wish, &from, None));

        let tomorrow = dated("999", date!(2018 - 06 - 16));
        let too_old = dated("204", date!(2018 - 05 - 22));
        assert_eq!(of(&tomorrow), ["UNIT_NOT_FOUND", "DATE_IN_FUTURE"]);
        assert_eq!(of(&too_old), ["UNIT_UNCHANGED", "DOCUMENT_OLDER_THAN_PLAN"]);
        assert_eq!(of(&moving("205")), ["UNIT_NOT_THERE"], "it ends before the last day");
        assert_eq!(of(&moving("22")), ["UNIT_NOT_THERE"], "it gives the orders");
    }

    #[test]
    fn what_is_done_or_was_moved_is_not_moved() {
        let of = |state| reasons(decided(&moving("193"), &assigned("204", state), None));
        let recurring = Assignment { is_recurring: true, ..assigned("204", State::Confirmed) };
        let stale = Reassigning { seen: 2, ..moving("193") };
        let done = assigned("193", State::Submitted);
        let from = assigned("204", State::Returned);

        assert_eq!(of(State::Submitted), ["STEP_NOT_NOW"]);
        assert_eq!(of(State::Reassigned), ["STEP_NOT_NOW"]);
        assert!(decided(&moving("193"), &recurring, None).is_ok());
        assert_eq!(reasons(decided(&stale, &from, None)), ["ASSIGNMENT_CHANGED"]);
        assert_eq!(reasons(decided(&moving("193"), &from, Some(&done))), ["RECEIVER_IS_DONE"]);
    }
}
