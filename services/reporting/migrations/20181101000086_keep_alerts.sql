-- What somebody should look at, noticed by comparing each state of a rollup with the one looked at before.
create table reporting.alert_marks (
    plan_code text collate "C" primary key,
    revision bigint check (revision >= 0),
    noticed jsonb,
    check ((revision is null) = (noticed is null))
);
comment on table reporting.alert_marks is 'How far each plan''s rollup was looked at. Its row is locked by whoever looks, so that replicas take turns.';
comment on column reporting.alert_marks.revision is 'The revision looked at last; NULL before the first look, which raises nothing.';
comment on column reporting.alert_marks.noticed is 'What was noticed then: verdicts of nodes, missing reports of units.';

create table reporting.alerts (
    plan_code text collate "C" not null,
    number bigint not null check (number > 0),
    alert_id uuid not null unique,
    kind text not null
        check (kind in ('target-reached', 'target-lost', 'target-missed', 'unit-behind', 'verify-differs')),
    subject text collate "C" not null,
    title text not null,
    detail text not null,
    revision bigint not null check (revision >= 0),
    notice_time timestamptz not null,
    primary key (plan_code, number)
);
comment on table reporting.alerts is 'Alerts, never changed. Read by plan in the order of their numbers.';
comment on column reporting.alerts.number is '1, 2, 3 … within the plan, without gaps: given under the lock of the plan''s mark.';
comment on column reporting.alerts.alert_id is 'Made of what was noticed and the revision: the same thing is one alert.';
comment on column reporting.alerts.subject is 'The node or the unit; empty for the whole rollup.';
comment on column reporting.alerts.title is 'Its title or name when it was noticed.';
comment on column reporting.alerts.detail is 'The period of a report, or the number of differences; empty for a target.';
comment on column reporting.alerts.revision is 'Of the rollup at which it was noticed.';
