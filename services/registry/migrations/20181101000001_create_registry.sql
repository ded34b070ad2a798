-- What is measured: units with their history, indices and plans as whole documents that never change
-- once published.
create schema if not exists registry;

create table registry.unit_versions (
    code text not null,
    version bigint not null check (version > 0),
    document jsonb not null,
    event_id uuid not null,
    record_time timestamptz not null,
    primary key (code, version)
);
comment on table registry.unit_versions is 'Every version of every unit; the highest is the present one, kept beside in kit.units.';
comment on column registry.unit_versions.document is 'The unit, in the form of the plan files.';
comment on column registry.unit_versions.event_id is 'The event that told it: kit.outbox.';
create index unit_versions_event on registry.unit_versions (event_id);
comment on index registry.unit_versions_event is 'Serves exports as of an event.';

create table registry.documents (
    kind text not null check (kind in ('index', 'plan')),
    code text not null,
    state text not null check (state in ('draft', 'published')),
    etag text not null,
    document jsonb not null,
    findings jsonb not null default '[]',
    update_time timestamptz not null,
    event_id uuid,
    primary key (kind, code),
    check ((state = 'published') = (event_id is not null))
);
comment on table registry.documents is 'Indices and plans. A draft is replaced whole; a published one never changes.';
comment on column registry.documents.etag is 'Names the content: equal etags are equal documents.';
comment on column registry.documents.document is 'The index or plan, in the form of the plan files.';
comment on column registry.documents.findings is 'Where a plan disagrees with itself; empty for an index.';
comment on column registry.documents.event_id is 'The event that told its publication: kit.outbox; NULL for a draft.';

create function registry.refuse_change_of_published() returns trigger language plpgsql as $$
begin
    raise exception 'the % % is published and does not change', old.kind, old.code;
end
$$;
comment on function registry.refuse_change_of_published() is 'Second guard of the promise that nothing published is overwritten.';
create trigger published_is_for_good before update or delete on registry.documents
    for each row when (old.state = 'published') execute function registry.refuse_change_of_published();
