package dev.nestor.review;

import java.util.Arrays;
import picocli.CommandLine;

/// Starts the workstation. No JavaFX application class, so that it runs on the class path.
public final class Launcher {
  private Launcher() {}

  /// Runs `nestor open` and exits with its code.
  public static void main(String[] arguments) {
    if (Arrays.stream(arguments)
        .anyMatch(each -> each.equals("--tour") || each.startsWith("--tour="))) {
      // A tour needs no display: JavaFX's own headless platform draws, in software.
      setIfAbsent("glass.platform", "Headless");
      setIfAbsent("prism.order", "sw");
      setIfAbsent("java.awt.headless", "true");
    }
    CommandLine line = new CommandLine(new OpenCommand());
    line.setExecutionExceptionHandler((e, _, _) -> {
      System.err.println("nestor open: " + e.getMessage());
      return 1;
    });
    System.exit(line.execute(arguments));
  }

  private static void setIfAbsent(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
