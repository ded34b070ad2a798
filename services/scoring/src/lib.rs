//! The science of CCHC in one place: what is measured ([`catalogue`]), how a leaf is scored
//! ([`rule`]), how scores add up ([`tree`]), what a rank and a target are worth ([`rank`],
//! [`target`], [`verdict`]), what a survey says ([`survey`]), and where a plan disagrees with itself ([`plan`]).
//!
//! Pure: no I/O, no clock, no chance, no float. Services call it and never re-implement any of it, so
//! that the number on the screen, in the export and in the recomputation is one number.

pub mod catalogue;
pub mod derivation;
pub mod figure;
pub mod plan;
pub mod rank;
pub mod rule;
pub mod survey;
pub mod target;
pub mod tree;
pub mod verdict;
