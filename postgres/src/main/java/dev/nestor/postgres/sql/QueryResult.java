package dev.nestor.postgres.sql;

import java.util.ArrayList;
import java.util.List;

/// What a query returns; filled while its tree is walked.
final class QueryResult {
  List<OutputColumn> columns = new ArrayList<>();

  /// Whether there may be columns that are not known here.
  boolean open;

  /// Notes that all of it is used.
  void use(Use use) {
    columns.forEach(column -> column.use(use));
  }

  Columns asColumns() {
    return new Columns.Listed(columns, open);
  }

  /// A column that is made of all of them, as nobody knows which.
  OutputColumn blurred(String name) {
    List<OutputColumn.Source> sources = new ArrayList<>();
    for (OutputColumn column : columns) {
      OutputColumn.addAll(sources, column.sources(), true);
    }
    return new OutputColumn(name, sources, 0);
  }
}
