package dev.nestor.policy.document;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// The name that a person most likely meant.
public final class Nearest {
  private static final int DISTANCE_MAX = 3;

  private Nearest() {}

  /// `; did you mean …?`, or nothing if no candidate is near.
  public static String hint(String found, Collection<String> candidates) {
    @Nullable String nearest = of(found, candidates);
    return nearest == null ? "" : "; did you mean `" + nearest + "`?";
  }

  /// The candidate with the smallest edit distance, if that is at most three.
  public static @Nullable String of(String found, Collection<String> candidates) {
    String best = null;
    int bestDistance = DISTANCE_MAX + 1;
    for (String candidate : candidates) {
      int distance = distance(found, candidate);
      if (distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return best;
  }

  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    int[] current = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(change, Math.min(previous[j], current[j - 1]) + 1);
      }
      int[] swap = previous;
      previous = current;
      current = swap;
    }
    return previous[b.length()];
  }
}
