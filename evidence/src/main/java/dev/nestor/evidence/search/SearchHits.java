package dev.nestor.evidence.search;

import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.evidence.archive.Party;
import dev.nestor.evidence.archive.ReplayRow;
import dev.nestor.evidence.archive.SessionCard;
import dev.nestor.evidence.archive.SessionReplay;
import dev.nestor.evidence.archive.StatementFact;
import dev.nestor.evidence.finding.StatementRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.RandomAccess;

/// The statements that a search found, in the order asked for: some thirty bytes each. A hit itself
/// is read from its archive when it is asked for, so two million cost little more than two.
///
/// **Threads.** Filled by one; then any may read. Reading waits for the disk.
public final class SearchHits extends AbstractList<SearchHit> implements RandomAccess {
  /// No hits.
  public static final SearchHits NONE = new SearchHits(false);

  private static final int REPLAYS_KEPT = 8;

  private final boolean descending;
  private final List<Source> sources = new ArrayList<>();
  private int size;
  private int[] order = new int[0];
  private int[] source = new int[64];
  private long[] session = new long[64];
  private long[] frame = new long[64];
  private long[] statement = new long[64];
  private long[] key = new long[64];

  /// An archive that was searched, with what is read of it again.
  private static final class Source {
    private final EvidenceArchive archive;
    private final String id;
    private final boolean whole;
    private final Map<Long, SessionCard> sessions = new HashMap<>();
    private final Map<Long, SessionReplay> replays =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Long, SessionReplay> eldest) {
            return size() > REPLAYS_KEPT;
          }
        };

    Source(EvidenceArchive archive, boolean whole) {
      this.archive = archive;
      this.id = archive.card().id().replace("-", "");
      this.whole = whole;
      archive.sessions().forEach(each -> sessions.put(each.number(), each));
    }

    /// Its text, with constants where the archive is small enough to look for them.
    String text(StatementFact fact) {
      if (!whole) {
        return fact.template();
      }
      try {
        SessionReplay open = replays.get(fact.session());
        if (open == null) {
          open = archive.replay(fact.session());
          replays.put(fact.session(), open);
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

  /// @param descending whether the highest key comes first
  SearchHits(boolean descending) {
    this.descending = descending;
  }

  /// What is added next is of this archive.
  ///
  /// @param whole whether texts are wanted with their constants
  void from(EvidenceArchive archive, boolean whole) {
    sources.add(new Source(archive, whole));
  }

  /// Adds a statement.
  ///
  /// @param by what they are ordered by
  void add(StatementFact fact, long by) {
    if (size == frame.length) {
      int more = size + (size >> 1);
      source = Arrays.copyOf(source, more);
      session = Arrays.copyOf(session, more);
      frame = Arrays.copyOf(frame, more);
      statement = Arrays.copyOf(statement, more);
      key = Arrays.copyOf(key, more);
    }
    source[size] = sources.size() - 1;
    session[size] = fact.session();
    frame[size] = fact.frame();
    statement[size] = fact.statement();
    key[size] = by;
    size++;
  }

  /// Brings them into their order: by key, then by archive, then by frame.
  void sort() {
    int[] sorted = new int[size];
    for (int i = 0; i < size; i++) {
      sorted[i] = i;
    }
    order = merged(sorted);
  }

  private int[] merged(int[] from) {
    int[] to = new int[from.length];
    for (int width = 1; width < from.length && width > 0; width *= 2) {
      for (int low = 0; low < from.length; low += 2 * width) {
        int middle = Math.min(low + width, from.length);
        int high = (int) Math.min(low + 2L * width, from.length);
        int a = low;
        int b = middle;
        for (int i = low; i < high; i++) {
          to[i] =
              b >= high || (a < middle && compare(from[a], from[b]) <= 0) ? from[a++] : from[b++];
        }
      }
      int[] other = from;
      from = to;
      to = other;
    }
    return from;
  }

  private int compare(int a, int b) {
    int by = descending ? Long.compare(key[b], key[a]) : Long.compare(key[a], key[b]);
    if (by == 0) {
      by =
          sources
              .get(source[a])
              .archive
              .card()
              .path()
              .compareTo(sources.get(source[b]).archive.card().path());
    }
    return by == 0 ? Long.compare(frame[a], frame[b]) : by;
  }

  @Override
  public int size() {
    return size;
  }

  /// @throws UncheckedIOException if the archive cannot be read again
  @Override
  public SearchHit get(int index) {
    int at = order[java.util.Objects.checkIndex(index, size)];
    Source of = sources.get(source[at]);
    synchronized (of) {
      try {
        StatementFact fact =
            of.archive
                .statement(frame[at], statement[at])
                .orElseThrow(() -> new IOException("frame " + frame[at] + " cannot be read"));
        SessionCard card = of.sessions.get(session[at]);
        if (card == null) {
          throw new IOException("session " + session[at] + " cannot be read");
        }
        return new SearchHit(
            StatementRef.of(of.archive.card().path(), of.archive.card().id(), fact),
            card,
            fact,
            chain(card),
            of.text(fact));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// The addresses of the first of them; reads nothing.
  public List<String> citations(int max) {
    List<String> citations = new ArrayList<>();
    for (int i = 0; i < Math.min(max, size); i++) {
      int at = order[i];
      citations.add(StatementRef.citation(sources.get(source[at]).id, session[at], frame[at]));
    }
    return citations;
  }

  /// Names from the subject to the one that acts now.
  static List<String> chain(SessionCard session) {
    List<String> chain = new ArrayList<>();
    session.subject().map(Party::name).ifPresent(chain::add);
    session.actors().forEach(each -> chain.add(each.name()));
    return chain;
  }
}
