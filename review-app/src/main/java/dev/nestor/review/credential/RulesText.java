package dev.nestor.review.credential;

import dev.nestor.evidence.credential.HygieneRules;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;

/// The lines of [HygieneRules] as people type and read them.
final class RulesText {
  /// What each text of [#of] is, in the same order.
  static final List<String> NAMES =
      List.of(
          "Unused for too long after, days",
          "Longest lifetime, hours",
          "Places that are ordinary for one credential",
          "Repeats of a blocked statement that are ordinary",
          "Recorded share below which it says not observed, %",
          "Recorded time below which it says not observed, minutes",
          "Working hours in UTC, such as 07:00-19:00, or any");

  private static final List<Integer> MOST = List.of(3_650, 87_600, 10_000, 1_000_000, 100, 525_600);

  /// What became of texts.
  sealed interface Parsed {
    /// Understood.
    record Ok(HygieneRules rules) implements Parsed {}

    /// Not understood.
    ///
    /// @param why which text, and what it should be
    record Wrong(String why) implements Parsed {}
  }

  private RulesText() {}

  /// One text for each name.
  static List<String> of(HygieneRules rules) {
    return List.of(
        Long.toString(rules.unusedFor().toDays()),
        Long.toString(rules.lifetimeMax().toHours()),
        Integer.toString(rules.placesMax()),
        Long.toString(rules.blockedRepeatsMax()),
        Long.toString(Math.round(rules.coverageMin() * 100)),
        Long.toString(rules.observedMin().toMinutes()),
        rules.schedule().map(hours -> hours.from() + "-" + hours.to()).orElse("any"));
  }

  /// All of them in a sentence.
  static String sentence(HygieneRules rules) {
    List<String> texts = of(rules);
    return "unused %s days, lifetime %s h, %s places, %s repeats, %s %% and %s min recorded, hours %s"
        .formatted(texts.toArray());
  }

  /// @param texts one for each name
  static Parsed parse(List<String> texts) {
    int[] numbers = new int[MOST.size()];
    for (int i = 0; i < numbers.length; i++) {
      String text = texts.get(i).strip();
      if (!text.matches("[0-9]{1,7}")
          || Integer.parseInt(text) < 1
          || Integer.parseInt(text) > MOST.get(i)) {
        return new Parsed.Wrong(
            "%s: a whole number from 1 to %,d.".formatted(NAMES.get(i), MOST.get(i)));
      }
      numbers[i] = Integer.parseInt(text);
    }
    String hours = texts.get(MOST.size()).strip();
    Optional<HygieneRules.Schedule> schedule;
    try {
      String[] parts = hours.split("-", -1);
      schedule =
          hours.isEmpty() || hours.equals("any")
              ? Optional.empty()
              : Optional.of(
                  new HygieneRules.Schedule(
                      LocalTime.parse(parts[0].strip()), LocalTime.parse(parts[1].strip())));
    } catch (DateTimeException | ArrayIndexOutOfBoundsException e) {
      return new Parsed.Wrong("Working hours: two times such as 07:00-19:00, or any.");
    }
    return new Parsed.Ok(
        new HygieneRules(
            Duration.ofDays(numbers[0]),
            Duration.ofHours(numbers[1]),
            numbers[2],
            numbers[3],
            numbers[4] / 100.0,
            Duration.ofMinutes(numbers[5]),
            schedule));
  }
}
