package dev.nestor.review.app;

import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.review.library.LibraryEntry;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/// Makes the index of a large archive behind what is shown of it, and says how far it is. Used on
/// the JavaFX application thread.
final class Indexing {
  /// An archive that is being indexed.
  ///
  /// @param share from 0 to 1
  record Running(LibraryEntry entry, double share) {}

  private final Executor patient;
  private final Executor fxThread;
  private final Consumer<String> say;
  private final ReadOnlyObjectWrapper<Optional<Running>> running =
      new ReadOnlyObjectWrapper<>(this, "running", Optional.empty());
  private final AtomicLong asked = new AtomicLong();

  /// @param patient reads the archive; may be slow
  /// @param say tells somebody why it ended too early
  Indexing(Executor patient, Executor fxThread, Consumer<String> say) {
    this.patient = patient;
    this.fxThread = fxThread;
    this.say = say;
  }

  /// What is being indexed now.
  ReadOnlyObjectProperty<Optional<Running>> runningProperty() {
    return running.getReadOnlyProperty();
  }

  /// Indexes what is not indexed yet; another archive that is being indexed is left for later.
  ///
  /// @param then runs on the JavaFX application thread once the index is complete
  void start(LibraryEntry entry, EvidenceArchive archive, Runnable then) {
    if (archive.isIndexed()) {
      then.run();
      return;
    }
    long ask = asked.incrementAndGet();
    running.set(Optional.of(new Running(entry, 0)));
    patient.execute(() -> {
      String why = "";
      boolean complete = false;
      long[] told = {0};
      try {
        archive.index((done, total) -> {
          long percent = total == 0 ? 100 : done * 100 / total;
          if (percent > told[0]) {
            told[0] = percent;
            fxThread.execute(() -> tell(ask, new Running(entry, percent / 100.0)));
          }
          return asked.get() == ask;
        });
        complete = asked.get() == ask; // else its rows are made when they are asked for
      } catch (IOException | RuntimeException e) {
        why = entry.name() + " cannot be indexed: " + e.getMessage();
      }
      String ended = why;
      boolean all = complete;
      fxThread.execute(() -> {
        if (asked.get() != ask) {
          return;
        }
        running.set(Optional.empty());
        if (!ended.isEmpty()) {
          say.accept(ended);
        }
        if (all) {
          then.run();
        }
      });
    });
  }

  private void tell(long ask, Running now) {
    if (asked.get() == ask) {
      running.set(Optional.of(now));
    }
  }

  /// Stops; what was indexed so far stays, and the next time goes on from there.
  void stop() {
    asked.incrementAndGet();
    running.set(Optional.empty());
  }
}
