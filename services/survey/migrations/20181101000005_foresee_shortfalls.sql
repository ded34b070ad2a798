-- Whether a stratum will have its quota, each time that is foreseen otherwise than before.
create table survey.outlooks (
    survey_number integer not null,
    stratum_code text not null,
    version integer not null check (version > 0),
    foresee_date date not null,
    quota_count bigint not null,
    stored_count bigint not null,
    due_count bigint not null,
    foreseen_count bigint,
    days_left bigint not null,
    event_id uuid not null,
    primary key (survey_number, stratum_code, version)
);
comment on table survey.outlooks is 'How a stratum stood when it was foreseen that it will miss its quota, or that it no longer will. Never changed; the highest version is the present one.';
comment on column survey.outlooks.survey_number is 'survey.surveys.number.';
comment on column survey.outlooks.foresee_date is 'The day, in Viet Nam, on which it was foreseen.';
comment on column survey.outlooks.stored_count is 'Responses released by then.';
comment on column survey.outlooks.due_count is 'Responses that should have come before that day; below it the quota will be missed.';
comment on column survey.outlooks.foreseen_count is 'Responses at the end at that pace; NULL before any were due.';
comment on column survey.outlooks.event_id is 'The event that told it: kit.outbox.';
