-- What the owners of indices published for all provinces. Each import that changes anything is a revision of
-- its own beside the others.
create table registry.results (
    index_code text not null,
    revision bigint not null check (revision > 0),
    document jsonb not null,
    event_id uuid not null unique,
    record_time timestamptz not null,
    primary key (index_code, revision)
);
comment on table registry.results is 'Published results of an edition, whole and as printed; the highest revision is the present one.';
comment on column registry.results.revision is '1, 2, 3 … for each edition.';
comment on column registry.results.document is 'The table with its source: one entry a province and node, null where withheld.';
comment on column registry.results.event_id is 'The event that told it: kit.outbox.';
comment on column registry.results.record_time is 'When it was recorded: serves reads as of an instant.';

create function registry.refuse_change_of_results() returns trigger language plpgsql as $$
begin
    raise exception 'revision % of the results of % is recorded and does not change', old.revision, old.index_code;
end
$$;
comment on function registry.refuse_change_of_results() is 'Second guard of the promise that nothing published is overwritten.';
create trigger recorded_is_for_good before update or delete on registry.results
    for each row execute function registry.refuse_change_of_results();
