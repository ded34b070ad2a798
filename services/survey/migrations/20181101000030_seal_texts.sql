-- What respondents wrote in their own words: sealed, apart from what is counted, for surveys that ask for it. A
-- survey without such a question writes none of this.
create table survey.texts (
    response_id uuid not null,
    revision integer not null check (revision >= 0),
    question_place smallint not null check (question_place >= 0),
    survey_number integer not null references survey.surveys (number),
    sealed bytea,
    text_hash bytea not null check (octet_length(text_hash) = 32),
    primary key (response_id, revision, question_place)
);
comment on table survey.texts is 'What was written with each version of a response, written in its transaction.';
comment on column survey.texts.question_place is 'Place of the question in the survey, from 0.';
comment on column survey.texts.sealed is 'AES-256-GCM under the survey''s secret for contents, bound to survey, response, revision and question; NULL once a later version has taken its place.';
comment on column survey.texts.text_hash is 'HMAC-SHA-256 of the text and of what it is bound to, under a secret of the survey: tells a resend of this version from another text, and equal texts of two responses not at all.';
create index texts_survey on survey.texts (survey_number, response_id, question_place) where sealed is not null;
comment on index survey.texts_survey is 'Serves the list of what holds.';

create table survey.text_views (
    number bigint generated always as identity primary key,
    survey_number integer not null references survey.surveys (number),
    viewer text not null,
    viewer_unit_code text not null,
    view_time timestamptz not null,
    question_code text not null,
    text_count integer not null check (text_count >= 0)
);
comment on table survey.text_views is 'Who read texts of a survey, page by page, written before a page is given. Never changed, and kept when the texts go.';
comment on column survey.text_views.number is 'Rises in the order of reading.';
comment on column survey.text_views.question_code is 'The question they asked for; empty when all.';
comment on column survey.text_views.text_count is 'Texts of the page.';
create index text_views_survey on survey.text_views (survey_number, number);
comment on index survey.text_views_survey is 'Serves who read a survey''s texts.';

create function survey.refuse_change_of_view() returns trigger language plpgsql as $$
begin
    raise exception 'that somebody read texts is kept for good';
end
$$;
comment on function survey.refuse_change_of_view() is 'Second guard: an audit that can be changed is none.';
create trigger view_is_for_good before update or delete on survey.text_views
    for each row execute function survey.refuse_change_of_view();

comment on column survey.quarantine.is_sealed is 'Whether received is sealed with the survey''s secret for contents: it holds a respondent''s key or texts.';
comment on column survey.quarantine.row_hash is 'Of the row as it came, so that a resend stands there once: SHA-256, and HMAC-SHA-256 under a secret of the survey where it is sealed. NULL once it may come anew.';
