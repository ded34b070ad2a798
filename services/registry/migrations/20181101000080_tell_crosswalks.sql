-- Crosswalks are told like everything else that is published: reporting follows nodes over the years by them.
-- One that was published before has no event until somebody publishes it again.

alter table registry.documents
    drop constraint documents_event_check,
    add constraint documents_event_check check (
        case when kind = 'crosswalk' then event_id is null or state <> 'draft'
        else (event_id is not null) = (state <> 'draft') end
    );
comment on column registry.documents.event_id is 'The event that told its publication: kit.outbox; NULL for a draft, and for a crosswalk that was published before crosswalks were told.';

-- Beside the retirement of an index a published document may undergo this: a crosswalk gets the event that tells it.
create or replace function registry.refuse_change_of_published() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and old.state = 'published' and new.state = 'retired'
        and (new.kind, new.code, new.etag, new.document, new.findings, new.event_id)
            is not distinct from (old.kind, old.code, old.etag, old.document, old.findings, old.event_id)
    then
        return new;
    end if;
    if tg_op = 'UPDATE' and old.kind = 'crosswalk' and old.event_id is null and new.event_id is not null
        and (new.kind, new.code, new.state, new.etag, new.document, new.findings, new.update_time)
            is not distinct from (old.kind, old.code, old.state, old.etag, old.document, old.findings, old.update_time)
    then
        return new;
    end if;
    raise exception 'the % % is % and does not change', old.kind, old.code, old.state;
end
$$;
