package dev.nestor.proxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.testservers.PostgresServer;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The first bytes of a connection, well-meant and not.
class StartUpTest {
  private static final int GSSENC = 80877104;
  private static final int SSL = 80877103;
  @TempDir static Path archive;
  private static PostgresServer server;
  private static TestGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start(PostgresServer.Access.TRUST);
    gateway = new TestGateway(server, archive);
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    server.close();
  }

  private static byte[] request(int code) {
    return ByteBuffer.allocate(8).putInt(8).putInt(code).array();
  }

  private static Map<String, String> parameters(String... more) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("user", "alice");
    parameters.put("database", "postgres");
    for (int i = 0; i < more.length; i += 2) {
      parameters.put(more[i], more[i + 1]);
    }
    return parameters;
  }

  @Test
  void encryptionThatIsNotOfferedIsRefusedByOneByteAndTheClientMayGoOn() throws Exception {
    try (RawClient client = new RawClient(gateway.port())) {
      client.out.write(request(GSSENC));
      assertThat(client.in.read()).isEqualTo('N');
      client.out.write(request(SSL));
      assertThat(client.in.read()).isEqualTo('N');

      client.start("alice", gateway.token());

      assertThat(client.pid).isPositive();
    }
  }

  @Test
  void dataBehindAnEncryptionRequestIsNeverRead() throws Exception {
    for (int code : new int[] {GSSENC, SSL}) {
      try (RawClient client = new RawClient(gateway.port())) {
        client.out.write(
            Frontend.all(request(code), Packets.startup(Packets.PROTOCOL_3_0, parameters())));

        List<RawClient.Message> seen = client.until('.', 1);
        assertThat(seen.getFirst().toString()).contains("08P01");
      }
    }
  }

  @Test
  void aNewerMinorVersionAndUnknownOptionsAreNegotiatedDown() throws Exception {
    try (RawClient client = new RawClient(gateway.port())) {
      client.out.write(
          Packets.startup(3 << 16 | 9, parameters("_pq_.something", "on", "_pq_.another", "off")));

      RawClient.Message negotiate = client.read();

      assertThat(negotiate.type()).isEqualTo('v');
      ByteBuffer body = ByteBuffer.wrap(negotiate.body());
      assertThat(body.getInt()).isEqualTo(Packets.PROTOCOL_3_2);
      assertThat(body.getInt()).isEqualTo(2);
      assertThat(negotiate.toString()).contains("5f70715f2e736f6d657468696e67");
      assertThat(client.read().type()).isEqualTo('R');
    }
  }

  @Test
  void protocol32GetsALongCancelKey() throws Exception {
    try (RawClient client = new RawClient(gateway.port())) {
      client.out.write(Packets.startup(Packets.PROTOCOL_3_2, parameters()));
      assertThat(client.read().type()).isEqualTo('R');
      client.out.write(Frontend.password(gateway.token()));

      List<RawClient.Message> seen = client.until('Z', 1);

      byte[] key =
          seen.stream().filter(message -> message.type() == 'K').findFirst().orElseThrow().body();
      assertThat(key).hasSize(4 + 32);
    }
  }

  @Test
  void anotherMajorVersionIsRefused() throws Exception {
    try (RawClient client = new RawClient(gateway.port())) {
      client.out.write(Packets.startup(2 << 16, parameters()));

      assertThat(client.until('.', 1).getFirst().toString()).contains("not supported");
    }
  }

  @Test
  void startUpParametersAreAnAllowListAndTheRefusedOneIsNamed() throws Exception {
    Map<String, String> refused = new LinkedHashMap<>();
    refused.put("search_path", "evil");
    refused.put("session_authorization", "postgres");
    refused.put("role", "postgres");
    refused.put("replication", "database");
    refused.put("client_encoding", "SJIS");
    refused.put("options", "-c search_path=evil");
    for (Map.Entry<String, String> parameter : refused.entrySet()) {
      try (RawClient client = new RawClient(gateway.port())) {
        client.out.write(
            Packets.startup(
                Packets.PROTOCOL_3_0, parameters(parameter.getKey(), parameter.getValue())));

        String error = client.until('.', 1).getFirst().toString();
        assertThat(error).as(parameter.getKey()).contains("C28000").contains("here");
      }
    }
  }

  @Test
  void aStartUpPacketOfTheWrongLengthIsRefused() throws Exception {
    for (int length : new int[] {-1, 0, 7, 10_001, Integer.MAX_VALUE}) {
      try (RawClient client = new RawClient(gateway.port())) {
        client.out.write(
            ByteBuffer.allocate(8).putInt(length).putInt(Packets.PROTOCOL_3_0).array());

        assertThat(client.until('.', 1).getFirst().toString()).as("%d", length).contains("08P01");
      }
    }
  }

  @Test
  void aCancelWithTheWrongSecretClosesWithoutAWordAndCancelsNothing() throws Exception {
    try (RawClient victim = new RawClient(gateway.port());
        RawClient attacker = new RawClient(gateway.port())) {
      victim.start("alice", gateway.token());
      victim.out.write(Frontend.query("select pg_sleep(0.5), 'done'"));
      byte[] wrong = victim.secret.clone();
      wrong[0] ^= 1;
      attacker.out.write(Packets.cancelRequest(victim.pid, wrong));

      assertThat(attacker.in.read()).isEqualTo(-1);
      assertThat(victim.until('Z', 1).toString()).contains("646f6e65"); // done
    }
  }

  @Test
  void aCancelWithTheRightSecretEndsTheStatement() throws Exception {
    try (RawClient client = new RawClient(gateway.port());
        RawClient canceller = new RawClient(gateway.port())) {
      client.start("alice", gateway.token());
      client.out.write(Frontend.query("select pg_sleep(30)"));
      Thread.sleep(200); // the statement must run before it can be cancelled
      canceller.out.write(Packets.cancelRequest(client.pid, client.secret));

      assertThat(client.until('Z', 1).toString()).contains("C57014");
      assertThat(canceller.in.read()).isEqualTo(-1);
    }
  }
}
