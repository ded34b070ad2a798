-- Periodic reports: what each unit owes, what it filed, and what was told to stand against it. Whether a report is
-- in time follows from the days and the calendar, and is never stored.
create table assignment.obligations (
    obligation_id uuid primary key,
    plan_code text collate "C" not null references assignment.plans (code),
    period text collate "C" not null,
    unit_code text collate "C" not null,
    first_date date not null,
    end_date date not null,
    last_date date not null,
    ministry_last_date date not null,
    is_requested boolean not null,
    open_time timestamptz not null,
    event_id uuid not null,
    unique (plan_code, period, unit_code),
    check (first_date <= end_date)
);
comment on table assignment.obligations is 'One periodic report as one unit owes it under a plan.';
comment on column assignment.obligations.obligation_id is 'UUIDv5 of plan, period and unit: hearing a plan again finds the same obligations.';
comment on column assignment.obligations.period is 'Such as 2018-Q1, 2018-6M, 2018-9M or 2018; of periods that end together the longest.';
comment on column assignment.obligations.first_date is 'The first day of the data it covers; may lie in the year before.';
comment on column assignment.obligations.end_date is 'The last day of the data it covers.';
comment on column assignment.obligations.last_date is 'The last day on which it is in time at the province, before it moves to a working day.';
comment on column assignment.obligations.ministry_last_date is 'The last day on which the province''s report is in time at the ministry.';
comment on column assignment.obligations.is_requested is 'Whether it is asked for (đề nghị) rather than ordered.';
comment on column assignment.obligations.event_id is 'The event that told it: kit.outbox.';
create index obligations_unit on assignment.obligations (unit_code, last_date);
comment on index assignment.obligations_unit is 'Serves lists of a unit and those below it.';
create index obligations_event on assignment.obligations (event_id);
comment on index assignment.obligations_event is 'Serves exports as of an event.';

create table assignment.filings (
    obligation_id uuid not null references assignment.obligations (obligation_id),
    version bigint not null check (version > 0),
    is_withdrawn boolean not null,
    document_number text,
    document_date date,
    evidence_id uuid,
    evidence_version bigint,
    note text not null,
    actor text not null,
    record_time timestamptz not null,
    event_id uuid not null,
    primary key (obligation_id, version),
    foreign key (evidence_id, evidence_version) references assignment.evidence (evidence_id, version),
    check (is_withdrawn = (document_number is null)),
    check (is_withdrawn = (document_date is null)),
    check ((evidence_id is null) = (evidence_version is null)),
    check (evidence_id is null or not is_withdrawn)
);
comment on table assignment.filings is 'Every report, correction and withdrawal of a periodic report; the highest version is the present one.';
comment on column assignment.filings.document_number is 'As officials cite it; NULL when it was withdrawn.';
comment on column assignment.filings.document_date is 'The day held against the last one; NULL when it was withdrawn.';
comment on column assignment.filings.evidence_version is 'The version of the document that was the present one; NULL without a document.';
comment on column assignment.filings.note is 'What there is to say; of a withdrawal why.';
comment on column assignment.filings.actor is 'Who filed or withdrew, as the token names them.';
comment on column assignment.filings.event_id is 'The event that told it: kit.outbox.';
create index filings_event on assignment.filings (event_id);
comment on index assignment.filings_event is 'Serves exports as of an event.';

create table assignment.scorecards (
    plan_code text collate "C" not null references assignment.plans (code),
    unit_code text collate "C" not null,
    version bigint not null check (version > 0),
    document jsonb not null,
    record_time timestamptz not null,
    event_id uuid not null,
    primary key (plan_code, unit_code, version)
);
comment on table assignment.scorecards is 'What was told to stand against a unit; a version is added whenever it comes out otherwise.';
comment on column assignment.scorecards.document is 'As it was derived from reports, days and calendar when it was told.';
comment on column assignment.scorecards.event_id is 'The event that told it: kit.outbox.';
create index scorecards_event on assignment.scorecards (event_id);
comment on index assignment.scorecards_event is 'Serves exports as of an event.';

-- A notice is about an assignment or about a periodic report.
alter table assignment.notices
    alter column assignment_id drop not null,
    add column obligation_id uuid references assignment.obligations (obligation_id),
    add constraint notices_about_one check ((assignment_id is null) <> (obligation_id is null)),
    add constraint notices_obligation unique (obligation_id, occurrence, working_days, audience);
comment on column assignment.notices.assignment_id is 'The assignment it is about; NULL where it is about a periodic report.';
comment on column assignment.notices.obligation_id is 'The periodic report it is about; NULL where it is about an assignment.';
comment on constraint notices_obligation on assignment.notices is 'Why nobody is reminded of a report twice.';

create trigger fact_is_for_good before update or delete on assignment.obligations
    for each row execute function assignment.refuse_change_of_fact();
create trigger fact_is_for_good before update or delete on assignment.filings
    for each row execute function assignment.refuse_change_of_fact();
create trigger fact_is_for_good before update or delete on assignment.scorecards
    for each row execute function assignment.refuse_change_of_fact();
