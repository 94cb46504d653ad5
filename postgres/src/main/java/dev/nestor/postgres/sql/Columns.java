package dev.nestor.postgres.sql;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The columns that an item of FROM offers.
sealed interface Columns {
  /// The column of this name, or null. Of several, all of them at once: the server would refuse the
  /// name as ambiguous.
  @Nullable OutputColumn find(String name);

  /// All of them, in the order of a star.
  List<OutputColumn> all();

  /// Whether it may have columns that are not known here.
  default boolean open() {
    return false;
  }

  /// A fixed list.
  ///
  /// @param open whether there may be more
  record Listed(List<OutputColumn> all, boolean open) implements Columns {
    @Override
    public @Nullable OutputColumn find(String name) {
      OutputColumn found = null;
      for (OutputColumn column : all) {
        if (column.name().equals(name)) {
          found = found == null ? column : OutputColumn.merged(found, column, false);
        }
      }
      return found;
    }
  }

  /// Those of a relation, made when somebody asks.
  record OfRelation(RelationColumns relation) implements Columns {
    @Override
    public @Nullable OutputColumn find(String name) {
      return relation.find(name);
    }

    @Override
    public List<OutputColumn> all() {
      return relation.all();
    }
  }

  /// Two joined items; the columns of USING or NATURAL come first and once.
  record Joined(Columns left, Columns right, List<OutputColumn> merged) implements Columns {
    @Override
    public @Nullable OutputColumn find(String name) {
      for (OutputColumn column : merged) {
        if (column.name().equals(name)) {
          return column;
        }
      }
      OutputColumn inLeft = left.find(name);
      OutputColumn inRight = right.find(name);
      if (inLeft == null || inRight == null) {
        return inLeft == null ? inRight : inLeft;
      }
      return OutputColumn.merged(inLeft, inRight, false);
    }

    @Override
    public List<OutputColumn> all() {
      Set<String> names = new HashSet<>();
      merged.forEach(column -> names.add(column.name()));
      List<OutputColumn> all = new ArrayList<>(merged);
      for (Columns side : List.of(left, right)) {
        for (OutputColumn column : side.all()) {
          if (!names.contains(column.name())) {
            all.add(column);
          }
        }
      }
      return all;
    }

    @Override
    public boolean open() {
      return left.open() || right.open();
    }
  }
}
