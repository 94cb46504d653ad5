package dev.nestor.review.app;

import dev.nestor.evidence.archive.EvidenceArchive;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Makes the index of a large archive before its statements are listed, and says how far it is.
final class Indexing {
  private static final String WORD = "Indexing ";
  private static final Pattern PERCENT = Pattern.compile(": ([0-9]{1,3}) %");

  private Indexing() {}

  /// Runs on a background thread.
  ///
  /// @param goOn whether it is still wanted
  /// @param said what to show
  /// @return false if it was stopped
  static boolean run(EvidenceArchive archive, BooleanSupplier goOn, Consumer<String> said)
      throws IOException {
    if (archive.isIndexed()) {
      return true;
    }
    String name = archive.card().name();
    said.accept(text(name, 0));
    long[] told = {0};
    archive.index((done, total) -> {
      long percent = total == 0 ? 100 : done * 100 / total;
      if (percent > told[0]) {
        told[0] = percent;
        said.accept(text(name, percent));
      }
      return goOn.getAsBoolean();
    });
    return goOn.getAsBoolean();
  }

  private static String text(String name, long percent) {
    return WORD
        + name
        + ": %d %%. Once for each archive, in the cache folder; Esc stops, and it goes on there."
            .formatted(percent);
  }

  /// The share that a text of it names, from 0 to 1; below 0 if it names none.
  static double share(String what) {
    Matcher percent = PERCENT.matcher(what);
    return isTold(what) && percent.find() ? Integer.parseInt(percent.group(1)) / 100.0 : -1;
  }

  /// Whether this is what it says.
  static boolean isTold(String what) {
    return what.startsWith(WORD);
  }
}
