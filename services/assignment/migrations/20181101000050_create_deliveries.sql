-- Digests on their way to people: where they go, how far each is over each channel, every attempt.
create table assignment.recipient_directories (
    province_code text collate "C" not null,
    version bigint not null check (version > 0),
    document jsonb not null,
    loader text not null,
    load_time timestamptz not null,
    primary key (province_code, version)
);
comment on table assignment.recipient_directories is 'Where digests of a province go; another directory is another version.';
comment on column assignment.recipient_directories.document is 'Addresses; secrets of webhooks are wrapped by the operator''s key.';
comment on column assignment.recipient_directories.loader is 'Who loaded it, as the token names them.';

create table assignment.deliveries (
    digest_id uuid not null references assignment.digests (digest_id),
    channel text not null check (channel in ('email', 'webhook')),
    state text not null check (state in ('pending', 'sent', 'given-up')),
    attempt_count bigint not null default 0,
    tried_count integer not null default 0,
    next_time timestamptz not null,
    last_error text not null default '',
    change_time timestamptz not null,
    primary key (digest_id, channel)
);
comment on table assignment.deliveries is 'How far a digest is over a channel. A row is made when the digest is complete: nothing joins it afterwards.';
comment on column assignment.deliveries.attempt_count is 'Attempts of all rounds; numbers them.';
comment on column assignment.deliveries.tried_count is 'Attempts of this round: since it was made, or was replayed last.';
comment on column assignment.deliveries.next_time is 'From when it is tried next. While an attempt is under way, until when nobody else tries: after a crash it is tried again then.';
comment on column assignment.deliveries.last_error is 'Why the last attempt failed; empty after success and before the first.';
create index deliveries_due on assignment.deliveries (channel, next_time) where state = 'pending';
comment on index assignment.deliveries_due is 'Serves the search for what is to be tried.';
create index deliveries_given_up on assignment.deliveries (digest_id) where state = 'given-up';
comment on index assignment.deliveries_given_up is 'Serves the list of what could not be delivered, and its count.';

create table assignment.delivery_attempts (
    digest_id uuid not null,
    channel text not null,
    number bigint not null check (number > 0),
    error text not null,
    attempt_time timestamptz not null,
    primary key (digest_id, channel, number),
    foreign key (digest_id, channel) references assignment.deliveries (digest_id, channel)
);
comment on table assignment.delivery_attempts is 'Every attempt that ended. One that is missing was cut off by a crash.';
comment on column assignment.delivery_attempts.error is 'Why it failed; empty where it did not.';
comment on column assignment.delivery_attempts.attempt_time is 'When it ended.';

create trigger fact_is_for_good before update or delete on assignment.recipient_directories
    for each row execute function assignment.refuse_change_of_fact();
create trigger fact_is_for_good before update or delete on assignment.delivery_attempts
    for each row execute function assignment.refuse_change_of_fact();
