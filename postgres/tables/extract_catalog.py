#!/usr/bin/env python3
"""Writes what PostgreSQL's own schemas hold, and which of its functions are harmless.

usage: extract_catalog.py PSQL-CONNECTION OUTPUT-CATALOG.gz OUTPUT-HARMLESS.txt

Reads a fresh server of the newest supported version through psql. The first output is what
CatalogSnapshot.builder() starts from, the second the published list of harmless functions.
"""
import gzip
import re
import subprocess
import sys

connection, catalog_path, harmless_path = sys.argv[1:4]


def rows(sql):
    out = subprocess.run(
        ["psql", "-X", "-At", "-F", "\t", "-d", connection, "-c", sql],
        check=True, capture_output=True, text=True).stdout
    return [line.split("\t") for line in out.splitlines()]


relations = rows("""
  SELECT n.nspname, c.relname, c.oid, c.relkind,
         string_agg(a.attname || ':' || a.atttypid, ',' ORDER BY a.attnum)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE n.nspname IN ('pg_catalog', 'information_schema') AND c.relkind IN ('r', 'v')
  GROUP BY 1, 2, 3, 4 ORDER BY 1, 2""")

functions = rows("""
  SELECT n.nspname, p.proname, p.oid, l.lanname, p.provolatile, p.prosecdef,
         coalesce((SELECT string_agg(coalesce(p.proargnames[i], ''), ',' ORDER BY i)
                   FROM generate_subscripts(p.proargmodes, 1) i
                   WHERE p.proargmodes[i] IN ('o', 'b', 't')), ''),
         'internal'::regtype = p.prorettype OR 'internal'::regtype = ANY (p.proargtypes)
           OR p.prorettype IN ('trigger'::regtype, 'event_trigger'::regtype,
                               'language_handler'::regtype, 'fdw_handler'::regtype,
                               'index_am_handler'::regtype, 'table_am_handler'::regtype,
                               'tsm_handler'::regtype)
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  JOIN pg_language l ON l.oid = p.prolang
  WHERE n.nspname IN ('pg_catalog', 'information_schema') ORDER BY 1, 2, 3""")

# Functions that run SQL out of strings, show what other sessions do, or read code and secrets,
# although PostgreSQL calls them stable.
NOT_HARMLESS = re.compile(r"""
    (query|table|schema|database|cursor)_to_xml.* | ts_stat | ts_rewrite | ts_debug
  | pg_stat_get_activity | pg_stat_get_backend_.* | pg_stat_get_wal_senders
  | pg_stat_get_wal_receiver | pg_stat_get_progress_info | pg_stat_get_subscription
  | pg_cursor | pg_prepared_statement | pg_listening_channels | pg_get_replication_slots
  | pg_get_functiondef | pg_get_function_sqlbody | pg_mcv_list_items | pg_config
  | binary_upgrade_.* | pg_event_trigger_.* | plpgsql_.* | currval | lastval
  | pg_statistics_obj_items | pg_stat_get_replication_slot
""", re.VERBOSE)

# Volatile only because the clock, chance, sizes on disk or a sequence's counter move.
HARMLESS_VOLATILE = set("""
  clock_timestamp timeofday gen_random_uuid uuidv4 uuidv7 random random_normal array_shuffle
  array_sample pg_relation_size pg_table_size pg_total_relation_size pg_indexes_size
  pg_database_size pg_tablespace_size pg_is_in_recovery pg_is_wal_replay_paused
  pg_partition_ancestors pg_partition_tree pg_jit_available pg_collation_actual_version
  pg_database_collation_actual_version pg_sequence_last_value pg_get_sequence_data
  pg_current_wal_lsn pg_last_wal_receive_lsn pg_last_wal_replay_lsn pg_last_xact_replay_timestamp
  pg_xact_commit_timestamp pg_notification_queue_usage
""".split())

with gzip.GzipFile(catalog_path, "wb", 9, mtime=0) as out:
    for schema, name, oid, kind, columns in relations:
        out.write(f"R\t{schema}\t{name}\t{oid}\t{kind}\t{columns}\n".encode())
    for schema, name, oid, language, volatility, definer, outputs, _ in functions:
        out.write(
            f"F\t{schema}\t{name}\t{oid}\t{language}\t{volatility}\t{definer}\t{outputs}\n".encode())

by_name = {}
for schema, name, _, language, volatility, definer, _, internal in functions:
    by_name.setdefault((schema, name), []).append((language, volatility, definer, internal))
harmless = []
for (schema, name), overloads in sorted(by_name.items()):
    if any(internal == "t" or definer == "t" for _, _, definer, internal in overloads):
        continue
    stable = all(volatility in "is" for _, volatility, _, _ in overloads)
    if schema == "pg_catalog":
        if (stable and not NOT_HARMLESS.fullmatch(name)) or name in HARMLESS_VOLATILE:
            harmless.append(f"{schema}.{name}")
    elif stable:
        harmless.append(f"{schema}.{name}")
with open(harmless_path, "w") as out:
    out.write("# Functions that run no code of a user's and reach no further than their arguments and the\n"
              "# catalog. Made by postgres/tables/extract_catalog.py; reviewed there.\n")
    out.write("\n".join(harmless) + "\n")
print(len(relations), "relations", len(functions), "functions", len(harmless), "harmless")
