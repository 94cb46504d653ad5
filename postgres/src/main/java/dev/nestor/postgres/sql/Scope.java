package dev.nestor.postgres.sql;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The names that an expression may use: the items of FROM, then those of the queries around it;
/// and the common table expressions.
final class Scope {
  /// An item of FROM under the name by which expressions call it.
  ///
  /// @param schema of the relation where it is one and has no alias, else empty
  /// @param relation whether system columns exist
  record Item(String schema, String alias, Columns columns, boolean relation) {}

  /// A common table expression.
  static final class Cte {
    final String name;
    final QueryResult result;
    final @Nullable Cte previous;

    /// Whether its columns are known; of a recursive one, those of its first branch.
    boolean ready;

    /// Makes the columns of a recursive one known to its second branch.
    Walk.@Nullable Step onFirstBranch;

    Cte(String name, QueryResult result, @Nullable Cte previous) {
      this.name = name;
      this.result = result;
      this.previous = previous;
    }

    void publishFirstBranch() {
      if (onFirstBranch != null) {
        onFirstBranch.run();
      }
    }
  }

  final @Nullable Scope outer;
  @Nullable Cte ctes;
  private final List<Item> items = new ArrayList<>(2);
  private final List<Columns> visible = new ArrayList<>(2);

  Scope(@Nullable Scope outer) {
    this.outer = outer;
    this.ctes = outer == null ? null : outer.ctes;
  }

  /// A scope for what stands in FROM beside others without LATERAL: it sees what is around this
  /// query, and this query's common table expressions, but not its FROM.
  Scope beside() {
    Scope scope = new Scope(outer);
    scope.ctes = ctes;
    return scope;
  }

  void add(Item item) {
    items.add(item);
    visible.add(item.columns());
  }

  /// Adds a name for what is visible already.
  void addName(Item item) {
    items.add(item);
  }

  /// Takes the last item of FROM away, to join it with another.
  Columns takeVisible() {
    return visible.removeLast();
  }

  void addVisible(Columns columns) {
    visible.add(columns);
  }

  List<Columns> visible() {
    return visible;
  }

  List<Item> items() {
    return items;
  }

  @Nullable Item item(String alias) {
    for (Scope scope = this; scope != null; scope = scope.outer) {
      for (Item item : scope.items) {
        if (item.alias().equals(alias)) {
          return item;
        }
      }
    }
    return null;
  }

  @Nullable Item item(String schema, String relation) {
    for (Scope scope = this; scope != null; scope = scope.outer) {
      for (Item item : scope.items) {
        if (item.alias().equals(relation) && item.schema().equals(schema)) {
          return item;
        }
      }
    }
    return null;
  }

  @Nullable Cte cte(String name) {
    for (Cte cte = ctes; cte != null; cte = cte.previous) {
      if (cte.name.equals(name)) {
        return cte;
      }
    }
    return null;
  }

  boolean hasItemNamed(String alias) {
    return items.stream().anyMatch(item -> item.alias().equals(alias));
  }
}
