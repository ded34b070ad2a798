-- The documents that self-assessments and appraisals rest on, down to their bytes.
alter table reporting.assessments add column documents jsonb not null default '[]';
comment on column reporting.assessments.documents is 'As they were told: each with its version and SHA-256.';
alter table reporting.appraisals add column documents jsonb not null default '[]';
comment on column reporting.appraisals.documents is 'As they were told: each with its version and SHA-256.';
