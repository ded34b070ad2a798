-- Responses that quality rules flag or exclude, beside whose figures they are shown.
create table reporting.flagged (
    survey_code text not null,
    flag smallint not null check (flag >= 0),
    flagged_count bigint not null,
    excluded_count bigint not null,
    event_id uuid not null,
    sequence bigint not null,
    primary key (survey_code, flag)
);
comment on table reporting.flagged is 'Responses of a survey that bear a quality flag: sums of what the events tell, as with answers.';
comment on column reporting.flagged.flag is 'Number of the contract''s QualityFlag; 0 for those excluded for whichever, each once.';
comment on column reporting.flagged.flagged_count is 'Responses that bear it.';
comment on column reporting.flagged.excluded_count is 'Those of them that do not count.';
comment on column reporting.flagged.event_id is 'The newest event that was added up here.';
