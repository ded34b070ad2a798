-- Assignments are taken on, delegated, confirmed and returned: every step is a version like a report.
alter table assignment.assignments add column is_recurring boolean not null default false;
comment on column assignment.assignments.is_recurring is 'Whether the task comes up again and again: a confirmation then does not end it.';
alter table assignment.progress
    add column state text not null default 'in-progress'
        check (state in ('assigned', 'accepted', 'in-progress', 'submitted', 'confirmed', 'returned')),
    add column officer text not null default '';
comment on table assignment.progress is 'Every report and step in the life of an assignment. Version 1 is the assigning itself.';
comment on column assignment.progress.state is 'Where the assignment stands from this version on. Being overdue is derived, never stored.';
comment on column assignment.progress.officer is 'The officer of the unit who answers for it, as tokens name them; empty while nobody was named.';
comment on column assignment.progress.reporter is 'Who reported or took the step, as the token names them; NULL for the assigning.';

-- What the new columns say of rows that are there follows from those rows; nothing that was said changes.
alter table assignment.assignments disable trigger fact_is_for_good;
alter table assignment.progress disable trigger fact_is_for_good;
update assignment.assignments as bound set is_recurring = true
from assignment.plans, jsonb_array_elements(plans.document -> 'tasks') as task (document)
where plans.code = bound.plan_code and task.document ->> 'number' = bound.task_number
  and task.document ->> 'recurrence' is not null;
update assignment.progress set state = 'assigned' where version = 1;
update assignment.progress set state = 'submitted' where version > 1 and percent_done = 100;
alter table assignment.assignments enable trigger fact_is_for_good;
alter table assignment.progress enable trigger fact_is_for_good;
alter table assignment.progress alter column state drop default, alter column officer drop default;
