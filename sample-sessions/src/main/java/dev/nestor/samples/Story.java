package dev.nestor.samples;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/// One of the five stories.
interface Story {
  /// From 1 to 5.
  int id();

  /// For people.
  String title();

  /// Name of its archive, without the ending.
  String name();

  /// Plays it: real clients through the stage's gateway. What clients saw is returned, and is not
  /// what decides whether the story went as told.
  ///
  /// @throws SQLException if a client that should get in does not
  /// @throws IOException if a program cannot be run
  Map<String, String> tell(Stage stage) throws SQLException, IOException;

  /// Asks the server, past the gateway, and the archive whether it went as told.
  ///
  /// @param server counts of the server's own log
  /// @return what is missing; empty if all went as told
  List<String> judge(Stage stage, ServerLog.Counts server, Recorded recorded) throws SQLException;
}
