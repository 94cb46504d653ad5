package dev.nestor.evidence.credential;

import dev.nestor.evidence.archive.ArchiveCard;
import dev.nestor.evidence.archive.RecordingGap;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Which times the archives speak about. Outside of it nothing is known, least of all that
/// something was not used.
///
/// @param intervals recorded, in order, apart from each other
/// @param archives how many archives
public record Coverage(List<Interval> intervals, int archives) {
  /// From a moment up to another.
  public record Interval(Instant from, Instant to) {}

  public Coverage {
    intervals = List.copyOf(intervals);
  }

  /// What archives cover together.
  public static Coverage of(List<ArchiveCard> cards) {
    List<Interval> all = new ArrayList<>();
    for (ArchiveCard card : cards) {
      if (card.from().isEmpty() || card.to().isEmpty()) {
        continue;
      }
      Instant at = card.from().get();
      for (RecordingGap gap : card.gaps()) {
        if (gap.from().isAfter(at)) {
          all.add(new Interval(at, gap.from()));
        }
        at = gap.to();
      }
      if (!card.to().get().isBefore(at)) {
        all.add(new Interval(at, card.to().get()));
      }
    }
    all.sort(Comparator.comparing(Interval::from));
    List<Interval> joined = new ArrayList<>();
    for (Interval each : all) {
      if (!joined.isEmpty() && !each.from().isAfter(joined.getLast().to())) {
        Interval last = joined.removeLast();
        joined.add(new Interval(last.from(), last.to().isAfter(each.to()) ? last.to() : each.to()));
      } else {
        joined.add(each);
      }
    }
    return new Coverage(joined, cards.size());
  }

  /// The first moment, or the epoch where nothing is covered.
  public Instant from() {
    return intervals.isEmpty() ? Instant.EPOCH : intervals.getFirst().from();
  }

  /// The last moment, or the epoch where nothing is covered.
  public Instant to() {
    return intervals.isEmpty() ? Instant.EPOCH : intervals.getLast().to();
  }

  /// How much of a time is covered, 0 to 1; 1 for no time at all.
  public double share(Instant from, Instant to) {
    long all = Duration.between(from, to).toMillis();
    if (all <= 0) {
      return 1;
    }
    long covered = 0;
    for (Interval each : intervals) {
      Instant begin = each.from().isAfter(from) ? each.from() : from;
      Instant end = each.to().isBefore(to) ? each.to() : to;
      covered += Math.max(0, Duration.between(begin, end).toMillis());
    }
    return Math.min(1, (double) covered / all);
  }

  /// Times between the first and the last moment that are not recorded.
  public Duration gaps() {
    Duration gaps = Duration.ZERO;
    for (int i = 1; i < intervals.size(); i++) {
      gaps = gaps.plus(Duration.between(intervals.get(i - 1).to(), intervals.get(i).from()));
    }
    return gaps;
  }
}
