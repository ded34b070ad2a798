-- Respondents can be erased, and a survey's facts reduced: what was told of a response stays in the sums as
-- an aggregate, the response itself goes.
create table survey.erasures (
    erasure_id uuid primary key,
    survey_number integer not null references survey.surveys (number),
    subject text not null,
    unit_code text not null,
    reason text not null check (char_length(reason) between 1 and 1000),
    erase_time timestamptz not null,
    response_count integer not null check (response_count >= 0),
    row_count integer not null check (row_count >= 0)
);
comment on table survey.erasures is 'Who erased a respondent, when and why, and how much there was. Nothing of the respondent.';
comment on column survey.erasures.subject is 'Who asked for it.';
comment on column survey.erasures.unit_code is 'The unit for which they did.';
comment on column survey.erasures.response_count is 'Responses that were erased.';
comment on column survey.erasures.row_count is 'Refused rows whose content was deleted.';
create index erasures_survey on survey.erasures (survey_number, erase_time);
comment on index survey.erasures_survey is 'Serves the list of a survey''s erasures.';

create table survey.erased (
    response_id uuid primary key,
    survey_number integer not null
);
comment on table survey.erased is 'Ids of responses that were erased, so that a resend does not bring one back. The id says nothing of the respondent.';
create index erased_survey on survey.erased (survey_number);
comment on index survey.erased_survey is 'Says whether a survey has any.';

create table survey.residues (
    survey_number integer not null,
    release_event_id uuid not null,
    cluster_place smallint not null,
    response_count bigint not null,
    counts bigint[] not null,
    primary key (survey_number, release_event_id, cluster_place)
);
comment on table survey.residues is 'What an event told of responses that are not there any more: sums, never of whom. Added up with the responses that are there they give the sums that were told.';
comment on column survey.residues.release_event_id is 'The event that told it: kit.outbox.';
comment on column survey.residues.counts is 'The counts of the cluster''s questions, one behind the other, as the service counts them.';

create table survey.residual_flags (
    survey_number integer not null,
    release_event_id uuid not null,
    flag smallint not null check (flag >= 0),
    flagged_count bigint not null,
    excluded_count bigint not null,
    primary key (survey_number, release_event_id, flag)
);
comment on table survey.residual_flags is 'The flags of those responses, likewise.';
comment on column survey.residual_flags.flag is 'Number of the QualityFlag; 0 for those excluded for whichever, each once.';
