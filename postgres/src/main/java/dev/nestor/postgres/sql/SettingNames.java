package dev.nestor.postgres.sql;

import java.util.Set;

/// Settings that change what later texts mean, or who runs them.
final class SettingNames {
  /// Every setting at once.
  static final String ALL = "all";

  private static final Set<String> NAME_LOOKUP =
      Set.of("search_path", "role", "session_authorization", ALL);

  private static final Set<String> MEANING =
      Set.of(
          "search_path",
          "role",
          "session_authorization",
          "standard_conforming_strings",
          "backslash_quote",
          "client_encoding",
          "transform_null_equals",
          "session_replication_role",
          "row_security",
          ALL);

  private SettingNames() {}

  static boolean changesMeaning(String setting) {
    return MEANING.contains(setting);
  }

  static boolean changesNameLookup(String setting) {
    return NAME_LOOKUP.contains(setting);
  }
}
