-- Versions of questionnaires, each for good: what a survey asks by, and what two years are compared by.
create table survey.questionnaires (
    number bigint generated always as identity primary key,
    code text not null,
    version text not null,
    document jsonb not null,
    register_time timestamptz not null,
    registrar text not null,
    registrar_unit_code text not null,
    constraint questionnaire_once unique (code, version)
);
comment on table survey.questionnaires is 'Registered versions of questionnaires. They never change: a correction is another version.';
comment on column survey.questionnaires.number is 'Rises in the order of registration.';
comment on column survey.questionnaires.document is 'What it asks, in the form of the questionnaire files.';
comment on column survey.questionnaires.registrar is 'Who registered it.';
comment on column survey.questionnaires.registrar_unit_code is 'The unit for which they did.';

create function survey.refuse_change_of_questionnaire() returns trigger language plpgsql as $$
begin
    raise exception 'version % of questionnaire % is registered for good', old.version, old.code;
end
$$;
comment on function survey.refuse_change_of_questionnaire() is 'Second guard: surveys of record were asked by it.';
create trigger registered_is_for_good before update or delete on survey.questionnaires
    for each row execute function survey.refuse_change_of_questionnaire();
