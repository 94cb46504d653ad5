package dev.nestor.samples;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nestor.evidence.archive.ReplayRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// What the server itself wrote down, in its JSON log: a witness that knows nothing of the gateway.
final class ServerLog {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// Name of the application that goes past the gateway.
  static final String PAST_THE_GATEWAY = "forgotten-script";

  private final Path file;

  /// The gateway's own connections, and the client that goes past it.
  private static final Set<String> NOT_OURS = Set.of("nestor-catalog", PAST_THE_GATEWAY);

  ServerLog(Path file) {
    this.file = file;
  }

  /// How long the log is now; a story's part begins here.
  long mark() throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }

  /// Counts of one part of the log, of the shared role alone and without the gateway's own catalog
  /// connection.
  ///
  /// @param statements that the server began to run
  /// @param raised errors that the gateway made it raise in place of a blocked statement
  /// @param errors all errors, those included
  record Counts(long statements, long raised, long errors) {}

  /// Whether the server's log must have a line for a recorded statement: it was forwarded, and got
  /// far enough to be parsed.
  static boolean ranOnServer(ReplayRow.Statement row) {
    return row.outcome() == ReplayRow.Outcome.COMPLETE;
  }

  Counts since(long mark, String role) throws IOException {
    long statements = 0;
    long raised = 0;
    long errors = 0;
    String text = Files.readString(file).substring((int) mark);
    List<String> lines = text.lines().toList();
    for (String line : lines) {
      JsonNode entry;
      try {
        entry = JSON.readTree(line);
      } catch (JsonProcessingException e) {
        continue; // the line that is being written
      }
      if (!entry.path("user").asText().equals(role)
          || NOT_OURS.contains(entry.path("application_name").asText())) {
        continue;
      }
      String message = entry.path("message").asText();
      if (message.startsWith("statement: ") || message.startsWith("execute ")) {
        statements++;
      }
      if (entry.path("error_severity").asText().equals("ERROR")) {
        errors++;
        if (message.contains("nestor-")) {
          raised++;
        }
      }
    }
    return new Counts(statements, raised, errors);
  }
}
