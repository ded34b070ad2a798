-- Editions are retired, and crosswalks connect them.

alter table registry.documents drop constraint documents_kind_check;
alter table registry.documents drop constraint documents_state_check;
alter table registry.documents drop constraint documents_check;
alter table registry.documents
    add constraint documents_kind_check check (kind in ('index', 'plan', 'crosswalk')),
    add constraint documents_state_check
        check (state in ('draft', 'published') or (state = 'retired' and kind = 'index')),
    -- Nobody acts on a crosswalk but the registry itself, so its publication is no event.
    add constraint documents_event_check
        check ((event_id is not null) = (state <> 'draft' and kind <> 'crosswalk')),
    add column retire_reason text check (retire_reason <> ''),
    add constraint documents_retire_check check ((retire_reason is not null) = (state = 'retired'));
comment on table registry.documents is 'Indices, plans and crosswalks. A draft is replaced whole; a published one never changes, but an index may be retired.';
comment on column registry.documents.retire_reason is 'Why an index was taken out of use, in Vietnamese; NULL unless it was.';
comment on column registry.documents.event_id is 'The event that told its publication: kit.outbox; NULL for a draft and for a crosswalk.';

-- The one change that a published document may undergo: an index is retired, and nothing else of it changes.
drop trigger published_is_for_good on registry.documents;
create or replace function registry.refuse_change_of_published() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and old.state = 'published' and new.state = 'retired'
        and (new.kind, new.code, new.etag, new.document, new.findings, new.event_id)
            is not distinct from (old.kind, old.code, old.etag, old.document, old.findings, old.event_id)
    then
        return new;
    end if;
    raise exception 'the % % is % and does not change', old.kind, old.code, old.state;
end
$$;
create trigger published_is_for_good before update or delete on registry.documents
    for each row when (old.state <> 'draft') execute function registry.refuse_change_of_published();
