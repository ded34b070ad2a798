-- How responses came about, and what is amiss with them: for surveys that have a rule for it. A survey
-- without rules writes none of this.
create table survey.secrets (
    survey_number integer not null references survey.surveys (number),
    purpose text not null check (purpose in ('respondents', 'contents')),
    generation smallint not null check (generation > 0),
    wrapping_key text not null,
    sealed bytea not null,
    create_time timestamptz not null,
    primary key (survey_number, purpose, generation)
);
comment on table survey.secrets is 'The secrets of a survey, each wrapped by a key of the operator''s file. Whoever deletes a row makes all it was used for unreadable for good.';
comment on column survey.secrets.purpose is 'respondents: HMAC-SHA-256 of respondent keys. contents: AES-256-GCM of texts and of refused rows.';
comment on column survey.secrets.generation is 'Rises with each rotation; all are kept, so that a key that was seen is recognised.';
comment on column survey.secrets.wrapping_key is 'Name of the wrapping key.';
comment on column survey.secrets.sealed is 'The secret: nonce, ciphertext, tag.';

create table survey.paradata (
    response_id uuid not null,
    revision integer not null check (revision >= 0),
    survey_number integer not null,
    answer_time timestamptz,
    own_flags smallint not null,
    key_generation smallint,
    key_hash bytea check (octet_length(key_hash) = 32),
    start_time timestamptz,
    interviewer text check (char_length(interviewer) <= 64),
    channel smallint,
    slip_code text check (char_length(slip_code) <= 64),
    primary key (response_id, revision),
    check ((key_generation is null) = (key_hash is null))
);
comment on table survey.paradata is 'How each version of a response came about, written in its transaction; the highest revision holds.';
comment on column survey.paradata.answer_time is 'As in the version; NULL where it takes the response back.';
comment on column survey.paradata.own_flags is 'Flags that follow from the version alone: bit n is the QualityFlag n.';
comment on column survey.paradata.key_generation is 'Which secret the respondent''s key was hashed with: the oldest under which it was known.';
comment on column survey.paradata.key_hash is 'HMAC-SHA-256 of the key that the collector made. The key itself is stored nowhere.';
comment on column survey.paradata.channel is 'Number of IngestResponsesRequest.Channel; NULL when not said.';
create index paradata_respondent on survey.paradata (survey_number, key_hash) where key_hash is not null;
comment on index survey.paradata_respondent is 'Finds the responses of one person.';
create index paradata_slip on survey.paradata (survey_number, slip_code) where slip_code is not null;
comment on index survey.paradata_slip is 'Finds the responses under one printed code.';

create table survey.flags (
    response_id uuid not null,
    number bigint generated always as identity,
    batch_id uuid not null,
    flags smallint not null,
    flags_before smallint not null,
    excluded_revision integer,
    excluded_before integer,
    primary key (response_id, number)
);
comment on table survey.flags is 'What was found amiss with a response, whenever that changed; never changed itself. The highest number holds; a response without a row bears no flag. The sums of a batch are those of its versions, less the versions that its rows here exclude, plus those that were excluded before.';
comment on column survey.flags.number is 'Rises in the order of committing: whoever judges the responses of a survey does so alone.';
comment on column survey.flags.batch_id is 'survey.batches; written in the same transaction.';
comment on column survey.flags.flags is 'Bit n is the QualityFlag n.';
comment on column survey.flags.flags_before is 'The same before.';
comment on column survey.flags.excluded_revision is 'The version that does not count from here on; NULL when nothing is excluded.';
comment on column survey.flags.excluded_before is 'The version that did not count before.';
create index flags_batch on survey.flags (batch_id);
comment on index survey.flags_batch is 'Serves releases and the recount.';

alter table survey.quarantine add column is_sealed boolean not null default false;
comment on column survey.quarantine.is_sealed is 'Whether received is sealed with the survey''s secret for contents: it holds a respondent''s key.';
