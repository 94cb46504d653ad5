package dev.nestor.evidence.archive;

import java.util.List;

/// What the client received as a result.
public sealed interface ResultView {
  /// Rows with columns.
  ///
  /// @param rows kept in this view, at most [#ROWS_MAX]
  /// @param rowCount all that were sent
  /// @param elided rows that were sent and not kept by the recorder
  record Table(List<Column> columns, List<List<ResultCell>> rows, long rowCount, long elided)
      implements ResultView {
    /// More is opened on demand.
    public static final int ROWS_MAX = 100_000;

    public Table {
      columns = List.copyOf(columns);
      rows = List.copyOf(rows);
    }

    /// How many columns were masked.
    public long maskedColumns() {
      return columns.stream().filter(each -> !each.maskRule().isEmpty()).count();
    }
  }

  /// A column.
  ///
  /// @param numeric whether numbers stand in it, to align them right
  /// @param maskRule rule that masked it; empty if it was not
  /// @param maskMethod such as `partial`; empty
  record Column(String name, String type, boolean numeric, String maskRule, String maskMethod) {}

  /// A COPY stream.
  ///
  /// @param out true from the server
  /// @param text first bytes of it as text, at most 64 KiB
  /// @param bytes all of it
  /// @param kept whether the recorder kept the bytes
  record Copy(boolean out, String text, long bytes, boolean kept) implements ResultView {}

  /// No rows, and why: one sentence.
  record None(String why) implements ResultView {}
}
