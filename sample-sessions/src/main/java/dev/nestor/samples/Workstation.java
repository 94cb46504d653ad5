package dev.nestor.samples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Opens the workstation as a person would: by the launcher.
final class Workstation {
  private Workstation() {}

  static boolean hasDisplay() {
    String system = System.getProperty("os.name", "");
    return system.startsWith("Windows")
        || system.startsWith("Mac")
        || System.getenv("DISPLAY") != null
        || System.getenv("WAYLAND_DISPLAY") != null;
  }

  static void open(Path folder) {
    if (!hasDisplay()) {
      return; // the last lines say how to
    }
    boolean windows = System.getProperty("os.name", "").startsWith("Windows");
    Path launcher =
        Path.of(System.getProperty("nestor.root", "."), windows ? "nestor.cmd" : "nestor");
    if (!Files.isExecutable(launcher)) {
      System.err.println("nestor: open the recordings with: nestor open " + folder);
      return;
    }
    try {
      new ProcessBuilder(List.of(launcher.toString(), "open", folder.toAbsolutePath().toString()))
          .inheritIO()
          .start()
          .waitFor();
    } catch (IOException e) {
      System.err.println("nestor: the workstation cannot be started: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
