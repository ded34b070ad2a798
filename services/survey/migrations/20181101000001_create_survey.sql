-- What citizens say: surveys that never change once opened, their answers one byte each, the exact
-- sums of what was released, and the rows that were refused. Nothing here names a respondent.
create schema if not exists survey;

create table survey.indices (
    code text primary key,
    document jsonb not null
);
comment on table survey.indices is 'This service''s copy of the published indices: what questions may count for.';
comment on column survey.indices.document is 'The index, in the form of the plan files.';

create table survey.plans (
    code text primary key,
    province_code text not null
);
comment on table survey.plans is 'The plans in force that this service has heard of: what a survey may serve.';

create table survey.surveys (
    number integer generated always as identity unique,
    code text primary key,
    document jsonb not null,
    open_event_id uuid not null,
    open_time timestamptz not null,
    close_event_id uuid,
    close_time timestamptz,
    check ((close_event_id is null) = (close_time is null))
);
comment on table survey.surveys is 'Surveys. The definition never changes; a closed survey stays closed.';
comment on column survey.surveys.number is 'Short name inside this database: rows of batches, sums and locks carry it.';
comment on column survey.surveys.document is 'The definition: questions and clusters have places 0, 1, 2 … in it.';
comment on column survey.surveys.open_event_id is 'The event that told the opening: kit.outbox.';
comment on column survey.surveys.close_event_id is 'The event that told the closing; NULL while the survey takes responses.';

create function survey.refuse_change_of_survey() returns trigger language plpgsql as $$
begin
    raise exception 'survey % is defined for good, and closed for good', old.code;
end
$$;
comment on function survey.refuse_change_of_survey() is 'Second guard: stored answers mean something only under the definition they were given to.';
create trigger closed_is_for_good before update on survey.surveys
    for each row when (old.close_event_id is not null)
    execute function survey.refuse_change_of_survey();
create trigger survey_is_for_good before delete on survey.surveys
    for each row execute function survey.refuse_change_of_survey();
create trigger definition_is_for_good before update of number, code, document on survey.surveys
    for each row execute function survey.refuse_change_of_survey();

create table survey.batches (
    batch_id uuid primary key,
    survey_number integer not null,
    response_count integer not null check (response_count > 0),
    store_time timestamptz not null,
    release_event_id uuid
);
comment on table survey.batches is 'Responses of one survey that were committed together. No foreign key on the hot path: a batch is written in the transaction that has read its survey.';
comment on column survey.batches.survey_number is 'survey.surveys.number.';
comment on column survey.batches.release_event_id is 'The event that told its sums: kit.outbox; NULL while held back for privacy.';

create table survey.responses (
    response_id uuid primary key,
    batch_id uuid not null,
    answer_time timestamptz not null,
    cluster_place smallint not null check (cluster_place >= 0),
    answers bytea not null
);
comment on table survey.responses is 'One citizen''s answers each, never changed. The only index is the key: every other one would be paid for by every response.';
comment on column survey.responses.response_id is 'Chosen by the client that collected it; says nothing of the respondent.';
comment on column survey.responses.batch_id is 'survey.batches; written in the same transaction.';
comment on column survey.responses.cluster_place is 'Place of the commune among the survey''s clusters, from 0.';
comment on column survey.responses.answers is 'One byte a question, in their order; 0 means not answered.';

create table survey.held (
    batch_id uuid primary key,
    survey_number integer not null,
    response_count integer not null check (response_count > 0),
    cluster_places smallint[] not null,
    satisfied bigint[] not null,
    valid bigint[] not null,
    not_answered bigint[] not null
);
comment on table survey.held is 'Sums of batches that wait for enough company; a release takes the rows away.';
comment on column survey.held.cluster_places is 'The clusters the batch touches.';
comment on column survey.held.satisfied is 'Answers that count: for each of those clusters in turn, one number a question. The columns beside it are laid out the same way.';
create index held_survey on survey.held (survey_number);
comment on index survey.held_survey is 'Serves releases and the count of what waits.';

create table survey.sums (
    survey_number integer not null,
    cluster_place smallint not null,
    response_count bigint not null,
    satisfied bigint[] not null,
    valid bigint[] not null,
    not_answered bigint[] not null,
    primary key (survey_number, cluster_place)
) with (fillfactor = 70);
comment on table survey.sums is 'What was released so far, by cluster; moves by the differences that the events tell.';
comment on column survey.sums.satisfied is 'Answers that count, one number a question. The columns beside it are laid out the same way.';

create function survey.add(bigint[], bigint[]) returns bigint[]
language sql immutable strict parallel safe as $$
    select array_agg(a + b order by n) from unnest($1, $2) with ordinality as pair (a, b, n)
$$;
comment on function survey.add(bigint[], bigint[]) is 'Adds two lists number by number.';

create table survey.quarantine (
    row_hash bytea primary key check (octet_length(row_hash) = 32),
    survey_code text not null check (char_length(survey_code) <= 64),
    response_id text not null check (char_length(response_id) <= 64),
    reasons jsonb not null,
    received bytea not null check (octet_length(received) <= 8192),
    receive_time timestamptz not null
);
comment on table survey.quarantine is 'Refused rows, for a person to look at. A row that is sent again stands here once.';
comment on column survey.quarantine.row_hash is 'SHA-256 of the row as kept.';
comment on column survey.quarantine.survey_code is 'As it came, cut to 64 characters; may name no survey.';
comment on column survey.quarantine.response_id is 'As it came, cut to 64 characters.';
comment on column survey.quarantine.reasons is 'Path and reason of everything that was wrong.';
comment on column survey.quarantine.received is 'The fields of the contract, each cut to a bound, encoded; nothing else of what was sent.';
create index quarantine_survey on survey.quarantine (survey_code);
comment on index survey.quarantine_survey is 'Serves the count of a survey''s refused rows.';
