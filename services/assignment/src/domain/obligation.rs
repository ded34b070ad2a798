//! The periodic reports that units owe, and what they filed for them.
//!
//! The cycle of quarter, six months, nine months and year gives four of them a year: those that end
//! together are one. A correction and a withdrawal are versions beside the report; whether one is in time
//! ([`standing`]) follows from its date and the calendar. Decision 0039.

mod open;
pub(crate) mod standing;

use cchc_core::{
    Collector, ObligationId, Period, PlanCode, Refusal, Text, UnitCode, Violations, civil_date,
};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

pub(crate) use open::open;

use super::{
    change::{Change, Stamp},
    evidence::Document,
};

/// What names an obligation to people.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) plan: PlanCode,
    pub(crate) period: Period,
    pub(crate) unit: UnitCode,
}

/// One periodic report as one unit owes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Obligation {
    pub(crate) id: ObligationId,
    pub(crate) key: Key,
    /// The first and the last day of the data it covers.
    pub(crate) data: (Date, Date),
    /// The last day on which it is in time, before it moves to a working day.
    pub(crate) last_date: Date,
    /// The last day on which the province's report is in time at the ministry.
    pub(crate) ministry_last_date: Date,
    /// Whether it is asked for rather than ordered.
    pub(crate) is_requested: bool,
    /// When the plan was heard that asks for it.
    pub(crate) opened: OffsetDateTime,
    /// The newest version of what was filed; nothing before.
    pub(crate) filing: Option<Filing>,
}

impl Obligation {
    /// The report that stands now.
    pub(crate) fn filed(&self) -> Option<&Filed> {
        match &self.filing.as_ref()?.content {
            Content::Filed(filed) => Some(filed),
            Content::Withdrawn { .. } => None,
        }
    }

    /// 0 before anything was filed.
    pub(crate) fn version(&self) -> i64 {
        self.filing.as_ref().map_or(0, |filing| filing.version)
    }
}

/// A version of what was filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Filing {
    pub(crate) version: i64,
    pub(crate) content: Content,
    pub(crate) actor: String,
    pub(crate) at: OffsetDateTime,
}

/// What a version says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Content {
    /// The unit reported.
    Filed(Filed),
    /// The unit took its report back.
    Withdrawn {
        /// Why.
        reason: String,
    },
}

/// A report that a unit filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Filed {
    pub(crate) number: String,
    /// The document's date: what is held against the last day.
    pub(crate) date: Date,
    /// The document, and which version of it was the present one.
    pub(crate) evidence: Option<(Uuid, i64)>,
    pub(crate) note: String,
}

/// A unit files, corrects or withdraws.
#[derive(Debug, Clone)]
pub(crate) struct ReportRow {
    pub(crate) key: Key,
    pub(crate) said: Said,
    pub(crate) note: Text<0, 2000>,
}

/// What a unit says.
#[derive(Debug, Clone)]
pub(crate) enum Said {
    /// Its report.
    Report {
        /// Of the document, as officials cite it.
        number: Text<1, 100>,
        /// Of the document.
        date: Date,
        /// The document, where it was uploaded.
        evidence: Option<Uuid>,
    },
    /// That it takes its report back.
    Withdrawal,
}

/// A report is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FilingRefusal {
    /// The plan asks the unit for no such report.
    #[error("plan {} asks unit {} for no report on {}", .0.plan, .0.unit, .0.period)]
    NotFound(Key),
    /// No document is dated tomorrow.
    #[error("must not be after today, {today}")]
    InFuture {
        /// The day in Viet Nam.
        today: Date,
    },
    /// What is older than the data cannot tell of it.
    #[error("must not be before the first day of the data, {first}")]
    BeforePeriod {
        /// The first day of the data.
        first: Date,
    },
    /// Nobody uploaded it.
    #[error("there is no document {0}")]
    EvidenceNotFound(Uuid),
    /// It shows something for somebody else.
    #[error("the document belongs to unit {0}")]
    EvidenceOfAnother(UnitCode),
    /// Nothing was filed, or it was withdrawn before.
    #[error("there is no report to withdraw")]
    NothingToWithdraw,
}

