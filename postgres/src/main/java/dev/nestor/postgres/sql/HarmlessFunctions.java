package dev.nestor.postgres.sql;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/// The published list of functions that run no code of a user's and reach no further than their
/// arguments and the catalog. Every other function counts as opaque until a rule names it.
public final class HarmlessFunctions {
  private static final String RESOURCE = "harmless-functions.txt";
  private static final Set<String> NAMES = load();

  private HarmlessFunctions() {}

  private static Set<String> load() {
    try (InputStream in = HarmlessFunctions.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("resource " + RESOURCE + " is missing");
      }
      Set<String> names = new TreeSet<>();
      new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
          .lines()
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .forEach(names::add);
      return Collections.unmodifiableSet(names);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Their names as `schema.name`, sorted.
  public static Set<String> names() {
    return NAMES;
  }

  /// Whether every function of this name is harmless.
  ///
  /// @param qualifiedName `schema.name`
  public static boolean contains(String qualifiedName) {
    return Lookup.NAMES.contains(qualifiedName);
  }

  /// Hashed, because every statement asks.
  private static final class Lookup {
    static final Set<String> NAMES = Set.copyOf(HarmlessFunctions.NAMES);
  }
}
