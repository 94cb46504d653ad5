package dev.nestor.postgres.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Makes queries over the tables of [FactsTest#CATALOG], the same for the same seed: joins of every
/// kind, sub-queries anywhere, LATERAL, WITH, set operations, windows, whole rows. Most of them
/// mean something to a server.
final class RandomQueries {
  private static final Map<String, List<String>> TABLES =
      new TreeMap<>(
          Map.of(
              "customers", List.of("id", "name", "email", "ssn"),
              "orders", List.of("id", "customer_id", "total"),
              "carts", List.of("id", "status"),
              "app.settings", List.of("key", "value"),
              "contacts", List.of("id", "address", "number"),
              "events", List.of("id", "body")));

  private record Item(String alias, List<String> columns) {}

  private record Query(String sql, List<String> columns) {}

  /// What an expression may name.
  private static final class Names {
    final @Nullable Names outer;
    final Map<String, List<String>> ctes = new TreeMap<>();
    List<Item> items = new ArrayList<>();

    Names(@Nullable Names outer) {
      this.outer = outer;
      if (outer != null) {
        ctes.putAll(outer.ctes);
      }
    }
  }

  private final Random random;
  private int names;

  RandomQueries(long seed) {
    this.random = new Random(seed);
  }

  String next() {
    names = 0;
    return query(new Names(null), random.nextInt(4), 1 + random.nextInt(3)).sql();
  }

  private boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private String name() {
    return any(List.of("x", "y", "z", "a", "b", "w")) + ++names;
  }

  private String column(Names scope) {
    Names at = scope;
    while (at.outer != null && chance(0.25)) {
      at = at.outer;
    }
    if (at.items.isEmpty()) {
      return "'k'";
    }
    Item item = any(at.items);
    String column = any(item.columns());
    if (chance(0.15)) {
      return "(" + item.alias() + ")." + column;
    }
    return chance(0.85) ? item.alias() + "." + column : column;
  }

  private String text(Names scope, int depth) {
    return expression(scope, depth) + "::text";
  }

  private String expression(Names scope, int depth) {
    if (depth <= 0) {
      return column(scope);
    }
    return switch (random.nextInt(14)) {
      case 0, 1, 2, 3 -> column(scope);
      case 4 -> text(scope, depth - 1);
      case 5 -> "upper(" + text(scope, depth - 1) + ")";
      case 6 -> "(" + text(scope, depth - 1) + " || " + text(scope, depth - 1) + ")";
      case 7 ->
          "case when "
              + condition(scope, depth - 1)
              + " then "
              + text(scope, depth - 1)
              + " else 'q' end";
      case 8 -> "coalesce(" + text(scope, depth - 1) + ", " + text(scope, depth - 1) + ")";
      case 9 -> "(" + query(scope, depth - 2, 1).sql() + " limit 1)";
      case 10 -> "array(" + query(scope, depth - 2, 1).sql() + ")::text";
      case 11 ->
          "count(*) filter (where "
              + condition(scope, depth - 1)
              + ") over (partition by "
              + column(scope)
              + " order by "
              + column(scope)
              + ")";
      case 12 ->
          scope.items.isEmpty() ? "'c'" : "row_to_json(" + any(scope.items).alias() + ")::text";
      default -> "(array[" + text(scope, depth - 1) + "])[1]";
    };
  }

  private String condition(Names scope, int depth) {
    if (depth <= 0) {
      return column(scope) + "::text = " + column(scope) + "::text";
    }
    return switch (random.nextInt(8)) {
      case 0 -> "exists (" + query(scope, depth - 2, 2).sql() + ")";
      case 1 ->
          column(scope)
              + "::text in (select q::text from ("
              + query(scope, depth - 2, 1).sql()
              + ") zz(q))";
      case 2 -> "not (" + condition(scope, depth - 1) + ")";
      case 3, 4 ->
          "("
              + condition(scope, depth - 1)
              + any(List.of(" and ", " or "))
              + condition(scope, depth - 1)
              + ")";
      case 5 -> text(scope, depth - 1) + " like 'a%'";
      default -> column(scope) + "::text = " + column(scope) + "::text";
    };
  }

  private Query item(Names scope, int depth, boolean lateral, List<Item> made) {
    String alias = name();
    double kind = random.nextDouble();
    if (depth > 0 && kind < 0.25) {
      return derived(scope, depth, lateral, alias, made);
    }
    if (!scope.ctes.isEmpty() && kind < 0.4) {
      String cte = any(List.copyOf(scope.ctes.keySet()));
      made.add(new Item(alias, scope.ctes.get(cte)));
      return new Query(cte + " " + alias, scope.ctes.get(cte));
    }
    if (lateral && !scope.items.isEmpty() && kind < 0.47) {
      made.add(new Item(alias, List.of(alias + "_u")));
      return new Query(
          "unnest(string_to_array("
              + column(scope)
              + "::text, '-')) as "
              + alias
              + "("
              + alias
              + "_u)",
          List.of(alias + "_u"));
    }
    String table = any(List.copyOf(TABLES.keySet()));
    List<String> columns = TABLES.get(table);
    String only = table.equals("events") && chance(0.3) ? "only " : "";
    if (chance(0.15)) {
      List<String> renamed = new ArrayList<>(columns);
      int count = 1 + random.nextInt(columns.size());
      List<String> given = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        renamed.set(i, "k" + i + "_" + alias);
        given.add(renamed.get(i));
      }
      made.add(new Item(alias, renamed));
      return new Query(
          only + table + " as " + alias + "(" + String.join(", ", given) + ")", renamed);
    }
    made.add(new Item(alias, columns));
    return new Query(only + table + " " + alias, columns);
  }

  private Query derived(Names scope, int depth, boolean lateral, String alias, List<Item> made) {
    boolean sees = lateral && chance(0.4);
    Names around = scope;
    if (!sees) {
      around = new Names(scope.outer);
      around.ctes.putAll(scope.ctes);
    }
    Query inner = query(around, depth - 1, 1 + random.nextInt(3));
    made.add(new Item(alias, inner.columns()));
    return new Query((sees ? "lateral (" : "(") + inner.sql() + ") as " + alias, inner.columns());
  }

  private Query query(Names outer, int depth, int width) {
    if (depth > 0 && chance(0.12)) {
      Query left = query(outer, depth - 1, width);
      String operator = any(List.of("union", "union all", "intersect", "except"));
      return new Query(
          "(" + left.sql() + ") " + operator + " (" + query(outer, depth - 1, width).sql() + ")",
          left.columns());
    }
    Names scope = new Names(outer);
    String with = "";
    if (depth > 0 && chance(0.2)) {
      String cte = name();
      Query body = query(outer, depth - 1, 1 + random.nextInt(3));
      with = "with " + cte + " as (" + body.sql() + ") ";
      scope.ctes.put(cte, body.columns());
    }
    List<String> from = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextInt(2); i++) {
      from.add(joined(scope, depth, i > 0));
    }
    List<String> targets = new ArrayList<>();
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      String column = "o" + ++names;
      targets.add(text(scope, depth) + " as " + column);
      columns.add(column);
    }
    String sql = with + "select " + String.join(", ", targets) + " from " + String.join(", ", from);
    if (chance(0.5)) {
      sql += " where " + condition(scope, depth);
    }
    if (chance(0.2)) {
      sql += " order by " + any(List.of("1", columns.getFirst()));
    }
    return new Query(sql, columns);
  }

  private String joined(Names scope, int depth, boolean lateral) {
    List<Item> made = new ArrayList<>();
    String sql = item(scope, depth, lateral, made).sql();
    Item left = made.getFirst();
    scope.items.add(left);
    if (chance(0.5)) {
      return sql;
    }
    made.clear();
    Query right = item(scope, depth - 1, false, made);
    Item item = made.getFirst();
    List<String> common = new ArrayList<>(left.columns());
    common.retainAll(item.columns());
    String join =
        switch (random.nextInt(5)) {
          case 0 -> " cross join " + right.sql();
          case 1 -> " natural join " + right.sql();
          case 2 ->
              common.isEmpty()
                  ? " cross join " + right.sql()
                  : " full join " + right.sql() + " using (" + any(common) + ")";
          default -> {
            List<Item> all = scope.items;
            scope.items = List.of(left, item);
            String on = condition(scope, Math.min(depth - 1, 1));
            scope.items = all;
            yield any(List.of(" join ", " left join ")) + right.sql() + " on " + on;
          }
        };
    scope.items.add(item);
    return sql + join;
  }
}
