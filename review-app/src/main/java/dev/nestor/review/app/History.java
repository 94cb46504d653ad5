package dev.nestor.review.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Where somebody has been, as a browser keeps it.
///
/// @param <P> a place
final class History<P> {
  private static final int PLACES_MAX = 100;

  private final List<P> places = new ArrayList<>();
  private int at = -1;

  /// Says that a place was gone to; what lay ahead is forgotten. The place where one is counts
  /// once.
  void went(P place) {
    if (at >= 0 && places.get(at).equals(place)) {
      return;
    }
    while (places.size() > at + 1) {
      places.removeLast();
    }
    places.add(place);
    if (places.size() > PLACES_MAX) {
      places.removeFirst();
    }
    at = places.size() - 1;
  }

  /// The place before, or the one after it that one came back from.
  Optional<P> step(boolean forward) {
    int to = at + (forward ? 1 : -1);
    if (to < 0 || to >= places.size()) {
      return Optional.empty();
    }
    at = to;
    return Optional.of(places.get(at));
  }
}
