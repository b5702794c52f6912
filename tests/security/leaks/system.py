"""Probes over the server itself: statistics, files, sequences, large objects, channels, locks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql
from tests.security.leaks.attack import Leak, leaks_of, not_denied, probe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.security.leaks.attack import Attacker


@probe("reads statistics of columns: most common values, bounds of histograms, extended ones")
def statistics(attacker: Attacker) -> Iterator[Leak]:
    """Samples of rows stand in the statistics; a seller sees none of them."""
    for statement in (
        "SELECT * FROM pg_stats",
        "SELECT * FROM pg_stats_ext",
        "SELECT * FROM pg_stats_ext_exprs",
    ):
        yield from leaks_of("statistics", attacker.ask(statement))
        rows = attacker.ask(
            f"{statement} WHERE schemaname IN ('dwh', 'staging', 'quality', 'mart')"
        ).rows
        if rows:
            yield Leak("statistics", statement, f"{len(rows)} rows about tables with policies")
    yield from not_denied("statistics", attacker.ask("SELECT * FROM pg_statistic"))
    yield from not_denied("statistics", attacker.ask("SELECT * FROM pg_statistic_ext_data"))


@probe("reads plans: EXPLAIN with values, EXPLAIN ANALYZE, and what filters removed")
def plans(attacker: Attacker) -> Iterator[Leak]:
    """A plan names no value of a row; what a filter removed counts own rows alone."""
    for view in ("seller.my_orders", "seller.my_products", "seller.my_offers", "dwh.fact_order"):
        for options in ("", "(ANALYZE, VERBOSE, BUFFERS)", "(FORMAT JSON, SETTINGS)"):
            for condition in ("TRUE", "seller_no = 102", "seller_no <> 101"):
                statement = f"EXPLAIN {options} SELECT * FROM {view} WHERE {condition}"  # noqa: S608
                answer = attacker.ask(statement)
                text = " ".join(str(row[0]) for row in answer.rows)
                if "CANARY" in text:
                    yield Leak("plans", statement, "a value in a plan")


@probe("draws from and reads every sequence")
def sequences(attacker: Attacker) -> Iterator[Leak]:
    """Counters tell how much others do."""
    found = attacker.connection.execute(
        "SELECT nspname, relname FROM pg_class"
        " INNER JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE relkind = 'S'"
    ).fetchall()
    for schema, name in found:
        quoted = sql.Literal(f"{schema}.{name}")
        for form in ("SELECT nextval({0})", "SELECT currval({0})", "SELECT setval({0}, 1)"):
            statement = sql.SQL(form).format(quoted)
            yield from not_denied("sequences", attacker.ask(statement))
        statement = sql.SQL("SELECT last_value FROM {}").format(sql.Identifier(schema, name))
        yield from not_denied("sequences", attacker.ask(statement))
    told = attacker.ask("SELECT * FROM pg_sequences WHERE last_value IS NOT NULL")
    if told.rows:
        yield Leak("sequences", told.statement, f"{len(told.rows)} counters told")


@probe("reads large objects of others, makes its own, and reads files through them")
def large_objects(attacker: Attacker) -> Iterator[Leak]:
    """The one that was planted is not read."""
    yield from not_denied(
        "large_objects",
        attacker.ask("SELECT lo_get(9917001)"),
        attacker.ask("SELECT lo_open(9917001, 262144)"),
        attacker.ask("SELECT lo_export(9917001, '/tmp/leak')"),
        attacker.ask("SELECT lo_import('/etc/passwd')"),
        attacker.ask("SELECT lo_unlink(9917001)"),
        attacker.ask("SELECT lo_create(0)"),
        attacker.ask("SELECT lo_creat(-1)"),
        attacker.ask("SELECT lo_from_bytea(0, 'x')"),
        attacker.ask("SELECT * FROM pg_largeobject"),
    )
    yield from leaks_of("large_objects", attacker.ask("SELECT * FROM pg_largeobject_metadata"))


@probe("listens to every channel that the warehouse speaks on")
def channels(attacker: Attacker) -> Iterator[Leak]:
    """Channels know no rights: nothing of ours may be said there beyond names of queues."""
    speaking = attacker.connection.execute(
        "SELECT oid::regprocedure::text, prosrc FROM pg_proc"
        " WHERE prosrc ~* 'pg_notify|\\mnotify\\M' AND pronamespace::regnamespace::text !~ '^pg_'"
    ).fetchall()
    for name, source in speaking:
        if "procrastinate" not in name:
            yield Leak("channels", str(name), f"speaks on a channel: {str(source)[:80]}")
    answer = attacker.ask("LISTEN everything; SELECT pg_listening_channels()")
    yield from leaks_of("channels", answer)


@probe("takes locks that loaders need: tables, rows, and the one lock of the loader")
def locks(attacker: Attacker) -> Iterator[Leak]:
    """A seller can stop nobody: loaders wait for a row that only they reach."""
    yield from not_denied(
        "locks",
        attacker.ask("SELECT * FROM journal.loader_lock FOR UPDATE"),
        attacker.ask("LOCK TABLE dwh.fact_order IN ACCESS EXCLUSIVE MODE"),
        attacker.ask("LOCK TABLE dwh.fact_order IN ROW SHARE MODE"),
        attacker.ask("SELECT seller_no FROM dwh.fact_order FOR SHARE"),
        attacker.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                     " WHERE usename <> current_user"),
    )  # fmt: skip


@probe("reads files, folders, the log and the control data of the server")
def files(attacker: Attacker) -> Iterator[Leak]:
    """Whatever reads the disk is for administrators."""
    for call in (
        "pg_read_file('PG_VERSION')",
        "pg_read_binary_file('PG_VERSION')",
        "pg_ls_dir('.')",
        "pg_stat_file('PG_VERSION')",
        "pg_ls_logdir()",
        "pg_ls_waldir()",
        "pg_ls_archive_statusdir()",
        "pg_ls_tmpdir()",
        "pg_current_logfile()",
        "pg_rotate_logfile()",
        "pg_reload_conf()",
        "pg_switch_wal()",
        "pg_backup_start('x')",
        "pg_create_restore_point('x')",
        "pg_hba_file_rules()",
        "pg_show_all_file_settings()",
        "pg_get_backend_memory_contexts()",
        "pg_log_backend_memory_contexts(1)",
    ):
        yield from not_denied("files", attacker.ask(f"SELECT {call}"))
    yield from not_denied(
        "files",
        attacker.ask("SELECT * FROM pg_authid"),
        attacker.ask("SELECT * FROM pg_shadow"),
        attacker.ask("SELECT * FROM pg_file_settings"),
        attacker.ask("SELECT * FROM pg_user_mapping"),
    )


@probe("connects elsewhere: extensions, foreign servers, dblink, subscriptions, publications")
def elsewhere(attacker: Attacker) -> Iterator[Leak]:
    """No way out of the database, and none back in as somebody else."""
    for extension in ("dblink", "postgres_fdw", "file_fdw", "adminpack", "plpython3u",
                      "pageinspect", "pg_stat_statements"):  # fmt: skip
        answer = attacker.ask(f"CREATE EXTENSION {extension}")
        if answer.sqlstate is None:
            yield Leak("elsewhere", answer.statement, "allowed")
    for statement in (
        "CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw",
        "CREATE FOREIGN DATA WRAPPER w",
        "CREATE USER MAPPING FOR CURRENT_USER SERVER s",
        "CREATE SUBSCRIPTION s CONNECTION 'dbname=x' PUBLICATION p WITH (connect = false)",
        "CREATE PUBLICATION p FOR ALL TABLES",
        "CREATE EVENT TRIGGER t ON ddl_command_start EXECUTE FUNCTION x()",
        "SELECT dblink('dbname=shopnow', 'SELECT 1')",
    ):
        answer = attacker.ask(statement)
        if answer.sqlstate is None:
            yield Leak("elsewhere", answer.statement, "allowed")


@probe("looks over shoulders: what others run, what they ran, what is locked")
def others(attacker: Attacker) -> Iterator[Leak]:
    """Statements of other sessions are hidden."""
    yield from leaks_of(
        "others",
        attacker.ask("SELECT * FROM pg_stat_activity"),
        attacker.ask("SELECT * FROM pg_locks"),
    )
    told = attacker.ask(
        "SELECT query FROM pg_stat_activity WHERE usename <> current_user"
        " AND query NOT IN ('', '<insufficient privilege>')"
    )
    if told.rows:
        yield Leak("others", told.statement, "a statement of another session")
    for name in ("public.pg_stat_statements", "pg_stat_statements"):
        answer = attacker.ask(f"SELECT query FROM {name}")  # noqa: S608
        if answer.sqlstate is None:
            yield Leak("others", answer.statement, "statements of everybody")


@probe("calls every function of the warehouse, and every one of the system that takes nothing")
def every_function(attacker: Attacker) -> Iterator[Leak]:
    """Ours are refused but for the one that policies ask; theirs tell nothing of others."""
    ours = attacker.connection.execute(
        "SELECT nspname, proname, oid::regprocedure::text FROM (SELECT pg_proc.*, nspname"
        " FROM pg_proc INNER JOIN pg_namespace ON pg_namespace.oid = pronamespace"
        " WHERE nspname !~ '^pg_' AND nspname <> 'information_schema') AS routine"
        " WHERE has_function_privilege(oid, 'execute') AND has_schema_privilege(nspname, 'usage')"
    ).fetchall()
    for schema, name, signature in ours:
        if (schema, name) != ("security", "my_sellers"):
            yield Leak("every_function", signature, "may be called")
    quiet = attacker.connection.execute(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace"
        " AND pronargs = 0 AND prokind = 'f' AND provolatile <> 'v'"
        " AND has_function_privilege(oid, 'execute')"
    ).fetchall()
    for (name,) in quiet:
        statement = sql.SQL("SELECT * FROM pg_catalog.{}()").format(sql.Identifier(name))
        yield from leaks_of("every_function", attacker.ask(statement))
