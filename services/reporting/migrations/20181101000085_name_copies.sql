-- Which copies these are. Revisions and the numbers of alerts count from the beginning when the copies are dropped and
-- heard again; whoever holds a place in them finds out by this name.
create table reporting.copies (
    is_only boolean primary key default true check (is_only),
    id uuid not null default gen_random_uuid(),
    make_time timestamptz not null default now()
);
comment on table reporting.copies is 'One row: the name of these copies, made with the schema.';
comment on column reporting.copies.id is 'Stands in the tokens that a cut stream goes on with.';
comment on column reporting.copies.make_time is 'When the schema was made.';
insert into reporting.copies default values;
