package dev.nestor.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nestor.testservers.DemoIssuer;
import dev.nestor.testservers.PostgresServer;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The stream of events tells each reader of sessions and credentials what the lists would show.
class EventStreamTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String POLICY =
      """
      policy: open
      state: active
      rules:
        - { id: all, what: { verb: any, status: any }, then: allow }
      """;

  /// @param type `session` or `credential`
  private record Told(String type, JsonNode document) {}

  /// Reads a stream until the gateway closes it.
  private static List<Told> listen(RunningGateway gateway, DemoIssuer.Identity reader, String token)
      throws Exception {
    List<Told> told = new CopyOnWriteArrayList<>();
    List<String> types = new CopyOnWriteArrayList<>();
    var lines =
        gateway.lines(
            HttpRequest.newBuilder(gateway.control("/v1/events"))
                .header("Authorization", "Bearer " + token));
    Thread.ofVirtual()
        .name("reader " + reader.name())
        .start(() -> {
          try (lines) {
            lines.forEach(line -> {
              if (line.startsWith("event: ")) {
                types.add(line.substring("event: ".length()));
              } else if (line.startsWith("data: ")) {
                try {
                  told.add(
                      new Told(types.getLast(), JSON.readTree(line.substring("data: ".length()))));
                } catch (java.io.IOException e) {
                  throw new AssertionError("no JSON: " + line, e);
                }
              }
            });
          } catch (java.io.UncheckedIOException e) {
            // the gateway has stopped
          }
        });
    return told;
  }

  private static List<String> of(List<Told> told, String type, String name, String field) {
    return told.stream()
        .filter(each -> each.type().equals(type))
        .map(Told::document)
        .filter(document -> document.path("name").asText().equals(name))
        .map(document -> document.path(field).asText())
        .toList();
  }

  @Test
  void sessionsAreForOperatorsAndCredentialsForThemAndThoseTheyCameFrom(@TempDir Path folder)
      throws Exception {
    try (PostgresServer server = PostgresServer.start(PostgresServer.Access.TRUST);
        RunningGateway gateway = new RunningGateway(server, folder, POLICY, "")) {
      String parent = gateway.token(RunningGateway.AGENT);
      DemoIssuer.Identity stranger =
          new DemoIssuer.Identity("stranger", "human", List.of("support"), "");
      List<Told> operator =
          listen(
              gateway, RunningGateway.ADMINISTRATOR, gateway.token(RunningGateway.ADMINISTRATOR));
      List<Told> agent = listen(gateway, RunningGateway.AGENT, parent);
      List<Told> other = listen(gateway, stranger, gateway.token(stranger));

      String child =
          RunningGateway.json(
                  gateway.form("/token", RunningGateway.exchange(parent, "&name=helper")))
              .path("access_token")
              .asText();
      try (Connection helper = gateway.connect("helper", child)) {
        assertThat(helper.isValid(5)).isTrue();
        RunningGateway.eventually(
            () -> of(operator, "session", "helper", "event").equals(List.of("begun")));
        String id = of(operator, "credential", "helper", "credential").getFirst();
        gateway.post("/v1/credentials/" + id + "/revoke", parent, "{}");
        RunningGateway.eventually(() ->
            of(operator, "session", "helper", "event").equals(List.of("begun", "ended"))
                && of(operator, "credential", "helper", "state").size() == 2
                && of(agent, "credential", "helper", "state").size() == 2);
      }

      assertThat(of(operator, "credential", "helper", "state")).containsExactly("live", "revoked");
      assertThat(of(agent, "credential", "helper", "state")).containsExactly("live", "revoked");
      assertThat(agent).as("the agent is no operator").noneMatch(e -> e.type().equals("session"));
      assertThat(other).isEmpty();
    }
  }
}
