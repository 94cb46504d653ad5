package dev.nestor.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.recorder.event.RecordedEvent.CredentialStep;
import dev.nestor.testservers.PostgresServer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What falls with its parent falls where the policy is enforced. In dry-run it is written down.
class RehearsedRevocationTest {
  private static final String POLICY =
      """
      policy: rehearsal
      state: STATE
      default: block
      rules:
        - { id: nothing, what: { verb: [select], relation: none }, then: allow }
        - { id: driver, what: { verb: [set], setting: [application_name, extra_float_digits] }, then: allow }
      """;

  @TempDir Path folder;

  private record Seen(JsonNode answer, boolean childGoesOn, List<RecordedEvent> events) {}

  /// Revokes a root while sessions of it and of its child are open.
  private Seen revoked(String state) throws Exception {
    try (PostgresServer server = PostgresServer.start(PostgresServer.Access.TRUST);
        RunningGateway gateway =
            new RunningGateway(server, folder, POLICY.replace("STATE", state), "")) {
      String root = gateway.token(RunningGateway.AGENT);
      HttpResponse<String> exchanged =
          gateway.form("/token", RunningGateway.exchange(root, "&name=planner"));
      String child = RunningGateway.json(exchanged).path("access_token").asText();
      String administrator = gateway.token(RunningGateway.ADMINISTRATOR);
      JsonNode answer;
      boolean goesOn;
      try (Connection ofRoot = gateway.connect("agent", root);
          Connection ofChild = gateway.connect("planner", child)) {
        String id = parent(gateway, administrator);
        answer =
            RunningGateway.json(
                gateway.post(
                    "/v1/credentials/" + id + "/revoke", administrator, "{\"reason\":\"left\"}"));

        assertThatThrownBy(() -> ofRoot.createStatement().execute("select 1"))
            .as("what is named itself is always cut")
            .isInstanceOf(SQLException.class);
        goesOn =
            catchThrowableOfType(
                    SQLException.class, () -> ofChild.createStatement().execute("select 2"))
                == null;
        assertThatThrownBy(() -> gateway.connect("planner", child))
            .as("no log-in is let in")
            .hasMessageContaining("access was refused");
      }
      gateway.gateway.close();
      return new Seen(answer, goesOn, gateway.events());
    }
  }

  private static String parent(RunningGateway gateway, String administrator) throws Exception {
    for (JsonNode each : gateway.get("/v1/credentials", administrator).path("credentials")) {
      if (each.path("name").asText().equals("planner")) {
        return each.path("parent").asText();
      }
    }
    throw new AssertionError("the child is not listed");
  }

  @Test
  void inDryRunTheChildLivesOnAndTheRecordSaysThatItsParentEnded() throws Exception {
    Seen seen = revoked("dry-run");

    assertThat(seen.answer().path("sessionsEnded").asInt()).isEqualTo(1);
    assertThat(seen.answer().path("sessionsRehearsed").asInt()).isEqualTo(1);
    assertThat(seen.childGoesOn()).isTrue();
    assertThat(seen.events())
        .filteredOn(RecordedEvent.CredentialChange.class::isInstance)
        .map(RecordedEvent.CredentialChange.class::cast)
        .filteredOn(change -> change.step() == CredentialStep.PARENT_ENDED)
        .singleElement()
        .satisfies(change -> assertThat(change.sessionsEnded()).isZero());
  }

  @Test
  void enforcedItEndsWithItsParent() throws Exception {
    Seen seen = revoked("active");

    assertThat(seen.answer().path("sessionsEnded").asInt()).isEqualTo(2);
    assertThat(seen.answer().path("sessionsRehearsed").asInt()).isZero();
    assertThat(seen.childGoesOn()).isFalse();
  }
}
