package dev.nestor.postgres.sql;

import java.util.ArrayList;
import java.util.List;

/// The top-level statements of a text.
final class Statements {
  private Statements() {}

  /// Nodes `toplevel_stmt` in the order of the text, also empty ones.
  static List<Integer> of(ParseTree tree, int root) {
    List<Integer> statements = new ArrayList<>();
    IntStack todo = new IntStack();
    todo.push(root, 0);
    while (!todo.isEmpty()) {
      int node = todo.pop();
      if (tree.symbol(node) == Symbols.TOPLEVEL_STMT) {
        statements.add(node);
      } else if (!tree.isLeaf(node)) {
        int from = todo.size();
        for (int child = tree.firstChild(node); child != ParseTree.NONE; child = tree.next(child)) {
          todo.push(child, 0);
        }
        todo.reverse(from);
      }
    }
    return statements;
  }
}
