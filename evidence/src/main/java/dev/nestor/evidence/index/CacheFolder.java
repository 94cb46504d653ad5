package dev.nestor.evidence.index;

import java.nio.file.Path;
import java.util.Locale;

/// Where this user's programs keep what they can make again.
public final class CacheFolder {
  private CacheFolder() {}

  /// The folder of this system: `XDG_CACHE_HOME`, `LOCALAPPDATA` or the library folder of macOS. It
  /// need not exist yet.
  public static Path ofUser() {
    Path home = Path.of(System.getProperty("user.home", "."));
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    if (system.contains("win")) {
      String local = System.getenv("LOCALAPPDATA");
      return (local == null ? home.resolve("AppData").resolve("Local") : Path.of(local))
          .resolve("Nestor")
          .resolve("cache");
    }
    if (system.contains("mac")) {
      return home.resolve("Library").resolve("Caches").resolve("nestor");
    }
    String xdg = System.getenv("XDG_CACHE_HOME");
    return (xdg == null || xdg.isEmpty() ? home.resolve(".cache") : Path.of(xdg)).resolve("nestor");
  }
}
