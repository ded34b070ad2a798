//! Facts as the other services tell them, each at a version of its own.
//!
//! A fact replaces what is known under its key when its version is higher, and changes nothing
//! otherwise; answers of citizens have no versions, they are only ever added up.

use std::collections::{BTreeMap, BTreeSet};

use cchc_core::{
    AppraisalId, AssessmentId, AssignmentId, ClusterCode, EventId, MeasurementId, NodeId, Period,
    PlanCode, Points, QuestionCode, SurveyCode, TaskNumber, UnitCode, VariableCode,
};
use cchc_scoring::{
    catalogue::{Crosswalk, Index, Plan, Unit},
    plan::{Acknowledgement, Finding},
    survey::drawn::Drawn,
    variable::Reported,
};
use time::Date;

use super::{
    answers::Answers,
    by_domain::{Domain, PartCount},
    document::CitedDocument,
    flagged::Flagged,
    numbers::AskedNumber,
    published::PublishedResults,
    quarantined::Quarantined,
    scorecard::Scorecard,
    shortfall::Outlook,
};

/// The event that brought a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Origin {
    /// Its id.
    pub(crate) event_id: EventId,
    /// Its number at its producer.
    pub(crate) sequence: i64,
}

/// A fact with the event that brought it.
#[derive(Debug, Clone)]
pub(crate) struct Told<T> {
    pub(crate) fact: T,
    pub(crate) origin: Origin,
}

/// Something that was heard.
#[derive(Debug, Clone)]
pub(crate) enum Fact {
    /// Units, each as it is now.
    UnitsChanged(Vec<Unit>),
    /// An index came into force.
    IndexPublished(Box<Index>),
    /// A plan came into force.
    PlanPublished { plan: Box<Plan>, findings: Vec<Finding> },
    /// Somebody acknowledged a finding of a plan, or took that back.
    Acknowledged(Acknowledgement),
    /// The owner of an index published or revised its results.
    ResultsPublished(Box<PublishedResults>),
    /// Somebody said what became of each node of one edition in another.
    CrosswalkPublished(Box<Crosswalk>),
    /// Tasks bind units, or units report how far they are.
    Assigned(Vec<Assignment>),
    /// A unit reported, corrected or took back.
    Measured(Measurement),
    /// A unit assessed itself.
    Assessed(Assessment),
    /// The appraisers decided.
    Appraised(Appraisal),
    /// What stands against a unit is otherwise than before.
    Carded(Scorecard),
    /// A survey takes responses.
    SurveyOpened(Survey),
    /// Answers to add to those known.
    Tallied {
        survey: SurveyCode,
        counts: Vec<(QuestionCode, ClusterCode, Answers)>,
        /// Of parts of the people: parts of the counts.
        by_domain: Vec<PartCount>,
        /// Responses of doubtful quality.
        flagged: Flagged,
    },
    /// Refused rows of a survey more, or fewer, to add to those known.
    Quarantined { survey: SurveyCode, rows: Quarantined },
    /// A stratum of a survey is foreseen otherwise than before.
    Foreseen { survey: SurveyCode, stratum: UnitCode, outlook: Outlook },
    /// A survey takes no more responses.
    SurveyClosed(SurveyCode),
}

/// Whether a version takes the place of the one known.
pub(crate) fn supersedes(version: i64, known: Option<i64>) -> bool {
    known.is_none_or(|known| version > known)
}

/// What a measurement is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct MeasurementKey {
    /// The unit that reports.
    pub(crate) unit: UnitCode,
    /// What is counted.
    pub(crate) variable: VariableCode,
    /// When.
    pub(crate) period: Period,
}

/// What a unit reported of a variable for a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Measurement {
    pub(crate) id: MeasurementId,
    pub(crate) key: MeasurementKey,
    pub(crate) version: i64,
    /// Absent when taken back.
    pub(crate) reported: Option<Reported>,
    /// The document that shows it.
    pub(crate) evidence: String,
}

/// What an assessment or appraisal is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NodeKey {
    pub(crate) plan: PlanCode,
    pub(crate) node: NodeId,
}

/// What a unit gave itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Assessment {
    pub(crate) id: AssessmentId,
    pub(crate) key: NodeKey,
    pub(crate) unit: UnitCode,
    pub(crate) version: i64,
    pub(crate) points: Points,
    pub(crate) evidence: Vec<String>,
    pub(crate) explanation: String,
    /// Documents it rests on, down to their bytes.
    pub(crate) documents: Vec<CitedDocument>,
}

/// What the appraisers made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Appraisal {
    pub(crate) id: AppraisalId,
    pub(crate) key: NodeKey,
    pub(crate) version: i64,
    /// The version of the self-assessment that was appraised.
    pub(crate) assessment_version: i64,
    pub(crate) points: Points,
    pub(crate) reason: String,
    /// Documents it rests on, down to their bytes.
    pub(crate) documents: Vec<CitedDocument>,
}

/// A survey: which nodes its answers count for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Survey {
    pub(crate) code: SurveyCode,
    pub(crate) plan: PlanCode,
    pub(crate) title: String,
    /// A figure rests on at least so many answers, or is withheld.
    pub(crate) minimum_cell: u32,
    pub(crate) questions: BTreeMap<QuestionCode, Asked>,
    /// Questions of a number, which count for no node, in their order.
    pub(crate) numbers: Vec<AskedNumber>,
    /// How its sample was drawn.
    pub(crate) drawn: Drawn,
    /// Questions by whose answers counts are told, too.
    pub(crate) domains: Vec<Domain>,
}

impl Survey {
    /// One of its domains, by its question.
    pub(crate) fn domain(&self, question: &QuestionCode) -> Option<&Domain> {
        self.domains.iter().find(|domain| domain.question == *question)
    }

    /// The nodes it asks about, each once.
    pub(crate) fn nodes(&self) -> BTreeSet<&NodeId> {
        self.questions.values().map(|asked| &asked.node).collect()
    }
}

/// A question that counts for a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) node: NodeId,
    /// Names of its answers, from answer 1.
    pub(crate) answers: Vec<String>,
}

/// What answers are counted by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TallyKey {
    pub(crate) survey: SurveyCode,
    pub(crate) question: QuestionCode,
    pub(crate) cluster: ClusterCode,
}

/// A task as it binds a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Assignment {
    pub(crate) id: AssignmentId,
    pub(crate) plan: PlanCode,
    pub(crate) task: TaskNumber,
    pub(crate) unit: UnitCode,
    pub(crate) state: AssignmentState,
    /// The last day on which it is in time; absent where the task has no date.
    pub(crate) last_date: Option<Date>,
    /// The day the unit says it was done.
    pub(crate) done_date: Option<Date>,
    pub(crate) version: i64,
}

/// Where an assignment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AssignmentState {
    Assigned,
    InProgress,
    Submitted,
    /// Somebody did not agree that it was done; the unit goes on.
    Returned,
    /// Another unit has it now.
    Reassigned,
}

impl AssignmentState {
    /// Every state.
    pub(crate) const ALL: [Self; 5] =
        [Self::Assigned, Self::InProgress, Self::Submitted, Self::Returned, Self::Reassigned];

    /// The word in the database.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Assigned => "assigned",
            Self::InProgress => "in-progress",
            Self::Submitted => "submitted",
            Self::Returned => "returned",
            Self::Reassigned => "reassigned",
        }
    }
}
