-- That somebody has weighed a finding of a plan and says why the plan stands as it is.
create table registry.acknowledgements (
    plan_code text not null,
    finding_id text not null,
    version bigint not null check (version > 0),
    reason text not null,
    is_revoked boolean not null,
    finding jsonb not null,
    actor text not null,
    unit_code text not null,
    request_id uuid not null unique,
    event_id uuid not null unique,
    decide_time timestamptz not null,
    primary key (plan_code, finding_id, version)
);
comment on table registry.acknowledgements is 'Every version of every acknowledgement; the highest is the present one. The finding itself stays with its plan.';
comment on column registry.acknowledgements.finding_id is 'Kind and hash of subject, nodes and figures: of other figures it is another finding.';
comment on column registry.acknowledgements.is_revoked is 'Whether this version takes the acknowledgement back.';
comment on column registry.acknowledgements.finding is 'The finding as it was weighed, since a draft may lose it.';
comment on column registry.acknowledgements.request_id is 'The request that made this version: a repeat gets the same answer.';
comment on column registry.acknowledgements.event_id is 'The event that told it: kit.outbox.';
comment on column registry.acknowledgements.decide_time is 'When the actor decided.';

create function registry.refuse_change_of_acknowledgement() returns trigger language plpgsql as $$
begin
    raise exception 'the acknowledgement of % does not change; there is a next version', old.finding_id;
end
$$;
comment on function registry.refuse_change_of_acknowledgement() is 'Second guard of the promise that nothing is overwritten.';
create trigger acknowledgement_is_for_good before update or delete on registry.acknowledgements
    for each row execute function registry.refuse_change_of_acknowledgement();
