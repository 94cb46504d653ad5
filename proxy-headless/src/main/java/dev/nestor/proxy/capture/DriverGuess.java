package dev.nestor.proxy.capture;

import java.util.List;
import java.util.Locale;

/// Which client program it probably is, from what it says at start-up. A guess, never a proof.
final class DriverGuess {
  private static final List<String> PROGRAMS =
      List.of("psql", "pg_dump", "pg_restore", "pgbench", "dbeaver", "datagrip", "pgadmin");

  private DriverGuess() {}

  static String of(String applicationName, List<String> parameters) {
    String name = applicationName.toLowerCase(Locale.ROOT);
    for (String program : PROGRAMS) {
      if (name.startsWith(program)) {
        return program;
      }
    }
    if (name.startsWith("postgresql jdbc") || parameters.contains("extra_float_digits")) {
      return "pgjdbc";
    }
    return "";
  }
}
