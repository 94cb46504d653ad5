package dev.nestor.postgres.sql;

import dev.nestor.postgres.catalog.Relation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// How a session looks up names.
///
/// @param role the session's current role, for `"$user"` in the search path
/// @param searchPath schemas in the order in which they are searched, without `pg_temp` and
///   `pg_catalog` unless they were set explicitly
/// @param temporary what the session itself created in its temporary schema
/// @param certain whether the names are known; after opaque code they are not, and what a statement
///   names without a schema is then unresolved
/// @param statements facts of the statements that SQL EXECUTE may name
/// @param cursors facts of the queries whose cursors FETCH may name
public record SessionNames(
    String role,
    List<String> searchPath,
    List<Relation> temporary,
    boolean certain,
    Map<String, Facts> statements,
    Map<String, Facts> cursors) {

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
        role, parseSearchPath(searchPathSetting), List.of(), true, Map.of(), Map.of());
  }

  /// The names of a session that has created nothing, under the server's default search path.
  public static SessionNames of(String role) {
    return of(role, "\"$user\", public");
  }

  /// The same session after code of which nobody knows what it did.
  public SessionNames uncertain() {
    return new SessionNames(role, searchPath, temporary, false, statements, cursors);
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
