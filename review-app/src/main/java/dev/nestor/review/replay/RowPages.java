package dev.nestor.review.replay;

import dev.nestor.evidence.archive.ReplayRow;
import dev.nestor.evidence.archive.SessionReplay;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;

/// Rows in pages, read in the background when they are first asked for; the pages asked for last
/// are kept.
final class RowPages {
  static final int PAGE = 128;
  private static final int PAGES_MAX = 64;

  /// A row, or why there is none.
  record Loaded(Optional<ReplayRow> row, String why) {}

  private final SessionReplay replay;
  private final Executor background;
  private final Executor fxThread;
  private final Runnable arrived;
  private final Set<Long> asked = new HashSet<>();
  private long ahead = -1;
  private final Map<Long, List<Loaded>> pages =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, List<Loaded>> eldest) {
          return size() > PAGES_MAX;
        }
      };

  /// @param arrived runs on the JavaFX thread after a page has come
  RowPages(SessionReplay replay, Executor background, Executor fxThread, Runnable arrived) {
    this.replay = replay;
    this.background = background;
    this.fxThread = fxThread;
    this.arrived = arrived;
  }

  /// The row if it is here; asks for it otherwise. Asks for the page ahead too, and for the one
  /// behind, so that somebody who walks through the rows finds them there.
  Optional<Loaded> row(long position) {
    long page = position / PAGE;
    List<Loaded> rows = pages.get(page);
    if (rows != null && page != ahead) {
      ahead = page;
      askIfMissing(page + 1);
      askIfMissing(page - 1);
    }
    if (rows == null) {
      ask(page);
      rows = pages.get(page); // there already where both executors run at once
    }
    int at = (int) (position % PAGE);
    if (rows != null && at >= rows.size() && position < replay.size()) {
      ask(page); // it was the last page when it was read
    }
    return rows == null || at >= rows.size() ? Optional.empty() : Optional.of(rows.get(at));
  }

  private void askIfMissing(long page) {
    if (page >= 0 && page * PAGE < replay.size() && !pages.containsKey(page)) {
      ask(page);
    }
  }

  private void ask(long page) {
    if (!asked.add(page)) {
      return;
    }
    background.execute(() -> {
      List<Loaded> rows = read(page);
      fxThread.execute(() -> {
        asked.remove(page);
        pages.put(page, rows);
        arrived.run();
      });
    });
  }

  private List<Loaded> read(long page) {
    List<Loaded> rows = new ArrayList<>(PAGE);
    long end = Math.min(replay.size(), (page + 1) * PAGE);
    for (long position = page * PAGE; position < end; position++) {
      try {
        rows.add(new Loaded(Optional.of(replay.row(position)), ""));
      } catch (IOException | RuntimeException e) {
        rows.add(new Loaded(Optional.empty(), "cannot be read: " + e.getMessage()));
      }
    }
    return rows;
  }
}
