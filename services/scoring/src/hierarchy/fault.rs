//! What is wrong with units or with a change of them, and where.

use cchc_core::{Quantity, Refusal, UnitCode};
use time::Date;

use crate::{catalogue::Unit, figure::vietnamese as comma};

/// Earlier standings that a unit may have; far more than any body has changed.
pub const MOST_STANDINGS: usize = 50;

/// Characters of the decisions by which a unit changed on a day.
pub const MOST_REFERENCE: usize = 1_000;

/// Why a unit cannot be as it is said to be, or a change cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// It ends before it begins.
    #[error("{0} ends before it begins")]
    ValidityEmpty(UnitCode),
    /// A standing ends before it begins, after the next one has ended, or after the unit has.
    #[error("{unit} stands so until {until}, which overlaps what stands before or after it")]
    StandingsOverlap {
        /// The unit.
        unit: UnitCode,
        /// The first day it stood so no longer.
        until: Date,
    },
    /// Days of its life on which nothing says how it stood.
    #[error("nothing says how {unit} stood from {from} to {to}")]
    StandingsGap {
        /// The unit.
        unit: UnitCode,
        /// The first such day.
        from: Date,
        /// The first day after them.
        to: Date,
    },
    /// More changes, or longer references, than travel with a unit.
    #[error(
        "more is said of the history of {unit} than {MOST_STANDINGS} earlier standings and {MOST_REFERENCE} characters of a reference"
    )]
    HistoryTooLong {
        /// The unit.
        unit: UnitCode,
    },
    /// A change of which no decision is named.
    #[error("names no decision for the change of {0}")]
    ReferenceMissing(UnitCode),
    /// Somebody takes the place of what lasts.
    #[error("{0} has successors and does not end")]
    SuccessorsWithoutEnd(UnitCode),
    /// A successor that does not exist on the day.
    #[error("{successor}, which should take the place of {unit}, does not exist on {day}")]
    SuccessorNotThere {
        /// The unit that ends.
        unit: UnitCode,
        /// Who should take its place.
        successor: UnitCode,
        /// The day.
        day: Date,
    },
    /// A successor, part, unit or child that stands twice.
    #[error("{0} stands twice")]
    Twice(UnitCode),
    /// Some shares of a split are known and others are not.
    #[error("gives a share to some successors of {0} and none to others")]
    ShareMissing(UnitCode),
    /// A share of nothing.
    #[error("a share of {0} is above 0 and at most 1")]
    ShareOutOfRange(UnitCode),
    /// Shares that are not the whole.
    #[error("the shares of {unit} add up to {sum}, not to 1")]
    SharesNotOne {
        /// The unit that is split.
        unit: UnitCode,
        /// What its shares add up to.
        sum: Quantity,
    },
    /// A unit above that nobody knows.
    #[error("the unit {0} is not known")]
    ParentUnknown(UnitCode),
    /// It stands under a unit before that has begun.
    #[error("{unit} stands under {parent} before that has begun")]
    PrecedesParent {
        /// The unit.
        unit: UnitCode,
        /// The one above.
        parent: UnitCode,
    },
    /// It stands under a unit after that has ended.
    #[error("{unit} still stands under {parent} after that has ended")]
    OutlivesParent {
        /// The unit.
        unit: UnitCode,
        /// The one above.
        parent: UnitCode,
    },
    /// A unit that lies above itself on some day.
    #[error("{0} lies above itself")]
    Cycle(UnitCode),
    /// A unit that does not lead up to the province.
    #[error("does not lead up to the province {0}")]
    NotInProvince(UnitCode),
    /// A change of a unit nobody knows.
    #[error("there is no unit {0}")]
    Unknown(UnitCode),
    /// A change on or before the first day of a unit.
    #[error("{unit} begins on {from}, a change comes after that day")]
    BeforeBeginning {
        /// The unit.
        unit: UnitCode,
        /// Its first day.
        from: Date,
    },
    /// A change of a unit that has ended by then, or an end of one whose end is recorded already.
    #[error("{unit} ends on {to}")]
    Ended {
        /// The unit.
        unit: UnitCode,
        /// The first day it no longer exists.
        to: Date,
    },
    /// A change before one that is recorded already.
    #[error("{unit} changed on {last} already; what came before is corrected by loading it")]
    OutOfOrder {
        /// The unit.
        unit: UnitCode,
        /// The day of its latest change.
        last: Date,
    },
    /// A new unit under a code that names another body, whether or not that exists any more.
    #[error("the code {0} names another body")]
    CodeReused(UnitCode),
    /// A unit to stand under that does not exist on the day.
    #[error("{parent} does not exist on {day}, nothing can stand under it")]
    ParentNotThere {
        /// The unit that should stand above.
        parent: UnitCode,
        /// The day.
        day: Date,
    },
    /// A unit that loses the one above it, and nobody says where it goes.
    #[error("{0} stands under a unit that ends, and nothing says where it goes")]
    ChildNotPlaced(UnitCode),
    /// A child given to a part of a unit it does not stand under.
    #[error("{child} does not stand under {unit}")]
    NotAChild {
        /// The child.
        child: UnitCode,
        /// The unit that is split.
        unit: UnitCode,
    },
    /// A change of nothing, or a split into one.
    #[error("names fewer than {0} units")]
    TooFew(usize),
}

