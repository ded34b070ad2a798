-- Campaigns: units score themselves by an edition, are appraised, explain, are appraised again. Every change
-- of a campaign and every step of an entry is a version that stays.
create table assignment.campaigns (
    code text collate "C" not null,
    version bigint not null check (version > 0),
    document jsonb not null,
    lock_time timestamptz,
    actor text,
    record_time timestamptz not null,
    event_id uuid not null,
    primary key (code, version),
    check ((lock_time is null) = (actor is not null))
);
comment on table assignment.campaigns is 'Every version of a campaign; the lock is the last one.';
comment on column assignment.campaigns.document is 'Title, plan, index, organiser, units, windows and reason codes.';
comment on column assignment.campaigns.lock_time is 'When the last window was found over; NULL before.';
comment on column assignment.campaigns.actor is 'Who loaded it, as the token names them; NULL for the lock, which the clock brings.';
comment on column assignment.campaigns.event_id is 'The event that told it: kit.outbox.';
create unique index campaigns_locked_once on assignment.campaigns (code) where lock_time is not null;
comment on index assignment.campaigns_locked_once is 'Second guard: a campaign is locked once.';
create index campaigns_event on assignment.campaigns (event_id);
comment on index assignment.campaigns_event is 'Serves exports as of an event.';

create table assignment.entries (
    campaign_code text collate "C" not null,
    unit_code text collate "C" not null,
    node_id text collate "C" not null,
    version bigint not null check (version > 0),
    state text not null
        check (state in ('draft', 'submitted', 'withdrawn', 'appraised', 'explained', 'reappraised', 'reopened')),
    self_points numeric check (self_points >= 0),
    appraised_points numeric check (appraised_points >= 0),
    appraiser_code text collate "C" not null,
    content jsonb not null,
    actor text not null,
    record_time timestamptz not null,
    event_id uuid not null,
    primary key (campaign_code, unit_code, node_id, version)
);
comment on table assignment.entries is 'One node as one unit is scored for it in a campaign; every step is a version.';
comment on column assignment.entries.self_points is 'What the unit gives itself; NULL where nothing stands.';
comment on column assignment.entries.appraised_points is 'What the appraisal that stands found; NULL before the first.';
comment on column assignment.entries.appraiser_code is 'The unit that appraises it; follows from campaign and index, which do not change.';
comment on column assignment.entries.content is 'Everything that was said up to this version.';
comment on column assignment.entries.event_id is 'The event that told it: kit.outbox.';
create index entries_appraiser on assignment.entries (campaign_code, appraiser_code);
comment on index assignment.entries_appraiser is 'Serves lists of what a unit appraises.';
create index entries_event on assignment.entries (event_id);
comment on index assignment.entries_event is 'Serves exports as of an event.';

create trigger fact_is_for_good before update or delete on assignment.campaigns
    for each row execute function assignment.refuse_change_of_fact();
create trigger fact_is_for_good before update or delete on assignment.entries
    for each row execute function assignment.refuse_change_of_fact();