impl Refusal for FilingRefusal {
    fn reason(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "OBLIGATION_NOT_FOUND",
            Self::InFuture { .. } => "DATE_IN_FUTURE",
            Self::BeforePeriod { .. } => "DATE_BEFORE_PERIOD",
            Self::EvidenceNotFound(_) => "EVIDENCE_NOT_FOUND",
            Self::EvidenceOfAnother(_) => "EVIDENCE_OF_ANOTHER_UNIT",
            Self::NothingToWithdraw => "NOTHING_TO_WITHDRAW",
        }
    }

    fn vietnamese(&self) -> String {
        match self {
            Self::NotFound(Key { plan, period, unit }) => {
                format!("kế hoạch {plan} không yêu cầu đơn vị {unit} báo cáo kỳ {period}")
            }
            Self::InFuture { today } => {
                format!("ngày văn bản không được sau ngày hôm nay ({})", civil(*today))
            }
            Self::BeforePeriod { first } => {
                format!("ngày văn bản không được trước ngày đầu kỳ số liệu ({})", civil(*first))
            }
            Self::EvidenceNotFound(id) => format!("không có tài liệu {id}"),
            Self::EvidenceOfAnother(unit) => format!("tài liệu này của đơn vị {unit}"),
            Self::NothingToWithdraw => "không có báo cáo nào để rút lại".to_owned(),
        }
    }
}

/// A day as Vietnamese write it.
fn civil(day: Date) -> String {
    format!("{:02}/{:02}/{}", day.day(), u8::from(day.month()), day.year())
}

impl ReportRow {
    /// The document it names.
    pub(crate) const fn evidence(&self) -> Option<Uuid> {
        match self.said {
            Said::Report { evidence, .. } => evidence,
            Said::Withdrawal => None,
        }
    }

    /// Decides what the row does to the obligation; `document` is the one it names, as it is now.
    pub(crate) fn decide(
        &self,
        present: Option<&Obligation>,
        document: Option<&Document>,
        stamp: &Stamp,
    ) -> Result<Change<Obligation>, Violations> {
        let mut c = Collector::new();
        if present.is_none() {
            c.refuse_because("period", &FilingRefusal::NotFound(self.key.clone()));
        }
        let content = match &self.said {
            Said::Withdrawal => {
                if present.is_some_and(|owed| owed.filed().is_none()) {
                    c.refuse_because("is_withdrawn", &FilingRefusal::NothingToWithdraw);
                }
                Content::Withdrawn { reason: self.note.to_string() }
            }
            Said::Report { number, date, evidence } => {
                Self::check_date(&mut c, *date, present, civil_date(stamp.at));
                self.check_document(&mut c, *evidence, document);
                Content::Filed(Filed {
                    number: number.to_string(),
                    date: *date,
                    evidence: evidence.zip(document.map(|document| document.version)),
                    note: self.note.to_string(),
                })
            }
        };
        let present = c.finish(present)?;
        if present.filing.as_ref().is_some_and(|was| was.content == content) {
            return Ok(Change::Same);
        }
        let version = present.version() + 1;
        let filing = Filing { version, content, actor: stamp.by.clone(), at: stamp.at };
        let next = Obligation { filing: Some(filing), ..present.clone() };
        Ok(if version == 1 { Change::First(next) } else { Change::Next(next) })
    }

    fn check_date(c: &mut Collector, date: Date, present: Option<&Obligation>, today: Date) {
        if date > today {
            c.refuse_because("document_date", &FilingRefusal::InFuture { today });
        }
        if let Some(first) = present.map(|owed| owed.data.0).filter(|first| date < *first) {
            c.refuse_because("document_date", &FilingRefusal::BeforePeriod { first });
        }
    }

    fn check_document(&self, c: &mut Collector, id: Option<Uuid>, known: Option<&Document>) {
        match (id, known) {
            (Some(id), None) => {
                c.refuse_because("evidence_id", &FilingRefusal::EvidenceNotFound(id));
            }
            (Some(_), Some(document)) if document.unit != self.key.unit => {
                let refusal = FilingRefusal::EvidenceOfAnother(document.unit.clone());
                c.refuse_because("evidence_id", &refusal);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
