//! Facts: the messages that travel as events, and the subject each travels under. One place, so that
//! producer and consumer cannot disagree.

use prost::{Message, Name};

use crate::{
    assignment::events::v1::{
        AppraisalDecided, AssessmentSubmitted, AssignmentProgressed, AssignmentReassigned,
        CampaignSet, EntryMoved, MeasurementRecorded, NoticeAcknowledged, NoticesRaised,
        ObligationsOpened, PlanExpanded, ReportFiled, ScorecardChanged,
    },
    registry::events::v1::{
        CrosswalkPublished, FindingAcknowledged, IndexPublished, PlanPublished, ResultsPublished,
        UnitsChanged,
    },
    survey::events::v1::{
        QuarantineTallied, ResponsesTallied, StratumOutlookChanged, SurveyClosed, SurveyOpened,
    },
};

/// A message that travels as an event.
pub trait Fact: Message + Name {
    /// What it is about: entity, fact and id, such as `plan.published.QN-2018`. The bus adds its
    /// prefix, the producer and the major version before it.
    fn subject(&self) -> String;

    /// Full name of the message, such as `cchc.registry.events.v1.PlanPublished`.
    fn type_name(&self) -> String {
        Self::full_name()
    }
}

macro_rules! fact {
    ($message:ty, $prefix:literal, |$fact:ident| $id:expr) => {
        impl Fact for $message {
            fn subject(&self) -> String {
                let $fact = self;
                format!(concat!($prefix, ".{}"), $id)
            }
        }
    };
}

fact!(UnitsChanged, "unit.changed", |f| f.province_code);
fact!(IndexPublished, "index.published", |f| f.index.as_ref().map_or("", |i| &i.code));
fact!(PlanPublished, "plan.published", |f| f.plan.as_ref().map_or("", |p| &p.code));
fact!(FindingAcknowledged, "finding.acknowledged", |f| f
    .acknowledgement
    .as_ref()
    .map_or("", |a| &a.plan_code));
fact!(ResultsPublished, "results.published", |f| f.results.as_ref().map_or("", |r| &r.index_code));
fact!(CrosswalkPublished, "crosswalk.published", |f| f.crosswalk.as_ref().map_or("", |c| &c.code));
fact!(PlanExpanded, "plan.expanded", |f| f.plan_code);
fact!(AssignmentProgressed, "assignment.progressed", |f| f
    .assignment
    .as_ref()
    .map_or("", |a| &a.assignment_id));
fact!(AssignmentReassigned, "assignment.reassigned", |f| f.plan_code);
fact!(MeasurementRecorded, "measurement.recorded", |f| f
    .measurement
    .as_ref()
    .map_or("", |m| &m.unit_code));
fact!(AssessmentSubmitted, "assessment.submitted", |f| f
    .assessment
    .as_ref()
    .map_or("", |a| &a.unit_code));
fact!(AppraisalDecided, "appraisal.decided", |f| f.plan_code);
fact!(NoticesRaised, "notice.raised", |f| f.plan_code);
fact!(NoticeAcknowledged, "notice.acknowledged", |f| f
    .notice
    .as_ref()
    .map_or("", |n| &n.plan_code));
fact!(CampaignSet, "campaign.set", |f| f.campaign.as_ref().map_or("", |c| &c.code));
fact!(EntryMoved, "entry.moved", |f| f.entry.as_ref().map_or("", |e| &e.campaign_code));
fact!(ObligationsOpened, "obligation.opened", |f| f.plan_code);
fact!(ReportFiled, "report.filed", |f| f.obligation.as_ref().map_or("", |o| &o.obligation_id));
fact!(ScorecardChanged, "scorecard.changed", |f| f.unit_code);
fact!(SurveyOpened, "survey.opened", |f| f.survey.as_ref().map_or("", |s| &s.code));
fact!(ResponsesTallied, "responses.tallied", |f| f.survey_code);
fact!(QuarantineTallied, "quarantine.tallied", |f| f.survey_code);
fact!(StratumOutlookChanged, "outlook.changed", |f| f.survey_code);
fact!(SurveyClosed, "survey.closed", |f| f.survey_code);
