-- Evidence: documents that units keep. The bytes lie in the object store under their hash; what stands here is
-- enough to find them again.
create table assignment.evidence (
    evidence_id uuid not null,
    version bigint not null check (version > 0),
    unit_code text collate "C" not null,
    name text not null check (name <> '' and name !~ '[/\\]'),
    document_number text not null,
    document_date date,
    media_type text not null,
    size_bytes bigint not null check (size_bytes > 0),
    sha256 text collate "C" not null check (sha256 ~ '^[0-9a-f]{64}$'),
    uploader text not null,
    request_id uuid not null,
    upload_time timestamptz not null,
    primary key (evidence_id, version),
    unique (uploader, request_id)
);
comment on table assignment.evidence is 'Every version of a document that a unit keeps as evidence.';
comment on column assignment.evidence.name is 'File name for people; never a path.';
comment on column assignment.evidence.document_number is 'As officials cite it; empty where it has none.';
comment on column assignment.evidence.media_type is 'What the bytes were found to be.';
comment on column assignment.evidence.sha256 is 'Names the bytes in the object store.';
comment on column assignment.evidence.request_id is 'The upload it came by: asked for again it is found.';
create index evidence_unit on assignment.evidence (unit_code, evidence_id);
comment on index assignment.evidence_unit is 'Serves lists of a unit and those below it.';

create table assignment.evidence_attachments (
    evidence_id uuid not null,
    campaign_code text collate "C" not null,
    unit_code text collate "C" not null,
    node_id text collate "C" not null,
    actor text not null,
    record_time timestamptz not null,
    primary key (evidence_id, campaign_code, unit_code, node_id)
);
comment on table assignment.evidence_attachments is 'Which entries a document shows something for.';
create index evidence_attachments_entry on assignment.evidence_attachments (campaign_code, unit_code, node_id);
comment on index assignment.evidence_attachments_entry is 'Serves what has changed since an appraisal.';

create table assignment.evidence_views (
    evidence_id uuid not null,
    version bigint not null,
    viewer text not null,
    viewer_unit_code text collate "C" not null,
    view_time timestamptz not null,
    foreign key (evidence_id, version) references assignment.evidence (evidence_id, version)
);
comment on table assignment.evidence_views is 'Who downloaded a document, and when.';
create index evidence_views_of on assignment.evidence_views (evidence_id, view_time);
comment on index assignment.evidence_views_of is 'Serves who saw a document.';

create trigger fact_is_for_good before update or delete on assignment.evidence
    for each row execute function assignment.refuse_change_of_fact();
create trigger fact_is_for_good before update or delete on assignment.evidence_attachments
    for each row execute function assignment.refuse_change_of_fact();
create trigger fact_is_for_good before update or delete on assignment.evidence_views
    for each row execute function assignment.refuse_change_of_fact();
