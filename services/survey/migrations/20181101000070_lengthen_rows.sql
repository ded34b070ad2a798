-- Numbers are counted by domain, too, behind everything that was: rows that were stored before are the beginnings
-- of those that are stored now, and what they lack counts as nothing. A rebuild of their survey counts it.
create or replace function survey.add(bigint[], bigint[]) returns bigint[]
language sql immutable strict parallel safe as $$
    select array_agg(coalesce(a, 0) + coalesce(b, 0) order by n)
    from unnest($1, $2) with ordinality as pair (a, b, n)
$$;
comment on function survey.add(bigint[], bigint[]) is 'Adds two lists number by number; a shorter one has zeros.';
