-- How many gave each answer. What was kept of surveys lacks it, and lacks how answers are called: it is all
-- heard again from the survey service, as everything here can be.
truncate reporting.surveys, reporting.questions, reporting.closed_surveys, reporting.tallies,
    reporting.question_sums, reporting.quarantined;
delete from kit.watermarks where producer = 'survey';

alter table reporting.questions add column answers text[] not null;
comment on column reporting.questions.answers is 'Names of its answers, from answer 1: levels, yes and no, or options.';

alter table reporting.tallies add column counts bigint[] not null;
comment on column reporting.tallies.counts is 'Not answered, each answer in its order, not applicable, don''t know; empty where the survey did not tell.';
alter table reporting.question_sums add column counts bigint[] not null;
comment on column reporting.question_sums.counts is 'As in tallies.';

create function reporting.add(bigint[], bigint[]) returns bigint[]
language sql immutable strict parallel safe as $$
    select coalesce(array_agg(coalesce(a, 0) + coalesce(b, 0) order by n), '{}')
    from unnest($1, $2) with ordinality as pair (a, b, n)
$$;
comment on function reporting.add(bigint[], bigint[]) is 'Adds two lists number by number; a shorter one has zeros.';