/// Something wrong with a unit, and the field it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitFault {
    /// The unit.
    pub unit: UnitCode,
    /// Which of its earlier standings, from 0; nothing for the latest and for the unit as a whole.
    pub earlier: Option<usize>,
    /// The field of the contract.
    pub field: &'static str,
    /// What is wrong.
    pub wrong: Wrong,
}

impl UnitFault {
    pub(super) fn new(unit: &Unit, field: &'static str, wrong: Wrong) -> Self {
        Self { unit: unit.code.clone(), earlier: None, field, wrong }
    }

    /// Where it stands within the unit: `parent_code`, `earlier[0].until_date`.
    #[must_use]
    pub fn path(&self) -> String {
        match self.earlier {
            None => self.field.to_owned(),
            Some(at) => format!("earlier[{at}].{}", self.field),
        }
    }

    /// The unit beside it that is concerned as much, with the field that matters there.
    #[must_use]
    pub const fn other(&self) -> Option<(&UnitCode, &'static str)> {
        match &self.wrong {
            Wrong::OutlivesParent { parent, .. } => Some((parent, "valid_to_date")),
            Wrong::PrecedesParent { parent, .. } => Some((parent, "valid_from_date")),
            Wrong::SuccessorNotThere { successor, .. } => Some((successor, "valid_to_date")),
            _ => None,
        }
    }
}

/// Something wrong with a change, and the field of the change it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeFault {
    /// Path within the request, such as `split.parts[1].share`.
    pub path: String,
    /// What is wrong.
    pub wrong: Wrong,
}

