package dev.nestor.postgres.sql;

/// The symbols of the grammar that facts are read from, by the names of `gram.y`.
final class Symbols {
  private static final Grammar G = Grammar.get();
  private static final boolean[] KEPT = new boolean[G.symbolCount()];

  static {
    for (int symbol = G.terminals; symbol < G.symbolCount(); symbol++) {
      KEPT[symbol] =
          G.name(symbol).endsWith("Stmt") || G.name(symbol).equals("TransactionStmtLegacy");
    }
    KEPT[of("ExplainableStmt")] = false;
    KEPT[of("PreparableStmt")] = false;
    KEPT[of("SelectStmt")] = false;
    for (String name :
        new String[] {
          "toplevel_stmt",
          "columnref",
          "qualified_name",
          "any_name",
          "func_name",
          "target_el",
          "alias_clause",
          "insert_target",
          "insert_column_item",
          "set_target",
          "sortby",
          "RoleSpec",
          "simple_select",
          "func_expr_common_subexpr",
          "index_elem",
          "columnElem",
          "var_name",
          "name",
          "with_clause",
          "func_application",
          "attr_name",
          "cursor_name",
          "PublicationObjSpec",
        }) {
      KEPT[of(name)] = true;
    }
  }

  private Symbols() {}

  /// Whether a nonterminal has a node even if it has one child or none.
  static boolean kept(int symbol) {
    return KEPT[symbol];
  }

  static int of(String name) {
    return G.symbol(name);
  }
}
