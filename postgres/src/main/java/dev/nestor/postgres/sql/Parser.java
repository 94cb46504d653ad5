package dev.nestor.postgres.sql;

import java.util.Arrays;

/// Runs PostgreSQL's LALR tables over the tokens of a text, as bison's own skeleton does, with a
/// stack on the heap. Stateless.
final class Parser {
  private static final Grammar G = Grammar.get();
  private static final int STACK_START = 64;
  private static final int NO_TOKEN = -1;

  private Parser() {}

  /// The tree of a whole text, whose root is `parse_toplevel`.
  ///
  /// @param tree an empty one, which takes the nodes
  /// @return the root, or [ParseTree#NONE] where the text holds no statement
  static int parse(byte[] sql, SqlSettings settings, ParseTree tree) throws UnreadableSqlException {
    SqlLimits limits = settings.limits();
    if (sql.length > limits.bytesMax()) {
      throw new UnreadableSqlException(FactsStatus.TOO_LONG, 0, "the text is too long");
    }
    Scanner scanner = new Scanner(sql, settings, null);
    int[] states = new int[STACK_START];
    int[] nodes = new int[STACK_START];
    int top = 0;
    int state = 0;
    int token = NO_TOKEN;
    int symbol = 0;
    while (true) {
      int action = G.pact[state];
      int rule;
      if (action == G.pactNone) {
        rule = G.defact[state];
      } else {
        if (token == NO_TOKEN) {
          token = scanner.next();
          symbol = G.symbolOf(token);
        }
        int index = action + symbol;
        if (index < 0 || index > G.last || G.check[index] != symbol) {
          rule = G.defact[state];
        } else {
          int next = G.table[index];
          if (next > 0) {
            if (++top == states.length) {
              states = Arrays.copyOf(states, states.length * 2);
              nodes = Arrays.copyOf(nodes, nodes.length * 2);
            }
            if (top > limits.depthMax()) {
              throw tooDeep(scanner.start);
            }
            state = next;
            states[top] = state;
            nodes[top] = tree.addLeaf(symbol, scanner.start, scanner.end, scanner.value);
            token = NO_TOKEN;
            if (state == G.finalState) {
              return nodes[top - 1];
            }
            continue;
          }
          rule = next == G.tableNone ? 0 : -next;
        }
      }
      if (rule == 0) {
        throw new UnreadableSqlException(FactsStatus.SYNTAX, scanner.start, "syntax error");
      }
      int length = G.ruleLength[rule];
      int left = G.ruleLeft[rule];
      int node = reduce(tree, nodes, top, rule, length, left, scanner.start);
      top -= length;
      state = states[top];
      int target = G.pgoto[left - G.terminals] + state;
      state =
          target >= 0 && target <= G.last && G.check[target] == state
              ? G.table[target]
              : G.defgoto[left - G.terminals];
      if (++top == states.length) {
        states = Arrays.copyOf(states, states.length * 2);
        nodes = Arrays.copyOf(nodes, nodes.length * 2);
      }
      if (top > limits.depthMax()) {
        throw tooDeep(scanner.start);
      }
      states[top] = state;
      nodes[top] = node;
    }
  }

  private static UnreadableSqlException tooDeep(int offset) {
    return new UnreadableSqlException(
        FactsStatus.TOO_DEEP, offset, "the text is nested too deeply");
  }

  private static int reduce(
      ParseTree tree, int[] nodes, int top, int rule, int length, int left, int offset) {
    boolean kept = Symbols.kept(left);
    if (length == 1 && !kept) {
      if (Symbols.isWordClass(left)) {
        tree.nameWord(nodes[top]);
      }
      return nodes[top];
    }
    int first = top - length + 1;
    int node = ParseTree.NONE;
    int i = first;
    if (length > 1) {
      int leftmost = nodes[first];
      if (leftmost != ParseTree.NONE
          && tree.rule(leftmost) == rule
          && tree.symbol(leftmost) == left) {
        node = leftmost;
        i++;
      }
    }
    for (; i <= top; i++) {
      if (nodes[i] != ParseTree.NONE) {
        if (node == ParseTree.NONE) {
          node = tree.addNode(left, rule, offset);
        }
        tree.append(node, nodes[i]);
      }
    }
    return node == ParseTree.NONE && kept ? tree.addNode(left, rule, offset) : node;
  }
}
