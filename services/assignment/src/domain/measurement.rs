//! What a unit counted: a numerator, for shares and growth with its denominator, for a variable and a
//! period.
//!
//! Nothing is overwritten. A correction is a new version, and so is taking a report back; after that
//! the unit counts as not having reported.

use cchc_core::{
    Collector, MeasurementId, Period, Quantity, Refusal, Text, UnitCode, VariableCode, Violations,
};
use cchc_scoring::{
    catalogue::{Measure, Unit, Variable},
    variable::{Collection, can_count},
};
use time::OffsetDateTime;

use super::change::{Change, Stamp};

/// What a measurement is of; one present version each.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) variable: VariableCode,
    pub(crate) unit: UnitCode,
    pub(crate) period: Period,
}

/// What a version says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    /// The unit counted this.
    Reported {
        /// The part; this year's number.
        numerator: Quantity,
        /// The whole; last year's number; nothing for a count.
        denominator: Option<Quantity>,
    },
    /// The unit took its report back.
    Retracted,
}

impl Content {
    /// The part; nothing of what was taken back.
    pub(crate) const fn numerator(&self) -> Option<Quantity> {
        match self {
            Self::Reported { numerator, .. } => Some(*numerator),
            Self::Retracted => None,
        }
    }

    /// The whole; nothing of a count, and of what was taken back.
    pub(crate) const fn denominator(&self) -> Option<Quantity> {
        match self {
            Self::Reported { denominator, .. } => *denominator,
            Self::Retracted => None,
        }
    }
}

/// A version of a measurement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Measurement {
    pub(crate) id: MeasurementId,
    pub(crate) key: Key,
    pub(crate) version: i64,
    pub(crate) content: Content,
    pub(crate) evidence: String,
    pub(crate) reporter: String,
    pub(crate) at: OffsetDateTime,
}

/// A unit reports, corrects or takes back.
#[derive(Debug, Clone)]
pub(crate) struct MeasurementReport {
    pub(crate) key: Key,
    pub(crate) content: Content,
    pub(crate) evidence: Text<0, 500>,
}

/// A measurement is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum MeasurementRefusal {
    /// No published index speaks of it.
    #[error("variable {0} stands in no published index")]
    VariableNotFound(VariableCode),
    /// Not one of those who report it, or not there in that year.
    #[error("unit {unit} does not report variable {variable} for {period}")]
    UnitDoesNotReport {
        /// The unit named.
        unit: UnitCode,
        /// The variable named.
        variable: VariableCode,
        /// The period named.
        period: Period,
    },
    /// Where the variable says which reports make its year, one of this period makes none.
    #[error("{period} never counts for variable {variable}: {}", counting(*.collection).1)]
    PeriodNeverCounts {
        /// The variable named.
        variable: VariableCode,
        /// The period named.
        period: Period,
        /// How its reports make a year.
        collection: Collection,
    },
    /// A share or growth of what?
    #[error("is required for shares and growth")]
    DenominatorMissing,
    /// A count is not out of anything.
    #[error("must be absent for a count")]
    DenominatorUnexpected,
    /// A share above the whole.
    #[error("must be at most the denominator {denominator}, not {numerator}")]
    NumeratorAboveDenominator {
        /// As sent.
        numerator: Quantity,
        /// As sent.
        denominator: Quantity,
    },
    /// Nothing was reported, or it was taken back before.
    #[error("there is no report to take back")]
    NothingToRetract,
}

impl Refusal for MeasurementRefusal {
    fn reason(&self) -> &'static str {
        match self {
            Self::VariableNotFound(_) => "VARIABLE_NOT_FOUND",
            Self::UnitDoesNotReport { .. } => "UNIT_DOES_NOT_REPORT",
            Self::PeriodNeverCounts { .. } => "PERIOD_NEVER_COUNTS",
            Self::DenominatorMissing => "DENOMINATOR_MISSING",
            Self::DenominatorUnexpected => "DENOMINATOR_UNEXPECTED",
            Self::NumeratorAboveDenominator { .. } => "NUMERATOR_ABOVE_DENOMINATOR",
            Self::NothingToRetract => "NOTHING_TO_RETRACT",
        }
    }

    fn vietnamese(&self) -> String {
        match self {
            Self::VariableNotFound(code) => {
                format!("chỉ tiêu {code} không có trong bộ chỉ số nào đã công bố")
            }
            Self::UnitDoesNotReport { unit, variable, period } => {
                format!("đơn vị {unit} không thuộc diện báo cáo chỉ tiêu {variable} kỳ {period}")
            }
            Self::PeriodNeverCounts { variable, period, collection } => {
                let counting = counting(*collection).0;
                format!("số liệu kỳ {period} không được tính cho chỉ tiêu {variable}: {counting}")
            }
            Self::DenominatorMissing => {
                "chỉ tiêu tính theo tỷ lệ hoặc tăng trưởng phải có mẫu số".to_owned()
            }
            Self::DenominatorUnexpected => "chỉ tiêu đếm số lượng không có mẫu số".to_owned(),
            Self::NumeratorAboveDenominator { numerator, denominator } => {
                format!("tử số {numerator} không được lớn hơn mẫu số {denominator}")
            }
            Self::NothingToRetract => "không có số liệu đã báo cáo nào để rút lại".to_owned(),
        }
    }
}

