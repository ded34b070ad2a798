//! How much a message may hold.
//!
//! Far above anything a province has written, and low enough that reading the worst message stays
//! cheap. The size of a message on the wire is bounded before, by the server.

/// Nodes of an index, and nodes that a task or finding points at; the largest known has about 130.
pub const NODES: usize = 1_000;
/// Variables of an index.
pub const VARIABLES: usize = 500;
/// Bands or steps of a rule.
pub const STEPS: usize = 50;
/// Units that are listed one by one; a whole province at once has some 230.
pub const UNITS: usize = 2_000;
/// Earlier standings of a unit; far more than any body has changed.
pub const STANDINGS: usize = cchc_scoring::hierarchy::MOST_STANDINGS;
/// Successors of a unit, and parts of a split.
pub const SUCCESSORS: usize = 50;
/// Units that one decision changes; more than any province has districts, or a district communes.
pub const CHANGED: usize = 200;
/// Kinds of units: there are no more.
pub const KINDS: usize = 7;
/// Baselines, and targets, of a plan.
pub const FIGURES: usize = 1_000;
/// Tasks of a plan.
pub const TASKS: usize = 1_000;
/// Deadlines of a plan beside those of its tasks.
pub const DEADLINES: usize = 200;
/// Days off, and days worked instead, of a year.
pub const DAYS: usize = 366;
/// Periods of a reporting cycle: four quarters, six months, nine months and the year.
pub const PERIODS: usize = 7;
/// Block numbers that a plan leaves out.
pub const NUMBERS: usize = 200;

/// Provinces of a published table; there were never more than 64.
pub const PROVINCES: usize = 100;
/// Figures of a province in a published table; with every province it still fits one message.
pub const RESULTS: usize = 200;

/// Questions of a questionnaire; a citizen's patience ends far before.
pub const QUESTIONS: usize = 200;
/// Sections of a questionnaire.
pub const SECTIONS: usize = 100;
/// Languages of a questionnaire beside Vietnamese.
pub const LANGUAGES: usize = 10;

/// Characters of a title; of a task's or deadline's see [`SHORT_TITLE`].
pub const TITLE: usize = 500;
/// Characters of a task's or deadline's title.
pub const SHORT_TITLE: usize = 300;
/// Characters of a unit's name.
pub const NAME: usize = 200;
/// Characters of a reference.
pub const REFERENCE: usize = 1_000;
/// Characters of the decision that changes units; several of a day still fit one reference.
pub const DECISION: usize = 300;
/// Characters of a single word or short phrase.
pub const WORD: usize = 100;
/// Characters of the reason for which a finding is acknowledged.
pub const REASON: usize = 1_000;
/// Characters of a finding's message.
pub const MESSAGE: usize = 10_000;

/// The lowest place, and the largest group, that can be stated; there were never more than 64 provinces.
pub const RANK: u16 = 1_000;
/// The highest block number that can be left out.
pub const NUMBER: u16 = 1_000;
