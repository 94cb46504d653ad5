package dev.nestor.evidence.search;

import dev.nestor.evidence.archive.DecisionKind;
import dev.nestor.evidence.archive.StatementFact;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Whether a statement is what a query asks for.
final class Matches {
  private Matches() {}

  static boolean of(Query query, Candidate candidate) {
    return switch (query) {
      case Query.All() -> true;
      case Query.And(List<Query> parts) -> parts.stream().allMatch(each -> of(each, candidate));
      case Query.Or(List<Query> parts) -> parts.stream().anyMatch(each -> of(each, candidate));
      case Query.Not(Query part) -> !of(part, candidate);
      case Query.Word word ->
          word.values().stream().anyMatch(value -> word(word, value, candidate));
      case Query.Between(Field field, double from, double to) ->
          number(field, candidate).filter(value -> value >= from && value <= to).isPresent();
      case Query.During during -> during(during, candidate.fact().at());
      case Query.Daily(LocalTime from, LocalTime to, var zone) -> {
        LocalTime at = candidate.fact().at().atZone(zone).toLocalTime();
        yield from.isBefore(to)
            ? !at.isBefore(from) && at.isBefore(to)
            : !at.isBefore(from) || at.isBefore(to);
      }
      case Query.Via(List<String> names) -> via(names, candidate.chain());
    };
  }

  private static boolean during(Query.During during, Instant at) {
    Instant from = during.from();
    Instant to = during.to();
    return (from == null || !at.isBefore(from)) && (to == null || at.isBefore(to));
  }

  private static boolean via(List<String> names, List<String> chain) {
    for (int i = 0; i + names.size() <= chain.size(); i++) {
      boolean all = true;
      for (int j = 0; j < names.size(); j++) {
        all &= like(names.get(j), chain.get(i + j));
      }
      if (all) {
        return true;
      }
    }
    return false;
  }

  static boolean isDecision(String word) {
    return decision(word).isPresent();
  }

  private static Optional<DecisionKind> decision(String word) {
    for (DecisionKind kind : DecisionKind.values()) {
      if (kind.word().equalsIgnoreCase(word) || kind.json().equalsIgnoreCase(word)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  private static boolean word(Query.Word word, String value, Candidate candidate) {
    StatementFact fact = candidate.fact();
    return switch (word.field()) {
      case VERB -> like(value.replace(' ', '-'), fact.verb());
      case TABLE -> fact.relations().stream().anyMatch(each -> qualified(value, each));
      case SCHEMA ->
          fact.relations().stream()
              .anyMatch(each -> like(value, each.substring(0, Math.max(0, each.indexOf('.')))));
      case COLUMN -> fact.outputs().stream().anyMatch(each -> qualified(value, each));
      case LABEL -> fact.labels().stream().anyMatch(each -> like(value, each));
      case DB -> like(value, candidate.session().database());
      case SQLSTATE -> like(value, fact.sqlState());
      case TEXT, SQL -> contains(value, candidate);
      case DECISION -> decision(value).filter(kind -> kind == fact.decision()).isPresent();
      case RULE -> fact.rules().stream().anyMatch(each -> like(value, each));
      case MASKED -> value.equalsIgnoreCase("yes") == !fact.maskedOutputs().isEmpty();
      case FLAG -> fact.flags().stream().anyMatch(each -> like(value, each));
      case SUBJECT ->
          candidate.session().subject().filter(each -> like(value, each.name())).isPresent();
      case ACTOR -> actor(word, value, candidate);
      case ROLE -> like(value, candidate.session().role());
      case APP -> like(value, candidate.session().application());
      case CRED ->
          candidate.session().credential().filter(each -> like(value, each.label())).isPresent();
      case ARCHIVE -> like(value + "*", String.valueOf(candidate.archive().getFileName()));
      case IS ->
          switch (value.toLowerCase(Locale.ROOT)) {
            case "exception" -> fact.decision().isException();
            case "unparsed" -> !fact.factsKnown();
            default -> !fact.sqlState().isEmpty();
          };
      case ROWS, DUR, DEPTH, SESSION, FRAME, TIME, VIA -> false;
    };
  }

  private static boolean actor(Query.Word word, String value, Candidate candidate) {
    List<String> actors = candidate.actors();
    Integer index = word.index();
    if (index == null) {
      return actors.stream().anyMatch(each -> like(value, each));
    }
    int at = index < 0 ? actors.size() + index : index;
    return at >= 0 && at < actors.size() && like(value, actors.get(at));
  }

  private static boolean contains(String value, Candidate candidate) {
    String wanted = value.toLowerCase(Locale.ROOT);
    return candidate.fact().template().toLowerCase(Locale.ROOT).contains(wanted)
        || candidate.fullText().get().toLowerCase(Locale.ROOT).contains(wanted);
  }

  private static Optional<Double> number(Field field, Candidate candidate) {
    StatementFact fact = candidate.fact();
    return switch (field) {
      case ROWS ->
          fact.rows().isPresent()
              ? Optional.of((double) fact.rows().getAsLong())
              : Optional.empty();
      case DUR ->
          fact.durationMicros().isPresent()
              ? Optional.of((double) fact.durationMicros().getAsLong())
              : Optional.empty();
      case DEPTH -> Optional.of((double) candidate.session().actors().size());
      case SESSION -> Optional.of((double) fact.session());
      case FRAME -> Optional.of((double) fact.frame());
      default -> Optional.empty();
    };
  }

  /// A name, or its last part.
  private static boolean qualified(String pattern, String name) {
    return like(pattern, name)
        || like(pattern, name.substring(name.lastIndexOf('.') + 1))
        || (pattern.indexOf('.') > 0
            && name.toLowerCase(Locale.ROOT).endsWith("." + pattern.toLowerCase(Locale.ROOT)));
  }

  /// Without regard to case; `*` stands for anything, `?` for one character.
  static boolean like(String pattern, String text) {
    return like(pattern.toLowerCase(Locale.ROOT), text.toLowerCase(Locale.ROOT), 0, 0);
  }

  private static boolean like(String pattern, String text, int p, int t) {
    int star = -1;
    int mark = 0;
    int i = p;
    int j = t;
    while (j < text.length()) {
      if (i < pattern.length()
          && (pattern.charAt(i) == '?' || pattern.charAt(i) == text.charAt(j))
          && pattern.charAt(i) != '*') {
        i++;
        j++;
      } else if (i < pattern.length() && pattern.charAt(i) == '*') {
        star = i++;
        mark = j;
      } else if (star >= 0) {
        i = star + 1;
        j = ++mark;
      } else {
        return false;
      }
    }
    while (i < pattern.length() && pattern.charAt(i) == '*') {
      i++;
    }
    return i == pattern.length();
  }
}
