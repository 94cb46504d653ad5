package dev.nestor.review.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nestor.review.ui.Theme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What the workstation remembers about its user: theme and recent files. Kept in the user's
/// configuration folder, never beside evidence. A file that cannot be read counts as none.
public final class Preferences {
  private static final int RECENT_MAX = 15;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private Optional<Theme> theme = Optional.empty();
  private final List<Path> recent = new ArrayList<>();
  private boolean firstStart = true;

  private Preferences(Path file) {
    this.file = file;
  }

  /// Reads the preferences in a folder.
  public static Preferences in(Path folder) {
    Preferences preferences = new Preferences(folder.resolve("workstation.json"));
    preferences.read();
    return preferences;
  }

  /// The folder of this system: `XDG_CONFIG_HOME`, `APPDATA` or the library folder of macOS.
  public static Path folder() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    Path home = Path.of(System.getProperty("user.home", "."));
    String appData = System.getenv("APPDATA");
    if (system.contains("win") && appData != null) {
      return Path.of(appData, "Nestor");
    }
    if (system.contains("mac")) {
      return home.resolve("Library/Application Support/Nestor");
    }
    String xdg = System.getenv("XDG_CONFIG_HOME");
    return (xdg == null || xdg.isEmpty() ? home.resolve(".config") : Path.of(xdg))
        .resolve("nestor");
  }

  /// The folder that these are kept in; other things that people write go there too.
  Path folderOfFile() {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? file : parent;
  }

  private void read() {
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > 1 << 20) {
        return;
      }
      JsonNode root = JSON.readTree(file.toFile());
      firstStart = false;
      theme = Theme.of(root.path("theme").asText(""));
      for (JsonNode each : root.path("recent")) {
        if (recent.size() < RECENT_MAX) {
          recent.add(Path.of(each.asText()));
        }
      }
    } catch (IOException | RuntimeException e) {
      recent.clear(); // written anew at the next change
    }
  }

  private void write() {
    ObjectNode root = JSON.createObjectNode();
    theme.ifPresent(chosen -> root.put("theme", chosen.word()));
    var list = root.putArray("recent");
    recent.forEach(path -> list.add(path.toString()));
    try {
      Path folder = file.toAbsolutePath().getParent();
      Files.createDirectories(folder);
      Path fresh = Files.createTempFile(folder, "workstation", ".json");
      JSON.writerWithDefaultPrettyPrinter().writeValue(fresh.toFile(), root);
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      System.err.println("nestor open: preferences were not saved: " + e.getMessage());
    }
  }

  /// Whether nothing was ever remembered.
  public boolean isFirstStart() {
    return firstStart;
  }

  /// The theme chosen last; empty as long as the system's is followed.
  public Optional<Theme> theme() {
    return theme;
  }

  /// Remembers a theme.
  public void setTheme(Theme theme) {
    this.theme = Optional.of(theme);
    write();
  }

  /// Files opened last, the latest first; at most 15.
  public List<Path> recent() {
    return List.copyOf(recent);
  }

  /// Remembers that a file was opened.
  public void opened(Path path) {
    recent.remove(path);
    recent.addFirst(path);
    while (recent.size() > RECENT_MAX) {
      recent.removeLast();
    }
    write();
  }
}
