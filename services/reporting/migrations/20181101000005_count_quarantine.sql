-- Refused rows of surveys, beside whose figures they are shown.
create table reporting.quarantined (
    survey_code text primary key,
    waiting_count bigint not null,
    given_up_count bigint not null,
    event_id uuid not null,
    sequence bigint not null
);
comment on table reporting.quarantined is 'Refused rows of a survey: sums of what the events tell, as with answers.';
comment on column reporting.quarantined.waiting_count is 'Rows that wait for somebody to look at.';
comment on column reporting.quarantined.given_up_count is 'Rows that were dropped, or kept for as long as the survey keeps them.';
comment on column reporting.quarantined.event_id is 'The newest event that was added up here.';
