-- What was answered is kept for as long as the survey says; then only its sums are.
create table survey.reductions (
    survey_number integer primary key references survey.surveys (number),
    reduce_time timestamptz not null,
    response_count bigint not null check (response_count >= 0)
);
comment on table survey.reductions is 'Surveys of which only the sums are left: what each event told stands in survey.residues.';
comment on column survey.reductions.response_count is 'Responses that were there.';
