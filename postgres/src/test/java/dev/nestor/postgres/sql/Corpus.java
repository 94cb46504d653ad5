package dev.nestor.postgres.sql;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/// Statements outside of the project, in a folder that the property `nestor.sql.corpus` names:
/// `pg18.jsonl.gz`, `pg18.oracle18.jsonl.gz`, `realv.jsonl.gz`.
final class Corpus {
  record Entry(String id, String sql) {}

  private Corpus() {}

  static Optional<Path> folder() {
    return Optional.ofNullable(System.getProperty("nestor.sql.corpus")).map(Path::of);
  }

  static List<Entry> statements(Path file) {
    List<Entry> entries = new ArrayList<>();
    for (String line : lines(file)) {
      entries.add(new Entry(field(line, "id"), field(line, "sql")));
    }
    return entries;
  }

  /// What a server said of a statement, by its id.
  static Map<String, Boolean> verdicts(Path file) {
    Map<String, Boolean> verdicts = new HashMap<>();
    for (String line : lines(file)) {
      verdicts.put(field(line, "id"), field(line, "v").equals("ok"));
    }
    return verdicts;
  }

  private static List<String> lines(Path file) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A field of a flat JSON object; enough for these files.
  static String field(String json, String name) {
    String key = "\"" + name + "\":";
    int from = json.indexOf(key) + key.length();
    while (json.charAt(from) == ' ') {
      from++;
    }
    if (json.charAt(from) != '"') {
      int to = from;
      while (",}".indexOf(json.charAt(to)) < 0) {
        to++;
      }
      return json.substring(from, to).trim();
    }
    StringBuilder out = new StringBuilder();
    for (int i = from + 1; json.charAt(i) != '"'; i++) {
      char c = json.charAt(i);
      if (c != '\\') {
        out.append(c);
        continue;
      }
      char next = json.charAt(++i);
      switch (next) {
        case 'n' -> out.append('\n');
        case 't' -> out.append('\t');
        case 'r' -> out.append('\r');
        case 'b' -> out.append('\b');
        case 'f' -> out.append('\f');
        case 'u' -> {
          out.append((char) Integer.parseInt(json.substring(i + 1, i + 5), 16));
          i += 4;
        }
        default -> out.append(next);
      }
    }
    return out.toString();
  }
}
