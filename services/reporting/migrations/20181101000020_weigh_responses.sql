-- How many people a response stands for. What was kept of surveys does not say how their samples were drawn: it
-- is all heard again from the survey service, as everything here can be.
truncate reporting.surveys, reporting.questions, reporting.closed_surveys, reporting.tallies,
    reporting.question_sums, reporting.quarantined, reporting.flagged, reporting.outlooks;
delete from kit.watermarks where producer = 'survey';

alter table reporting.surveys
    add column drawn jsonb not null,
    add column is_weighted boolean not null;
comment on column reporting.surveys.drawn is 'The communes drawn with their districts, base weights and people, and how many communes each district has, as far as the survey says.';
comment on column reporting.surveys.is_weighted is 'Whether responses weigh differently; where not, drawn is not read to score.';
