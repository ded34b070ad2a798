-- What this service owns: publications of the rollup, their withdrawals, and the keys they are signed with. The
-- schema `reporting` holds copies that are dropped and heard again; this one is the record, and stays when that
-- is done. So everything here is made only where it is missing: the migrations run anew over a record that is there.
create schema if not exists record;

create or replace function record.refuse_change_of_fact() returns trigger language plpgsql as $$
begin
    raise exception 'a row of % is a fact and does not change', tg_table_name;
end
$$;
comment on function record.refuse_change_of_fact() is 'Second guard of the promise that nothing published is overwritten.';

create table if not exists record.signing_keys (
    key_id text collate "C" primary key check (key_id ~ '^[0-9a-f]{16}$'),
    generation integer not null unique check (generation > 0),
    public_key bytea not null check (octet_length(public_key) = 32),
    wrapping_key text not null,
    sealed bytea not null,
    maker text not null,
    request_id uuid not null,
    create_time timestamptz not null,
    unique (maker, request_id)
);
comment on table record.signing_keys is 'Keys (Ed25519) that publications are and were signed with.';
comment on column record.signing_keys.key_id is 'First 16 hexadecimal digits of the SHA-256 of the public key.';
comment on column record.signing_keys.generation is 'The highest signs.';
comment on column record.signing_keys.wrapping_key is 'Name of the operator''s key that wraps the private half.';
comment on column record.signing_keys.sealed is 'The private half (PKCS #8), wrapped.';
comment on column record.signing_keys.request_id is 'The request it was made for: the first publication, or a rotation.';

create or replace function record.only_wrap_anew() returns trigger language plpgsql as $$
begin
    if (old.key_id, old.generation, old.public_key, old.maker, old.request_id, old.create_time)
        is distinct from (new.key_id, new.generation, new.public_key, new.maker, new.request_id, new.create_time)
    then
        raise exception 'a row of % is a fact and does not change', tg_table_name;
    end if;
    return new;
end
$$;
comment on function record.only_wrap_anew() is 'A private half may be wrapped by another key of the operator; nothing else of a key changes.';

create table if not exists record.publications (
    plan_code text collate "C" not null,
    number integer not null check (number > 0),
    title text not null,
    reason text not null,
    document_number text not null,
    publisher text not null,
    unit_code text collate "C" not null,
    publish_time timestamptz not null,
    embargo_end_time timestamptz,
    rollup_checksum text collate "C" not null check (rollup_checksum ~ '^[0-9a-f]{64}$'),
    content bytea not null,
    content_checksum text collate "C" not null check (content_checksum = encode(sha256(content), 'hex')),
    signature bytea not null check (octet_length(signature) = 64),
    key_id text collate "C" not null references record.signing_keys (key_id),
    request_id uuid not null,
    primary key (plan_code, number),
    unique (publisher, request_id)
);
comment on table record.publications is 'Rollups that were frozen, numbered and signed.';
comment on column record.publications.number is 'Without gaps within the plan.';
comment on column record.publications.document_number is 'As officials cite it; empty where there is none.';
comment on column record.publications.embargo_end_time is 'Before it only those who publish see what it says; NULL without an embargo.';
comment on column record.publications.content is 'cchc.reporting.v1.PublicationContent, byte for byte as signed.';
comment on column record.publications.request_id is 'The request it was made by: asked for again it is found.';
create index if not exists publications_checksum on record.publications (plan_code, rollup_checksum);
comment on index record.publications_checksum is 'Serves which publication a rollup is.';

create table if not exists record.withdrawals (
    plan_code text collate "C" not null,
    number integer not null,
    reason text not null,
    actor text not null,
    unit_code text collate "C" not null,
    request_id uuid not null,
    withdraw_time timestamptz not null,
    primary key (plan_code, number),
    unique (actor, request_id),
    foreign key (plan_code, number) references record.publications (plan_code, number)
);
comment on table record.withdrawals is 'Publications that were withdrawn, and why. They stay what they were.';

create or replace trigger key_stays before update on record.signing_keys
    for each row execute function record.only_wrap_anew();
create or replace trigger fact_is_for_good before delete on record.signing_keys
    for each row execute function record.refuse_change_of_fact();
create or replace trigger fact_is_for_good before update or delete on record.publications
    for each row execute function record.refuse_change_of_fact();
create or replace trigger fact_is_for_good before update or delete on record.withdrawals
    for each row execute function record.refuse_change_of_fact();
create or replace trigger table_is_for_good before truncate on record.signing_keys
    for each statement execute function record.refuse_change_of_fact();
create or replace trigger table_is_for_good before truncate on record.publications
    for each statement execute function record.refuse_change_of_fact();
create or replace trigger table_is_for_good before truncate on record.withdrawals
    for each statement execute function record.refuse_change_of_fact();
