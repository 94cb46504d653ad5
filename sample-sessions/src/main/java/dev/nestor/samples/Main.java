package dev.nestor.samples;

import picocli.CommandLine;

/// Entry of `nestor demo`.
public final class Main {
  private Main() {}

  /// Runs the demo and exits with its code.
  public static void main(String[] arguments) {
    // the libraries of the demo's own servers have nothing to say to its reader
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
    System.exit(new CommandLine(new DemoCommand()).execute(arguments));
  }
}
