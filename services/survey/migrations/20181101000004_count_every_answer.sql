-- Every answer has a count of its own: what options are weighed by, what shares and means are read from. The
-- sums kept so far cannot say them; the service counts them again from the stored answers when it starts.
alter table survey.held
    drop column satisfied,
    drop column valid,
    drop column not_answered,
    add column counts bytea;
alter table survey.held alter column counts set storage external;
comment on column survey.held.counts is 'For each of those clusters in turn the counts of every question as in survey.sums, packed: seven bits a byte, the lowest first, signs folded in. NULL where it was counted before this column was there.';

alter table survey.sums
    drop column satisfied,
    drop column valid,
    drop column not_answered,
    add column counts bigint[];
comment on column survey.sums.counts is 'For each question in turn: not answered, each answer in its order, not applicable, don''t know; of a number also two limbs of its sum and four of its sum of squares, 32 bits each, added without carrying. NULL where it was counted before this column was there.';
