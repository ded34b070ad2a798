-- A role and a database for each service, made once, when the data volume is new. A service owns its
-- database and can enter no other. The passwords stand in the secrets the services read themselves.
\set ON_ERROR_STOP on
\set registry `sed -nE 's#^postgres://registry:([^@]+)@.*#\1#p' /run/secrets/registry_url`
\set assignment `sed -nE 's#^postgres://assignment:([^@]+)@.*#\1#p' /run/secrets/assignment_url`
\set survey `sed -nE 's#^postgres://survey:([^@]+)@.*#\1#p' /run/secrets/survey_url`
\set reporting `sed -nE 's#^postgres://reporting:([^@]+)@.*#\1#p' /run/secrets/reporting_url`

create temporary table services (name text primary key, password text not null);
insert into services (name, password)
values
    ('registry', :'registry'),
    ('assignment', :'assignment'),
    ('survey', :'survey'),
    ('reporting', :'reporting');

do $$
declare
    open_names text;
begin
    select string_agg(name, ', ') into open_names from services where length(password) < 16;
    if open_names is not null then
        raise exception 'no password, or one under 16 characters, in the secret of: %', open_names
        using hint = 'Run deploy/prepare, remove the new volume, start again.';
    end if;
end
$$;

select format('create role %I login password %L', name, password) from services order by name \gexec
select format('create database %I owner %I', name, name) from services order by name \gexec
-- A role's own name comes first in PostgreSQL's search path, and a service's schema bears that name: left
-- so, the record of its migrations would be looked for elsewhere once the schema is there.
select format('alter role %I set search_path = public', name) from services order by name \gexec
select format('revoke all on database %I from public', name)
from (select name from services union all values ('postgres'), ('template1')) as closed (name)
order by name \gexec
