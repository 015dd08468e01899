-- Three users of the database, each with no more than its work needs (S24). Run by an administrator of the server, in the database
-- of the service, once to make them and again after every `gongjian db upgrade`; repeating it is harmless, while the service runs too:
--
--   psql --dbname=gongjian --file=deploy/postgresql/roles.sql
--
-- They cannot log in until they are given passwords: ALTER ROLE gongjian_service LOGIN PASSWORD '…'. None of them is a superuser or
-- passes through row-level security; `gongjian doctor` says so when the service's own user does.
--
-- gongjian_owner    owns the tables and migrates them: GONGJIAN_DATABASE_URL of `gongjian db upgrade` only.
-- gongjian_service  API, workers and command line: reads and writes rows, changes no table, and removes only what the office removes.
-- gongjian_auditor  reads everything but passwords, tokens and keys, and writes nothing. It asks as the house asks.

BEGIN;

DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['gongjian_owner', 'gongjian_service', 'gongjian_auditor'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE', role);
        END IF;
    END LOOP;
    EXECUTE format('ALTER ROLE gongjian_auditor IN DATABASE %I SET gongjian.house = %L', current_database(), 'on');
    EXECUTE format('GRANT CONNECT, CREATE ON DATABASE %I TO gongjian_owner', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO gongjian_service, gongjian_auditor', current_database());
END
$$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO gongjian_owner;
GRANT USAGE ON SCHEMA public TO gongjian_service, gongjian_auditor;

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM gongjian_service, gongjian_auditor;
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO gongjian_service;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO gongjian_service;

DO $$
DECLARE
    one text;
BEGIN
    -- What the office itself removes: spent tokens, old answers, links that point elsewhere by now, names as they were,
    -- refused events that are sent again, filters that nobody wants to keep any more, and the rows of lists that nobody
    -- confirmed; old deliveries, what the ledger has taken in, and what is erased by law.
    FOREACH one IN ARRAY ARRAY['tokens', 'answers', 'links', 'name_parts', 'inbox', 'saved_views', 'upload_rows',
                              'deliveries', 'attempts', 'unsealed', 'history_values'] LOOP
        IF to_regclass('public.' || one) IS NOT NULL THEN
            EXECUTE format('GRANT DELETE ON public.%I TO gongjian_service', one);
        END IF;
    END LOOP;
    -- What is only ever added to, and the version of the tables, which is the owner's.
    FOREACH one IN ARRAY ARRAY['history', 'history_values', 'journal', 'log_leaves', 'log_checkpoints', 'log_cosignatures', 'alembic_version'] LOOP
        IF to_regclass('public.' || one) IS NOT NULL THEN
            EXECUTE format('REVOKE UPDATE ON public.%I FROM gongjian_service', one);
        END IF;
    END LOOP;
    IF to_regclass('public.alembic_version') IS NOT NULL THEN
        REVOKE INSERT ON public.alembic_version FROM gongjian_service;
    END IF;
    FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        IF one NOT IN ('accounts', 'tokens', 'signing_keys', 'channels', 'logs') THEN
            EXECUTE format('GRANT SELECT ON public.%I TO gongjian_auditor', one);
        END IF;
    END LOOP;
    IF to_regclass('public.accounts') IS NOT NULL THEN
        GRANT SELECT (id, name, body_id, disabled_at, created_at) ON public.accounts TO gongjian_auditor;
    END IF;
    IF to_regclass('public.channels') IS NOT NULL THEN
        GRANT SELECT (id, body_id, kind, shown, quiet_from, quiet_until, digest_hour, made_by, created_at, off_at)
            ON public.channels TO gongjian_auditor;
    END IF;
END
$$;

COMMIT;
