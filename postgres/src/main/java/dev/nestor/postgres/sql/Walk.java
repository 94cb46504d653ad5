package dev.nestor.postgres.sql;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/// What the walkers of one statement share: the tree, the facts, the names, and the work that is
/// still to be done. Steps instead of calls, so that no statement can exhaust the stack.
final class Walk {
  /// A piece of work; may plan further ones, which are done before what was planned already.
  interface Step {
    void run();
  }

  final ParseTree tree;
  final FactsCollector facts;
  final NameLookup names;
  final ViewExpansions views;
  private final ArrayDeque<Step> steps = new ArrayDeque<>();

  Walk(ParseTree tree, FactsCollector facts, NameLookup names, ViewExpansions views) {
    this.tree = tree;
    this.facts = facts;
    this.names = names;
    this.views = views;
  }

  /// Plans steps, to be done next and in this order.
  void plan(Step... next) {
    for (int i = next.length - 1; i >= 0; i--) {
      steps.push(next[i]);
    }
  }

  /// Plans steps, to be done next and in this order.
  void plan(List<Step> next) {
    for (int i = next.size() - 1; i >= 0; i--) {
      steps.push(next.get(i));
    }
  }

  /// Does everything that is planned.
  void finish() {
    while (!steps.isEmpty()) {
      steps.pop().run();
    }
  }

  int symbol(int node) {
    return tree.symbol(node);
  }

  /// The parts of a dotted name: `a`, `a.b`, `a.b.c`; without subscripts and stars.
  List<String> nameParts(int node) {
    List<String> parts = new ArrayList<>(2);
    collectNames(node, parts);
    return parts;
  }

  /// Names are at most four levels of the grammar deep, so this may recurse.
  ///
  /// @return whether to go on: a subscript ends the name
  private boolean collectNames(int node, List<String> parts) {
    if (tree.isLeaf(node)) {
      int symbol = tree.symbol(node);
      if (symbol != Symbols.DOT && symbol != Symbols.STAR) {
        parts.add(tree.text(node));
      }
      return true;
    }
    for (int child = tree.firstChild(node); child != ParseTree.NONE; child = tree.next(child)) {
      if (tree.symbol(child) == Symbols.OPEN_BRACKET || !collectNames(child, parts)) {
        return false;
      }
    }
    return true;
  }

  /// The names of a list like `(a, b)`, whatever its nodes are called.
  List<String> nameList(int node) {
    List<String> found = new ArrayList<>();
    IntStack todo = new IntStack();
    todo.push(node, 0);
    while (!todo.isEmpty()) {
      int next = todo.pop();
      if (!tree.isLeaf(next)) {
        pushChildren(todo, next, 0);
      } else if (!isPunctuation(tree.symbol(next))) {
        found.add(tree.text(next));
      }
    }
    return found;
  }

  static boolean isPunctuation(int symbol) {
    return symbol == Symbols.OPEN || symbol == Symbols.CLOSE || symbol == Symbols.COMMA;
  }

  /// Puts the children of a node on a stack, the first on top.
  void pushChildren(IntStack stack, int node, int state) {
    int from = stack.size();
    for (int child = tree.firstChild(node); child != ParseTree.NONE; child = tree.next(child)) {
      stack.push(child, state);
    }
    stack.reverse(from);
  }

  /// The child that is no parenthesis.
  int insideParentheses(int node) {
    int child = tree.firstChild(node);
    while (child != ParseTree.NONE && isPunctuation(tree.symbol(child))) {
      child = tree.next(child);
    }
    return child;
  }
}
