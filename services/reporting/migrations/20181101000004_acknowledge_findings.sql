-- Who acknowledged which of a plan's findings, and why.
create table reporting.acknowledgements (
    plan_code text not null,
    finding_id text not null,
    version bigint not null,
    reason text not null,
    is_revoked boolean not null,
    actor text not null,
    unit_code text not null,
    decide_time timestamptz not null,
    event_id uuid not null,
    sequence bigint not null,
    primary key (plan_code, finding_id)
);
comment on table reporting.acknowledgements is 'Acknowledgements of findings, at their present version; of findings that a plan does not have any more, too.';
comment on column reporting.acknowledgements.finding_id is 'Kind and hash of subject, nodes and figures: of other figures it is another finding.';
comment on column reporting.acknowledgements.is_revoked is 'Whether it was taken back.';
comment on column reporting.acknowledgements.decide_time is 'When the actor decided.';
comment on column reporting.acknowledgements.sequence is 'The registry''s number of the event.';
