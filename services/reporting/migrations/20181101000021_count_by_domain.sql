-- Parts of the people that a survey tells apart. Surveys heard of before declare none, so that nothing is heard
-- again.
alter table reporting.surveys add column domains jsonb not null default '[]';
comment on column reporting.surveys.domains is 'The closed questions by whose answers counts are told, with their words.';

create table reporting.domain_tallies (
    survey_code text not null,
    domain_question_code text not null,
    domain_answer text not null,
    question_code text not null,
    cluster_code text not null,
    satisfied_count bigint not null,
    valid_count bigint not null,
    not_answered_count bigint not null,
    counts bigint[] not null,
    primary key (survey_code, domain_question_code, domain_answer, question_code, cluster_code)
);
comment on table reporting.domain_tallies is 'Answers of those who gave one answer to a domain, by question and cluster: parts of the tallies, read for estimates alone.';
comment on column reporting.domain_tallies.domain_answer is 'The name of the answer, such as female.';
comment on column reporting.domain_tallies.counts is 'As in tallies.';
