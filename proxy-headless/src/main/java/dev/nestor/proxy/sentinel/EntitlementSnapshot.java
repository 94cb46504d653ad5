package dev.nestor.proxy.sentinel;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// Who may do what in one database: roles, memberships, privileges, default privileges, row
/// policies.
///
/// Canonical: one line of JSON for each fact, an array whose first element says what it is; names
/// instead of object identifiers; sorted by bytes. The same state gives the same bytes, whatever
/// the order in which it came about.
///
/// | first element | the rest |
/// |---|---|
/// | `role` | name, superuser, inherit, createrole, createdb, login, replication, bypassrls, connection limit, valid until |
/// | `member` | role, member, with admin option |
/// | `grant` | class, object, grantee (`public` for everybody), privilege, with grant option |
/// | `default` | role, schema or empty, class, grantee, privilege, with grant option |
/// | `rowsecurity` | table, forced |
/// | `policy` | table, name, permissive, command, roles, using, with check |
///
/// System objects are left out where their privileges are as initdb made them.
///
/// @param bytes the lines, each with its line end
/// @param counts of roles, memberships, grants, defaults, row policies with the tables that have
///   them
record EntitlementSnapshot(byte[] bytes, List<Long> counts) {
  private static final String ROLES =
      """
      SELECT jsonb_build_array('role', rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb,
        rolcanlogin, rolreplication, rolbypassrls, rolconnlimit, rolvaliduntil)::text
      FROM pg_catalog.pg_roles WHERE rolname !~ '^pg_'\
      """;

  private static final String MEMBERS =
      """
      SELECT DISTINCT jsonb_build_array('member', r.rolname, m.rolname, a.admin_option)::text
      FROM pg_catalog.pg_auth_members a
      JOIN pg_catalog.pg_roles r ON r.oid = a.roleid JOIN pg_catalog.pg_roles m ON m.oid = a.member
      WHERE m.rolname !~ '^pg_'\
      """;

  /// Every object that can have privileges, with those that it has; without an entry, the built-in
  /// ones.
  private static final String GRANTS =
      """
      WITH object AS (
        SELECT 'database' AS class, datname::text AS name, datacl AS acl, 'd'::"char" AS kind,
               datdba AS owner, NULL::aclitem[] AS initial
          FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()
        UNION ALL
        SELECT 'schema', nspname::text, nspacl, 'n', nspowner, i.initprivs
          FROM pg_catalog.pg_namespace n
          LEFT JOIN pg_catalog.pg_init_privs i ON i.objoid = n.oid
            AND i.classoid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND i.objsubid = 0
          WHERE nspname !~ '^pg_(toast|temp)'
        UNION ALL
        SELECT CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END,
               n.nspname || '.' || c.relname, c.relacl,
               CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END, c.relowner, i.initprivs
          FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          LEFT JOIN pg_catalog.pg_init_privs i ON i.objoid = c.oid
            AND i.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND i.objsubid = 0
          WHERE c.relkind IN ('r','p','v','m','f','S') AND n.nspname !~ '^pg_(toast|temp)'
        UNION ALL
        SELECT 'column', n.nspname || '.' || c.relname || '.' || a.attname, a.attacl, NULL, c.relowner,
               i.initprivs
          FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          LEFT JOIN pg_catalog.pg_init_privs i ON i.objoid = c.oid
            AND i.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND i.objsubid = a.attnum
          WHERE a.attacl IS NOT NULL AND NOT a.attisdropped
        UNION ALL
        SELECT 'function', n.nspname || '.' || p.proname || '('
                 || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')',
               p.proacl, 'f', p.proowner, i.initprivs
          FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
          LEFT JOIN pg_catalog.pg_init_privs i ON i.objoid = p.oid
            AND i.classoid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND i.objsubid = 0
          WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') OR p.proacl IS NOT NULL
        UNION ALL
        SELECT 'type', n.nspname || '.' || t.typname, t.typacl, 'T', t.typowner, NULL
          FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
          WHERE t.typacl IS NOT NULL
        UNION ALL
        SELECT 'language', lanname::text, lanacl, 'l', lanowner, i.initprivs
          FROM pg_catalog.pg_language l
          LEFT JOIN pg_catalog.pg_init_privs i ON i.objoid = l.oid
            AND i.classoid = 'pg_catalog.pg_language'::pg_catalog.regclass AND i.objsubid = 0
        UNION ALL
        SELECT 'tablespace', spcname::text, spcacl, 't', spcowner, NULL
          FROM pg_catalog.pg_tablespace
        UNION ALL
        SELECT 'foreign data wrapper', fdwname::text, fdwacl, 'F', fdwowner, NULL
          FROM pg_catalog.pg_foreign_data_wrapper
        UNION ALL
        SELECT 'foreign server', srvname::text, srvacl, 'S', srvowner, NULL
          FROM pg_catalog.pg_foreign_server
        UNION ALL
        SELECT 'large object', oid::text, lomacl, 'L', lomowner, NULL
          FROM pg_catalog.pg_largeobject_metadata
      ), owned AS (
        SELECT o.*, o.name ~ '^(pg_catalog|information_schema)(\\.|$)' AS system FROM object o
      )
      SELECT DISTINCT jsonb_build_array('grant', o.class, o.name,
        CASE a.grantee WHEN 0 THEN 'public' ELSE pg_catalog.pg_get_userbyid(a.grantee)::text END,
        a.privilege_type, a.is_grantable)::text
      FROM owned o
      CROSS JOIN LATERAL pg_catalog.aclexplode(
        coalesce(o.acl, CASE WHEN o.kind IS NOT NULL THEN pg_catalog.acldefault(o.kind, o.owner) END)) a
      WHERE NOT (o.system AND (o.acl IS NULL OR o.acl IS NOT DISTINCT FROM o.initial))\
      """;

