-- What became of the nodes of one edition in another: forecasts follow a node over the years by it, and by nothing else.
create table reporting.crosswalks (
    code text primary key,
    document jsonb not null,
    event_id uuid not null,
    sequence bigint not null
);
comment on table reporting.crosswalks is 'Published crosswalks; of two between the same editions the one published later counts.';
comment on column reporting.crosswalks.document is 'The crosswalk as a whole.';
comment on column reporting.crosswalks.sequence is 'The registry''s number of the event.';
