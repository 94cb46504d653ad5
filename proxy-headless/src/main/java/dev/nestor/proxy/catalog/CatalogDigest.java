package dev.nestor.proxy.catalog;

import java.util.Iterator;
import java.util.List;
import java.util.Set;

/// A digest of all definitions that facts depend on, as one text. Two are equal exactly when
/// nothing was defined, changed or dropped between them, temporary objects aside.
///
/// Its parts, with colons between, are one for each catalog that is looked at ([Part]). Each sums
/// hashes of the transaction ids of the rows that hold definitions. Every function, operator and
/// type in it is named with its schema: it is also asked inside of sessions whose search path is
/// their own.
public final class CatalogDigest {
  /// The parts, in their order.
  enum Part {
    /// `pg_class`.
    RELATIONS,
    /// `pg_attribute`.
    COLUMNS,
    /// `pg_proc`.
    FUNCTIONS,
    /// `pg_rewrite`.
    RULES,
    /// `pg_namespace`.
    SCHEMAS,
    /// `pg_inherits`.
    PARENTS,
    /// `pg_trigger`.
    TRIGGERS,
    /// `pg_attrdef`.
    DEFAULTS,
    /// `pg_constraint` of relations.
    CONSTRAINTS,
    /// `pg_policy`.
    POLICIES,
    /// `pg_constraint` of domains.
    DOMAINS,
    /// `pg_operator`.
    OPERATORS,
    /// Names of roles: functions have owners.
    ROLES
  }

  /// A scalar subquery without parentheses: one row, one text.
  public static final String QUERY =
      "SELECT pg_catalog.concat_ws(':', "
          + String.join(
              ", ",
              sum("pg_class c", "c.xmin", "c.oid", permanent() + " AND " + relation()),
              sum(
                  "pg_attribute a JOIN pg_catalog.pg_class c ON " + equal("c.oid", "a.attrelid"),
                  "a.xmin",
                  "a.attrelid",
                  permanent() + " AND " + own("a.attrelid")),
              sum("pg_proc p", "p.xmin", "p.oid", "true"),
              sum(
                  "pg_rewrite r JOIN pg_catalog.pg_class c ON " + equal("c.oid", "r.ev_class"),
                  "r.xmin",
                  "r.oid",
                  permanent()),
              sum("pg_namespace n", "n.xmin", "n.oid", lasting("n.nspname")),
              sum(
                  "pg_inherits i JOIN pg_catalog.pg_class c ON " + equal("c.oid", "i.inhrelid"),
                  "i.xmin",
                  "i.inhrelid",
                  permanent()),
              ofRelation("pg_trigger t", "t", "t.tgrelid"),
              ofRelation("pg_attrdef d", "d", "d.adrelid"),
              ofRelation("pg_constraint k", "k", "k.conrelid"),
              ofRelation("pg_policy y", "y", "y.polrelid"),
              sum(
                  "pg_constraint k", // of domains
                  "k.xmin",
                  "k.oid",
                  "k.contypid OPERATOR(pg_catalog.<>) CAST(0 AS pg_catalog.oid)"),
              sum("pg_operator o", "o.xmin", "o.oid", own("o.oid")),
              "(SELECT COALESCE(pg_catalog.sum(CAST(pg_catalog.hashtext(CAST(u.rolname AS"
                  + " pg_catalog.text)) AS pg_catalog.int8)), 0) FROM pg_catalog.pg_roles u)")
          + ")";

  private CatalogDigest() {}

  /// Some parts of a digest, as one text; equal texts of two digests say the same of them.
  static String part(String digest, Part... wanted) {
    List<String> texts = List.of(digest.split(":", -1));
    Set<Part> parts = Set.of(wanted);
    if (texts.size() != Part.values().length) {
      return digest;
    }
    StringBuilder text = new StringBuilder();
    Iterator<String> each = texts.iterator();
    for (Part part : Part.values()) {
      String value = each.next();
      if (parts.contains(part)) {
        text.append(value).append(':');
      }
    }
    return text.toString();
  }

  private static String sum(String from, String xmin, String oid, String where) {
    return "(SELECT COALESCE(pg_catalog.sum(CAST(pg_catalog.hashint8(CAST(CAST("
        + xmin
        + " AS pg_catalog.text) AS pg_catalog.int8) OPERATOR(pg_catalog.#) CAST("
        + oid
        + " AS pg_catalog.int8)) AS pg_catalog.int8)), 0) FROM pg_catalog."
        + from
        + " WHERE "
        + where
        + ")";
  }

  /// Code that a relation brings into statements.
  private static String ofRelation(String table, String alias, String relation) {
    return sum(
        table + " JOIN pg_catalog.pg_class c ON " + equal("c.oid", relation),
        alias + ".xmin",
        alias + ".oid",
        permanent() + " AND " + own(relation));
  }

  private static String equal(String left, String right) {
    return left + " OPERATOR(pg_catalog.=) " + right;
  }

  private static String permanent() {
    return "c.relpersistence OPERATOR(pg_catalog.<>) CAST('t' AS pg_catalog.\"char\")";
  }

  /// Tables, partitioned ones, views, materialized views, foreign tables, sequences.
  private static String relation() {
    return "pg_catalog.strpos(CAST('rpvmfS' AS pg_catalog.text), CAST(c.relkind AS pg_catalog.text))"
        + " OPERATOR(pg_catalog.>) 0";
  }

  /// Not one of those that the server was made with.
  private static String own(String oid) {
    return oid + " OPERATOR(pg_catalog.>=) CAST(16384 AS pg_catalog.oid)";
  }

  /// Not a schema of temporary objects.
  private static String lasting(String name) {
    return "pg_catalog.strpos(CAST("
        + name
        + " AS pg_catalog.text), CAST('_temp_' AS pg_catalog.text)) OPERATOR(pg_catalog.=) 0";
  }
}
