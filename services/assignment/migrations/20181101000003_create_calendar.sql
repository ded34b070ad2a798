-- The holidays and swapped days from which working days are counted.
create table assignment.calendar_years (
    year integer not null check (year between 2000 and 2100),
    version bigint not null check (version > 0),
    document jsonb not null,
    loader text not null,
    load_time timestamptz not null,
    primary key (year, version)
);
comment on table assignment.calendar_years is 'Where a year differs from the plain week. A revised notice is another version; a year without a row is unknown.';
comment on column assignment.calendar_years.document is 'The year, in the form of the calendar files.';
comment on column assignment.calendar_years.loader is 'Who loaded it, as the token names them.';
create trigger fact_is_for_good before update or delete on assignment.calendar_years
    for each row execute function assignment.refuse_change_of_fact();
