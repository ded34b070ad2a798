-- Questions that are answered by a number. What was kept of surveys does not say which there are: it is all heard
-- again from the survey service, as everything here can be.
truncate reporting.surveys, reporting.questions, reporting.closed_surveys, reporting.tallies,
    reporting.question_sums, reporting.domain_tallies, reporting.quarantined, reporting.flagged,
    reporting.outlooks;
delete from kit.watermarks where producer = 'survey';

alter table reporting.surveys add column numbers jsonb not null default '[]';
comment on column reporting.surveys.numbers is 'The questions that are answered by a number, with their words, units and places; they count for no node.';
comment on column reporting.tallies.counts is 'Not answered, each answer in its order, not applicable, don''t know; of a number its sum and sum of squares in limbs besides; empty where the survey did not tell.';
