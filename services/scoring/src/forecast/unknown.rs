//! Why a node is not forecast. Too little to say is an answer, and never a number.

/// Why a node is not forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unknown {
    /// Nothing has been given, and nothing published that could be continued. What the tasks committed to
    /// it are expected to bring is not known.
    NothingYet,
    /// Too few years were published on this definition.
    TooFewYears {
        /// Those that were.
        years: usize,
        /// Whether those before are of another definition, or nobody has said that they are not.
        is_broken: bool,
    },
    /// The years published, or the units reporting, do not differ at all: how far a change may go cannot be
    /// told from them.
    NeverMoved,
    /// The sample does not say how far off it may be: too few communes have answered.
    NoError,
    /// Too few units have reported to judge the others by.
    TooFewUnits {
        /// Those that have.
        counted: usize,
        /// Those that must.
        expected: usize,
    },
    /// Too few parts of years are known to judge the rest of this one by.
    TooFewWindows {
        /// Earlier years of which both the same part and the end are known.
        years: usize,
        /// Quarters of this year.
        quarters: usize,
    },
    /// It rests on several variables together.
    SeveralVariables,
    /// Too few self-assessments of the plan have been appraised.
    TooFewAppraisals {
        /// Those that have.
        appraised: usize,
    },
    /// How many points it can have is unknown, or how it is scored.
    NoMaximum,
    /// Some of its parts are not forecast.
    Parts {
        /// How many are not.
        unknown: usize,
        /// How many there are.
        of: usize,
    },
}

impl Unknown {
    /// The word of contracts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NothingYet => "nothing-yet",
            Self::TooFewYears { .. } => "too-few-years",
            Self::NeverMoved => "never-moved",
            Self::NoError => "no-error",
            Self::TooFewUnits { .. } => "too-few-units",
            Self::TooFewWindows { .. } => "too-few-windows",
            Self::SeveralVariables => "several-variables",
            Self::TooFewAppraisals { .. } => "too-few-appraisals",
            Self::NoMaximum => "no-maximum",
            Self::Parts { .. } => "parts",
        }
    }

    /// A Vietnamese sentence for an official.
    #[must_use]
    pub fn note(self) -> String {
        match self {
            Self::NothingYet => {
                "Chưa có số liệu nào của năm; điểm dự kiến từ các nhiệm vụ đã giao: \
                                 chưa biết."
                    .to_owned()
            }
            Self::TooFewYears { years, is_broken } => {
                let broken = if is_broken {
                    "; các năm trước đó tính theo cách khác hoặc chưa có bảng chuyển đổi"
                } else {
                    ""
                };
                format!("Mới có {years} năm công bố theo cách tính hiện nay{broken}.")
            }
            Self::NeverMoved => {
                "Số liệu đã biết không khác nhau, nên không rõ có thể thay đổi đến đâu.".to_owned()
            }
            Self::NoError => "Còn quá ít địa bàn trả lời để biết sai số.".to_owned(),
            Self::TooFewUnits { counted, expected } => {
                format!("Mới có {counted}/{expected} đơn vị báo cáo, chưa đủ để suy ra số còn lại.")
            }
            Self::TooFewWindows { years, quarters } => format!(
                "Mới có {years} năm trước và {quarters} quý của năm nay để so, chưa đủ để suy ra phần \
                 còn lại của năm."
            ),
            Self::SeveralVariables => {
                "Tính từ nhiều chỉ số báo cáo cùng lúc, chưa dự báo được khi còn thiếu.".to_owned()
            }
            Self::TooFewAppraisals { appraised } => {
                format!("Chưa thẩm định; mới có {appraised} mục khác đã thẩm định để so.")
            }
            Self::NoMaximum => "Chưa biết điểm tối đa hoặc cách tính.".to_owned(),
            Self::Parts { unknown, of } => {
                format!("{unknown}/{of} mục thành phần chưa dự báo được.")
            }
        }
    }

    /// The same in English.
    #[must_use]
    pub fn note_en(self) -> String {
        match self {
            Self::NothingYet => {
                "Nothing of the year is known yet; what committed tasks are expected \
                                 to bring is not known."
                    .to_owned()
            }
            Self::TooFewYears { years, is_broken } => {
                let broken = if is_broken {
                    "; the years before are of another one, or no crosswalk connects them"
                } else {
                    ""
                };
                format!("Only {years} years were published on this definition{broken}.")
            }
            Self::NeverMoved => {
                "What is known does not differ, so how far it may change cannot be told.".to_owned()
            }
            Self::NoError => "Too few communes have answered to know the error.".to_owned(),
            Self::TooFewUnits { counted, expected } => {
                format!("Only {counted} of {expected} units have reported.")
            }
            Self::TooFewWindows { years, quarters } => format!(
                "Only {years} earlier years and {quarters} quarters of this one are known to judge \
                 the rest of the year by."
            ),
            Self::SeveralVariables => {
                "It rests on several variables together and is not complete.".to_owned()
            }
            Self::TooFewAppraisals { appraised } => {
                format!("Not appraised; only {appraised} others have been.")
            }
            Self::NoMaximum => "Its maximum or how it is scored is not known.".to_owned(),
            Self::Parts { unknown, of } => format!("{unknown} of {of} parts are not forecast."),
        }
    }
}
