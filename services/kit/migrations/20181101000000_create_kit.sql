-- What every service keeps beside its own tables: claims of request ids, the numbered outbox, the
-- watermarks of what it heard, and its copy of the units. Schema `kit` of each service's database.
create schema if not exists kit;

create table kit.requests (
    subject text not null,
    request_id uuid not null,
    method text not null,
    content_hash bytea not null check (octet_length(content_hash) = 32),
    claim_time timestamptz not null default now(),
    primary key (subject, request_id)
);
comment on table kit.requests is 'Requests that were carried out. Kept for ever: a resend years later is still the same intent.';
comment on column kit.requests.subject is 'Who asked; one subject cannot use up another''s ids.';
comment on column kit.requests.method is 'Full name of the method, such as cchc.registry.v1.PlanService/LoadPlan.';
comment on column kit.requests.content_hash is 'SHA-256 of the request as understood; another hash under the same id is refused.';

create table kit.outbox (
    event_id uuid primary key,
    xid xid8 not null default pg_current_xact_id(),
    id bigint generated always as identity,
    sequence bigint unique check (sequence > 0),
    subject text not null,
    type_name text not null,
    payload bytea not null,
    occur_time timestamptz not null,
    trace_parent text not null default ''
);
comment on table kit.outbox is 'Facts to tell, written in the transaction that makes them true.';
comment on column kit.outbox.xid is 'Transaction that wrote the row: rows are numbered only below the oldest running transaction, so that none is missed.';
comment on column kit.outbox.id is 'Order within a transaction.';
comment on column kit.outbox.sequence is 'The producer''s gap-free number; NULL until the relay has given it.';
comment on column kit.outbox.type_name is 'Full name of the message, such as cchc.registry.events.v1.PlanPublished.';
comment on column kit.outbox.payload is 'The message, encoded.';
comment on column kit.outbox.trace_parent is 'W3C traceparent of the call that caused it; empty when not traced.';
create index outbox_unnumbered on kit.outbox (xid, id) where sequence is null;
comment on index kit.outbox_unnumbered is 'Serves the relay''s numbering pass.';

create table kit.relay (
    is_only boolean primary key default true check (is_only),
    epoch bigint not null default 0,
    numbered_sequence bigint not null default 0,
    published_sequence bigint not null default 0,
    check (published_sequence <= numbered_sequence)
);
comment on table kit.relay is 'One row: who leads the relay and how far it is.';
comment on column kit.relay.epoch is 'Goes up with every new leader; a deposed one finds another epoch and stops.';
comment on column kit.relay.numbered_sequence is 'Highest number given.';
comment on column kit.relay.published_sequence is 'Highest number the bus has acknowledged.';
insert into kit.relay default values;

create table kit.watermarks (
    producer text primary key,
    sequence bigint not null default 0 check (sequence >= 0),
    apply_time timestamptz
);
comment on table kit.watermarks is 'How far this service has come with each producer.';
comment on column kit.watermarks.apply_time is 'When the newest event was applied; NULL before the first.';

create table kit.parked (
    producer text not null,
    sequence bigint not null,
    event_id uuid not null,
    subject text not null,
    type_name text not null,
    payload bytea not null,
    occur_time timestamptz not null,
    trace_parent text not null,
    reason text not null,
    park_time timestamptz not null default now(),
    primary key (producer, sequence)
);
comment on table kit.parked is 'Events that could not be applied: kept whole, with the reason, until an operator retries them.';

create table kit.units (
    code text primary key,
    parent_code text references kit.units (code) deferrable initially deferred,
    kind text not null,
    name text not null,
    valid_from date,
    valid_to date
);
comment on table kit.units is 'This service''s copy of the bodies of the administration, as they are now.';
comment on column kit.units.parent_code is 'The unit above; NULL for a province.';
comment on column kit.units.valid_from is 'First day it exists; NULL when before any plan here.';
comment on column kit.units.valid_to is 'First day it no longer exists; NULL while it does.';
create index units_parent on kit.units (parent_code);
comment on index kit.units_parent is 'Serves walks down the hierarchy.';
