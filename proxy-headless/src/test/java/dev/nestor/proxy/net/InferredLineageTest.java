package dev.nestor.proxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Frame;
import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.testservers.PostgresServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A second client on one credential becomes a finding that names both sessions, and never a
/// credential.
class InferredLineageTest {
  private static PostgresServer server;

  @TempDir Path archive;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start(PostgresServer.Access.TRUST);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /// @param session in which it stands
  private record Found(long session, RecordedEvent.Finding finding) {}

  private List<Found> found() throws IOException {
    List<Found> found = new ArrayList<>();
    try (Archive recorded = Archive.open(archive);
        var frames = recorded.events(1)) {
      for (Frame frame : frames.toList()) {
        if (frame.event().orElseThrow() instanceof RecordedEvent.Finding finding) {
          found.add(new Found(frame.meta().session(), finding));
        }
      }
    }
    return found;
  }

  private List<RecordedEvent> events() throws IOException {
    try (Archive recorded = Archive.open(archive);
        var frames = recorded.events(1)) {
      return frames.map(frame -> frame.event().orElseThrow()).toList();
    }
  }

  private static Connection connect(TestGateway gateway, String token, String application)
      throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "alice");
    properties.setProperty("password", token);
    properties.setProperty("sslmode", "disable");
    properties.setProperty("ApplicationName", application);
    properties.setProperty("assumeMinServerVersion", "14"); // the name goes with the start-up
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + gateway.port() + "/postgres", properties);
  }

  private static RawClient raw(TestGateway gateway, String token, String from) throws IOException {
    RawClient client =
        new RawClient(new Socket("127.0.0.1", gateway.port(), InetAddress.getByName(from), 0));
    client.start("alice", token);
    return client;
  }

  private static void allGone(TestGateway gateway) throws InterruptedException {
    while (!gateway.gateway.registry().all().isEmpty()) {
      Thread.sleep(5);
    }
  }

  @Test
  void anotherApplicationBesideALiveSessionIsAnInferredChild() throws Exception {
    try (TestGateway gateway = new TestGateway(server, archive)) {
      String token = gateway.token();
      try (Connection planner = connect(gateway, token, "planner");
          Connection worker = connect(gateway, token, "worker");
          Connection again = connect(gateway, token, "worker")) {
        assertThat(planner.isValid(5) && worker.isValid(5) && again.isValid(5)).isTrue();
      }
    }

    assertThat(found()).hasSize(1);
    RecordedEvent.Finding finding = found().getFirst().finding();
    assertThat(finding.rule()).isEqualTo("inferred-child");
    assertThat(finding.severity()).isEqualTo("low");
    assertThat(finding.applicationName()).isEqualTo("worker");
    assertThat(found().getFirst().session()).isEqualTo(2);
    assertThat(finding.besideSession()).isEqualTo(1);
    List<RecordedEvent.Credential> credentials =
        events().stream()
            .filter(RecordedEvent.Credential.class::isInstance)
            .map(RecordedEvent.Credential.class::cast)
            .toList();
    assertThat(credentials)
        .isNotEmpty()
        .allMatch(each -> each.no() == finding.credential())
        .allMatch(each -> each.lineage() == RecordedEvent.Lineage.VERIFIED);
  }

  @Test
  void theSameClientManyTimesIsNone() throws Exception {
    try (TestGateway gateway = new TestGateway(server, archive)) {
      String token = gateway.token();
      for (int round = 0; round < 3; round++) {
        try (Connection one = connect(gateway, token, "pool");
            Connection two = connect(gateway, token, "pool")) {
          assertThat(one.isValid(5) && two.isValid(5)).isTrue();
        }
      }
    }
    assertThat(found()).isEmpty();
  }

  @Test
  void anotherApplicationAfterTheFirstHasLeftIsNone() throws Exception {
    try (TestGateway gateway = new TestGateway(server, archive)) {
      String token = gateway.token();
      for (String application : List.of("morning", "noon", "evening")) {
        connect(gateway, token, application).close();
        allGone(gateway);
      }
    }
    assertThat(found()).isEmpty();
  }

  @Test
  void anotherHostIsOneAlsoAfterTheFirstHasLeft() throws Exception {
    try (TestGateway gateway = new TestGateway(server, archive)) {
      String token = gateway.token();
      for (String from : List.of("127.0.0.1", "127.0.0.2", "127.0.0.1", "127.0.0.2")) {
        raw(gateway, token, from).close();
        allGone(gateway);
      }
    }
    assertThat(found()).hasSize(1);
    assertThat(found().getFirst().finding().severity()).isEqualTo("medium");
    assertThat(found().getFirst().session()).isEqualTo(2);
    assertThat(found().getFirst().finding().besideSession()).isEqualTo(1);
  }

  @Test
  void anotherDriverBesideALiveSessionIsOne() throws Exception {
    try (TestGateway gateway = new TestGateway(server, archive)) {
      String token = gateway.token();
      try (Connection driver = connect(gateway, token, "");
          RawClient bare = raw(gateway, token, "127.0.0.1")) {
        assertThat(driver.isValid(5)).isTrue();
        assertThat(bare.pid).isNotZero();
      }
    }
    assertThat(found()).hasSize(1);
  }

  @Test
  void anotherCredentialOfTheSamePersonIsNone() throws Exception {
    try (TestGateway gateway = new TestGateway(server, archive)) {
      try (Connection one = connect(gateway, gateway.token(), "planner");
          Connection two = connect(gateway, gateway.token(), "worker")) {
        assertThat(one.isValid(5) && two.isValid(5)).isTrue();
      }
    }
    assertThat(found()).isEmpty();
  }
}
