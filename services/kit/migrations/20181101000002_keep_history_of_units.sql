-- Units with their history: how they stood before, and what took their place.
alter table kit.units
    add column earlier jsonb not null default '[]',
    add column successors jsonb not null default '[]',
    add column end_reference text not null default '';
comment on table kit.units is 'This service''s copy of the bodies of the administration: as they stand since their latest change, and how they stood before.';
comment on column kit.units.parent_code is 'The unit above since the latest change; NULL for a province.';
comment on column kit.units.earlier is 'How it stood before, the oldest first, in the form of the plan files: until, parent, kind, name, reference.';
comment on column kit.units.successors is 'What took its place when it ended, in the form of the plan files: code, share.';
comment on column kit.units.end_reference is 'The decision by which it ended; empty while it lasts, and where none is known.';

create function kit.above_on(day date) returns table (code text, parent_code text)
language sql stable as $$
    select units.code,
           case when units.valid_to <= day and jsonb_array_length(units.successors) = 1
                    then units.successors -> 0 ->> 'code'
                when then_so.standing is not null then then_so.standing ->> 'parent'
                else units.parent_code
           end
    from kit.units
    left join lateral (
        select earlier.standing
        from jsonb_array_elements(units.earlier) with ordinality as earlier (standing, place)
        where (earlier.standing ->> 'until')::date > day
        order by earlier.place
        limit 1
    ) as then_so on true
$$;
comment on function kit.above_on(date) is 'Each unit with the one that answers for it on a day: the one above, or of a unit that has ended the one that took its place whole. The same as Hierarchy::above of scoring.';

create view kit.hierarchy as
    select above.code, above.parent_code
    from kit.above_on((now() at time zone 'Asia/Ho_Chi_Minh')::date) as above;
comment on view kit.hierarchy is 'Each unit with the one that answers for it today, a day in Viet Nam: serves lists of a unit and those below it.';
