//! Words that every service shares: ids, codes, points, periods, text, who acts, what can fail.
//!
//! No I/O, no async, no business. A type belongs here only when at least two services and the
//! contracts between them speak of it; everything else lives with the service that owns it. That is
//! what keeps a change here rare and a rebuild of the workspace short.

mod actor;
mod clock;
mod code;
mod collect;
mod decimal;
mod fault;
mod form;
mod id;
mod node;
mod period;
mod text;
mod written;

pub use actor::{Actor, Role, UnknownRole};
pub use clock::{Clock, IdSource, SystemClock, SystemIds, VIETNAM, civil_date};
pub use code::{
    CampaignCode, ClusterCode, CodeError, CrosswalkCode, IndexCode, PlanCode, QuestionCode,
    QuestionnaireCode, ReasonCode, SectionCode, StratumCode, SurveyCode, UnitCode, VariableCode,
};
pub use collect::{Collector, Refusal};
pub use decimal::{Points, Quantity, QuantityError, parse_decimal};
pub use fault::{Fault, Kind, Violation, Violations};
pub use form::{DayForm, DecimalForm};
pub use id::{
    AppraisalId, AssessmentId, AssignmentId, BatchId, EventId, IdError, MeasurementId,
    ObligationId, ProgressId, QuarantinedRowId, ReceiptId, RequestId, ResponseId,
};
pub use node::{NodeCode, NodeId, TaskNumber};
pub use period::{Period, PeriodError, WindowStart, WindowStartError, Year, YearError};
pub use text::{Text, TextError};

/// Exact decimal arithmetic, re-exported so that the workspace has one decimal type.
pub use rust_decimal::Decimal;
