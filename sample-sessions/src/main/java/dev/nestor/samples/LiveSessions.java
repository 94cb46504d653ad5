package dev.nestor.samples;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nestor.cli.control.ControlClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Finds a session by the control API.
final class LiveSessions {
  private LiveSessions() {}

  /// @param connection `--control URL --ca FILE --token-file FILE`
  /// @return number of the session; 0 if there is none
  static long find(List<String> connection, String name) throws IOException {
    try (ControlClient client =
        ControlClient.of(
            URI.create(connection.get(1)),
            Optional.of(Path.of(connection.get(3))),
            Files.readString(Path.of(connection.get(5))))) {
      for (JsonNode session : client.sessions().path("sessions")) {
        if (session.path("name").asText().equals(name)) {
          return session.path("session").asLong();
        }
      }
    }
    return 0;
  }

  static String[] arguments(List<String> connection, String... command) {
    return Stream.concat(Stream.of(command), connection.stream()).toArray(String[]::new);
  }
}