impl Refusal for Wrong {
    fn reason(&self) -> &'static str {
        match self {
            Self::ValidityEmpty(_) => "VALIDITY_EMPTY",
            Self::StandingsOverlap { .. } => "STANDINGS_OVERLAP",
            Self::StandingsGap { .. } => "STANDINGS_GAP",
            Self::HistoryTooLong { .. } => "HISTORY_TOO_LONG",
            Self::ReferenceMissing(_) => "REFERENCE_MISSING",
            Self::SuccessorsWithoutEnd(_) => "SUCCESSORS_WITHOUT_END",
            Self::SuccessorNotThere { .. } => "SUCCESSOR_NOT_THERE",
            Self::Twice(_) => "DUPLICATE",
            Self::ShareMissing(_) => "SHARE_MISSING",
            Self::ShareOutOfRange(_) => "SHARE_OUT_OF_RANGE",
            Self::SharesNotOne { .. } => "SHARES_NOT_ONE",
            Self::ParentUnknown(_) => "PARENT_UNKNOWN",
            Self::PrecedesParent { .. } => "PRECEDES_PARENT",
            Self::OutlivesParent { .. } => "OUTLIVES_PARENT",
            Self::Cycle(_) => "CYCLE",
            Self::NotInProvince(_) => "NOT_IN_PROVINCE",
            Self::Unknown(_) => "UNIT_UNKNOWN",
            Self::BeforeBeginning { .. } => "BEFORE_BEGINNING",
            Self::Ended { .. } => "UNIT_ENDED",
            Self::OutOfOrder { .. } => "CHANGE_OUT_OF_ORDER",
            Self::CodeReused(_) => "CODE_REUSED",
            Self::ParentNotThere { .. } => "PARENT_NOT_THERE",
            Self::ChildNotPlaced(_) => "CHILD_NOT_PLACED",
            Self::NotAChild { .. } => "NOT_A_CHILD",
            Self::TooFew(_) => "TOO_FEW",
        }
    }

    fn vietnamese(&self) -> String {
        match self {
            Self::ValidityEmpty(unit) => format!("đơn vị {unit} kết thúc trước khi bắt đầu"),
            Self::StandingsOverlap { unit, until } => {
                format!("giai đoạn đến {until} của {unit} chồng lên giai đoạn trước hoặc sau")
            }
            Self::StandingsGap { unit, from, to } => {
                format!("từ {from} đến trước {to} chưa rõ {unit} thuộc đâu, tên gì")
            }
            Self::HistoryTooLong { unit } => format!(
                "lịch sử của {unit} quá dài: tối đa {MOST_STANDINGS} giai đoạn, căn cứ tối đa {MOST_REFERENCE} ký tự"
            ),
            Self::ReferenceMissing(unit) => {
                format!("thay đổi của {unit} chưa nêu văn bản quyết định")
            }
            Self::SuccessorsWithoutEnd(unit) => {
                format!("{unit} có đơn vị kế thừa nhưng không có ngày kết thúc")
            }
            Self::SuccessorNotThere { unit, successor, day } => {
                format!("{successor}, đơn vị kế thừa {unit}, không tồn tại vào ngày {day}")
            }
            Self::Twice(unit) => format!("mã {unit} bị lặp"),
            Self::ShareMissing(unit) => {
                format!("mới nêu tỷ lệ của một số đơn vị kế thừa {unit}, chưa nêu của đơn vị khác")
            }
            Self::ShareOutOfRange(unit) => {
                format!("tỷ lệ kế thừa {unit} phải lớn hơn 0 và không quá 1")
            }
            Self::SharesNotOne { unit, sum } => {
                format!("các tỷ lệ kế thừa {unit} cộng lại là {}, không phải 1", comma(sum))
            }
            Self::ParentUnknown(parent) => format!("không có đơn vị cấp trên {parent}"),
            Self::PrecedesParent { unit, parent } => {
                format!("{unit} thuộc {parent} khi đơn vị này chưa được thành lập")
            }
            Self::OutlivesParent { unit, parent } => {
                format!("{unit} vẫn thuộc {parent} sau khi đơn vị này đã kết thúc")
            }
            Self::Cycle(unit) => format!("đơn vị {unit} tự nằm trên chính mình"),
            Self::NotInProvince(province) => format!("không thuộc tỉnh {province}"),
            Self::Unknown(unit) => format!("không có đơn vị {unit}"),
            Self::BeforeBeginning { unit, from } => {
                format!("{unit} bắt đầu ngày {from}, thay đổi phải sau ngày đó")
            }
            Self::Ended { unit, to } => format!("{unit} kết thúc từ ngày {to}"),
            Self::OutOfOrder { unit, last } => {
                format!("{unit} đã thay đổi ngày {last}; muốn sửa trước đó phải nạp lại đơn vị")
            }
            Self::CodeReused(unit) => format!("mã {unit} là của một đơn vị khác"),
            Self::ParentNotThere { parent, day } => {
                format!("{parent} không tồn tại vào ngày {day} nên không thể là đơn vị cấp trên")
            }
            Self::ChildNotPlaced(unit) => {
                format!("{unit} thuộc đơn vị kết thúc nhưng chưa nêu chuyển về đâu")
            }
            Self::NotAChild { child, unit } => format!("{child} không trực thuộc {unit}"),
            Self::TooFew(least) => format!("phải nêu ít nhất {least} đơn vị"),
        }
    }
}
