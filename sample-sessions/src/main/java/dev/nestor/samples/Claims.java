package dev.nestor.samples;

import java.util.ArrayList;
import java.util.List;

/// Collects what did not hold.
final class Claims {
  private final List<String> broken = new ArrayList<>();

  Claims that(boolean holds, String claim) {
    if (!holds) {
      broken.add("not so: " + claim);
    }
    return this;
  }

  Claims equal(long found, long wanted, String what) {
    if (found != wanted) {
      broken.add(what + ": " + found + ", not " + wanted);
    }
    return this;
  }

  List<String> broken() {
    return List.copyOf(broken);
  }
}
