package dev.nestor.review;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SingleInstanceTest {
  @Test
  void aSecondStartHandsItsFilesToTheFirst() throws Exception {
    Path folder = Files.createTempDirectory("one");
    LinkedBlockingQueue<List<Path>> opened = new LinkedBlockingQueue<>();
    assertThat(SingleInstance.handOver(folder, List.of())).isFalse();

    SingleInstance first = SingleInstance.listen(folder, opened::add);
    try (first) {
      assertThat(SingleInstance.handOver(folder, List.of(Path.of("a.pgrec")))).isTrue();
      assertThat(opened.poll(20, TimeUnit.SECONDS))
          .containsExactly(Path.of("a.pgrec").toAbsolutePath());
    }
    assertThat(SingleInstance.handOver(folder, List.of())).isFalse();
  }

  @Test
  void aSocketLeftBehindIsTakenOver() throws Exception {
    Path folder = Files.createTempDirectory("two");
    Files.writeString(folder.resolve("workstation.sock"), "");

    assertThat(SingleInstance.handOver(folder, List.of())).isFalse();
    SingleInstance first = SingleInstance.listen(folder, _ -> {});
    try (first) {
      assertThat(SingleInstance.handOver(folder, List.of())).isTrue();
    }
  }
}
