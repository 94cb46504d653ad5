package dev.nestor.postgres.sql;

import dev.nestor.postgres.catalog.Relation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How a session looks up names.
///
/// @param role the session's current role, for `"$user"` in the search path
/// @param searchPath schemas in the order in which they are searched, without `pg_temp` and
///   `pg_catalog` unless they were set explicitly
/// @param temporary what the session itself created in its temporary schema
/// @param certainty how much of it is known
/// @param statements facts of the statements that SQL EXECUTE may name
/// @param cursors facts of the queries whose cursors FETCH may name
public record SessionNames(
    String role,
    List<String> searchPath,
    List<Relation> temporary,
    Certainty certainty,
    Map<String, Facts> statements,
    Map<String, Facts> cursors) {

  /// How much is known of what names stand for.
  public enum Certainty {
    /// All of it.
    CERTAIN,
    /// Temporary objects that are not known may hide others: what a statement names without a
    /// schema is unresolved.
    HIDDEN,
    /// The session has changed definitions in a transaction that is still open, which no other
    /// session can see: whatever a statement names is unresolved.
    UNCOMMITTED
  }

  /// Copies the collections.
  public SessionNames {
    searchPath = List.copyOf(searchPath);
    temporary = List.copyOf(temporary);
    statements = Map.copyOf(statements);
    cursors = Map.copyOf(cursors);
  }

  /// The names of a session that has created nothing.
  ///
  /// @param searchPathSetting as `SHOW search_path` prints it
  public static SessionNames of(String role, String searchPathSetting) {
    return new SessionNames(
        role, parseSearchPath(searchPathSetting), List.of(), Certainty.CERTAIN, Map.of(), Map.of());
  }

  /// The names of a session that has created nothing, under the server's default search path.
  public static SessionNames of(String role) {
    return of(role, "\"$user\", public");
  }

  /// The same session with temporary objects of its own.
  public SessionNames withTemporary(List<Relation> relations, Certainty known) {
    return new SessionNames(role, searchPath, relations, known, statements, cursors);
  }

  /// The same session with further names of statements and cursors.
  public SessionNames withNamed(
      Map<String, Facts> furtherStatements, Map<String, Facts> furtherCursors) {
    return new SessionNames(
        role,
        searchPath,
        temporary,
        certainty,
        joined(statements, furtherStatements),
        joined(cursors, furtherCursors));
  }

  private static Map<String, Facts> joined(Map<String, Facts> some, Map<String, Facts> others) {
    Map<String, Facts> all = new HashMap<>(some);
    all.putAll(others);
    return all;
  }

  /// Reads a list of names as PostgreSQL writes it: separated by commas, quoted where needed.
  static List<String> parseSearchPath(String setting) {
    List<String> schemas = new ArrayList<>();
    StringBuilder name = new StringBuilder();
    boolean quoted = false;
    boolean any = false;
    for (int i = 0; i < setting.length(); i++) {
      char c = setting.charAt(i);
      if (c == '"') {
        any = true;
        if (quoted && i + 1 < setting.length() && setting.charAt(i + 1) == '"') {
          name.append('"');
          i++;
        } else {
          quoted = !quoted;
        }
      } else if (c == ',' && !quoted) {
        addName(schemas, name, any);
        any = false;
      } else if (quoted || !Character.isWhitespace(c)) {
        name.append(quoted ? c : Character.toLowerCase(c));
        any = true;
      }
    }
    addName(schemas, name, any);
    return schemas;
  }

  private static void addName(List<String> schemas, StringBuilder name, boolean any) {
    if (any && !name.isEmpty()) {
      schemas.add(name.toString());
    }
    name.setLength(0);
  }
}
