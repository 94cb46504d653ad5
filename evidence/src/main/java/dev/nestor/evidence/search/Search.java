package dev.nestor.evidence.search;

import dev.nestor.evidence.archive.ArchiveCard;
import dev.nestor.evidence.archive.DecisionCounts;
import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.evidence.archive.RecordingGap;
import dev.nestor.evidence.archive.ReplayRow;
import dev.nestor.evidence.archive.SessionCard;
import dev.nestor.evidence.archive.SessionReplay;
import dev.nestor.evidence.archive.StatementFact;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/// Asks a query of archives. Reads every statement; of copies of one archive only the first counts.
public final class Search {
  /// Above so many frames texts are compared without their constants.
  private static final long FULL_TEXT_FRAMES_MAX = 200_000;

  private static final int FACET_VALUES_MAX = 1_000;
  private static final List<Field> FACETS =
      List.of(Field.DECISION, Field.VERB, Field.TABLE, Field.SUBJECT, Field.ACTOR, Field.ROLE);

  private final ParsedQuery.Ok asked;
  private final SearchHits hits;
  private final Map<Field, Map<String, Long>> facets = new EnumMap<>(Field.class);
  private final Map<String, Long> chains = new LinkedHashMap<>();
  private final Map<String, Long> rowsByVerb = new TreeMap<>();
  private final List<String> words = new ArrayList<>();
  private DecisionCounts decisions = DecisionCounts.NONE;
  private long statements;
  private long ran;
  private long rows;
  private long failed;
  private long searched;
  private long delivered;
  private long unparsed;
  private boolean withoutConstants;

  private Search(ParsedQuery.Ok asked) {
    this.asked = asked;
    hits = new SearchHits(asked.descending());
    collectWords(asked.query());
  }

  /// The days on which archives were recorded, for times without a date.
  public static List<LocalDate> days(List<EvidenceArchive> archives, ZoneId zone) {
    Set<LocalDate> days = new TreeSet<>();
    for (EvidenceArchive archive : archives) {
      ArchiveCard card = archive.card();
      if (card.from().isPresent() && card.to().isPresent()) {
        LocalDate day = card.from().get().atZone(zone).toLocalDate();
        LocalDate last = card.to().get().atZone(zone).toLocalDate();
        for (int i = 0; !day.isAfter(last) && i < 400; i++, day = day.plusDays(1)) {
          days.add(day);
        }
      }
    }
    return List.copyOf(days);
  }

  /// Asks.
  ///
  /// @param goOn asked now and then; false stops
  /// @throws IOException if a file cannot be read
  /// @throws CancellationException if it was told to stop
  public static SearchAnswer ask(
      ParsedQuery.Ok query, List<EvidenceArchive> archives, BooleanSupplier goOn)
      throws IOException {
    Search search = new Search(query);
    Set<String> seen = new HashSet<>();
    List<EvidenceArchive> once =
        archives.stream()
            .filter(each -> each.card().id().isEmpty() || seen.add(each.card().id()))
            .toList();
    for (EvidenceArchive archive : once) {
      search.look(archive, goOn);
    }
    return search.answer(once);
  }

  private void collectWords(Query query) {
    switch (query) {
      case Query.And(List<Query> parts) -> parts.forEach(this::collectWords);
      case Query.Or(List<Query> parts) -> parts.forEach(this::collectWords);
      case Query.Word word -> {
        if (word.field() == Field.TABLE
            || word.field() == Field.TEXT
            || word.field() == Field.SQL) {
          word.values()
              .forEach(value ->
                  words.add(
                      value
                          .substring(value.lastIndexOf('.') + 1)
                          .replace("*", "")
                          .toLowerCase(Locale.ROOT)));
        }
      }
      case Query.All _,
          Query.Not _,
          Query.Between _,
          Query.During _,
          Query.Daily _,
          Query.Via _ -> {}
    }
  }

