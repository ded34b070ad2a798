-- What was published for all provinces, at its present revision: the published layer and the place of the
-- plan's province follow from it.
create table reporting.results (
    index_code text primary key,
    revision bigint not null check (revision > 0),
    document jsonb not null,
    event_id uuid not null,
    sequence bigint not null
);
comment on table reporting.results is 'Published results of each edition, at the highest revision heard.';
comment on column reporting.results.document is 'The table with its source, as printed.';
comment on column reporting.results.sequence is 'The registry''s number of the event.';
