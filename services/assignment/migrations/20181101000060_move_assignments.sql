-- Assignments move from one unit to another by a decision: each of the two gets a version that names both units and
-- the document. What was said before stays as it is.
alter table assignment.progress
    drop constraint progress_state_check,
    add constraint progress_state_check check (state in
        ('assigned', 'accepted', 'in-progress', 'submitted', 'confirmed', 'returned', 'reassigned')),
    drop constraint progress_check1,
    add constraint progress_reporter check (version = 1 or reporter is not null),
    add column from_unit text collate "C",
    add column to_unit text collate "C",
    add column document_number text,
    add column document_date date,
    add constraint progress_move check (num_nulls(from_unit, to_unit, document_number, document_date) in (0, 4)),
    add constraint progress_reassigned check (state <> 'reassigned' or to_unit is not null);
comment on column assignment.progress.reporter is 'Who reported or took the step, as the token names them; NULL for the assigning by a plan.';
comment on column assignment.progress.from_unit is 'The unit that had it before the decision that made this version; NULL unless one moved it.';
comment on column assignment.progress.to_unit is 'The unit that has it by that decision.';
comment on column assignment.progress.document_number is 'The number of the document that decides it, as officials cite it.';
comment on column assignment.progress.document_date is 'The date of that document.';
comment on constraint progress_move on assignment.progress is 'Two units and a document, or none of them.';
comment on constraint progress_reassigned on assignment.progress is 'What was moved away names who has it.';
