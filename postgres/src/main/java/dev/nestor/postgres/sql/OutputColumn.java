package dev.nestor.postgres.sql;

import java.util.ArrayList;
import java.util.List;

/// A column that a query, a relation or a function offers to what surrounds it.
///
/// @param name empty where the server makes one up
/// @param sources columns of relations that its value is made of
/// @param type object id of its type where it is a column of a relation, else 0
record OutputColumn(String name, List<Source> sources, int type) {

  /// A column that a value is made of.
  ///
  /// @param derived whether the value is computed from it rather than being it
  record Source(ColumnEntry column, boolean derived) {}

  OutputColumn named(String newName) {
    return new OutputColumn(newName, sources, type);
  }

  /// Notes that its value is used.
  void use(Use use) {
    for (Source source : sources) {
      source.column().use(use == Use.OUTPUT && source.derived() ? Use.DERIVED : use);
    }
  }

  /// One column out of two, of which nobody knows which one the value is.
  static OutputColumn merged(OutputColumn left, OutputColumn right, boolean derived) {
    List<Source> both = new ArrayList<>(left.sources.size() + right.sources.size());
    addAll(both, left.sources, derived);
    addAll(both, right.sources, derived);
    return new OutputColumn(left.name, both, left.type == right.type ? left.type : 0);
  }

  static void addAll(List<Source> to, List<Source> from, boolean derived) {
    for (Source source : from) {
      Source next = derived && !source.derived() ? new Source(source.column(), true) : source;
      if (!to.contains(next)) {
        to.add(next);
      }
    }
  }
}
