-- When each number was given: what makes "as the producer had recorded it at nine o'clock" a number.
alter table kit.outbox add column number_time timestamptz;
comment on column kit.outbox.number_time is 'When the number was given; never before that of a lower number.';

update kit.outbox set number_time = given.number_time
from (
    select event_id, max(occur_time) over (order by sequence) as number_time
    from kit.outbox where sequence is not null
) as given
where given.event_id = outbox.event_id;

create index outbox_number_time on kit.outbox (number_time desc, sequence desc) where sequence is not null;
comment on index kit.outbox_number_time is 'Serves the number at an instant.';

alter table kit.relay add column number_time timestamptz not null default '-infinity';
comment on column kit.relay.number_time is 'No number is given an earlier time than this: the time of the last, or one that somebody has asked about.';
update kit.relay set number_time = coalesce((select max(number_time) from kit.outbox), '-infinity');
