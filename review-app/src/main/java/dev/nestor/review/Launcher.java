package dev.nestor.review;

import java.util.Arrays;
import java.util.logging.Logger;
import picocli.CommandLine;

/// Starts the workstation. No JavaFX application class, so that it runs on the class path.
public final class Launcher {
  /// Held, since the logging library would let go of it and of its filter.
  private static final Logger JAVAFX = Logger.getLogger("javafx");

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
    // On the class path JavaFX warns that it is there, and works.
    JAVAFX.setFilter(
        message -> !String.valueOf(message.getMessage()).startsWith("Unsupported JavaFX"));
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
