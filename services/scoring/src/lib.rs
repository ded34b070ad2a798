//! The science of CCHC in one place: what is measured ([`catalogue`]), how a leaf is scored
//! ([`rule`]), how the reports of a year make one figure ([`variable`]), how scores add up ([`tree`]),
//! what a rank and a target are worth ([`rank`], [`target`], [`verdict`]), what was published for all
//! provinces ([`results`]), which units existed on a day and who succeeded whom ([`hierarchy`]), how
//! districts compare ([`rescale`]), what a survey says ([`survey`]), who takes part in a task ([`role`]), what is
//! expected of work that is not delivered ([`undelivered`]), where a
//! plan disagrees with itself ([`plan`]), whether an edition can be published and what it changes ([`edition`]), what of one year may
//! be compared with another ([`series`]), which days are worked and when something falls due
//! ([`calendar`]), what would have to be lifted to reach a target ([`what_if`]), and what a score may come
//! to by the year's end ([`forecast`]).
//!
//! Pure: no I/O, no clock, no chance; no float but in a survey's standard errors, in forecasts and in the
//! solver of [`what_if`], which gives up after some seconds and whose choice is added up exactly. Services call it
//! and never re-implement any of it, so that the number on the screen, in the export and in the
//! recomputation is one number.

pub mod calendar;
pub mod catalogue;
pub mod derivation;
pub mod edition;
pub mod figure;
pub mod forecast;
pub mod hierarchy;
pub mod plan;
pub mod province;
pub mod questionnaire;
pub mod rank;
pub mod rescale;
pub mod results;
pub mod role;
pub mod rule;
pub mod series;
pub mod survey;
pub mod target;
pub mod tree;
pub mod undelivered;
pub mod variable;
pub mod verdict;
pub mod what_if;
pub mod words;
