package dev.nestor.policy;

import dev.nestor.postgres.catalog.RelationName;
import dev.nestor.postgres.sql.ColumnUse;
import java.util.Set;

/// Relations of PostgreSQL itself that tell of other people's sessions, of secrets, or of data past
/// the tables that hold it. `class: system` does not cover them; a rule must name them.
final class LeakingRelations {
  private static final Set<String> NAMES =
      Set.of(
          "pg_authid",
          "pg_shadow",
          "pg_user_mapping",
          "pg_user_mappings",
          "pg_subscription",
          "pg_foreign_server",
          "pg_hba_file_rules",
          "pg_ident_file_mappings",
          "pg_file_settings",
          "pg_stat_activity",
          "pg_stat_replication",
          "pg_stat_wal_receiver",
          "pg_stat_ssl",
          "pg_stat_gssapi",
          "pg_stat_subscription",
          "pg_stat_statements",
          "pg_prepared_statements",
          "pg_prepared_xacts",
          "pg_cursors",
          "pg_locks",
          "pg_stats",
          "pg_stats_ext",
          "pg_stats_ext_exprs",
          "pg_statistic",
          "pg_statistic_ext_data",
          "pg_largeobject",
          "pg_replication_slots",
          "pg_backend_memory_contexts",
          "pg_shmem_allocations",
          "user_mapping_options",
          "_pg_user_mappings");

  /// Columns with the source of functions, in relations that are open otherwise.
  private static final Set<String> COLUMNS =
      Set.of(
          "pg_catalog.pg_proc.prosrc",
          "pg_catalog.pg_proc.prosqlbody",
          "information_schema.routines.routine_definition");

  private LeakingRelations() {}

  static boolean containsColumn(ColumnUse use) {
    return use.relation().isSystem() && COLUMNS.contains(use.toString());
  }

  static Set<String> names() {
    return NAMES;
  }

  static Set<String> columns() {
    return COLUMNS;
  }

  static boolean contains(RelationName relation) {
    return relation.isSystem() && NAMES.contains(relation.name());
  }
}