  private void look(EvidenceArchive archive, BooleanSupplier goOn) throws IOException {
    Map<Long, SessionCard> sessions = new HashMap<>();
    archive.sessions().forEach(each -> sessions.put(each.number(), each));
    Texts texts = new Texts(archive);
    withoutConstants |= !texts.whole;
    hits.from(archive, texts.whole);
    Prefilter filter = new Prefilter(asked.query(), archive.card(), sessions, !texts.whole, goOn);
    searched +=
        archive.statements(
            filter,
            fact -> {
              if ((delivered++ & 0xff) == 0 && !goOn.getAsBoolean()) {
                throw new CancellationException();
              }
              SessionCard session = sessions.get(fact.session());
              if (session == null) {
                return true;
              }
              Candidate candidate =
                  new Candidate(
                      archive.card().path(),
                      archive.card().id(),
                      session,
                      fact,
                      () -> texts.of(fact));
              if (Matches.of(asked.query(), candidate)) {
                take(candidate);
              } else if (!fact.factsKnown() && mentions(fact)) {
                unparsed++;
              }
              return true;
            });
  }

  private boolean mentions(StatementFact fact) {
    String text = fact.template().toLowerCase(Locale.ROOT);
    return words.stream().anyMatch(word -> !word.isEmpty() && text.contains(word));
  }

  /// Texts with constants; a session is opened when the first of its texts is asked for.
  private static final class Texts {
    private final EvidenceArchive archive;
    private final boolean whole;
    private long session = -1;
    private @org.jspecify.annotations.Nullable SessionReplay replay;

    Texts(EvidenceArchive archive) {
      this.archive = archive;
      this.whole = archive.card().frames() <= FULL_TEXT_FRAMES_MAX;
    }

    String of(StatementFact fact) {
      if (!whole) {
        return fact.template();
      }
      try {
        SessionReplay open = replay;
        if (open == null || session != fact.session()) {
          open = archive.replay(fact.session());
          replay = open;
          session = fact.session();
        }
        OptionalLong position = open.positionOfStatement(fact.statement());
        return position.isPresent()
                && open.row(position.getAsLong()) instanceof ReplayRow.Statement row
            ? row.sql()
            : fact.template();
      } catch (IOException | RuntimeException e) {
        return fact.template(); // then without constants
      }
    }
  }

  private void take(Candidate candidate) {
    StatementFact fact = candidate.fact();
    statements++;
    decisions = decisions.plusOne(fact.decision());
    if (fact.succeeded()) {
      ran++;
      rows += fact.rows().orElse(0);
      rowsByVerb.merge(fact.verb(), fact.rows().orElse(0), Long::sum);
    } else if (fact.decision() != dev.nestor.evidence.archive.DecisionKind.BLOCK
        && fact.decision() != dev.nestor.evidence.archive.DecisionKind.KILL) {
      failed++;
    }
    List<String> chain = candidate.chain();
    chains.merge(String.join(" → ", chain), 1L, Long::sum);
    facet(Field.DECISION, fact.decision().word());
    facet(Field.VERB, fact.verb().isEmpty() ? "(not parsed)" : fact.verb());
    fact.relations().forEach(each -> facet(Field.TABLE, each));
    if (!chain.isEmpty()) {
      facet(Field.SUBJECT, chain.getFirst());
      facet(Field.ACTOR, chain.getLast());
    }
    facet(Field.ROLE, candidate.session().role());
    if (hits.size() < SearchAnswer.HITS_MAX) {
      hits.add(fact, key(candidate));
    }
  }

  private void facet(Field field, String value) {
    Map<String, Long> values = facets.computeIfAbsent(field, _ -> new TreeMap<>());
    if (!value.isEmpty() && (values.size() < FACET_VALUES_MAX || values.containsKey(value))) {
      values.merge(value, 1L, Long::sum);
    }
  }

  // ---- the answer ----

  private SearchAnswer answer(List<EvidenceArchive> archives) {
    hits.sort();
    Map<Field, Map<String, Long>> sorted = new EnumMap<>(Field.class);
    FACETS.forEach(field -> {
      Map<String, Long> values = new LinkedHashMap<>();
      facets.getOrDefault(field, Map.of()).entrySet().stream()
          .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
          .limit(20)
          .forEach(each -> values.put(each.getKey(), each.getValue()));
      sorted.put(field, values);
    });
    return new SearchAnswer(
        asked.readsAs(),
        sentence(),
        who(),
        completeness(archives),
        statements,
        ran,
        rows,
        decisions,
        searched,
        unparsed,
        hits,
        sorted,
        true);
  }

