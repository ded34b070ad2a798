-- Refused rows can be found, sent again and given up; what became of each stands with it, and how many
-- wait is told. Only a waiting row still has what it said.
alter table survey.quarantine
    drop constraint quarantine_pkey,
    add column row_id uuid not null default gen_random_uuid() primary key,
    alter column row_hash drop not null,
    add constraint quarantine_once unique (row_hash),
    add column survey_number integer,
    add column response_uuid uuid,
    add column revision integer not null default 0,
    add column collector text not null default '',
    add column unit_code text not null default '',
    add column expire_time timestamptz,
    add column state text not null default 'waiting'
        check (state in ('waiting', 'replayed', 'superseded', 'dropped', 'expired')),
    alter column received drop not null,
    add column settle_time timestamptz,
    add column settler text not null default '',
    add column settler_unit_code text not null default '',
    add column settle_reason text not null default '',
    add column settled_response_id uuid,
    add column parked_event_id uuid,
    add column settled_event_id uuid;
update survey.quarantine
    set expire_time = receive_time + interval '90 days',
        survey_number = (select number from survey.surveys where code = survey_code);
alter table survey.quarantine
    alter column row_id drop default,
    alter column expire_time set not null,
    add constraint quarantine_content check ((state = 'waiting') = (received is not null)),
    add constraint quarantine_settled check ((state = 'waiting') = (settle_time is null));
comment on column survey.quarantine.row_id is 'Rises with the time of arrival.';
comment on column survey.quarantine.row_hash is 'SHA-256 of the row as kept; NULL once the row has been kept for long enough.';
comment on column survey.quarantine.survey_number is 'survey.surveys.number; NULL when it names no survey.';
comment on column survey.quarantine.response_id is 'As it came, cut to 64 characters; empty once the row has been kept for long enough.';
comment on column survey.quarantine.response_uuid is 'The same, where it is one.';
comment on column survey.quarantine.revision is 'As it came: with the response it says which good row takes the place of this one.';
comment on column survey.quarantine.reasons is 'Path, reason and messages of the first faults.';
comment on column survey.quarantine.received is 'The fields of the contract, each cut to a bound, encoded; nothing else of what was sent. NULL once the row waits no more.';
comment on column survey.quarantine.collector is 'Who sent it; empty for rows from before that was kept.';
comment on column survey.quarantine.unit_code is 'The unit for which they sent it.';
comment on column survey.quarantine.state is 'A row waits, or was settled for good.';
comment on column survey.quarantine.settler is 'Who replayed or dropped it.';
comment on column survey.quarantine.settle_reason is 'Why it was dropped.';
comment on column survey.quarantine.settled_response_id is 'The response as which it was stored.';
comment on column survey.quarantine.parked_event_id is 'The event that told that it waits: kit.outbox. NULL until told.';
comment on column survey.quarantine.settled_event_id is 'The event that told that it waits no more; the same where both were told at once.';

drop index survey.quarantine_survey;
create index quarantine_survey on survey.quarantine (survey_number, row_id);
comment on index survey.quarantine_survey is 'Serves lists and counts of a survey''s refused rows.';
create index quarantine_response on survey.quarantine (response_uuid, revision) where state = 'waiting';
comment on index survey.quarantine_response is 'Finds the rows whose place a good one takes.';
create index quarantine_untold on survey.quarantine (survey_number)
    where parked_event_id is null or (state <> 'waiting' and settled_event_id is null);
comment on index survey.quarantine_untold is 'Serves the look for what is to be told.';
create index quarantine_expiry on survey.quarantine (expire_time) where row_hash is not null;
comment on index survey.quarantine_expiry is 'Serves the look for what has been kept for long enough.';

create function survey.refuse_change_of_settled() returns trigger language plpgsql as $$
begin
    raise exception 'quarantined row % was settled for good', old.row_id;
end
$$;
comment on function survey.refuse_change_of_settled() is 'Second guard: who gave a row up, when and why is not rewritten.';
create trigger settled_is_for_good before update on survey.quarantine
    for each row when (old.state <> 'waiting' and (old.state, old.settle_time, old.settler, old.settle_reason)
                       is distinct from (new.state, new.settle_time, new.settler, new.settle_reason))
    execute function survey.refuse_change_of_settled();
