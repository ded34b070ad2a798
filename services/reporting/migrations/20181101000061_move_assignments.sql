-- Assignments may be returned, or moved to another unit; both are told, and both matter to what is at risk.
alter table reporting.assignments
    drop constraint assignments_state_check,
    add constraint assignments_state_check check (state in
        ('assigned', 'in-progress', 'submitted', 'returned', 'reassigned'));
comment on column reporting.assignments.state is 'As it was told last; reassigned: another unit has it, and it counts nowhere.';
