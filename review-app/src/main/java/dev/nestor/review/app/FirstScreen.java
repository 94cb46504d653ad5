package dev.nestor.review.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import javafx.animation.AnimationTimer;

/// Tells a waiting benchmark when the first screen stood: writes two times of the machine's clock,
/// `window` and `screen`, in microseconds since 1970, into the file that the system property
/// `nestor.first-screen` names. Without the property nothing happens.
///
/// A time is taken two pulses after the state that it is about: JavaFX paints at the end of a
/// pulse, so by then the state was on the screen.
final class FirstScreen {
  private static final int PULSES = 2;

  private FirstScreen() {}

  /// @param complete whether everything that the first screen shows has been read
  static void tell(BooleanSupplier complete) {
    String file = System.getProperty("nestor.first-screen", "");
    if (file.isEmpty()) {
      return;
    }
    new AnimationTimer() {
      private int pulses;
      private int since = -1;
      private long window;

      @Override
      public void handle(long now) {
        pulses++;
        if (pulses == PULSES) {
          window = micros();
        }
        if (since < 0 && complete.getAsBoolean()) {
          since = pulses;
        }
        if (since >= 0 && pulses >= Math.max(since + PULSES, PULSES)) {
          stop();
          write(Path.of(file), "window %d%nscreen %d%n".formatted(window, micros()));
        }
      }
    }.start();
  }

  private static long micros() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
  }

  private static void write(Path file, String text) {
    try {
      Path fresh = file.resolveSibling(file.getFileName() + ".part");
      Files.writeString(fresh, text);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      System.err.println("nestor open: the first screen's time was not written: " + e.getMessage());
    }
  }
}
