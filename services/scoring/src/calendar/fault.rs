//! What is wrong with the data of a year.

use cchc_core::Violation;
use time::Date;

/// What is wrong with the data of a year; found all at once.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarFault {
    /// Nobody can check data without a source.
    #[error("must name the law and the notices")]
    SourceMissing,
    /// A day without a name.
    #[error("must say what day it is")]
    NameMissing {
        /// Where it stands.
        path: String,
    },
    /// A day of another year.
    #[error("{date} does not lie in {year}")]
    OutsideYear {
        /// Where it stands.
        path: String,
        /// The day.
        date: Date,
        /// The year of the file.
        year: i32,
    },
    /// A day twice.
    #[error("{date} stands in the list before")]
    Duplicate {
        /// Where it stands the second time.
        path: String,
        /// The day.
        date: Date,
    },
    /// A day is given that nobody works anyway.
    #[error("{date} is a Saturday or Sunday: it cannot be given in place of another")]
    OffAnyway {
        /// Where it stands.
        path: String,
        /// The day.
        date: Date,
    },
    /// Only a Saturday or Sunday can be worked in place of another day.
    #[error("{date} is no Saturday or Sunday")]
    WorkedAnyway {
        /// Where it stands.
        path: String,
        /// The day.
        date: Date,
    },
    /// A Saturday is worked in place of a day that is not off.
    #[error("{date} is not off as a swapped day")]
    SwapUnpaired {
        /// Where it stands.
        path: String,
        /// The day that should be off.
        date: Date,
    },
    /// Each holiday on a weekend gives another day, and nothing else does.
    #[error("{on_weekends} holidays fall on a weekend, but {given} days are given in their place")]
    CompensationOff {
        /// Holidays on Saturdays and Sundays.
        on_weekends: usize,
        /// Days given instead.
        given: usize,
    },
}

impl CalendarFault {
    /// Where it stands in the year, such as `off[2].date`.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::SourceMissing => "source".to_owned(),
            Self::CompensationOff { .. } => "off".to_owned(),
            Self::NameMissing { path } => format!("{path}.name"),
            Self::SwapUnpaired { path, .. } => format!("{path}.in_place_of"),
            Self::OffAnyway { path, .. } | Self::WorkedAnyway { path, .. } => {
                format!("{path}.date")
            }
            Self::OutsideYear { path, .. } | Self::Duplicate { path, .. } => path.clone(),
        }
    }

    /// A stable upper-case word.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::SourceMissing | Self::NameMissing { .. } => "REQUIRED",
            Self::OutsideYear { .. } => "DATE_OUTSIDE_YEAR",
            Self::Duplicate { .. } => "DUPLICATE",
            Self::OffAnyway { .. } => "DAY_OFF_ANYWAY",
            Self::WorkedAnyway { .. } => "DAY_WORKED_ANYWAY",
            Self::SwapUnpaired { .. } => "SWAP_UNPAIRED",
            Self::CompensationOff { .. } => "COMPENSATION_OFF",
        }
    }

    /// The message in Vietnamese.
    #[must_use]
    pub fn vietnamese(&self) -> String {
        match self {
            Self::SourceMissing => "phải nêu căn cứ: luật và thông báo nghỉ lễ".to_owned(),
            Self::NameMissing { .. } => "phải ghi tên ngày nghỉ".to_owned(),
            Self::OutsideYear { date, year, .. } => format!("ngày {date} không thuộc năm {year}"),
            Self::Duplicate { date, .. } => format!("ngày {date} đã có trong danh sách"),
            Self::OffAnyway { date, .. } => {
                format!(
                    "ngày {date} là thứ Bảy hoặc Chủ nhật, không thể là ngày nghỉ bù, nghỉ hoán đổi"
                )
            }
            Self::WorkedAnyway { date, .. } => {
                format!("ngày làm bù {date} phải là thứ Bảy hoặc Chủ nhật")
            }
            Self::SwapUnpaired { date, .. } => {
                format!("ngày {date} không phải ngày nghỉ hoán đổi")
            }
            Self::CompensationOff { on_weekends, given } => format!(
                "có {on_weekends} ngày lễ trùng ngày nghỉ hằng tuần nhưng có {given} ngày nghỉ bù"
            ),
        }
    }

    /// The fault as a refusal of a request.
    #[must_use]
    pub fn violation(&self) -> Violation {
        Violation {
            path: self.path(),
            reason: self.reason(),
            english: self.to_string(),
            vietnamese: self.vietnamese(),
        }
    }
}
