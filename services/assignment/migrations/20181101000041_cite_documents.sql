-- A score cites the documents it rests on, down to their bytes.
alter table assignment.assessments add column documents jsonb not null default '[]';
comment on column assignment.assessments.documents is 'Documents attached in a campaign, each with the version and SHA-256 it had then; none where it was pushed.';
alter table assignment.appraisals add column documents jsonb not null default '[]';
comment on column assignment.appraisals.documents is 'Documents attached in a campaign, each with the version and SHA-256 it had when it was decided.';
