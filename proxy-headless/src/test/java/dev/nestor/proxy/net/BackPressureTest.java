package dev.nestor.proxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.testservers.PostgresServer;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A peer that does not read costs the gateway no memory.
class BackPressureTest {
  private static final long BYTES_MAX = 64 << 20;

  @Test
  void aStoppedReaderOfALargeResultAndAStoppedCopyGrowNothing(@TempDir Path archive)
      throws Exception {
    try (PostgresServer server = PostgresServer.start(PostgresServer.Access.TRUST);
        TestGateway gateway = new TestGateway(server, archive);
        RawClient reader = new RawClient(gateway.port());
        RawClient writer = new RawClient(gateway.port())) {
      reader.start("alice", gateway.token());
      writer.start("alice", gateway.token());
      long before = used();

      // 2 GB of rows, of which the client reads nothing for a while
      reader.out.write(Frontend.query("select repeat('x', 10000) from generate_series(1, 200000)"));
      // copy data behind a lock that is not granted: the server reads nothing
      server.run("postgres", "create table locked (a text)");
      try (RawClient holder = new RawClient(gateway.port())) {
        holder.start("alice", gateway.token());
        holder.out.write(Frontend.query("begin; lock table locked"));
        holder.until('Z', 1);
        writer.out.write(Frontend.query("copy locked from stdin"));
        Thread flood = Thread.ofVirtual().start(() -> flood(writer));
        Thread.sleep(3000); // what would pile up has the time to
        long grown = used() - before;

        assertThat(grown).isLessThan(BYTES_MAX);
        flood.interrupt();
      }
      List<RawClient.Message> first = reader.until('D', 100);
      assertThat(first).hasSize(101); // and whoever reads again gets what comes next
    }
  }

  private static void flood(RawClient writer) {
    byte[] line = Frontend.copyData("y".repeat(8191) + "\n");
    try {
      for (int i = 0; i < 30_000; i++) {
        writer.out.write(line);
      }
    } catch (java.io.IOException e) {
      // the test is over
    }
  }

  private static long used() {
    return Math.max(
        PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory(),
        PlatformDependent.usedDirectMemory());
  }
}
