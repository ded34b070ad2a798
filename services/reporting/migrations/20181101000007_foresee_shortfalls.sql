-- Strata of surveys that will miss their quotas, beside whose figures they are shown.
create table reporting.outlooks (
    survey_code text not null,
    stratum_code text not null,
    version bigint not null,
    will_miss boolean not null,
    quota_count bigint not null,
    stored_count bigint not null,
    foreseen_count bigint,
    foresee_date date not null,
    event_id uuid not null,
    sequence bigint not null,
    primary key (survey_code, stratum_code)
);
comment on table reporting.outlooks is 'Whether each stratum of a survey will have its quota, as it was foreseen last; strata of which nothing was ever foreseen do not stand here.';
comment on column reporting.outlooks.version is 'Goes up each time it is foreseen otherwise than before; a lower one changes nothing.';
comment on column reporting.outlooks.stored_count is 'Responses in the figures on that day.';
comment on column reporting.outlooks.foreseen_count is 'Responses at the end at the pace of that day; NULL before any were due.';
