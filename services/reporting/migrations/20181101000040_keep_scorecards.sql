-- What stands against each unit under a plan, as assignment told it last.
create table reporting.scorecards (
    plan_code text collate "C" not null,
    unit_code text collate "C" not null,
    version bigint not null,
    document jsonb not null,
    event_id uuid not null,
    sequence bigint not null,
    primary key (plan_code, unit_code)
);
comment on table reporting.scorecards is 'What stands against a unit under a plan, as it was told last.';
comment on column reporting.scorecards.version is 'Goes up each time it comes out otherwise than before; a lower one changes nothing.';
comment on column reporting.scorecards.document is 'How each of its periodic reports stands.';