/// Which reports count, in Vietnamese and in English.
const fn counting(collection: Collection) -> (&'static str, &'static str) {
    match collection {
        Collection::WholeYear => ("chỉ lấy báo cáo cả năm", "only the whole year's report does"),
        Collection::Cumulative => {
            ("chỉ lấy báo cáo lũy kế từ đầu năm", "only reports from the start of the year do")
        }
        Collection::Latest | Collection::Periodic => {
            ("lấy báo cáo mọi kỳ", "those of any period do")
        }
    }
}

/// Whether a unit reports a variable for a period, and the report counts.
///
/// One that is merged within the window still owes what it did until then.
pub(crate) fn is_expected(variable: &Variable, unit: &Unit, period: Period) -> bool {
    can_count(variable.collection, period) && reports(variable, unit, period)
}

fn reports(variable: &Variable, unit: &Unit, period: Period) -> bool {
    let window = Period::whole(period.year()).days(variable.window_start_day);
    variable.reporters.selects_within(unit, window)
}

impl MeasurementReport {
    /// Decides what the report does to what is known of its key.
    pub(crate) fn decide(
        &self,
        variable: Option<&Variable>,
        unit: Option<&Unit>,
        present: Option<&Measurement>,
        stamp: &Stamp,
    ) -> Result<Change<Measurement>, Violations> {
        let mut c = Collector::new();
        match variable {
            None => {
                let refusal = MeasurementRefusal::VariableNotFound(self.key.variable.clone());
                c.refuse_because("variable_code", &refusal);
            }
            Some(variable) => {
                self.check_reporter(&mut c, variable, unit);
                self.check_period(&mut c, variable.collection);
                self.check_numbers(&mut c, variable.measure);
            }
        }
        c.finish(Some(()))?;
        self.next(present, stamp)
    }

    fn check_reporter(&self, c: &mut Collector, variable: &Variable, unit: Option<&Unit>) {
        if unit.is_some_and(|unit| reports(variable, unit, self.key.period)) {
            return;
        }
        let Key { variable, unit, period } = self.key.clone();
        let refusal = MeasurementRefusal::UnitDoesNotReport { unit, variable, period };
        c.refuse_because("unit_code", &refusal);
    }

    /// What was taken in before this was asked may still be taken back.
    fn check_period(&self, c: &mut Collector, collection: Collection) {
        let Key { variable, period, .. } = self.key.clone();
        if self.content != Content::Retracted && !can_count(collection, period) {
            let refusal = MeasurementRefusal::PeriodNeverCounts { variable, period, collection };
            c.refuse_because("period", &refusal);
        }
    }

    fn check_numbers(&self, c: &mut Collector, measure: Measure) {
        let Content::Reported { numerator, denominator } = self.content else { return };
        let (field, refusal) = match (measure, denominator) {
            (Measure::Count, Some(_)) => ("denominator", MeasurementRefusal::DenominatorUnexpected),
            (Measure::Share | Measure::Growth, None) => {
                ("denominator", MeasurementRefusal::DenominatorMissing)
            }
            (Measure::Share, Some(denominator)) if numerator > denominator => (
                "numerator",
                MeasurementRefusal::NumeratorAboveDenominator { numerator, denominator },
            ),
            (Measure::Count, None) | (Measure::Share | Measure::Growth, Some(_)) => return,
        };
        c.refuse_because(field, &refusal);
    }

    fn next(
        &self,
        present: Option<&Measurement>,
        stamp: &Stamp,
    ) -> Result<Change<Measurement>, Violations> {
        let is_same = |was: &Measurement| {
            was.content == self.content && was.evidence == self.evidence.as_str()
        };
        if present.is_some_and(is_same) {
            return Ok(Change::Same);
        }
        let is_nothing = present.is_none_or(|was| was.content == Content::Retracted);
        if self.content == Content::Retracted && is_nothing {
            let mut c = Collector::new();
            c.refuse_because("is_retracted", &MeasurementRefusal::NothingToRetract);
            c.finish(Some(()))?;
        }
        let version = Measurement {
            id: stamp.id.into(),
            key: self.key.clone(),
            version: present.map_or(1, |was| was.version + 1),
            content: self.content,
            evidence: self.evidence.to_string(),
            reporter: stamp.by.clone(),
            at: stamp.at,
        };
        Ok(if present.is_none() { Change::First(version) } else { Change::Next(version) })
    }
}

#[cfg(test)]
mod tests;
