package dev.nestor.review.search;

import dev.nestor.evidence.search.SearchHit;
import dev.nestor.evidence.search.SearchHits;
import dev.nestor.review.ui.FrameList;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;

/// The hits of a search as rows of a list: read in pages in the background when somebody looks at
/// them, the pages looked at last kept. Used on the JavaFX application thread.
final class HitPages implements FrameList.Rows<HitPages.Row> {
  static final int PAGE = 128;
  private static final int PAGES_MAX = 64;

  /// A row of the list.
  ///
  /// @param hit absent while it is being read, or if it cannot be
  /// @param instead what is said in its place
  record Row(Optional<SearchHit> hit, String instead) {
    private static final Row PENDING = new Row(Optional.empty(), "reading…");

    String text(Function<SearchHit, String> text) {
      return hit.map(text).orElse("");
    }
  }

  private final SearchHits hits;
  private final Executor background;
  private final Executor fxThread;
  private final Runnable arrived;
  private final Function<SearchHit, String> spoken;
  private final Set<Integer> asked = new HashSet<>();
  private final Map<Integer, List<Row>> pages =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, List<Row>> eldest) {
          return size() > PAGES_MAX;
        }
      };

  /// @param arrived runs on the JavaFX thread after a page has come
  /// @param spoken what a screen reader says of a hit
  HitPages(
      SearchHits hits,
      Executor background,
      Executor fxThread,
      Runnable arrived,
      Function<SearchHit, String> spoken) {
    this.hits = hits;
    this.background = background;
    this.fxThread = fxThread;
    this.arrived = arrived;
    this.spoken = spoken;
  }

  @Override
  public long size() {
    return hits.size();
  }

  @Override
  public Row row(long index) {
    int page = (int) (index / PAGE);
    List<Row> rows = pages.get(page);
    if (rows == null) {
      ask(page);
      rows = pages.get(page); // there already where both executors run at once
    }
    int at = (int) (index % PAGE);
    return rows == null || at >= rows.size() ? Row.PENDING : rows.get(at);
  }

  private void ask(int page) {
    if (!asked.add(page)) {
      return;
    }
    background.execute(() -> {
      List<Row> rows = new ArrayList<>(PAGE);
      for (int i = page * PAGE; i < Math.min(hits.size(), (page + 1) * PAGE); i++) {
        rows.add(read(i));
      }
      fxThread.execute(() -> {
        asked.remove(page);
        pages.put(page, rows);
        arrived.run();
      });
    });
  }

  private Row read(int index) {
    try {
      return new Row(Optional.of(hits.get(index)), "");
    } catch (RuntimeException e) {
      return new Row(Optional.empty(), "cannot be read: " + e.getMessage());
    }
  }

  @Override
  public String spoken(Row row) {
    return row.hit().map(spoken).orElse(row.instead());
  }

  @Override
  public List<String> styles(Row row) {
    return List.of();
  }
}
