package dev.nestor.review.credential;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Findings that somebody put aside: with a reason, for a time. A log of lines of JSON in the
/// user's configuration folder, only ever appended to; never beside evidence.
public final class Dismissals {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long BYTES_MAX = 16L << 20;

  private final Path file;
  private final Clock clock;
  private final Map<String, Instant> until = new HashMap<>();

  /// Reads what was put aside; lines that cannot be read are passed over.
  public Dismissals(Path folder, Clock clock) {
    this.file = folder.resolve("dismissed.jsonl");
    this.clock = clock;
    try {
      if (Files.isRegularFile(file) && Files.size(file) <= BYTES_MAX) {
        for (String line : Files.readAllLines(file)) {
          take(line);
        }
      }
    } catch (IOException e) {
      // then nothing is put aside: a finding too many is better than one too few
    }
  }

  private void take(String line) {
    try {
      JsonNode node = JSON.readTree(line);
      until.put(node.path("finding").asText(), Instant.parse(node.path("until").asText()));
    } catch (IOException | RuntimeException e) {
      // a line that was cut by a crash
    }
  }

  /// Whether a finding is put aside now.
  public boolean has(String finding) {
    Instant end = until.get(finding);
    return end != null && clock.instant().isBefore(end);
  }

  /// Puts a finding aside.
  public void add(String finding, String reason, int days) {
    Instant end = clock.instant().plus(Duration.ofDays(days));
    until.put(finding, end);
    String line =
        JSON.createObjectNode()
            .put("finding", finding)
            .put("reason", reason)
            .put("by", System.getProperty("user.name", ""))
            .put("at", clock.instant().toString())
            .put("until", end.toString())
            .toString();
    try {
      Path folder = file.toAbsolutePath().getParent();
      Files.createDirectories(folder);
      Files.write(file, List.of(line), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      System.err.println("nestor open: the dismissal was not saved: " + e.getMessage());
    }
  }
}
