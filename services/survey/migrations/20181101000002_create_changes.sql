-- Corrections and retractions: later versions of responses. The responses themselves stay as they came.
create table survey.changes (
    response_id uuid not null references survey.responses (response_id),
    revision integer not null check (revision > 0),
    batch_id uuid not null,
    answer_time timestamptz,
    answers bytea,
    primary key (response_id, revision),
    check ((answers is null) = (answer_time is null))
);
comment on table survey.changes is 'Later versions of responses, never changed themselves. The highest revision holds.';
comment on column survey.changes.revision is 'Chosen by the client; the response as it first came is revision 0.';
comment on column survey.changes.batch_id is 'survey.batches; written in the same transaction.';
comment on column survey.changes.answers is 'One byte a question as in survey.responses; NULL when the response was retracted.';
create index changes_batch on survey.changes (batch_id);
comment on index survey.changes_batch is 'Serves the recount of what was released.';

alter table survey.held add column net_count integer;
comment on column survey.held.response_count is 'Responses stored or changed: what a release counts against release_after.';
comment on column survey.held.net_count is 'Responses more, or fewer, once it is released; NULL where nothing was changed: as many as were stored.';
comment on column survey.batches.response_count is 'Responses stored or changed.';
