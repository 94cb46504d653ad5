package dev.nestor.postgres.sql;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The tree that the grammar makes of a text, as arrays: nodes are numbers, [#NONE] is no node.
///
/// It is the concrete syntax, with three simplifications: what derives nothing has no node; a
/// nonterminal with one child stands for that child, unless [Symbols] keeps it; and a rule applied
/// again to its own leftmost result, as lists do, adds children instead of depth. Trees can still
/// be deep, so nobody may recurse on them.
final class ParseTree {
  static final int NONE = -1;

  private final byte[] sql;
  private short[] symbols;
  private short[] rules;
  private int[] starts;
  private int[] ends;
  private int[] firstChildren;
  private int[] lastChildren;
  private int[] siblings;
  private @Nullable String[] values;
  private int size;
  private boolean constantsRead;

  ParseTree(byte[] sql) {
    this.sql = sql;
    int capacity = Math.min(sql.length / 2 + 32, 4096);
    symbols = new short[capacity];
    rules = new short[capacity];
    starts = new int[capacity];
    ends = new int[capacity];
    firstChildren = new int[capacity];
    lastChildren = new int[capacity];
    siblings = new int[capacity];
    values = new String[capacity];
  }

  private int add(int symbol, int rule, int start, int end) {
    if (size == symbols.length) {
      int capacity = size * 2;
      symbols = Arrays.copyOf(symbols, capacity);
      rules = Arrays.copyOf(rules, capacity);
      starts = Arrays.copyOf(starts, capacity);
      ends = Arrays.copyOf(ends, capacity);
      firstChildren = Arrays.copyOf(firstChildren, capacity);
      lastChildren = Arrays.copyOf(lastChildren, capacity);
      siblings = Arrays.copyOf(siblings, capacity);
      values = Arrays.copyOf(values, capacity);
    }
    int node = size++;
    symbols[node] = (short) symbol;
    rules[node] = (short) rule;
    starts[node] = start;
    ends[node] = end;
    firstChildren[node] = NONE;
    lastChildren[node] = NONE;
    siblings[node] = NONE;
    return node;
  }

  int addLeaf(int symbol, int start, int end, @Nullable String value) {
    int leaf = add(symbol, 0, start, end);
    values[leaf] = value;
    return leaf;
  }

  int addNode(int symbol, int rule, int offset) {
    return add(symbol, rule, offset, offset);
  }

  void append(int parent, int child) {
    if (firstChildren[parent] == NONE) {
      firstChildren[parent] = child;
      starts[parent] = starts[child];
    } else {
      siblings[lastChildren[parent]] = child;
    }
    lastChildren[parent] = child;
    ends[parent] = ends[child];
  }

  /// Notes that the grammar takes a word as a name.
  void nameWord(int leaf) {
    symbols[leaf] = (short) Symbols.IDENT;
  }

  int size() {
    return size;
  }

  /// Number of the symbol in [Grammar].
  int symbol(int node) {
    return symbols[node];
  }

  /// Number of the rule that made it; 0 for a token.
  int rule(int node) {
    return rules[node];
  }

  int start(int node) {
    return starts[node];
  }

  int end(int node) {
    return ends[node];
  }

  int firstChild(int node) {
    return firstChildren[node];
  }

  int lastChild(int node) {
    return lastChildren[node];
  }

  int next(int node) {
    return siblings[node];
  }

  boolean isLeaf(int node) {
    return rules[node] == 0;
  }

  /// The first child with this symbol, or [#NONE].
  int child(int node, int symbol) {
    int child = firstChildren[node];
    while (child != NONE && symbols[child] != symbol) {
      child = siblings[child];
    }
    return child;
  }

  /// The first token below a node, or the node itself.
  int firstLeaf(int node) {
    int leaf = node;
    while (firstChildren[leaf] != NONE) {
      leaf = firstChildren[leaf];
    }
    return leaf;
  }

  /// What a token stands for: the name, the content of the string, the keyword in lower case.
  String text(int leaf) {
    constantsRead |= Symbols.isConstant(symbols[leaf]);
    String value = values[leaf];
    if (value != null) {
      return value;
    }
    if (sql[starts[leaf]] == '\'') {
      return raw(starts[leaf] + 1, ends[leaf] - 1);
    }
    return asciiLower(starts[leaf], ends[leaf]);
  }

  /// Whether anybody has asked what a constant says.
  boolean constantsRead() {
    return constantsRead;
  }

  private String asciiLower(int from, int to) {
    byte[] copy = Arrays.copyOfRange(sql, from, to);
    for (int i = 0; i < copy.length; i++) {
      if (copy[i] >= 'A' && copy[i] <= 'Z') {
        copy[i] = (byte) (copy[i] + 32);
      }
    }
    return new String(copy, StandardCharsets.UTF_8);
  }

  private String raw(int from, int to) {
    return new String(sql, from, to - from, StandardCharsets.UTF_8);
  }
}
