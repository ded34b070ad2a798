-- Reports of a part of the year count where their variable says how they add up.
alter table reporting.variable_sums add column partial_count bigint not null default 0;
comment on column reporting.variable_sums.partial_count is 'Units whose reports count and do not reach the end of the year.';
comment on column reporting.variable_sums.reported_count is 'Units whose reports reach the end of the year.';
comment on table reporting.variable_sums is 'Sums over the units of the plan''s province that must report, of what their reports of the index''s year come to; moved by the difference a report makes.';