  private long key(Candidate hit) {
    StatementFact fact = hit.fact();
    return switch (asked.sort()) {
      case ROWS -> fact.rows().orElse(0);
      case DUR -> fact.durationMicros().orElse(0);
      case SESSION -> fact.session();
      case DEPTH -> hit.chain().size();
      default -> micros(fact.at());
    };
  }

  private static long micros(Instant at) {
    return at.getEpochSecond() * 1_000_000 + at.getNano() / 1_000;
  }

  private static String counted(long count, String one) {
    return String.format(Locale.ROOT, "%,d %s%s", count, one, count == 1 ? "" : "s");
  }

  private String sentence() {
    if (statements == 0) {
      return "No statement matches.";
    }
    StringBuilder text = new StringBuilder(counted(statements, "statement")).append('.');
    if (ran > 0) {
      text.append(String.format(Locale.ROOT, " %,d ran (%s).", ran, rowsDone()));
    }
    if (decisions.blocked() > 0) {
      text.append(String.format(Locale.ROOT, " %,d blocked.", decisions.blocked()));
    }
    if (decisions.killed() > 0) {
      text.append(String.format(Locale.ROOT, " %,d killed.", decisions.killed()));
    }
    if (failed > 0) {
      text.append(String.format(Locale.ROOT, " %,d did not complete.", failed));
    }
    return text.toString();
  }

  private String rowsDone() {
    String done =
        rowsByVerb.size() != 1
            ? ""
            : switch (rowsByVerb.keySet().iterator().next()) {
              case "delete" -> " deleted";
              case "update" -> " updated";
              case "insert" -> " inserted";
              case "select" -> " read";
              default -> "";
            };
    return counted(rows, "row") + done;
  }

  private String who() {
    if (chains.isEmpty()) {
      return "";
    }
    if (chains.size() == 1) {
      List<String> chain = List.of(chains.keySet().iterator().next().split(" → ", -1));
      if (chain.size() == 1) {
        return chain.getFirst().isEmpty()
            ? "By callers that are not named."
            : "All by %s, acting directly.".formatted(chain.getFirst());
      }
      List<String> through = chain.subList(1, chain.size() - 1);
      return "All by %s%s, on behalf of %s."
          .formatted(
              chain.getLast(),
              through.isEmpty() ? "" : ", through " + String.join(" and ", through.reversed()),
              chain.getFirst());
    }
    List<String> most =
        chains.entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .limit(3)
            .map(each ->
                String.format(
                    Locale.ROOT,
                    "%s (%,d)",
                    each.getKey().isEmpty() ? "not named" : each.getKey(),
                    each.getValue()))
            .toList();
    return "Through %s: %s%s."
        .formatted(
            counted(chains.size(), "chain"),
            String.join("; ", most),
            chains.size() > 3 ? "; …" : "");
  }

  private String completeness(List<EvidenceArchive> archives) {
    List<String> parts = new ArrayList<>();
    long gapSeconds = 0;
    long gaps = 0;
    for (EvidenceArchive archive : archives) {
      for (RecordingGap gap : archive.card().gaps()) {
        gaps++;
        gapSeconds += java.time.Duration.between(gap.from(), gap.to()).toSeconds();
      }
    }
    parts.add(
        String.format(
            Locale.ROOT,
            "Searched %s in %s.",
            counted(searched, "statement"),
            counted(archives.size(), "archive")));
    parts.add(
        gaps == 0
            ? "The recording has no gap."
            : "%d min %02d s were not recorded, in %s."
                .formatted(gapSeconds / 60, gapSeconds % 60, counted(gaps, "gap")));
    if (unparsed > 0) {
      parts.add(
          "%s could not be parsed and contain a word of the query."
              .formatted(counted(unparsed, "statement")));
    }
    if (withoutConstants && !words.isEmpty()) {
      parts.add("Texts were compared without their constants.");
    }
    return String.join(" ", parts);
  }
}
