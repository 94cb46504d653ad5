package dev.nestor.proxy.decision;

import java.util.List;

/// Settings of a session that change what its statements mean, as the server last said.
///
/// @param standardConformingStrings whether a backslash in '…' is an ordinary character
/// @param searchPath as `SHOW search_path` prints it
/// @param role as `SHOW role` prints it
public record SessionSettings(boolean standardConformingStrings, String searchPath, String role) {
  /// The names that a session asks the server for when they are in doubt, in this order.
  public static final List<String> TRACKED =
      List.of("standard_conforming_strings", "search_path", "role");

  /// The same with one tracked setting changed.
  ///
  /// @param index in [#TRACKED]
  public SessionSettings with(int index, String value) {
    return switch (index) {
      case 0 -> new SessionSettings(value.equals("on"), searchPath, role);
      case 1 -> new SessionSettings(standardConformingStrings, value, role);
      default -> new SessionSettings(standardConformingStrings, searchPath, value);
    };
  }
}
