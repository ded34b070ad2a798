//! The assignment service on real PostgreSQL and NATS, through its gRPC side.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod assessments;
mod authority;
mod batches;
mod calendar;
mod campaign_facts;
mod campaign_of_228;
mod campaigns;
mod cited_documents;
mod clock;
mod deliveries;
mod evidence;
mod evidence_in_a_bucket;
mod expansion;
mod feed;
mod hall;
mod lists;
mod mail_security;
mod mail_server;
mod measurements;
mod post;
mod progress;
mod reassign;
mod reassigned_notices;
mod refusals;
mod reminders;
mod reminding;
mod reports;
mod reviewed;
mod roles;
mod s3_server;
mod sample;
mod source;
mod steps;
mod two_years;
mod two_years_of_reports;
