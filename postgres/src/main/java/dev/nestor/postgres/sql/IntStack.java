package dev.nestor.postgres.sql;

import java.util.Arrays;

/// A stack of nodes, each with a state of the walk.
final class IntStack {
  private int[] nodes = new int[32];
  private int[] states = new int[32];
  private int size;
  private int poppedState;

  void push(int node, int state) {
    if (size == nodes.length) {
      nodes = Arrays.copyOf(nodes, size * 2);
      states = Arrays.copyOf(states, size * 2);
    }
    nodes[size] = node;
    states[size++] = state;
  }

  /// Takes the top node; its state is then [#state].
  int pop() {
    size--;
    poppedState = states[size];
    return nodes[size];
  }

  int state() {
    return poppedState;
  }

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  /// Turns around what was pushed since the stack had this size.
  void reverse(int from) {
    for (int low = from, high = size - 1; low < high; low++, high--) {
      int node = nodes[low];
      nodes[low] = nodes[high];
      nodes[high] = node;
      int state = states[low];
      states[low] = states[high];
      states[high] = state;
    }
  }
}