  private static final String DEFAULTS =
      """
      SELECT DISTINCT jsonb_build_array('default', pg_catalog.pg_get_userbyid(d.defaclrole),
        coalesce(n.nspname::text, ''), d.defaclobjtype,
        CASE a.grantee WHEN 0 THEN 'public' ELSE pg_catalog.pg_get_userbyid(a.grantee)::text END,
        a.privilege_type, a.is_grantable)::text
      FROM pg_catalog.pg_default_acl d
      LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace
      CROSS JOIN LATERAL pg_catalog.aclexplode(d.defaclacl) a\
      """;

  private static final String POLICIES =
      """
      SELECT jsonb_build_array('policy', schemaname || '.' || tablename, policyname, permissive, cmd,
        (SELECT jsonb_agg(r ORDER BY r COLLATE "C") FROM pg_catalog.unnest(roles::text[]) r),
        qual, with_check)::text FROM pg_catalog.pg_policies
      UNION ALL
      SELECT jsonb_build_array('rowsecurity', n.nspname || '.' || c.relname, c.relforcerowsecurity)::text
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relrowsecurity\
      """;

  EntitlementSnapshot {
    counts = List.copyOf(counts);
  }

  /// Reads it, all of it at one moment.
  static EntitlementSnapshot read(Connection connection) throws SQLException {
    boolean before = connection.getAutoCommit();
    int isolation = connection.getTransactionIsolation();
    connection.setAutoCommit(true);
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL search_path = pg_catalog");
      statement.execute("SET LOCAL TimeZone = 'UTC'");
      statement.execute("SET LOCAL DateStyle = 'ISO'");
      List<String> lines = new ArrayList<>();
      List<Long> counts = new ArrayList<>();
      for (String query : List.of(ROLES, MEMBERS, GRANTS, DEFAULTS, POLICIES)) {
        long count = 0;
        try (ResultSet row = statement.executeQuery(query)) {
          while (row.next()) {
            lines.add(row.getString(1));
            count++;
          }
        }
        counts.add(count);
      }
      lines.sort(String::compareTo);
      return new EntitlementSnapshot(
          (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8), counts);
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
      connection.setTransactionIsolation(isolation);
      connection.setAutoCommit(before);
    }
  }

  @Override
  public String toString() {
    return "entitlements " + counts;
  }
}
