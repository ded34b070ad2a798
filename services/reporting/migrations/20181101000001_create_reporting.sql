-- What the rollup is made of: copies of the catalogue, facts at their present version, and what follows
-- from them (sums, scores, revisions), moved forward in the transaction that hears the fact.
create schema if not exists reporting;

create table reporting.catalogue (
    is_only boolean primary key default true check (is_only),
    stamp uuid not null default gen_random_uuid()
);
comment on table reporting.catalogue is 'One row. Whoever writes here locks it first, so that a plan is never scored beside a fact that is just coming in.';
comment on column reporting.catalogue.stamp is 'Another one after every change of units, indices or plans: names what may be kept in memory.';
insert into reporting.catalogue default values;

create table reporting.indices (
    code text primary key,
    document jsonb not null,
    event_id uuid not null,
    sequence bigint not null
);
comment on table reporting.indices is 'Published indices.';
comment on column reporting.indices.document is 'The index, in the form of the plan files.';
comment on column reporting.indices.sequence is 'The registry''s number of the event.';

create table reporting.plans (
    code text primary key,
    document jsonb not null,
    findings jsonb not null,
    event_id uuid not null,
    sequence bigint not null
);
comment on table reporting.plans is 'Published plans.';
comment on column reporting.plans.document is 'The plan, in the form of the plan files.';
comment on column reporting.plans.findings is 'Where the plan disagrees with itself, as the registry found.';
comment on column reporting.plans.sequence is 'The registry''s number of the event.';

create table reporting.measurements (
    unit_code text not null,
    variable_code text not null,
    period text not null,
    version bigint not null,
    measurement_id uuid not null,
    numerator numeric,
    denominator numeric,
    evidence text not null,
    event_id uuid not null,
    sequence bigint not null,
    primary key (unit_code, variable_code, period),
    check (numerator is not null or denominator is null)
);
comment on table reporting.measurements is 'What units report, at its present version.';
comment on column reporting.measurements.numerator is 'NULL when the unit took its report back.';
comment on column reporting.measurements.denominator is 'NULL for a count, or when taken back.';
comment on column reporting.measurements.sequence is 'The number of the event at its producer, assignment.';

create table reporting.assessments (
    plan_code text not null,
    node_id text not null,
    version bigint not null,
    assessment_id uuid not null,
    unit_code text not null,
    points numeric not null,
    evidence text[] not null,
    explanation text not null,
    event_id uuid not null,
    sequence bigint not null,
    primary key (plan_code, node_id)
);
comment on table reporting.assessments is 'Self-assessments of nodes, at their present version.';

create table reporting.appraisals (
    plan_code text not null,
    node_id text not null,
    version bigint not null,
    appraisal_id uuid not null,
    assessment_version bigint not null,
    points numeric not null,
    reason text not null,
    event_id uuid not null,
    sequence bigint not null,
    primary key (plan_code, node_id)
);
comment on table reporting.appraisals is 'Appraisals of nodes, at their present version. One of an earlier self-assessment still stands.';
comment on column reporting.appraisals.assessment_version is 'The version of the self-assessment that was appraised.';

create table reporting.assignments (
    assignment_id uuid primary key,
    plan_code text not null,
    task_number text not null,
    unit_code text not null,
    state text not null check (state in ('assigned', 'in-progress', 'submitted')),
    last_date date,
    done_date date,
    version bigint not null,
    event_id uuid not null,
    sequence bigint not null
);
comment on table reporting.assignments is 'Tasks as they bind units, at their present version.';
comment on column reporting.assignments.last_date is 'The last day on which it is in time; NULL where the task has no date.';
comment on column reporting.assignments.done_date is 'The day the unit says it was done; NULL before.';
create index assignments_plan on reporting.assignments (plan_code) include (state, last_date, done_date);
comment on index reporting.assignments_plan is 'Serves the summary of a plan''s tasks.';

create table reporting.surveys (
    code text primary key,
    plan_code text not null,
    title text not null,
    minimum_cell integer not null check (minimum_cell >= 0),
    event_id uuid not null,
    sequence bigint not null
);
comment on table reporting.surveys is 'Surveys that were opened.';
comment on column reporting.surveys.minimum_cell is 'A figure rests on at least so many answers, or is withheld.';
create index surveys_plan on reporting.surveys (plan_code);
comment on index reporting.surveys_plan is 'Serves the surveys of a plan.';

create table reporting.questions (
    survey_code text not null references reporting.surveys (code) on delete cascade,
    question_code text not null,
    node_id text not null,
    primary key (survey_code, question_code)
);
comment on table reporting.questions is 'The node each question counts for.';

create table reporting.closed_surveys (
    survey_code text primary key,
    event_id uuid not null,
    sequence bigint not null
);
comment on table reporting.closed_surveys is 'Surveys that take no more responses; kept apart, since that may be heard while the opening is parked.';

create table reporting.tallies (
    survey_code text not null,
    question_code text not null,
    cluster_code text not null,
    satisfied_count bigint not null,
    valid_count bigint not null,
    not_answered_count bigint not null,
    version bigint not null,
    event_id uuid not null,
    sequence bigint not null,
    primary key (survey_code, question_code, cluster_code)
);
comment on table reporting.tallies is 'Answers by question and cluster: sums of whole numbers, so that any order of the events gives the same.';
comment on column reporting.tallies.version is 'How many events have been added up here.';
comment on column reporting.tallies.event_id is 'The newest of them.';

create table reporting.question_sums (
    survey_code text not null,
    question_code text not null,
    satisfied_count bigint not null,
    valid_count bigint not null,
    not_answered_count bigint not null,
    primary key (survey_code, question_code)
);
comment on table reporting.question_sums is 'Sum of the tallies over the clusters, moved with each of them.';

create table reporting.variable_sums (
    plan_code text not null,
    index_code text not null,
    variable_code text not null,
    numerator numeric not null,
    denominator numeric not null,
    reported_count bigint not null,
    primary key (plan_code, index_code, variable_code)
);
comment on table reporting.variable_sums is 'Sums over the units of the plan''s province that must report, for the whole year of the index; moved by the difference between a report and the one before.';
comment on column reporting.variable_sums.reported_count is 'Units that have reported.';

create table reporting.scores (
    plan_code text not null,
    index_code text not null,
    node_code text not null,
    score jsonb not null,
    remark jsonb,
    primary key (plan_code, index_code, node_code)
);
comment on table reporting.scores is 'The score of every node in every layer: the live rollup.';
comment on column reporting.scores.score is 'Layers and estimate, as the science writes them.';
comment on column reporting.scores.remark is 'What the score still lacks; NULL for a sum.';

create table reporting.rollups (
    plan_code text primary key,
    revision bigint not null,
    update_time timestamptz not null
);
comment on table reporting.rollups is 'How often the rollup of a plan has changed.';
comment on column reporting.rollups.revision is 'Goes up by one with each event that changes the rollup.';
comment on column reporting.rollups.update_time is 'When this revision came about.';
