-- Who does what by when, and what was delivered. Everything a unit or an appraiser says is a version that
-- stays; the present one is the highest. `event_id` names the row of kit.outbox that told a version, so
-- that the facts can be read as they stood at any number.
create schema if not exists assignment;

create table assignment.indices (
    code text collate "C" primary key,
    document jsonb not null
);
comment on table assignment.indices is 'This service''s copy of the published indices; they never change.';
comment on column assignment.indices.document is 'The index, in the form of the plan files.';

create table assignment.plans (
    code text collate "C" primary key,
    document jsonb not null
);
comment on table assignment.plans is 'This service''s copy of the published plans; they never change.';
comment on column assignment.plans.document is 'The plan, in the form of the plan files.';

create table assignment.assignments (
    assignment_id uuid primary key,
    plan_code text collate "C" not null references assignment.plans (code),
    task_number text collate "C" not null check (task_number ~ '^[0-9]{1,4}([.][0-9]{1,4})*$'),
    unit_code text collate "C" not null,
    last_date date,
    is_requested boolean not null,
    unique (plan_code, task_number, unit_code)
);
comment on table assignment.assignments is 'One task of a plan as it binds one unit. How far it is stands in progress.';
comment on column assignment.assignments.assignment_id is 'UUIDv5 of plan, task and unit: hearing a plan again finds the same assignments.';
comment on column assignment.assignments.last_date is 'The last day on which it is in time; NULL where the task has no date. Being overdue is derived, never stored.';
comment on column assignment.assignments.is_requested is 'Whether the task is asked for (đề nghị) rather than ordered.';
create index assignments_unit on assignment.assignments (unit_code, plan_code);
comment on index assignment.assignments_unit is 'Serves lists of a unit and those below it.';

create table assignment.progress (
    assignment_id uuid not null references assignment.assignments (assignment_id),
    version bigint not null check (version > 0),
    percent_done smallint not null check (percent_done between 0 and 100),
    done_date date,
    note text not null default '',
    reporter text,
    record_time timestamptz not null,
    event_id uuid not null,
    primary key (assignment_id, version),
    check ((percent_done = 100) = (done_date is not null)),
    check ((version = 1) = (reporter is null))
);
comment on table assignment.progress is 'Every report on an assignment. Version 1 is the assigning itself.';
comment on column assignment.progress.percent_done is 'Per cent, as the unit says; 100 is done.';
comment on column assignment.progress.done_date is 'The day the unit says it was done; NULL before.';
comment on column assignment.progress.reporter is 'Who reported, as the token names them; NULL for the assigning.';
comment on column assignment.progress.event_id is 'The event that told it: kit.outbox.';
create index progress_event on assignment.progress (event_id);
comment on index assignment.progress_event is 'Serves exports as of an event.';

create table assignment.measurements (
    variable_code text collate "C" not null,
    unit_code text collate "C" not null,
    period text collate "C" not null,
    version bigint not null check (version > 0),
    measurement_id uuid not null unique,
    numerator numeric check (numerator >= 0),
    denominator numeric check (denominator >= 0),
    is_retracted boolean not null,
    evidence text not null default '',
    reporter text not null,
    record_time timestamptz not null,
    event_id uuid not null,
    primary key (variable_code, unit_code, period, version),
    check (is_retracted = (numerator is null)),
    check (denominator is null or not is_retracted)
);
comment on table assignment.measurements is 'Every report of a unit on a variable for a period; a correction or retraction is a new version.';
comment on column assignment.measurements.period is 'Such as 2018 or 2018-Q1.';
comment on column assignment.measurements.numerator is 'NULL when the report was taken back.';
comment on column assignment.measurements.denominator is 'NULL for a count, or when the report was taken back.';
comment on column assignment.measurements.evidence is 'The document that shows it, as officials cite it; empty when none was named.';
comment on column assignment.measurements.event_id is 'The event that told it: kit.outbox.';
create index measurements_event on assignment.measurements (event_id);
comment on index assignment.measurements_event is 'Serves exports as of an event.';

create table assignment.assessments (
    plan_code text collate "C" not null references assignment.plans (code),
    node_id text collate "C" not null,
    version bigint not null check (version > 0),
    assessment_id uuid not null unique,
    unit_code text collate "C" not null,
    points numeric not null check (points >= 0),
    evidence text[] not null,
    explanation text not null default '',
    assessor text not null,
    submit_time timestamptz not null,
    event_id uuid not null,
    primary key (plan_code, node_id, version),
    check (cardinality(evidence) > 0 or explanation <> '')
);
comment on table assignment.assessments is 'Every self-assessment of a node by the unit that leads it.';
comment on column assignment.assessments.node_id is 'Edition and place, such as PAR-2018/3.';
comment on column assignment.assessments.points is 'Points the unit gave itself.';
comment on column assignment.assessments.evidence is 'Documents that show it, as officials cite them.';
comment on column assignment.assessments.explanation is 'Why the points are right where no document shows it; may be empty beside documents.';
comment on column assignment.assessments.event_id is 'The event that told it: kit.outbox.';
create index assessments_event on assignment.assessments (event_id);
comment on index assignment.assessments_event is 'Serves exports as of an event.';

create table assignment.appraisals (
    plan_code text collate "C" not null,
    node_id text collate "C" not null,
    version bigint not null check (version > 0),
    appraisal_id uuid not null unique,
    assessment_version bigint not null,
    points numeric not null check (points >= 0),
    reason text not null default '',
    appraiser text not null,
    decide_time timestamptz not null,
    event_id uuid not null,
    primary key (plan_code, node_id, version),
    foreign key (plan_code, node_id, assessment_version)
        references assignment.assessments (plan_code, node_id, version)
);
comment on table assignment.appraisals is 'Every decision of the appraisers on a self-assessment. It stands beside it and replaces nothing.';
comment on column assignment.appraisals.assessment_version is 'The version of the self-assessment that was read.';
comment on column assignment.appraisals.reason is 'Why; empty only where the points agree.';
comment on column assignment.appraisals.event_id is 'The event that told it: kit.outbox.';
create index appraisals_event on assignment.appraisals (event_id);
comment on index assignment.appraisals_event is 'Serves exports as of an event.';

create function assignment.refuse_change_of_fact() returns trigger language plpgsql as $$
begin
    raise exception 'a row of % is a fact and does not change; add a version', tg_table_name;
end
$$;
comment on function assignment.refuse_change_of_fact() is 'Second guard of the promise that nothing reported is overwritten.';
create trigger fact_is_for_good before update or delete on assignment.assignments
    for each row execute function assignment.refuse_change_of_fact();
create trigger fact_is_for_good before update or delete on assignment.progress
    for each row execute function assignment.refuse_change_of_fact();
create trigger fact_is_for_good before update or delete on assignment.measurements
    for each row execute function assignment.refuse_change_of_fact();
create trigger fact_is_for_good before update or delete on assignment.assessments
    for each row execute function assignment.refuse_change_of_fact();
create trigger fact_is_for_good before update or delete on assignment.appraisals
    for each row execute function assignment.refuse_change_of_fact();
