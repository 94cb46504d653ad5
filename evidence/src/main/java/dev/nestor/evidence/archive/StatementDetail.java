package dev.nestor.evidence.archive;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A statement with everything that belongs to it.
///
/// @param row its row
/// @param sql the text as the client sent it; the template, with constants replaced, where the text
///   is not kept
/// @param sqlKept false where [#sql] is only the template
/// @param sqlLength length of the whole text in characters
/// @param notices in order, then the error if there is one
/// @param findings that concern this statement
public record StatementDetail(
    ReplayRow.Statement row,
    SessionCard session,
    String sql,
    boolean sqlKept,
    long sqlLength,
    List<Parameter> parameters,
    DecisionDetail decision,
    ResultView result,
    List<ServerText> notices,
    List<StatementFinding> findings) {
  public StatementDetail {
    parameters = List.copyOf(parameters);
    notices = List.copyOf(notices);
    findings = List.copyOf(findings);
  }

  /// The same with more findings.
  public StatementDetail with(List<StatementFinding> more) {
    List<StatementFinding> all = new ArrayList<>(findings);
    all.addAll(more);
    return new StatementDetail(
        row, session, sql, sqlKept, sqlLength, parameters, decision, result, notices, all);
  }

  /// The error that the client received.
  public Optional<ServerText> error() {
    return notices.stream().filter(ServerText::isError).findFirst();
  }

  /// A bound value.
  ///
  /// @param number from 1, as in `$1`
  /// @param type name of its type
  /// @param value as it travelled
  /// @param frame with the Bind
  /// @param message number of the Bind in its frame, from 1
  public record Parameter(int number, String type, ResultCell value, long frame, int message) {}

  /// An error or notice that the client received.
  ///
  /// @param severity as sent: `ERROR`, `NOTICE`, …
  public record ServerText(
      String severity, String sqlState, String message, String detail, String hint, long frame) {
    /// Whether it ended something.
    public boolean isError() {
      return severity.equals("ERROR") || severity.equals("FATAL") || severity.equals("PANIC");
    }
  }

  /// Something to know about this statement.
  ///
  /// @param rule short name, such as `parsers disagree`
  public record StatementFinding(String rule, String text) {}
}
