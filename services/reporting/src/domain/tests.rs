//! What follows from facts: case by case, and over whole histories.

mod cases;
mod histories;
mod movement;
mod promises;
mod sample;
mod tasks;
