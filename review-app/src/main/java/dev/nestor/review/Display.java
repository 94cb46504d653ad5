package dev.nestor.review;

import java.util.Locale;

/// Whether a window can be opened here.
final class Display {
  private Display() {}

  static boolean isThere() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    if (system.contains("win") || system.contains("mac")) {
      return true;
    }
    return "Headless".equals(System.getProperty("glass.platform"))
        || isSet("DISPLAY")
        || isSet("WAYLAND_DISPLAY");
  }

  private static boolean isSet(String variable) {
    String value = System.getenv(variable);
    return value != null && !value.isEmpty();
  }
}
