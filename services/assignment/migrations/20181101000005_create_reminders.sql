-- Reminders and escalation: how a province reminds, what was raised, who acknowledged it.
create table assignment.reminder_policies (
    province_code text collate "C" not null,
    version bigint not null check (version > 0),
    document jsonb not null,
    loader text not null,
    load_time timestamptz not null,
    primary key (province_code, version)
);
comment on table assignment.reminder_policies is 'How a province reminds; another policy is another version. A province without a row reminds nobody.';
comment on column assignment.reminder_policies.loader is 'Who loaded it, as the token names them.';

create table assignment.digests (
    digest_id uuid primary key,
    recipient_code text collate "C" not null,
    audience text not null check (audience in ('officer', 'head', 'steering', 'chairman')),
    officer text not null,
    send_date date not null,
    send_time timestamptz not null,
    unique (recipient_code, audience, officer, send_date)
);
comment on table assignment.digests is 'What a recipient is sent on a day: one for each of both.';
comment on column assignment.digests.recipient_code is 'The unit that gets it.';
comment on column assignment.digests.officer is 'The officer of the unit who gets it, as tokens name them; empty for the unit itself.';
comment on column assignment.digests.send_time is 'From when it may be sent; what is raised before joins it.';
create index digests_date on assignment.digests (send_date);
comment on index assignment.digests_date is 'Serves the search for digests that can still be joined.';

create table assignment.notices (
    notice_id uuid primary key,
    assignment_id uuid not null references assignment.assignments (assignment_id),
    occurrence text collate "C" not null,
    working_days smallint not null,
    audience text not null,
    last_date date not null,
    raise_date date not null,
    digest_id uuid not null references assignment.digests (digest_id),
    event_id uuid not null,
    unique (assignment_id, occurrence, working_days, audience)
);
comment on table assignment.notices is 'Everybody who was reminded of anything. The unique key is why nobody is reminded twice.';
comment on column assignment.notices.occurrence is 'Which time it falls due, such as 2018-Q3; once for what does not recur.';
comment on column assignment.notices.working_days is 'Working days after the last day, by the policy; below zero before it.';
comment on column assignment.notices.last_date is 'The last day on which it is in time.';
comment on column assignment.notices.raise_date is 'The day in Viet Nam on which it was raised.';
comment on column assignment.notices.event_id is 'The event that told it: kit.outbox.';
create index notices_digest on assignment.notices (digest_id);
comment on index assignment.notices_digest is 'Serves lists of a recipient.';
create index notices_event on assignment.notices (event_id);
comment on index assignment.notices_event is 'Serves exports as of an event.';
create index notices_raised on assignment.notices (raise_date);
comment on index assignment.notices_raised is 'Serves the search for what was raised lately.';

create table assignment.notice_acknowledgements (
    notice_id uuid primary key references assignment.notices (notice_id),
    acknowledger text not null,
    note text not null,
    acknowledge_time timestamptz not null,
    event_id uuid not null
);
comment on table assignment.notice_acknowledgements is 'Who read a notice and acts on it: what would follow is held back.';
comment on column assignment.notice_acknowledgements.acknowledger is 'As the token names them.';
comment on column assignment.notice_acknowledgements.event_id is 'The event that told it: kit.outbox.';
create index notice_acknowledgements_event on assignment.notice_acknowledgements (event_id);
comment on index assignment.notice_acknowledgements_event is 'Serves exports as of an event.';

create trigger fact_is_for_good before update or delete on assignment.reminder_policies
    for each row execute function assignment.refuse_change_of_fact();
create trigger fact_is_for_good before update or delete on assignment.digests
    for each row execute function assignment.refuse_change_of_fact();
create trigger fact_is_for_good before update or delete on assignment.notices
    for each row execute function assignment.refuse_change_of_fact();
create trigger fact_is_for_good before update or delete on assignment.notice_acknowledgements
    for each row execute function assignment.refuse_change_of_fact();
