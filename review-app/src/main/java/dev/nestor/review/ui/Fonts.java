package dev.nestor.review.ui;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import javafx.scene.text.Font;

/// Inter and JetBrains Mono, bundled, so that every machine shows the same.
public final class Fonts {
  private static final String[] FILES = {
    "inter/Inter-Regular.otf",
    "inter/Inter-Italic.otf",
    "inter/Inter-SemiBold.otf",
    "inter/Inter-Bold.otf",
    "jetbrains_mono/JetBrainsMono-Regular.ttf",
    "jetbrains_mono/JetBrainsMono-Bold.ttf"
  };

  private Fonts() {}

  /// Makes the families known to JavaFX. Once is enough, more does no harm.
  public static void load() {
    for (String file : FILES) {
      try (InputStream in = Fonts.class.getResourceAsStream("/com/formdev/flatlaf/fonts/" + file)) {
        if (in == null || Font.loadFont(in, 13) == null) {
          throw new IllegalStateException("font " + file + " is not on the class path");
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
